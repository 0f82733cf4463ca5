/* BAC over the channel. */
#include "reader/session.h"

#include "access/bac.h"
#include "apdu/status_word.h"
#include "core/diag.h"
#include "core/wipe.h"

static const char clause[] = "Doc 9303-11 4.3";

/* Instruction or class unknown, function not there, not in this state. */
static bool
knows_no_bac(uint16_t sw)
{
	return sw == 0x6D00 || sw == 0x6E00 || sw == 0x6A81 || sw == 0x6985;
}

static enum emrtd_error
get_challenge(struct emrtd_session *s, struct emrtd_diag *diag,
    struct emrtd_out *out)
{
	struct emrtd_command c = { .ins = 0x84, .ne = EMRTD_BAC_RND_LEN };
	enum emrtd_error e;
	uint16_t sw;

	e = emrtd_session_slow_exchange(s, &c, false, out, &sw, diag);
	if (e != EMRTD_OK || sw == EMRTD_SW_OK)
		return e;
	e = emrtd_fail(diag,
	    knows_no_bac(sw) ? EMRTD_E_UNSUPPORTED : EMRTD_E_STATUS,
	    "BAC, GET CHALLENGE", clause);
	emrtd_diag_sw(diag, sw);
	return e;
}

/*
 * Chips say 'wrong MRZ' in many ways (6300, 6982, 6988, 6A80 ...): any
 * refusal is one, but those that say the command itself is wrong.
 */
static enum emrtd_error
refused(uint16_t sw, struct emrtd_diag *diag)
{
	bool unknown_command = sw == 0x6700 || sw == 0x6D00 || sw == 0x6E00 ||
			       sw == 0x6F00;
	enum emrtd_error e = emrtd_fail(diag,
	    unknown_command ? EMRTD_E_STATUS
	    : sw == 0x6983  ? EMRTD_E_ACCESS_BLOCKED
			    : EMRTD_E_ACCESS_DENIED,
	    "BAC, EXTERNAL AUTHENTICATE", clause);

	emrtd_diag_sw(diag, sw);
	return e;
}

static enum emrtd_error
external_authenticate(struct emrtd_session *s, struct emrtd_bytes data,
    struct emrtd_diag *diag, struct emrtd_out *out)
{
	struct emrtd_command c = { .ins = 0x82,
		.data = data,
		.ne = EMRTD_BAC_DATA_LEN };
	enum emrtd_error e;
	uint16_t sw;

	e = emrtd_session_slow_exchange(s, &c, false, out, &sw, diag);
	if (e != EMRTD_OK || sw == EMRTD_SW_OK)
		return e;
	e = refused(sw, diag);
	emrtd_session_tell_slow(s, diag);
	return e;
}

enum emrtd_error
emrtd_session_bac(struct emrtd_session *s, struct emrtd_diag *diag)
{
	uint8_t challenge[256], data[EMRTD_BAC_DATA_LEN], answer[256];
	struct emrtd_out challenge_out = emrtd_out(challenge,
	    sizeof(challenge));
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_out answer_out = emrtd_out(answer, sizeof(answer));
	struct emrtd_bac bac;
	enum emrtd_error e;

	e = get_challenge(s, diag, &challenge_out);
	if (e != EMRTD_OK)
		return e;
	e = emrtd_bac_begin(&bac, s->ctx->crypto, &s->mrz);
	if (e == EMRTD_OK)
		e = emrtd_bac_command(&bac, s->ctx->crypto,
		    emrtd_out_bytes(&challenge_out), &s->ctx->random, &out);
	if (e != EMRTD_OK) {
		e = emrtd_fail(diag, e, "BAC", clause);
		goto out;
	}
	emrtd_session_mrz_shown(s);
	e = external_authenticate(s, emrtd_out_bytes(&out), diag, &answer_out);
	if (e != EMRTD_OK)
		goto out;
	e = emrtd_bac_finish(&bac, s->ctx->crypto, emrtd_out_bytes(&answer_out),
	    &s->sm);
	if (e != EMRTD_OK) {
		e = emrtd_fail(diag, e, "BAC, the chip's answer", clause);
		goto out;
	}
	emrtd_channel_secure(&s->channel, &s->sm);
	s->result->access.protocol = EMRTD_ACCESS_BAC;
	s->result->access.cipher = s->sm.suite->name;
	s->result->access.password = "mrz";
out:
	emrtd_bac_wipe(&bac);
	emrtd_wipe(data, sizeof(data));
	emrtd_wipe(answer, sizeof(answer));
	return e;
}
