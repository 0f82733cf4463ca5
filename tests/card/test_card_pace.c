/*
 * The chip's side of PACE by the same lines that the reader's side is tested
 * with: with the chip's randoms on tape it must answer each recorded command
 * as the standard's chip does, and refuse what is none.
 */
#include "card/card_pace.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "pace_vectors.h"

#include <stdlib.h>

#define CAP     PACE_VECTOR_CAP
#define N_STEPS 4

static const uint8_t command_tags[] = { 0, 0x81, 0x83, 0x85 };
static const uint8_t answer_tags[] = { 0x80, 0x82, 0x84, 0x86 };
static const enum column command_columns[] = { 0, MAP_PUBLIC_IFD, PUBLIC_IFD,
	TOKEN_IFD };
static const enum column answer_columns[] = { ENCRYPTED_NONCE, MAP_PUBLIC_IC,
	PUBLIC_IC, TOKEN_IC };

struct run {
	const struct vector *v;
	struct emrtd_card_pace pace;
	struct emrtd_sm sm;
	uint8_t tape_bytes[3 * EMRTD_FIELD_MAX];
	struct tape tape;
	uint8_t command[N_STEPS][CAP];
	size_t command_len[N_STEPS];
};

static void
put_dynamic(struct emrtd_out *out, uint8_t tag, struct emrtd_bytes value,
    struct emrtd_bytes chip_data)
{
	size_t mark = emrtd_open(out, 0x7C);

	if (tag != 0)
		emrtd_put_tlv(out, tag, value);
	if (chip_data.len > 0)
		emrtd_put_tlv(out, 0x8A, chip_data);
	emrtd_close(out, mark);
	assert_false(out->bad);
}

static void
begin(struct emrtd_crypto *crypto, const struct vector *v, struct run *run)
{
	static const enum column drawn[] = { NONCE, MAP_PRIVATE_IC,
		PRIVATE_IC };
	uint8_t static_key[EMRTD_FIELD_MAX], buf[CAP];
	const struct emrtd_bytes none = { NULL, 0 };
	struct emrtd_password p;
	size_t n = 0;

	memset(run, 0, sizeof(*run));
	run->v = v;
	for (size_t i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++)
		n += vector_hex(v->words[drawn[i]], run->tape_bytes + n,
		    EMRTD_FIELD_MAX);
	run->tape.rest = emrtd_bytes(run->tape_bytes, n);
	for (unsigned i = 0; i < N_STEPS; i++) {
		struct emrtd_out out = emrtd_out(run->command[i], CAP);

		put_dynamic(&out, command_tags[i],
		    i == 0 ? none : column(v, command_columns[i], buf), none);
		run->command_len[i] = out.len;
	}
	if (is_cam(v))
		vector_hex(v->words[STATIC_PRIVATE_IC], static_key,
		    sizeof(static_key));
	vector_password(v, &p);
	assert_ok(emrtd_card_pace_begin(&run->pace, crypto, protocol_of(v),
	    emrtd_group_by_id((uint32_t)atoi(v->words[PARAMETER])), &p,
	    is_cam(v) ? static_key : NULL));
}

static enum emrtd_error
step(struct emrtd_crypto *crypto, struct run *run, struct emrtd_bytes command,
    struct emrtd_out *out)
{
	struct emrtd_random random = tape_random(&run->tape);

	return emrtd_card_pace_step(&run->pace, crypto, command, &random, out,
	    &run->sm);
}

static void
run_example(struct emrtd_crypto *crypto, const struct vector *v)
{
	static struct run run;
	uint8_t buf[CAP];

	begin(crypto, v, &run);
	for (unsigned i = 0; i < N_STEPS; i++) {
		uint8_t got_buf[CAP], want_buf[CAP], cam[CAP];
		struct emrtd_out got = emrtd_out(got_buf, CAP);
		struct emrtd_out want = emrtd_out(want_buf, CAP);
		struct emrtd_bytes chip_data = { NULL, 0 };

		assert_ok(step(crypto, &run,
		    emrtd_bytes(run.command[i], run.command_len[i]), &got));
		if (i == 3 && is_cam(v))
			chip_data = column(v, ENCRYPTED_CA_IC, cam);
		put_dynamic(&want, answer_tags[i],
		    column(v, answer_columns[i], buf), chip_data);
		assert_bytes(emrtd_out_bytes(&got), emrtd_out_bytes(&want));
	}
	assert_int_equal(run.tape.rest.len, 0);
	assert_true(run.sm.live);
	assert_bytes(emrtd_bytes(run.sm.k_enc, run.sm.suite->key_len),
	    column(v, K_ENC, buf));
	assert_bytes(emrtd_bytes(run.sm.k_mac, run.sm.suite->key_len),
	    column(v, K_MAC, buf));
}

static void
worked_examples(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	struct vector v;
	unsigned n = 0;

	for (; vectors_next(vectors, &v); n++)
		run_example(*state, &v);
	assert_int_equal(n, N_EXAMPLES);
	vectors_close(vectors);
}

/* Runs fn on the state before each command of an example. */
static void
before_each_command(struct emrtd_crypto *crypto, unsigned example,
    void (*fn)(struct emrtd_crypto *crypto, struct run *run, unsigned step))
{
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	static struct run run, copy;
	struct vector v;

	for (unsigned i = 0; i <= example; i++)
		assert_true(vectors_next(vectors, &v));
	begin(crypto, &v, &run);
	for (unsigned i = 0; i < N_STEPS; i++) {
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		copy = run;
		fn(crypto, &copy, i);
		assert_ok(step(crypto, &run,
		    emrtd_bytes(run.command[i], run.command_len[i]), &out));
	}
	vectors_close(vectors);
}

/* Refused, and the attempt is over. */
static enum emrtd_error
refuse(struct emrtd_crypto *crypto, const struct run *run,
    struct emrtd_bytes command)
{
	static const struct emrtd_card_pace nothing;
	static struct run copy;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	copy = *run;
	error = step(crypto, &copy, command, &out);
	assert_int_not_equal(error, EMRTD_OK);
	assert_memory_equal(&copy.pace, &nothing, sizeof(nothing));
	assert_false(copy.sm.live);
	return error;
}

static void
wrong_commands(struct emrtd_crypto *crypto, struct run *run, unsigned i)
{
	uint8_t *command = run->command[i];
	size_t len = run->command_len[i];

	for (unsigned other = 0; other < N_STEPS; other++) {
		if (other == i)
			continue;
		assert_error(refuse(crypto, run,
				 emrtd_bytes(run->command[other],
				     run->command_len[other])),
		    EMRTD_E_MALFORMED);
	}
	for (size_t n = 0; n < len; n++)
		assert_error(refuse(crypto, run, emrtd_bytes(command, n)),
		    EMRTD_E_MALFORMED);
	command[len] = 0;
	assert_error(refuse(crypto, run, emrtd_bytes(command, len + 1)),
	    EMRTD_E_MALFORMED);
	if (i == 3) {
		command[len - 1] ^= 1;
		assert_error(refuse(crypto, run, emrtd_bytes(command, len)),
		    EMRTD_E_TOKEN);
	}
}

static void
only_the_next_command_is_taken(void **state)
{
	static const unsigned examples[] = { GM_EC, GM_DH, IM_EC, CAM_EC };

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		before_each_command(*state, examples[i], wrong_commands);
}

/* Zeros, another length, and what the chip itself will answer. */
static void
wrong_keys(struct emrtd_crypto *crypto, struct run *run, unsigned i)
{
	const struct emrtd_bytes none = { NULL, 0 };
	bool integrated = run->pace.protocol->mapping == EMRTD_PACE_IM;
	uint8_t buf[CAP], value[CAP];
	struct emrtd_bytes good;
	struct emrtd_out out;

	if (i != 2 && (i != 1 || integrated))
		return;
	good = column(run->v, command_columns[i], value);
	memset(value, 0, good.len);
	out = emrtd_out(buf, sizeof(buf));
	put_dynamic(&out, command_tags[i], good, none);
	assert_error(refuse(crypto, run, emrtd_out_bytes(&out)), EMRTD_E_KEY);
	good = column(run->v, command_columns[i], value);
	out = emrtd_out(buf, sizeof(buf));
	put_dynamic(&out, command_tags[i], emrtd_bytes(good.ptr, good.len / 2),
	    none);
	assert_error(refuse(crypto, run, emrtd_out_bytes(&out)), EMRTD_E_KEY);
	if (i == 2) {
		good = column(run->v, answer_columns[i], value);
		out = emrtd_out(buf, sizeof(buf));
		put_dynamic(&out, command_tags[i], good, none);
		assert_error(refuse(crypto, run, emrtd_out_bytes(&out)),
		    EMRTD_E_KEY);
	}
}

static void
keys_are_checked(void **state)
{
	static const unsigned examples[] = { GM_EC, GM_DH, IM_EC, IM_DH,
		CAM_EC };

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		before_each_command(*state, examples[i], wrong_keys);
}

/* The integrated mapping ties t to the length of the key. */
static void
nonce_lengths(struct emrtd_crypto *crypto, struct run *run, unsigned i)
{
	static const uint8_t zeros[2 * EMRTD_KEY_MAX];
	const struct emrtd_bytes none = { NULL, 0 };

	for (size_t n = 0; i == 1 && n <= sizeof(zeros); n++) {
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		put_dynamic(&out, 0x81, emrtd_bytes(zeros, n), none);
		if (n != run->pace.suite->key_len)
			assert_error(refuse(crypto, run, emrtd_out_bytes(&out)),
			    EMRTD_E_MALFORMED);
	}
}

static void
integrated_nonces(void **state)
{
	before_each_command(*state, IM_EC, nonce_lengths);
	before_each_command(*state, IM_DH, nonce_lengths);
}

/* A forger without the static key opens as well, and proves nothing. */
static void
no_static_key_no_proof(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	static struct run run;
	struct vector v;

	for (unsigned i = 0; i <= CAM_EC; i++)
		assert_true(vectors_next(vectors, &v));
	begin(*state, &v, &run);
	run.pace.has_static_key = false;
	for (unsigned i = 0; i < N_STEPS; i++) {
		uint8_t buf[CAP], value[CAP], want_buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_out want = emrtd_out(want_buf, CAP);

		assert_ok(step(*state, &run,
		    emrtd_bytes(run.command[i], run.command_len[i]), &out));
		put_dynamic(&want, answer_tags[i],
		    column(&v, answer_columns[i], value), emrtd_bytes(NULL, 0));
		assert_bytes(emrtd_out_bytes(&out), emrtd_out_bytes(&want));
	}
	vectors_close(vectors);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(only_the_next_command_is_taken),
		cmocka_unit_test(keys_are_checked),
		cmocka_unit_test(integrated_nonces),
		cmocka_unit_test(no_static_key_no_proof),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
