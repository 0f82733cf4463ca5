#include "reader/pa_steps.h"

#include "core/diag.h"
#include "pki/certificate_profile.h"
#include "pki/chain_rules.h"

_Static_assert(EMRTD_PATH_MAX + 1 >= EMRTD_CHAIN_MAX,
    "a result has room for every path");

static void
find_csca(struct emrtd_pa *pa)
{
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	if (!pa->has_signer)
		return;
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
	while (pa->result->n_path < pa->chain.n - 1) {
		size_t i = pa->result->n_path++;

		emrtd_pa_copy_certificate(pa, pa->chain.path[i],
		    &pa->result->path[i]);
	}
}

static void
check_dates(struct emrtd_pa *pa, enum emrtd_check_id id,
    const struct emrtd_certificate *certificate)
{
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	e = emrtd_certificate_check_dates(certificate, pa->result->at, &diag);
	emrtd_pa_decide(pa, id, e, &diag);
}

static void
check_csca_dates(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CSCA_VALIDITY;
	const struct emrtd_certificate *outdated;

	if (pa->csca == NULL) {
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "the certificate is not known");
		return;
	}
	outdated = emrtd_chain_outdated(&pa->chain, pa->result->at);
	if (outdated == NULL)
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
	else
		check_dates(pa, id, outdated);
}

static void
look_at_profiles(struct emrtd_pa *pa)
{
	struct emrtd_findings *findings = &pa->result->findings;
	const struct emrtd_chain *chain = &pa->chain;

	emrtd_certificate_profile_signer(&pa->signer,
	    chain->n > 0 ? chain->path[0] : NULL, findings);
	for (size_t i = 0; i < chain->n; i++) {
		emrtd_certificate_profile_csca(chain->path[i], findings);
		if (chain->is_sub_ca[i])
			emrtd_finding_add(findings, EMRTD_FINDING_CSCA_SUB_CA,
			    NULL);
		else if (i + 1 < chain->n &&
			 emrtd_chain_names_differ(chain->path[i]))
			emrtd_finding_add(findings,
			    EMRTD_FINDING_CSCA_NO_NAME_CHANGE, NULL);
	}
}

void
emrtd_pa_check_chain(struct emrtd_pa *pa)
{
	/* Who trusts a test certificate is told so, whether it was used or not. */
	pa->result->test_trust |= emrtd_trust_has_test(pa->trust);
	find_csca(pa);
	if (!pa->has_signer)
		return;
	check_dates(pa, EMRTD_CHECK_PA_DS_VALIDITY, &pa->signer);
	check_csca_dates(pa);
	look_at_profiles(pa);
}
