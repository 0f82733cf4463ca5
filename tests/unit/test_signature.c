#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/ec_parameters.h"
#include "crypto/key_size.h"
#include "crypto/signature.h"
#include "issue_openssl.h"
#include "test.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

static struct emrtd_crypto *crypto;
static uint8_t message[] = "Utopia signs what it says, and says what it signs.";

static struct test_bytes
the_message(void)
{
	struct test_bytes b = { message, sizeof(message) };

	return b;
}

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

/* In two parts, as CMS needs it. */
static enum emrtd_error
verify(const struct emrtd_signature_alg *alg, struct test_bytes spki,
    struct test_bytes signature)
{
	struct emrtd_bytes parts[2] = { { message, 7 },
		{ message + 7, sizeof(message) - 7 } };

	return emrtd_signature_verify(crypto, alg, view(spki), parts, 2,
	    view(signature), NULL);
}

static const char *const mds[] = { "SHA1", "SHA224", "SHA256", "SHA384",
	"SHA512" };

/* Good, then a bit in many bytes of the signature, and its length, wrong. */
static void
accept_and_refuse(const struct emrtd_signature_alg *alg, const char *kind,
    struct test_bytes signature)
{
	struct test_bytes spki = issue_spki(issue_key(kind));
	struct test_bytes shorter = signature;
	/* Every byte with one hash is enough; curves are slow. */
	size_t step = alg->hash == EMRTD_SHA256 ? 1 : 13;

	assert_int_equal(verify(alg, spki, signature), EMRTD_OK);
	for (size_t i = 0; i < signature.len; i += step) {
		uint8_t bit = (uint8_t)(1u << i % 8);

		signature.ptr[i] ^= bit;
		assert_int_equal(verify(alg, spki, signature),
		    EMRTD_E_SIGNATURE);
		signature.ptr[i] ^= bit;
	}
	for (shorter.len = 0; shorter.len < signature.len; shorter.len += 17)
		assert_int_equal(verify(alg, spki, shorter), EMRTD_E_SIGNATURE);
	message[3] ^= 1;
	assert_int_equal(verify(alg, spki, signature), EMRTD_E_SIGNATURE);
	message[3] ^= 1;
	test_bytes_free(&spki);
}

static void
rsa_pkcs1(void **state)
{
	static const char *const kinds[] = { "RSA-1024", "RSA-2048",
		"RSA-3072" };

	(void)state;
	for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
		for (int h = EMRTD_SHA1; h <= EMRTD_SHA512; h++) {
			struct emrtd_signature_alg alg = { EMRTD_RSA_PKCS1,
				(enum emrtd_hash)h, EMRTD_SHA1, 0 };
			struct test_bytes s = issue_signature(issue_key(
								  kinds[k]),
			    mds[h], ISSUE_NO_PSS, the_message());

			accept_and_refuse(&alg, kinds[k], s);
			alg.hash = (enum emrtd_hash)((h + 1) % EMRTD_N_HASHES);
			struct test_bytes spki = issue_spki(
			    issue_key(kinds[k]));
			assert_int_equal(verify(&alg, spki, s),
			    EMRTD_E_SIGNATURE);
			test_bytes_free(&spki);
			test_bytes_free(&s);
		}
	}
}

/* Every hash with salts below, at and above its length. */
static void
rsa_pss(void **state)
{
	static const int salts[] = { 0, 20, 32, 64 };

	(void)state;
	for (int h = EMRTD_SHA1; h <= EMRTD_SHA512; h++) {
		for (size_t i = 0; i < N_ELEMENTS(salts); i++) {
			struct emrtd_signature_alg alg = { EMRTD_RSA_PSS,
				(enum emrtd_hash)h, (enum emrtd_hash)h,
				(uint32_t)salts[i] };
			struct test_bytes s = issue_signature(issue_key(
								  "RSA-2048"),
			    mds[h], salts[i], the_message());
			struct test_bytes spki = issue_spki(
			    issue_key("RSA-2048"));

			accept_and_refuse(&alg, "RSA-2048", s);
			/* Another salt, another mask, another padding. */
			alg.salt_len++;
			assert_int_equal(verify(&alg, spki, s),
			    EMRTD_E_SIGNATURE);
			alg.salt_len--;
			alg.mgf_hash = (enum emrtd_hash)(
			    (h + 1) % EMRTD_N_HASHES);
			assert_int_equal(verify(&alg, spki, s),
			    EMRTD_E_SIGNATURE);
			alg.scheme = EMRTD_RSA_PKCS1;
			assert_int_equal(verify(&alg, spki, s),
			    EMRTD_E_SIGNATURE);
			test_bytes_free(&spki);
			test_bytes_free(&s);
		}
	}
}

/* r and s one after the other, each as long as the order. */
static struct test_bytes
plain(struct test_bytes der, size_t order_len)
{
	const unsigned char *p = der.ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	struct test_bytes b = { malloc(2 * order_len), 2 * order_len };

	assert_non_null(sig);
	assert_true(
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), b.ptr, (int)order_len) > 0);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_s(sig), b.ptr + order_len,
			(int)order_len) > 0);
	ECDSA_SIG_free(sig);
	return b;
}

static void
ecdsa_on(const char *kind, size_t order_len)
{
	for (int h = EMRTD_SHA1; h <= EMRTD_SHA512; h++) {
		struct emrtd_signature_alg alg = { EMRTD_ECDSA,
			(enum emrtd_hash)h, EMRTD_SHA1, 0 };
		struct test_bytes s = issue_signature(issue_key(kind), mds[h],
		    ISSUE_NO_PSS, the_message());
		struct test_bytes p = plain(s, order_len);
		struct test_bytes spki = issue_spki(issue_key(kind));

		accept_and_refuse(&alg, kind, s);
		assert_int_equal(verify(&alg, spki, p), EMRTD_E_SIGNATURE);
		alg.scheme = EMRTD_ECDSA_PLAIN;
		accept_and_refuse(&alg, kind, p);
		assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
		/* No second form with zeros in front. */
		p.len--;
		assert_int_equal(verify(&alg, spki, p), EMRTD_E_SIGNATURE);
		test_bytes_free(&spki);
		test_bytes_free(&p);
		test_bytes_free(&s);
	}
}

static void
ecdsa(void **state)
{
	const struct emrtd_group *curve;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; (curve = emrtd_group_at(i)) != NULL; i++) {
		char kind[64];

		if (curve->kind != EMRTD_GROUP_EC)
			continue;
		ecdsa_on(curve->ossl_name, curve->order_len);
		(void)snprintf(kind, sizeof(kind), "%s explicit",
		    curve->ossl_name);
		ecdsa_on(kind, curve->order_len);
		n++;
	}
	assert_int_equal(n, 11);
	/* And the one of RFC 5639 that signs alone. */
	ecdsa_on("brainpoolP160r1", 20);
	ecdsa_on("brainpoolP160r1 explicit", 20);
}

/* A state may have signed with them once; no chip proves itself with one. */
static void
weak_curves_prove_nothing(void **state)
{
	static const struct {
		const char *kind;
		enum emrtd_error want;
	} cases[] = {
		{ "brainpoolP160r1", EMRTD_E_KEY },
		{ "prime192v1", EMRTD_E_KEY },
		{ "brainpoolP192r1 explicit", EMRTD_E_KEY },
		{ "DSA-2048", EMRTD_E_KEY },
		{ "secp224r1", EMRTD_OK },
		{ "brainpoolP224r1 explicit", EMRTD_OK },
		{ "RSA-1024", EMRTD_OK },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes spki = issue_spki(issue_key(cases[i].kind));
		struct emrtd_signature_key look;

		assert_int_equal(emrtd_signature_key_look(crypto, view(spki),
				     NULL, &look),
		    cases[i].want);
		test_bytes_free(&spki);
	}
}

static void
dsa(void **state)
{
	static const char *const kinds[] = { "DSA-1024", "DSA-2048",
		"DSA-2048-256" };

	(void)state;
	for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
		for (int h = EMRTD_SHA1; h <= EMRTD_SHA256; h++) {
			struct emrtd_signature_alg alg = { EMRTD_DSA,
				(enum emrtd_hash)h, EMRTD_SHA1, 0 };
			struct test_bytes s = issue_signature(issue_key(
								  kinds[k]),
			    mds[h], ISSUE_NO_PSS, the_message());

			accept_and_refuse(&alg, kinds[k], s);
			test_bytes_free(&s);
		}
	}
}

/* The next number of a SEQUENCE in spki, which is p, q or g, then the key. */
static struct emrtd_bytes
dsa_number(struct test_bytes spki, unsigned index)
{
	struct emrtd_bytes in = view(spki), body, algorithm, oid, numbers, v;

	assert_true(emrtd_tlv(&in, 0x30, &body));
	assert_true(emrtd_tlv(&body, 0x30, &algorithm));
	assert_true(emrtd_tlv(&algorithm, 0x06, &oid));
	assert_true(emrtd_tlv(&algorithm, 0x30, &numbers));
	for (unsigned i = 0; i <= index && index < 3; i++)
		assert_true(emrtd_tlv(&numbers, 0x02, &v));
	if (index == 3)
		assert_true(emrtd_tlv(&body, 0x03, &v));
	return v;
}

/*
 * p, q, g and the key itself, one bit wrong at a time: the last but the lowest,
 * so that p and q stay odd and as long as they were.
 */
static void
dsa_numbers_that_lie(void **state)
{
	struct test_bytes spki = issue_spki(issue_key("DSA-2048"));
	struct emrtd_signature_alg alg = { EMRTD_DSA, EMRTD_SHA256, EMRTD_SHA1,
		0 };
	struct test_bytes s = issue_signature(issue_key("DSA-2048"), "SHA256",
	    ISSUE_NO_PSS, the_message());

	(void)state;
	assert_int_equal(verify(&alg, spki, s), EMRTD_OK);
	for (unsigned i = 0; i < 4; i++) {
		struct emrtd_bytes v = dsa_number(spki, i);
		uint8_t *last = &spki.ptr[v.ptr - spki.ptr + v.len - 1];

		*last ^= 2;
		assert_int_equal(verify(&alg, spki, s), EMRTD_E_KEY);
		*last ^= 2;
	}
	/* g = 1 would make r = 1 whatever is signed; y = 1 likewise. */
	for (unsigned i = 2; i < 4; i++) {
		struct test_bytes copy = issue_spki(issue_key("DSA-2048"));
		struct emrtd_bytes v = dsa_number(copy, i);
		uint8_t *at = &copy.ptr[v.ptr - copy.ptr];
		size_t skip = i == 3 ? v.len - 256 : 0;

		memset(at + skip, 0, v.len - skip);
		at[v.len - 1] = 1;
		assert_int_equal(verify(&alg, copy, s), EMRTD_E_KEY);
		test_bytes_free(&copy);
	}
	test_bytes_free(&s);
	test_bytes_free(&spki);
}

/* RFC 8017 wants a NULL in DigestInfo; ICAO's own list has none. */
static void
digest_info_without_null(void **state)
{
	uint8_t hash[EMRTD_HASH_MAX], buf[128];
	struct emrtd_signature_alg alg = { EMRTD_RSA_PKCS1, EMRTD_SHA256,
		EMRTD_SHA1, 0 };
	struct emrtd_bytes m = emrtd_bytes(message, sizeof(message));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct test_bytes info, s, spki = issue_spki(issue_key("RSA-2048"));
	size_t outer, inner;

	(void)state;
	assert_int_equal(emrtd_hash(crypto, EMRTD_SHA256, &m, 1, hash),
	    EMRTD_OK);
	outer = emrtd_open(&out, 0x30);
	inner = emrtd_open(&out, 0x30);
	emrtd_put_oid(&out, emrtd_hash_oid(EMRTD_SHA256));
	emrtd_close(&out, inner);
	emrtd_put_tlv(&out, 0x04, emrtd_bytes(hash, 32));
	emrtd_close(&out, outer);
	info.ptr = buf;
	info.len = out.len;
	s = issue_signature(issue_key("RSA-2048"), "", ISSUE_NO_PSS, info);
	accept_and_refuse(&alg, "RSA-2048", s);
	test_bytes_free(&s);

	/* Nothing may follow it, and the hash alone is not enough. */
	buf[info.len] = 0;
	info.len++;
	s = issue_signature(issue_key("RSA-2048"), "", ISSUE_NO_PSS, info);
	assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
	test_bytes_free(&s);
	info.ptr = hash;
	info.len = 32;
	s = issue_signature(issue_key("RSA-2048"), "", ISSUE_NO_PSS, info);
	assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
	test_bytes_free(&s);
	test_bytes_free(&spki);
}

static void
key_of_another_kind(void **state)
{
	struct test_bytes rsa = issue_spki(issue_key("RSA-2048"));
	struct test_bytes ec = issue_spki(issue_key("prime256v1"));
	struct test_bytes dsa_key = issue_spki(issue_key("DSA-2048"));
	struct emrtd_signature_alg alg = { EMRTD_RSA_PKCS1, EMRTD_SHA256,
		EMRTD_SHA256, 32 };

	(void)state;
	for (int s = EMRTD_RSA_PKCS1; s <= EMRTD_DSA; s++) {
		bool wants_rsa = s == EMRTD_RSA_PKCS1 || s == EMRTD_RSA_PSS;

		alg.scheme = (enum emrtd_signature_scheme)s;
		assert_int_equal(verify(&alg, wants_rsa ? ec : rsa, rsa),
		    EMRTD_E_SIGNATURE);
		assert_int_equal(verify(&alg, wants_rsa ? rsa : ec, rsa),
		    EMRTD_E_SIGNATURE);
		if (s != EMRTD_DSA)
			assert_int_equal(verify(&alg, dsa_key, rsa),
			    EMRTD_E_SIGNATURE);
	}
	test_bytes_free(&rsa);
	test_bytes_free(&ec);
	test_bytes_free(&dsa_key);
}

static struct test_bytes
rsa_spki(const char *modulus_bits, unsigned long e)
{
	EVP_PKEY *key = NULL, *source = issue_key(modulus_bits);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	struct test_bytes spki;
	OSSL_PARAM *params;
	BIGNUM *n = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(source, OSSL_PKEY_PARAM_RSA_N,
			     &n),
	    1);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_ulong(bld, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY,
			     params),
	    1);
	spki = issue_spki(key);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	BN_free(n);
	return spki;
}

/* A key with which everybody can sign is none. */
static void
worthless_rsa_keys(void **state)
{
	static const struct {
		const char *kind;
		unsigned long e;
		enum emrtd_error want;
	} cases[] = {
		{ "RSA-2048", 1, EMRTD_E_KEY },
		{ "RSA-2048", 2, EMRTD_E_KEY },
		{ "RSA-2048", 65536, EMRTD_E_KEY },
		{ "RSA-512", 65537, EMRTD_E_KEY },
		{ "RSA-2048", 3, EMRTD_E_SIGNATURE },
		{ "RSA-2048", 38129, EMRTD_E_SIGNATURE },
	};
	struct emrtd_signature_alg alg = { EMRTD_RSA_PKCS1, EMRTD_SHA256,
		EMRTD_SHA1, 0 };
	struct test_bytes s = issue_signature(issue_key("RSA-2048"), "SHA256",
	    ISSUE_NO_PSS, the_message());

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes spki = rsa_spki(cases[i].kind, cases[i].e);

		assert_int_equal(verify(&alg, spki, s), cases[i].want);
		test_bytes_free(&spki);
	}
	test_bytes_free(&s);
}

/*
 * Explicit parameters in which one integer is another one: above all a
 * generator of the attacker's, for which he knows a private key.
 */
static void
explicit_parameters_that_lie(void **state)
{
	struct test_bytes spki = issue_spki(
	    issue_key("brainpoolP256r1 explicit"));
	struct emrtd_signature_alg alg = { EMRTD_ECDSA, EMRTD_SHA256,
		EMRTD_SHA1, 0 };
	struct test_bytes s = issue_signature(issue_key(
						  "brainpoolP256r1 explicit"),
	    "SHA256", ISSUE_NO_PSS, the_message());
	size_t refused = 0, point = spki.len - 65;

	(void)state;
	assert_int_equal(verify(&alg, spki, s), EMRTD_OK);
	for (size_t i = 0; i < spki.len; i++) {
		enum emrtd_error error;

		spki.ptr[i] ^= 1;
		error = verify(&alg, spki, s);
		assert_int_not_equal(error, EMRTD_OK);
		refused += error == EMRTD_E_KEY;
		spki.ptr[i] ^= 1;
		/* All but a point that is the key of somebody else. */
		if (i < point)
			assert_int_equal(error, EMRTD_E_KEY);
	}
	assert_true(refused >= point);
	test_bytes_free(&s);
	test_bytes_free(&spki);
}

/* ECParameters of brainpoolP256r1 with chosen spellings of its integers. */
static struct test_bytes
explicit_spki(const char *a_prefix, bool compressed, bool cofactor)
{
	static const char key_type[] = "06072A8648CE3D0201";
	static const char p[] = "00A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D526"
				"20282013481D1F6E5377";
	static const char a[] =
	    "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9";
	static const char b[] =
	    "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6";
	static const char x[] =
	    "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262";
	static const char y[] =
	    "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997";
	static const char n[] = "00A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561"
				"A6F7901E0E82974856A7";
	struct emrtd_out out = emrtd_out(malloc(2048), 2048);
	struct test_bytes key = issue_spki(issue_key("brainpoolP256r1"));
	size_t whole = emrtd_open(&out, 0x30), alg = emrtd_open(&out, 0x30);
	size_t params, part;
	char text[300];
	struct test_bytes h;

#define PUT_HEX(hex)                      \
	do {                              \
		h = test_hex(hex);        \
		emrtd_put(&out, view(h)); \
		test_bytes_free(&h);      \
	} while (0)
	PUT_HEX(key_type);
	params = emrtd_open(&out, 0x30);
	PUT_HEX("020101");
	part = emrtd_open(&out, 0x30);
	PUT_HEX("06072A8648CE3D0101");
	(void)snprintf(text, sizeof(text), "0221%s", p);
	PUT_HEX(text);
	emrtd_close(&out, part);
	part = emrtd_open(&out, 0x30);
	(void)snprintf(text, sizeof(text), "04%02zX%s%s",
	    32 + strlen(a_prefix) / 2, a_prefix, a);
	PUT_HEX(text);
	(void)snprintf(text, sizeof(text), "0420%s", b);
	PUT_HEX(text);
	PUT_HEX("03020000"); /* a seed */
	emrtd_close(&out, part);
	(void)snprintf(text, sizeof(text),
	    compressed ? "042103%s" : "044104%s%s", x, y);
	PUT_HEX(text);
	(void)snprintf(text, sizeof(text), "0221%s", n);
	PUT_HEX(text);
	if (cofactor)
		PUT_HEX("020101");
	emrtd_close(&out, params);
	emrtd_close(&out, alg);
	PUT_HEX("034200");
	emrtd_put(&out, emrtd_bytes(key.ptr + key.len - 65, 65));
	emrtd_close(&out, whole);
#undef PUT_HEX
	test_bytes_free(&key);
	assert_false(out.bad);
	h.ptr = out.ptr;
	h.len = out.len;
	return h;
}

/* The same integers in other octets are the same curve. */
static void
explicit_parameters_in_other_spellings(void **state)
{
	static const struct {
		const char *prefix;
		bool compressed, cofactor;
		enum emrtd_error want;
	} cases[] = {
		{ "", false, true, EMRTD_OK },
		{ "00", false, true, EMRTD_OK },
		{ "000000", false, false, EMRTD_OK },
		{ "", true, true, EMRTD_OK },
		{ "01", false, true, EMRTD_E_KEY },
	};
	struct emrtd_signature_alg alg = { EMRTD_ECDSA, EMRTD_SHA256,
		EMRTD_SHA1, 0 };
	struct test_bytes s = issue_signature(issue_key("brainpoolP256r1"),
	    "SHA256", ISSUE_NO_PSS, the_message());

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes spki = explicit_spki(cases[i].prefix,
		    cases[i].compressed, cases[i].cofactor);

		assert_int_equal(verify(&alg, spki, s), cases[i].want);
		test_bytes_free(&spki);
	}
	test_bytes_free(&s);
}

static void
unknown_curves(void **state)
{
	static const char *const kinds[] = { "secp256k1", "secp256k1 explicit",
		"prime192v2", "sect283r1", "brainpoolP256t1", "secp160r1" };
	struct emrtd_signature_alg alg = { EMRTD_ECDSA, EMRTD_SHA256,
		EMRTD_SHA1, 0 };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		struct test_bytes spki = issue_spki(issue_key(kinds[i]));
		struct test_bytes s = issue_signature(issue_key(kinds[i]),
		    "SHA256", ISSUE_NO_PSS, the_message());

		assert_int_equal(verify(&alg, spki, s), EMRTD_E_KEY);
		test_bytes_free(&s);
		test_bytes_free(&spki);
	}
}

static void
malformed_keys(void **state)
{
	struct test_bytes spki = issue_spki(issue_key("prime256v1"));
	struct emrtd_signature_alg alg = { EMRTD_ECDSA, EMRTD_SHA256,
		EMRTD_SHA1, 0 };
	struct test_bytes cut = spki;

	(void)state;
	for (cut.len = 0; cut.len < spki.len; cut.len++)
		assert_int_equal(verify(&alg, cut, spki), EMRTD_E_KEY);
	/* Off the curve; then the point at infinity. */
	spki.ptr[spki.len - 1] ^= 1;
	assert_int_equal(verify(&alg, spki, spki), EMRTD_E_KEY);
	test_bytes_free(&spki);
	spki = test_hex("3019301306072A8648CE3D020106082A8648CE3D030107"
			"03020000");
	assert_int_equal(verify(&alg, spki, spki), EMRTD_E_KEY);
	test_bytes_free(&spki);
}

static void
key_sizes(void **state)
{
	static const struct {
		const char *kind;
		enum emrtd_key_family family;
		size_t bits;
		bool weak;
	} cases[] = {
		{ "RSA-1024", EMRTD_FAMILY_RSA, 1024, true },
		{ "RSA-2047", EMRTD_FAMILY_RSA, 2047, true },
		{ "RSA-2048", EMRTD_FAMILY_RSA, 2048, false },
		{ "DSA-1024", EMRTD_FAMILY_DSA, 1024, true },
		{ "DSA-2048", EMRTD_FAMILY_DSA, 2048, false },
		{ "brainpoolP160r1", EMRTD_FAMILY_EC, 160, true },
		{ "prime192v1 explicit", EMRTD_FAMILY_EC, 192, true },
		{ "secp224r1", EMRTD_FAMILY_EC, 224, true },
		{ "brainpoolP224r1 explicit", EMRTD_FAMILY_EC, 224, true },
		{ "prime256v1", EMRTD_FAMILY_EC, 256, false },
		{ "secp521r1", EMRTD_FAMILY_EC, 521, false },
		{ "secp521r1 explicit", EMRTD_FAMILY_EC, 521, false },
	};
	struct emrtd_key_size size;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes spki = issue_spki(issue_key(cases[i].kind));
		struct test_bytes cut = spki;

		assert_true(emrtd_key_size(view(spki), &size));
		assert_int_equal(size.family, cases[i].family);
		assert_int_equal(size.bits, cases[i].bits);
		assert_int_equal(emrtd_key_is_weak(view(spki)), cases[i].weak);
		for (cut.len = 0; cut.len < spki.len; cut.len++)
			assert_false(emrtd_key_size(view(cut), &size));
		test_bytes_free(&spki);
	}
}

/* From 'from' on other octets; the key stays the same. */
static struct test_bytes
respelt(const char *kind, size_t from, size_t skip, const char *hex)
{
	struct test_bytes spki = issue_spki(issue_key(kind));
	struct test_bytes other = test_hex(hex), out;

	out.len = from + other.len + spki.len - from - skip;
	out.ptr = malloc(out.len);
	assert_non_null(out.ptr);
	memcpy(out.ptr, spki.ptr, from);
	memcpy(out.ptr + from, other.ptr, other.len);
	memcpy(out.ptr + from + other.len, spki.ptr + from + skip,
	    spki.len - from - skip);
	test_bytes_free(&other);
	test_bytes_free(&spki);
	return out;
}

/* One private key, however the public one is written down. */
static void
same_keys(void **state)
{
	static const char *const kinds[] = { "RSA-2048", "RSA-1024", "DSA-1024",
		"prime256v1", "prime256v1 b", "brainpoolP256r1" };
	struct test_bytes all[N_ELEMENTS(kinds) + 4];
	/* What is the same as what, by the first one's place. */
	static const size_t same[N_ELEMENTS(all)] = { 0, 1, 2, 3, 4, 5, 0, 0, 3,
		5 };
	size_t n = 0;

	(void)state;
	while (n < N_ELEMENTS(kinds)) {
		all[n] = issue_spki(issue_key(kinds[n]));
		n++;
	}
	/* Without NULL; for PSS alone; x of the point; explicit parameters. */
	all[n++] = respelt("RSA-2048", 4, 15, "300B06092A864886F70D010101");
	all[n] = respelt("RSA-2048", 4, 15, "300B06092A864886F70D01010A");
	all[n].ptr[3] = all[0].ptr[3] - 2;
	all[n - 1].ptr[3] = all[n].ptr[3];
	n++;
	all[n] = respelt("prime256v1", 23, 4, "03220003");
	all[n].ptr[1] -= 32;
	all[n++].len -= 32;
	all[n++] = explicit_spki("00", true, false);
	assert_int_equal(n, N_ELEMENTS(all));
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			bool want = same[i] == same[k];

			if (emrtd_key_is_same(view(all[i]), view(all[k])) !=
			    want)
				fail_msg("keys %zu and %zu", i, k);
		}
	}
	while (n > 0)
		test_bytes_free(&all[--n]);
}

struct alg_case {
	const char *hex; /* content of the AlgorithmIdentifier */
	int digest;      /* named elsewhere; -1 for none */
	enum emrtd_error want;
	struct emrtd_signature_alg alg;
};

#define SHA256_ALG "300B0609608648016503040201"
#define MGF1       "06092A864886F70D010108"

static const struct alg_case alg_cases[] = {
	/* sha256WithRSAEncryption with NULL, without, with something else */
	{ "06092A864886F70D01010B0500", -1, EMRTD_OK,
	    { EMRTD_RSA_PKCS1, EMRTD_SHA256, EMRTD_SHA1, 0 } },
	{ "06092A864886F70D01010B", EMRTD_SHA256, EMRTD_OK,
	    { EMRTD_RSA_PKCS1, EMRTD_SHA256, EMRTD_SHA1, 0 } },
	{ "06092A864886F70D01010B020100", -1, EMRTD_E_MALFORMED, { 0 } },
	{ "06092A864886F70D01010B05000500", -1, EMRTD_E_MALFORMED, { 0 } },
	/* over another hash than the one elsewhere: LDS_H_75, 76 */
	{ "06092A864886F70D01010B", EMRTD_SHA1, EMRTD_OK,
	    { EMRTD_RSA_PKCS1, EMRTD_SHA256, EMRTD_SHA1, 0 } },
	/* rsaEncryption takes its hash from elsewhere */
	{ "06092A864886F70D0101010500", EMRTD_SHA384, EMRTD_OK,
	    { EMRTD_RSA_PKCS1, EMRTD_SHA384, EMRTD_SHA1, 0 } },
	{ "06092A864886F70D0101010500", -1, EMRTD_E_UNSUPPORTED, { 0 } },
	/* md2 and md5WithRSAEncryption; DSA with SHA-1, 224, 256, 384 */
	{ "06092A864886F70D0101020500", -1, EMRTD_E_UNSUPPORTED, { 0 } },
	{ "06092A864886F70D0101040500", -1, EMRTD_E_UNSUPPORTED, { 0 } },
	{ "06072A8648CE380403", -1, EMRTD_OK,
	    { EMRTD_DSA, EMRTD_SHA1, EMRTD_SHA1, 0 } },
	{ "0609608648016503040301", -1, EMRTD_OK,
	    { EMRTD_DSA, EMRTD_SHA224, EMRTD_SHA1, 0 } },
	{ "0609608648016503040302", EMRTD_SHA256, EMRTD_OK,
	    { EMRTD_DSA, EMRTD_SHA256, EMRTD_SHA1, 0 } },
	{ "0609608648016503040303", -1, EMRTD_E_UNSUPPORTED, { 0 } },
	/* ecdsa-with-SHA384, with the NULL that some write */
	{ "06082A8648CE3D0403030500", EMRTD_SHA384, EMRTD_OK,
	    { EMRTD_ECDSA, EMRTD_SHA384, EMRTD_SHA1, 0 } },
	/* ecdsa-plain-SHA224 */
	{ "060A04007F00070101040102", EMRTD_SHA224, EMRTD_OK,
	    { EMRTD_ECDSA_PLAIN, EMRTD_SHA224, EMRTD_SHA1, 0 } },
	/* PSS: everything by default, everything said, nothing said */
	{ "06092A864886F70D01010A3000", -1, EMRTD_OK,
	    { EMRTD_RSA_PSS, EMRTD_SHA1, EMRTD_SHA1, 20 } },
	{ "06092A864886F70D01010A3035A00D" SHA256_ALG "A11A3018" MGF1 SHA256_ALG
	  "A203020140A303020101",
	    EMRTD_SHA256, EMRTD_OK,
	    { EMRTD_RSA_PSS, EMRTD_SHA256, EMRTD_SHA256, 64 } },
	{ "06092A864886F70D01010A300FA00D" SHA256_ALG, -1, EMRTD_OK,
	    { EMRTD_RSA_PSS, EMRTD_SHA256, EMRTD_SHA1, 20 } },
	{ "06092A864886F70D01010A", -1, EMRTD_E_MALFORMED, { 0 } },
	{ "06092A864886F70D01010A300FA00D" SHA256_ALG, EMRTD_SHA1, EMRTD_OK,
	    { EMRTD_RSA_PSS, EMRTD_SHA256, EMRTD_SHA1, 20 } },
	/* trailer 2, salt -1, salt 513, something after it */
	{ "06092A864886F70D01010A3005A303020102", -1, EMRTD_E_MALFORMED,
	    { 0 } },
	{ "06092A864886F70D01010A3005A2030201FF", -1, EMRTD_E_MALFORMED,
	    { 0 } },
	{ "06092A864886F70D01010A3006A20402020201", -1, EMRTD_E_MALFORMED,
	    { 0 } },
	{ "06092A864886F70D01010A30000500", -1, EMRTD_E_MALFORMED, { 0 } },
	/* a mask that is not MGF1; MD5 in it */
	{ "06092A864886F70D01010A301CA11A301806092A864886F70D010109" SHA256_ALG,
	    -1, EMRTD_E_UNSUPPORTED, { 0 } },
	{ "06092A864886F70D01010A301DA11B3019" MGF1
	  "300C06082A864886F70D02050500",
	    -1, EMRTD_E_UNSUPPORTED, { 0 } },
	{ "", -1, EMRTD_E_MALFORMED, { 0 } },
	{ "0500", -1, EMRTD_E_MALFORMED, { 0 } },
};

static void
algorithm_identifiers(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(alg_cases); i++) {
		const struct alg_case *c = &alg_cases[i];
		enum emrtd_hash digest = (enum emrtd_hash)c->digest;
		struct test_bytes b = test_hex(c->hex);
		struct emrtd_signature_alg alg;
		enum emrtd_error error = emrtd_signature_alg_parse(view(b),
		    c->digest < 0 ? NULL : &digest, NULL, &alg);

		if (error != c->want)
			fail_msg("%s: %s", c->hex, emrtd_error_name(error));
		test_bytes_free(&b);
		if (error != EMRTD_OK)
			continue;
		assert_int_equal(alg.scheme, c->alg.scheme);
		assert_int_equal(alg.hash, c->alg.hash);
		if (alg.scheme != EMRTD_RSA_PSS)
			continue;
		assert_int_equal(alg.mgf_hash, c->alg.mgf_hash);
		assert_int_equal(alg.salt_len, c->alg.salt_len);
	}
}

/* A key for PSS alone, bound to SHA-256 and a salt of at least 32. */
static void
pss_key_is_bound(void **state)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	struct emrtd_signature_alg alg = { EMRTD_RSA_PSS, EMRTD_SHA256,
		EMRTD_SHA256, 32 };
	const EVP_MD *md = EVP_sha256();
	struct test_bytes spki, s;
	EVP_PKEY *key = NULL;

	(void)state;
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_true(EVP_PKEY_CTX_set_rsa_pss_keygen_md(ctx, md) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_pss_keygen_mgf1_md(ctx, md) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(ctx, 32) > 0);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	spki = issue_spki(key);
	s = issue_signature(key, "SHA256", 32, the_message());
	assert_int_equal(verify(&alg, spki, s), EMRTD_OK);
	alg.salt_len = 20;
	assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
	alg.salt_len = 32;
	alg.hash = EMRTD_SHA1;
	assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
	alg.scheme = EMRTD_RSA_PKCS1;
	alg.hash = EMRTD_SHA256;
	assert_int_equal(verify(&alg, spki, s), EMRTD_E_SIGNATURE);
	test_bytes_free(&s);
	test_bytes_free(&spki);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
}

static int
setup(void **state)
{
	(void)state;
	return emrtd_crypto_new(NULL, &crypto) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	emrtd_crypto_free(&crypto);
	return issue_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsa_pkcs1),
		cmocka_unit_test(rsa_pss),
		cmocka_unit_test(ecdsa),
		cmocka_unit_test(weak_curves_prove_nothing),
		cmocka_unit_test(dsa),
		cmocka_unit_test(dsa_numbers_that_lie),
		cmocka_unit_test(key_sizes),
		cmocka_unit_test(same_keys),
		cmocka_unit_test(digest_info_without_null),
		cmocka_unit_test(key_of_another_kind),
		cmocka_unit_test(worthless_rsa_keys),
		cmocka_unit_test(explicit_parameters_that_lie),
		cmocka_unit_test(explicit_parameters_in_other_spellings),
		cmocka_unit_test(unknown_curves),
		cmocka_unit_test(malformed_keys),
		cmocka_unit_test(algorithm_identifiers),
		cmocka_unit_test(pss_key_is_bound),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
