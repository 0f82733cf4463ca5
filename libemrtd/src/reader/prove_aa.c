/* INTERNAL AUTHENTICATE over the channel. */
#include "reader/prove_aa.h"

#include "access/active_auth.h"
#include "apdu/status_word.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "reader/session.h"

#include <string.h>

#define INS_INTERNAL_AUTHENTICATE 0x88
#define NE_EXTENDED               65536

static const char clause[] = "Doc 9303-11 6.1";

/* What came of one INTERNAL AUTHENTICATE. */
struct asked {
	uint8_t challenge[EMRTD_AA_CHALLENGE_LEN];
	bool extended;
	size_t room;               /* for a short answer */
	struct emrtd_bytes answer; /* a view into the session's chunk */
	enum emrtd_error error;
	uint16_t sw;
	struct emrtd_diag diag;
};

/* 256 bytes in plain; under secure messaging what its objects leave of them. */
static size_t
short_room(const struct emrtd_session *s)
{
	size_t block;

	if (!s->channel.secured || !s->sm.live)
		return EMRTD_NE_SHORT;
	block = s->sm.suite->block_len;
	return (EMRTD_SHORT_RESPONSE - 20) / block * block - 1;
}

/* Nonces are never used twice, but one that a verifier elsewhere chose. */
static enum emrtd_error
new_challenge(struct emrtd_session *s, uint8_t out[EMRTD_AA_CHALLENGE_LEN])
{
	if (s->options.challenge != NULL) {
		memcpy(out, s->challenge, EMRTD_AA_CHALLENGE_LEN);
		return EMRTD_OK;
	}
	return s->ctx->random.fill(s->ctx->random.self, out,
	    EMRTD_AA_CHALLENGE_LEN);
}

static void
ask(struct emrtd_session *s, bool extended, struct asked *out)
{
	struct emrtd_out answer = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	struct emrtd_command c = { .ins = INS_INTERNAL_AUTHENTICATE,
		.data = emrtd_bytes(out->challenge, sizeof(out->challenge)),
		.ne = extended ? NE_EXTENDED : EMRTD_NE_SHORT };

	memset(out, 0, sizeof(*out));
	out->extended = extended;
	out->room = short_room(s);
	emrtd_diag_init(&out->diag);
	out->error = new_challenge(s, out->challenge);
	if (out->error != EMRTD_OK)
		return;
	out->error = emrtd_channel_exchange(&s->channel, &c, &answer, &out->sw,
	    &out->diag);
	if (out->error == EMRTD_OK)
		out->answer = emrtd_out_bytes(&answer);
}

/* An answer, whole or cut, as opposed to a refusal. */
static bool
has_answer(const struct asked *asked)
{
	return asked->error == EMRTD_OK && asked->answer.len > 0 &&
	       (asked->sw == EMRTD_SW_OK || (asked->sw & 0xFF00) == 0x6200);
}

/*
 * May the other length of Le help? Chips are seen that answer nothing, or a
 * naked 6700, to an extended one, and others that need it. Where the link has
 * no other, 'wrong length' is no excuse for not signing what would fit.
 */
static bool
is_of_length(const struct emrtd_session *s, const struct asked *asked,
    size_t want)
{
	bool long_answer = asked->extended || want > asked->room;

	if (asked->error == EMRTD_E_SM_PLAIN)
		return long_answer;
	if (asked->error != EMRTD_OK)
		return false;
	if (has_answer(asked))
		return long_answer && asked->answer.len < want;
	return long_answer || (s->channel.link_extended && asked->sw == 0x6700);
}

/* Keeps what was signed; the longer answer, when there are two. */
static enum emrtd_error
judge(struct emrtd_session *s, const struct asked *asked)
{
	struct emrtd_result *r = s->result;
	struct emrtd_bytes challenge = emrtd_bytes(asked->challenge,
	    sizeof(asked->challenge));

	if (asked->answer.len < r->evidence[EMRTD_PROOF_AA].signature_len)
		return EMRTD_E_SIGNATURE;
	if (emrtd_evidence_signature(r, challenge, asked->answer))
		return emrtd_aa_judge(s->ctx, r);
	emrtd_proof_set(r, EMRTD_PROOF_AA, EMRTD_FAILED,
	    "the chip's answer is longer than any signature");
	return EMRTD_E_SIGNATURE;
}

/* The chip did not sign: a copy without the key does not either. */
static void
set_refused(struct emrtd_session *s, struct asked *asked)
{
	enum emrtd_error e;

	if (s->result->proofs[EMRTD_PROOF_AA].verdict == EMRTD_FAILED)
		return;
	if (asked->error == EMRTD_OK) {
		e = emrtd_fail(&asked->diag, EMRTD_E_STATUS,
		    asked->sw == EMRTD_SW_OK
			? "the chip's answer to the challenge is empty"
			: "the chip refused to sign the challenge",
		    clause);
		asked->diag.error = e;
		emrtd_diag_sw(&asked->diag, asked->sw);
	}
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_AA, EMRTD_FAILED,
	    &asked->diag);
}

/* Is it over with this session, whatever the chip meant? */
static bool
is_broken(const struct emrtd_session *s, const struct asked *asked)
{
	switch (asked->error) {
	case EMRTD_OK:
	case EMRTD_E_SM_PLAIN:
		return false;
	case EMRTD_E_BUFFER:
	case EMRTD_E_LIMIT:
	case EMRTD_E_TRUNCATED:
		return s->channel.secured && !s->sm.live;
	default:
		return true;
	}
}

static enum emrtd_error
end_aborted(struct emrtd_session *s, const struct asked *asked,
    struct emrtd_diag *diag)
{
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_AA, EMRTD_ABORTED,
	    &asked->diag);
	*diag = asked->diag;
	return asked->error;
}

/* A session that the chip left with a naked status word has no second try. */
static enum emrtd_error
session_for_retry(struct emrtd_session *s, struct asked *asked)
{
	if (asked->error != EMRTD_E_SM_PLAIN)
		return EMRTD_OK;
	s->fresh_why = "the chip broke off the session over the length of its "
		       "signature; it was asked again in a fresh one";
	asked->error = emrtd_session_reopen(s, &asked->diag);
	return asked->error;
}

static void
set_reader_too_short(struct emrtd_session *s)
{
	emrtd_proof_set(s->result, EMRTD_PROOF_AA, EMRTD_UNDETERMINED,
	    "this reader carries no answer as long as the chip's signature");
}

/* Two ways to ask, at most one fresh session between them. */
static enum emrtd_error
challenge_chip(struct emrtd_session *s, size_t want, struct emrtd_diag *diag)
{
	bool unknown = s->channel.link_unknown;
	bool extended = want > short_room(s) &&
			(unknown || s->channel.link_extended);
	struct asked asked;

	ask(s, extended, &asked);
	/* The reader cannot, though it or nobody said so. */
	if (s->channel.broke_extended &&
	    emrtd_session_recover(s, asked.error, &asked.diag) == EMRTD_OK) {
		extended = false;
		ask(s, extended, &asked);
	}
	if (is_broken(s, &asked))
		return end_aborted(s, &asked, diag);
	if (has_answer(&asked) && judge(s, &asked) == EMRTD_OK)
		return EMRTD_OK;
	if (is_of_length(s, &asked, want)) {
		if (!extended && !s->channel.link_extended) {
			set_reader_too_short(s);
			goto out;
		}
		if (session_for_retry(s, &asked) != EMRTD_OK)
			return end_aborted(s, &asked, diag);
		ask(s, !extended, &asked);
		if (is_broken(s, &asked))
			return end_aborted(s, &asked, diag);
		if (has_answer(&asked) && judge(s, &asked) == EMRTD_OK)
			return EMRTD_OK;
	}
	/* It may be the reader that refused the extended one. */
	if (unknown && !s->channel.extended_works && want > asked.room)
		set_reader_too_short(s);
	else if (!has_answer(&asked))
		set_refused(s, &asked);
out:
	if (asked.error == EMRTD_E_SM_PLAIN)
		*diag = asked.diag;
	return asked.error == EMRTD_E_SM_PLAIN ? asked.error : EMRTD_OK;
}

enum emrtd_error
emrtd_session_prove_aa(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_bytes file = emrtd_result_file(s->result, EMRTD_DG15);
	struct emrtd_diag key_diag;
	struct emrtd_bytes spki;
	enum emrtd_error e;
	emrtd_dg_set named;
	size_t want;

	if (file.len == 0 || !emrtd_session_signed_groups(s, &named) ||
	    (named >> 15 & 1) == 0)
		return EMRTD_OK;
	emrtd_channel_phase(&s->channel, "active_authentication");
	emrtd_session_progress(s, EMRTD_STEP_PROVE,
	    "asking the chip to sign a challenge", EMRTD_DG15, 0, 0);
	emrtd_diag_init(&key_diag);
	e = emrtd_dg15_parse(file, &key_diag, &spki);
	if (e == EMRTD_OK)
		e = emrtd_active_auth_max_len(s->ctx->crypto, spki, &key_diag,
		    &want);
	if (e != EMRTD_OK) {
		emrtd_proof_set_diag(s->result, EMRTD_PROOF_AA,
		    EMRTD_UNDETERMINED, &key_diag);
		return EMRTD_OK;
	}
	e = challenge_chip(s, want, diag);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	return e;
}
