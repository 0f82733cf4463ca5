/*
 * The n-th allocation fails, ours or OpenSSL's, for n = 1, 2 ... until a
 * verification passes untouched: never a crash or a leak (the asan preset
 * looks), and never 'authentic' for a document that is not, nor 'genuine' for
 * a chip that did not sign.
 */
#include "allocation_faults.h"
#include "emrtd_test.h"
#include "virtual_read.h"

#include <stdlib.h>

/* Files, and what the chip signed. */
struct document {
	struct emrtd_card *card;
	struct emrtd_bytes files[EMRTD_N_FILES];
	uint8_t answer[300];
	struct emrtd_bytes signature;
};

static const uint8_t challenge[EMRTD_CHALLENGE_LEN] = { 1, 2, 3, 4, 5, 6, 7,
	8 };

static void
ask_to_sign(struct document *d)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0,
		0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };
	static const uint8_t sign[] = { 0x00, 0x88, 0x00, 0x00, 8, 1, 2, 3, 4,
		5, 6, 7, 8, 0 };
	struct emrtd_out out = emrtd_out(d->answer, sizeof(d->answer));

	emrtd_card_reset(d->card);
	assert_ok(emrtd_card_transmit(d->card,
	    emrtd_bytes(select, sizeof(select)), &out));
	out.len = 0;
	assert_ok(emrtd_card_transmit(d->card, emrtd_bytes(sign, sizeof(sign)),
	    &out));
	assert_int_equal(out.len, 128 + 2);
	d->signature = emrtd_bytes(d->answer, 128);
}

static void
issue(struct document *d, const char *misbehaviour)
{
	struct virtual_read v;

	virtual_read_init(&v);
	/* Open, so that it signs without much ado. */
	v.profile.bac = false;
	v.profile.n_pace = 0;
	v.profile.aa.kind = "rsa-1024";
	if (misbehaviour != NULL)
		virtual_misbehave(&v, misbehaviour);
	assert_ok(emrtd_card_issue(NULL, &v.profile, NULL, &d->card));
	for (int i = 0; i < EMRTD_N_FILES; i++)
		d->files[i] = emrtd_card_file(d->card, (enum emrtd_file)i);
	ask_to_sign(d);
}

struct verdicts {
	enum emrtd_data_verdict data;
	enum emrtd_chip_verdict chip;
};

/*
 * A whole verification with one allocation that fails. True when it came to
 * that; the verdicts otherwise.
 */
static bool
verify(const struct document *d, unsigned long fail_ours,
    unsigned long fail_openssls, struct verdicts *out)
{
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = VIRTUAL_AT,
		.files = d->files,
		.aa_challenge = emrtd_bytes(challenge, sizeof(challenge)),
		.aa_signature = d->signature,
		.challenge = challenge };
	struct emrtd_result *result = NULL;
	struct emrtd_trust *trust = NULL;
	struct emrtd_ctx *ctx = NULL;
	bool failed;
	enum emrtd_error e;

	out->data = EMRTD_DATA_UNDETERMINED;
	out->chip = EMRTD_CHIP_UNDETERMINED;
	fault_ours = fail_ours;
	fault_openssls = fail_openssls;
	e = emrtd_ctx_new(NULL, NULL, &ctx);
	if (e == EMRTD_OK)
		e = emrtd_trust_new(ctx, &trust);
	if (e == EMRTD_OK)
		e = emrtd_trust_add_der(trust, emrtd_card_csca(d->card),
		    EMRTD_TRUST_ALLOW_TEST, NULL);
	options.trust = trust;
	if (e == EMRTD_OK)
		e = emrtd_verify_files(ctx, &options, &result);
	failed = fault_ours == 0 && fault_openssls == 0;
	fault_ours = 0;
	fault_openssls = 0;
	if (result != NULL) {
		out->data = emrtd_result_data(result);
		out->chip = emrtd_result_chip(result);
	} else {
		assert_int_not_equal(e, EMRTD_OK);
	}
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
	emrtd_ctx_free(&ctx);
	return failed;
}

/* Every 7th of OpenSSL's, or another step for a campaign or a hurry. */
static unsigned long
openssl_step(void)
{
	const char *text = getenv("MRTD_ALLOCATION_STEP");
	unsigned long step = text != NULL ? strtoul(text, NULL, 10) : 7;

	return step > 0 ? step : 7;
}

static void
sweep(const char *misbehaviour, bool forged_signature, bool of_openssl,
    struct verdicts expected)
{
	struct verdicts v;
	struct document d;
	/* Most of OpenSSL's thousands are its fetching of algorithms. */
	unsigned long n = 0, step = of_openssl ? openssl_step() : 1;

	issue(&d, misbehaviour);
	d.answer[64] ^= forged_signature;
	fault_openssl_may_leak = of_openssl;
	while (verify(&d, of_openssl ? 0 : n + 1, of_openssl ? n + 1 : 0, &v)) {
		n += step;
		if (v.data == EMRTD_DATA_AUTHENTIC)
			assert_int_equal(expected.data, EMRTD_DATA_AUTHENTIC);
		if (v.chip == EMRTD_CHIP_GENUINE)
			assert_int_equal(expected.chip, EMRTD_CHIP_GENUINE);
	}
	fault_openssl_may_leak = false;
	assert_int_equal(v.data, expected.data);
	assert_int_equal(v.chip, expected.chip);
	assert_true(n > 5);
	print_message("%lu allocations, every %lu\n", n, step);
	emrtd_card_free(&d.card);
}

static const struct verdicts genuine = { EMRTD_DATA_AUTHENTIC,
	EMRTD_CHIP_GENUINE };
static const struct verdicts forged = { EMRTD_DATA_FAILED,
	EMRTD_CHIP_UNDETERMINED };
static const struct verdicts copied = { EMRTD_DATA_AUTHENTIC,
	EMRTD_CHIP_FAILED };

static void
ours_of_a_good_document(void **state)
{
	(void)state;
	sweep(NULL, false, false, genuine);
}

static void
ours_of_a_forged_document(void **state)
{
	(void)state;
	sweep("tamper=EF.SOD", false, false, forged);
}

static void
ours_of_a_copy(void **state)
{
	(void)state;
	sweep(NULL, true, false, copied);
}

static void
openssls_of_a_good_document(void **state)
{
	(void)state;
	sweep(NULL, false, true, genuine);
}

static void
openssls_of_a_forged_document(void **state)
{
	(void)state;
	sweep("tamper=EF.SOD", false, true, forged);
}

static void
openssls_of_a_copy(void **state)
{
	(void)state;
	sweep(NULL, true, true, copied);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_of_a_good_document),
		cmocka_unit_test(ours_of_a_forged_document),
		cmocka_unit_test(ours_of_a_copy),
		cmocka_unit_test(openssls_of_a_good_document),
		cmocka_unit_test(openssls_of_a_forged_document),
		cmocka_unit_test(openssls_of_a_copy),
	};

	/* Before OpenSSL allocates anything. */
	if (!fault_begin())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
