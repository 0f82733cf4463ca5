#include "core/builder.h"
#include "crypto/group.h"
#include "emrtd_test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <stdlib.h>

#define N_DH     3
#define N_CURVES 11

enum column {
	ID,
	NAME,
	P,
	A,
	B,
	G,
	N,
	COFACTOR,
	N_COLUMNS
};

static const struct emrtd_group *
group_of(const struct vector *v)
{
	const struct emrtd_group *g;

	assert_int_equal(v->n_words, N_COLUMNS);
	g = emrtd_group_by_id((uint32_t)atoi(v->words[ID]));
	assert_non_null(g);
	return g;
}

static void
assert_number(const BIGNUM *got, const char *hex)
{
	BIGNUM *want = NULL;

	assert_true(BN_hex2bn(&want, hex) > 0);
	assert_int_equal(BN_cmp(got, want), 0);
	BN_free(want);
}

/* What OpenSSL has under our name for the curve, against the standard. */
static void
check_curve(const struct emrtd_group *g, const struct vector *v)
{
	EC_GROUP *ec = EC_GROUP_new_by_curve_name(OBJ_sn2nid(g->ossl_name));
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new();
	uint8_t point[EMRTD_ELEMENT_MAX], want[EMRTD_ELEMENT_MAX];
	size_t n;

	assert_non_null(ec);
	assert_string_equal(g->name, v->words[NAME]);
	assert_int_equal(EC_GROUP_get_curve(ec, p, a, b, NULL), 1);
	assert_number(p, v->words[P]);
	assert_number(a, v->words[A]);
	assert_number(b, v->words[B]);
	assert_number(EC_GROUP_get0_order(ec), v->words[N]);
	assert_number(EC_GROUP_get0_cofactor(ec), v->words[COFACTOR]);
	assert_true(BN_is_one(EC_GROUP_get0_cofactor(ec)));
	n = EC_POINT_point2oct(ec, EC_GROUP_get0_generator(ec),
	    POINT_CONVERSION_UNCOMPRESSED, point, sizeof(point), NULL);
	assert_bytes(emrtd_bytes(point, n),
	    hex_bytes(v->words[G], want, sizeof(want)));
	assert_int_equal(g->field_len, BN_num_bytes(p));
	assert_int_equal(g->order_len, BN_num_bytes(EC_GROUP_get0_order(ec)));
	assert_int_equal(n, 1 + 2 * g->field_len);
	BN_free(b);
	BN_free(a);
	BN_free(p);
	EC_GROUP_free(ec);
}

static void
parameters_of_the_standard(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct vector v;
	size_t n = 0;

	(void)state;
	while (vectors_next(vectors, &v)) {
		check_curve(group_of(&v), &v);
		n++;
	}
	assert_int_equal(n, N_CURVES);
	vectors_close(vectors);
}

static void
assert_parameter(EVP_PKEY *key, const char *name, struct emrtd_bytes want)
{
	uint8_t buf[EMRTD_FIELD_MAX];
	BIGNUM *n = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
	assert_bytes(emrtd_bytes(buf, (size_t)BN_bn2bin(n, buf)), want);
	BN_free(n);
}

/* RFC 5114 as OpenSSL has it, and the names of the curves. */
static void
openssl_has_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);
		EVP_PKEY_CTX *ctx;
		EVP_PKEY *key = NULL;

		if (g->kind == EMRTD_GROUP_EC) {
			assert_int_not_equal(OBJ_txt2nid(g->oid), NID_undef);
			assert_int_equal(OBJ_txt2nid(g->oid),
			    OBJ_sn2nid(g->ossl_name));
			continue;
		}
		ctx = EVP_PKEY_CTX_new_from_name(NULL, "DHX", NULL);
		assert_non_null(ctx);
		assert_int_equal(EVP_PKEY_paramgen_init(ctx), 1);
		assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, g->ossl_name),
		    1);
		assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
		assert_parameter(key, OSSL_PKEY_PARAM_FFC_P, g->p);
		assert_parameter(key, OSSL_PKEY_PARAM_FFC_Q, g->q);
		assert_parameter(key, OSSL_PKEY_PARAM_FFC_G, g->g);
		assert_int_equal(g->field_len, g->p.len);
		assert_int_equal(g->order_len, g->q.len);
		EVP_PKEY_free(key);
		EVP_PKEY_CTX_free(ctx);
	}
}

static void
the_table(void **state)
{
	(void)state;
	assert_int_equal(emrtd_group_count(), N_DH + N_CURVES);
	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);

		assert_int_equal(g->id, i < N_DH ? i : 8 + i - N_DH);
		assert_int_equal(g->kind,
		    i < N_DH ? EMRTD_GROUP_DH : EMRTD_GROUP_EC);
		assert_ptr_equal(emrtd_group_by_id(g->id), g);
		assert_true(g->field_len <= EMRTD_FIELD_MAX);
		assert_true(g->order_len <= EMRTD_FIELD_MAX);
	}
	assert_null(emrtd_group_at(emrtd_group_count()));
	for (uint32_t id = N_DH; id < 8; id++)
		assert_null(emrtd_group_by_id(id));
	for (uint32_t id = 19; id < 32; id++)
		assert_null(emrtd_group_by_id(id));
	assert_null(emrtd_group_by_id(0x100 + 13));
	assert_null(emrtd_group_by_id(UINT32_MAX));
}

/* One key of the given bytes, and what follows it, on tape. */
static enum emrtd_error
keypair(struct emrtd_crypto *crypto, const struct emrtd_group *g,
    const uint8_t *tape_bytes, size_t len, uint8_t *private_key,
    struct emrtd_element *public_key)
{
	struct tape tape = { { tape_bytes, len } };
	struct emrtd_random random = tape_random(&tape);
	enum emrtd_error error;

	error = emrtd_group_keypair(crypto, g, NULL, &random, private_key,
	    public_key);
	assert_int_equal(tape.rest.len, 0);
	return error;
}

/* n and more, and 0, are drawn again; n-1 and 1 are keys. */
static void
private_keys_are_from_1_to_n_less_1(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		const struct emrtd_group *g = group_of(&v);
		size_t len = g->order_len;
		uint8_t tape[4 * EMRTD_FIELD_MAX] = { 0 };
		uint8_t got[EMRTD_FIELD_MAX], want[EMRTD_ELEMENT_MAX];
		struct emrtd_element q;

		/* all ones, 0, n, then n - 1 */
		memset(tape, 0xFF, len);
		vector_hex(v.words[N], tape + 2 * len, len);
		vector_hex(v.words[N], tape + 3 * len, len);
		tape[4 * len - 1]--;
		assert_ok(keypair(*state, g, tape, 4 * len, got, &q));
		assert_memory_equal(got, tape + 3 * len, len);
		/* (n - 1) * G has the x of G */
		vector_hex(v.words[G], want, sizeof(want));
		assert_bytes(emrtd_shared_secret(g, &q),
		    emrtd_bytes(want + 1, g->field_len));
		memset(tape, 0, len);
		tape[len - 1] = 1;
		assert_ok(keypair(*state, g, tape, len, got, &q));
		assert_bytes(emrtd_bytes(q.bytes, q.len),
		    emrtd_bytes(want, q.len));
	}
	vectors_close(vectors);
}

static enum emrtd_error
fill_zeros(void *self, uint8_t *out, size_t n)
{
	(void)self;
	memset(out, 0, n);
	return EMRTD_OK;
}

/* A source that never gives a key must not hang us. */
static void
broken_randomness_ends(void **state)
{
	static const uint8_t zeros[EMRTD_FIELD_MAX];
	const struct emrtd_random zero = { fill_zeros, NULL };
	uint8_t key[EMRTD_FIELD_MAX];
	struct emrtd_element q;

	memset(key, 0xFF, sizeof(key));
	assert_error(emrtd_group_keypair(*state, emrtd_group_by_id(13), NULL,
			 &zero, key, &q),
	    EMRTD_E_CRYPTO);
	assert_memory_equal(key, zeros, sizeof(zeros));
}

/* A private key of exactly 1 for any length of the table. */
static const uint8_t *
key_one(const struct emrtd_group *g, uint8_t key[EMRTD_FIELD_MAX])
{
	memset(key, 0, EMRTD_FIELD_MAX);
	key[g->order_len - 1] = 1;
	return key;
}

static void
agreement_by_one_gives_the_point_back(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		const struct emrtd_group *g = group_of(&v);
		uint8_t key[EMRTD_FIELD_MAX], buf[EMRTD_ELEMENT_MAX];
		struct emrtd_bytes point = hex_bytes(v.words[G], buf,
		    sizeof(buf));
		struct emrtd_element out;

		assert_ok(
		    emrtd_group_agree(*state, g, key_one(g, key), point, &out));
		assert_bytes(emrtd_bytes(out.bytes, out.len), point);
		/* n * G is at infinity */
		assert_error(emrtd_group_agree(*state, g,
				 hex_bytes(v.words[N], key, sizeof(key)).ptr,
				 point, &out),
		    EMRTD_E_KEY);
	}
	vectors_close(vectors);
}

/* Every single bit of a generator makes it no point, or a coordinate >= p. */
static void
points_off_the_curve_are_refused(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		const struct emrtd_group *g = group_of(&v);
		uint8_t key[EMRTD_FIELD_MAX],
		    buf[EMRTD_ELEMENT_MAX + 1] = { 0 };
		struct emrtd_bytes point = hex_bytes(v.words[G], buf,
		    EMRTD_ELEMENT_MAX);
		struct emrtd_element out;

		key_one(g, key);
		for (size_t bit = 0; bit < 8 * point.len; bit += 5) {
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_error(emrtd_group_agree(*state, g, key, point,
					 &out),
			    EMRTD_E_KEY);
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		for (size_t n = 0; n <= point.len + 1; n++) {
			if (n == point.len)
				continue;
			assert_error(emrtd_group_agree(*state, g, key,
					 emrtd_bytes(buf, n), &out),
			    EMRTD_E_KEY);
		}
	}
	vectors_close(vectors);
}

/* x + p is the same number, but not the same coordinate. */
static void
coordinates_are_below_p(void **state)
{
	const struct emrtd_group *g = emrtd_group_by_id(18);
	uint8_t key[EMRTD_FIELD_MAX], buf[EMRTD_ELEMENT_MAX];
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct emrtd_element out;
	BIGNUM *x, *p = NULL;
	struct vector v;

	do
		assert_true(vectors_next(vectors, &v));
	while (strcmp(v.words[NAME], g->name) != 0);
	vector_hex(v.words[G], buf, sizeof(buf));
	x = BN_bin2bn(buf + 1, 66, NULL);
	assert_true(BN_hex2bn(&p, v.words[P]) > 0);
	assert_int_equal(BN_add(x, x, p), 1);
	assert_int_equal(BN_bn2binpad(x, buf + 1, 66), 66);
	assert_error(emrtd_group_agree(*state, g, key_one(g, key),
			 emrtd_bytes(buf, 133), &out),
	    EMRTD_E_KEY);
	BN_free(x);
	BN_free(p);
	vectors_close(vectors);
}

/* s * G + H with s = 1: 2G when H is G, and nothing when H is -G. */
static void
mapping(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/curves.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		const struct emrtd_group *g = group_of(&v);
		static const uint8_t one[16] = { [15] = 1 };
		uint8_t key[EMRTD_FIELD_MAX] = { 0 }, nonce[EMRTD_FIELD_MAX];
		struct emrtd_element h, twice, out;
		BIGNUM *n = NULL;
		int len;

		h.len = vector_hex(v.words[G], h.bytes, sizeof(h.bytes));
		key[g->order_len - 1] = 2;
		assert_ok(emrtd_group_agree(*state, g, key,
		    emrtd_bytes(h.bytes, h.len), &twice));
		assert_ok(emrtd_group_map_generic(*state, g,
		    emrtd_bytes(one, sizeof(one)), &h, &out));
		assert_bytes(emrtd_bytes(out.bytes, out.len),
		    emrtd_bytes(twice.bytes, twice.len));
		/* s = n + 1 is the same, and longer than a key */
		assert_true(BN_hex2bn(&n, v.words[N]) > 0);
		assert_int_equal(BN_add_word(n, 1), 1);
		len = BN_bn2bin(n, nonce);
		assert_ok(emrtd_group_map_generic(*state, g,
		    emrtd_bytes(nonce, (size_t)len), &h, &out));
		assert_bytes(emrtd_bytes(out.bytes, out.len),
		    emrtd_bytes(twice.bytes, twice.len));
		/* H = (n - 1) * G */
		assert_int_equal(BN_sub_word(n, 2), 1);
		assert_int_equal(BN_bn2binpad(n, key, (int)g->order_len),
		    g->order_len);
		assert_ok(emrtd_group_agree(*state, g, key,
		    emrtd_bytes(h.bytes, h.len), &twice));
		assert_error(emrtd_group_map_generic(*state, g,
				 emrtd_bytes(one, sizeof(one)), &twice, &out),
		    EMRTD_E_KEY);
		BN_free(n);
	}
	vectors_close(vectors);
}

/* Leading zeros of x belong to it; what is no point has none. */
static void
x_at_full_length(void **state)
{
	const struct emrtd_group *g = emrtd_group_by_id(12);
	struct emrtd_element p = { .len = 65 }, none = { .len = 0 };

	(void)state;
	p.bytes[0] = 4;
	p.bytes[32] = 9;
	assert_int_equal(emrtd_shared_secret(g, &p).len, 32);
	assert_ptr_equal(emrtd_shared_secret(g, &p).ptr, p.bytes + 1);
	assert_int_equal(emrtd_shared_secret(g, &none).len, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_of_the_standard),
		cmocka_unit_test(openssl_has_the_same),
		cmocka_unit_test(the_table),
		cmocka_unit_test(private_keys_are_from_1_to_n_less_1),
		cmocka_unit_test(broken_randomness_ends),
		cmocka_unit_test(agreement_by_one_gives_the_point_back),
		cmocka_unit_test(points_off_the_curve_are_refused),
		cmocka_unit_test(coordinates_are_below_p),
		cmocka_unit_test(mapping),
		cmocka_unit_test(x_at_full_length),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
