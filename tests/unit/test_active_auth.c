#include "access/active_auth.h"
#include "core/builder.h"
#include "core/oid.h"
#include "emrtd_test.h"
#include "issue_openssl.h"

#include <emrtd/lds.h>

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <stdlib.h>

#define NO_ALGORITHM emrtd_bytes(NULL, 0)

static uint8_t challenge[EMRTD_AA_CHALLENGE_LEN] = { 0x80, 0, 1, 2, 3, 4, 5,
	0xFF };

static struct emrtd_bytes
the_challenge(void)
{
	return emrtd_bytes(challenge, sizeof(challenge));
}

enum column {
	SPKI,
	CHALLENGE,
	SIGNATURE,
	M1,
	HASH,
	N_COLUMNS
};

/* What real chips signed, and every bit of challenge and signature. */
static void
recorded_signatures(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/active_auth.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		uint8_t key[512], rnd[16], sig[512];
		struct emrtd_bytes spki, c, s;
		struct emrtd_active_auth how;
		size_t longest;

		assert_int_equal(v.n_words, N_COLUMNS);
		spki = hex_bytes(v.words[SPKI], key, sizeof(key));
		c = hex_bytes(v.words[CHALLENGE], rnd, sizeof(rnd));
		s = hex_bytes(v.words[SIGNATURE], sig, sizeof(sig));
		assert_ok(emrtd_active_auth_verify(*state, spki, NO_ALGORITHM,
		    c, s, NULL, &how));
		assert_int_equal(how.scheme, EMRTD_AA_RSA);
		assert_false(how.hash_found);
		assert_string_equal(emrtd_hash_name(how.hash), v.words[HASH]);
		assert_ok(
		    emrtd_active_auth_max_len(*state, spki, NULL, &longest));
		assert_int_equal(longest, s.len);
		for (size_t i = 0; i < 8 * c.len; i++) {
			rnd[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_error(emrtd_active_auth_verify(*state, spki,
					 NO_ALGORITHM, c, s, NULL, &how),
			    EMRTD_E_DIGEST);
			rnd[i / 8] ^= (uint8_t)(1u << i % 8);
		}
		for (size_t i = 0; i < 8 * s.len; i += 5) {
			sig[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_int_not_equal(emrtd_active_auth_verify(*state,
						 spki, NO_ALGORITHM, c, s, NULL,
						 &how),
			    EMRTD_OK);
			sig[i / 8] ^= (uint8_t)(1u << i % 8);
		}
	}
	vectors_close(vectors);
}

/* ---- ECDSA -------------------------------------------------------------- */

static const char *const mds[] = { "SHA1", "SHA224", "SHA256", "SHA384",
	"SHA512" };
static const char *const plain_oids[] = { "0.4.0.127.0.7.1.1.4.1.1",
	"0.4.0.127.0.7.1.1.4.1.2", "0.4.0.127.0.7.1.1.4.1.3",
	"0.4.0.127.0.7.1.1.4.1.4", "0.4.0.127.0.7.1.1.4.1.5" };
static const char *const x962_oids[] = { "1.2.840.10045.4.1",
	"1.2.840.10045.4.3.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3",
	"1.2.840.10045.4.3.4" };

struct algorithm {
	uint8_t buf[32];
	struct emrtd_bytes oid;
};

/* The content of an OBJECT IDENTIFIER. */
static struct emrtd_bytes
algorithm(struct algorithm *a, const char *dotted)
{
	struct emrtd_out out = emrtd_out(a->buf, sizeof(a->buf));

	emrtd_put_oid(&out, dotted);
	assert_false(out.bad);
	a->oid = emrtd_bytes(a->buf + 2, out.len - 2);
	return a->oid;
}

/* A DER signature as r and s of order_len bytes each. */
static struct test_bytes
to_plain(struct test_bytes der, size_t order_len)
{
	const unsigned char *p = der.ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	struct test_bytes out = { malloc(2 * order_len), 2 * order_len };

	assert_non_null(sig);
	assert_non_null(out.ptr);
	assert_true(
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out.ptr, (int)order_len) > 0);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_s(sig), out.ptr + order_len,
			(int)order_len) > 0);
	ECDSA_SIG_free(sig);
	return out;
}

struct signed_challenge {
	struct test_bytes spki, der, plain;
	size_t order_len;
};

static void
sign(struct signed_challenge *out, const char *kind, const char *md)
{
	struct test_bytes data = { challenge, sizeof(challenge) };
	EVP_PKEY *key = issue_key(kind);

	out->order_len = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	out->spki = issue_spki(key);
	out->der = issue_signature(key, md, ISSUE_NO_PSS, data);
	out->plain = to_plain(out->der, out->order_len);
}

static void
free_signed(struct signed_challenge *s)
{
	test_bytes_free(&s->spki);
	test_bytes_free(&s->der);
	test_bytes_free(&s->plain);
}

static enum emrtd_error
verify(struct emrtd_crypto *crypto, const struct signed_challenge *s,
    struct emrtd_bytes oid, const uint8_t *signature, size_t len,
    struct emrtd_active_auth *how)
{
	return emrtd_active_auth_verify(crypto,
	    emrtd_bytes(s->spki.ptr, s->spki.len), oid, the_challenge(),
	    emrtd_bytes(signature, len), NULL, how);
}

/* Both forms, whatever form the algorithm names, with a hash that is named. */
static void
named_hash(struct emrtd_crypto *crypto, const struct signed_challenge *s,
    unsigned h)
{
	struct emrtd_active_auth how;
	struct algorithm named, other;
	unsigned next = (h + 1) % EMRTD_N_HASHES;

	for (int form = 0; form < 2; form++) {
		const char *const *oids = form == 0 ? plain_oids : x962_oids;

		algorithm(&named, oids[h]);
		algorithm(&other, oids[next]);
		assert_ok(verify(crypto, s, named.oid, s->plain.ptr,
		    s->plain.len, &how));
		assert_int_equal(how.scheme, EMRTD_AA_ECDSA);
		assert_int_equal(how.hash, h);
		assert_false(how.hash_found);
		assert_ok(
		    verify(crypto, s, named.oid, s->der.ptr, s->der.len, &how));
		assert_int_equal(how.scheme, EMRTD_AA_ECDSA_DER);
		/* What is named counts: no other hash is tried. */
		assert_error(verify(crypto, s, other.oid, s->plain.ptr,
				 s->plain.len, &how),
		    EMRTD_E_SIGNATURE);
	}
}

/* Every curve, every hash, longer than the order among them. */
static void
ecdsa_on_every_curve(void **state)
{
	static const char *const kinds[] = { "secp224r1", "prime256v1",
		"prime256v1 explicit", "secp384r1", "secp521r1",
		"brainpoolP224r1", "brainpoolP256r1",
		"brainpoolP256r1 explicit", "brainpoolP320r1",
		"brainpoolP384r1", "brainpoolP512r1" };

	for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
		for (unsigned h = 0; h < EMRTD_N_HASHES; h++) {
			struct emrtd_active_auth how;
			struct signed_challenge s;
			size_t longest;

			sign(&s, kinds[k], mds[h]);
			named_hash(*state, &s, h);
			/* Without a name: all that the standard has. */
			if (h == EMRTD_SHA1) {
				assert_error(verify(*state, &s, NO_ALGORITHM,
						 s.plain.ptr, s.plain.len,
						 &how),
				    EMRTD_E_SIGNATURE);
			} else {
				assert_ok(verify(*state, &s, NO_ALGORITHM,
				    s.plain.ptr, s.plain.len, &how));
				assert_int_equal(how.hash, h);
				assert_true(how.hash_found);
			}
			assert_ok(emrtd_active_auth_max_len(*state,
			    emrtd_bytes(s.spki.ptr, s.spki.len), NULL,
			    &longest));
			assert_true(s.der.len <= longest);
			free_signed(&s);
		}
	}
}

static void
wrong_ecdsa_signatures(void **state)
{
	struct emrtd_active_auth how;
	struct signed_challenge s;
	uint8_t buf[256] = { 0 };
	struct algorithm a;

	sign(&s, "prime256v1", "SHA256");
	algorithm(&a, plain_oids[EMRTD_SHA256]);
	for (size_t i = 0; i < 8 * s.plain.len; i++) {
		s.plain.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_error(verify(*state, &s, a.oid, s.plain.ptr, s.plain.len,
				 &how),
		    EMRTD_E_SIGNATURE);
		s.plain.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	/* Cut, a byte behind, all zeros, all ones. */
	for (size_t len = 0; len < s.plain.len; len++)
		assert_error(verify(*state, &s, a.oid, s.plain.ptr, len, &how),
		    EMRTD_E_SIGNATURE);
	for (size_t len = 0; len < s.der.len; len++)
		assert_error(verify(*state, &s, a.oid, s.der.ptr, len, &how),
		    EMRTD_E_SIGNATURE);
	memcpy(buf, s.plain.ptr, s.plain.len);
	assert_error(verify(*state, &s, a.oid, buf, s.plain.len + 1, &how),
	    EMRTD_E_SIGNATURE);
	memcpy(buf, s.der.ptr, s.der.len);
	buf[s.der.len] = 0;
	assert_error(verify(*state, &s, a.oid, buf, s.der.len + 1, &how),
	    EMRTD_E_SIGNATURE);
	memset(buf, 0, sizeof(buf));
	assert_error(verify(*state, &s, a.oid, buf, 64, &how),
	    EMRTD_E_SIGNATURE);
	memset(buf, 0xFF, sizeof(buf));
	assert_error(verify(*state, &s, a.oid, buf, 64, &how),
	    EMRTD_E_SIGNATURE);
	/* An old answer to a new challenge. */
	challenge[7] ^= 1;
	assert_error(verify(*state, &s, a.oid, s.plain.ptr, s.plain.len, &how),
	    EMRTD_E_SIGNATURE);
	assert_error(verify(*state, &s, NO_ALGORITHM, s.der.ptr, s.der.len,
			 &how),
	    EMRTD_E_SIGNATURE);
	challenge[7] ^= 1;
	free_signed(&s);
}

/* What cannot be computed is told apart from what is wrong. */
static void
unknown_algorithms_and_keys(void **state)
{
	static const char *const oids[] = { "1.2.840.113549.1.1.11",
		"2.16.840.1.101.3.4.3.10", "1.2.840.113549.1.1.1" };
	struct test_bytes short_rsa = issue_spki(issue_key("RSA-1016"));
	/* 192 bits are less than the shortest hash that is allowed. */
	struct test_bytes strange = issue_spki(issue_key("prime192v1"));
	struct emrtd_active_auth how;
	struct signed_challenge s;
	uint8_t zeros[128] = { 0 };
	struct algorithm a;

	sign(&s, "prime256v1", "SHA256");
	for (size_t i = 0; i < N_ELEMENTS(oids); i++)
		assert_error(verify(*state, &s, algorithm(&a, oids[i]),
				 s.plain.ptr, s.plain.len, &how),
		    EMRTD_E_UNSUPPORTED);
	assert_error(emrtd_active_auth_verify(*state,
			 emrtd_bytes(short_rsa.ptr, short_rsa.len),
			 NO_ALGORITHM, the_challenge(), emrtd_bytes(zeros, 127),
			 NULL, &how),
	    EMRTD_E_KEY);
	assert_error(emrtd_active_auth_verify(*state,
			 emrtd_bytes(strange.ptr, strange.len), NO_ALGORITHM,
			 the_challenge(), emrtd_bytes(zeros, 64), NULL, &how),
	    EMRTD_E_KEY);
	for (size_t len = 0; len < s.spki.len; len++)
		assert_error(emrtd_active_auth_verify(*state,
				 emrtd_bytes(s.spki.ptr, len), NO_ALGORITHM,
				 the_challenge(),
				 emrtd_bytes(s.plain.ptr, s.plain.len), NULL,
				 &how),
		    EMRTD_E_KEY);
	assert_error(emrtd_active_auth_verify(*state,
			 emrtd_bytes(s.spki.ptr, s.spki.len), NO_ALGORITHM,
			 emrtd_bytes(challenge, 7),
			 emrtd_bytes(s.plain.ptr, s.plain.len), NULL, &how),
	    EMRTD_E_ARG);
	test_bytes_free(&short_rsa);
	test_bytes_free(&strange);
	free_signed(&s);
}

/* ---- DG15 --------------------------------------------------------------- */

static void
the_file(void **state)
{
	static const uint8_t good[] = { 0x6F, 0x04, 0x30, 0x02, 0x05, 0x00 };
	static const uint8_t bad[][8] = {
		{ 0x6E, 0x04, 0x30, 0x02, 0x05, 0x00 },       /* tag */
		{ 0x6F, 0x04, 0x31, 0x02, 0x05, 0x00 },       /* inner tag */
		{ 0x6F, 0x05, 0x30, 0x02, 0x05, 0x00, 0x00 }, /* behind it */
		{ 0x6F, 0x00 },
		{ 0x6F, 0x04, 0x30, 0x03, 0x05, 0x00 }, /* too long inside */
		{ 0x6F, 0x80, 0x30, 0x02, 0x05, 0x00 }, /* indefinite */
	};
	struct emrtd_bytes spki;

	(void)state;
	assert_ok(
	    emrtd_dg15_parse(emrtd_bytes(good, sizeof(good)), NULL, &spki));
	assert_bytes(spki, emrtd_bytes(good + 2, 4));
	for (size_t i = 0; i < N_ELEMENTS(bad); i++)
		assert_error(emrtd_dg15_parse(emrtd_bytes(bad[i], i == 2   ? 7
								  : i == 3 ? 2
									   : 6),
				 NULL, &spki),
		    EMRTD_E_MALFORMED);
	for (size_t n = 0; n < sizeof(good); n++)
		assert_error(emrtd_dg15_parse(emrtd_bytes(good, n), NULL,
				 &spki),
		    EMRTD_E_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_signatures),
		cmocka_unit_test(ecdsa_on_every_curve),
		cmocka_unit_test(wrong_ecdsa_signatures),
		cmocka_unit_test(unknown_algorithms_and_keys),
		cmocka_unit_test(the_file),
	};
	int failed = cmocka_run_group_tests(tests, setup_crypto,
	    teardown_crypto);

	issue_teardown(NULL);
	return failed;
}
