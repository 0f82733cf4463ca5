#include "reader/prove_cam.h"

#include "access/pace.h"
#include "access/pace_protocols.h"
#include "core/diag.h"
#include "crypto/agreement_key.h"
#include "pki/card_security.h"
#include "reader/signed_offers.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE "Doc 9303-11 4.4.3.5"

/* The key that this chip must hold, out of EF.CardSecurity. */
static enum emrtd_error
verify_with(struct emrtd_session *s, const struct emrtd_card_security *file,
    struct emrtd_diag *diag)
{
	struct emrtd_crypto *crypto = s->ctx->crypto;
	const struct emrtd_ca_key *info;
	struct emrtd_agreement_key key;
	enum emrtd_error e;

	info = emrtd_cam_key(&file->infos, s->result->access.parameter_id);
	if (info == NULL)
		return emrtd_fail(diag, EMRTD_E_NOT_FOUND,
		    "EF.CardSecurity has no key for PACE-CAM",
		    "Doc 9303-11 9.2.1");
	e = emrtd_agreement_key_parse(crypto, info->spki, diag, &key);
	if (e != EMRTD_OK)
		return e;
	e = emrtd_pace_cam_verify(crypto, &s->cam, key.group, &key.key);
	if (e == EMRTD_OK)
		return EMRTD_OK;
	return emrtd_fail(diag, e,
	    s->cam.len == 0 ? "the chip gave no proof with PACE-CAM"
			    : "the chip does not hold the key of "
			      "EF.CardSecurity",
	    CLAUSE);
}

static enum emrtd_error
verify(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_bytes file = emrtd_result_file(s->result,
	    EMRTD_EF_CARD_SECURITY);
	struct emrtd_card_security content;
	uint8_t *copy;
	enum emrtd_error e;

	e = emrtd_card_security_read(file, diag, &copy, &content);
	if (e != EMRTD_OK)
		return e;
	e = verify_with(s, &content, diag);
	free(copy);
	return e;
}

/* Ours are the faults by which the chip is not to be blamed. */
static enum emrtd_verdict
verdict_of(enum emrtd_error e)
{
	switch (e) {
	case EMRTD_OK:
		return EMRTD_PASSED;
	case EMRTD_E_NO_MEMORY:
	case EMRTD_E_CRYPTO:
	case EMRTD_E_ALGORITHM:
	case EMRTD_E_UNSUPPORTED: /* a signature with what we lack */
	case EMRTD_E_INTERNAL:
		return EMRTD_UNDETERMINED;
	default:
		return EMRTD_FAILED;
	}
}

/*
 * PACE is run in the MF, and some chips are elsewhere after it. What a chip
 * says to the selection of the MF differs too much to mean anything (6982,
 * 6A81, 6A86, 6A87 by those that have it): two ways, and the answers are not
 * looked at.
 */
static enum emrtd_error
select_mf(struct emrtd_session *s, struct emrtd_diag *diag)
{
	static const uint8_t mf[] = { 0x3F, 0x00 };
	const struct emrtd_command ways[] = {
		{ .ins = 0xA4,
		    .p2 = 0x0C,
		    .data = emrtd_bytes(mf, sizeof(mf)) },
		{ .ins = 0xA4, .ne = EMRTD_NE_SHORT },
	};
	enum emrtd_error e = EMRTD_E_STATUS;

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		e = emrtd_session_command(s, &ways[i], "selecting the MF",
		    diag);
		if (e == EMRTD_OK || !emrtd_session_is_refusal(s, e))
			return e;
	}
	return EMRTD_OK;
}

static enum emrtd_error
read_in_mf(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = emrtd_session_read_file(s, EMRTD_EF_CARD_SECURITY,
	    diag);

	if (e != EMRTD_E_NO_FILE || !emrtd_session_is_refusal(s, e))
		return e;
	e = select_mf(s, diag);
	if (e != EMRTD_OK)
		return e;
	return emrtd_session_read_file(s, EMRTD_EF_CARD_SECURITY, diag);
}

/* A chip with PACE-CAM must have EF.CardSecurity: none is no proof. */
static enum emrtd_error
read_card_security(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_diag file_diag;
	enum emrtd_error e;

	if (s->result->files[EMRTD_EF_CARD_SECURITY].len > 0)
		return EMRTD_OK;
	emrtd_channel_phase(&s->channel, "card_security");
	emrtd_diag_init(&file_diag);
	e = read_in_mf(s, &file_diag);
	/* What the MF knows of short identifiers binds no application. */
	s->no_sfi = false;
	if (e == EMRTD_OK)
		return EMRTD_OK;
	if (emrtd_session_is_refusal(s, e)) {
		emrtd_proof_set_diag(s->result, EMRTD_PROOF_CAM, EMRTD_FAILED,
		    &file_diag);
		return EMRTD_OK;
	}
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_CAM, EMRTD_ABORTED,
	    &file_diag);
	if (diag != NULL)
		*diag = file_diag;
	return e;
}

/* CAM has one protocol for each cipher. */
static const char *
protocol_name(const char *cipher)
{
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *p = emrtd_pace_protocol_at(i);

		if (p->mapping == EMRTD_PACE_CAM &&
		    strcmp(emrtd_suite(p->suite)->name, cipher) == 0)
			return p->name;
	}
	return cipher;
}

/* What was said of an earlier session does not hold for the reading. */
static void
take_back(struct emrtd_session *s)
{
	memset(&s->result->evidence[EMRTD_PROOF_CAM], 0,
	    sizeof(s->result->evidence[EMRTD_PROOF_CAM]));
}

enum emrtd_error
emrtd_session_prove_cam(struct emrtd_session *s, struct emrtd_diag *diag)
{
	const struct emrtd_access *access = &s->result->access;
	struct emrtd_proof *proof = &s->result->proofs[EMRTD_PROOF_CAM];
	struct emrtd_diag why;
	enum emrtd_error e;

	if (s->cam.group == NULL) {
		if (proof->verdict == EMRTD_PASSED) {
			take_back(s);
			emrtd_proof_set(s->result, EMRTD_PROOF_CAM,
			    EMRTD_UNDETERMINED,
			    "the chip gave its proof in one session, and its "
			    "data in another");
		}
		return EMRTD_OK;
	}
	if (proof->verdict == EMRTD_FAILED)
		return EMRTD_OK;
	e = read_card_security(s, diag);
	if (e != EMRTD_OK || proof->verdict == EMRTD_FAILED)
		return e;
	emrtd_diag_init(&why);
	e = verify(s, &why);
	why.error = e;
	if (e != EMRTD_OK) {
		take_back(s);
		emrtd_proof_set_diag(s->result, EMRTD_PROOF_CAM, verdict_of(e),
		    &why);
		return EMRTD_OK;
	}
	/* Not again after a session that did not. */
	if (proof->verdict == EMRTD_NOT_RUN ||
	    proof->verdict == EMRTD_ABORTED) {
		emrtd_proof_set(s->result, EMRTD_PROOF_CAM, EMRTD_PASSED, NULL);
		emrtd_evidence_statement(s->result, EMRTD_PROOF_CAM,
		    protocol_name(access->cipher), access->parameter);
	}
	return EMRTD_OK;
}
