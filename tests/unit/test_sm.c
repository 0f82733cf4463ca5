#include "apdu/apdu.h"
#include "core/cursor.h"
#include "emrtd_test.h"
#include "sm/sm.h"

#define CAP 1024

struct exchange {
	uint8_t command[CAP], protected_[CAP], response[CAP], data[CAP];
	struct emrtd_command plain;
	struct emrtd_bytes want_command, want_data;
	struct emrtd_bytes answer;
	uint16_t sw;
	bool odd;
};

static void
session_of(const struct vector *v, struct emrtd_sm *sm)
{
	const struct emrtd_suite *suite = suite_by_name(v->words[1]);
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX], ssc[EMRTD_BLOCK_MAX];

	assert_int_equal(vector_hex(v->words[2], enc, sizeof(enc)),
	    suite->key_len);
	assert_int_equal(vector_hex(v->words[3], mac, sizeof(mac)),
	    suite->key_len);
	assert_int_equal(vector_hex(v->words[4], ssc, sizeof(ssc)),
	    suite->block_len);
	emrtd_sm_init(sm, suite, enc, mac, ssc);
}

static void
exchange_of(const struct vector *v, struct exchange *x)
{
	uint8_t sw[2];

	assert_int_equal(v->n_words, 6);
	assert_ok(emrtd_command_decode(hex_bytes(v->words[1], x->command, CAP),
	    &x->plain));
	x->want_command = hex_bytes(v->words[2], x->protected_, CAP);
	x->answer = hex_bytes(v->words[3], x->response, CAP);
	x->want_data = hex_bytes(v->words[4], x->data, CAP);
	assert_int_equal(vector_hex(v->words[5], sw, sizeof(sw)), 2);
	x->sw = (uint16_t)(sw[0] << 8 | sw[1]);
	x->odd = (x->plain.ins & 1) != 0;
}

static void
protect(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct exchange *x)
{
	static const uint8_t zeros[CAP];
	uint8_t work_buf[CAP] = { 0 }, buf[CAP];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	assert_ok(emrtd_sm_protect(crypto, sm, &x->plain, &work, &out));
	assert_bytes(emrtd_out_bytes(&out), x->want_command);
	assert_int_equal(work.len, 0);
	assert_memory_equal(work_buf, zeros, sizeof(zeros));
}

static enum emrtd_error
unprotect(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    struct emrtd_bytes answer, const struct exchange *x)
{
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_diag diag;
	uint16_t sw = 0;
	enum emrtd_error error;

	emrtd_diag_init(&diag);
	error = emrtd_sm_unprotect(crypto, sm, answer, x->odd, &diag, &out,
	    &sw);
	assert_int_equal(diag.error, error);
	if (error == EMRTD_OK) {
		assert_int_equal(sw, x->sw);
		assert_bytes(emrtd_out_bytes(&out), x->want_data);
		assert_true(sm->live);
	} else {
		static const struct emrtd_sm dead;

		assert_int_equal(out.len, 0);
		assert_memory_equal(sm, &dead, sizeof(dead));
	}
	return error;
}

/* Both directions of every exchange, byte for byte, counters included. */
static void
run_file(struct emrtd_crypto *crypto, const char *path)
{
	struct vectors *vectors = vectors_open(path);
	struct emrtd_sm sm = { 0 };
	struct vector v;
	struct exchange x;

	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "session") == 0) {
			session_of(&v, &sm);
			continue;
		}
		exchange_of(&v, &x);
		protect(crypto, &sm, &x);
		assert_ok(unprotect(crypto, &sm, x.answer, &x));
	}
	vectors_close(vectors);
}

static void
worked_example(void **state)
{
	run_file(*state, "tests/vectors/sm_doc9303.txt");
}

/* What test_active_auth.c verifies, as it came from the chip. */
static void
a_real_chip(void **state)
{
	run_file(*state, "tests/vectors/sm_recorded.txt");
}

static void
every_suite(void **state)
{
	run_file(*state, "tests/vectors/sm.txt");
}

typedef void (*attack)(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct exchange *x);

/* sm stands before the response; the attack works on copies of it. */
static void
for_each_response(struct emrtd_crypto *crypto, attack run)
{
	struct vectors *vectors = vectors_open("tests/vectors/sm.txt");
	struct emrtd_sm sm = { 0 }, copy;
	struct vector v;
	struct exchange x;

	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "session") == 0) {
			session_of(&v, &sm);
			continue;
		}
		exchange_of(&v, &x);
		protect(crypto, &sm, &x);
		copy = sm;
		run(crypto, &copy, &x);
		assert_ok(unprotect(crypto, &sm, x.answer, &x));
	}
	vectors_close(vectors);
}

static void
flip_bits(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct exchange *x)
{
	size_t mac = x->answer.len - 2 - EMRTD_MAC_LEN;
	uint8_t bad[CAP];

	memcpy(bad, x->answer.ptr, x->answer.len);
	for (size_t bit = 0; bit < 8 * x->answer.len; bit++) {
		struct emrtd_sm copy = *sm;
		enum emrtd_error error;

		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		error = unprotect(crypto, &copy,
		    emrtd_bytes(bad, x->answer.len), x);
		assert_int_not_equal(error, EMRTD_OK);
		if (bit / 8 >= mac && bit / 8 < mac + EMRTD_MAC_LEN)
			assert_error(error, EMRTD_E_MAC);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* Any single bit, so each of the 64 of the MAC, under every suite. */
static void
one_bit_is_never_missed(void **state)
{
	for_each_response(*state, flip_bits);
}

static void
cut_short(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct exchange *x)
{
	for (size_t len = 0; len < x->answer.len; len++) {
		struct emrtd_sm copy = *sm;

		assert_int_not_equal(unprotect(crypto, &copy,
					 emrtd_bytes(x->answer.ptr, len), x),
		    EMRTD_OK);
	}
}

static void
every_length_but_one_is_refused(void **state)
{
	for_each_response(*state, cut_short);
}

static void
answer_in_the_clear(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct exchange *x)
{
	static const uint8_t words[][2] = { { 0x69, 0x87 }, { 0x69, 0x88 },
		{ 0x90, 0x00 }, { 0x6A, 0x82 } };
	uint8_t buf[CAP];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct emrtd_sm copy = *sm;
		struct emrtd_out none = emrtd_out(buf, sizeof(buf));
		struct emrtd_diag diag;
		uint16_t sw;

		emrtd_diag_init(&diag);
		assert_error(emrtd_sm_unprotect(crypto, &copy,
				 emrtd_bytes(words[i], 2), x->odd, &diag, &none,
				 &sw),
		    EMRTD_E_SM_PLAIN);
		assert_int_equal(diag.sw, words[i][0] << 8 | words[i][1]);
		assert_false(copy.live);
	}
	if (x->want_data.len == 4) {
		struct emrtd_sm copy = *sm;

		memcpy(buf, x->want_data.ptr, 4);
		memcpy(buf + 4, words[2], 2);
		assert_error(unprotect(crypto, &copy, emrtd_bytes(buf, 6), x),
		    EMRTD_E_SM_PLAIN);
	}
}

static void
unprotected_answers_end_the_session(void **state)
{
	for_each_response(*state, answer_in_the_clear);
}

/* A session of the worked example, before the response to READ BINARY. */
static struct emrtd_sm
before_read(struct emrtd_crypto *crypto, struct exchange *x)
{
	struct vectors *vectors = vectors_open("tests/vectors/sm_doc9303.txt");
	struct emrtd_sm sm = { 0 };
	struct vector v;

	for (unsigned i = 0; i < 3 && vectors_next(vectors, &v); i++) {
		if (i == 0) {
			session_of(&v, &sm);
			continue;
		}
		exchange_of(&v, x);
		protect(crypto, &sm, x);
		if (i == 1)
			assert_ok(unprotect(crypto, &sm, x->answer, x));
	}
	vectors_close(vectors);
	return sm;
}

/* Each answer ends with a right MAC over the objects, then the tail. */
static void
objects_are_strict(void **state)
{
	static const struct {
		const char *objects, *tail;
		enum emrtd_error want;
	} cases[] = {
		/* as it should be */
		{ "8709019FF0EC34F992265199029000", "9000", EMRTD_OK },
		/* a length that is not minimal: MAC over what was received */
		{ "878109019FF0EC34F992265199029000", "9000", EMRTD_OK },
		{ "8709019FF0EC34F99226519981029000", "9000", EMRTD_OK },
		/* order, duplicates, strangers, absence */
		{ "990290008709019FF0EC34F9922651", "9000", EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F9922651", "9000", EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F99226518709019FF0EC34F992265199029000",
		    "9000", EMRTD_E_SM_FORMAT },
		{ "9902900099029000", "9000", EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F99226519702000099029000", "9000",
		    EMRTD_E_SM_FORMAT },
		{ "8101AA99029000", "9000", EMRTD_E_SM_PLAIN },
		/* padding indicator, whole blocks, the other data object */
		{ "8709029FF0EC34F992265199029000", "9000", EMRTD_E_SM_FORMAT },
		{ "8708019FF0EC34F9922699029000", "9000", EMRTD_E_SM_FORMAT },
		{ "87010199029000", "9000", EMRTD_E_SM_FORMAT },
		{ "870099029000", "9000", EMRTD_E_SM_FORMAT },
		{ "85089FF0EC34F992265199029000", "9000", EMRTD_E_SM_FORMAT },
		/* status words */
		{ "8709019FF0EC34F992265199026282", "9000", EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F9922651990190", "9000", EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F99226519903900000", "9000",
		    EMRTD_E_SM_FORMAT },
		/* a wrong cryptogram under a right MAC */
		{ "8709019FF0EC34F992265299029000", "9000", EMRTD_E_PADDING },
		/* nothing may follow */
		{ "8709019FF0EC34F992265199029000", "009000",
		    EMRTD_E_SM_FORMAT },
		{ "8709019FF0EC34F992265199029000", "990290009000",
		    EMRTD_E_SM_FORMAT },
	};
	struct emrtd_crypto *crypto = *state;
	struct exchange x;
	struct emrtd_sm sm = before_read(crypto, &x);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[CAP];
		size_t n = vector_hex(cases[i].objects, buf, sizeof(buf));
		struct emrtd_bytes objects = emrtd_bytes(buf, n);
		struct emrtd_sm copy = sm;

		emrtd_sm_count(&copy);
		buf[n] = 0x8E;
		buf[n + 1] = EMRTD_MAC_LEN;
		assert_ok(
		    emrtd_sm_mac(crypto, &copy, &objects, 1, buf + n + 2));
		n += 2 + EMRTD_MAC_LEN;
		n += vector_hex(cases[i].tail, buf + n, sizeof(buf) - n);
		copy = sm;
		assert_error(unprotect(crypto, &copy, emrtd_bytes(buf, n), &x),
		    cases[i].want);
	}
}

/* 8E of another length than eight: no MAC at all, or a part of the right one. */
static void
short_macs_are_refused(void **state)
{
	struct emrtd_crypto *crypto = *state;
	struct exchange x;
	struct emrtd_sm sm = before_read(crypto, &x);

	for (size_t cut = 1; cut <= EMRTD_MAC_LEN; cut++) {
		size_t n = x.answer.len - 2 - cut;
		struct emrtd_sm copy = sm;
		uint8_t buf[CAP];

		memcpy(buf, x.answer.ptr, n);
		buf[x.answer.len - 3 - EMRTD_MAC_LEN] =
		    (uint8_t)(EMRTD_MAC_LEN - cut);
		memcpy(buf + n, "\x90\x00", 2);
		assert_error(unprotect(crypto, &copy, emrtd_bytes(buf, n + 2),
				 &x),
		    EMRTD_E_SM_FORMAT);
	}
}

static void
ended_sessions_stay_dead(void **state)
{
	struct emrtd_crypto *crypto = *state;
	uint8_t work_buf[CAP], buf[CAP];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct exchange x;
	struct emrtd_sm sm = before_read(crypto, &x);

	emrtd_sm_end(&sm);
	assert_error(emrtd_sm_protect(crypto, &sm, &x.plain, &work, &out),
	    EMRTD_E_STATE);
	assert_error(unprotect(crypto, &sm, x.answer, &x), EMRTD_E_STATE);
}

/* A buffer that is too small ends the session: its counter has been used. */
static void
every_small_buffer_is_an_error(void **state)
{
	struct emrtd_crypto *crypto = *state;
	struct exchange x;
	struct emrtd_sm sm = before_read(crypto, &x);
	static const uint8_t data[40];

	x.plain.data = emrtd_bytes(data, sizeof(data));
	for (size_t cap = 0;; cap++) {
		uint8_t work_buf[CAP], buf[CAP];
		struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
		struct emrtd_out out = emrtd_out(buf, cap);
		struct emrtd_sm copy = sm;
		enum emrtd_error error = emrtd_sm_protect(crypto, &copy,
		    &x.plain, &work, &out);

		if (error == EMRTD_OK) {
			assert_int_equal(out.len, cap);
			break;
		}
		assert_error(error, EMRTD_E_BUFFER);
		assert_false(copy.live);
		assert_int_equal(work.len, 0);
	}
}

/* The largest command, and the first one that fits no APDU any more. */
static void
long_commands(void **state)
{
	static uint8_t data[65535], work_buf[70000], buf[70000];
	struct emrtd_crypto *crypto = *state;
	struct emrtd_command c = { .ins = 0xD6 };
	size_t most = 0;

	for (size_t n = 65480; n <= 65535; n++) {
		struct emrtd_sm sm = { 0 };
		struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_command seen;
		enum emrtd_error error;

		emrtd_sm_init(&sm, emrtd_suite(EMRTD_AES128), data, data, NULL);
		c.data = emrtd_bytes(data, n);
		error = emrtd_sm_protect(crypto, &sm, &c, &work, &out);
		assert_true(sm.live);
		if (error == EMRTD_OK) {
			assert_ok(
			    emrtd_command_decode(emrtd_out_bytes(&out), &seen));
			assert_true(seen.extended);
			most = n;
		} else {
			assert_error(error, EMRTD_E_ARG);
			assert_int_equal(out.len, 0);
		}
	}
	/* 65520 bytes of cryptogram, 5 + 10 of heads and MAC */
	assert_int_equal(most, 65519);
}

/* The objects of a protected command, by hand: tag, length, value. */
static struct emrtd_bytes
next_object(struct emrtd_bytes *in, uint8_t want_tag)
{
	struct emrtd_bytes value;
	uint8_t tag = 0, octet = 0;
	size_t len;

	assert_true(emrtd_u8(in, &tag) && emrtd_u8(in, &octet));
	assert_int_equal(tag, want_tag);
	len = octet;
	if (octet == 0x81) {
		assert_true(emrtd_u8(in, &octet) && octet >= 0x80);
		len = octet;
	} else if (octet == 0x82) {
		uint16_t two;

		assert_true(emrtd_u16(in, &two) && two >= 0x100);
		len = two;
	} else {
		assert_true(octet < 0x80);
	}
	assert_true(emrtd_take(in, len, &value));
	return value;
}

/* What the cryptogram opens to is the data and its padding. */
static void
check_cryptogram(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    struct emrtd_bytes value, const struct emrtd_command *c)
{
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	uint8_t indicator;

	if ((c->ins & 1) == 0)
		assert_true(emrtd_u8(&value, &indicator) && indicator == 1);
	assert_ok(emrtd_sm_decrypt(crypto, sm, value, &out));
	assert_true(out.len > c->data.len &&
		    out.len - c->data.len <= sm->suite->block_len);
	assert_memory_equal(buf, c->data.ptr, c->data.len);
	assert_int_equal(buf[c->data.len], 0x80);
	for (size_t i = c->data.len + 1; i < out.len; i++)
		assert_int_equal(buf[i], 0);
}

static void
check_protected(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct emrtd_command *c)
{
	uint8_t work_buf[CAP], buf[CAP];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes in, le;
	struct emrtd_command seen;

	assert_ok(emrtd_sm_protect(crypto, sm, c, &work, &out));
	assert_ok(emrtd_command_decode(emrtd_out_bytes(&out), &seen));
	assert_int_equal(seen.extended, c->extended || c->ne > 256 ||
					    seen.data.len > 255 ||
					    c->data.len > 255);
	assert_int_equal(seen.ne, seen.extended ? 65536 : 256);
	in = seen.data;
	if (c->data.len > 0)
		check_cryptogram(crypto, sm,
		    next_object(&in, (c->ins & 1) != 0 ? 0x85 : 0x87), c);
	if (c->ne > 0) {
		le = next_object(&in, 0x97);
		assert_int_equal(le.len,
		    seen.extended &&
			    (c->extended || c->ne > 256 || c->data.len > 255)
			? 2
			: 1);
		assert_int_equal(le.ptr[le.len - 1], c->ne & 0xFF);
	}
	assert_int_equal(next_object(&in, 0x8E).len, 8);
	assert_int_equal(in.len, 0);
}

static void
every_length_is_well_formed(void **state)
{
	static const uint32_t expected[] = { 0, 1, 255, 256, 257, 65536 };
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3 };
	static uint8_t data[300];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 1);
	for (unsigned k = 0; k < 2 * EMRTD_N_SUITES; k++) {
		struct emrtd_command c = { .ins = k % 2 != 0 ? 0xB1 : 0xB0 };
		struct emrtd_sm sm;

		emrtd_sm_init(&sm, emrtd_suite((enum emrtd_suite_id)(k / 2)),
		    key, key, NULL);
		for (size_t n = 0; n <= sizeof(data); n++) {
			c.data = emrtd_bytes(data, n);
			c.ne = expected[n % 6];
			check_protected(*state, &sm, &c);
		}
	}
}

static void
no_command_expects_more_than_an_apdu_holds(void **state)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3 };
	uint8_t work_buf[CAP], buf[CAP];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_command c = { .ins = 0xB0, .ne = 65537 };
	struct emrtd_sm sm;

	emrtd_sm_init(&sm, emrtd_suite(EMRTD_AES128), key, key, NULL);
	assert_error(emrtd_sm_protect(*state, &sm, &c, &work, &out),
	    EMRTD_E_ARG);
	assert_true(sm.live);
	assert_int_equal(out.len, 0);
	c.ne = 65536;
	assert_ok(emrtd_sm_protect(*state, &sm, &c, &work, &out));
}

/* However the bytes are cut, and no more parts than there is room for. */
static void
mac_is_over_the_parts_as_one(void **state)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3 };
	static const uint8_t text[] = "six parts of one message, 29 .";
	struct emrtd_bytes whole = emrtd_bytes(text, 29), parts[7], rest;
	uint8_t one[EMRTD_MAC_LEN], many[EMRTD_MAC_LEN];
	struct emrtd_sm sm;

	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		emrtd_sm_init(&sm, emrtd_suite((enum emrtd_suite_id)i), key,
		    key, NULL);
		assert_ok(emrtd_sm_mac(*state, &sm, &whole, 1, one));
		rest = whole;
		for (size_t k = 0; k < 6; k++)
			assert_true(emrtd_take(&rest, k == 5 ? rest.len : k,
			    &parts[k]));
		parts[6] = rest;
		assert_ok(emrtd_sm_mac(*state, &sm, parts, 6, many));
		assert_memory_equal(one, many, sizeof(one));
		assert_error(emrtd_sm_mac(*state, &sm, parts, 7, many),
		    EMRTD_E_ARG);
	}
}

static void
counter_wraps(void **state)
{
	static const uint8_t key[EMRTD_KEY_MAX], zero[EMRTD_BLOCK_MAX];
	uint8_t ones[EMRTD_BLOCK_MAX];
	struct emrtd_sm sm;

	(void)state;
	memset(ones, 0xFF, sizeof(ones));
	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		emrtd_sm_init(&sm, emrtd_suite((enum emrtd_suite_id)i), key,
		    key, ones);
		emrtd_sm_count(&sm);
		assert_memory_equal(sm.ssc, zero, sizeof(zero));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_example),
		cmocka_unit_test(a_real_chip),
		cmocka_unit_test(every_suite),
		cmocka_unit_test(one_bit_is_never_missed),
		cmocka_unit_test(every_length_but_one_is_refused),
		cmocka_unit_test(unprotected_answers_end_the_session),
		cmocka_unit_test(objects_are_strict),
		cmocka_unit_test(short_macs_are_refused),
		cmocka_unit_test(ended_sessions_stay_dead),
		cmocka_unit_test(every_small_buffer_is_an_error),
		cmocka_unit_test(long_commands),
		cmocka_unit_test(every_length_is_well_formed),
		cmocka_unit_test(no_command_expects_more_than_an_apdu_holds),
		cmocka_unit_test(mac_is_over_the_parts_as_one),
		cmocka_unit_test(counter_wraps),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
