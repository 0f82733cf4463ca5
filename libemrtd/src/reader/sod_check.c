#include "reader/pa_steps.h"

#include "pki/sod_profile.h"

#include <string.h>

/*
 * Undetermined, as we cannot tell whether the signature holds; but Doc 9303
 * permits none that we do not know, and strict is to say so.
 */
static void
note_algorithm(struct emrtd_pa *pa, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	if (e == EMRTD_E_UNSUPPORTED && emrtd_is_unknown_algorithm(diag))
		emrtd_finding_add(&pa->result->findings,
		    EMRTD_FINDING_SOD_ALGORITHM, diag->detail);
}

/* Of what nobody signed there is nothing to be said but that. */
static void
look_for_deviations(struct emrtd_pa *pa)
{
	const struct emrtd_check *rows = pa->result->checks;
	bool named;

	if (rows[EMRTD_CHECK_PA_SOD_SIGNATURE].verdict == EMRTD_FAILED ||
	    rows[EMRTD_CHECK_PA_SIGNED_ATTRIBUTES].verdict == EMRTD_FAILED)
		return;
	named = pa->has_signer &&
		emrtd_cms_names(&pa->sod.cms, pa->ctx->crypto, &pa->signer);
	emrtd_sod_profile(&pa->sod, pa->has_signer ? &pa->signer : NULL, named,
	    &pa->result->findings);
}

/* Whoever signed it, and whether they did. */
static void
check_signature(struct emrtd_pa *pa)
{
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	e = emrtd_sod_signer(&pa->sod, pa->ctx->crypto, pa->trust, &diag,
	    &pa->signer);
	if (e == EMRTD_OK) {
		pa->has_signer = true;
		emrtd_pa_copy_certificate(pa, &pa->signer, &pa->result->signer);
		e = emrtd_sod_verify_signature(&pa->sod, pa->ctx->crypto,
		    &pa->signer, &diag);
	}
	emrtd_pa_decide(pa, EMRTD_CHECK_PA_SOD_SIGNATURE, e, &diag);
	note_algorithm(pa, e, &diag);
}

void
emrtd_pa_check_sod(struct emrtd_pa *pa)
{
	struct emrtd_bytes file = emrtd_pa_content(pa->result, EMRTD_EF_SOD);
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	if (file.len == 0) {
		emrtd_check_set(pa->result, EMRTD_CHECK_PA_SOD_SIGNATURE,
		    EMRTD_NOT_RUN, "EF.SOD was not read");
		return;
	}
	e = emrtd_sod_read(file, &diag, &pa->sod_copy, &pa->sod);
	if (e != EMRTD_OK) {
		pa->result->files[EMRTD_EF_SOD].status = EMRTD_FILE_MALFORMED;
		emrtd_pa_decide(pa, EMRTD_CHECK_PA_SOD_SIGNATURE, e, &diag);
		note_algorithm(pa, e, &diag);
		return;
	}
	pa->has_sod = true;
	e = emrtd_sod_verify_attributes(&pa->sod, pa->ctx->crypto, &diag);
	emrtd_pa_decide(pa, EMRTD_CHECK_PA_SIGNED_ATTRIBUTES, e, &diag);
	check_signature(pa);
	look_for_deviations(pa);
}
