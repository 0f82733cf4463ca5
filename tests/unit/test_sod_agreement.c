/*
 * What OpenSSL's CMS_verify says of a SOD, and what we say, with one bit wrong
 * at a time: the same, but where docs/SPEC.md tells why not. The certificate is
 * left out: who signed it is not asked here.
 */
#include "core/tlv.h"
#include "issue_openssl.h"
#include "pki/sod.h"
#include "test.h"

#include <string.h>

#define TAG_SOD 0x77
/* Every bit of every kind of SOD would take minutes; the steps are primes. */
#define STEP 7

static struct emrtd_crypto *crypto;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static bool
we_accept(struct test_bytes file, struct emrtd_sod *sod)
{
	struct emrtd_certificate signer;

	return emrtd_sod_parse(view(file), NULL, sod) == EMRTD_OK &&
	       emrtd_sod_verify_attributes(sod, crypto, NULL) == EMRTD_OK &&
	       emrtd_sod_signer(sod, crypto, NULL, NULL, &signer) == EMRTD_OK &&
	       emrtd_sod_verify_signature(sod, crypto, &signer, NULL) ==
		   EMRTD_OK;
}

static bool
openssl_accepts(struct test_bytes file)
{
	struct emrtd_bytes in = view(file), body;

	return emrtd_tlv(&in, TAG_SOD, &body) && issue_openssl_accepts(file);
}

struct bit {
	const uint8_t *at;
	uint8_t mask;
	uint8_t was; /* the byte when all was well */
};

/* How the two may differ there; each is a row of docs/SPEC.md. */
enum difference {
	NEVER,
	WE_ALONE,         /* accept */
	OPENSSL_ALONE,    /* accepts */
	OPENSSL_BY_SHAPE, /* a tag that is not constructed, a negative number */
	OPENSSL_BY_ISSUER, /* either: names compare as names */
};

/* The innermost region comes first. */
static enum difference
may_differ(const struct emrtd_sod *good, const struct bit *bit)
{
	const struct emrtd_cms *cms = &good->cms;
	const struct {
		struct emrtd_bytes region;
		enum difference may;
	} rows[] = {
		{ cms->content, NEVER },
		{ cms->signature, NEVER },
		{ cms->attribute_digest, NEVER },
		{ cms->digest_algorithm, NEVER },
		{ cms->content_type, OPENSSL_ALONE },
		{ cms->attribute_content_type, NEVER },
		{ cms->signature_algorithm, OPENSSL_ALONE },
		{ cms->digest_algorithms, WE_ALONE },
		{ cms->signer_issuer, OPENSSL_BY_ISSUER },
		{ cms->signer_serial, WE_ALONE },
		{ cms->signer_key_id, WE_ALONE },
		{ cms->signed_attributes, OPENSSL_BY_SHAPE },
	};

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_bytes r = rows[i].region;

		if (r.ptr != NULL && bit->at >= r.ptr &&
		    bit->at < r.ptr + r.len)
			return rows[i].may;
	}
	return OPENSSL_BY_SHAPE;
}

static bool
is_explained(enum difference may, const struct bit *bit, bool we)
{
	bool shape = bit->mask == 0x20 ||
		     (bit->mask == 0x80 && (bit->was == 1 || bit->was == 3));

	switch (may) {
	case WE_ALONE:
		return we;
	case OPENSSL_ALONE:
		return !we;
	case OPENSSL_BY_SHAPE:
		return !we && shape;
	case OPENSSL_BY_ISSUER:
		return we || bit->mask == 0x20;
	default:
		return false;
	}
}

static void
compare(const char *name, struct test_bytes file)
{
	struct emrtd_bytes certificate;
	unsigned agreed = 0, differed = 0;
	struct emrtd_sod good, now;

	assert_true(we_accept(file, &good));
	assert_true(openssl_accepts(file));
	certificate = good.cms.certificates[0];
	/* Not the tag 77, which is not OpenSSL's to know. */
	for (size_t i = 8; i < 8 * file.len; i += STEP) {
		struct bit bit = { &file.ptr[i / 8], (uint8_t)(1u << i % 8),
			file.ptr[i / 8] };
		bool we, openssl;

		if (bit.at >= certificate.ptr &&
		    bit.at < certificate.ptr + certificate.len)
			continue;
		file.ptr[i / 8] ^= bit.mask;
		we = we_accept(file, &now);
		openssl = openssl_accepts(file);
		file.ptr[i / 8] ^= bit.mask;
		if (we == openssl)
			agreed++;
		else if (is_explained(may_differ(&good, &bit), &bit, we))
			differed++;
		else
			fail_msg("%s, bit %zu: %s alone accepts", name, i,
			    we ? "we" : "OpenSSL");
	}
	assert_true(agreed > 4 * differed);
	assert_true(agreed > 200);
}

static const struct {
	const char *csca, *ds, *md;
	enum emrtd_hash hash;
	int salt_len;
} signers[] = {
	{ "prime256v1", "prime256v1 b", "SHA256", EMRTD_SHA256, ISSUE_NO_PSS },
	{ "prime256v1", "brainpoolP384r1 explicit", "SHA512", EMRTD_SHA512,
	    ISSUE_NO_PSS },
	{ "prime256v1", "RSA-2048", "SHA1", EMRTD_SHA1, ISSUE_NO_PSS },
	{ "prime256v1", "RSA-2048 e=3", "SHA256", EMRTD_SHA256, ISSUE_NO_PSS },
	{ "prime256v1", "RSA-2048", "SHA384", EMRTD_SHA384, 20 },
	{ "prime256v1", "DSA-2048", "SHA224", EMRTD_SHA224, ISSUE_NO_PSS },
};

static void
one_bit_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * N_ELEMENTS(signers); i++) {
		size_t row = i / 2;
		struct test_bytes lds = issue_lds_object(signers[row].hash);
		struct issue_pair pair;
		struct test_bytes file;

		issue_pair(&pair, signers[row].csca, signers[row].ds, "SHA256",
		    ISSUE_NO_PSS);
		file = issue_sod_openssl(&pair, signers[row].md,
		    signers[row].salt_len, lds, i % 2 == 0 ? 0 : CMS_USE_KEYID);
		compare(signers[row].ds, file);
		test_bytes_free(&file);
		test_bytes_free(&lds);
		issue_pair_free(&pair);
	}
}

#define OID_DATA       "1.2.840.113549.1.7.1"
#define OID_SHA512     "2.16.840.1.101.3.4.2.3"
#define ECDSA_SHA256   "1.2.840.10045.4.3.2"
#define PLAIN_SHA256   "0.4.0.127.0.7.1.1.4.1.3"
#define RSA_SHA256     "1.2.840.113549.1.1.11"
#define RSA_SHA384     "1.2.840.113549.1.1.12"
#define RSA_ENCRYPTION "1.2.840.113549.1.1.1"

/* Whole SODs of our own encoding. */
static const struct {
	const char *name, *ds, *oid;
	enum emrtd_hash hash;
	struct issue_sod with;
	bool we, openssl;
} whole[] = {
	{ "good", "prime256v1", ECDSA_SHA256, EMRTD_SHA256, { 0 }, true, true },
	{ "parameters NULL", "RSA-2048", RSA_SHA256, EMRTD_SHA256,
	    { .null_parameters = true }, true, true },
	{ "parameters absent", "RSA-2048", RSA_SHA256, EMRTD_SHA256, { 0 },
	    true, true },
	{ "rsaEncryption", "RSA-2048", RSA_ENCRYPTION, EMRTD_SHA512, { 0 },
	    true, true },
	{ "PSS, SHA-1 in the mask", "RSA-2048", NULL, EMRTD_SHA256,
	    { .pss = true, .mask_sha1 = true }, true, true },
	{ "version 1", "prime256v1", ECDSA_SHA256, EMRTD_SHA256,
	    { .version = 1, .signer_version = 3 }, true, true },
	{ "attributes not in order", "prime256v1", ECDSA_SHA256, EMRTD_SHA256,
	    { .swapped_attributes = true }, true, true },
	{ "several certificates", "prime256v1", ECDSA_SHA256, EMRTD_SHA256,
	    { .n_certificates = 3, .other_certificate = true }, true, true },
	{ "two signers", "prime256v1", ECDSA_SHA256, EMRTD_SHA256,
	    { .n_signers = 2 }, false, true },
	{ "no certificate", "prime256v1", ECDSA_SHA256, EMRTD_SHA256,
	    { .no_certificate = true }, false, false },
	{ "DigestInfo without NULL", "RSA-2048", RSA_SHA256, EMRTD_SHA256,
	    { .bare_digest = true }, true, false },
	{ "an exponent of 1", "RSA-2048 e=1", RSA_SHA256, EMRTD_SHA256, { 0 },
	    false, true },
	{ "a curve that is not among ours", "secp256k1", ECDSA_SHA256,
	    EMRTD_SHA256, { 0 }, false, true },
	{ "plain ECDSA, which OpenSSL does not know", "prime256v1",
	    PLAIN_SHA256, EMRTD_SHA256, { .plain = true }, true, false },
	{ "plain ECDSA by an OID that is not its", "prime256v1", ECDSA_SHA256,
	    EMRTD_SHA256, { .plain = true }, false, false },
	{ "digests listed without the signer's", "prime256v1", ECDSA_SHA256,
	    EMRTD_SHA256, { .digests = OID_SHA512 }, true, false },
	{ "signed over another hash than the digest", "prime256v1",
	    ECDSA_SHA256, EMRTD_SHA224, { .signer_md = "SHA256" }, true,
	    false },
	{ "an OID with another hash than was signed", "RSA-2048", RSA_SHA384,
	    EMRTD_SHA256, { 0 }, false, true },
	{ "signed content type differs", "prime256v1", ECDSA_SHA256,
	    EMRTD_SHA256, { .attribute_type = OID_DATA }, false, true },
};

/* The issuer, with its name before its country: two certificates, so that the
 * only one is no help. */
static void
name_in_another_order(void **state)
{
	struct issue_pair pair;
	struct issue_sod spec = { .pair = &pair,
		.hash = EMRTD_SHA256,
		.signature_oid = ECDSA_SHA256,
		.n_certificates = 2 };
	struct emrtd_sod sod;
	struct test_bytes file;

	(void)state;
	issue_pair(&pair, "secp384r1", "prime256v1", "SHA256", ISSUE_NO_PSS);
	spec.content = issue_lds_object(EMRTD_SHA256);
	/* O=Utopia, C=UT, CN=Country; then C, O, CN in other string types */
	spec.issuer_name = test_hex("3031310F300D060355040A0C0655544F504941310B"
				    "30090603550406130275743111300F06035504030C"
				    "0820636F756E747259");
	file = issue_sod(&spec);
	assert_true(we_accept(file, &sod));
	assert_false(openssl_accepts(file));
	test_bytes_free(&file);
	test_bytes_free(&spec.issuer_name);
	spec.issuer_name = test_hex("3031310B30090603550406130255543110300E0603"
				    "55040A0C0775746F706961203110300E0603550403"
				    "0C07436F756E747279");
	file = issue_sod(&spec);
	assert_true(we_accept(file, &sod));
	assert_true(openssl_accepts(file));
	test_bytes_free(&file);
	test_bytes_free(&spec.issuer_name);
	test_bytes_free(&spec.content);
	issue_pair_free(&pair);
}

static void
whole_sods(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(whole); i++) {
		struct issue_sod spec = whole[i].with;
		struct issue_pair pair;
		struct emrtd_sod sod;
		struct test_bytes file;

		issue_pair(&pair, "secp384r1", whole[i].ds, "SHA256",
		    ISSUE_NO_PSS);
		spec.pair = &pair;
		spec.content = issue_lds_object(whole[i].hash);
		spec.hash = whole[i].hash;
		spec.signature_oid = whole[i].oid;
		file = issue_sod(&spec);
		if (we_accept(file, &sod) != whole[i].we)
			fail_msg("%s: we", whole[i].name);
		if (openssl_accepts(file) != whole[i].openssl)
			fail_msg("%s: OpenSSL", whole[i].name);
		test_bytes_free(&file);
		test_bytes_free(&spec.content);
		issue_pair_free(&pair);
	}
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
		cmocka_unit_test(one_bit_wrong),
		cmocka_unit_test(name_in_another_order),
		cmocka_unit_test(whole_sods),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
