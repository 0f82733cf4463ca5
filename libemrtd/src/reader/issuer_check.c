#include "reader/pa_steps.h"

#include "core/diag.h"
#include "pki/document_types.h"
#include "reader/issuer_state.h"
#include "reader/passive_auth.h"

#include <string.h>

const struct mrz_country *
emrtd_pa_issuing_state(const struct emrtd_result *result)
{
	const struct mrz_country *state;

	if (!result->has_document)
		return NULL;
	state = mrz_country_find(
	    result->document.fields[MRZ_F_ISSUING_STATE].text);
	/* Another code for the same state. */
	if (state != NULL && state->code2[0] == '\0' &&
	    state->instead[0] != '\0')
		state = mrz_country_find(state->instead);
	return state;
}

static void
not_of_state(struct emrtd_pa *pa, const struct emrtd_certificate *c)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_ISSUER_COUNTRY;
	struct emrtd_check *check = &pa->result->checks[id];
	char code[4];

	emrtd_check_set(pa->result, id, EMRTD_FAILED,
	    c == &pa->signer ? "the signer is not of DG1's state"
			     : "the CSCA is not of DG1's state");
	check->diag.error = EMRTD_E_COUNTRY;
	emrtd_name_country(c->subject, code);
	emrtd_diag_detail(&check->diag, code[0] != '\0' ? code : "?");
	emrtd_diag_detail(&check->diag, " instead of the issuing state's code");
}

/*
 * Doc 9303-11 5.1.1: whoever signs must be the issuing state, and so must the
 * CSCA and every certificate between: a country that is trusted for its own
 * documents must not make those of another one.
 */
static void
check_country(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_ISSUER_COUNTRY;
	const struct mrz_country *state = emrtd_pa_issuing_state(pa->result);
	const struct emrtd_certificate *c = &pa->signer;
	bool unknown = state == NULL;

	if (!pa->has_signer || !pa->result->has_document) {
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "the signer or DG1 is not known");
		return;
	}
	for (size_t i = 0; state != NULL && i <= pa->chain.n; i++) {
		enum emrtd_same_state same = emrtd_issuer_state(c, state);

		if (same == EMRTD_STATE_OTHER) {
			not_of_state(pa, c);
			return;
		}
		unknown = unknown || same != EMRTD_STATE_SAME;
		c = i < pa->chain.n ? pa->chain.path[i] : NULL;
	}
	if (unknown)
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "the country of DG1, signer or CSCA is not known");
	else
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
}

/* Doc 9303-12 7.1.1.6 */
static void
check_document_type(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_DOCUMENT_TYPE;
	const struct mrz_field *code =
	    &pa->result->document.fields[MRZ_F_DOCUMENT_CODE];
	struct emrtd_check *check = &pa->result->checks[id];
	bool listed = false;

	if (!pa->has_signer || !pa->result->has_document)
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "the signer or DG1 is not known");
	else if (pa->signer.document_types.ptr == NULL)
		emrtd_check_set(pa->result, id, EMRTD_NOT_OFFERED,
		    "the signer's certificate lists no document types");
	else if (!emrtd_document_types(pa->signer.document_types, code->text,
		     &listed))
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "the list of document types is malformed");
	else if (listed)
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
	else {
		emrtd_check_set(pa->result, id, EMRTD_FAILED,
		    "the signer may not sign documents of this type");
		check->diag.error = EMRTD_E_CERTIFICATE;
		emrtd_diag_detail(&check->diag, code->text);
	}
}

void
emrtd_pa_check_issuer(struct emrtd_pa *pa)
{
	check_country(pa);
	check_document_type(pa);
}
