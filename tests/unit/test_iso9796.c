#include "crypto/iso9796.h"
#include "emrtd_test.h"
#include "issue_openssl.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

static const uint8_t challenge[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static struct emrtd_bytes
the_challenge(void)
{
	return emrtd_bytes(challenge, sizeof(challenge));
}

/* Hash by name; false for one that Active Authentication does not have. */
static bool
hash_by_name(const char *name, enum emrtd_hash *out)
{
	for (unsigned i = 0; i < EMRTD_N_HASHES; i++) {
		*out = (enum emrtd_hash)i;
		if (strcmp(emrtd_hash_name(*out), name) == 0)
			return true;
	}
	return false;
}

enum block_column {
	BLOCK,
	CHALLENGE,
	HASH,
	M1,
	DIGEST,
	N_BLOCK_COLUMNS
};

static void
check_good(struct emrtd_crypto *crypto, const struct vector *v,
    struct emrtd_bytes block, struct emrtd_bytes m2, enum emrtd_hash want)
{
	struct emrtd_iso9796 found;
	enum emrtd_hash hash;
	uint8_t buf[256];

	assert_ok(emrtd_iso9796_parse(block, 8 * block.len, NULL, &found));
	assert_int_equal(found.hash, want);
	assert_bytes(found.m1, hex_bytes(v->words[M1], buf, sizeof(buf)));
	assert_bytes(found.digest,
	    hex_bytes(v->words[DIGEST], buf, sizeof(buf)));
	assert_ok(
	    emrtd_iso9796_check(crypto, block, 8 * block.len, m2, NULL, &hash));
	assert_int_equal(hash, want);
}

static void
published_blocks(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/iso9796.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		uint8_t block_buf[256], m2_buf[16];
		struct emrtd_bytes block, m2;
		struct emrtd_iso9796 found;
		struct emrtd_diag diag;
		enum emrtd_hash want;

		assert_int_equal(v.n_words, N_BLOCK_COLUMNS);
		block = hex_bytes(v.words[BLOCK], block_buf, sizeof(block_buf));
		m2 = hex_bytes(v.words[CHALLENGE], m2_buf, sizeof(m2_buf));
		if (hash_by_name(v.words[HASH], &want)) {
			check_good(*state, &v, block, m2, want);
			continue;
		}
		emrtd_diag_init(&diag);
		if (strcmp(v.words[HASH], "malformed") == 0) {
			assert_error(emrtd_iso9796_parse(block, 8 * block.len,
					 &diag, &found),
			    EMRTD_E_SIGNATURE);
			continue;
		}
		assert_string_equal(v.words[HASH], "unsupported");
		assert_error(emrtd_iso9796_parse(block, 8 * block.len, &diag,
				 &found),
		    EMRTD_E_UNSUPPORTED);
		assert_string_equal(diag.detail, v.words[M1]);
	}
	vectors_close(vectors);
}

/* Every bit of a block counts. */
static void
one_bit_of_a_block(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/iso9796.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		uint8_t block_buf[256], m2_buf[16];
		struct emrtd_bytes block, m2;
		enum emrtd_hash hash;

		block = hex_bytes(v.words[BLOCK], block_buf, sizeof(block_buf));
		m2 = hex_bytes(v.words[CHALLENGE], m2_buf, sizeof(m2_buf));
		if (!hash_by_name(v.words[HASH], &hash))
			continue;
		for (size_t i = 0; i < 8 * block.len; i++) {
			block_buf[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_int_not_equal(emrtd_iso9796_check(*state, block,
						 8 * block.len, m2, NULL,
						 &hash),
			    EMRTD_OK);
			block_buf[i / 8] ^= (uint8_t)(1u << i % 8);
		}
		for (size_t i = 0; i < 8 * m2.len; i++) {
			m2_buf[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_error(emrtd_iso9796_check(*state, block,
					 8 * block.len, m2, NULL, &hash),
			    EMRTD_E_DIGEST);
			m2_buf[i / 8] ^= (uint8_t)(1u << i % 8);
		}
		for (size_t i = 0; i < block.len; i++)
			assert_int_not_equal(emrtd_iso9796_check(*state,
						 emrtd_bytes(block_buf, i),
						 8 * i, m2, NULL, &hash),
			    EMRTD_OK);
	}
	vectors_close(vectors);
}

/* ---- Signatures by keys of every length -------------------------------- */

struct signer {
	EVP_PKEY *key;
	struct test_bytes spki;
	size_t len, bits;
};

static void
set_up_signer(struct signer *s, const char *kind)
{
	s->key = issue_key(kind);
	s->spki = issue_spki(s->key);
	s->len = (size_t)EVP_PKEY_get_size(s->key);
	s->bits = (size_t)EVP_PKEY_get_bits(s->key);
}

static struct emrtd_bytes
spki_of(const struct signer *s)
{
	return emrtd_bytes(s->spki.ptr, s->spki.len);
}

/* block^d mod n, without any padding. */
static void
raw_sign(const struct signer *s, const uint8_t *block, uint8_t *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(s->key, NULL);
	size_t len = s->len;

	assert_non_null(ctx);
	assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	assert_int_equal(EVP_PKEY_decrypt(ctx, out, &len, block, s->len), 1);
	assert_int_equal(len, s->len);
	EVP_PKEY_CTX_free(ctx);
}

static BIGNUM *
modulus(const struct signer *s)
{
	BIGNUM *n = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(s->key, OSSL_PKEY_PARAM_RSA_N,
			     &n),
	    1);
	return n;
}

/* n - value, in place. */
static void
negate(const struct signer *s, uint8_t *value)
{
	BIGNUM *n = modulus(s), *v = BN_bin2bn(value, (int)s->len, NULL);

	assert_int_equal(BN_sub(v, n, v), 1);
	assert_int_equal(BN_bn2binpad(v, value, (int)s->len), (int)s->len);
	BN_free(n);
	BN_free(v);
}

static const struct trailer {
	enum emrtd_hash hash;
	uint8_t bytes[2];
	size_t len;
} trailers[] = {
	{ EMRTD_SHA1, { 0xBC, 0 }, 1 },
	{ EMRTD_SHA1, { 0x33, 0xCC }, 2 },
	{ EMRTD_SHA224, { 0x38, 0xCC }, 2 },
	{ EMRTD_SHA256, { 0x34, 0xCC }, 2 },
	{ EMRTD_SHA384, { 0x36, 0xCC }, 2 },
	{ EMRTD_SHA512, { 0x35, 0xCC }, 2 },
};
#define N_TRAILERS (sizeof(trailers) / sizeof(*trailers))

/*
 * 'head' zeros, a header of n bytes, M1, hash, trailer, and 'tail' bytes
 * behind: the right block is make_block(.., 0 or 1, "6A", 1, t, 0).
 */
static void
make_block(struct emrtd_crypto *crypto, const struct signer *s, size_t head,
    const uint8_t *header, size_t n, const struct trailer *t, size_t tail,
    uint8_t *out)
{
	size_t hash_len = emrtd_hash_len(t->hash);
	size_t m1_len = s->len - head - n - hash_len - t->len - tail;
	uint8_t *p = out, digest[EMRTD_HASH_MAX];
	struct emrtd_bytes parts[2];

	memset(p, 0, head);
	p += head;
	memcpy(p, header, n);
	p += n;
	for (size_t i = 0; i < m1_len; i++)
		p[i] = (uint8_t)(31 * i + 7);
	parts[0] = emrtd_bytes(p, m1_len);
	parts[1] = the_challenge();
	p += m1_len;
	assert_ok(emrtd_hash(crypto, t->hash, parts, 2, digest));
	memcpy(p, digest, hash_len);
	memcpy(p + hash_len, t->bytes, t->len);
	memset(p + hash_len + t->len, 0xCC, tail);
}

static enum emrtd_error
verify(struct emrtd_crypto *crypto, const struct signer *s,
    const uint8_t *signature, size_t len)
{
	enum emrtd_hash hash;

	return emrtd_iso9796_verify(crypto, spki_of(s),
	    emrtd_bytes(signature, len), the_challenge(), NULL, &hash);
}

static void
every_hash_of_a_key(struct emrtd_crypto *crypto, const struct signer *s)
{
	static const uint8_t header[] = { 0x6A };
	uint8_t block[1024], signature[1025];
	size_t head = s->bits % 8 != 0 ? 1 : 0;

	for (size_t i = 0; i < N_TRAILERS; i++) {
		enum emrtd_hash hash;

		make_block(crypto, s, head, header, 1, &trailers[i], 0, block);
		raw_sign(s, block, signature);
		assert_ok(emrtd_iso9796_verify(crypto, spki_of(s),
		    emrtd_bytes(signature, s->len), the_challenge(), NULL,
		    &hash));
		assert_int_equal(hash, trailers[i].hash);
		/* The other signature function of the standard, B.4. */
		negate(s, signature);
		assert_ok(verify(crypto, s, signature, s->len));
		signature[s->len] = 0;
		assert_error(verify(crypto, s, signature, s->len + 1),
		    EMRTD_E_SIGNATURE);
		assert_error(verify(crypto, s, signature, s->len - 1),
		    EMRTD_E_SIGNATURE);
		signature[s->len / 2] ^= 1;
		assert_int_not_equal(verify(crypto, s, signature, s->len),
		    EMRTD_OK);
	}
}

/* Moduli of no whole number of bytes are among them. */
static void
keys_of_every_length(void **state)
{
	static const char *const kinds[] = { "RSA-1024", "RSA-1025", "RSA-1030",
		"RSA-1031", "RSA-1280", "RSA-1800", "RSA-1848", "RSA-2048",
		"RSA-3072", "RSA-4096" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct signer s;

		set_up_signer(&s, kinds[i]);
		every_hash_of_a_key(*state, &s);
		test_bytes_free(&s.spki);
	}
}

/* 0, 1, n - 1, n, and n added to a right one where it fits. */
static void
values_out_of_range(void **state)
{
	static const uint8_t header[] = { 0x6A };
	uint8_t value[256], block[256], sum[256];
	struct signer s;
	BIGNUM *n, *v;

	set_up_signer(&s, "RSA-1031");
	memset(value, 0, sizeof(value));
	assert_int_not_equal(verify(*state, &s, value, s.len), EMRTD_OK);
	value[s.len - 1] = 1;
	assert_int_not_equal(verify(*state, &s, value, s.len), EMRTD_OK);
	negate(&s, value);
	assert_int_not_equal(verify(*state, &s, value, s.len), EMRTD_OK);
	n = modulus(&s);
	assert_int_equal(BN_bn2binpad(n, value, (int)s.len), (int)s.len);
	assert_error(verify(*state, &s, value, s.len), EMRTD_E_SIGNATURE);
	make_block(*state, &s, 1, header, 1, &trailers[3], 0, block);
	raw_sign(&s, block, value);
	assert_ok(verify(*state, &s, value, s.len));
	v = BN_bin2bn(value, (int)s.len, NULL);
	assert_int_equal(BN_add(v, v, n), 1);
	/* 1031 bits and as many fit 129 bytes. */
	assert_int_equal(BN_bn2binpad(v, sum, (int)s.len), (int)s.len);
	assert_error(verify(*state, &s, sum, s.len), EMRTD_E_SIGNATURE);
	memset(value, 0xFF, s.len);
	assert_error(verify(*state, &s, value, s.len), EMRTD_E_SIGNATURE);
	BN_free(v);
	BN_free(n);
	test_bytes_free(&s.spki);
}

/* Signed by the right key, and yet not the one form that is allowed. */
static void
other_forms_of_the_block(void **state)
{
	static const struct {
		uint8_t header[4];
		size_t head, n, tail;
	} forms[] = {
		{ { 0x4A }, 0, 1, 0 },                   /* total recovery */
		{ { 0x6B, 0xBB, 0xBB, 0xBA }, 0, 4, 0 }, /* a short M1 */
		{ { 0x4B, 0xBB, 0xBB, 0xBA }, 0, 4, 0 },
		{ { 0x6A }, 1, 1, 0 }, /* shifted to the right */
		{ { 0x6A }, 0, 1, 1 }, /* and to the left */
		{ { 0x6A }, 0, 1, 40 },
		{ { 0x60 }, 0, 1, 0 },
		{ { 0x00 }, 0, 1, 0 },
		{ { 0x2A }, 0, 1, 0 },
		{ { 0x6A, 0x6A }, 1, 2, 0 },
	};
	uint8_t block[256], signature[256];
	struct signer s;

	set_up_signer(&s, "RSA-1024");
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		make_block(*state, &s, forms[i].head, forms[i].header,
		    forms[i].n, &trailers[3], forms[i].tail, block);
		raw_sign(&s, block, signature);
		assert_error(verify(*state, &s, signature, s.len),
		    EMRTD_E_SIGNATURE);
	}
	test_bytes_free(&s.spki);
}

/* PKCS#1 v1.5 and PSS by the same key are no signatures of this scheme. */
static void
other_schemes_of_the_key(void **state)
{
	struct test_bytes data = { (uint8_t *)(uintptr_t)challenge,
		sizeof(challenge) };
	static const int salts[] = { ISSUE_NO_PSS, 32 };
	struct signer s;

	set_up_signer(&s, "RSA-1024");
	for (size_t i = 0; i < 2; i++) {
		struct test_bytes signature = issue_signature(s.key, "SHA256",
		    salts[i], data);

		assert_int_equal(signature.len, s.len);
		assert_error(verify(*state, &s, signature.ptr, s.len),
		    EMRTD_E_SIGNATURE);
		test_bytes_free(&signature);
	}
	test_bytes_free(&s.spki);
}

static void
another_key(void **state)
{
	static const uint8_t header[] = { 0x6A };
	uint8_t block[256], signature[256];
	struct signer s, other;

	set_up_signer(&s, "RSA-1024");
	set_up_signer(&other, "RSA-1024 b");
	make_block(*state, &s, 0, header, 1, &trailers[0], 0, block);
	raw_sign(&s, block, signature);
	assert_ok(verify(*state, &s, signature, s.len));
	assert_error(verify(*state, &other, signature, s.len),
	    EMRTD_E_SIGNATURE);
	test_bytes_free(&s.spki);
	test_bytes_free(&other.spki);
}

static void
keys_that_prove_nothing(void **state)
{
	static const char *const kinds[] = { "RSA-1016", "P-256" };
	uint8_t block[EMRTD_RSA_LEN_MAX], signature[256] = { 0 };
	size_t bits;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct emrtd_out out = emrtd_out(block, sizeof(block));
		struct signer s;

		set_up_signer(&s, kinds[i]);
		assert_error(emrtd_iso9796_open(*state, spki_of(&s),
				 emrtd_bytes(signature, 127), NULL, &out,
				 &bits),
		    EMRTD_E_KEY);
		assert_int_equal(out.len, 0);
		test_bytes_free(&s.spki);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_blocks),
		cmocka_unit_test(one_bit_of_a_block),
		cmocka_unit_test(keys_of_every_length),
		cmocka_unit_test(values_out_of_range),
		cmocka_unit_test(other_forms_of_the_block),
		cmocka_unit_test(other_schemes_of_the_key),
		cmocka_unit_test(another_key),
		cmocka_unit_test(keys_that_prove_nothing),
	};
	int failed = cmocka_run_group_tests(tests, setup_crypto,
	    teardown_crypto);

	issue_teardown(NULL);
	return failed;
}
