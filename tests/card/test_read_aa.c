/*
 * Active Authentication in a whole reading: keys of every kind, and copies of
 * a chip; then the same evidence from files.
 */
#include "aa_desk.h"
#include "result/result.h"
#include "virtual_read.h"

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
		.hash = "SHA-1" };
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
		/* Whose document it is is not known: nor who may vouch. */
		{ EMRTD_CARD_ORIGINAL, "tamper=EF.DG1", EMRTD_UNDETERMINED,
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
