#include "reader/card_security_check.h"

#include "core/diag.h"
#include "reader/issuer_state.h"
#include "reader/passive_auth.h"
#include "reader/revocation_look.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 9.2.11"

/* By the state in DG1, or by the signer of EF.SOD where that is not known. */
static enum emrtd_error
check_code(const struct emrtd_certificate *certificate,
    const struct mrz_country *state, const char *sod_code,
    struct emrtd_diag *diag)
{
	enum emrtd_same_state same = EMRTD_STATE_UNKNOWN;
	char code[4] = "";

	emrtd_name_country(certificate->subject, code);
	if (state != NULL)
		same = emrtd_issuer_state(certificate, state);
	else if (code[0] != '\0' && sod_code[0] != '\0')
		same = strcmp(code, sod_code) == 0 ? EMRTD_STATE_SAME
						   : EMRTD_STATE_OTHER;
	if (same == EMRTD_STATE_UNKNOWN)
		return emrtd_fail(diag, EMRTD_E_NOT_FOUND,
		    "the country of a signer is not known", CLAUSE);
	if (same == EMRTD_STATE_SAME)
		return EMRTD_OK;
	return emrtd_fail(diag, EMRTD_E_COUNTRY,
	    "EF.CardSecurity was signed by another state than the data",
	    CLAUSE);
}

/*
 * Nothing in the file names a document. That the same state signed it as the
 * data is what every honest document has; DG1 says which state that is. So
 * must the CSCA be, and what leads to it: what names it certifies is its own
 * affair.
 */
static enum emrtd_error
check_country(const struct emrtd_vouching *who,
    const struct emrtd_result *result, const struct emrtd_certificate *signer,
    const struct emrtd_chain *chain, struct emrtd_diag *diag)
{
	const struct mrz_country *state = emrtd_pa_issuing_state(result);
	enum emrtd_error e;
	char sod_code[4] = "";

	if (who->sod_signer != NULL)
		emrtd_name_country(who->sod_signer->subject, sod_code);
	e = check_code(signer, state, sod_code, diag);
	for (size_t i = 0; e == EMRTD_OK && i < chain->n; i++)
		e = check_code(chain->path[i], state, sod_code, diag);
	return e;
}

static enum emrtd_error
check_chain(const struct emrtd_vouching *who, const struct emrtd_result *result,
    const struct emrtd_certificate *signer, struct emrtd_diag *diag,
    struct emrtd_chain *chain)
{
	const struct emrtd_certificate *outdated;
	enum emrtd_error e;

	if (who->trust == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
		    "no trust store was given", "Doc 9303-12 6.1");
	e = emrtd_chain_find(who->trust, who->crypto, signer, result->at, diag,
	    chain);
	if (e == EMRTD_OK)
		e = emrtd_certificate_check_dates(signer, result->at, diag);
	if (e != EMRTD_OK)
		return e;
	outdated = emrtd_chain_outdated(chain, result->at);
	if (outdated != NULL)
		return emrtd_certificate_check_dates(outdated, result->at,
		    diag);
	return check_country(who, result, signer, chain, diag);
}

/* The last, and it sets the row: a list that is missing is no failure. */
static void
check_revocation(const struct emrtd_vouching *who, struct emrtd_result *result,
    const struct emrtd_certificate *signer, const struct emrtd_chain *chain)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_SECURITY;
	struct emrtd_result_revocation unused;
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	e = emrtd_revocation_look(
	    &(const struct emrtd_revocation_look){ .trust = who->trust,
		.crypto = who->crypto,
		.signer = signer,
		.chain = chain,
		.at = result->at },
	    &diag, &unused);
	if (e == EMRTD_OK ||
	    (e == EMRTD_E_NOT_FOUND && result->policy == EMRTD_POLICY_FIELD))
		emrtd_check_set(result, id, EMRTD_PASSED, NULL);
	else
		emrtd_check_set_diag(result, id, emrtd_verdict_of(e), &diag);
}

void
emrtd_card_security_check(const struct emrtd_vouching *who,
    struct emrtd_result *result, struct emrtd_card_security_file *out)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_SECURITY;
	struct emrtd_bytes file = emrtd_result_file(result,
	    EMRTD_EF_CARD_SECURITY);
	struct emrtd_certificate signer;
	struct emrtd_chain chain = { .n = 0 };
	struct emrtd_diag diag = { .size = sizeof(diag) };
	enum emrtd_error e;

	memset(out, 0, sizeof(*out));
	if (file.len == 0)
		return;
	e = emrtd_card_security_read(file, &diag, &out->copy, &out->content);
	out->parsed = e == EMRTD_OK;
	if (!out->parsed)
		result->files[EMRTD_EF_CARD_SECURITY].status =
		    EMRTD_FILE_MALFORMED;
	if (e == EMRTD_OK)
		e = emrtd_card_security_verify(&out->content, who->crypto,
		    who->trust, &diag, &signer);
	if (e == EMRTD_OK)
		e = check_chain(who, result, &signer, &diag, &chain);
	out->is_signed = e == EMRTD_OK;
	if (out->is_signed) {
		check_revocation(who, result, &signer, &chain);
		return;
	}
	emrtd_check_set_diag(result, id, emrtd_verdict_of(e), &diag);
	result->checks[id].diag.error = e;
}
