/*
 * Chip Authentication of the reader: sessions of real chips byte for byte, the
 * key agreement of every protocol over every group, and what is refused.
 */
#include "access/chip_auth.h"
#include "chip_auth_vector.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "emrtd_test.h"

#include <stdlib.h>

#define CAP 2048

static const uint8_t zeros[sizeof(struct emrtd_chip_auth)];

static const struct emrtd_group *
group_by_text(const char *id)
{
	const struct emrtd_group *group = emrtd_group_by_id(
	    (uint32_t)strtoul(id, NULL, 10));

	assert_non_null(group);
	return group;
}

/* ---- Real chips -------------------------------------------------------- */

struct recording {
	struct emrtd_crypto *crypto;
	struct emrtd_sm sm;
	struct emrtd_chip_auth_key key;
	uint8_t public_key[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth ca;
	unsigned n_exchanges, n_states;
};

static void
take_session(const struct vector *v, struct emrtd_sm *sm)
{
	const struct emrtd_suite *suite = suite_by_name(v->words[2]);
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX], ssc[EMRTD_BLOCK_MAX];

	assert_int_equal(v->n_words, 6);
	vector_hex(v->words[3], enc, sizeof(enc));
	vector_hex(v->words[4], mac, sizeof(mac));
	vector_hex(v->words[5], ssc, sizeof(ssc));
	emrtd_sm_init(sm, suite, enc, mac, ssc);
}

static void
take_key(const struct vector *v, struct recording *r)
{
	uint8_t id;

	assert_int_equal(v->n_words, 6);
	memset(&r->key, 0, sizeof(r->key));
	r->key.protocol = protocol_by_text(v->words[2]);
	r->key.group = group_by_text(v->words[3]);
	r->key.has_key_id = vector_hex(v->words[4], &id, 1) == 1;
	if (r->key.has_key_id)
		r->key.key_id = id;
	r->key.public_key = hex_bytes(v->words[5], r->public_key,
	    sizeof(r->public_key));
}

static void
draw(const struct vector *v, struct recording *r)
{
	uint8_t drawn[EMRTD_FIELD_MAX], want[EMRTD_ELEMENT_MAX];
	struct tape tape = { hex_bytes(v->words[2], drawn, sizeof(drawn)) };
	struct emrtd_random random = tape_random(&tape);

	assert_ok(emrtd_chip_auth_begin(&r->ca, r->crypto, &r->key, &random));
	assert_int_equal(tape.rest.len, 0);
	assert_bytes(emrtd_bytes(r->ca.public_key.bytes, r->ca.public_key.len),
	    hex_bytes(v->words[3], want, sizeof(want)));
}

/* Which command it is, the recorded header says. */
static void
put_data(struct recording *r, const struct emrtd_command *recorded,
    struct emrtd_out *data)
{
	if (recorded->ins == 0x86)
		assert_ok(emrtd_chip_auth_authenticate(&r->ca, data));
	else if (recorded->p2 == 0xA6)
		assert_ok(emrtd_chip_auth_set_kat(&r->ca, data));
	else
		assert_ok(emrtd_chip_auth_set_at(&r->ca, data));
}

/* What a SELECT under the new keys selects: no secret of ours to make. */
static void
put_selected(struct recording *r, const struct emrtd_command *recorded,
    struct emrtd_out *data)
{
	struct emrtd_bytes rest = recorded->data, cryptogram;
	struct emrtd_sm next = r->sm;
	uint32_t tag;
	size_t len;

	emrtd_sm_count(&next);
	assert_true(emrtd_tlv_any(&rest, &tag, &cryptogram));
	assert_int_equal(tag, 0x87);
	assert_ok(emrtd_sm_decrypt(r->crypto, &next,
	    emrtd_bytes(cryptogram.ptr + 1, cryptogram.len - 1), data));
	assert_true(
	    emrtd_unpad(emrtd_out_bytes(data), next.suite->block_len, &len));
	data->len = len;
}

static void
exchange(struct recording *r, const struct vector *v)
{
	uint8_t sent[CAP], received[CAP], plain[CAP], made[CAP], work_buf[CAP];
	uint8_t opened[CAP];
	struct emrtd_out data = emrtd_out(plain, sizeof(plain));
	struct emrtd_out out = emrtd_out(made, sizeof(made));
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out answer = emrtd_out(opened, sizeof(opened));
	struct emrtd_bytes want = hex_bytes(v->words[2], sent, sizeof(sent));
	struct emrtd_command recorded, command;
	uint16_t sw;

	assert_ok(emrtd_command_decode(want, &recorded));
	command = (struct emrtd_command){ .ins = recorded.ins,
		.p1 = recorded.p1,
		.p2 = recorded.p2,
		.ne = recorded.ins == 0x86 ? 256 : 0 };
	if (recorded.ins == 0xA4)
		put_selected(r, &recorded, &data);
	else
		put_data(r, &recorded, &data);
	command.data = emrtd_out_bytes(&data);
	assert_ok(emrtd_sm_protect(r->crypto, &r->sm, &command, &work, &out));
	assert_bytes(emrtd_out_bytes(&out), want);
	assert_ok(emrtd_sm_unprotect(r->crypto, &r->sm,
	    hex_bytes(v->words[3], received, sizeof(received)), false, NULL,
	    &answer, &sw));
	assert_int_equal(sw, 0x9000);
	if (recorded.ins == 0x86)
		assert_ok(
		    emrtd_chip_auth_answer(&r->ca, emrtd_out_bytes(&answer)));
	else
		assert_int_equal(answer.len, 0);
	if (recorded.ins == 0x86 || recorded.p2 == 0xA6)
		assert_ok(emrtd_chip_auth_finish(&r->ca, &r->sm));
	r->n_exchanges++;
}

static void
check_after(const struct vector *v, struct recording *r)
{
	struct emrtd_sm want;

	take_session(v, &want);
	assert_memory_equal(&r->sm, &want, sizeof(want));
	assert_memory_equal(&r->ca, zeros, sizeof(r->ca));
	r->n_states++;
}

static void
real_chips(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/chip_auth_recorded.txt");
	struct recording r = { .crypto = *state };
	struct vector v;

	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "before") == 0)
			take_session(&v, &r.sm);
		else if (strcmp(v.words[0], "key") == 0)
			take_key(&v, &r);
		else if (strcmp(v.words[0], "drawn") == 0)
			draw(&v, &r);
		else if (strcmp(v.words[0], "exchange") == 0)
			exchange(&r, &v);
		else if (strcmp(v.words[0], "after") == 0)
			check_after(&v, &r);
		else
			assert_string_equal(v.words[0], "dg14");
	}
	vectors_close(vectors);
	assert_int_equal(r.n_states, 4);
	assert_int_equal(r.n_exchanges, 3 + 3 + 3 + 2);
}

/* ---- Every protocol over every group ----------------------------------- */

static void
agree_both_ways(struct emrtd_crypto *crypto, const struct vector *v)
{
	const struct emrtd_chip_auth_protocol *protocol = protocol_by_text(
	    v->words[OID]);
	const struct emrtd_group *group = group_by_text(v->words[PARAMETER]);
	size_t key_len = emrtd_suite(protocol->suite)->key_len;

	for (unsigned side = 0; side < 2; side++) {
		uint8_t drawn[EMRTD_FIELD_MAX], own[EMRTD_ELEMENT_MAX];
		uint8_t peer[EMRTD_ELEMENT_MAX], key[EMRTD_KEY_MAX];
		unsigned ours = side == 0 ? READER_PRIVATE : CHIP_PRIVATE;
		unsigned theirs = side == 0 ? CHIP_PUBLIC : READER_PUBLIC;
		struct tape tape = { hex_bytes(v->words[ours], drawn,
		    sizeof(drawn)) };
		struct emrtd_random random = tape_random(&tape);
		struct emrtd_chip_auth_key k = { protocol, group,
			hex_bytes(v->words[theirs], peer, sizeof(peer)), false,
			0 };
		struct emrtd_chip_auth ca;
		struct emrtd_sm sm = { 0 };

		assert_ok(emrtd_chip_auth_begin(&ca, crypto, &k, &random));
		assert_bytes(emrtd_bytes(ca.public_key.bytes,
				 ca.public_key.len),
		    hex_bytes(v->words[ours + 1], own, sizeof(own)));
		assert_ok(emrtd_chip_auth_finish(&ca, &sm));
		assert_bytes(emrtd_bytes(sm.k_enc, key_len),
		    hex_bytes(v->words[K_ENC], key, sizeof(key)));
		assert_bytes(emrtd_bytes(sm.k_mac, key_len),
		    hex_bytes(v->words[K_MAC], key, sizeof(key)));
		assert_ptr_equal(sm.suite, emrtd_suite(protocol->suite));
		assert_memory_equal(sm.ssc, zeros, sizeof(sm.ssc));
		assert_true(sm.live);
	}
}

static void
every_protocol_over_every_group(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/chip_auth.txt");
	struct vector v;
	size_t n = 0;

	while (vectors_next(vectors, &v)) {
		assert_int_equal(v.n_words, N_COLUMNS);
		agree_both_ways(*state, &v);
		n++;
	}
	vectors_close(vectors);
	/* Four suites over three DH and eleven EC groups. */
	assert_int_equal(n, 56);
	assert_int_equal(n, 4 * emrtd_group_count());
}

/* ---- What is refused --------------------------------------------------- */

static const uint8_t some_random[EMRTD_FIELD_MAX] = { 0x12, 0x34 };

/* brainpoolP256r1 under id-CA-ECDH-3DES: the key of a real chip (MY). */
static struct emrtd_chip_auth_key
my_key(uint8_t buf[EMRTD_ELEMENT_MAX])
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/chip_auth_recorded.txt");
	struct recording r = { 0 };
	struct vector v;

	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "key") == 0 &&
		    strcmp(v.words[1], "MY") == 0)
			take_key(&v, &r);
	}
	vectors_close(vectors);
	assert_int_equal(r.key.public_key.len, 65);
	memcpy(buf, r.public_key, r.key.public_key.len);
	r.key.public_key.ptr = buf;
	return r.key;
}

static enum emrtd_error
begin(struct emrtd_crypto *crypto, const struct emrtd_chip_auth_key *key,
    struct emrtd_chip_auth *ca)
{
	struct tape tape = { emrtd_bytes(some_random, sizeof(some_random)) };
	struct emrtd_random random = tape_random(&tape);
	enum emrtd_error error = emrtd_chip_auth_begin(ca, crypto, key,
	    &random);

	if (error != EMRTD_OK)
		assert_memory_equal(ca, zeros, sizeof(*ca));
	return error;
}

static void
bad_keys_of_the_chip(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX], bad[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth_key key = my_key(good);
	size_t len = key.public_key.len;
	struct emrtd_chip_auth ca;

	assert_ok(begin(*state, &key, &ca));
	key.public_key.ptr = bad;
	/* Off the curve, by each bit of y's last byte. */
	for (unsigned bit = 0; bit < 8; bit++) {
		memcpy(bad, good, len);
		bad[len - 1] ^= (uint8_t)(1 << bit);
		assert_error(begin(*state, &key, &ca), EMRTD_E_KEY);
	}
	/* Infinity, no point at all, cut, longer, compressed. */
	memset(bad, 0, sizeof(bad));
	for (size_t n = 0; n < len + 2; n++) {
		key.public_key.len = n;
		assert_error(begin(*state, &key, &ca), EMRTD_E_KEY);
		memcpy(bad, good, len);
		if (n == len - 1)
			n++; /* the right length is right */
	}
	key.public_key.len = 33;
	bad[0] = 0x02;
	assert_error(begin(*state, &key, &ca), EMRTD_E_KEY);
}

/* The right length, but a point of another curve, or of a twist. */
static void
a_point_of_another_curve(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_chip_auth ca;

	key.group = group_by_text("12"); /* P-256 */
	assert_error(begin(*state, &key, &ca), EMRTD_E_KEY);
}

static void
a_protocol_of_another_kind(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_chip_auth ca;

	key.protocol = emrtd_chip_auth_protocol_assumed(EMRTD_GROUP_DH);
	assert_error(begin(*state, &key, &ca), EMRTD_E_ARG);
}

static void
no_random(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth_key key = my_key(good);
	struct tape tape = { emrtd_bytes(some_random, 31) };
	struct emrtd_random random = tape_random(&tape);
	struct emrtd_chip_auth ca;

	memset(&ca, 0xAA, sizeof(ca));
	assert_error(emrtd_chip_auth_begin(&ca, *state, &key, &random),
	    EMRTD_E_CRYPTO);
	assert_memory_equal(&ca, zeros, sizeof(ca));
}

/* Doc 9303-11 6.2.4.1: MSE:Set KAT is for 3DES alone. */
static void
set_kat_is_for_3des(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX], buf[CAP];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_chip_auth ca;

	key.protocol = protocol_by_text("0.4.0.127.0.7.2.2.3.2.2");
	assert_ok(begin(*state, &key, &ca));
	assert_error(emrtd_chip_auth_set_kat(&ca, &out), EMRTD_E_ARG);
	assert_int_equal(out.len, 0);
}

static void
out_of_order(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX], buf[CAP];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_chip_auth ca;
	struct emrtd_sm sm = { 0 };

	emrtd_chip_auth_wipe(&ca);
	for (unsigned round = 0; round < 2; round++) {
		assert_error(emrtd_chip_auth_set_kat(&ca, &out), EMRTD_E_STATE);
		assert_error(emrtd_chip_auth_set_at(&ca, &out), EMRTD_E_STATE);
		assert_error(emrtd_chip_auth_authenticate(&ca, &out),
		    EMRTD_E_STATE);
		assert_error(emrtd_chip_auth_answer(&ca, emrtd_bytes(NULL, 0)),
		    EMRTD_E_STATE);
		assert_error(emrtd_chip_auth_finish(&ca, &sm), EMRTD_E_STATE);
		assert_false(sm.live);
		assert_int_equal(out.len, 0);
		if (round > 0)
			break;
		assert_ok(begin(*state, &key, &ca));
		assert_ok(emrtd_chip_auth_finish(&ca, &sm));
		emrtd_sm_end(&sm);
	}
}

static void
answers(void **state)
{
	static const struct {
		const char *response;
		enum emrtd_error want;
	} cases[] = {
		{ "7C00", EMRTD_OK },
		{ "-", EMRTD_OK },
		/* version 2 has a nonce and a token: not what we asked for */
		{ "7C0A81080102030405060708", EMRTD_E_MALFORMED },
		{ "7C00"
		  "00",
		    EMRTD_E_MALFORMED },
		{ "7C01", EMRTD_E_MALFORMED },
		{ "7C", EMRTD_E_MALFORMED },
		{ "8000", EMRTD_E_MALFORMED },
	};
	uint8_t good[EMRTD_ELEMENT_MAX];
	struct emrtd_chip_auth_key key = my_key(good);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct emrtd_chip_auth ca;
		uint8_t buf[CAP];

		assert_ok(begin(*state, &key, &ca));
		assert_error(emrtd_chip_auth_answer(&ca,
				 hex_bytes(cases[i].response, buf,
				     sizeof(buf))),
		    cases[i].want);
		if (cases[i].want != EMRTD_OK)
			assert_memory_equal(&ca, zeros, sizeof(ca));
	}
}

/* A key id is a number without zeros in front, and absent when there is none.*/
static void
key_ids(void **state)
{
	static const struct {
		uint32_t id;
		const char *tail;
	} cases[] = {
		{ 0, "840100" },
		{ 1, "840101" },
		{ 0x7F, "84017F" },
		{ 0xC3, "8401C3" },
		{ 0x100, "84020100" },
		{ 0x80FFFF, "840380FFFF" },
		{ 0xFFFFFFFF, "8404FFFFFFFF" },
	};
	uint8_t good[EMRTD_ELEMENT_MAX], head[16];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_bytes oid = hex_bytes("800A04007F00070202030201", head,
	    sizeof(head));

	for (size_t i = 0; i <= sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t want[16], buf[64], kat[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_out kat_out = emrtd_out(kat, sizeof(kat));
		size_t n = i > 0 ? vector_hex(cases[i - 1].tail, want,
				       sizeof(want))
				 : 0;
		struct emrtd_chip_auth ca;

		key.has_key_id = i > 0;
		key.key_id = i > 0 ? cases[i - 1].id : 77;
		assert_ok(begin(*state, &key, &ca));
		assert_ok(emrtd_chip_auth_set_at(&ca, &out));
		assert_bytes(emrtd_bytes(buf, oid.len), oid);
		assert_bytes(emrtd_bytes(buf + oid.len, out.len - oid.len),
		    emrtd_bytes(want, n));
		assert_ok(emrtd_chip_auth_set_kat(&ca, &kat_out));
		assert_int_equal(kat_out.len, 2 + 65 + n);
		assert_memory_equal(kat + 2 + 65, want, n);
	}
}

static void
every_small_buffer_is_an_error(void **state)
{
	uint8_t good[EMRTD_ELEMENT_MAX], buf[CAP];
	struct emrtd_chip_auth_key key = my_key(good);
	struct emrtd_chip_auth ca;

	key.has_key_id = true;
	assert_ok(begin(*state, &key, &ca));
	for (size_t cap = 0; cap < 2 + 65 + 3; cap++) {
		struct emrtd_out kat = emrtd_out(buf, cap);
		struct emrtd_out at = emrtd_out(buf, cap);
		struct emrtd_out auth = emrtd_out(buf, cap);

		assert_error(emrtd_chip_auth_set_kat(&ca, &kat),
		    EMRTD_E_BUFFER);
		assert_error(emrtd_chip_auth_set_at(&ca, &at),
		    cap < 15 ? EMRTD_E_BUFFER : EMRTD_OK);
		assert_error(emrtd_chip_auth_authenticate(&ca, &auth),
		    cap < 4 + 65 ? EMRTD_E_BUFFER : EMRTD_OK);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_chips),
		cmocka_unit_test(every_protocol_over_every_group),
		cmocka_unit_test(bad_keys_of_the_chip),
		cmocka_unit_test(a_point_of_another_curve),
		cmocka_unit_test(a_protocol_of_another_kind),
		cmocka_unit_test(no_random),
		cmocka_unit_test(set_kat_is_for_3des),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(answers),
		cmocka_unit_test(key_ids),
		cmocka_unit_test(every_small_buffer_is_an_error),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
