/*
 * Whole readings with somebody in the chip's place, or between it and us, who
 * changes what PACE is made of: each ends with its own error, with PACE
 * failed, and nothing is read.
 */
#include "apdu/apdu.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "crypto/group.h"
#include "emrtd_test.h"
#include "result/result.h"
#include "tlv_games.h"
#include "virtual_read.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#define CAP 1200

static struct emrtd_crypto *crypto;

/* One document each; IM has no key in its second step. */
static const struct protocol {
	const char *name;
	uint8_t parameter;
} protocols[] = {
	{ "id-PACE-ECDH-GM-3DES-CBC-CBC", 8 },
	{ "id-PACE-ECDH-GM-AES-CBC-CMAC-128", 12 },
	{ "id-PACE-ECDH-GM-AES-CBC-CMAC-128", 10 },
	{ "id-PACE-ECDH-GM-AES-CBC-CMAC-192", 13 },
	{ "id-PACE-ECDH-GM-AES-CBC-CMAC-256", 18 },
	{ "id-PACE-ECDH-GM-AES-CBC-CMAC-256", 17 },
	{ "id-PACE-ECDH-IM-AES-CBC-CMAC-128", 14 },
	{ "id-PACE-ECDH-CAM-AES-CBC-CMAC-128", 13 },
	{ "id-PACE-ECDH-CAM-AES-CBC-CMAC-256", 16 },
	{ "id-PACE-DH-GM-3DES-CBC-CBC", 0 },
	{ "id-PACE-DH-GM-AES-CBC-CMAC-128", 1 },
	{ "id-PACE-DH-IM-AES-CBC-CMAC-256", 2 },
};

#define N_PROTOCOLS (sizeof(protocols) / sizeof(*protocols))

/* ---- Elements that are none ---------------------------------------------- */

struct wrong {
	const char *name;
	/* Appends; ours is what the reader has just sent. */
	void (*make)(const struct emrtd_group *group, struct emrtd_bytes ours,
	    struct emrtd_bytes chips, struct emrtd_out *out);
};

static void
nothing(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	(void)chips;
	(void)out;
}

static void
our_own(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)chips;
	emrtd_put(out, ours);
}

static void
one_byte_short(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	chips.len--;
	emrtd_put(out, chips);
}

static void
one_byte_long(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	emrtd_put(out, chips);
	emrtd_put_u8(out, 0);
}

static void
infinity(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	(void)chips;
	emrtd_put_u8(out, 0);
}

static void
zeros(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	emrtd_put_u8(out, 4);
	emrtd_put_fill(out, 0, 2 * group->field_len);
}

static void
past_p(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	if (group->kind == EMRTD_GROUP_EC)
		emrtd_put_u8(out, 4);
	emrtd_put_fill(out, 0xFF,
	    group->kind == EMRTD_GROUP_EC ? 2 * group->field_len
					  : group->field_len);
}

static void
off_the_curve(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	size_t at = out->len;

	(void)group;
	(void)ours;
	emrtd_put(out, chips);
	if (!out->bad)
		out->ptr[at + chips.len - 1] ^= 1;
}

static void
compressed(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	emrtd_put_u8(out, 2 | (chips.ptr[chips.len - 1] & 1));
	emrtd_put(out, emrtd_bytes(chips.ptr + 1, group->field_len));
}

static void
hybrid(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	emrtd_put_u8(out, 6 | (chips.ptr[chips.len - 1] & 1));
	emrtd_put(out, emrtd_bytes(chips.ptr + 1, chips.len - 1));
}

/* x of no point of this curve: it is one of its twist, whatever y is. */
static void
on_the_twist(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(
	    OBJ_sn2nid(group->ossl_name));
	EC_POINT *p = EC_POINT_new(curve);
	BIGNUM *x = BN_bin2bn(chips.ptr + 1, (int)group->field_len, NULL);
	uint8_t buf[EMRTD_FIELD_MAX];

	(void)ours;
	BN_set_bit(x, 0);
	for (int i = 0;
	     EC_POINT_set_compressed_coordinates(curve, p, x, 0, NULL) == 1;
	     i++) {
		assert_true(i < 200);
		assert_int_equal(BN_sub_word(x, 2), 1);
	}
	assert_int_equal(BN_bn2binpad(x, buf, (int)group->field_len),
	    (int)group->field_len);
	emrtd_put_u8(out, 4);
	emrtd_put(out, emrtd_bytes(buf, group->field_len));
	emrtd_put(out,
	    emrtd_bytes(chips.ptr + 1 + group->field_len, group->field_len));
	BN_free(x);
	EC_POINT_free(p);
	EC_GROUP_free(curve);
}

/* The generator of another curve whose coordinates are as long. */
static void
of_another_curve(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	uint8_t key[EMRTD_FIELD_MAX];
	struct emrtd_element element;

	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);

		if (g->kind != EMRTD_GROUP_EC || g == group ||
		    g->field_len != group->field_len)
			continue;
		memset(key, 0, sizeof(key));
		key[g->order_len - 1] = 1;
		assert_ok(
		    emrtd_group_public_key(crypto, g, NULL, key, &element));
		emrtd_put(out, emrtd_bytes(element.bytes, element.len));
		return;
	}
	/* P-521 is alone: a point that is as long is not. */
	off_the_curve(group, ours, chips, out);
}

static const struct wrong wrong_points[] = {
	{ "nothing", nothing },
	{ "our own key", our_own },
	{ "a byte short", one_byte_short },
	{ "a byte long", one_byte_long },
	{ "infinity", infinity },
	{ "(0, 0)", zeros },
	{ "coordinates past p", past_p },
	{ "off the curve", off_the_curve },
	{ "compressed", compressed },
	{ "hybrid", hybrid },
	{ "on the twist", on_the_twist },
	{ "on another curve", of_another_curve },
};

/* p + delta, as a number. */
static void
put_near_p(const struct emrtd_group *group, int delta, struct emrtd_out *out)
{
	BIGNUM *n = BN_bin2bn(group->p.ptr, (int)group->p.len, NULL);
	uint8_t buf[EMRTD_FIELD_MAX];

	assert_int_equal(delta < 0 ? BN_sub_word(n, (BN_ULONG)-delta)
				   : BN_add_word(n, (BN_ULONG)delta),
	    1);
	assert_int_equal(BN_bn2binpad(n, buf, (int)group->field_len),
	    (int)group->field_len);
	emrtd_put(out, emrtd_bytes(buf, group->field_len));
	BN_free(n);
}

static void
zero(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	emrtd_put_fill(out, 0, group->field_len);
}

static void
one(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)group;
	(void)ours;
	(void)chips;
	emrtd_put_u8(out, 1);
}

static void
minus_one(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	put_near_p(group, -1, out);
}

static void
p_itself(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	put_near_p(group, 0, out);
}

static void
p_plus_one(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	(void)ours;
	(void)chips;
	put_near_p(group, 1, out);
}

/* -y: its order is even, and that of the group is not. */
static void
outside_the_subgroup(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	BIGNUM *p = BN_bin2bn(group->p.ptr, (int)group->p.len, NULL);
	BIGNUM *y = BN_bin2bn(chips.ptr, (int)chips.len, NULL);
	uint8_t buf[EMRTD_FIELD_MAX];

	(void)ours;
	assert_int_equal(BN_sub(y, p, y), 1);
	assert_int_equal(BN_bn2binpad(y, buf, (int)group->field_len),
	    (int)group->field_len);
	emrtd_put(out, emrtd_bytes(buf, group->field_len));
	BN_free(y);
	BN_free(p);
}

static const struct wrong wrong_numbers[] = {
	{ "nothing", nothing },
	{ "our own key", our_own },
	{ "a byte short", one_byte_short },
	{ "a byte long", one_byte_long },
	{ "0", zero },
	{ "1", one },
	{ "p - 1", minus_one },
	{ "p", p_itself },
	{ "p + 1", p_plus_one },
	{ "past p", past_p },
	{ "outside the subgroup", outside_the_subgroup },
};

/* ---- The one between ----------------------------------------------------- */

struct attacker {
	struct virtual_link link;
	const struct emrtd_group *group;
	uint8_t tag; /* of the answer that is changed */
	const struct wrong *wrong;
	/* Or a game with one object of it. */
	enum tlv_game game;
	size_t object;
	bool played;
	bool same; /* the game changed nothing: an object was empty */
};

/* 7C{tag value} of a GENERAL AUTHENTICATE in clear. */
static bool
object_of(struct emrtd_bytes data, uint32_t *tag, struct emrtd_bytes *value)
{
	struct emrtd_bytes inner;

	return emrtd_tlv(&data, 0x7C, &inner) &&
	       emrtd_tlv_any(&inner, tag, value);
}

static void
put_answer(struct emrtd_out *response, uint32_t tag, struct emrtd_bytes value)
{
	size_t mark;

	response->len = 0;
	mark = emrtd_open(response, 0x7C);
	emrtd_put_tlv(response, tag, value);
	emrtd_close(response, mark);
	emrtd_put_u16(response, 0x9000);
}

static enum emrtd_error
attack(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct attacker *a = link->self;
	struct emrtd_bytes answer = { response->ptr, response->len - 2 };
	struct emrtd_bytes ours = { NULL, 0 }, chips;
	uint8_t buf[CAP], old[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_command sent;
	uint32_t tag;

	(void)timeout_ms;
	if (a->played || command.ptr[1] != 0x86 || (command.ptr[0] & 0x0C) ||
	    !object_of(answer, &tag, &chips) || tag != a->tag)
		return EMRTD_OK;
	if (a->wrong != NULL) {
		/* In one command: these keys are short enough, or the link
		 * takes long ones. */
		assert_ok(emrtd_command_decode(command, &sent));
		(void)object_of(sent.data, &tag, &ours);
		memcpy(old, chips.ptr, chips.len);
		chips.ptr = old;
		a->wrong->make(a->group, ours, chips, &out);
		assert_false(out.bad);
		put_answer(response, a->tag, emrtd_out_bytes(&out));
		a->played = true;
		return EMRTD_OK;
	}
	if (!tlv_play(answer, a->object, a->game, &out))
		return EMRTD_OK;
	a->played = true;
	a->same = emrtd_bytes_equal(answer, emrtd_out_bytes(&out));
	response->len = 0;
	emrtd_put(response, emrtd_out_bytes(&out));
	emrtd_put_u16(response, 0x9000);
	return EMRTD_OK;
}

static struct emrtd_card *
issue(const struct protocol *p, struct virtual_read *v, struct attacker *a)
{
	struct emrtd_card *card = NULL;

	virtual_read_init(v);
	memset(a, 0, sizeof(*a));
	v->profile.pace[0].oid = emrtd_card_pace_by_name(p->name);
	assert_non_null(v->profile.pace[0].oid);
	v->profile.pace[0].parameter_id = p->parameter;
	v->extended_link = true;
	v->with_atr = true;
	assert_ok(emrtd_card_issue(NULL, &v->profile, NULL, &card));
	v->card = card;
	v->link = &a->link;
	a->link.answered = attack;
	a->link.self = a;
	a->group = emrtd_group_by_id(p->parameter);
	return card;
}

/* Not a byte of a data group came, and PACE is what failed. */
static void
assert_refused(const char *what, const char *how, struct emrtd_result *r,
    enum emrtd_error e)
{
	if (e == EMRTD_OK ||
	    virtual_verdict(r, "access.pace") != EMRTD_FAILED ||
	    emrtd_result_overall(r) != EMRTD_OVERALL_UNDETERMINED ||
	    emrtd_result_file(r, EMRTD_DG1).len != 0)
		fail_msg("%s, %s: %s, access.pace %s, %s", what, how,
		    emrtd_error_name(e),
		    emrtd_verdict_name(virtual_verdict(r, "access.pace")),
		    emrtd_overall_verdict_name(emrtd_result_overall(r)));
	assert_int_equal(
	    emrtd_result_check(r, EMRTD_CHECK_ACCESS_PACE)->diag.error, e);
}

static void
refuse(const struct protocol *p, struct virtual_read *v, struct attacker *a,
    const struct wrong *wrong)
{
	struct emrtd_result *r;
	enum emrtd_error e;

	a->played = false;
	a->wrong = wrong;
	e = virtual_run(v, &r, NULL);
	if (!a->played)
		fail_msg("%s has no answer %02X", p->name, a->tag);
	assert_refused(p->name, wrong->name, r, e);
	if (e != EMRTD_E_KEY)
		fail_msg("%s, answer %02X, %s: %s", p->name, a->tag,
		    wrong->name, emrtd_error_name(e));
	emrtd_result_free(&r);
}

static void
no_element_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_PROTOCOLS; i++) {
		const struct protocol *p = &protocols[i];
		bool im = strstr(p->name, "-IM-") != NULL;
		bool ec = strstr(p->name, "ECDH") != NULL;
		size_t n = ec ? sizeof(wrong_points) / sizeof(*wrong_points)
			      : sizeof(wrong_numbers) / sizeof(*wrong_numbers);
		struct virtual_read v;
		struct attacker a;
		struct emrtd_card *card = issue(p, &v, &a);

		for (a.tag = im ? 0x84 : 0x82; a.tag <= 0x84; a.tag += 2)
			for (size_t k = 0; k < n; k++)
				refuse(p, &v, &a,
				    ec ? &wrong_points[k] : &wrong_numbers[k]);
		emrtd_card_free(&card);
	}
}

/* ---- Tokens -------------------------------------------------------------- */

static const struct wrong reflected = { "our own token", our_own };

static void
flip(const struct emrtd_group *group, struct emrtd_bytes ours,
    struct emrtd_bytes chips, struct emrtd_out *out)
{
	off_the_curve(group, ours, chips, out);
}

static const struct wrong flipped = { "a bit", flip };

static void
no_token_but_the_chips(void **state)
{
	static const struct wrong *const wrongs[] = { &reflected, &flipped };

	(void)state;
	for (size_t i = 0; i < 2 * N_PROTOCOLS; i++) {
		const struct protocol *p = &protocols[i / 2];
		struct virtual_read v;
		struct attacker a;
		struct emrtd_card *card = issue(p, &v, &a);
		struct emrtd_result *r;
		enum emrtd_error e;

		a.tag = 0x86;
		a.wrong = wrongs[i % 2];
		e = virtual_run(&v, &r, NULL);
		assert_true(a.played);
		assert_refused(p->name, a.wrong->name, r, e);
		assert_error(e, EMRTD_E_TOKEN);
		emrtd_result_free(&r);
		emrtd_card_free(&card);
	}
}

/* ---- Objects ------------------------------------------------------------- */

/*
 * What was only written in another way is what it was; all else is refused,
 * or proves nothing: of DO'8A' beside the token, which PACE can do without.
 */
static void
judge(const struct protocol *p, const struct attacker *a,
    struct emrtd_result *r, enum emrtd_error e)
{
	bool cam = strstr(p->name, "-CAM-") != NULL;

	if (e == EMRTD_OK && (a->same || a->game == TLV_LONG_LENGTH))
		return;
	if (e != EMRTD_OK || !cam || a->tag != 0x86) {
		assert_refused(p->name, tlv_game_name(a->game), r, e);
		return;
	}
	assert_int_not_equal(virtual_verdict(r, "chip.cam"), EMRTD_PASSED);
	assert_int_not_equal(emrtd_result_overall(r), EMRTD_OVERALL_GENUINE);
}

static void
no_game_is_won(void **state)
{
	static const uint8_t tags[] = { 0x80, 0x82, 0x84, 0x86 };
	/* One of each mapping, and numbers. */
	static const size_t some[] = { 1, 6, 7, 10 };

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
		const struct protocol *p = &protocols[some[i]];
		struct virtual_read v;
		struct attacker a;
		struct emrtd_card *card = issue(p, &v, &a);

		for (size_t k = 0; k < sizeof(tags) * TLV_N_GAMES; k++) {
			a.tag = tags[k / TLV_N_GAMES];
			a.game = (enum tlv_game)(k % TLV_N_GAMES);
			for (a.object = 0;; a.object++) {
				struct emrtd_result *r;
				enum emrtd_error e;

				a.played = false;
				e = virtual_run(&v, &r, NULL);
				if (a.played)
					judge(p, &a, r, e);
				emrtd_result_free(&r);
				if (!a.played)
					break;
			}
			assert_true(a.object >= 1);
		}
		emrtd_card_free(&card);
	}
}

static int
setup(void **state)
{
	int failed = setup_crypto(state);

	crypto = *state;
	return failed;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_element_is_taken),
		cmocka_unit_test(no_token_but_the_chips),
		cmocka_unit_test(no_game_is_won),
	};

	return cmocka_run_group_tests(tests, setup, teardown_crypto);
}
