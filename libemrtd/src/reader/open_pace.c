/* PACE over the channel: which variant, and the exchange of its steps. */
#include "reader/session.h"

#include "access/pace.h"
#include "apdu/status_word.h"
#include "core/diag.h"
#include "core/wipe.h"

#define GENERAL_AUTHENTICATE_MAX 256

struct choice {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_group *group;
};

/* The strongest suite wins, then the larger curve. */
static bool
is_better(const struct choice *a, const struct choice *b)
{
	if (b->protocol == NULL || a->protocol->suite != b->protocol->suite)
		return b->protocol == NULL ||
		       a->protocol->suite > b->protocol->suite;
	return a->group->field_len > b->group->field_len;
}

static struct choice
choose(const struct emrtd_card_access *card_access)
{
	struct choice best = { NULL, NULL };

	for (size_t i = 0; i < card_access->n_pace; i++) {
		const struct emrtd_pace_info *info = &card_access->pace[i];
		struct choice c = { emrtd_pace_protocol_by_oid(info->oid),
			info->has_parameter_id
			    ? emrtd_group_by_id(info->parameter_id)
			    : NULL };

		if (c.protocol != NULL && c.group != NULL &&
		    emrtd_pace_protocol_fits(c.protocol, c.group) &&
		    is_better(&c, &best))
			best = c;
	}
	return best;
}

/* What a status word says about the password, Doc 9303-11 4.4.4. */
static enum emrtd_error
password_error(uint16_t sw)
{
	if (sw == 0x6983 || sw == 0x6984 || sw == 0x63C0)
		return EMRTD_E_ACCESS_BLOCKED;
	if (sw >> 8 == 0x63 || sw == 0x6982)
		return EMRTD_E_ACCESS_DENIED;
	return EMRTD_E_STATUS;
}

static enum emrtd_error
refused(struct emrtd_diag *diag, enum emrtd_error e, const char *what,
    uint16_t sw)
{
	e = emrtd_fail(diag, e, what, "Doc 9303-11 4.4.4");
	emrtd_diag_sw(diag, sw);
	return e;
}

/*
 * 63Cx warns that x tries are left and lets go on. Chips disagree on whether
 * they want the parameter id: where one is refused, the other is tried.
 */
static enum emrtd_error
set_at(struct emrtd_session *s, struct emrtd_pace *pace,
    struct emrtd_diag *diag)
{
	enum emrtd_error e;
	uint16_t sw = 0;

	for (int attempt = 0; attempt < 2; attempt++) {
		uint8_t data[64];
		struct emrtd_out out = emrtd_out(data, sizeof(data));
		struct emrtd_out none = emrtd_out(s->chunk, 256);
		struct emrtd_command c = { .ins = 0x22,
			.p1 = 0xC1,
			.p2 = 0xA4 };

		e = emrtd_pace_set_at(pace, &out);
		if (e != EMRTD_OK)
			return emrtd_fail(diag, e, "PACE", NULL);
		c.data = emrtd_out_bytes(&out);
		e = emrtd_channel_exchange(&s->channel, &c, &none, &sw, diag);
		if (e != EMRTD_OK)
			return e;
		if (sw == EMRTD_SW_OK || (sw > 0x63C0 && sw <= 0x63CF))
			return EMRTD_OK;
		if (sw != 0x6A80 && sw != 0x6A87 && sw != 0x6A88)
			break;
		pace->send_parameter_id = !pace->send_parameter_id;
	}
	/* Referenced data not found: the chip has no such password. */
	if (sw == 0x6A88)
		return refused(diag, EMRTD_E_NO_PASSWORD,
		    pace->password_kind == EMRTD_PASSWORD_CAN
			? "PACE: the chip does not take the CAN"
			: "PACE: the chip does not take the MRZ",
		    sw);
	e = password_error(sw);
	if (e == EMRTD_E_ACCESS_DENIED)
		e = EMRTD_E_STATUS; /* no password was shown yet */
	return refused(diag, e, "PACE, MSE:Set AT", sw);
}

/* One GENERAL AUTHENTICATE; the response is a view into the chunk. */
static enum emrtd_error
authenticate(struct emrtd_session *s, const struct emrtd_out *data, bool last,
    const char *what, struct emrtd_diag *diag, struct emrtd_bytes *response)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	struct emrtd_command c = { .cla = last ? 0x00 : 0x10,
		.ins = 0x86,
		.data = emrtd_out_bytes(data),
		.ne = 256 };
	enum emrtd_error e;
	uint16_t sw;

	e = emrtd_channel_exchange(&s->channel, &c, &out, &sw, diag);
	if (e != EMRTD_OK)
		return e;
	if (sw != EMRTD_SW_OK)
		return refused(diag, last ? password_error(sw) : EMRTD_E_STATUS,
		    what, sw);
	*response = emrtd_out_bytes(&out);
	return EMRTD_OK;
}

static enum emrtd_error
run_steps(struct emrtd_session *s, struct emrtd_pace *pace,
    struct emrtd_diag *diag)
{
	static const char *const names[] = { "PACE, encrypted nonce",
		"PACE, mapping", "PACE, key agreement",
		"PACE, mutual authentication" };
	struct emrtd_crypto *crypto = s->ctx->crypto;
	struct emrtd_bytes response = emrtd_bytes(NULL, 0);
	enum emrtd_error e = EMRTD_OK;

	for (unsigned step = 0; step < 4 && e == EMRTD_OK; step++) {
		uint8_t data[GENERAL_AUTHENTICATE_MAX];
		struct emrtd_out out = emrtd_out(data, sizeof(data));

		emrtd_diag_init(diag);
		switch (step) {
		case 0:
			e = emrtd_pace_get_nonce(pace, &out);
			break;
		case 1:
			e = emrtd_pace_map(pace, crypto, response,
			    &s->ctx->random, diag, &out);
			break;
		case 2:
			e = emrtd_pace_agree(pace, crypto, response,
			    &s->ctx->random, diag, &out);
			break;
		default:
			e = emrtd_pace_authenticate(pace, crypto, response,
			    diag, &out);
			break;
		}
		if (e != EMRTD_OK && diag != NULL && diag->error == EMRTD_OK)
			return emrtd_fail(diag, e, names[step], NULL);
		if (step == 3 && pace->password_kind == EMRTD_PASSWORD_MRZ)
			emrtd_session_mrz_shown(s);
		if (e == EMRTD_OK)
			e = authenticate(s, &out, step == 3, names[step], diag,
			    &response);
	}
	if (e != EMRTD_OK)
		return e;
	return emrtd_pace_finish(pace, crypto, response, diag, &s->sm, &s->cam);
}

static void
describe(struct emrtd_session *s, const struct choice *c,
    const struct emrtd_password *password)
{
	static const char *const mappings[] = {
		[EMRTD_PACE_GM] = "GM",
		[EMRTD_PACE_IM] = "IM",
		[EMRTD_PACE_CAM] = "CAM",
	};
	struct emrtd_result_access *a = &s->result->access;

	a->protocol = EMRTD_ACCESS_PACE;
	a->mapping = mappings[c->protocol->mapping];
	a->cipher = emrtd_suite(c->protocol->suite)->name;
	a->has_parameter_id = true;
	a->parameter_id = c->group->id;
	a->parameter = c->group->name;
	a->password = password->kind == EMRTD_PASSWORD_CAN ? "can" : "mrz";
}

static enum emrtd_error
open_with(struct emrtd_session *s, const struct choice *c,
    const struct emrtd_password *password, struct emrtd_diag *diag)
{
	struct emrtd_pace pace;
	enum emrtd_error e;

	e = emrtd_pace_begin(&pace, s->ctx->crypto, c->protocol, c->group,
	    s->card_access.n_pace > 1, password);
	if (e != EMRTD_OK)
		e = emrtd_fail(diag, e, "PACE", NULL);
	if (e == EMRTD_OK)
		e = set_at(s, &pace, diag);
	if (e == EMRTD_OK)
		e = run_steps(s, &pace, diag);
	if (e == EMRTD_OK) {
		emrtd_channel_secure(&s->channel, &s->sm);
		describe(s, c, password);
	}
	emrtd_pace_wipe(&pace);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	return e;
}

/* The CAN where there is one, and the MRZ where the chip has no CAN. */
enum emrtd_error
emrtd_session_pace(struct emrtd_session *s, struct emrtd_diag *diag)
{
	const struct emrtd_password *passwords[] = { &s->can, &s->mrz };
	struct choice c = choose(&s->card_access);
	enum emrtd_error e;

	if (c.protocol == NULL)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED, "PACE",
		    "Doc 9303-11 9.2");
	e = emrtd_fail(diag, EMRTD_E_NO_PASSWORD,
	    "the chip opens with PACE, which wants the MRZ or the CAN",
	    "Doc 9303-11 4.4");
	for (size_t i = 0; i < 2 && e == EMRTD_E_NO_PASSWORD; i++) {
		if (passwords[i]->kind != EMRTD_PASSWORD_NONE)
			e = open_with(s, &c, passwords[i], diag);
	}
	return e;
}
