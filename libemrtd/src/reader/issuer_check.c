#include "reader/pa_steps.h"

#include "core/diag.h"
#include "reader/passive_auth.h"

#include <string.h>

/* A failed row with its details in two parts. */
static void
fail(struct emrtd_pa *pa, enum emrtd_check_id id, enum emrtd_error error,
    const char *what, const char *detail, const char *more)
{
	struct emrtd_check *check = &pa->result->checks[id];

	emrtd_check_set(pa->result, id, EMRTD_FAILED, what);
	check->diag.error = error;
	emrtd_diag_detail(&check->diag, detail);
	emrtd_diag_detail(&check->diag, more);
}

bool
emrtd_country_is(const char *code, const struct mrz_country *state)
{
	return strcmp(code, state->code2) == 0 ||
	       strcmp(code, state->code3) == 0;
}

/*
 * Doc 9303-11 5.1.1: whoever signs must be the issuing state, and so must the
 * CSCA: a country that is trusted for its own documents must not make those
 * of another one.
 */
static void
check_country(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_ISSUER_COUNTRY;
	const struct mrz_country *state = NULL;
	char signer[4], csca[4];

	if (!pa->has_signer || !pa->result->has_document) {
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "the signer or DG1 is not known");
		return;
	}
	emrtd_name_country(pa->signer.subject, signer);
	/* Without a CSCA there is nobody else to ask about. */
	emrtd_name_country(pa->csca != NULL ? pa->csca->subject
					    : pa->signer.subject,
	    csca);
	state = mrz_country_find(
	    pa->result->document.fields[MRZ_F_ISSUING_STATE].text);
	if (state == NULL || state->code2[0] == '\0' || signer[0] == '\0' ||
	    csca[0] == '\0')
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "the country of DG1, signer or CSCA is not known");
	else if (!emrtd_country_is(signer, state))
		fail(pa, id, EMRTD_E_COUNTRY,
		    "the signer is not of DG1's state", signer,
		    " instead of the issuing state's code");
	else if (!emrtd_country_is(csca, state))
		fail(pa, id, EMRTD_E_COUNTRY, "the CSCA is not of DG1's state",
		    csca, " instead of the issuing state's code");
	else
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
}

void
emrtd_pa_check_issuer(struct emrtd_pa *pa)
{
	check_country(pa);
	emrtd_check_set(pa->result, EMRTD_CHECK_PA_DOCUMENT_TYPE, EMRTD_NOT_RUN,
	    "this version does not compare document types");
}
