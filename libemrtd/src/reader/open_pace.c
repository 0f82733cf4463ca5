/*
 * PACE over the channel: with which password, in which way, and the exchange
 * of its steps.
 */
#include "reader/session.h"

#include "access/pace.h"
#include "apdu/status_word.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "reader/pace_choice.h"
#include "reader/pace_status.h"

/* A key of DH in its tags. */
#define GENERAL_AUTHENTICATE_MAX (EMRTD_ELEMENT_MAX + 32)
#define SHORT_DATA               255

#define CLA_CHAIN 0x10

/*
 * The ways to send the steps. By the standard they are a chain of commands,
 * and a key that is too long for a short command goes in an extended one.
 * Chips exist that want it otherwise: a bit for each departure.
 */
enum way {
	WAY_STANDARD = 0,
	WAY_NO_CHAIN = 1 << 0, /* CLA 00 in every step */
	WAY_IN_PARTS = 1 << 1  /* long data in parts, or if it was, extended */
};

static const char *
describe_way(unsigned ways)
{
	static const char *const texts[] = { NULL,
		"PACE without command chaining",
		"PACE with long keys sent in the other of two ways",
		"PACE without command chaining, and with long keys sent in the "
		"other of two ways" };

	return texts[ways & (WAY_NO_CHAIN | WAY_IN_PARTS)];
}

/* Which departure a refusal asks for, that was not made yet; 0: none. */
static unsigned
other_way(uint16_t sw, bool is_long, unsigned ways)
{
	/* Chained: last command expected, not supported; unknown class. */
	bool chain = sw == 0x6883 || sw == 0x6884 || sw == 0x6E00;

	if (is_long && (chain || sw == 0x6700) && (ways & WAY_IN_PARTS) == 0)
		return WAY_IN_PARTS;
	return chain && (ways & WAY_NO_CHAIN) == 0 ? WAY_NO_CHAIN : 0;
}

/* What one run of PACE works on. */
struct run {
	struct emrtd_session *s;
	const struct emrtd_pace_choice *choice;
	const struct emrtd_password *password;
	struct emrtd_pace pace;
	unsigned next_way; /* that the last refusal asks for */
};

static enum emrtd_error
refused(struct run *run, enum emrtd_pace_status status, const char *what,
    uint16_t sw, struct emrtd_diag *diag)
{
	struct emrtd_access *access = &run->s->result->access;
	char text[] = "0 tries left";
	bool is_one = access->tries_left == 1;
	enum emrtd_error e;

	e = emrtd_pace_status_error(status, run->password->kind, diag);
	if (status == EMRTD_PACE_OTHER)
		e = emrtd_fail(diag, EMRTD_E_STATUS, what, "Doc 9303-11 4.4.4");
	emrtd_diag_sw(diag, sw);
	if (e == EMRTD_E_ACCESS_DENIED && access->tries_left > 0 &&
	    access->tries_left < 10) {
		text[0] = (char)('0' + access->tries_left);
		emrtd_session_also(diag, is_one ? "1 try left" : text);
	}
	if (status == EMRTD_PACE_WRONG || status == EMRTD_PACE_BLOCKED)
		emrtd_session_tell_slow(run->s, diag);
	return e;
}

static void
note_tries(struct run *run, uint16_t sw)
{
	int tries = emrtd_pace_tries_left(sw);

	if (tries >= 0)
		run->s->result->access.tries_left = tries;
}

/*
 * Chips disagree on whether they want the parameter id: where one is refused,
 * the other is tried. Nothing is shown of the password yet.
 */
static enum emrtd_error
set_at(struct run *run, struct emrtd_diag *diag)
{
	struct emrtd_session *s = run->s;
	struct emrtd_pace *pace = &run->pace;
	enum emrtd_pace_status status;
	uint16_t sw = 0;

	for (int attempt = 0; attempt < 2; attempt++) {
		uint8_t data[64];
		struct emrtd_out out = emrtd_out(data, sizeof(data));
		struct emrtd_out none = emrtd_out(s->chunk, 256);
		struct emrtd_command c = { .ins = 0x22,
			.p1 = 0xC1,
			.p2 = 0xA4 };
		enum emrtd_error e = emrtd_pace_set_at(pace, &out);

		if (e != EMRTD_OK)
			return emrtd_fail(diag, e, "PACE", NULL);
		c.data = emrtd_out_bytes(&out);
		e = emrtd_session_slow_exchange(s, &c, false, &none, &sw, diag);
		if (e != EMRTD_OK)
			return e;
		if ((sw != 0x6A80 && sw != 0x6A87 && sw != 0x6A88) ||
		    !run->choice->has_parameter_id)
			break;
		pace->send_parameter_id = !pace->send_parameter_id;
	}
	note_tries(run, sw);
	status = emrtd_pace_status_at_set(sw, run->password->kind);
	if (status == EMRTD_PACE_LAST_TRY && s->options.use_last_try)
		status = EMRTD_PACE_GO_ON;
	if (status == EMRTD_PACE_GO_ON)
		return EMRTD_OK;
	return refused(run, status, "PACE, MSE:Set AT", sw, diag);
}

/* Extended length is allowed here without an announcement: 9303-11 9.3.1.2. */
static bool
in_parts(const struct emrtd_session *s)
{
	bool other = (s->pace_ways & WAY_IN_PARTS) != 0;

	return s->channel.link_extended ? other : !other;
}

/* One GENERAL AUTHENTICATE; the response is a view into the chunk. */
static enum emrtd_error
authenticate(struct run *run, const struct emrtd_out *data, bool last,
    const char *what, struct emrtd_diag *diag, struct emrtd_bytes *response)
{
	struct emrtd_session *s = run->s;
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	bool is_long = data->len > SHORT_DATA, parts = is_long && in_parts(s);
	bool chain = !last && (s->pace_ways & WAY_NO_CHAIN) == 0;
	struct emrtd_command c = { .cla = chain ? CLA_CHAIN : 0x00,
		.ins = 0x86,
		.data = emrtd_out_bytes(data),
		.ne = is_long && !parts ? 65536 : 256 };
	enum emrtd_pace_status status;
	enum emrtd_error e;
	uint16_t sw;

	e = emrtd_session_slow_exchange(s, &c, parts, &out, &sw, diag);
	if (e != EMRTD_OK)
		return e;
	status = emrtd_pace_status_at_step(sw, run->password->kind, last);
	if (status == EMRTD_PACE_GO_ON) {
		*response = emrtd_out_bytes(&out);
		return EMRTD_OK;
	}
	note_tries(run, sw);
	if (status == EMRTD_PACE_OTHER && !last)
		run->next_way = other_way(sw, is_long, s->pace_ways);
	return refused(run, status, what, sw, diag);
}

static enum emrtd_error
make_step(struct run *run, unsigned step, struct emrtd_bytes response,
    struct emrtd_diag *diag, struct emrtd_out *out)
{
	const struct emrtd_random *random = &run->s->ctx->random;
	struct emrtd_crypto *crypto = run->s->ctx->crypto;

	switch (step) {
	case 0:
		return emrtd_pace_get_nonce(&run->pace, out);
	case 1:
		return emrtd_pace_map(&run->pace, crypto, response, random,
		    diag, out);
	case 2:
		return emrtd_pace_agree(&run->pace, crypto, response, random,
		    diag, out);
	default:
		return emrtd_pace_authenticate(&run->pace, crypto, response,
		    diag, out);
	}
}

static enum emrtd_error
run_steps(struct run *run, struct emrtd_diag *diag)
{
	static const char *const names[] = { "PACE, encrypted nonce",
		"PACE, mapping", "PACE, key agreement",
		"PACE, mutual authentication" };
	struct emrtd_bytes response = emrtd_bytes(NULL, 0);
	struct emrtd_session *s = run->s;
	enum emrtd_error e = EMRTD_OK;

	for (unsigned step = 0; step < 4 && e == EMRTD_OK; step++) {
		uint8_t data[GENERAL_AUTHENTICATE_MAX];
		struct emrtd_out out = emrtd_out(data, sizeof(data));

		emrtd_diag_init(diag);
		e = make_step(run, step, response, diag, &out);
		if (e != EMRTD_OK && diag != NULL && diag->error == EMRTD_OK)
			return emrtd_fail(diag, e, names[step], NULL);
		if (step == 3 && run->password->kind == EMRTD_PASSWORD_MRZ)
			emrtd_session_mrz_shown(s);
		if (e == EMRTD_OK)
			e = authenticate(run, &out, step == 3, names[step],
			    diag, &response);
	}
	if (e != EMRTD_OK)
		return e;
	return emrtd_pace_finish(&run->pace, s->ctx->crypto, response, diag,
	    &s->sm, &s->cam);
}

static void
describe(struct emrtd_session *s, const struct emrtd_pace_choice *c,
    const struct emrtd_password *password)
{
	struct emrtd_access *a = &s->result->access;

	a->protocol = EMRTD_ACCESS_PACE;
	a->by_reader = false; /* not in this session, whatever was before */
	a->mapping = emrtd_pace_map_row(c->protocol->mapping)->name;
	a->cipher = emrtd_suite(c->protocol->suite)->name;
	a->has_parameter_id = true;
	a->parameter_id = c->group->id;
	a->parameter = c->group->name;
	a->password = emrtd_password_kind_name(password->kind);
	a->workaround = describe_way(s->pace_ways);
}

static enum emrtd_error
run_once(struct run *run, struct emrtd_diag *diag)
{
	const struct emrtd_pace_choice *c = run->choice;
	struct emrtd_session *s = run->s;
	enum emrtd_error e;

	run->next_way = 0;
	e = emrtd_pace_begin(&run->pace, s->ctx->crypto, c->protocol, c->group,
	    c->has_parameter_id && c->is_ambiguous, run->password);
	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, "PACE", NULL);
	run->pace.parameter_id = c->parameter_id;
	e = set_at(run, diag);
	if (e == EMRTD_OK)
		e = run_steps(run, diag);
	emrtd_pace_wipe(&run->pace);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	return e;
}

/*
 * A chip that wants the steps in another way gets them so, on a chip that is
 * freshly reset; each departure once. Not with a PIN or PUK: some chips count
 * a try when they give the nonce.
 */
static bool
try_other_way(struct run *run, struct emrtd_diag *diag, enum emrtd_error *e)
{
	struct emrtd_session *s = run->s;

	if (*e != EMRTD_E_STATUS || run->next_way == 0 ||
	    run->password->kind == EMRTD_PASSWORD_PIN ||
	    run->password->kind == EMRTD_PASSWORD_PUK)
		return false;
	s->pace_ways |= run->next_way;
	emrtd_session_progress(s, EMRTD_STEP_PACE,
	    "opening the chip again (PACE in another way)", EMRTD_EF_COM, 0, 0);
	emrtd_diag_init(diag);
	*e = emrtd_channel_connect(&s->channel, diag);
	/* It lay there a moment ago. */
	if (*e == EMRTD_E_NO_READER)
		*e = emrtd_fail(diag, EMRTD_E_CARD_LOST,
		    "connecting for PACE in another way", NULL);
	return *e == EMRTD_OK;
}

static enum emrtd_error
open_with(struct emrtd_session *s, const struct emrtd_pace_choice *c,
    const struct emrtd_password *password, struct emrtd_diag *diag)
{
	struct run run = { .s = s, .choice = c, .password = password };
	enum emrtd_error e;

	s->result->access.tries_left = EMRTD_TRIES_UNKNOWN;
	do
		e = run_once(&run, diag);
	while (try_other_way(&run, diag, &e));
	if (e == EMRTD_OK) {
		emrtd_channel_secure(&s->channel, &s->sm);
		describe(s, c, password);
	}
	emrtd_wipe(&run, sizeof(run));
	return e;
}

/* Which variant, by EF.CardAccess as it was read. */
static bool
choose(struct emrtd_session *s, struct emrtd_pace_choice *out)
{
	const struct emrtd_result_file *file =
	    &s->result->files[EMRTD_EF_CARD_ACCESS];
	struct emrtd_security_infos infos;
	struct emrtd_bytes bytes;

	return emrtd_card_access_infos(emrtd_bytes(file->ptr, file->len),
		   &bytes) &&
	       emrtd_security_infos_parse(bytes, NULL, &infos) == EMRTD_OK &&
	       emrtd_pace_choose(s->ctx->crypto, &infos, out);
}

/*
 * What is printed before what is secret, which a chip blocks: the CAN where
 * there is one, and the next where the chip does not take it.
 */
enum emrtd_error
emrtd_session_pace(struct emrtd_session *s, struct emrtd_diag *diag)
{
	const struct emrtd_password *passwords[] = { &s->can, &s->mrz, &s->pin,
		&s->puk };
	struct emrtd_pace_choice c;
	enum emrtd_error e;

	if (!choose(s, &c))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED, "PACE",
		    "Doc 9303-11 9.2");
	e = emrtd_fail(diag, EMRTD_E_NO_PASSWORD,
	    "the chip opens with PACE, which wants the MRZ or the CAN",
	    "Doc 9303-11 4.4");
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]) &&
			   e == EMRTD_E_NO_PASSWORD;
	     i++) {
		if (passwords[i]->kind != EMRTD_PASSWORD_NONE)
			e = open_with(s, &c, passwords[i], diag);
	}
	return e;
}

enum emrtd_error
emrtd_session_pace_look(struct emrtd_session *s, enum emrtd_password_kind kind,
    struct emrtd_diag *diag)
{
	/* Nothing is made of it: the chip is not shown anything. */
	const struct emrtd_password none = { .kind = kind,
		.len = 1,
		.text = "0" };
	struct emrtd_pace_choice c;
	struct run run = { .s = s, .choice = &c, .password = &none };
	enum emrtd_error e;

	if (!choose(s, &c))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED, "PACE",
		    "Doc 9303-11 9.2");
	e = emrtd_pace_begin(&run.pace, s->ctx->crypto, c.protocol, c.group,
	    c.has_parameter_id && c.is_ambiguous, &none);
	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, "PACE", NULL);
	run.pace.parameter_id = c.parameter_id;
	s->result->access.tries_left = EMRTD_TRIES_UNKNOWN;
	e = set_at(&run, diag);
	emrtd_pace_wipe(&run.pace);
	return e;
}
