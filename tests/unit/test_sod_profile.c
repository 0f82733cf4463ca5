/*
 * Every deviation of EF.SOD that the parser lets pass is found, alone, and the
 * signature verifies all the same; what is as it should be has none.
 */
#include "pki/sod_profile.h"

#include "core/builder.h"
#include "issue_openssl.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define NONE    EMRTD_N_FINDINGS
#define FOUND_N 3

static struct emrtd_crypto *crypto;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

/* As the reader does it; the signature must verify. */
static void
profile_of(struct test_bytes file, struct emrtd_findings *out)
{
	struct emrtd_certificate signer;
	struct emrtd_sod sod;
	uint8_t *copy;

	memset(out, 0, sizeof(*out));
	assert_int_equal(emrtd_sod_read(view(file), NULL, &copy, &sod),
	    EMRTD_OK);
	assert_int_equal(emrtd_sod_verify_attributes(&sod, crypto, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_sod_signer(&sod, crypto, NULL, NULL, &signer),
	    EMRTD_OK);
	assert_int_equal(emrtd_sod_verify_signature(&sod, crypto, &signer,
			     NULL),
	    EMRTD_OK);
	emrtd_sod_profile(&sod, &signer,
	    emrtd_cms_names(&sod.cms, crypto, &signer), out);
	free(copy);
}

/* Exactly these, in any order, NONE at the end. */
static void
expect(const char *name, struct test_bytes file,
    const enum emrtd_finding_id want[FOUND_N])
{
	struct emrtd_findings found;

	profile_of(file, &found);
	for (int id = 0; id < EMRTD_N_FINDINGS; id++) {
		bool wanted = false;

		for (size_t i = 0; i < FOUND_N && want[i] != NONE; i++)
			wanted |= (int)want[i] == id;
		if (found.there[id] != wanted)
			fail_msg("%s: %s %s", name,
			    emrtd_finding_info((enum emrtd_finding_id)id)->name,
			    wanted ? "is missing" : "came");
	}
}

/* The LDS Security Object in hex: hashes of DG1 and DG2 by SHA-256. */
#define SHA256_ALG "300B0609608648016503040201"
#define DIGEST                                                             \
	"0420AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAA"
#define HASH(n) "30250201" n DIGEST

#define LETTERS_16 "41424344454647484142434445464748"

struct lds_case {
	const char *name;
	const char *body; /* content of the SEQUENCE */
	enum emrtd_finding_id want[FOUND_N];
};

#define F(id) EMRTD_FINDING_SOD_##id

static const struct lds_case lds_cases[] = {
	{ "version 0", "020100" SHA256_ALG "304E" HASH("01") HASH("02"),
	    { NONE } },
	{ "LDS 1.8",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430313038130630343030"
	    "3030",
	    { NONE } },
	{ "version 1 without its strings",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02"),
	    { F(VERSION_INFO), NONE } },
	{ "version 0 with them",
	    "020100" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430313038130630343030"
	    "3030",
	    { F(VERSION_INFO), NONE } },
	{ "LDS 1.7 in version 1",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430313037130630343030"
	    "3030",
	    { F(VERSION_INFO), NONE } },
	{ "LDS 1.9 in version 1",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430313039130630343030"
	    "3030",
	    { F(LATER_LDS), NONE } },
	{ "letters in version 1",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430314141130630343030"
	    "3030",
	    { F(VERSION_INFO), NONE } },
	{ "what comes after the digits",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E13043031303A130630343030"
	    "3030",
	    { F(VERSION_INFO), NONE } },
	{ "what comes before them",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430322F30130630343030"
	    "3030",
	    { F(VERSION_INFO), NONE } },
	{ "version 2 with strings",
	    "020102" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "300E130430313038130630343030"
	    "3030",
	    { F(LDS_VERSION), NONE } },
	{ "a version as long as what is told of it",
	    "020101" SHA256_ALG "304E" HASH("01") HASH("02") //
	    "304A1340" LETTERS_16 LETTERS_16 LETTERS_16 LETTERS_16
	    "1306303430303030",
	    { F(VERSION_INFO), NONE } },
	{ "unsorted", "020100" SHA256_ALG "304E" HASH("02") HASH("01"),
	    { F(UNSORTED_HASHES), NONE } },
	{ "no DG2", "020100" SHA256_ALG "304E" HASH("01") HASH("03"),
	    { F(MANDATORY_HASHES), NONE } },
	{ "no DG1", "020100" SHA256_ALG "3027" HASH("02"),
	    { F(MANDATORY_HASHES), NONE } },
	{ "NULL of the hash",
	    "020100300D06096086480165030402010500"
	    "304E" HASH("01") HASH("02"),
	    { F(DIGEST_NULL), NONE } },
	{ "length not minimal",
	    "020100" SHA256_ALG "30814E" HASH("01") HASH("02"),
	    { F(NOT_DER), NONE } },
};

struct world {
	struct issue_pair pair;
	struct issue_sod spec;
};

static void
world_new(struct world *w, const char *ds, const char *oid,
    enum emrtd_hash hash)
{
	memset(w, 0, sizeof(*w));
	issue_pair(&w->pair, "secp384r1", ds, "SHA256", ISSUE_NO_PSS);
	w->spec.pair = &w->pair;
	w->spec.content = issue_lds_object(hash);
	w->spec.hash = hash;
	w->spec.signature_oid = oid;
}

static void
world_free(struct world *w)
{
	test_bytes_free(&w->spec.content);
	issue_pair_free(&w->pair);
}

#define ECDSA_SHA256 "1.2.840.10045.4.3.2"
#define RSA_SHA256   "1.2.840.113549.1.1.11"
#define OID_SHA256   "2.16.840.1.101.3.4.2.1"
#define OID_SHA512   "2.16.840.1.101.3.4.2.3"
#define OID_MD5      "1.2.840.113549.2.5"

static void
security_objects(void **state)
{
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	test_bytes_free(&w.spec.content);
	for (size_t i = 0; i < N_ELEMENTS(lds_cases); i++) {
		struct test_bytes body = test_hex(lds_cases[i].body), file;
		uint8_t buf[512];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		emrtd_put_tlv(&out, 0x30, view(body));
		w.spec.content.ptr = buf;
		w.spec.content.len = out.len;
		file = issue_sod(&w.spec);
		expect(lds_cases[i].name, file, lds_cases[i].want);
		test_bytes_free(&file);
		test_bytes_free(&body);
	}
	w.spec.content.ptr = NULL;
	world_free(&w);
}

/* signingTime of 2026-11-23, as UTCTime and worse. */
#define TIME(length, values) "30" length "06092A864886F70D010905" values
#define UTC                  "170D3236313132333034333030305A"
#define GENERAL              "180F32303236313132333034333030305A"
#define LATER                "180F32303531313132333034333030305A"

static const struct {
	const char *name;
	struct issue_sod with; /* what it has besides the good one */
	enum emrtd_finding_id want[FOUND_N];
} frames[] = {
	{ "good", { .version = 3 }, { NONE } },
	{ "SignedData version 1", { .version = 1 }, { F(VERSION), NONE } },
	{ "SignedData version 4", { .version = 4 }, { F(VERSION), NONE } },
	{ "no digest algorithm", { .digests = "" }, { F(DIGEST_LIST), NONE } },
	{ "another one", { .digests = OID_SHA512 }, { F(DIGEST_LIST), NONE } },
	{ "two", { .digests = OID_SHA256 " " OID_SHA512 }, { NONE } },
	{ "MD5 alone", { .digests = OID_MD5 },
	    { F(DIGEST_LIST), F(DIGEST_UNKNOWN), NONE } },
	{ "MD5, too", { .digests = OID_SHA256 " " OID_MD5 },
	    { F(DIGEST_UNKNOWN), NONE } },
	{ "SignerInfo version 3 by name", { .signer_version = 3 },
	    { F(SIGNER_VERSION), NONE } },
	{ "SignerInfo version 2", { .signer_version = 2 },
	    { F(SIGNER_VERSION), NONE } },
	{ "NULL everywhere", { .null_parameters = true },
	    { F(DIGEST_NULL), F(SIGNATURE_PARAMETERS), NONE } },
	{ "two certificates", { .n_certificates = 2 },
	    { F(SEVERAL_CERTIFICATES), NONE } },
	{ "of another kind", { .other_certificate = true },
	    { F(SEVERAL_CERTIFICATES), NONE } },
	{ "revocation lists", { .crls = true }, { F(CRLS), NONE } },
	{ "unsigned attributes", { .unsigned_attributes = true },
	    { F(UNSIGNED_ATTRIBUTES), NONE } },
	{ "attributes not in order", { .swapped_attributes = true },
	    { F(ATTRIBUTES_ORDER), NONE } },
	{ "id-data", { .content_type = "1.2.840.113549.1.7.1" },
	    { F(CONTENT_TYPE), NONE } },
	/* behind messageDigest, where DER has it not: 1C before 2F */
	{ "signing time", { .extra_attributes = TIME("1C", "310F" UTC) },
	    { F(ATTRIBUTES_ORDER), NONE } },
	{ "as GeneralizedTime",
	    { .extra_attributes = TIME("1E", "3111" GENERAL) },
	    { F(ATTRIBUTES_ORDER), F(SIGNING_TIME), NONE } },
	{ "after 2049", { .extra_attributes = TIME("1E", "3111" LATER) },
	    { F(ATTRIBUTES_ORDER), NONE } },
	{ "two values", { .extra_attributes = TIME("2B", "311E" UTC UTC) },
	    { F(ATTRIBUTES_ORDER), F(SIGNING_TIME), NONE } },
	{ "twice",
	    { .extra_attributes = TIME("1C", "310F" UTC)
		    TIME("1C", "310F" UTC) },
	    { F(ATTRIBUTES_ORDER), F(SIGNING_TIME), NONE } },
	{ "no value", { .extra_attributes = TIME("0D", "3100") },
	    { F(ATTRIBUTES_ORDER), F(SIGNING_TIME), NONE } },
	{ "no time", { .extra_attributes = TIME("0F", "31020500") },
	    { F(ATTRIBUTES_ORDER), F(SIGNING_TIME), NONE } },
};

static void
frame(void **state)
{
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	for (size_t i = 0; i < N_ELEMENTS(frames); i++) {
		struct issue_sod spec = frames[i].with;
		struct test_bytes file;

		spec.pair = &w.pair;
		spec.content = w.spec.content;
		spec.hash = w.spec.hash;
		spec.signature_oid = w.spec.signature_oid;
		file = issue_sod(&spec);
		expect(frames[i].name, file, frames[i].want);
		test_bytes_free(&file);
	}
	world_free(&w);
}

/* The time that is kept is the one that stands there. */
static void
signing_times(void **state)
{
	static const struct {
		const char *hex;
		bool has;
		int64_t time;
	} cases[] = {
		{ TIME("1C", "310F" UTC), true, 1795408200 },
		{ TIME("1E", "3111" GENERAL), true, 1795408200 },
		{ TIME("1E", "3111" LATER), true, 2584326600 },
		{ TIME("2B", "311E" UTC UTC), false, 0 },
		{ NULL, false, 0 },
	};
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes file;
		struct emrtd_sod sod;

		w.spec.extra_attributes = cases[i].hex;
		file = issue_sod(&w.spec);
		assert_int_equal(emrtd_sod_parse(view(file), NULL, &sod),
		    EMRTD_OK);
		assert_int_equal(sod.cms.has_signing_time, cases[i].has);
		if (cases[i].has)
			assert_int_equal(sod.cms.signing_time, cases[i].time);
		test_bytes_free(&file);
	}
	world_free(&w);
}

/* The identifier's kind goes with the version, and fits or does not. */
static void
signer_identifiers(void **state)
{
	static const enum emrtd_finding_id none[] = { NONE, NONE, NONE };
	static const enum emrtd_finding_id wrong_version[] = {
		F(SIGNER_VERSION), NONE, NONE
	};
	static const enum emrtd_finding_id wrong_id[] = { F(SIGNER_ID), NONE,
		NONE };
	struct emrtd_certificate ds;
	struct test_bytes file;
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	assert_int_equal(emrtd_certificate_parse(view(w.pair.ds_der), NULL,
			     &ds),
	    EMRTD_OK);
	w.spec.key_id.ptr = malloc(ds.subject_key_id.len);
	w.spec.key_id.len = ds.subject_key_id.len;
	memcpy(w.spec.key_id.ptr, ds.subject_key_id.ptr, w.spec.key_id.len);
	file = issue_sod(&w.spec);
	expect("key identifier", file, none);
	test_bytes_free(&file);
	w.spec.signer_version = 1;
	file = issue_sod(&w.spec);
	expect("key identifier, version 1", file, wrong_version);
	test_bytes_free(&file);
	w.spec.signer_version = 0;
	w.spec.key_id.ptr[3] ^= 1;
	file = issue_sod(&w.spec);
	expect("another key identifier", file, wrong_id);
	test_bytes_free(&file);
	test_bytes_free(&w.spec.key_id);
	/* C=UT, CN=Nobody */
	w.spec.issuer_name = test_hex("301E310B3009060355040613025554310F300D06"
				      "035504030C064E6F626F6479");
	file = issue_sod(&w.spec);
	expect("another issuer", file, wrong_id);
	test_bytes_free(&file);
	test_bytes_free(&w.spec.issuer_name);
	world_free(&w);
}

static const struct {
	const char *name, *ds, *oid;
	enum emrtd_hash hash;
	struct issue_sod with;
	enum emrtd_finding_id want[FOUND_N];
} algorithms[] = {
	{ "PKCS#1 without NULL", "RSA-2048", RSA_SHA256, EMRTD_SHA256, { 0 },
	    { F(SIGNATURE_PARAMETERS), NONE } },
	{ "PKCS#1 with it", "RSA-2048", RSA_SHA256, EMRTD_SHA256,
	    { .null_parameters = true }, { F(DIGEST_NULL), NONE } },
	{ "SHA-224 and PKCS#1 with SHA-256", "RSA-2048", RSA_SHA256,
	    EMRTD_SHA224, { .signer_md = "SHA256" },
	    { F(SIGNATURE_PARAMETERS), F(TWO_HASHES), NONE } },
	{ "SHA-224 and ECDSA with SHA-256", "prime256v1", ECDSA_SHA256,
	    EMRTD_SHA224, { .signer_md = "SHA256" }, { F(TWO_HASHES), NONE } },
	{ "SHA-224 and PSS with SHA-256", "RSA-2048", NULL, EMRTD_SHA224,
	    { .signer_md = "SHA256", .pss = true }, { F(TWO_HASHES), NONE } },
	{ "PSS", "RSA-2048", NULL, EMRTD_SHA256, { .pss = true }, { NONE } },
	{ "PSS with SHA-1 in its mask", "RSA-2048", NULL, EMRTD_SHA256,
	    { .pss = true, .mask_sha1 = true }, { F(MASK_HASH), NONE } },
	{ "SHA-1", "prime256v1", "1.2.840.10045.4.1", EMRTD_SHA1, { 0 },
	    { F(SHA1), NONE } },
	{ "plain ECDSA", "brainpoolP256r1", "0.4.0.127.0.7.1.1.4.1.3",
	    EMRTD_SHA256, { .plain = true }, { NONE } },
	{ "plain ECDSA, P-521", "secp521r1", "0.4.0.127.0.7.1.1.4.1.5",
	    EMRTD_SHA512, { .plain = true }, { NONE } },
	{ "RSA-1024", "RSA-1024", NULL, EMRTD_SHA256, { .pss = true },
	    { F(WEAK_KEY), NONE } },
	{ "P-192", "prime192v1", ECDSA_SHA256, EMRTD_SHA256, { 0 },
	    { F(WEAK_KEY), NONE } },
	{ "brainpoolP224r1", "brainpoolP224r1 explicit", ECDSA_SHA256,
	    EMRTD_SHA256, { 0 }, { F(WEAK_KEY), NONE } },
	{ "DSA", "DSA-2048-256", "2.16.840.1.101.3.4.3.2", EMRTD_SHA256, { 0 },
	    { NONE } },
};

static void
weak_and_odd_algorithms(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(algorithms); i++) {
		struct issue_sod spec = algorithms[i].with;
		struct test_bytes file;
		struct world w;

		world_new(&w, algorithms[i].ds, algorithms[i].oid,
		    algorithms[i].hash);
		spec.pair = &w.pair;
		spec.content = w.spec.content;
		spec.hash = w.spec.hash;
		spec.signature_oid = w.spec.signature_oid;
		file = issue_sod(&spec);
		expect(algorithms[i].name, file, algorithms[i].want);
		test_bytes_free(&file);
		world_free(&w);
	}
}

/* OpenSSL streams in BER; and one outer length that is not minimal. */
static void
not_der(void **state)
{
	static const enum emrtd_finding_id want[] = { F(NOT_DER), NONE, NONE };
	struct test_bytes file, loose;
	struct emrtd_findings found;
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	file = issue_sod_streamed(&w.pair, w.spec.content);
	/* OpenSSL has attributes of its own, and NULL. */
	profile_of(file, &found);
	assert_true(found.there[F(NOT_DER)]);
	assert_false(found.there[F(ATTRIBUTES_ORDER)]);
	test_bytes_free(&file);
	file = issue_sod(&w.spec);
	assert_int_equal(file.ptr[1], 0x82);
	loose.len = file.len + 1;
	loose.ptr = malloc(loose.len);
	memcpy(loose.ptr + 1, file.ptr, file.len);
	loose.ptr[0] = file.ptr[0];
	loose.ptr[1] = 0x83;
	loose.ptr[2] = 0;
	expect("three octets of length", loose, want);
	test_bytes_free(&loose);
	test_bytes_free(&file);
	world_free(&w);
}

/* Each finding of the group says what it is, and why it counts or not. */
static void
details(void **state)
{
	struct emrtd_findings found;
	struct test_bytes file;
	struct world w;

	(void)state;
	world_new(&w, "prime256v1", ECDSA_SHA256, EMRTD_SHA256);
	w.spec.version = 4;
	w.spec.signer_version = 77;
	w.spec.content_type = "1.2.840.113549.1.7.1";
	file = issue_sod(&w.spec);
	profile_of(file, &found);
	assert_string_equal(found.detail[F(VERSION)], "version 4");
	assert_string_equal(found.detail[F(SIGNER_VERSION)], "version 77");
	assert_string_equal(found.detail[F(CONTENT_TYPE)],
	    "1.2.840.113549.1.7.1");
	test_bytes_free(&file);
	world_free(&w);
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

/* A text of any length is told as far as there is room. */
static void
a_long_text(void **state)
{
	uint8_t text[3 * EMRTD_FINDING_DETAIL_CAP];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t len = EMRTD_FINDING_DETAIL_CAP - 2; len <= sizeof(text);
	     len++) {
		struct emrtd_sod sod = { .lds_version = 1,
			.lds_text = emrtd_bytes(text, len) };
		struct emrtd_findings found = { 0 };
		size_t room = EMRTD_FINDING_DETAIL_CAP - 1;

		emrtd_sod_profile(&sod, NULL, false, &found);
		assert_true(found.there[F(VERSION_INFO)]);
		assert_int_equal(strlen(found.detail[F(VERSION_INFO)]),
		    len < room ? len : room);
	}
}

/* Every digit of a version is told. */
static void
versions(void **state)
{
	static const struct {
		uint32_t version;
		const char *told;
	} rows[] = {
		{ 2, "version 2" },
		{ 10, "version 10" },
		{ 19, "version 19" },
		{ 1234567890, "version 1234567890" },
		{ UINT32_MAX, "version 4294967295" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_sod sod = { .lds_version = rows[i].version,
			.cms = { .version = rows[i].version } };
		struct emrtd_findings found = { 0 };

		emrtd_sod_profile(&sod, NULL, false, &found);
		assert_true(found.there[F(LDS_VERSION)]);
		assert_string_equal(found.detail[F(LDS_VERSION)], rows[i].told);
		assert_string_equal(found.detail[F(VERSION)], rows[i].told);
	}
}

/* One hash by it is enough: of the files, of the object, of the signature. */
static void
sha1_anywhere(void **state)
{
#define ECDSA "06082A8648CE3D040302"
	static const struct {
		enum emrtd_hash files, object;
		const char *signature;
		bool found;
	} rows[] = {
		{ EMRTD_SHA256, EMRTD_SHA256, ECDSA, false },
		{ EMRTD_SHA1, EMRTD_SHA256, ECDSA, true },
		{ EMRTD_SHA256, EMRTD_SHA1, ECDSA, true },
		{ EMRTD_SHA256, EMRTD_SHA256, "06072A8648CE3D0401", true },
		{ EMRTD_SHA256, EMRTD_SHA256, "0500", false },
		{ EMRTD_SHA256, EMRTD_SHA256, "06032A0304", false },
		{ EMRTD_SHA256, EMRTD_SHA256, "06032A0304 0500", false },
	};
#undef ECDSA

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes alg = test_hex(rows[i].signature);
		struct emrtd_sod sod = { .dg_hash = rows[i].files,
			.cms = { .digest = rows[i].object,
			    .signature_algorithm = view(alg) } };
		struct emrtd_findings found = { 0 };

		emrtd_sod_profile(&sod, NULL, false, &found);
		/* Nobody knows which parameters a foreign algorithm has. */
		assert_false(found.there[F(SIGNATURE_PARAMETERS)]);
		if (found.there[F(SHA1)] != rows[i].found)
			fail_msg("row %zu", i);
		test_bytes_free(&alg);
	}
}

/* By their bytes; two that are the same are in order. */
static void
order_of_attributes(void **state)
{
	static const struct {
		const char *hex;
		bool found;
	} rows[] = {
		{ "A005 3003060101", false },
		{ "A00A 3003060101 3003060102", false },
		{ "A00A 3003060102 3003060101", true },
		{ "A00A 3003060101 3003060101", false },
		{ "A00B 3003060102 300406022A03", false },
		{ "A00B 300406022A03 3003060102", true },
		{ "A00F 3003060101 3003060103 3003060102", true },
		{ "A0", true },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes list = test_hex(rows[i].hex);
		struct emrtd_sod sod = { .cms = { .signed_attributes = view(
						      list) } };
		struct emrtd_findings found = { 0 };

		emrtd_sod_profile(&sod, NULL, false, &found);
		if (found.there[F(ATTRIBUTES_ORDER)] != rows[i].found)
			fail_msg("%s", rows[i].hex);
		test_bytes_free(&list);
	}
}

/* A list of digests that breaks off, and one of more than are looked at. */
static void
broken_digest_lists(void **state)
{
	static const struct {
		const char *hex;
		bool named, unknown;
	} rows[] = {
		{ SHA256_ALG, true, false },
		{ SHA256_ALG "0500", true, true },
		{ "0500" SHA256_ALG, false, true },
		{ SHA256_ALG "300B06", true, true },
		{ "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes list = test_hex(rows[i].hex);
		struct emrtd_sod sod = { .cms = { .digest = EMRTD_SHA256,
					     .digest_algorithms = view(
						 list) } };
		struct emrtd_findings found = { 0 };

		emrtd_sod_profile(&sod, NULL, false, &found);
		assert_int_equal(found.there[F(DIGEST_LIST)], !rows[i].named);
		assert_int_equal(found.there[F(DIGEST_UNKNOWN)],
		    rows[i].unknown);
		test_bytes_free(&list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(security_objects),
		cmocka_unit_test(frame),
		cmocka_unit_test(signing_times),
		cmocka_unit_test(signer_identifiers),
		cmocka_unit_test(weak_and_odd_algorithms),
		cmocka_unit_test(not_der),
		cmocka_unit_test(details),
		cmocka_unit_test(a_long_text),
		cmocka_unit_test(versions),
		cmocka_unit_test(order_of_attributes),
		cmocka_unit_test(sha1_anywhere),
		cmocka_unit_test(broken_digest_lists),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
