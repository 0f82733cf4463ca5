/*
 * Active Authentication in a whole reading: answers that somebody changed on
 * their way, long ones, and what is refused.
 */
#include "aa_desk.h"
#include "core/builder.h"
#include "result/result.h"
#include "virtual_read.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

/* ---- Answers changed on their way --------------------------------------- */

struct change {
	size_t cut;          /* bytes off the end */
	const uint8_t *more; /* bytes behind */
	size_t n_more;
	const uint8_t *instead; /* of all data */
	size_t n_instead;
	uint16_t sw; /* 0: as it was */
};

static void
change_answer(void *self, struct emrtd_bytes command, struct emrtd_out *r)
{
	const struct change *c = self;
	uint8_t sw[2];
	size_t len;

	if (command.ptr[1] != INS_INTERNAL_AUTHENTICATE)
		return;
	len = r->len - 2;
	memcpy(sw, r->ptr + len, 2);
	if (c->instead != NULL) {
		memcpy(r->ptr, c->instead, c->n_instead);
		len = c->n_instead;
	}
	len = len > c->cut ? len - c->cut : 0;
	memcpy(r->ptr + len, c->more != NULL ? c->more : sw, c->n_more);
	len += c->n_more;
	if (c->sw != 0) {
		sw[0] = (uint8_t)(c->sw >> 8);
		sw[1] = (uint8_t)c->sw;
	}
	memcpy(r->ptr + len, sw, 2);
	r->len = len + 2;
}

static void
changed_answers(void **state)
{
	static const uint8_t zeros[128], ones[128] = { [127] = 1 };
	static uint8_t all[128];
	static const struct change changes[] = {
		{ .cut = 1 }, { .cut = 128 }, { .cut = 64 },
		{ .more = zeros, .n_more = 1 },
		{ .more = zeros, .n_more = 128 },
		{ .instead = zeros, .n_instead = 128 },
		{ .instead = ones, .n_instead = 128 },
		{ .instead = all, .n_instead = 128 },
		{ .instead = zeros, .n_instead = 1 },
		{ .cut = 128, .sw = 0x6A88 }, { .cut = 128, .sw = 0x6D00 },
		{ .cut = 128, .sw = 0x6700 }, { .cut = 128, .sw = 0x6982 },
		{ .sw = 0x6A80 }, /* with data */
	};
	static const struct emrtd_card_aa aa = { .kind = "rsa-1024" };
	struct desk d;

	(void)state;
	memset(all, 0xFF, sizeof(all));
	desk_init_open(&d, &aa);
	desk_issue(&d);
	assert_ok(desk_read(&d));
	expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
	    EMRTD_OVERALL_GENUINE);
	d.meddle = change_answer;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct change change = changes[i];

		d.self = &change;
		assert_ok(desk_read(&d));
		expect(d.result, EMRTD_FAILED, EMRTD_CHIP_FAILED,
		    EMRTD_OVERALL_FAILED);
		assert_in_range(d.n_asked, 1, 2);
	}
	desk_free(&d);
}

/* What the chip signed in another reading, for a copy to play again. */
struct recording {
	uint8_t answer[300];
	size_t len;
	bool play;
};

static void
record_or_play(void *self, struct emrtd_bytes command, struct emrtd_out *r)
{
	struct recording *tape = self;

	if (command.ptr[1] != INS_INTERNAL_AUTHENTICATE)
		return;
	if (tape->play) {
		memcpy(r->ptr, tape->answer, tape->len);
		r->len = tape->len;
	} else {
		assert_true(r->len <= sizeof(tape->answer));
		memcpy(tape->answer, r->ptr, r->len);
		tape->len = r->len;
	}
}

static void
an_answer_to_an_old_challenge(void **state)
{
	static const char *const keys[] = { "rsa-1024", "ecdsa-P-256" };
	static const enum emrtd_error errors[] = { EMRTD_E_DIGEST,
		EMRTD_E_SIGNATURE };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct emrtd_card_aa aa = { .kind = keys[i] };
		struct recording tape = { .len = 0 };
		struct desk d;

		desk_init_open(&d, &aa);
		d.meddle = record_or_play;
		d.self = &tape;
		desk_issue(&d);
		assert_ok(desk_read(&d));
		expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
		    EMRTD_OVERALL_GENUINE);
		tape.play = true;
		assert_ok(desk_read(&d));
		expect(d.result, EMRTD_FAILED, EMRTD_CHIP_FAILED,
		    EMRTD_OVERALL_FAILED);
		assert_int_equal(emrtd_result_check(d.result,
				     EMRTD_CHECK_CHIP_AA)
				     ->diag.error,
		    errors[i]);
		desk_free(&d);
	}
}

/* ---- Long answers --------------------------------------------------------- */

/*
 * A chip of the field by its answers: to one length of Le it answers nothing,
 * with 6700, or in parts that want GET RESPONSE.
 */
struct picky {
	bool refuses_extended;
	uint16_t sw;
	uint8_t rest[300];
	size_t rest_len;
};

static bool
is_extended(struct emrtd_bytes command)
{
	return command.len > 7 && command.ptr[4] == 0;
}

static void
picky_answer(void *self, struct emrtd_bytes command, struct emrtd_out *r)
{
	struct picky *p = self;

	if (command.ptr[1] != INS_INTERNAL_AUTHENTICATE ||
	    is_extended(command) != p->refuses_extended)
		return;
	r->ptr[0] = (uint8_t)(p->sw >> 8);
	r->ptr[1] = (uint8_t)p->sw;
	r->len = 2;
}

/* The chip signs; what does not fit 256 bytes comes by GET RESPONSE. */
static void
in_parts(void *self, struct emrtd_bytes command, struct emrtd_out *r)
{
	struct picky *p = self;

	if (command.ptr[1] == INS_INTERNAL_AUTHENTICATE && r->len > 102) {
		p->rest_len = r->len - 100;
		memcpy(p->rest, r->ptr + 100, p->rest_len);
		r->ptr[100] = 0x61;
		r->ptr[101] = (uint8_t)(p->rest_len - 2);
		r->len = 102;
	} else if (command.ptr[1] == 0xC0) {
		assert_int_equal(command.ptr[4], p->rest_len - 2);
		memcpy(r->ptr, p->rest, p->rest_len);
		r->len = p->rest_len;
	}
}

static void
the_other_length(void **state)
{
	static const struct {
		const char *kind;
		bool refuses_extended;
		uint16_t sw;
		bool short_link;
		enum emrtd_verdict verdict;
		unsigned n_asked;
	} cases[] = {
		/* 256 bytes fit a short answer, when it is plain. */
		{ "rsa-2048", true, 0x9000, false, EMRTD_PASSED, 1 },
		{ "rsa-2048", false, 0x6700, false, EMRTD_PASSED, 2 },
		{ "rsa-3072", false, 0x6700, false, EMRTD_PASSED, 1 },
		{ "rsa-3072", true, 0x6700, false, EMRTD_FAILED, 2 },
		/* The reader cannot: nobody is to blame. */
		{ "rsa-3072", true, 0x6700, true, EMRTD_UNDETERMINED, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct emrtd_card_aa aa = { .kind = cases[i].kind };
		struct picky picky = { cases[i].refuses_extended, cases[i].sw,
			{ 0 }, 0 };
		struct desk d;

		desk_init_open(&d, &aa);
		d.profile.extended = true;
		d.short_link = cases[i].short_link;
		d.meddle = picky_answer;
		d.self = &picky;
		desk_issue(&d);
		assert_ok(desk_read(&d));
		assert_string_equal(emrtd_verdict_name(
					virtual_verdict(d.result, "chip.aa")),
		    emrtd_verdict_name(cases[i].verdict));
		assert_int_equal(d.n_asked, cases[i].n_asked);
		desk_free(&d);
	}
}

static void
an_answer_in_parts(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "rsa-1800" };
	struct picky picky = { .sw = 0 };
	struct desk d;

	(void)state;
	desk_init_open(&d, &aa);
	d.meddle = in_parts;
	d.self = &picky;
	desk_issue(&d);
	assert_ok(desk_read(&d));
	expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
	    EMRTD_OVERALL_GENUINE);
	desk_free(&d);
}

/* A bare status word to the long Le ends the session: a fresh one, short Le. */
static void
broken_off_over_the_length(void *self, struct emrtd_bytes command,
    struct emrtd_out *r)
{
	unsigned *n = self;

	if (command.ptr[1] != INS_INTERNAL_AUTHENTICATE ||
	    !is_extended(command))
		return;
	(*n)++;
	r->ptr[0] = 0x67;
	r->ptr[1] = 0x00;
	r->len = 2;
}

static void
a_fresh_session(void **state)
{
	static const struct {
		const char *kind;
		enum emrtd_error error;
		enum emrtd_verdict verdict;
		unsigned n_asked;
	} cases[] = {
		/* 225 bytes are more than fits under AES, the short way. */
		{ "rsa-1800", EMRTD_OK, EMRTD_FAILED, 2 },
		{ "rsa-1024", EMRTD_OK, EMRTD_PASSED, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct emrtd_card_aa aa = { .kind = cases[i].kind };
		unsigned n_broken = 0;
		struct desk d;

		desk_init(&d, &aa);
		d.profile.extended = true;
		d.meddle = broken_off_over_the_length;
		d.self = &n_broken;
		desk_issue(&d);
		assert_error(desk_read(&d), cases[i].error);
		assert_string_equal(emrtd_verdict_name(
					virtual_verdict(d.result, "chip.aa")),
		    emrtd_verdict_name(cases[i].verdict));
		assert_int_equal(d.n_asked, cases[i].n_asked);
		assert_int_equal(n_broken, cases[i].n_asked - 1);
		desk_free(&d);
	}
}

/* That is no fault of the chip, and no proof. */
static void
the_document_goes(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "ecdsa-P-256" };
	struct emrtd_evidence e = { .size = sizeof(e) };
	struct desk d;

	(void)state;
	desk_init(&d, &aa);
	d.lost = true;
	desk_issue(&d);
	assert_error(desk_read(&d), EMRTD_E_CARD_LOST);
	expect(d.result, EMRTD_ABORTED, EMRTD_CHIP_UNDETERMINED,
	    EMRTD_OVERALL_UNDETERMINED);
	assert_false(emrtd_result_evidence(d.result, EMRTD_PROOF_AA, &e));
	desk_free(&d);
}

/* ---- The call itself ------------------------------------------------------ */

static void
wrong_calls(void **state)
{
	static const uint8_t bytes[2049] = { 1 };
	static const struct {
		size_t challenge, signature;
		enum emrtd_error error;
	} cases[] = {
		{ 0, 0, EMRTD_OK },
		{ 8, 2048, EMRTD_OK },
		{ 8, 0, EMRTD_E_ARG },
		{ 0, 64, EMRTD_E_ARG },
		{ 7, 64, EMRTD_E_ARG },
		{ 9, 64, EMRTD_E_ARG },
		{ 8, 2049, EMRTD_E_ARG },
	};
	struct emrtd_bytes files[EMRTD_N_FILES] = { { NULL, 0 } };
	struct emrtd_verify_options options = { .files = files };
	struct emrtd_result *result = NULL;
	struct emrtd_ctx *ctx = NULL;

	(void)state;
	assert_ok(emrtd_ctx_new(NULL, NULL, &ctx));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		options.size = sizeof(options);
		options.aa_challenge = emrtd_bytes(bytes, cases[i].challenge);
		options.aa_signature = emrtd_bytes(bytes, cases[i].signature);
		assert_error(emrtd_verify_files(ctx, &options, &result),
		    cases[i].error);
		emrtd_result_free(&result);
		/* An older caller, behind whose options stands anything. */
		options.size = offsetof(struct emrtd_verify_options,
		    aa_challenge);
		assert_ok(emrtd_verify_files(ctx, &options, &result));
		emrtd_result_free(&result);
	}
	emrtd_ctx_free(&ctx);
}

/* DG15 with the key, in room for 512 bytes. */
static struct emrtd_bytes
dg15_of(EVP_PKEY *key, uint8_t *room)
{
	struct emrtd_out out = emrtd_out(room, 512);
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	assert_true(len > 0);
	emrtd_put_tlv(&out, 0x6F, emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	assert_false(out.bad);
	return emrtd_out_bytes(&out);
}

/*
 * A copy can find a number that opens to a block which names a hash that
 * nobody has: no reason for doubt, but a wrong signature.
 */
static void
a_trailer_that_nobody_has(void **state)
{
	static const uint8_t trailers[] = { 0x31, 0x37, 0x39, 0x3A };
	uint8_t block[128] = { 0x6A }, signature[128], dg15[512];
	struct emrtd_bytes files[EMRTD_N_FILES] = { { NULL, 0 } };
	struct emrtd_verify_options options = { .size = sizeof(options),
		.files = files,
		.aa_challenge = { own, sizeof(own) },
		.aa_signature = { signature, sizeof(signature) } };
	EVP_PKEY *key = EVP_RSA_gen(1024);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	struct emrtd_result *result = NULL;
	struct emrtd_ctx *emrtd = NULL;

	(void)state;
	assert_ok(emrtd_ctx_new(NULL, NULL, &emrtd));
	files[EMRTD_DG15] = dg15_of(key, dg15);
	assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	for (size_t i = 0; i < sizeof(trailers); i++) {
		size_t len = sizeof(signature);

		block[126] = trailers[i];
		block[127] = 0xCC;
		assert_int_equal(EVP_PKEY_decrypt(ctx, signature, &len, block,
				     sizeof(block)),
		    1);
		assert_ok(emrtd_verify_files(emrtd, &options, &result));
		assert_int_equal(virtual_verdict(result, "chip.aa"),
		    EMRTD_FAILED);
		assert_int_equal(
		    emrtd_result_check(result, EMRTD_CHECK_CHIP_AA)->diag.error,
		    EMRTD_E_UNSUPPORTED);
		emrtd_result_free(&result);
	}
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	emrtd_ctx_free(&emrtd);
}

/* ---- What the chip refuses ------------------------------------------------ */

static uint16_t
send(struct emrtd_card *card, const uint8_t *command, size_t len)
{
	uint8_t buf[1024];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	assert_ok(emrtd_card_transmit(card, emrtd_bytes(command, len), &out));
	assert_true(out.len >= 2);
	return (uint16_t)(buf[out.len - 2] << 8 | buf[out.len - 1]);
}

static void
the_chip_refuses(void **state)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0,
		0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };
	static const struct {
		uint8_t command[16];
		size_t len;
		uint16_t sw;
	} cases[] = {
		{ { 0, 0x88, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0 }, 14, 0x9000 },
		{ { 0, 0x88, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 0 }, 13, 0x6700 },
		{ { 0, 0x88, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0 }, 15,
		    0x6700 },
		{ { 0, 0x88, 0, 0, 0 }, 5, 0x6700 },
		{ { 0, 0x88, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8 }, 13, 0x6700 },
		{ { 0, 0x88, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0 }, 14, 0x6A86 },
		{ { 0, 0x88, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 10 }, 14,
		    0x6700 },
	};
	static const struct emrtd_card_aa aa = { .kind = "rsa-1024" };
	struct desk d;

	(void)state;
	desk_init_open(&d, &aa);
	desk_issue(&d);
	emrtd_card_reset(d.card);
	assert_int_equal(send(d.card, cases[0].command, cases[0].len), 0x6985);
	assert_int_equal(send(d.card, select, sizeof(select)), 0x9000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(send(d.card, cases[i].command, cases[i].len),
		    cases[i].sw);
	desk_free(&d);
	/* Behind access control nobody gets a signature. */
	desk_init(&d, &aa);
	desk_issue(&d);
	emrtd_card_reset(d.card);
	assert_int_equal(send(d.card, select, sizeof(select)), 0x9000);
	assert_int_equal(send(d.card, cases[0].command, cases[0].len), 0x6982);
	desk_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_answers),
		cmocka_unit_test(an_answer_to_an_old_challenge),
		cmocka_unit_test(the_other_length),
		cmocka_unit_test(an_answer_in_parts),
		cmocka_unit_test(a_fresh_session),
		cmocka_unit_test(the_document_goes),
		cmocka_unit_test(a_trailer_that_nobody_has),
		cmocka_unit_test(wrong_calls),
		cmocka_unit_test(the_chip_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
