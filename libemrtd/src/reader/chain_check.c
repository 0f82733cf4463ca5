#include "reader/pa_steps.h"

#include "core/diag.h"

static void
find_csca(struct emrtd_pa *pa)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	if (!pa->has_signer)
		return;
	emrtd_diag_init(&diag);
	if (pa->trust == NULL) {
		e = emrtd_fail(&diag, EMRTD_E_NO_ANCHOR,
		    "no trust store was given", "Doc 9303-12 6.1");
		emrtd_diag_detail(&diag, "wanted: ");
		emrtd_diag_detail(&diag, pa->result->signer.issuer);
	} else {
		e = emrtd_chain_find(pa->trust, pa->ctx->crypto, &pa->signer,
		    pa->result->at, &diag, &pa->chain);
	}
	emrtd_pa_decide(pa, EMRTD_CHECK_PA_CHAIN, e, &diag);
	if (e != EMRTD_OK)
		return;
	pa->csca = pa->chain.path[pa->chain.n - 1];
	emrtd_pa_copy_certificate(pa, pa->csca, &pa->result->csca);
}

/* Whoever trusts a test certificate is told so, whether it was used or not. */
static void
check_test_trust(struct emrtd_pa *pa)
{
	const struct emrtd_certificate *c;

	for (size_t i = 0;
	     pa->trust != NULL && (c = emrtd_trust_at(pa->trust, i)) != NULL;
	     i++)
		pa->result->test_trust |= c->is_test;
}

static void
check_dates(struct emrtd_pa *pa, enum emrtd_check_id id,
    const struct emrtd_certificate *certificate)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	if (certificate == NULL) {
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "the certificate is not known");
		return;
	}
	e = emrtd_certificate_check_dates(certificate, pa->result->at, &diag);
	emrtd_pa_decide(pa, id, e, &diag);
}

void
emrtd_pa_check_chain(struct emrtd_pa *pa)
{
	check_test_trust(pa);
	find_csca(pa);
	if (!pa->has_signer)
		return;
	check_dates(pa, EMRTD_CHECK_PA_DS_VALIDITY, &pa->signer);
	check_dates(pa, EMRTD_CHECK_PA_CSCA_VALIDITY, pa->csca);
}
