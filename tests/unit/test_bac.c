#include "access/bac.h"
#include "emrtd_test.h"

#define CAP 128

enum column {
	MRZ_INFORMATION,
	K_SEED,
	K_ENC,
	K_MAC,
	RND_IC,
	RND_IFD,
	K_IFD,
	K_IC,
	COMMAND,
	RESPONSE,
	KS_ENC,
	KS_MAC,
	SSC,
	N_COLUMNS
};

/* A run of the worked example, up to the response. */
struct run {
	uint8_t tape_bytes[EMRTD_BAC_RND_LEN + EMRTD_BAC_KEY_LEN];
	uint8_t challenge[EMRTD_BAC_RND_LEN];
	uint8_t response[EMRTD_BAC_DATA_LEN];
	uint8_t command[EMRTD_BAC_DATA_LEN];
	uint8_t ks_enc[16], ks_mac[16], ssc[8], k_enc[16], k_mac[16];
	struct emrtd_password password;
};

static void
load(struct run *run)
{
	struct vectors *vectors = vectors_open("tests/vectors/bac.txt");
	struct vector v;
	size_t n;

	assert_true(vectors_next(vectors, &v));
	assert_int_equal(v.n_words, N_COLUMNS);
	n = vector_hex(v.words[RND_IFD], run->tape_bytes, EMRTD_BAC_RND_LEN);
	vector_hex(v.words[K_IFD], run->tape_bytes + n, EMRTD_BAC_KEY_LEN);
	vector_hex(v.words[RND_IC], run->challenge, sizeof(run->challenge));
	vector_hex(v.words[COMMAND], run->command, sizeof(run->command));
	vector_hex(v.words[RESPONSE], run->response, sizeof(run->response));
	vector_hex(v.words[K_ENC], run->k_enc, sizeof(run->k_enc));
	vector_hex(v.words[K_MAC], run->k_mac, sizeof(run->k_mac));
	vector_hex(v.words[KS_ENC], run->ks_enc, sizeof(run->ks_enc));
	vector_hex(v.words[KS_MAC], run->ks_mac, sizeof(run->ks_mac));
	vector_hex(v.words[SSC], run->ssc, sizeof(run->ssc));
	assert_ok(emrtd_password_mrz(v.words[MRZ_INFORMATION],
	    strlen(v.words[MRZ_INFORMATION]), &run->password));
	vectors_close(vectors);
}

static void
assert_wiped(const struct emrtd_bac *bac)
{
	static const struct emrtd_bac nothing;

	assert_memory_equal(bac, &nothing, sizeof(nothing));
}

static void
command_of(struct emrtd_crypto *crypto, const struct run *run,
    struct emrtd_bac *bac)
{
	struct tape tape = { { run->tape_bytes, sizeof(run->tape_bytes) } };
	struct emrtd_random random = tape_random(&tape);
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	assert_ok(emrtd_bac_begin(bac, crypto, &run->password));
	assert_memory_equal(bac->k_enc, run->k_enc, sizeof(run->k_enc));
	assert_memory_equal(bac->k_mac, run->k_mac, sizeof(run->k_mac));
	assert_ok(emrtd_bac_command(bac, crypto,
	    emrtd_bytes(run->challenge, sizeof(run->challenge)), &random,
	    &out));
	assert_bytes(emrtd_out_bytes(&out),
	    emrtd_bytes(run->command, sizeof(run->command)));
}

static void
worked_example(void **state)
{
	struct emrtd_bac bac;
	struct emrtd_sm sm = { 0 };
	struct run run;

	load(&run);
	command_of(*state, &run, &bac);
	assert_ok(emrtd_bac_finish(&bac, *state,
	    emrtd_bytes(run.response, sizeof(run.response)), &sm));
	assert_true(sm.live);
	assert_int_equal(sm.suite->id, EMRTD_3DES);
	assert_memory_equal(sm.k_enc, run.ks_enc, sizeof(run.ks_enc));
	assert_memory_equal(sm.k_mac, run.ks_mac, sizeof(run.ks_mac));
	assert_memory_equal(sm.ssc, run.ssc, sizeof(run.ssc));
	assert_wiped(&bac);
}

/* Seven and nine bytes are no challenge (TR-03105-5.1 wants them refused). */
static void
challenges_are_eight_bytes(void **state)
{
	uint8_t challenge[16] = { 0 }, buf[CAP];
	struct run run;

	load(&run);
	for (size_t n = 0; n <= sizeof(challenge); n++) {
		struct tape tape = { { run.tape_bytes,
		    sizeof(run.tape_bytes) } };
		struct emrtd_random random = tape_random(&tape);
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_bac bac;
		enum emrtd_error error;

		assert_ok(emrtd_bac_begin(&bac, *state, &run.password));
		error = emrtd_bac_command(&bac, *state,
		    emrtd_bytes(challenge, n), &random, &out);
		if (n == EMRTD_BAC_RND_LEN) {
			assert_ok(error);
			continue;
		}
		assert_error(error, EMRTD_E_MALFORMED);
		assert_wiped(&bac);
	}
}

static void
every_bit_of_the_response_counts(void **state)
{
	struct run run;

	load(&run);
	for (size_t bit = 0; bit < 8 * sizeof(run.response); bit++) {
		struct emrtd_sm sm = { 0 };
		struct emrtd_bac bac;

		command_of(*state, &run, &bac);
		run.response[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_error(
		    emrtd_bac_finish(&bac, *state,
			emrtd_bytes(run.response, sizeof(run.response)), &sm),
		    EMRTD_E_MAC);
		run.response[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(sm.live);
		assert_wiped(&bac);
	}
}

static void
responses_are_forty_bytes(void **state)
{
	uint8_t longer[EMRTD_BAC_DATA_LEN + 1] = { 0 };
	struct run run;

	load(&run);
	memcpy(longer, run.response, sizeof(run.response));
	for (size_t n = 0; n <= sizeof(longer); n++) {
		struct emrtd_sm sm = { 0 };
		struct emrtd_bac bac;

		if (n == EMRTD_BAC_DATA_LEN)
			continue;
		command_of(*state, &run, &bac);
		assert_error(emrtd_bac_finish(&bac, *state,
				 emrtd_bytes(longer, n), &sm),
		    EMRTD_E_MALFORMED);
		assert_false(sm.live);
		assert_wiped(&bac);
	}
}

/* A right MAC over the randoms of another session, or over ours sent back. */
static void
other_randoms_are_refused(void **state)
{
	static const uint8_t padding[] = { 0x80, 0, 0, 0, 0, 0, 0, 0 };
	const struct emrtd_suite *suite = emrtd_suite(EMRTD_3DES);
	struct run run;

	load(&run);
	for (size_t at = 0; at < 2 * EMRTD_BAC_RND_LEN; at++) {
		uint8_t plain[32], answer[EMRTD_BAC_DATA_LEN];
		struct emrtd_out open = emrtd_out(plain, sizeof(plain));
		struct emrtd_out out = emrtd_out(answer, sizeof(answer));
		struct emrtd_sm sm = { 0 };
		struct emrtd_bytes parts[2];
		struct emrtd_bac bac;

		command_of(*state, &run, &bac);
		assert_ok(emrtd_cbc_decrypt(*state, suite, bac.k_enc, NULL,
		    emrtd_bytes(run.response, sizeof(plain)), &open));
		plain[at] ^= 1;
		assert_ok(emrtd_cbc_encrypt(*state, suite, bac.k_enc, NULL,
		    emrtd_out_bytes(&open), &out));
		parts[0] = emrtd_out_bytes(&out);
		parts[1] = emrtd_bytes(padding, sizeof(padding));
		assert_ok(emrtd_mac(*state, suite, bac.k_mac, parts, 2,
		    answer + sizeof(plain)));
		assert_error(emrtd_bac_finish(&bac, *state,
				 emrtd_bytes(answer, sizeof(answer)), &sm),
		    EMRTD_E_TOKEN);
		assert_false(sm.live);
		assert_wiped(&bac);
	}
	{
		struct emrtd_sm sm = { 0 };
		struct emrtd_bac bac;

		command_of(*state, &run, &bac);
		assert_error(emrtd_bac_finish(&bac, *state,
				 emrtd_bytes(run.command, sizeof(run.command)),
				 &sm),
		    EMRTD_E_TOKEN);
	}
}

static void
steps_have_an_order(void **state)
{
	struct tape tape = { { NULL, 0 } };
	struct emrtd_random random = tape_random(&tape);
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_sm sm = { 0 };
	struct emrtd_bac bac;
	struct run run;

	load(&run);
	assert_ok(emrtd_bac_begin(&bac, *state, &run.password));
	assert_error(emrtd_bac_finish(&bac, *state,
			 emrtd_bytes(run.response, sizeof(run.response)), &sm),
	    EMRTD_E_STATE);
	assert_wiped(&bac);
	assert_error(emrtd_bac_command(&bac, *state,
			 emrtd_bytes(run.challenge, sizeof(run.challenge)),
			 &random, &out),
	    EMRTD_E_STATE);
	/* no randomness, no command */
	assert_ok(emrtd_bac_begin(&bac, *state, &run.password));
	assert_error(emrtd_bac_command(&bac, *state,
			 emrtd_bytes(run.challenge, sizeof(run.challenge)),
			 &random, &out),
	    EMRTD_E_CRYPTO);
	assert_int_equal(out.len, 0);
	assert_wiped(&bac);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_example),
		cmocka_unit_test(challenges_are_eight_bytes),
		cmocka_unit_test(every_bit_of_the_response_counts),
		cmocka_unit_test(responses_are_forty_bytes),
		cmocka_unit_test(other_randoms_are_refused),
		cmocka_unit_test(steps_have_an_order),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
