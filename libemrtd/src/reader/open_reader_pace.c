/*
 * PACE that the reader does by itself (PC/SC part 10, BSI TR-03119). The
 * password need not be known here, if the holder types it at the reader. What
 * follows goes to the reader in plain, and it secures the way to the chip; so
 * it is done only for a caller that asks for it, and the result says so.
 *
 * The reader reads EF.CardAccess by itself and chooses by it. Ours, which was
 * read before and is later held against what the state signed, must be the
 * same, or somebody could show each of us another.
 */
#include "reader/link_sizes.h"
#include "reader/session.h"

#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "reader/pace_status.h"
#include "transport/reader_pace.h"

#define REQUEST_MAX (EMRTD_PASSWORD_MAX + 16)
/* The reader's secure messaging needs room in what it carries, too. */
#define SHORT_LE       223
#define EXTENDED_EXTRA 64

static const char what_it_is[] = "PACE by the reader";

static bool
is_offered(const struct emrtd_session *s)
{
	struct emrtd_link_info link = { .size = sizeof(link) };
	const struct emrtd_transport *t = s->transport;

	return t->ops->control != NULL && t->ops->info != NULL &&
	       t->ops->info(t->self, &link) == EMRTD_OK && link.reader_pace;
}

/* What is printed before what is secret; NULL: nothing is given. */
static const struct emrtd_password *
given(const struct emrtd_session *s)
{
	const struct emrtd_password *all[] = { &s->can, &s->mrz, &s->pin,
		&s->puk };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->kind != EMRTD_PASSWORD_NONE)
			return all[i];
	return NULL;
}

static enum emrtd_error
send(struct emrtd_session *s, enum emrtd_password_kind kind,
    const struct emrtd_password *password, struct emrtd_out *answer)
{
	const struct emrtd_transport *t = s->transport;
	uint8_t bytes[REQUEST_MAX];
	struct emrtd_out request = emrtd_out(bytes, sizeof(bytes));
	struct emrtd_bytes text = emrtd_bytes(NULL, 0);
	enum emrtd_error e;

	if (password != NULL)
		text = emrtd_bytes((const uint8_t *)password->text,
		    password->len);
	e = emrtd_reader_pace_request((uint8_t)kind, text, &request);
	if (e == EMRTD_OK)
		e = t->ops->control(t->self, EMRTD_CONTROL_READER_PACE,
		    emrtd_out_bytes(&request), answer);
	emrtd_wipe(bytes, sizeof(bytes));
	return e;
}

/* The chip's own word, where the reader passes it on. */
static enum emrtd_error
refused(struct emrtd_session *s, enum emrtd_password_kind kind,
    enum emrtd_reader_pace_step step, uint16_t sw, const char *text,
    struct emrtd_diag *diag)
{
	enum emrtd_pace_status status = EMRTD_PACE_OTHER;
	int tries = emrtd_pace_tries_left(sw);
	enum emrtd_error e;

	if (step == EMRTD_READER_PACE_AT_SET)
		status = emrtd_pace_status_at_set(sw, kind);
	else if (step != EMRTD_READER_PACE_AT_FILE)
		status = emrtd_pace_status_at_step(sw, kind,
		    step == EMRTD_READER_PACE_AT_LAST);
	if (tries >= 0)
		s->result->access.tries_left = tries;
	/* A warning that would let us go on, if we were the one to go. */
	if (status == EMRTD_PACE_GO_ON)
		status = EMRTD_PACE_OTHER;
	e = emrtd_pace_status_error(status, kind, diag);
	if (status == EMRTD_PACE_OTHER)
		e = emrtd_fail(diag, EMRTD_E_STATUS, text, NULL);
	emrtd_diag_sw(diag, sw);
	return e;
}

static enum emrtd_error
judge(struct emrtd_session *s, enum emrtd_password_kind kind,
    const struct emrtd_reader_pace_answer *answer, struct emrtd_diag *diag)
{
	enum emrtd_reader_pace_step step;
	const char *text;
	uint16_t sw;
	enum emrtd_error e = emrtd_reader_pace_error(answer->result, &step, &sw,
	    &text);

	if (e == EMRTD_OK)
		return EMRTD_OK;
	if (step != EMRTD_READER_PACE_NO_STEP)
		return refused(s, kind, step, sw, text, diag);
	return emrtd_fail(diag, e, text, NULL);
}

/* Filler may follow in what the reader gives. */
static bool
is_same_file(const struct emrtd_session *s, struct emrtd_bytes theirs)
{
	const struct emrtd_result_file *ours =
	    &s->result->files[EMRTD_EF_CARD_ACCESS];

	if (theirs.len < ours->len)
		return false;
	theirs.len = ours->len;
	return emrtd_bytes_equal(theirs, emrtd_bytes(ours->ptr, ours->len));
}

static enum emrtd_error
set_rows(struct emrtd_session *s, struct emrtd_bytes card_access,
    struct emrtd_diag *diag)
{
	struct emrtd_result *r = s->result;

	if (card_access.len > 0 && !is_same_file(s, card_access)) {
		emrtd_check_set(r, EMRTD_CHECK_ACCESS_DOWNGRADE, EMRTD_FAILED,
		    "the reader was given another EF.CardAccess than we were");
		return emrtd_fail(diag, EMRTD_E_ACCESS_POLICY,
		    "the reader did PACE by another EF.CardAccess than the one "
		    "that was read here",
		    "Doc 9303-11 4.2");
	}
	emrtd_check_set(r, EMRTD_CHECK_ACCESS_PACE, EMRTD_PASSED,
	    "the reader did PACE by itself, in a variant that it does not "
	    "tell");
	emrtd_check_set(r, EMRTD_CHECK_ACCESS_DOWNGRADE,
	    card_access.len > 0 ? EMRTD_PASSED : EMRTD_UNDETERMINED,
	    card_access.len > 0 ? NULL
				: "the reader does not say by which "
				  "EF.CardAccess it did PACE");
	emrtd_check_set(r, EMRTD_CHECK_ACCESS_SM, EMRTD_NOT_RUN,
	    "the reader secures the exchange with the chip; the way to the "
	    "reader is in plain");
	return EMRTD_OK;
}

static void
take_over(struct emrtd_session *s, enum emrtd_password_kind kind)
{
	struct emrtd_access *a = &s->result->access;
	struct emrtd_channel *c = &s->channel;
	uint32_t most = SHORT_LE;

	a->protocol = EMRTD_ACCESS_PACE;
	a->by_reader = true;
	a->password = emrtd_password_kind_name(kind);
	if (c->link_extended && c->chip_extended)
		most = c->max_response > 2 * EXTENDED_EXTRA
			   ? c->max_response - EXTENDED_EXTRA
			   : 65536 - EXTENDED_EXTRA;
	if (c->le_cap == 0 || c->le_cap > most)
		c->le_cap = most;
}

static enum emrtd_error
establish(struct emrtd_session *s, enum emrtd_password_kind kind,
    const struct emrtd_password *password, struct emrtd_diag *diag)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	struct emrtd_reader_pace_answer answer;
	enum emrtd_error e, stop;

	if (password == &s->mrz)
		emrtd_session_mrz_shown(s);
	s->result->access.tries_left = EMRTD_TRIES_UNKNOWN;
	e = send(s, kind, password, &out);
	stop = emrtd_channel_check(&s->channel, diag);
	if (stop != EMRTD_OK)
		return stop;
	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, what_it_is, NULL);
	e = emrtd_reader_pace_parse(emrtd_out_bytes(&out), &answer);
	if (e != EMRTD_OK)
		return emrtd_fail(diag, EMRTD_E_PROTOCOL,
		    "the reader's answer to PACE", NULL);
	e = judge(s, kind, &answer, diag);
	if (e == EMRTD_OK)
		e = set_rows(s, answer.card_access, diag);
	if (e == EMRTD_OK)
		take_over(s, kind);
	return e;
}

enum emrtd_error
emrtd_session_reader_pace(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_password_kind kind = s->options.reader_pace_typed;
	const struct emrtd_password *password = NULL;
	enum emrtd_error e = EMRTD_OK;

	if (!s->options.reader_pace)
		return EMRTD_E_UNSUPPORTED;
	if (!is_offered(s)) {
		emrtd_session_note(s,
		    "the reader does not offer PACE of its own");
		return EMRTD_E_UNSUPPORTED;
	}
	if (kind == EMRTD_PASSWORD_NONE) {
		password = given(s);
		if (password == NULL)
			return EMRTD_E_UNSUPPORTED;
		kind = password->kind;
	}
	/* A reader would spend the last try without asking. */
	if ((kind == EMRTD_PASSWORD_PIN || kind == EMRTD_PASSWORD_PUK) &&
	    !s->options.use_last_try)
		e = emrtd_session_pace_look(s, kind, diag);
	if (e == EMRTD_OK)
		e = establish(s, kind, password, diag);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	/* 'Unsupported' here would mean that nothing was done. */
	return e == EMRTD_E_UNSUPPORTED ? EMRTD_E_PROTOCOL : e;
}
