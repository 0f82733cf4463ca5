/* Chip Authentication over the channel: which key, which way, and the proof. */
#include "reader/prove_ca.h"

#include "access/chip_auth_offers.h"
#include "apdu/status_word.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "reader/session.h"

#include <string.h>

#define INS_MANAGE       0x22
#define INS_AUTHENTICATE 0x86
#define P1_COMPUTE       0x41
#define P2_KAT           0xA6
#define P2_AT            0xA4

static const char clause[] = "Doc 9303-11 6.2";

/*
 * How a key is sent. 3DES has two ways (Doc 9303-11 6.2.4), and there are
 * chips that know only the second. What is too long for a short command goes
 * in extended length, or in parts; parts of MSE:Set KAT only where the chip
 * has announced that it takes them (Doc 9303-10 3.6.5).
 */
struct way {
	bool kat, chained;
};
#define N_WAYS 4

/* In the order of trying, where link and chip may take long commands. */
static const struct way whole_first[N_WAYS] = {
	{ true, false },
	{ true, true },
	{ false, false },
	{ false, true },
};
/*
 * Where parts are announced and extended length is not, and over links that may
 * not carry it: such a command may be their end.
 */
static const struct way parts_first[N_WAYS] = {
	{ true, true },
	{ false, true },
	{ true, false },
	{ false, false },
};

/* What came of one attempt. */
enum outcome {
	AGREED,   /* the new keys are in force on our side */
	REFUSED,  /* by the chip; the old keys live */
	NOT_SENT, /* too long for reader or chip; likewise */
	BROKEN,   /* the session has ended over it */
	LOST,     /* the link, the time, the user */
	OURS      /* we could not compute it; the old keys live */
};

/* What can go wrong before anything is sent; all else is the chip's doing. */
static bool
is_ours(enum emrtd_error e)
{
	switch (e) {
	case EMRTD_E_ARG:
	case EMRTD_E_STATE:
	case EMRTD_E_NO_MEMORY:
	case EMRTD_E_KEY:
	case EMRTD_E_ALGORITHM:
	case EMRTD_E_CRYPTO:
	case EMRTD_E_INTERNAL:
		return true;
	default:
		return false;
	}
}

static enum outcome
outcome_of(const struct emrtd_session *s, enum emrtd_error e)
{
	enum emrtd_error_class class = emrtd_error_class(e);
	bool alive = !s->channel.secured || s->sm.live;

	if (e == EMRTD_OK)
		return AGREED;
	if (s->channel.broke_extended)
		return LOST;
	if (e == EMRTD_E_STATUS)
		return alive ? REFUSED : BROKEN;
	if (alive && e == EMRTD_E_TOO_LONG)
		return NOT_SENT;
	if (class == EMRTD_CLASS_IO || class == EMRTD_CLASS_CARD)
		return LOST;
	return alive && is_ours(e) ? OURS : BROKEN;
}

/* One command whose answer is in the session's chunk. */
static enum emrtd_error
send(struct emrtd_session *s, const struct emrtd_command *command, bool chained,
    const char *what, struct emrtd_diag *diag, struct emrtd_bytes *answer)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	enum emrtd_error e;
	uint16_t sw;

	s->last_ne = 0;
	e = chained
		? emrtd_channel_chain(&s->channel, command, &out, &sw, diag)
		: emrtd_channel_exchange(&s->channel, command, &out, &sw, diag);
	if (e != EMRTD_OK)
		return e;
	*answer = emrtd_out_bytes(&out);
	if (sw == EMRTD_SW_OK)
		return EMRTD_OK;
	e = emrtd_fail(diag, EMRTD_E_STATUS, what, clause);
	emrtd_diag_sw(diag, sw);
	return e;
}

static enum emrtd_error
set_kat(struct emrtd_session *s, struct emrtd_chip_auth *ca, bool chained,
    struct emrtd_diag *diag)
{
	static const char what[] = "Chip Authentication, MSE:Set KAT";
	uint8_t data[EMRTD_CHIP_AUTH_DATA_MAX];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_command c = { .ins = INS_MANAGE,
		.p1 = P1_COMPUTE,
		.p2 = P2_KAT };
	struct emrtd_bytes answer;
	enum emrtd_error e = emrtd_chip_auth_set_kat(ca, &out);

	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, what, clause);
	c.data = emrtd_out_bytes(&out);
	return send(s, &c, chained, what, diag, &answer);
}

static enum emrtd_error
set_at(struct emrtd_session *s, struct emrtd_chip_auth *ca,
    struct emrtd_diag *diag)
{
	static const char what[] = "Chip Authentication, MSE:Set AT";
	uint8_t data[64];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_command c = { .ins = INS_MANAGE,
		.p1 = P1_COMPUTE,
		.p2 = P2_AT };
	struct emrtd_bytes answer;
	enum emrtd_error e = emrtd_chip_auth_set_at(ca, &out);

	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, what, clause);
	c.data = emrtd_out_bytes(&out);
	return send(s, &c, false, what, diag, &answer);
}

/*
 * After 9000 the chip has changed its keys, whatever else it says: an answer
 * that is none leaves no keys to go on with.
 */
static enum emrtd_error
authenticate(struct emrtd_session *s, struct emrtd_chip_auth *ca, bool chained,
    struct emrtd_diag *diag)
{
	static const char what[] = "Chip Authentication, GENERAL AUTHENTICATE";
	uint8_t data[EMRTD_CHIP_AUTH_DATA_MAX];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_command c = { .ins = INS_AUTHENTICATE,
		.ne = EMRTD_NE_SHORT };
	struct emrtd_bytes answer;
	enum emrtd_error e = emrtd_chip_auth_authenticate(ca, &out);

	if (e != EMRTD_OK)
		return emrtd_fail(diag, e, what, clause);
	c.data = emrtd_out_bytes(&out);
	e = send(s, &c, chained, what, diag, &answer);
	if (e != EMRTD_OK)
		return e;
	e = emrtd_chip_auth_answer(ca, answer);
	if (e == EMRTD_OK)
		return EMRTD_OK;
	emrtd_sm_end(&s->sm);
	return emrtd_fail(diag, e, what, clause);
}

/* With tags and lengths around the key. */
static bool
is_long(const struct emrtd_session *s, const struct emrtd_chip_auth_key *key)
{
	return key->public_key.len + 8 > emrtd_channel_part(&s->channel);
}

static bool
in_parts_first(const struct emrtd_session *s,
    const struct emrtd_chip_auth_key *key)
{
	const struct emrtd_channel *c = &s->channel;

	return is_long(s, key) &&
	       (!c->link_extended || (c->chip_chaining && !c->chip_extended));
}

static bool
is_possible(const struct emrtd_session *s,
    const struct emrtd_chip_auth_key *key, const struct way *way)
{
	if (way->kat && key->protocol->suite != EMRTD_3DES)
		return false;
	return !way->chained ||
	       (is_long(s, key) && (!way->kat || s->channel.chip_chaining));
}

/* In one command, which is longer than a short one. */
static bool
is_whole(const struct emrtd_session *s, const struct emrtd_chip_auth_key *key,
    const struct way *way)
{
	return is_long(s, key) && !way->chained;
}

/* A fresh key pair for each: what was refused once is never shown again. */
static enum emrtd_error
attempt(struct emrtd_session *s, const struct emrtd_chip_auth_key *key,
    const struct way *way, struct emrtd_diag *diag)
{
	struct emrtd_chip_auth ca;
	enum emrtd_error e;

	e = emrtd_chip_auth_begin(&ca, s->ctx->crypto, key, &s->ctx->random);
	if (e != EMRTD_OK)
		e = emrtd_fail(diag, e, "Chip Authentication", clause);
	else if (way->kat)
		e = set_kat(s, &ca, way->chained, diag);
	else
		e = set_at(s, &ca, diag);
	if (e == EMRTD_OK && !way->kat)
		e = authenticate(s, &ca, way->chained, diag);
	if (e == EMRTD_OK)
		e = emrtd_chip_auth_finish(&ca, &s->sm);
	if (e == EMRTD_OK)
		emrtd_channel_secure(&s->channel, &s->sm);
	emrtd_chip_auth_wipe(&ca);
	return e;
}

/*
 * Whose failure it is: a reader that did PACE by itself stands between, and
 * may not carry our secured commands inside its own.
 */
static enum emrtd_verdict
blame(const struct emrtd_session *s)
{
	return s->result->access.by_reader ? EMRTD_UNDETERMINED : EMRTD_FAILED;
}

/* It could not prove itself: the data are read without, and that is told. */
static enum emrtd_error
fail(struct emrtd_session *s, const struct emrtd_diag *why,
    struct emrtd_diag *diag)
{
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_CA, blame(s), why);
	s->fresh_why = "the session ended over Chip Authentication; the files "
		       "were read in a fresh one, without it";
	return emrtd_session_reopen(s, diag);
}

static enum emrtd_error
lose(struct emrtd_session *s, enum emrtd_error e, const struct emrtd_diag *why,
    struct emrtd_diag *diag)
{
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_CA, EMRTD_ABORTED, why);
	*diag = *why;
	return e;
}

/*
 * The first answer under the new keys. Only who knows the shared secret can
 * have made it, and only the owner of the private key knows it but us.
 */
static enum emrtd_error
prove(struct emrtd_session *s, const struct emrtd_chip_auth_key *key,
    struct emrtd_diag *diag)
{
	struct emrtd_diag why;
	enum emrtd_error e;

	emrtd_diag_init(&why);
	emrtd_channel_phase(&s->channel, "com");
	e = emrtd_session_read_file(s, EMRTD_EF_COM, &why);
	if (s->channel.n_verified > 0) {
		emrtd_proof_set(s->result, EMRTD_PROOF_CA, EMRTD_PASSED, NULL);
		emrtd_evidence_statement(s->result, EMRTD_PROOF_CA,
		    key->protocol->name, key->group->name);
		if (e == EMRTD_OK || emrtd_session_is_refusal(s, e))
			return EMRTD_OK;
		*diag = why;
		return e;
	}
	if (outcome_of(s, e) != BROKEN)
		return lose(s, e, &why, diag);
	why.what = "the first answer under the keys of Chip Authentication";
	why.clause = clause;
	return fail(s, &why, diag);
}

/*
 * A refusal in clear ends the session, as any bare word does; one such is
 * forgiven and the next way tried in a fresh session, since chips answer so to
 * a length that they do not take.
 */
static enum emrtd_error
go_on(struct emrtd_session *s, const struct emrtd_diag *why,
    struct emrtd_diag *diag, bool *is_over)
{
	enum emrtd_error e;

	*is_over = s->channel.bare_sw == 0 || s->n_reopened > 0;
	if (*is_over)
		return fail(s, why, diag);
	s->fresh_why = "the chip broke off the session over Chip "
		       "Authentication, and was asked again in a fresh one";
	e = emrtd_session_reopen(s, diag);
	return e == EMRTD_OK ? e : lose(s, e, diag, diag);
}

/* What has come of all attempts so far. */
struct inquiry {
	struct emrtd_diag why; /* of the last */
	bool is_over;          /* the proof is set */
	bool too_long;         /* at least one, for this reader */
	bool must_know;        /* it has refused a way that none may lack */
	bool parts_only;       /* it broke off over a long command's length */
};

/*
 * The last word, when nothing was taken. A copy would like to be told from
 * nobody but a bad reader: so neither what the chip says of its own buffers
 * counts as an excuse, nor what it refuses of all that could be sent, if the
 * standard makes it known to every chip.
 */
static enum emrtd_error
give_up(struct emrtd_session *s, struct inquiry *q)
{
	bool ours = q->too_long && !q->must_know;

	if (ours)
		q->why.what = "the chip's key is too long for this reader";
	else
		emrtd_diag_detail(&q->why,
		    "the chip refuses Chip Authentication");
	emrtd_proof_set_diag(s->result, EMRTD_PROOF_CA,
	    ours ? EMRTD_UNDETERMINED : blame(s), &q->why);
	return EMRTD_OK;
}

/* Who carries less, the link or the chip by its own word? */
static bool
is_link_too_short(const struct emrtd_session *s)
{
	const struct emrtd_channel *c = &s->channel;

	return !c->link_extended || c->chip_max_command == 0 ||
	       c->max_command < c->chip_max_command;
}

/* All ways of one key, until one is taken or the question is over. */
static enum emrtd_error
try_key(struct emrtd_session *s, const struct emrtd_chip_auth_key *key,
    struct inquiry *q, struct emrtd_diag *diag)
{
	const struct way *ways = in_parts_first(s, key) ? parts_first
							: whole_first;
	enum emrtd_error e = EMRTD_OK;

	for (size_t i = 0; i < N_WAYS && e == EMRTD_OK && !q->is_over; i++) {
		if (!is_possible(s, key, &ways[i]) ||
		    (q->parts_only && is_whole(s, key, &ways[i])))
			continue;
		e = attempt(s, key, &ways[i], &q->why);
		switch (outcome_of(s, e)) {
		case AGREED:
			q->is_over = true;
			return prove(s, key, diag);
		case REFUSED:
			q->must_know |= ways[i].kat ||
					key->protocol->suite != EMRTD_3DES;
			e = EMRTD_OK;
			break;
		case NOT_SENT:
			q->too_long |= is_link_too_short(s);
			e = EMRTD_OK;
			break;
		case BROKEN:
			q->parts_only |= s->channel.bare_sw == 0x6700 &&
					 is_whole(s, key, &ways[i]);
			e = go_on(s, &q->why, diag, &q->is_over);
			break;
		case LOST:
			return lose(s, e, &q->why, diag);
		case OURS:
			q->is_over = true;
			emrtd_proof_set_diag(s->result, EMRTD_PROOF_CA,
			    EMRTD_UNDETERMINED, &q->why);
			return EMRTD_OK;
		}
	}
	return e;
}

/* All keys, the strongest first. */
static enum emrtd_error
try_all(struct emrtd_session *s, const struct emrtd_chip_auth_offers *offers,
    struct emrtd_diag *diag)
{
	struct inquiry q = { .is_over = false };
	enum emrtd_error e = EMRTD_OK;

	emrtd_diag_init(&q.why);
	for (size_t i = 0; i < offers->n && e == EMRTD_OK && !q.is_over; i++)
		e = try_key(s, &offers->offers[i], &q, diag);
	return e != EMRTD_OK || q.is_over ? e : give_up(s, &q);
}

/* True when there is something to ask for; else the proof says why not. */
static bool
has_offers(struct emrtd_session *s, struct emrtd_chip_auth_offers *offers)
{
	struct emrtd_bytes file = emrtd_result_file(s->result, EMRTD_DG14);
	struct emrtd_security_infos infos = { .n_pace = 0 };
	struct emrtd_diag why;
	struct emrtd_bytes set;
	enum emrtd_error e;

	emrtd_diag_init(&why);
	e = emrtd_dg14_parse(file, &why, &set);
	if (e == EMRTD_OK)
		e = emrtd_security_infos_parse(set, &why, &infos);
	if (e == EMRTD_OK)
		e = emrtd_chip_auth_offers_read(s->ctx->crypto, &infos, &why,
		    offers);
	if (e == EMRTD_E_NOT_FOUND && infos.n_ca_keys > 0)
		emrtd_proof_set(s->result, EMRTD_PROOF_CA, EMRTD_NOT_RUN,
		    "the key in DG14 is for PACE with chip authentication "
		    "mapping");
	else if (e != EMRTD_OK && e != EMRTD_E_NOT_FOUND)
		emrtd_proof_set_diag(s->result, EMRTD_PROOF_CA,
		    EMRTD_UNDETERMINED, &why);
	return e == EMRTD_OK;
}

/*
 * The reason not to ask, as far as it is ours and not the chip's. A chip that
 * opens in plain is asked as well, though the standard has a session before:
 * a copy would else do without access control, to be spared the question.
 */
static const char *
why_not(const struct emrtd_session *s)
{
	emrtd_dg_set named;

	if (!emrtd_session_signed_groups(s, &named) || (named >> 14 & 1) == 0)
		return "DG14 is not in EF.SOD: nobody vouches for its key";
	return NULL;
}

enum emrtd_error
emrtd_session_prove_ca(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_chip_auth_offers offers;
	const char *reason;
	enum emrtd_error e;

	if (emrtd_result_file(s->result, EMRTD_DG14).len == 0)
		return EMRTD_OK;
	reason = why_not(s);
	if (reason != NULL) {
		emrtd_proof_set(s->result, EMRTD_PROOF_CA, EMRTD_NOT_RUN,
		    reason);
		return EMRTD_OK;
	}
	if (!has_offers(s, &offers))
		return EMRTD_OK;
	emrtd_channel_phase(&s->channel, "chip_authentication");
	emrtd_session_progress(s, EMRTD_STEP_PROVE,
	    "asking the chip to prove itself (Chip Authentication)", EMRTD_DG14,
	    0, 0);
	/* What the chip gave in another session is no evidence for this one. */
	memset(&s->result->evidence[EMRTD_PROOF_CA], 0,
	    sizeof(s->result->evidence[EMRTD_PROOF_CA]));
	e = try_all(s, &offers, diag);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	return e;
}
