/*
 * A fresh session, when the one before has ended: what a chip cannot do under
 * its keys must never be tried again under them, so it is asked anew on a chip
 * that is freshly reset.
 */
#include "reader/session.h"

#include "core/diag.h"
#include "reader/link_sizes.h"

static const enum emrtd_check_id access_rows[] = {
	EMRTD_CHECK_ACCESS_PACE,
	EMRTD_CHECK_ACCESS_BAC,
	EMRTD_CHECK_ACCESS_DOWNGRADE,
	EMRTD_CHECK_ACCESS_SM,
};
#define N_ROWS (sizeof(access_rows) / sizeof(*access_rows))

/* What the first opening said; it stays when the second fails. */
struct opened {
	struct emrtd_access access;
	struct emrtd_check rows[N_ROWS];
};

static void
keep(const struct emrtd_result *result, struct opened *opened)
{
	opened->access = result->access;
	for (size_t i = 0; i < N_ROWS; i++)
		opened->rows[i] = result->checks[access_rows[i]];
}

static void
put_back(struct emrtd_result *result, const struct opened *opened)
{
	result->access = opened->access;
	for (size_t i = 0; i < N_ROWS; i++)
		result->checks[access_rows[i]] = opened->rows[i];
}

enum emrtd_error
emrtd_session_reopen(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct opened opened;
	enum emrtd_error e;

	if (s->n_reopened >= EMRTD_FRESH_SESSIONS_MAX)
		return emrtd_fail(diag, EMRTD_E_LIMIT,
		    "no more fresh sessions for this chip", NULL);
	s->n_reopened++;
	keep(s->result, &opened);
	emrtd_channel_plain(&s->channel);
	emrtd_channel_phase(&s->channel, "connect");
	emrtd_session_progress(s, EMRTD_STEP_CONNECT,
	    "opening the chip again in a fresh session", EMRTD_EF_COM, 0, 0);
	emrtd_diag_init(diag);
	e = emrtd_channel_connect(&s->channel, diag);
	/* It lay there a moment ago. */
	if (e == EMRTD_E_NO_READER)
		e = emrtd_fail(diag, EMRTD_E_CARD_LOST,
		    "connecting for a fresh session", NULL);
	if (e == EMRTD_OK)
		e = emrtd_session_open_again(s, diag);
	if (e == EMRTD_OK &&
	    s->result->access.protocol != opened.access.protocol)
		e = emrtd_fail(diag, EMRTD_E_ACCESS_POLICY,
		    "the chip opens otherwise than before", "Doc 9303-11 4.2");
	if (e != EMRTD_OK) {
		emrtd_channel_plain(&s->channel);
		put_back(s->result, &opened);
	}
	return e;
}

bool
emrtd_session_ask_less(struct emrtd_session *s)
{
	/* 223 fit a short answer under every suite. */
	static const uint32_t steps[] = { 223, 192, 128, 64 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i] >= s->last_ne)
			continue;
		s->channel.le_cap = steps[i];
		emrtd_session_note_number(s,
		    "the chip does not take a READ BINARY so long: from now "
		    "on at most",
		    steps[i], " bytes");
		return true;
	}
	return false;
}

/* Words that speak of the session or of rights, never of a length. */
static bool
is_about_the_session(uint16_t sw)
{
	return sw == 0x6982 || sw == 0x6985 || sw == 0x6987 || sw == 0x6988;
}

/* A reader that only says that it carries extended APDUs, if it does that. */
static enum emrtd_error
reopen_short(struct emrtd_session *s, enum emrtd_error error,
    struct emrtd_diag *diag)
{
	enum emrtd_error e;

	if (s->n_reopened >= EMRTD_FRESH_SESSIONS_MAX)
		return error;
	e = emrtd_session_go_short(s, error, diag);
	if (e != EMRTD_OK)
		return e;
	s->fresh_why = "the link was lost at the first extended APDU; short "
		       "ones were used in a fresh session";
	return emrtd_session_reopen(s, diag);
}

enum emrtd_error
emrtd_session_recover(struct emrtd_session *s, enum emrtd_error error,
    struct emrtd_diag *diag)
{
	uint16_t sw = s->channel.bare_sw;

	if (s->channel.broke_extended)
		return reopen_short(s, error, diag);
	if (error != EMRTD_E_SM_PLAIN || sw == 0 || is_about_the_session(sw) ||
	    s->n_reopened >= EMRTD_FRESH_SESSIONS_MAX ||
	    !emrtd_session_ask_less(s))
		return error;
	s->fresh_why = "the chip broke off the session over a long read; "
		       "shorter ones were used in a fresh session";
	return emrtd_session_reopen(s, diag);
}
