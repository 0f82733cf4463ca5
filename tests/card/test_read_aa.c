/*
 * Active Authentication in a whole reading: keys of every kind, copies of a
 * chip, and answers that somebody changed on their way; then the same evidence
 * from files.
 */
#include "core/builder.h"
#include "emrtd_test.h"
#include "result/result.h"
#include "virtual_read.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define INS_INTERNAL_AUTHENTICATE 0x88

struct kind {
	struct emrtd_card_aa aa;
	bool extended;
	const char *protocol, *parameter;
};

static const struct kind kinds[] = {
	{ { .kind = "rsa-1024", .hash = "SHA-1" }, false, "RSA", "SHA-1" },
	{ { .kind = "rsa-1024", .hash = "SHA-1", .long_trailer = true }, false,
	    "RSA", "SHA-1" },
	{ { .kind = "rsa-1280", .hash = "SHA-224" }, false, "RSA", "SHA-224" },
	{ { .kind = "rsa-1031", .hash = "SHA-256" }, false, "RSA", "SHA-256" },
	{ { .kind = "rsa-1800", .hash = "SHA-256" }, true, "RSA", "SHA-256" },
	{ { .kind = "rsa-2048", .hash = "SHA-384" }, true, "RSA", "SHA-384" },
	{ { .kind = "rsa-3072", .hash = "SHA-512" }, true, "RSA", "SHA-512" },
	{ { .kind = "rsa-4096", .hash = "SHA-256" }, true, "RSA", "SHA-256" },
	{ { .kind = "ecdsa-P-224", .hash = "SHA-224" }, false, "ECDSA",
	    "SHA-224" },
	{ { .kind = "ecdsa-P-256" }, false, "ECDSA", "SHA-256" },
	{ { .kind = "ecdsa-P-256", .der = true }, false, "ECDSA", "SHA-256" },
	{ { .kind = "ecdsa-P-384",
	      .hash = "SHA-256",
	      .der = true,
	      .no_info = true },
	    false, "ECDSA", "SHA-256" },
	{ { .kind = "ecdsa-P-521", .hash = "SHA-512" }, false, "ECDSA",
	    "SHA-512" },
	{ { .kind = "ecdsa-brainpoolP320r1", .hash = "SHA-384" }, false,
	    "ECDSA", "SHA-384" },
	{ { .kind = "ecdsa-brainpoolP512r1", .hash = "SHA-512" }, false,
	    "ECDSA", "SHA-512" },
};

static const uint8_t own[EMRTD_CHALLENGE_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* Files and evidence of a reading, verified by themselves. */
struct offline {
	struct emrtd_bytes challenge, signature;
	const uint8_t *own;
	enum emrtd_file without; /* EMRTD_N_FILES: none */
};

static struct emrtd_result *
verify_offline(const struct emrtd_result *read, struct emrtd_bytes csca,
    const struct offline *o)
{
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = VIRTUAL_AT,
		.files = files,
		.aa_challenge = o->challenge,
		.aa_signature = o->signature,
		.challenge = o->own };
	struct emrtd_result *result = NULL;
	struct emrtd_trust *trust = NULL;
	struct emrtd_ctx *ctx = NULL;

	for (int i = 0; i < EMRTD_N_FILES; i++)
		files[i] = i == (int)o->without
			       ? emrtd_bytes(NULL, 0)
			       : emrtd_result_file(read, (enum emrtd_file)i);
	assert_ok(emrtd_ctx_new(NULL, NULL, &ctx));
	assert_ok(emrtd_trust_new(ctx, &trust));
	assert_ok(
	    emrtd_trust_add_der(trust, csca, EMRTD_TRUST_ALLOW_TEST, NULL));
	options.trust = trust;
	assert_ok(emrtd_verify_files(ctx, &options, &result));
	emrtd_trust_free(&trust);
	emrtd_ctx_free(&ctx);
	return result;
}

static void
expect(struct emrtd_result *result, enum emrtd_verdict aa,
    enum emrtd_chip_verdict chip, enum emrtd_overall_verdict overall)
{
	assert_string_equal(emrtd_verdict_name(
				virtual_verdict(result, "chip.aa")),
	    emrtd_verdict_name(aa));
	assert_string_equal(emrtd_chip_verdict_name(emrtd_result_chip(result)),
	    emrtd_chip_verdict_name(chip));
	assert_string_equal(emrtd_overall_verdict_name(
				emrtd_result_overall(result)),
	    emrtd_overall_verdict_name(overall));
}

static void
expect_offline(const struct emrtd_result *read, struct emrtd_bytes csca,
    const struct offline *o, enum emrtd_verdict aa,
    enum emrtd_chip_verdict chip, enum emrtd_overall_verdict overall)
{
	struct emrtd_result *result = verify_offline(read, csca, o);

	expect(result, aa, chip, overall);
	emrtd_result_free(&result);
}

/* Old recordings, other challenges, changed bits, other keys. */
static void
check_offline(const struct emrtd_result *read, struct emrtd_bytes csca)
{
	struct emrtd_evidence e = { .size = sizeof(e) };
	struct offline o = { .without = EMRTD_N_FILES };
	uint8_t other[EMRTD_CHALLENGE_LEN], signature[2048];

	assert_true(emrtd_result_evidence(read, EMRTD_PROOF_AA, &e));
	o.challenge = e.challenge;
	o.signature = e.signature;
	expect_offline(read, csca, &o, EMRTD_PASSED, EMRTD_CHIP_UNDETERMINED,
	    EMRTD_OVERALL_UNDETERMINED);
	o.own = e.challenge.ptr;
	expect_offline(read, csca, &o, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
	    EMRTD_OVERALL_GENUINE);
	memcpy(other, e.challenge.ptr, sizeof(other));
	other[3] ^= 0x10;
	o.own = other;
	expect_offline(read, csca, &o, EMRTD_FAILED, EMRTD_CHIP_FAILED,
	    EMRTD_OVERALL_FAILED);
	/* Told that the chip had signed the verifier's challenge. */
	o.challenge = emrtd_bytes(other, sizeof(other));
	expect_offline(read, csca, &o, EMRTD_FAILED, EMRTD_CHIP_FAILED,
	    EMRTD_OVERALL_FAILED);
	o.challenge = e.challenge;
	o.own = e.challenge.ptr;
	memcpy(signature, e.signature.ptr, e.signature.len);
	signature[e.signature.len / 2] ^= 1;
	o.signature = emrtd_bytes(signature, e.signature.len);
	expect_offline(read, csca, &o, EMRTD_FAILED, EMRTD_CHIP_FAILED,
	    EMRTD_OVERALL_FAILED);
	/* Without the key, or without anything that was signed. */
	o.signature = e.signature;
	o.without = EMRTD_DG15;
	expect_offline(read, csca, &o, EMRTD_UNDETERMINED,
	    EMRTD_CHIP_UNDETERMINED, EMRTD_OVERALL_UNDETERMINED);
	o.without = EMRTD_EF_SOD;
	expect_offline(read, csca, &o, EMRTD_UNDETERMINED,
	    EMRTD_CHIP_UNDETERMINED, EMRTD_OVERALL_UNDETERMINED);
	o = (struct offline){ .without = EMRTD_N_FILES };
	expect_offline(read, csca, &o, EMRTD_UNDETERMINED,
	    EMRTD_CHIP_UNDETERMINED, EMRTD_OVERALL_UNDETERMINED);
}

/* ---- A card that stays for several readings ---------------------------- */

typedef void meddle_fn(void *self, struct emrtd_bytes command,
    struct emrtd_out *response);

struct desk {
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_transport chip;
	const uint8_t *challenge;
	meddle_fn *meddle; /* with the answers, status word included */
	void *self;
	bool short_link; /* the reader has no extended length */
	bool lost;       /* the document goes when it is asked to sign */
	unsigned n_asked;
	struct emrtd_result *result;
};

static enum emrtd_error
desk_connect(void *self, struct emrtd_diag *diag)
{
	struct desk *d = self;

	return d->chip.ops->connect(d->chip.self, diag);
}

static enum emrtd_error
desk_info(void *self, struct emrtd_link_info *out)
{
	struct desk *d = self;
	enum emrtd_error e = d->chip.ops->info(d->chip.self, out);

	if (d->short_link) {
		out->extended = false;
		out->max_command = 261;
		out->max_response = 258;
	}
	return e;
}

static enum emrtd_error
desk_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct desk *d = self;
	enum emrtd_error e = d->chip.ops->transmit(d->chip.self, command,
	    response, timeout_ms);

	if (command.len > 1 && command.ptr[1] == INS_INTERNAL_AUTHENTICATE)
		d->n_asked++;
	if (d->lost && command.len > 1 &&
	    command.ptr[1] == INS_INTERNAL_AUTHENTICATE)
		return EMRTD_E_CARD_LOST;
	if (e == EMRTD_OK && d->meddle != NULL)
		d->meddle(d->self, command, response);
	return e;
}

static void
desk_close(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops desk_ops = {
	.connect = desk_connect,
	.info = desk_info,
	.transmit = desk_transmit,
	.close = desk_close,
};

static void
desk_init(struct desk *d, const struct emrtd_card_aa *aa)
{
	struct virtual_read v;

	memset(d, 0, sizeof(*d));
	virtual_read_init(&v);
	d->profile = v.profile;
	d->profile.aa = *aa;
}

/* Open: no access control, so that a test can change what is answered. */
static void
desk_init_open(struct desk *d, const struct emrtd_card_aa *aa)
{
	desk_init(d, aa);
	d->profile.bac = false;
	d->profile.n_pace = 0;
}

static void
desk_issue(struct desk *d)
{
	assert_ok(emrtd_ctx_new(NULL, NULL, &d->ctx));
	assert_ok(emrtd_card_issue(NULL, &d->profile, NULL, &d->card));
	assert_ok(emrtd_card_transport(d->card, false, &d->chip));
	assert_ok(emrtd_trust_new(d->ctx, &d->trust));
	assert_ok(emrtd_trust_add_der(d->trust, emrtd_card_csca(d->card),
	    EMRTD_TRUST_ALLOW_TEST, NULL));
}

static enum emrtd_error
desk_read(struct desk *d)
{
	struct emrtd_transport transport = { &desk_ops, d };
	struct emrtd_read_options options = { .size = sizeof(options),
		.at = VIRTUAL_AT,
		.trust = d->trust,
		.challenge = d->challenge };
	struct emrtd_password password;
	struct emrtd_session *session;
	enum emrtd_error e;

	assert_ok(emrtd_password_can(VIRTUAL_CAN, 6, &password));
	if (d->profile.n_pace > 0)
		options.can = &password;
	emrtd_result_free(&d->result);
	d->n_asked = 0;
	assert_ok(emrtd_session_new(d->ctx, &transport, &options, &session));
	e = emrtd_session_read(session, &d->result);
	assert_non_null(d->result);
	emrtd_session_free(&session);
	return e;
}

static void
desk_free(struct desk *d)
{
	emrtd_result_free(&d->result);
	emrtd_transport_close(&d->chip);
	emrtd_card_free(&d->card);
	emrtd_trust_free(&d->trust);
	emrtd_ctx_free(&d->ctx);
}

/* ---- Every kind of key -------------------------------------------------- */

static void
keys_of_every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct emrtd_evidence e = { .size = sizeof(e) };
		struct desk d;

		desk_init(&d, &kinds[i].aa);
		d.profile.extended = kinds[i].extended;
		desk_issue(&d);
		assert_ok(desk_read(&d));
		expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
		    EMRTD_OVERALL_GENUINE);
		assert_int_equal(d.n_asked, 1);
		assert_true(
		    emrtd_result_evidence(d.result, EMRTD_PROOF_AA, &e));
		assert_int_equal(e.strength, EMRTD_EVIDENCE_SIGNATURE);
		assert_string_equal(e.protocol, kinds[i].protocol);
		assert_string_equal(e.parameter, kinds[i].parameter);
		assert_true(e.own_challenge);
		assert_int_equal(e.challenge.len, EMRTD_CHALLENGE_LEN);
		if (i % 4 == 1)
			check_offline(d.result, emrtd_card_csca(d.card));
		desk_free(&d);
	}
}

/* Random ones are fresh; a given one is what the chip gets. */
static void
challenges(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "ecdsa-P-256" };
	struct emrtd_evidence e = { .size = sizeof(e) };
	uint8_t first[EMRTD_CHALLENGE_LEN];
	struct desk d;

	(void)state;
	desk_init(&d, &aa);
	desk_issue(&d);
	assert_ok(desk_read(&d));
	assert_true(emrtd_result_evidence(d.result, EMRTD_PROOF_AA, &e));
	memcpy(first, e.challenge.ptr, sizeof(first));
	assert_ok(desk_read(&d));
	assert_true(emrtd_result_evidence(d.result, EMRTD_PROOF_AA, &e));
	assert_memory_not_equal(e.challenge.ptr, first, sizeof(first));
	d.challenge = own;
	assert_ok(desk_read(&d));
	expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
	    EMRTD_OVERALL_GENUINE);
	assert_true(emrtd_result_evidence(d.result, EMRTD_PROOF_AA, &e));
	assert_bytes(e.challenge, emrtd_bytes(own, sizeof(own)));
	desk_free(&d);
}

static void
is_printed_command(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	static const uint8_t printed[] = { 0x00, 0x88, 0x00, 0x00, 0x08, 0xF1,
		0x73, 0x58, 0x99, 0x74, 0xBF, 0x40, 0xC6, 0x00 };
	unsigned *n = self;

	(void)response;
	if (command.ptr[1] != INS_INTERNAL_AUTHENTICATE)
		return;
	assert_bytes(command, emrtd_bytes(printed, sizeof(printed)));
	(*n)++;
}

/* Doc 9303-11 appendix F: its challenge, its command, a key of its length. */
static void
the_command_of_appendix_f(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "rsa-1024",
		.hash = EMRTD_SHA1 };
	static const uint8_t rnd_ifd[] = { 0xF1, 0x73, 0x58, 0x99, 0x74, 0xBF,
		0x40, 0xC6 };
	unsigned n = 0;
	struct desk d;

	(void)state;
	desk_init_open(&d, &aa);
	desk_issue(&d);
	d.challenge = rnd_ifd;
	d.meddle = is_printed_command;
	d.self = &n;
	assert_ok(desk_read(&d));
	assert_int_equal(n, 1);
	expect(d.result, EMRTD_PASSED, EMRTD_CHIP_GENUINE,
	    EMRTD_OVERALL_GENUINE);
	desk_free(&d);
}

/* ---- Copies -------------------------------------------------------------- */

static void
copies(void **state)
{
	static const struct {
		enum emrtd_card_clone clone;
		const char *misbehave;
		enum emrtd_verdict aa;
		enum emrtd_chip_verdict chip;
		enum emrtd_overall_verdict overall;
	} cases[] = {
		{ EMRTD_CARD_CLONE_NO_KEYS, NULL, EMRTD_FAILED,
		    EMRTD_CHIP_FAILED, EMRTD_OVERALL_FAILED },
		{ EMRTD_CARD_CLONE_OWN_KEYS, NULL, EMRTD_FAILED,
		    EMRTD_CHIP_FAILED, EMRTD_OVERALL_FAILED },
		{ EMRTD_CARD_CLONE_STRIPPED, NULL, EMRTD_FAILED,
		    EMRTD_CHIP_FAILED, EMRTD_OVERALL_FAILED },
		{ EMRTD_CARD_ORIGINAL, "aa-old-challenge", EMRTD_FAILED,
		    EMRTD_CHIP_FAILED, EMRTD_OVERALL_FAILED },
		{ EMRTD_CARD_ORIGINAL, "tamper=EF.DG1", EMRTD_PASSED,
		    EMRTD_CHIP_UNDETERMINED, EMRTD_OVERALL_FAILED },
	};
	static const char *const keys[] = { "rsa-1024", "ecdsa-P-256" };

	(void)state;
	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			struct emrtd_card_aa aa = { .kind = keys[k] };
			struct desk d;

			desk_init(&d, &aa);
			d.profile.clone = cases[i].clone;
			if (cases[i].misbehave != NULL)
				assert_ok(emrtd_card_misbehave(&d.profile,
				    cases[i].misbehave, NULL));
			desk_issue(&d);
			assert_ok(desk_read(&d));
			expect(d.result, cases[i].aa, cases[i].chip,
			    cases[i].overall);
			desk_free(&d);
		}
	}
}

/* Who hides DG15, which EF.SOD names, has proven nothing. */
static void
a_copy_without_dg15(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "ecdsa-P-256" };
	struct desk d;

	(void)state;
	desk_init(&d, &aa);
	d.profile.clone = EMRTD_CARD_CLONE_STRIPPED;
	desk_issue(&d);
	assert_ok(desk_read(&d));
	assert_int_equal(d.n_asked, 0);
	assert_int_not_equal(virtual_verdict(d.result, "chip.aa"),
	    EMRTD_PASSED);
	assert_int_not_equal(virtual_verdict(d.result, "chip.aa"),
	    EMRTD_NOT_OFFERED);
	assert_int_not_equal(emrtd_result_chip(d.result), EMRTD_CHIP_GENUINE);
	assert_int_not_equal(emrtd_result_chip(d.result),
	    EMRTD_CHIP_NOT_OFFERED);
	desk_free(&d);
}

/* Whatever becomes of the proof by a key that nobody signed: it counts not. */
static void
another_key_in_dg15(void **state)
{
	static const char *const bits[] = { "tamper=EF.DG15",
		"tamper=EF.DG15:8", "tamper=EF.DG15:300",
		"tamper=EF.DG15:500" };
	static const struct emrtd_card_aa aa = { .kind = "rsa-1024" };

	(void)state;
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		struct desk d;

		desk_init(&d, &aa);
		assert_ok(emrtd_card_misbehave(&d.profile, bits[i], NULL));
		desk_issue(&d);
		assert_ok(desk_read(&d));
		assert_int_equal(virtual_verdict(d.result, "pa.hash.dg15"),
		    EMRTD_FAILED);
		assert_int_not_equal(virtual_verdict(d.result, "chip.aa"),
		    EMRTD_PASSED);
		assert_int_not_equal(emrtd_result_chip(d.result),
		    EMRTD_CHIP_GENUINE);
		assert_int_equal(emrtd_result_overall(d.result),
		    EMRTD_OVERALL_FAILED);
		desk_free(&d);
	}
}

/* A key that we can do nothing with says nothing for or against the chip. */
static void
a_key_that_nobody_uses(void **state)
{
	static const struct emrtd_card_aa aa = { .kind = "ecdsa-P-192" };
	struct desk d;

	(void)state;
	desk_init(&d, &aa);
	desk_issue(&d);
	assert_ok(desk_read(&d));
	assert_int_equal(d.n_asked, 0);
	assert_string_equal(d.result->proofs[EMRTD_PROOF_AA].diag.what,
	    "public key on a curve of less than 224 bits");
	expect(d.result, EMRTD_UNDETERMINED, EMRTD_CHIP_UNDETERMINED,
	    EMRTD_OVERALL_UNDETERMINED);
	desk_free(&d);
}

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
		cmocka_unit_test(keys_of_every_kind),
		cmocka_unit_test(challenges),
		cmocka_unit_test(the_command_of_appendix_f),
		cmocka_unit_test(copies),
		cmocka_unit_test(a_copy_without_dg15),
		cmocka_unit_test(another_key_in_dg15),
		cmocka_unit_test(a_key_that_nobody_uses),
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
