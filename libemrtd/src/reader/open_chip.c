/*
 * Opening a chip in the order of Doc 9303-11 4.2: EF.CardAccess, PACE in the
 * MF, the application; without PACE the application, then BAC, else plain.
 */
#include "reader/link_sizes.h"
#include "reader/prove_cam.h"
#include "reader/session.h"

#include "access/pace.h"
#include "access/pace_protocols.h"
#include "apdu/status_word.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"

static const uint8_t aid[] = { 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };

enum emrtd_error
emrtd_session_command(struct emrtd_session *s,
    const struct emrtd_command *command, const char *what,
    struct emrtd_diag *diag)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	enum emrtd_error e;
	uint16_t sw;

	s->last_ne = 0;
	e = emrtd_channel_exchange(&s->channel, command, &out, &sw, diag);
	if (e != EMRTD_OK || sw == EMRTD_SW_OK)
		return e;
	e = emrtd_status_error(sw);
	e = emrtd_fail(diag, e == EMRTD_OK ? EMRTD_E_STATUS : e, what, NULL);
	emrtd_diag_sw(diag, sw);
	return e;
}

static enum emrtd_error
select_application(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_command c = { .ins = 0xA4,
		.p1 = 0x04,
		.p2 = 0x0C,
		.data = emrtd_bytes(aid, sizeof(aid)) };
	enum emrtd_error e;

	emrtd_channel_phase(&s->channel, "select");
	emrtd_session_progress(s, EMRTD_STEP_SELECT,
	    "selecting the passport application", EMRTD_EF_COM, 0, 0);
	e = emrtd_session_command(s, &c, "selecting the passport application",
	    diag);
	if (e != EMRTD_E_NO_FILE)
		return e;
	e = emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
	    "this chip has no passport application", "Doc 9303-10 3.6");
	emrtd_diag_sw(diag, 0x6A82);
	return e;
}

/* A chip without EF.CardAccess is one without PACE, and no error. */
static enum emrtd_error
read_card_access(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_result_file *file =
	    &s->result->files[EMRTD_EF_CARD_ACCESS];
	struct emrtd_diag ignored;
	enum emrtd_error e;

	emrtd_diag_init(&ignored);
	emrtd_channel_phase(&s->channel, "card_access");
	e = emrtd_session_read_file(s, EMRTD_EF_CARD_ACCESS, &ignored);
	/* What the MF knows of short identifiers binds no application. */
	s->no_sfi = false;
	if (e != EMRTD_OK && !emrtd_session_is_refusal(s, e)) {
		if (diag != NULL)
			*diag = ignored;
		return e;
	}
	if (e != EMRTD_OK) {
		s->no_card_access = e;
		return EMRTD_OK;
	}
	e = emrtd_card_access_parse(emrtd_bytes(file->ptr, file->len), &ignored,
	    &s->card_access);
	if (e != EMRTD_OK)
		file->status = EMRTD_FILE_MALFORMED;
	s->no_card_access = e;
	return EMRTD_OK;
}

/* The row of the step that failed, as far as it is one. */
static enum emrtd_error
row_of_failure(struct emrtd_session *s, enum emrtd_check_id id,
    enum emrtd_error e, const struct emrtd_diag *diag)
{
	enum emrtd_error_class class = emrtd_error_class(e);
	bool lost = class == EMRTD_CLASS_IO ||
		    (class == EMRTD_CLASS_CARD && e != EMRTD_E_STATUS);

	emrtd_check_set_diag(s->result, id, lost ? EMRTD_ABORTED : EMRTD_FAILED,
	    diag);
	return e;
}

static enum emrtd_error
open_with_pace(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e;

	emrtd_channel_phase(&s->channel, "pace");
	emrtd_session_progress(s, EMRTD_STEP_PACE, "opening the chip (PACE)",
	    EMRTD_EF_COM, 0, 0);
	e = emrtd_session_reader_pace(s, diag);
	if (e == EMRTD_E_UNSUPPORTED)
		e = emrtd_session_pace(s, diag);
	if (e == EMRTD_E_NO_PASSWORD)
		emrtd_check_set_diag(s->result, EMRTD_CHECK_ACCESS_PACE,
		    EMRTD_NOT_RUN, diag);
	if (e == EMRTD_E_UNSUPPORTED || e == EMRTD_E_NO_PASSWORD)
		return e;
	if (e != EMRTD_OK)
		return row_of_failure(s, EMRTD_CHECK_ACCESS_PACE, e, diag);
	if (!s->result->access.by_reader) {
		emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_PACE,
		    EMRTD_PASSED, NULL);
		emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_DOWNGRADE,
		    EMRTD_PASSED, NULL);
	}
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_BAC, EMRTD_NOT_RUN,
	    "PACE was used");
	return EMRTD_OK;
}

static void
set_plain(struct emrtd_session *s)
{
	s->result->access.protocol = EMRTD_ACCESS_PLAIN;
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_BAC, EMRTD_NOT_OFFERED,
	    "the chip does not know BAC");
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_SM, EMRTD_NOT_OFFERED,
	    "the chip was read in plain");
}

static enum emrtd_error
open_with_bac(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e;

	if (s->mrz.kind == EMRTD_PASSWORD_NONE) {
		/* Nothing to open it with: perhaps it is open. */
		if (s->can.kind == EMRTD_PASSWORD_NONE &&
		    s->pin.kind == EMRTD_PASSWORD_NONE &&
		    s->puk.kind == EMRTD_PASSWORD_NONE) {
			set_plain(s);
			return EMRTD_OK;
		}
		return emrtd_fail(diag, EMRTD_E_NO_PASSWORD,
		    "the chip opens with BAC, which wants the MRZ",
		    "Doc 9303-11 4.3");
	}
	emrtd_channel_phase(&s->channel, "bac");
	emrtd_session_progress(s, EMRTD_STEP_BAC, "opening the chip (BAC)",
	    EMRTD_EF_COM, 0, 0);
	e = emrtd_session_bac(s, diag);
	/* Unless it has refused another key before. */
	if (e == EMRTD_E_UNSUPPORTED && s->mrz_key == 0) {
		set_plain(s);
		return EMRTD_OK;
	}
	if (e != EMRTD_OK)
		return row_of_failure(s, EMRTD_CHECK_ACCESS_BAC, e, diag);
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_BAC, EMRTD_PASSED, NULL);
	return EMRTD_OK;
}

/* Rows about what EF.CardAccess offers, before anything is tried. */
static void
set_offers(struct emrtd_session *s)
{
	struct emrtd_result *r = s->result;
	bool is_rubbish = emrtd_error_class(s->no_card_access) ==
			      EMRTD_CLASS_MALFORMED ||
			  s->no_card_access == EMRTD_E_LIMIT;

	if (s->card_access.n_pace == 0) {
		emrtd_check_set(r, EMRTD_CHECK_ACCESS_PACE, EMRTD_NOT_OFFERED,
		    "EF.CardAccess offers no PACE");
		emrtd_check_set(r, EMRTD_CHECK_ACCESS_DOWNGRADE,
		    is_rubbish ? EMRTD_UNDETERMINED : EMRTD_NOT_OFFERED,
		    is_rubbish ? "EF.CardAccess is malformed: it may have "
				 "offered PACE"
			       : "the chip offers no PACE");
	}
}

/* Offered, but not in a variant that we have: BAC, told. */
static enum emrtd_error
after_no_variant(struct emrtd_session *s, struct emrtd_diag *diag)
{
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_PACE, EMRTD_UNDETERMINED,
	    "offered only in variants that this version lacks");
	if (s->options.access_policy == EMRTD_REQUIRE_PACE)
		return emrtd_fail(diag, EMRTD_E_ACCESS_POLICY,
		    "the policy wants PACE, and the chip offers it only in "
		    "variants that this version lacks",
		    "Doc 9303-11 4.2");
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_DOWNGRADE,
	    EMRTD_UNDETERMINED,
	    "PACE is offered only in variants that this version lacks; "
	    "something weaker was used");
	return EMRTD_OK;
}

/*
 * Whoever is on the link can make PACE fail to get at BAC, whose keys can be
 * guessed from a recording: only a caller that says so wants it.
 */
static enum emrtd_error
after_failure(struct emrtd_session *s, enum emrtd_error e,
    struct emrtd_diag *diag)
{
	enum emrtd_error_class class = emrtd_error_class(e);

	if (s->options.access_policy != EMRTD_ALLOW_BAC ||
	    (class != EMRTD_CLASS_MALFORMED && class != EMRTD_CLASS_CRYPTO &&
		e != EMRTD_E_STATUS && e != EMRTD_E_TOO_LONG))
		return e;
	emrtd_check_set(s->result, EMRTD_CHECK_ACCESS_DOWNGRADE, EMRTD_FAILED,
	    "PACE was offered and failed; something weaker was used, as the "
	    "policy allows");
	emrtd_session_progress(s, EMRTD_STEP_CONNECT,
	    "PACE failed: trying BAC, as the policy allows", EMRTD_EF_COM, 0,
	    0);
	emrtd_diag_init(diag);
	e = emrtd_channel_connect(&s->channel, diag);
	/* It lay there a moment ago. */
	if (e == EMRTD_E_NO_READER)
		e = emrtd_fail(diag, EMRTD_E_CARD_LOST,
		    "connecting for BAC after PACE failed", NULL);
	return e;
}

static enum emrtd_error
open_once(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = EMRTD_OK;

	if (s->card_access.n_pace > 0) {
		e = open_with_pace(s, diag);
		if (e == EMRTD_OK) {
			e = emrtd_session_prove_cam(s, diag);
			return e == EMRTD_OK ? select_application(s, diag) : e;
		}
		e = e == EMRTD_E_UNSUPPORTED ? after_no_variant(s, diag)
					     : after_failure(s, e, diag);
	} else if (s->options.access_policy == EMRTD_REQUIRE_PACE)
		e = emrtd_fail(diag, EMRTD_E_ACCESS_POLICY,
		    "the policy wants PACE, and the chip does not offer it",
		    "Doc 9303-11 4.2");
	if (e == EMRTD_OK)
		e = select_application(s, diag);
	return e == EMRTD_OK ? open_with_bac(s, diag) : e;
}

/*
 * EF.CardSecurity is read on the way in, and there are chips that break off
 * over the length of that: fresh sessions, as far as less can be asked for.
 */
static enum emrtd_error
open_with_less(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = EMRTD_E_SM_PLAIN;
	unsigned before;

	do {
		before = s->n_reopened;
		e = emrtd_session_recover(s, e, diag);
	} while (e == EMRTD_E_SM_PLAIN && s->n_reopened != before);
	return e;
}

/* What is asked in plain, before any key. */
static enum emrtd_error
look(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = emrtd_session_ask_limits(s, diag);

	return e == EMRTD_OK ? read_card_access(s, diag) : e;
}

/* A chip may count a PIN or PUK already when it gives a nonce for it. */
static bool
may_show_again(const struct emrtd_session *s)
{
	return s->pin.kind == EMRTD_PASSWORD_NONE &&
	       s->puk.kind == EMRTD_PASSWORD_NONE;
}

enum emrtd_error
emrtd_session_open(struct emrtd_session *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = look(s, diag);

	if (e != EMRTD_OK && emrtd_session_go_short(s, e, diag) == EMRTD_OK)
		e = look(s, diag);
	if (e != EMRTD_OK)
		return e;
	set_offers(s);
	e = emrtd_session_try_keys(s, open_once, diag);
	if (e != EMRTD_OK && may_show_again(s) &&
	    emrtd_session_go_short(s, e, diag) == EMRTD_OK)
		e = emrtd_session_try_keys(s, open_once, diag);
	return e == EMRTD_E_SM_PLAIN ? open_with_less(s, diag) : e;
}

enum emrtd_error
emrtd_session_open_again(struct emrtd_session *s, struct emrtd_diag *diag)
{
	return open_once(s, diag);
}
