/*
 * A fresh session, when the one before has ended: what a chip cannot do under
 * its keys must never be tried again under them, so it is asked anew on a chip
 * that is freshly reset.
 */
#include "reader/session.h"

#include "core/diag.h"

static const enum emrtd_check_id access_rows[] = {
	EMRTD_CHECK_ACCESS_PACE,
	EMRTD_CHECK_ACCESS_BAC,
	EMRTD_CHECK_ACCESS_DOWNGRADE,
	EMRTD_CHECK_ACCESS_SM,
};
#define N_ROWS (sizeof(access_rows) / sizeof(*access_rows))

/* What the first opening said; it stays when the second fails. */
struct opened {
	struct emrtd_result_access access;
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
