/*
 * One key of the MRZ after the other. A picture that leaves doubt gives
 * several; the chip itself says which is right, and its key is not blocked by
 * wrong ones (Doc 9303-11 4.3.2: the MRZ is no secret with a counter). Only
 * the refusal of a password leads to the next: whatever else goes wrong would
 * go wrong again.
 */
#include "reader/session.h"

#include "core/diag.h"
#include "core/wipe.h"

#define TRIES_MS 10000

/* What the refusal of a key leaves behind, in case it stays the last word. */
struct refusal {
	struct emrtd_diag diag;
	struct emrtd_check pace, bac;
};

static int64_t
now(const struct emrtd_session *s)
{
	return s->ctx->clock.now_us(s->ctx->clock.self);
}

void
emrtd_session_mrz_shown(struct emrtd_session *s)
{
	if (!s->mrz_shown)
		s->result->mrz.n_tried++;
	s->mrz_shown = true;
}

/* The next key takes the place of the one that was refused. */
static bool
next_key(struct emrtd_session *s)
{
	if (!s->mrz_shown || s->mrz_key >= s->n_mrz_more)
		return false;
	s->mrz = s->mrz_more[s->mrz_key];
	emrtd_wipe(&s->mrz_more[s->mrz_key], sizeof(s->mrz));
	s->mrz_key++;
	s->mrz_shown = false;
	/* The chip did not want it, or it would not have come to the MRZ. */
	emrtd_wipe(&s->can, sizeof(s->can));
	return true;
}

static enum emrtd_error
reconnect(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e;

	emrtd_channel_phase(&s->channel, "connect");
	emrtd_session_progress(s, EMRTD_STEP_CONNECT,
	    "trying another reading of the MRZ", EMRTD_EF_COM, 0, 0);
	emrtd_diag_init(diag);
	e = emrtd_channel_connect(&s->channel, diag);
	/* It lay there a moment ago. */
	if (e == EMRTD_E_NO_READER)
		e = emrtd_fail(diag, EMRTD_E_CARD_LOST,
		    "connecting again after a wrong MRZ", NULL);
	return e;
}

static struct refusal
keep(const struct emrtd_session *s, const struct emrtd_diag *diag)
{
	const struct emrtd_check *checks = s->result->checks;

	return (struct refusal){ *diag, checks[EMRTD_CHECK_ACCESS_PACE],
		checks[EMRTD_CHECK_ACCESS_BAC] };
}

static enum emrtd_error
put_back(struct emrtd_session *s, const struct refusal *refusal,
    struct emrtd_diag *diag)
{
	s->result->checks[EMRTD_CHECK_ACCESS_PACE] = refusal->pace;
	s->result->checks[EMRTD_CHECK_ACCESS_BAC] = refusal->bac;
	*diag = refusal->diag;
	return EMRTD_E_ACCESS_DENIED;
}

/* "3 of 4 readings of the MRZ were tried", and what time did to them. */
static void
tell_tried(const struct emrtd_session *s, bool cut_off, struct emrtd_diag *diag)
{
	char text[] = "0 of 0 readings of the MRZ were tried";

	if (s->n_mrz_more == 0)
		return;
	text[0] = (char)('0' + s->result->mrz.n_tried);
	text[5] = (char)('0' + s->result->mrz.n_keys);
	emrtd_diag_detail(diag, text);
	if (cut_off)
		emrtd_diag_detail(diag, ", the last without an answer in time");
	else if (s->result->mrz.n_tried < s->result->mrz.n_keys)
		emrtd_diag_detail(diag, ", then the time was up");
}

enum emrtd_error
emrtd_session_try_keys(struct emrtd_session *s,
    enum emrtd_error (
	*open_once)(struct emrtd_session *session, struct emrtd_diag *diag),
    struct emrtd_diag *diag)
{
	uint32_t ms = s->options.mrz_tries_ms;
	int64_t end = now(s) + (int64_t)(ms != 0 ? ms : TRIES_MS) * 1000;
	int64_t deadline = s->channel.deadline_us;
	bool ours = deadline == 0 || end < deadline, cut_off = false;
	enum emrtd_error e = open_once(s, diag);

	while (e == EMRTD_E_ACCESS_DENIED && now(s) < end && next_key(s)) {
		struct refusal refusal = keep(s, diag);

		s->channel.deadline_us = ours ? end : deadline;
		e = reconnect(s, diag);
		if (e == EMRTD_OK)
			e = open_once(s, diag);
		if (e == EMRTD_E_DEADLINE && ours && !s->channel.secured) {
			e = put_back(s, &refusal, diag);
			cut_off = s->mrz_shown;
			break;
		}
	}
	s->channel.deadline_us = deadline;
	if (s->channel.secured && s->mrz_shown)
		s->result->mrz.opened_by = (uint32_t)s->mrz_key + 1;
	if (e == EMRTD_E_ACCESS_DENIED && s->result->mrz.n_tried > 0)
		tell_tried(s, cut_off, diag);
	return e;
}
