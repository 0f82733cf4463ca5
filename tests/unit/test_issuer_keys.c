/*
 * Public keys that a context keeps, and RSA keys by our own parser: a key that
 * is taken for another one would let a stranger sign.
 */
#include "core/builder.h"
#include "crypto/key_cache.h"
#include "crypto/rsa_key.h"
#include "issue_openssl.h"
#include "test.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include <stdlib.h>
#include <string.h>

/* More than are kept. */
#define MANY 40

static struct emrtd_crypto *crypto;

static int
set_up(void **state)
{
	(void)state;
	return emrtd_crypto_new(NULL, &crypto) == EMRTD_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	emrtd_crypto_free(&crypto);
	return issue_teardown(state);
}

static EVP_PKEY *
get(struct test_bytes spki)
{
	struct emrtd_public_key key;

	assert_int_equal(emrtd_key_cache_get(crypto,
			     emrtd_bytes(spki.ptr, spki.len), NULL, &key),
	    EMRTD_OK);
	EVP_PKEY_free(key.key); /* the cache has it still */
	return key.key;
}

/* On secp224r1: cheap to make, and as many as one likes. */
static struct test_bytes
fresh_spki(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp224r1");
	struct test_bytes spki;

	assert_non_null(key);
	spki = issue_spki(key);
	EVP_PKEY_free(key);
	return spki;
}

static void
the_same_key(void **state)
{
	struct test_bytes a = issue_spki(issue_key("RSA-2048"));
	struct test_bytes b = issue_spki(issue_key("RSA-2048 b"));
	EVP_PKEY *kept = get(a);
	uint8_t last;

	(void)state;
	assert_ptr_equal(get(a), kept);
	assert_ptr_not_equal(get(b), kept);
	assert_ptr_equal(get(a), kept);
	assert_int_equal(EVP_PKEY_eq(kept, issue_key("RSA-2048")), 1);
	/* Its bytes are kept, not where they lay. */
	last = a.ptr[a.len - 1];
	memset(a.ptr + a.len - 1, 3, 1); /* exponent 65539 */
	assert_ptr_not_equal(get(a), kept);
	a.ptr[a.len - 1] = last;
	assert_ptr_equal(get(a), kept);
	test_bytes_free(&a);
	test_bytes_free(&b);
}

/* The key that was not asked for longest goes; each is always the right one. */
static void
more_than_fit(void **state)
{
	struct test_bytes spki[MANY];
	EVP_PKEY *first;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		spki[i] = fresh_spki();
	first = get(spki[0]);
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 1; i < MANY; i++) {
			struct test_bytes shown;
			EVP_PKEY *key = get(spki[i]);

			shown = issue_spki(key);
			assert_int_equal(shown.len, spki[i].len);
			assert_memory_equal(shown.ptr, spki[i].ptr, shown.len);
			test_bytes_free(&shown);
			assert_ptr_equal(get(spki[0]), first);
		}
	}
	for (size_t i = 0; i < MANY; i++)
		test_bytes_free(&spki[i]);
}

static void
no_key(void **state)
{
	struct test_bytes spki = fresh_spki();
	struct emrtd_public_key key;
	struct emrtd_diag diag;

	(void)state;
	spki.ptr[spki.len - 1] ^= 1; /* not on the curve */
	for (int i = 0; i < 3; i++) {
		emrtd_diag_init(&diag);
		assert_int_equal(emrtd_key_cache_get(crypto,
				     emrtd_bytes(spki.ptr, spki.len), &diag,
				     &key),
		    EMRTD_E_KEY);
		assert_int_equal(diag.error, EMRTD_E_KEY);
	}
	assert_int_equal(emrtd_key_cache_get(crypto, emrtd_bytes(NULL, 0), NULL,
			     &key),
	    EMRTD_E_KEY);
	test_bytes_free(&spki);
}

/* ---- RSAPublicKey ------------------------------------------------------- */

struct rsa_case {
	const char *what;
	int bits;        /* of the modulus */
	unsigned long e; /* exponent */
	unsigned zeros;  /* before modulus and exponent, besides the sign */
	bool negative;   /* modulus without its sign octet */
	const char *trailing; /* hexadecimal, inside the SEQUENCE */
	bool good;
};

static const struct rsa_case rsa_cases[] = {
	{ .what = "as usual", .bits = 2048, .e = 65537, .good = true },
	{ .what = "exponent 3", .bits = 1024, .e = 3, .good = true },
	{ .what = "an odd one", .bits = 2048, .e = 109729, .good = true },
	{ .what = "leading zeros",
	    .bits = 2048,
	    .e = 65537,
	    .zeros = 2,
	    .good = true },
	{ .what = "an even length", .bits = 2041, .e = 65537, .good = true },
	{ .what = "16,384 bits", .bits = 16384, .e = 65537, .good = true },
	{ .what = "longer", .bits = 16392, .e = 65537 },
	{ .what = "short", .bits = 1023, .e = 65537 },
	{ .what = "exponent 1", .bits = 2048, .e = 1 },
	{ .what = "exponent 2", .bits = 2048, .e = 2 },
	{ .what = "exponent 0", .bits = 2048, .e = 0 },
	{ .what = "negative", .bits = 2048, .e = 65537, .negative = true },
	{ .what = "three numbers",
	    .bits = 2048,
	    .e = 65537,
	    .trailing = "020103" },
};

static void
put_number(struct emrtd_out *out, const BIGNUM *n, unsigned zeros, bool sign)
{
	size_t mark = emrtd_open(out, 0x02);
	uint8_t bytes[2100];
	int len = BN_bn2bin(n, bytes);

	for (unsigned i = 0; i < zeros; i++)
		emrtd_put_u8(out, 0);
	if (sign && (len == 0 || bytes[0] >= 0x80))
		emrtd_put_u8(out, 0);
	emrtd_put(out, emrtd_bytes(bytes, (size_t)len));
	emrtd_close(out, mark);
}

static void
try_rsa(const struct rsa_case *c)
{
	uint8_t buf[4096];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	size_t mark = emrtd_open(&out, 0x30);
	BIGNUM *n = BN_new(), *e = BN_new(), *shown = NULL;
	struct test_bytes trailing = test_hex(
	    c->trailing != NULL ? c->trailing : "");
	EVP_PKEY *key;

	/* Not a product of two primes, which nobody can see in public. */
	assert_int_equal(BN_rand(n, c->bits, BN_RAND_TOP_ONE,
			     BN_RAND_BOTTOM_ODD),
	    1);
	assert_int_equal(BN_set_word(e, c->e), 1);
	put_number(&out, n, c->zeros, !c->negative);
	put_number(&out, e, c->zeros, true);
	emrtd_put(&out, emrtd_bytes(trailing.ptr, trailing.len));
	emrtd_close(&out, mark);
	assert_false(out.bad);
	key = emrtd_rsa_key(crypto, emrtd_out_bytes(&out));
	if ((key != NULL) != c->good)
		fail_msg("%s: %s", c->what, key != NULL ? "taken" : "refused");
	if (key != NULL) {
		assert_int_equal(EVP_PKEY_get_bits(key), c->bits);
		assert_int_equal(EVP_PKEY_get_bn_param(key,
				     OSSL_PKEY_PARAM_RSA_N, &shown),
		    1);
		assert_int_equal(BN_cmp(shown, n), 0);
	}
	/* Nothing after it. */
	emrtd_put_u8(&out, 0);
	assert_null(emrtd_rsa_key(crypto, emrtd_out_bytes(&out)));
	EVP_PKEY_free(key);
	BN_free(shown);
	BN_free(n);
	BN_free(e);
	test_bytes_free(&trailing);
}

static void
rsa(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rsa_cases); i++)
		try_rsa(&rsa_cases[i]);
	assert_null(emrtd_rsa_key(crypto, emrtd_bytes(NULL, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_key),
		cmocka_unit_test(more_than_fit),
		cmocka_unit_test(no_key),
		cmocka_unit_test(rsa),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
