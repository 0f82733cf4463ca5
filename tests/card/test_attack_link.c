/*
 * Whole readings with somebody on the link, or behind it: answers changed,
 * replayed, doubled or given in clear inside a session, EF.CardAccess hidden
 * or weakened, and files whose objects are not what they say.
 */
#include "card/chip.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "emrtd_test.h"
#include "result/result.h"
#include "tlv_games.h"
#include "virtual_read.h"

#include <stdlib.h>

#define CAP 4096

/* ---- Secure messaging ---------------------------------------------------- */

/* What opens the chip, and with it the cipher of the session. */
static const struct way {
	const char *name;
	const char *pace; /* NULL: BAC */
} ways[] = {
	{ "BAC", NULL },
	{ "3DES", "id-PACE-ECDH-GM-3DES-CBC-CBC" },
	{ "AES-128", "id-PACE-ECDH-GM-AES-CBC-CMAC-128" },
	{ "AES-192", "id-PACE-ECDH-GM-AES-CBC-CMAC-192" },
	{ "AES-256", "id-PACE-ECDH-GM-AES-CBC-CMAC-256" },
};

#define N_WAYS (sizeof(ways) / sizeof(*ways))

struct attacker {
	struct virtual_link link;
	struct emrtd_card *card;
	unsigned at; /* protected answer that is attacked, from 1 */
	unsigned n;  /* protected answers so far */
	size_t bit;  /* of it */
	bool played;
	uint8_t kept[CAP]; /* the answer before */
	size_t kept_len;
	enum emrtd_error (*act)(struct attacker *a, struct emrtd_bytes command,
	    struct emrtd_out *response);
};

static enum emrtd_error
answered(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct attacker *a = link->self;
	enum emrtd_error e = EMRTD_OK;

	(void)timeout_ms;
	if ((command.ptr[0] & 0x0C) != 0x0C)
		return EMRTD_OK;
	if (++a->n == a->at) {
		a->played = true;
		e = a->act(a, command, response);
	}
	assert_true(response->len <= sizeof(a->kept));
	memcpy(a->kept, response->ptr, response->len);
	a->kept_len = response->len;
	return e;
}

static enum emrtd_error
flip_bit(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)command;
	if (a->bit / 8 < response->len)
		response->ptr[a->bit / 8] ^= (uint8_t)(1u << a->bit % 8);
	else
		a->played = false;
	return EMRTD_OK;
}

static enum emrtd_error
replay(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)command;
	memcpy(response->ptr, a->kept, a->kept_len);
	response->len = a->kept_len;
	return EMRTD_OK;
}

/* The chip hears it twice, and its counter goes on twice. */
static enum emrtd_error
command_twice(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	uint8_t buf[CAP];
	struct emrtd_out second = emrtd_out(buf, sizeof(buf));

	(void)response;
	assert_ok(emrtd_card_transmit(a->card, command, &second));
	return EMRTD_OK;
}

/* An answer of a counter that has not come yet. */
static enum emrtd_error
skip_one(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	struct emrtd_sm *sm = &a->card->session.sm;
	uint8_t work_buf[64];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	uint8_t mac[EMRTD_MAC_LEN];
	struct emrtd_bytes covered;

	(void)command;
	(void)work;
	emrtd_sm_count(sm);
	response->len = 0;
	emrtd_put_tlv_head(response, 0x99, 2);
	emrtd_put_u16(response, 0x9000);
	covered = emrtd_out_bytes(response);
	assert_ok(emrtd_sm_mac(a->card->crypto, sm, &covered, 1, mac));
	emrtd_put_tlv(response, 0x8E, emrtd_bytes(mac, sizeof(mac)));
	emrtd_put_u16(response, 0x9000);
	return EMRTD_OK;
}

static enum emrtd_error
in_clear(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)a;
	(void)command;
	response->len = vector_hex("6004010203049000", response->ptr,
	    response->cap);
	return EMRTD_OK;
}

static enum emrtd_error
bare_success(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)a;
	(void)command;
	response->len = vector_hex("9000", response->ptr, response->cap);
	return EMRTD_OK;
}

static enum emrtd_error
other_word_outside(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)a;
	(void)command;
	response->ptr[response->len - 2] = 0x62;
	response->ptr[response->len - 1] = 0x82;
	return EMRTD_OK;
}

static enum emrtd_error
without_mac(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)a;
	(void)command;
	assert_true(response->len > 12);
	memmove(response->ptr + response->len - 12,
	    response->ptr + response->len - 2, 2);
	response->len -= 10;
	return EMRTD_OK;
}

static enum emrtd_error
nothing_at_all(struct attacker *a, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)a;
	(void)command;
	response->len = 0;
	return EMRTD_OK;
}

static const struct blow {
	const char *name;
	enum emrtd_error (*act)(struct attacker *a, struct emrtd_bytes command,
	    struct emrtd_out *response);
	unsigned since;            /* protected answer at which it can begin */
	enum emrtd_error error[2]; /* either */
} blows[] = {
	/* Other objects than are expected here, or the same under an old
	 * counter. */
	{ "the answer before once more", replay, 2,
	    { EMRTD_E_MAC, EMRTD_E_SM_FORMAT } },
	{ "command heard twice", command_twice, 1,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "counter ahead by one", skip_one, 1, { EMRTD_E_MAC, EMRTD_E_MAC } },
	{ "data in clear", in_clear, 1,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "a bare 9000", bare_success, 1,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "another word outside", other_word_outside, 1,
	    { EMRTD_E_SM_FORMAT, EMRTD_E_SM_FORMAT } },
	{ "no MAC", without_mac, 1, { EMRTD_E_SM_FORMAT, EMRTD_E_SM_FORMAT } },
	{ "nothing", nothing_at_all, 1,
	    { EMRTD_E_TRUNCATED, EMRTD_E_TRUNCATED } },
};

static struct emrtd_card *
issue(const struct way *way, struct virtual_read *v, struct attacker *a)
{
	struct emrtd_card *card = NULL;

	virtual_read_init(v);
	memset(a, 0, sizeof(*a));
	v->profile.n_pace = way->pace != NULL;
	if (way->pace != NULL)
		v->profile.pace[0].oid = emrtd_card_pace_by_name(way->pace);
	assert_ok(emrtd_card_issue(NULL, &v->profile, NULL, &card));
	v->card = a->card = card;
	v->link = &a->link;
	v->data_groups = 1u << 1;
	a->link.answered = answered;
	a->link.self = a;
	return card;
}

/* The session is over, and whatever was read by then is not called good. */
static void
assert_over(const char *way, const char *what, unsigned at,
    struct emrtd_result *r, enum emrtd_error e)
{
	enum emrtd_verdict sm = virtual_verdict(r, "access.secure_messaging");

	if (e == EMRTD_OK || sm == EMRTD_PASSED ||
	    emrtd_result_overall(r) == EMRTD_OVERALL_GENUINE ||
	    emrtd_result_overall(r) == EMRTD_OVERALL_AUTHENTIC_DATA_ONLY)
		fail_msg("%s, answer %u, %s: %s, %s", way, at, what,
		    emrtd_error_name(e),
		    emrtd_overall_verdict_name(emrtd_result_overall(r)));
}

/* Does it come to so many protected answers? */
static bool
strike(const struct way *way, struct virtual_read *v, struct attacker *a,
    const struct blow *blow)
{
	struct emrtd_result *r;
	enum emrtd_error e;
	bool told;

	a->n = 0;
	a->played = false;
	a->act = blow->act;
	e = virtual_run(v, &r, NULL);
	told = e == blow->error[0] || e == blow->error[1];
	if (a->played) {
		assert_over(way->name, blow->name, a->at, r, e);
		if (!told)
			fail_msg("%s, answer %u, %s: %s", way->name, a->at,
			    blow->name, emrtd_error_name(e));
		/* What failed is told as what it is. */
		if (emrtd_error_class(e) == EMRTD_CLASS_CRYPTO)
			assert_int_equal(virtual_verdict(r,
					     "access.secure_messaging"),
			    EMRTD_FAILED);
	}
	emrtd_result_free(&r);
	return a->played;
}

static void
every_blow_ends_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_WAYS; i++) {
		struct virtual_read v;
		struct attacker a;
		struct emrtd_card *card = issue(&ways[i], &v, &a);

		for (size_t k = 0; k < sizeof(blows) / sizeof(*blows); k++) {
			a.at = blows[k].since;
			/* The last command has none after it to notice. */
			while (strike(&ways[i], &v, &a, &blows[k]) && a.at < 5)
				a.at++;
			assert_true(a.at > 3);
		}
		emrtd_card_free(&card);
	}
}

/* Of the answer to the first READ BINARY, which has all three objects. */
static void
every_bit_of_an_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_WAYS; i++) {
		static const struct blow blow = { "a bit", flip_bit, 0,
			{ EMRTD_OK, EMRTD_OK } };
		struct virtual_read v;
		struct attacker a;
		struct emrtd_card *card = issue(&ways[i], &v, &a);
		struct emrtd_result *r;
		enum emrtd_error e;
		size_t stride = 1;

		/* After SELECT under PACE, and at once after BAC: short. */
		a.at = ways[i].pace == NULL ? 3 : 2;
		virtual_misbehave(&v, "max-read=8");
		for (a.bit = 0;; a.bit += stride) {
			a.n = 0;
			a.played = false;
			a.act = blow.act;
			e = virtual_run(&v, &r, NULL);
			if (a.played)
				assert_over(ways[i].name, blow.name, a.at, r,
				    e);
			emrtd_result_free(&r);
			if (!a.played)
				break;
			/* Head, and then the end, whole; one in eight of the
			 * cryptogram between them. */
			stride = a.bit < 32 || a.bit >= 8 * (a.kept_len - 16)
				     ? 1
				     : 7;
		}
		assert_true(a.bit >= 8 * 16);
		emrtd_card_free(&card);
	}
}

/* ---- Files --------------------------------------------------------------- */

static struct emrtd_chip_file *
file_of(struct emrtd_card *card, enum emrtd_file id)
{
	for (size_t i = 0; i < card->n_files; i++)
		if (card->files[i].id == id)
			return &card->files[i];
	return NULL;
}

/* Offers all that there is: two ways of PACE, CAM, CA and AA. */
static struct emrtd_card *
issue_rich(struct virtual_read *v)
{
	struct emrtd_card *card = NULL;

	virtual_read_init(v);
	v->profile.n_pace = 2;
	v->profile.pace[0] = (struct emrtd_card_pace_info){
		.oid = emrtd_card_pace_by_name(
		    "id-PACE-ECDH-CAM-AES-CBC-CMAC-128"),
		.parameter_id = 13
	};
	v->profile.pace[1] = (struct emrtd_card_pace_info){
		.oid = emrtd_card_pace_by_name(
		    "id-PACE-ECDH-GM-AES-CBC-CMAC-128"),
		.parameter_id = 13
	};
	v->profile.n_ca = 1;
	v->profile.ca[0] = (struct emrtd_card_ca){
		.oid = emrtd_card_ca_by_name("id-CA-ECDH-AES-CBC-CMAC-128"),
		.parameter_id = 12,
		.key_id = 1,
		.form = EMRTD_CARD_FORM_NAMED
	};
	v->profile.aa.kind = "ecdsa-P-256";
	v->with_atr = true;
	assert_ok(emrtd_card_issue(NULL, &v->profile, NULL, &card));
	v->card = card;
	return card;
}

static void
it_is_genuine_when_nobody_meddles(void **state)
{
	struct virtual_read v;
	struct emrtd_card *card = issue_rich(&v);
	struct emrtd_result *r;

	(void)state;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_GENUINE);
	assert_int_equal(virtual_verdict(r, "chip.cam"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "chip.ca"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "chip.aa"), EMRTD_PASSED);
	emrtd_result_free(&r);
	emrtd_card_free(&card);
}

/* Bytes of this file, played with; the file is the chip's then. */
static bool
play(struct emrtd_chip_file *file, struct emrtd_bytes good, size_t object,
    enum tlv_game game)
{
	size_t cap = 2 * good.len + 64;
	uint8_t *buf = malloc(cap);
	struct emrtd_out out = emrtd_out(buf, cap);

	assert_non_null(buf);
	if (!tlv_play(good, object, game, &out)) {
		free(buf);
		return false;
	}
	file->ptr = buf;
	file->len = out.len;
	return true;
}

/* The SecurityInfos in an EF.CardSecurity, which its signature is over. */
static struct emrtd_bytes
signed_content(struct emrtd_bytes file)
{
	struct emrtd_bytes in = file, version, digests, oid, out = { NULL, 0 };

	if (emrtd_tlv(&in, 0x30, &in) && emrtd_tlv(&in, 0x06, &oid) &&
	    emrtd_tlv(&in, 0xA0, &in) && emrtd_tlv(&in, 0x30, &in) &&
	    emrtd_tlv(&in, 0x02, &version) && emrtd_tlv(&in, 0x31, &digests) &&
	    emrtd_tlv(&in, 0x30, &in) && emrtd_tlv(&in, 0x06, &oid) &&
	    emrtd_tlv(&in, 0xA0, &in) && emrtd_tlv(&in, 0x04, &out))
		return out;
	fail_msg("EF.CardSecurity has no content");
	return out;
}

/*
 * May the document be good although the file has other bytes? What stands
 * behind its only object is never read; what is not hashed may be written in
 * another way; a set says nothing new when it says a thing twice; and around
 * the signed content of EF.CardSecurity there is BER that proves nothing.
 */
static bool
says_the_same(enum emrtd_file id, enum tlv_game game, struct emrtd_bytes got,
    struct emrtd_bytes kept)
{
	struct emrtd_bytes content;

	if (emrtd_bytes_equal(got, kept))
		return true;
	if (id == EMRTD_EF_CARD_ACCESS)
		return game == TLV_LONG_LENGTH || game == TLV_TWICE;
	if (id != EMRTD_EF_CARD_SECURITY)
		return false;
	content = signed_content(kept);
	return memmem(got.ptr, got.len, content.ptr, content.len) != NULL;
}

/*
 * A signed file that is another can never be part of a document that is good;
 * EF.CardAccess is held against its signed copy; what EF.ATR/INFO says of
 * lengths may at most make a reading fail.
 */
static void
judge(enum emrtd_file id, const char *name, enum tlv_game game, size_t object,
    struct emrtd_bytes kept, struct emrtd_result *r, enum emrtd_error e)
{
	enum emrtd_overall_verdict overall = emrtd_result_overall(r);
	bool good = overall == EMRTD_OVERALL_GENUINE ||
		    overall == EMRTD_OVERALL_AUTHENTIC_DATA_ONLY;

	if (id == EMRTD_N_FILES || !good)
		return;
	if (!says_the_same(id, game, emrtd_result_file(r, id), kept))
		fail_msg("%s, object %zu, %s: %s, %s", name, object,
		    tlv_game_name(game), emrtd_error_name(e),
		    emrtd_overall_verdict_name(overall));
}

static void
play_all(enum emrtd_file id, const char *name, size_t max_objects)
{
	struct virtual_read v;
	struct emrtd_card *card = issue_rich(&v);
	struct emrtd_chip_file *file = file_of(card, id);
	struct emrtd_chip_file kept;
	size_t n = 0;

	assert_non_null(file);
	kept = *file;
	for (size_t game = 0; game < TLV_N_GAMES; game++) {
		for (size_t object = 0; object < max_objects; object++) {
			struct emrtd_result *r;
			enum emrtd_error e;

			if (!play(file, emrtd_bytes(kept.ptr, kept.len), object,
				(enum tlv_game)game))
				break;
			/* Of an empty object some games make nothing else. */
			if (file->len != kept.len ||
			    memcmp(file->ptr, kept.ptr, kept.len) != 0) {
				e = virtual_run(&v, &r, NULL);
				judge(id, name, (enum tlv_game)game, object,
				    emrtd_bytes(kept.ptr, kept.len), r, e);
				emrtd_result_free(&r);
				n++;
			}
			free(file->ptr);
			*file = kept;
		}
	}
	assert_true(n > TLV_N_GAMES);
	emrtd_card_free(&card);
}

static void
games_with_card_access(void **state)
{
	(void)state;
	play_all(EMRTD_EF_CARD_ACCESS, "EF.CardAccess", 20);
}

static void
games_with_card_security(void **state)
{
	(void)state;
	play_all(EMRTD_EF_CARD_SECURITY, "EF.CardSecurity", 16);
}

/* One bit of the signed content: nothing is proven by its key. */
static void
bits_of_card_security(void **state)
{
	struct virtual_read v;
	struct emrtd_card *card = issue_rich(&v);
	struct emrtd_chip_file *file = file_of(card, EMRTD_EF_CARD_SECURITY);
	struct emrtd_bytes content = signed_content(
	    emrtd_bytes(file->ptr, file->len));
	size_t from = (size_t)(content.ptr - file->ptr);

	(void)state;
	for (size_t bit = 0; bit < 8 * content.len; bit += 37) {
		uint8_t *byte = file->ptr + from + bit / 8;
		struct emrtd_result *r;

		*byte ^= (uint8_t)(1u << bit % 8);
		(void)!virtual_run(&v, &r, NULL);
		if (virtual_verdict(r, "chip.cam") == EMRTD_PASSED ||
		    virtual_verdict(r, "pa.card_security") == EMRTD_PASSED ||
		    emrtd_result_overall(r) == EMRTD_OVERALL_GENUINE)
			fail_msg("bit %zu: chip.cam %s, pa.card_security %s",
			    bit,
			    emrtd_verdict_name(virtual_verdict(r, "chip.cam")),
			    emrtd_verdict_name(
				virtual_verdict(r, "pa.card_security")));
		emrtd_result_free(&r);
		*byte ^= (uint8_t)(1u << bit % 8);
	}
	emrtd_card_free(&card);
}

static void
games_with_dg14(void **state)
{
	(void)state;
	play_all(EMRTD_DG14, "EF.DG14", 16);
}

static void
games_with_dg15(void **state)
{
	(void)state;
	play_all(EMRTD_DG15, "EF.DG15", 8);
}

static void
games_with_atr_info(void **state)
{
	(void)state;
	play_all(EMRTD_N_FILES, "EF.ATR/INFO", 8);
}

/* ---- EF.CardAccess on the way -------------------------------------------- */

static const struct hiding {
	const char *name;
	const char *answer; /* of the file */
} hidings[] = {
	{ "not found", "6A82" },
	{ "refused", "6982" },
	{ "an empty set", "31009000" },
	{ "something else", "30009000" },
	/* PACE-GM, AES-128, P-192: weaker than what was signed. */
	{ "weakened", "31143012060A04007F0007020204020202010202"
		      "01089000" },
};

static const struct hiding *hiding;

static void
hide(struct emrtd_bytes command, struct emrtd_out *response)
{
	bool select = command.len > 6 && command.ptr[1] == 0xA4 &&
		      command.ptr[5] == 0x01 && command.ptr[6] == 0x1C;
	bool read = command.len > 2 && command.ptr[1] == 0xB0 &&
		    command.ptr[2] == 0x9C;

	if ((command.ptr[0] & 0x0C) != 0 || (!select && !read))
		return;
	if (select && strlen(hiding->answer) > 4)
		return;
	response->len = vector_hex(hiding->answer, response->ptr,
	    response->cap);
}

static void
nobody_hides_pace(void **state)
{
	struct virtual_read v;
	struct emrtd_card *card = issue_rich(&v);

	(void)state;
	v.meddle = hide;
	for (size_t i = 0; i < sizeof(hidings) / sizeof(*hidings); i++) {
		struct emrtd_result *r;
		enum emrtd_error e;

		hiding = &hidings[i];
		e = virtual_run(&v, &r, NULL);
		if (e == EMRTD_OK &&
		    (emrtd_result_overall(r) != EMRTD_OVERALL_FAILED ||
			virtual_verdict(r, "pa.card_access_copy") !=
			    EMRTD_FAILED))
			fail_msg("%s: %s, copy %s", hiding->name,
			    emrtd_overall_verdict_name(emrtd_result_overall(r)),
			    emrtd_verdict_name(
				virtual_verdict(r, "pa.card_access_copy")));
		if (e == EMRTD_OK &&
		    virtual_verdict(r, "access.bac") == EMRTD_PASSED)
			assert_int_equal(virtual_verdict(r, "access.downgrade"),
			    EMRTD_FAILED);
		emrtd_result_free(&r);
		/* And who asks for PACE gets nothing less. */
		v.access_policy = EMRTD_REQUIRE_PACE;
		e = virtual_run(&v, &r, NULL);
		if (strlen(hiding->answer) < 12)
			assert_error(e, EMRTD_E_ACCESS_POLICY);
		assert_int_not_equal(emrtd_result_overall(r),
		    EMRTD_OVERALL_GENUINE);
		v.access_policy = EMRTD_PREFER_PACE;
		emrtd_result_free(&r);
	}
	emrtd_card_free(&card);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_blow_ends_it),
		cmocka_unit_test(every_bit_of_an_answer),
		cmocka_unit_test(it_is_genuine_when_nobody_meddles),
		cmocka_unit_test(games_with_card_access),
		cmocka_unit_test(games_with_card_security),
		cmocka_unit_test(bits_of_card_security),
		cmocka_unit_test(games_with_dg14),
		cmocka_unit_test(games_with_dg15),
		cmocka_unit_test(games_with_atr_info),
		cmocka_unit_test(nobody_hides_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
