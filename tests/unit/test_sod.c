#include "core/ber.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "issue_openssl.h"
#include "pki/chain.h"
#include "pki/sod.h"
#include "pki/sod_profile.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define AT 1767225600 /* 2026-01-01 */

static struct emrtd_crypto *crypto;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static struct emrtd_trust *
trust_of(struct test_bytes csca)
{
	struct emrtd_trust *trust;

	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust, view(csca), 0, NULL),
	    EMRTD_OK);
	return trust;
}

/* Everything that the reader asks of a SOD but dates: OK only if all hold. */
static enum emrtd_error
verify_all(struct emrtd_bytes file, const struct emrtd_trust *trust,
    struct emrtd_sod *sod)
{
	struct emrtd_chain chain;
	struct emrtd_certificate signer;
	enum emrtd_error error = emrtd_sod_parse(file, NULL, sod);

	if (error == EMRTD_OK)
		error = emrtd_sod_signer(sod, crypto, trust, NULL, &signer);
	if (error == EMRTD_OK)
		error = emrtd_sod_verify_attributes(sod, crypto, NULL);
	if (error == EMRTD_OK)
		error = emrtd_sod_verify_signature(sod, crypto, &signer, NULL);
	if (error == EMRTD_OK && trust != NULL)
		error = emrtd_chain_find(trust, crypto, &signer, AT, NULL,
		    &chain);
	return error;
}

static bool
is_inside(struct emrtd_bytes part, const uint8_t *at)
{
	return part.ptr != NULL && at >= part.ptr && at < part.ptr + part.len;
}

/*
 * One bit wrong at a time. In the signed regions nothing may verify; elsewhere
 * (version, algorithms of the frame, who signed) what verifies must say the
 * same as before.
 */
static void
flip_bits(struct test_bytes file, const struct emrtd_trust *trust, size_t step)
{
	struct emrtd_bytes content;
	struct emrtd_sod good, now;

	assert_int_equal(verify_all(view(file), trust, &good), EMRTD_OK);
	content = good.cms.content;
	for (size_t i = 0; i < file.len * 8; i += step) {
		uint8_t *at = file.ptr + i / 8;
		bool is_signed = is_inside(content, at) ||
				 is_inside(good.cms.signed_attributes, at) ||
				 is_inside(good.cms.signature, at) ||
				 is_inside(good.cms.certificates[0], at);

		*at ^= (uint8_t)(1u << i % 8);
		if (verify_all(view(file), trust, &now) == EMRTD_OK) {
			if (is_signed)
				fail_msg("verifies with bit %zu wrong", i);
			assert_ptr_equal(now.cms.content.ptr, content.ptr);
			assert_int_equal(now.cms.content.len, content.len);
			assert_int_equal(now.data_groups, good.data_groups);
			assert_int_equal(now.dg_hash, good.dg_hash);
		}
		*at ^= (uint8_t)(1u << i % 8);
	}
}

static void
truncate_everywhere(struct test_bytes file, const struct emrtd_trust *trust)
{
	struct emrtd_sod sod;

	for (size_t len = 0; len < file.len; len++) {
		/* A block of its own, so that a sanitizer sees its end. */
		uint8_t *copy = malloc(len > 0 ? len : 1);

		memcpy(copy, file.ptr, len);
		assert_int_not_equal(verify_all(emrtd_bytes(copy, len), trust,
					 &sod),
		    EMRTD_OK);
		free(copy);
	}
}

static const struct {
	const char *csca, *ds;
	const char *md;
	enum emrtd_hash hash;
	int salt_len;
} signers[] = {
	{ "RSA-3072", "RSA-2048", "SHA1", EMRTD_SHA1, ISSUE_NO_PSS },
	{ "RSA-3072", "RSA-2048", "SHA224", EMRTD_SHA224, ISSUE_NO_PSS },
	{ "RSA-3072", "RSA-2048", "SHA256", EMRTD_SHA256, ISSUE_NO_PSS },
	{ "RSA-3072", "RSA-2048", "SHA384", EMRTD_SHA384, ISSUE_NO_PSS },
	{ "RSA-3072", "RSA-2048", "SHA512", EMRTD_SHA512, ISSUE_NO_PSS },
	{ "RSA-3072", "RSA-2048", "SHA256", EMRTD_SHA256, 20 },
	{ "RSA-3072", "RSA-2048", "SHA256", EMRTD_SHA256, 32 },
	{ "RSA-3072", "RSA-2048", "SHA512", EMRTD_SHA512, 64 },
	{ "secp384r1", "prime256v1", "SHA256", EMRTD_SHA256, ISSUE_NO_PSS },
	{ "secp384r1", "secp384r1 b", "SHA384", EMRTD_SHA384, ISSUE_NO_PSS },
	{ "secp521r1", "secp224r1", "SHA224", EMRTD_SHA224, ISSUE_NO_PSS },
	{ "brainpoolP384r1", "brainpoolP256r1", "SHA384", EMRTD_SHA384,
	    ISSUE_NO_PSS },
	{ "brainpoolP512r1", "brainpoolP384r1", "SHA256", EMRTD_SHA256,
	    ISSUE_NO_PSS },
	{ "brainpoolP512r1 explicit", "brainpoolP512r1", "SHA512", EMRTD_SHA512,
	    ISSUE_NO_PSS },
	{ "secp384r1 explicit", "prime256v1 explicit", "SHA256", EMRTD_SHA256,
	    ISSUE_NO_PSS },
	{ "brainpoolP256r1 explicit", "brainpoolP224r1 explicit", "SHA1",
	    EMRTD_SHA1, ISSUE_NO_PSS },
	/* hashes longer and shorter than the curve, the weak ones, and DSA */
	{ "secp521r1", "prime192v1", "SHA512", EMRTD_SHA512, ISSUE_NO_PSS },
	{ "prime192v1 explicit", "secp521r1", "SHA1", EMRTD_SHA1,
	    ISSUE_NO_PSS },
	{ "brainpoolP192r1", "brainpoolP160r1 explicit", "SHA224", EMRTD_SHA224,
	    ISSUE_NO_PSS },
	{ "brainpoolP320r1 explicit", "brainpoolP320r1", "SHA384", EMRTD_SHA384,
	    ISSUE_NO_PSS },
	{ "DSA-2048-256", "DSA-2048", "SHA1", EMRTD_SHA1, ISSUE_NO_PSS },
	{ "DSA-2048-256", "DSA-2048", "SHA224", EMRTD_SHA224, ISSUE_NO_PSS },
	{ "DSA-2048", "DSA-2048-256", "SHA256", EMRTD_SHA256, ISSUE_NO_PSS },
	/* other exponents and salts */
	{ "RSA-2048 e=3", "RSA-1024 e=38129", "SHA256", EMRTD_SHA256,
	    ISSUE_NO_PSS },
	{ "RSA-2048 e=107903", "RSA-2048 e=3", "SHA1", EMRTD_SHA1, 0 },
	{ "RSA-2048 e=3", "RSA-2048 e=107903", "SHA384", EMRTD_SHA384, 200 },
};

/* Made by OpenSSL, accepted by OpenSSL and by us, with either identifier. */
static void
openssl_signs(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_ELEMENTS(signers); i++) {
		size_t row = i / 2;
		struct test_bytes lds = issue_lds_object(signers[row].hash);
		struct emrtd_trust *trust;
		struct issue_pair pair;
		struct test_bytes file;
		struct emrtd_sod sod;

		issue_pair(&pair, signers[row].csca, signers[row].ds,
		    signers[row].md, signers[row].salt_len);
		trust = trust_of(pair.csca_der);
		file = issue_sod_openssl(&pair, signers[row].md,
		    signers[row].salt_len, lds, i % 2 == 0 ? 0 : CMS_USE_KEYID);
		assert_true(issue_openssl_accepts(file));
		assert_int_equal(verify_all(view(file), trust, &sod), EMRTD_OK);
		assert_int_equal(sod.cms.signer_key_id.ptr != NULL, i % 2 == 1);
		assert_int_equal(sod.dg_hash, signers[row].hash);
		assert_int_equal(sod.data_groups, 0xE);
		assert_true(sod.standard_content_type);
		if (i % 2 == 0)
			flip_bits(file, trust, 61);
		emrtd_trust_free(&trust);
		test_bytes_free(&file);
		test_bytes_free(&lds);
		issue_pair_free(&pair);
	}
}

/* What the tests below start from: a pair, its trust, a spec that is good. */
struct world {
	struct issue_pair pair;
	struct emrtd_trust *trust;
	struct issue_sod spec;
};

static void
world_new(struct world *w)
{
	memset(w, 0, sizeof(*w));
	issue_pair(&w->pair, "secp384r1", "prime256v1", "SHA256", ISSUE_NO_PSS);
	w->trust = trust_of(w->pair.csca_der);
	w->spec.pair = &w->pair;
	w->spec.content = issue_lds_object(EMRTD_SHA256);
	w->spec.hash = EMRTD_SHA256;
	w->spec.signature_oid = "1.2.840.10045.4.3.2";
}

static void
world_free(struct world *w)
{
	emrtd_trust_free(&w->trust);
	test_bytes_free(&w->spec.content);
	issue_pair_free(&w->pair);
}

static enum emrtd_error
result_of(struct world *w, struct emrtd_sod *sod)
{
	struct test_bytes file = issue_sod(&w->spec);
	enum emrtd_error error = verify_all(view(file), w->trust, sod);

	test_bytes_free(&file);
	return error;
}

static void
own_encoding(void **state)
{
	struct emrtd_sod sod;
	struct test_bytes file;
	struct world w;

	(void)state;
	world_new(&w);
	file = issue_sod(&w.spec);
	assert_true(issue_openssl_accepts(file));
	assert_int_equal(verify_all(view(file), w.trust, &sod), EMRTD_OK);
	assert_int_equal(sod.lds_version, 0);
	assert_int_equal(sod.cms.digest, EMRTD_SHA256);
	assert_int_equal(sod.cms.n_certificates, 1);
	for (uint8_t dg = 1; dg <= 3; dg++) {
		assert_int_equal(sod.dg_digest[dg].len, 32);
		assert_int_equal(sod.dg_digest[dg].ptr[31], 0x50 + dg);
	}
	assert_null(sod.dg_digest[4].ptr);
	flip_bits(file, w.trust, 1);
	truncate_everywhere(file, w.trust);
	test_bytes_free(&file);
	w.spec.null_parameters = true;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	world_free(&w);
}

/* rsaEncryption in place of a signature algorithm: US, NZ, AU. */
static void
rsa_encryption(void **state)
{
	struct world w;
	struct emrtd_sod sod;

	(void)state;
	world_new(&w);
	issue_pair_free(&w.pair);
	emrtd_trust_free(&w.trust);
	issue_pair(&w.pair, "RSA-3072", "RSA-2048", "SHA256", ISSUE_NO_PSS);
	w.trust = trust_of(w.pair.csca_der);
	w.spec.signature_oid = "1.2.840.113549.1.1.1";
	w.spec.null_parameters = true;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	w.spec.null_parameters = false;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	w.spec.signature_oid = "1.2.840.113549.1.1.12"; /* with SHA-384 */
	assert_int_equal(result_of(&w, &sod), EMRTD_E_SIGNATURE);
	w.spec.signature_oid = "1.2.840.113549.1.1.4"; /* with MD5 */
	assert_int_equal(result_of(&w, &sod), EMRTD_E_UNSUPPORTED);
	world_free(&w);
}

/* OpenSSL's CMS_verify lets this pass; RFC 5652 11.1 does not. */
static void
signed_content_type_differs(void **state)
{
	static const struct {
		const char *content, *attribute;
		enum emrtd_error want;
		bool standard;
	} cases[] = {
		{ "2.23.136.1.1.1", "2.23.136.1.1.1", EMRTD_OK, true },
		{ "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.1", EMRTD_OK,
		    false },
		{ "1.2.528.1.1006.1.20.1", "1.2.528.1.1006.1.20.1", EMRTD_OK,
		    false },
		{ "1.3.27.1.1.1", "1.3.27.1.1.1", EMRTD_OK, false },
		{ "2.23.136.1.1.1", "2.23.136.1.1.2", EMRTD_E_MALFORMED, true },
		{ "2.23.136.1.1.1", "1.2.840.113549.1.7.1", EMRTD_E_MALFORMED,
		    true },
		{ "1.2.840.113549.1.7.1", "2.23.136.1.1.1", EMRTD_E_MALFORMED,
		    true },
		/* A master list's, on both sides. */
		{ "2.23.136.1.1.2", "2.23.136.1.1.2", EMRTD_E_MALFORMED, true },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_sod sod;
		struct world w;

		world_new(&w);
		w.spec.content_type = cases[i].content;
		w.spec.attribute_type = cases[i].attribute;
		assert_int_equal(result_of(&w, &sod), cases[i].want);
		if (cases[i].want == EMRTD_OK)
			assert_int_equal(sod.standard_content_type,
			    cases[i].standard);
		world_free(&w);
	}
}

static void
malformed_signed_data(void **state)
{
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	w.spec.n_signers = 2;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_UNSUPPORTED);
	w.spec.n_signers = 0;
	w.spec.no_attributes = true;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_MALFORMED);
	w.spec.content_type = "1.2.840.113549.1.7.1";
	assert_int_equal(result_of(&w, &sod), EMRTD_E_MALFORMED);
	w.spec.content_type = NULL;
	w.spec.no_attributes = false;
	w.spec.twice_digest = true;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_MALFORMED);
	w.spec.twice_digest = false;
	w.spec.n_certificates = EMRTD_CMS_CERTIFICATES_MAX + 1;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_LIMIT);
	w.spec.n_certificates = EMRTD_CMS_CERTIFICATES_MAX;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	w.spec.n_certificates = 0;
	w.spec.no_certificate = true;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_NOT_FOUND);
	world_free(&w);
}

/* What is signed is another thing, and it is told which. */
static void
other_content(void **state)
{
	struct emrtd_diag diag;
	struct test_bytes file;
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	w.spec.content_type = "2.23.136.1.1.2";
	file = issue_sod(&w.spec);
	assert_int_equal(emrtd_sod_parse(view(file), &diag, &sod),
	    EMRTD_E_MALFORMED);
	assert_string_equal(diag.what, "content type of EF.SOD");
	assert_string_equal(diag.detail, "2.23.136.1.1.2");
	test_bytes_free(&file);
	world_free(&w);
}

/* The issuer's name as other string types, other case and other order. */
static void
signer_identifier(void **state)
{
	/* UTF8String with a blank; another order with BMPString */
	static const char *const names[] = {
		"3031310F300D060355040A0C0655544F504941310B30090603550406"
		"130275743111300F06035504030C0820636F756E747259",
		"303A3110300E06035504031307436F756E747279310B300906035504"
		"061302555431193017060355040A1E1000550074006F007000690061"
		"00200020",
	};
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	/* Two certificates, so that 'the only one' is no help. */
	w.spec.n_certificates = 2;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		w.spec.issuer_name = test_hex(names[i]);
		assert_int_equal(result_of(&w, &sod), EMRTD_OK);
		w.spec.issuer_name.ptr[w.spec.issuer_name.len - 5] ^= 2;
		assert_int_equal(result_of(&w, &sod), EMRTD_E_NOT_FOUND);
		w.spec.n_certificates = 1;
		assert_int_equal(result_of(&w, &sod), EMRTD_OK);
		w.spec.n_certificates = 2;
		test_bytes_free(&w.spec.issuer_name);
	}
	w.spec.key_id = test_hex("00112233");
	assert_int_equal(result_of(&w, &sod), EMRTD_E_NOT_FOUND);
	w.spec.n_certificates = 1;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	test_bytes_free(&w.spec.key_id);
	world_free(&w);
}

/* Another signer of the same state's, who signed nothing here. */
static struct test_bytes
other_signer(const struct world *w, long serial)
{
	struct issue_spec spec = { .subject = "/C=UT/O=Utopia/CN=Signer",
		.issuer = w->pair.csca,
		.key = issue_key("prime256v1 b"),
		.signer = w->pair.csca_key,
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.serial = serial,
		.key_ids = true };
	X509 *x = issue_certificate(&spec);
	struct test_bytes der = issue_der(x);

	X509_free(x);
	return der;
}

/* One issuer has many signers: the serial number says which. */
static void
several_of_one_issuer(void **state)
{
	static const long serials[] = { 0x1233, 0x34, 0x123400, 0x1234 };
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	for (size_t i = 0; i < N_ELEMENTS(serials); i++) {
		w.spec.stranger = other_signer(&w, serials[i]);
		/* With the same number, it is the one that is named. */
		assert_int_equal(result_of(&w, &sod),
		    serials[i] == 0x1234 ? EMRTD_E_SIGNATURE : EMRTD_OK);
		assert_int_equal(sod.cms.n_certificates, 2);
		test_bytes_free(&w.spec.stranger);
	}
	world_free(&w);
}

static bool
noted(const struct emrtd_sod *sod, const struct emrtd_certificate *signer,
    enum emrtd_finding_id id)
{
	struct emrtd_findings found = { 0 };

	emrtd_sod_profile(sod, signer,
	    emrtd_cms_names(&sod->cms, crypto, signer), &found);
	return found.there[id];
}

/*
 * LDS_H_15: the SOD leaves the certificate out, and the store has it, trusted
 * for nothing: by name and number or by key identifier, and it still needs a
 * CSCA above it.
 */
static void
signer_of_the_store(void **state)
{
	struct emrtd_trust *none, *helped, *helper_alone;
	struct emrtd_certificate ds;
	struct test_bytes file;
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	w.spec.no_certificate = true;
	none = trust_of(w.pair.csca_der);
	helped = trust_of(w.pair.csca_der);
	assert_int_equal(emrtd_trust_add_der(helped, view(w.pair.ds_der),
			     EMRTD_TRUST_PATH_ONLY, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_new(NULL, &helper_alone), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(helper_alone, view(w.pair.ds_der),
			     EMRTD_TRUST_PATH_ONLY, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(view(w.pair.ds_der), NULL,
			     &ds),
	    EMRTD_OK);
	for (int by_key = 0; by_key < 2; by_key++) {
		if (by_key) {
			w.spec.key_id.len = ds.subject_key_id.len;
			w.spec.key_id.ptr = malloc(w.spec.key_id.len);
			memcpy(w.spec.key_id.ptr, ds.subject_key_id.ptr,
			    w.spec.key_id.len);
		}
		file = issue_sod(&w.spec);
		assert_int_equal(verify_all(view(file), none, &sod),
		    EMRTD_E_NOT_FOUND);
		assert_int_equal(verify_all(view(file), NULL, &sod),
		    EMRTD_E_NOT_FOUND);
		assert_int_equal(verify_all(view(file), helper_alone, &sod),
		    EMRTD_E_NO_ANCHOR);
		assert_int_equal(verify_all(view(file), helped, &sod),
		    EMRTD_OK);
		assert_true(noted(&sod, &ds, EMRTD_FINDING_SOD_NO_CERTIFICATE));
		file.ptr[file.len - 1] ^= 1;
		assert_int_equal(verify_all(view(file), helped, &sod),
		    EMRTD_E_SIGNATURE);
		test_bytes_free(&file);
	}
	/* An identifier that names nobody there; and one certificate inside is
	 * never passed over for another. */
	w.spec.key_id.ptr[0] ^= 1;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_NOT_FOUND);
	w.spec.key_id.ptr[0] ^= 1;
	w.spec.no_certificate = false;
	w.pair.ds_key = issue_key("prime256v1 b");
	file = issue_sod(&w.spec);
	assert_int_equal(verify_all(view(file), helped, &sod),
	    EMRTD_E_SIGNATURE);
	test_bytes_free(&file);
	test_bytes_free(&w.spec.key_id);
	emrtd_trust_free(&none);
	emrtd_trust_free(&helped);
	emrtd_trust_free(&helper_alone);
	world_free(&w);
}

/* A key identifier whose certificate has none: the hash of the key itself. */
static void
key_identifier_by_hash(void **state)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	struct test_bytes id = { hash, 20 };
	struct issue_spec spec = { .subject = "/C=UT/O=Utopia/CN=Signer",
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.serial = 3 };
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	spec.issuer = w.pair.csca;
	spec.key = w.pair.ds_key;
	spec.signer = w.pair.csca_key;
	X509_free(w.pair.ds);
	test_bytes_free(&w.pair.ds_der);
	w.pair.ds = issue_certificate(&spec);
	w.pair.ds_der = issue_der(w.pair.ds);
	assert_int_equal(X509_pubkey_digest(w.pair.ds, EVP_sha1(), hash, NULL),
	    1);
	w.spec.n_certificates = 2;
	w.spec.key_id = id;
	assert_int_equal(result_of(&w, &sod), EMRTD_OK);
	hash[0] ^= 1;
	assert_int_equal(result_of(&w, &sod), EMRTD_E_NOT_FOUND);
	world_free(&w);
}

/* Another certificate of the same country's does not make the signature. */
static void
signature_by_another_key(void **state)
{
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	w.pair.ds_key = issue_key("prime256v1 b");
	assert_int_equal(result_of(&w, &sod), EMRTD_E_SIGNATURE);
	world_free(&w);
}

static const struct {
	const char *hex;
	enum emrtd_error want;
	emrtd_dg_set data_groups;
} lds_objects[] = {
	/* data group 16 before 2, numbers not minimal */
	{ "3045020100300706052B0E03021A3037301A02020010041401010101"
	  "01010101010101010101010101010101301902010204140101010101"
	  "010101010101010101010101010101",
	    EMRTD_OK, 1u << 2 | 1u << 16 },
	/* version 1 with and without its strings; version 0 with them; for
	 * what that means see test_sod_profile.c */
	{ "3039020101300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101300E1304303130381306303430"
	  "303030",
	    EMRTD_OK, 2 },
	{ "3029020101300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101",
	    EMRTD_OK, 2 },
	{ "3039020100300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101300E1304303130381306303430"
	  "303030",
	    EMRTD_OK, 2 },
	/* version 2, also with an end that we do not know; a negative one;
	 * version 1 with such an end */
	{ "3029020102300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101",
	    EMRTD_OK, 2 },
	{ "302C020102300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101040100",
	    EMRTD_E_UNSUPPORTED, 0 },
	{ "302C020101300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101040100",
	    EMRTD_E_MALFORMED, 0 },
	{ "30290201FF300706052B0E03021A301B301902010104140101010101"
	  "010101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	/* data groups 0, 17, -1, 257, and 1 twice */
	{ "3029020100300706052B0E03021A301B301902010004140101010101"
	  "010101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	{ "3029020100300706052B0E03021A301B301902011104140101010101"
	  "010101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	{ "3029020100300706052B0E03021A301B30190201FF04140101010101"
	  "010101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	{ "302A020100300706052B0E03021A301C301A02020101041401010101"
	  "01010101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	{ "3044020100300706052B0E03021A3036301902010104140101010101"
	  "01010101010101010101010101010130190201010414010101010101"
	  "0101010101010101010101010101",
	    EMRTD_E_MALFORMED, 0 },
	/* hashes one byte short and long, none, MD5 */
	{ "3028020100300706052B0E03021A301A301802010104130000000000"
	  "0000000000000000000000000000",
	    EMRTD_E_MALFORMED, 0 },
	{ "302A020100300706052B0E03021A301C301A02010104150000000000"
	  "00000000000000000000000000000000",
	    EMRTD_E_MALFORMED, 0 },
	{ "300E020100300706052B0E03021A3000", EMRTD_E_MALFORMED, 0 },
	{ "302C020100300A06082A864886F70D0205301B301902010104140101"
	  "010101010101010101010101010101010101",
	    EMRTD_E_UNSUPPORTED, 0 },
	/* something after it, and nothing at all */
	{ "3029020100300706052B0E03021A301B301902010104140101010101"
	  "01010101010101010101010101010100",
	    EMRTD_E_MALFORMED, 0 },
	{ "", EMRTD_E_MALFORMED, 0 },
};

static void
lds_security_objects(void **state)
{
	struct world w;

	(void)state;
	world_new(&w);
	test_bytes_free(&w.spec.content);
	for (size_t i = 0; i < N_ELEMENTS(lds_objects); i++) {
		enum emrtd_error error;
		struct emrtd_sod sod;

		w.spec.content = test_hex(lds_objects[i].hex);
		error = result_of(&w, &sod);
		if (error != lds_objects[i].want)
			fail_msg("case %zu: %s", i, emrtd_error_name(error));
		if (error == EMRTD_OK)
			assert_int_equal(sod.data_groups,
			    lds_objects[i].data_groups);
		test_bytes_free(&w.spec.content);
	}
	world_free(&w);
}

/* What is broken is no SOD; what only wants another form could be one. */
static void
forms(void **state)
{
	static const struct {
		const char *hex;
		enum emrtd_error want;
	} rows[] = {
		{ "", EMRTD_E_MALFORMED },
		{ "77", EMRTD_E_MALFORMED },
		{ "7705", EMRTD_E_MALFORMED },
		{ "7700", EMRTD_E_MALFORMED },
		{ "6100", EMRTD_E_MALFORMED },
		{ "7780", EMRTD_E_MALFORMED },
		{ "7780 0000", EMRTD_E_UNSUPPORTED },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes file = test_hex(rows[i].hex);
		struct emrtd_sod sod;

		if (emrtd_sod_parse(view(file), NULL, &sod) != rows[i].want)
			fail_msg("'%s'", rows[i].hex);
		test_bytes_free(&file);
	}
}

static void
indefinite_lengths(void **state)
{
	struct emrtd_sod sod;
	struct emrtd_out out;
	struct test_bytes file;
	struct world w;

	(void)state;
	world_new(&w);
	file = issue_sod_streamed(&w.pair, w.spec.content);
	assert_true(emrtd_ber_is_indefinite(view(file)));
	assert_int_equal(emrtd_sod_parse(view(file), NULL, &sod),
	    EMRTD_E_UNSUPPORTED);
	out = emrtd_out(malloc(file.len + EMRTD_BER_GROWTH),
	    file.len + EMRTD_BER_GROWTH);
	assert_int_equal(emrtd_ber_definite(view(file), &out), EMRTD_OK);
	assert_int_equal(verify_all(emrtd_out_bytes(&out), w.trust, &sod),
	    EMRTD_OK);
	assert_int_equal(sod.cms.content.len, w.spec.content.len);
	assert_memory_equal(sod.cms.content.ptr, w.spec.content.ptr,
	    w.spec.content.len);
	free(out.ptr);
	test_bytes_free(&file);
	world_free(&w);
}

/* The same in one call, which also takes what needs no conversion. */
static void
read_in_either_form(void **state)
{
	struct test_bytes files[2];
	uint8_t *copy = NULL;
	struct emrtd_sod sod;
	struct world w;

	(void)state;
	world_new(&w);
	files[0] = issue_sod(&w.spec);
	files[1] = issue_sod_streamed(&w.pair, w.spec.content);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(emrtd_sod_read(view(files[i]), NULL, &copy,
				     &sod),
		    EMRTD_OK);
		assert_int_equal(copy != NULL, i == 1);
		assert_int_equal(emrtd_sod_verify_attributes(&sod, crypto,
				     NULL),
		    EMRTD_OK);
		free(copy);
		for (size_t len = 0; len < files[i].len; len++) {
			assert_int_not_equal(
			    emrtd_sod_read(emrtd_bytes(files[i].ptr, len), NULL,
				&copy, &sod),
			    EMRTD_OK);
			assert_null(copy);
		}
		test_bytes_free(&files[i]);
	}
	world_free(&w);
}

/* Specimens and deliberately wrong ones, of other people's making. */
static const struct {
	const char *name;
	enum emrtd_error want;
} foreign[] = {
	{ "pki/sod/sod_02_15f70339.der", EMRTD_OK },
	{ "pki/sod/sod_03_3a3200c1.der", EMRTD_OK },
	{ "pki/sod/sod_04_3117999e.der", EMRTD_OK },
	{ "pki/sod/sod_05_660aa019.der", EMRTD_E_SIGNATURE },
	{ "pki/sod/sod_06_9ae270bd.der", EMRTD_OK },
	{ "pki/sod/sod_07_d7de31d3.der", EMRTD_OK },
	{ "pki/sod/sod_08_4d92734f.der", EMRTD_OK },
	{ "pki/sod/sod_09_94159b1c.der", EMRTD_E_MALFORMED },
	{ "pki/sod/sod_10_b792ef1a.der", EMRTD_E_DIGEST },
	{ "pki/sod/sod_11_b2a7ed7c.der", EMRTD_E_MALFORMED },
	{ "pki/sod/sod_12_81ffc496.der", EMRTD_E_DIGEST },
	{ "pki/sod/sod_13_8952f91b.der", EMRTD_E_SIGNATURE },
	{ "pki/sod/sod_14_0af60c0b.der", EMRTD_E_DIGEST },
	{ "pki/sod/sod_41_6cd3f1e1.der", EMRTD_OK },
	/* sid is no key identifier of the only certificate: it still signed */
	{ "pki/sod/sod_42_7101841b.der", EMRTD_OK },
	/* r and s raw, which ecdsa-with-SHA256 does not allow */
	{ "pki/sod/sod_43_49ecdae0.der", EMRTD_E_SIGNATURE },
};

static void
foreign_sods(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(foreign); i++) {
		struct test_bytes file = test_shared(foreign[i].name);
		struct emrtd_out out = emrtd_out(malloc(file.len + 8),
		    file.len + 8);
		struct emrtd_sod sod;
		enum emrtd_error error;

		/* Two of them lack the outer tag. */
		if (file.ptr[0] == 0x30)
			emrtd_put_tlv(&out, 0x77, view(file));
		else
			emrtd_put(&out, view(file));
		error = verify_all(emrtd_out_bytes(&out), NULL, &sod);
		if (error != foreign[i].want)
			fail_msg("%s: %s", foreign[i].name,
			    emrtd_error_name(error));
		free(out.ptr);
		test_bytes_free(&file);
	}
}

/* SODs of foreign chips, each with its country's certificate. */
static void
foreign_sessions(void **state)
{
	static const char *const folders[] = { "01", "02", "03", "05", "08",
		"11" };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(folders); i++) {
		struct emrtd_trust *trust;
		struct test_bytes csca, file;
		struct emrtd_sod sod;
		char name[64];

		(void)snprintf(name, sizeof(name), "traces/files-%s/csca.der",
		    folders[i]);
		csca = test_shared(name);
		(void)snprintf(name, sizeof(name), "traces/files-%s/EF.SOD.bin",
		    folders[i]);
		file = test_shared(name);
		trust = trust_of(csca);
		if (verify_all(view(file), trust, &sod) != EMRTD_OK)
			fail_msg("%s", name);
		flip_bits(file, trust, 97);
		emrtd_trust_free(&trust);
		test_bytes_free(&csca);
		test_bytes_free(&file);
	}
}

/*
 * The reference data of the BSI: every hash is that of its file. Data groups 4
 * and 15 lie beside them, but neither EF.SOD nor EF.COM names them.
 */
static void
bsi_reference_data(void **state)
{
	static const uint8_t groups[] = { 1, 2, 3, 14 };
	struct test_bytes file = test_shared(
	    "pki/lds_samples/bsi2008/EF_SOD.bin");
	struct emrtd_sod sod;
	emrtd_dg_set all = 0;

	(void)state;
	assert_int_equal(verify_all(view(file), NULL, &sod), EMRTD_OK);
	assert_int_equal(sod.lds_version, 0);
	assert_int_equal(sod.dg_hash, EMRTD_SHA1);
	for (size_t i = 0; i < N_ELEMENTS(groups); i++) {
		uint8_t hash[EMRTD_HASH_MAX];
		struct test_bytes dg;
		struct emrtd_bytes part;
		char name[64];

		(void)snprintf(name, sizeof(name),
		    "pki/lds_samples/bsi2008/Datagroup%u.bin", groups[i]);
		dg = test_shared(name);
		part = view(dg);
		assert_int_equal(emrtd_hash(crypto, sod.dg_hash, &part, 1,
				     hash),
		    EMRTD_OK);
		assert_int_equal(sod.dg_digest[groups[i]].len, 20);
		assert_memory_equal(sod.dg_digest[groups[i]].ptr, hash, 20);
		all |= 1u << groups[i];
		test_bytes_free(&dg);
	}
	assert_int_equal(sod.data_groups, all);
	test_bytes_free(&file);
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
		cmocka_unit_test(openssl_signs),
		cmocka_unit_test(own_encoding),
		cmocka_unit_test(rsa_encryption),
		cmocka_unit_test(signed_content_type_differs),
		cmocka_unit_test(malformed_signed_data),
		cmocka_unit_test(other_content),
		cmocka_unit_test(signer_identifier),
		cmocka_unit_test(several_of_one_issuer),
		cmocka_unit_test(signer_of_the_store),
		cmocka_unit_test(key_identifier_by_hash),
		cmocka_unit_test(signature_by_another_key),
		cmocka_unit_test(lds_security_objects),
		cmocka_unit_test(forms),
		cmocka_unit_test(indefinite_lengths),
		cmocka_unit_test(read_in_either_form),
		cmocka_unit_test(foreign_sods),
		cmocka_unit_test(foreign_sessions),
		cmocka_unit_test(bsi_reference_data),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
