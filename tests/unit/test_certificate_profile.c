/*
 * Certificates as Doc 9303-12 7.1 wants them, and each with one thing changed:
 * the deviation is told, and nothing else.
 */
#include "data.h"
#include "pki/certificate_profile.h"
#include "test.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <string.h>

#define N_EXTENSIONS 12

struct extension {
	const char *oid, *hex;
	bool critical;
};

struct plan {
	long version; /* as encoded */
	const char *serial;
	const char *country, *common_name;
	int country_type;
	int time_type; /* of both dates */
	const char *not_before, *not_after;
	const EVP_MD *(*md)(void);
	const char *curve;
	struct extension extensions[N_EXTENSIONS];
};

#define AKI      "2.5.29.35"
#define SKI      "2.5.29.14"
#define USAGE    "2.5.29.15"
#define PERIOD   "2.5.29.16"
#define SUBJECT  "2.5.29.17"
#define ISSUER   "2.5.29.18"
#define BASIC    "2.5.29.19"
#define CRL      "2.5.29.31"
#define EXTENDED "2.5.29.37"
#define TYPES    "2.23.136.1.1.6.2"

#define KEY_ID      "0102030405060708"
#define HEX_AKI     "300A8008" KEY_ID
#define HEX_SKI     "0408" KEY_ID
#define HEX_PERIOD  "3011800F32303230303130313030303030305A"
#define HEX_ALT     "3012A410300E310C300A0603550407130355544F"
#define HEX_CRL     "301030 0EA00CA00A8608 687474703A2F2F78"
#define HEX_TYPES   "3008020100310313 0150"
#define HEX_BASIC_0 "30060101FF020100"

static const struct plan good_signer = {
	.version = 2,
	.serial = "7F01",
	.country = "UT",
	.common_name = "Signer",
	.country_type = V_ASN1_PRINTABLESTRING,
	.time_type = V_ASN1_UTCTIME,
	.not_before = "200101000000Z",
	.not_after = "351231235959Z",
	.md = EVP_sha256,
	.curve = "P-256",
	.extensions = { { AKI, HEX_AKI, false }, { USAGE, "03020780", true },
	    { PERIOD, HEX_PERIOD, false }, { SUBJECT, HEX_ALT, false },
	    { ISSUER, HEX_ALT, false }, { CRL, HEX_CRL, false },
	    { TYPES, HEX_TYPES, false } },
};

static const struct plan good_csca = {
	.version = 2,
	.serial = "01",
	.country = "UT",
	.common_name = "Signer",
	.country_type = V_ASN1_PRINTABLESTRING,
	.time_type = V_ASN1_UTCTIME,
	.not_before = "200101000000Z",
	.not_after = "351231235959Z",
	.md = EVP_sha256,
	.curve = "P-256",
	.extensions = { { SKI, HEX_SKI, false }, { USAGE, "03020106", true },
	    { BASIC, HEX_BASIC_0, true }, { PERIOD, HEX_PERIOD, false },
	    { SUBJECT, HEX_ALT, false }, { ISSUER, HEX_ALT, false },
	    { CRL, HEX_CRL, false } },
};

/* What is changed: what is not set stays. */
struct change {
	const char *what;
	enum emrtd_finding_id finding;
	const char *serial, *country, *common_name, *curve, *oid;
	struct extension extension; /* instead of 'oid', which goes */
	const EVP_MD *(*md)(void);
	int country_type, time_type;
	const char *not_before, *not_after;
	long version;
	bool unique_id;
};

#define DS(id)   EMRTD_FINDING_DS_##id
#define CSCA(id) EMRTD_FINDING_CSCA_##id

static const struct change signer_changes[] = {
	{ .what = "version 2", .finding = DS(VERSION), .version = 1 },
	{ .what = "serial 0", .finding = DS(SERIAL), .serial = "00" },
	{ .what = "serial negative", .finding = DS(SERIAL), .serial = "-5" },
	{ .what = "serial of 21 octets",
	    .finding = DS(SERIAL),
	    .serial = "010203040506070809101112131415161718192021" },
	{ .what = "serial of 20 octets, and the first needs a zero before it",
	    .finding = DS(SERIAL),
	    .serial = "8102030405060708091011121314151617181920" },
	{ .what = "serial of 20 octets",
	    .finding = EMRTD_N_FINDINGS,
	    .serial = "7102030405060708091011121314151617181920" },
	{ .what = "country in lower case",
	    .finding = DS(NAME),
	    .country = "ut" },
	{ .what = "country in three letters",
	    .finding = DS(NAME),
	    .country = "UTO" },
	{ .what = "a digit and a letter",
	    .finding = DS(NAME),
	    .country = "1U" },
	{ .what = "a letter and a digit",
	    .finding = DS(NAME),
	    .country = "U1" },
	{ .what = "small and large", .finding = DS(NAME), .country = "uT" },
	{ .what = "large and small", .finding = DS(NAME), .country = "Ut" },
	{ .what = "from one end to the other",
	    .finding = EMRTD_N_FINDINGS,
	    .country = "AZ" },
	{ .what = "from the other end to the one",
	    .finding = EMRTD_N_FINDINGS,
	    .country = "ZA" },
	{ .what = "country in UTF-8",
	    .finding = DS(NAME),
	    .country_type = V_ASN1_UTF8STRING },
	{ .what = "no common name", .finding = DS(NAME), .common_name = "" },
	{ .what = "GeneralizedTime before 2050",
	    .finding = DS(VALIDITY),
	    .time_type = V_ASN1_GENERALIZEDTIME,
	    .not_before = "20200101000000Z",
	    .not_after = "20351231235959Z" },
	{ .what = "no authority key identifier",
	    .finding = DS(NO_AUTHORITY_KEY_ID),
	    .oid = AKI },
	{ .what = "one without the key's",
	    .finding = DS(AUTHORITY_KEY_ID),
	    .oid = AKI,
	    .extension = { AKI, "3003820105", false } },
	{ .what = "that of another key",
	    .finding = DS(OTHER_KEY_ID),
	    .oid = AKI,
	    .extension = { AKI, "30038001 05", false } },
	{ .what = "no key usage", .finding = DS(NO_KEY_USAGE), .oid = USAGE },
	{ .what = "key usage not critical",
	    .finding = DS(KEY_USAGE_NOT_CRITICAL),
	    .oid = USAGE,
	    .extension = { USAGE, "03020780", false } },
	{ .what = "non-repudiation, too",
	    .finding = DS(KEY_USAGE_BITS),
	    .oid = USAGE,
	    .extension = { USAGE, "030206C0", true } },
	{ .what = "basic constraints",
	    .finding = DS(BASIC_CONSTRAINTS),
	    .extension = { BASIC, "3000", true } },
	{ .what = "extended key usage",
	    .finding = DS(EXTENDED_KEY_USAGE),
	    .extension = { EXTENDED, "30060604551D2500", false } },
	{ .what = "no key period",
	    .finding = DS(NO_KEY_PERIOD),
	    .oid = PERIOD },
	{ .what = "no list", .finding = DS(NO_CRL_POINT), .oid = CRL },
	{ .what = "no subject's name",
	    .finding = DS(NO_ALT_NAME),
	    .oid = SUBJECT },
	{ .what = "no issuer's name",
	    .finding = DS(NO_ALT_NAME),
	    .oid = ISSUER },
	{ .what = "no document types",
	    .finding = DS(NO_DOCUMENT_TYPES),
	    .oid = TYPES },
	{ .what = "SHA-1", .finding = DS(SHA1), .md = EVP_sha1 },
};

static const struct change csca_changes[] = {
	{ .what = "version 2", .finding = CSCA(VERSION), .version = 1 },
	{ .what = "serial negative", .finding = CSCA(SERIAL), .serial = "-5" },
	{ .what = "country in lower case",
	    .finding = CSCA(NAME),
	    .country = "ut" },
	{ .what = "GeneralizedTime before 2050",
	    .finding = CSCA(VALIDITY),
	    .time_type = V_ASN1_GENERALIZEDTIME,
	    .not_before = "20200101000000Z",
	    .not_after = "20351231235959Z" },
	{ .what = "no key identifier",
	    .finding = CSCA(NO_SUBJECT_KEY_ID),
	    .oid = SKI },
	{ .what = "no key usage", .finding = CSCA(KEY_USAGE), .oid = USAGE },
	{ .what = "no lists",
	    .finding = CSCA(KEY_USAGE),
	    .oid = USAGE,
	    .extension = { USAGE, "03020204", true } },
	{ .what = "key usage not critical",
	    .finding = CSCA(KEY_USAGE),
	    .oid = USAGE,
	    .extension = { USAGE, "03020106", false } },
	{ .what = "no basic constraints",
	    .finding = CSCA(BASIC_CONSTRAINTS),
	    .oid = BASIC },
	{ .what = "cA FALSE",
	    .finding = CSCA(BASIC_CONSTRAINTS),
	    .oid = BASIC,
	    .extension = { BASIC, "3003010100", true } },
	{ .what = "no path length",
	    .finding = CSCA(BASIC_CONSTRAINTS),
	    .oid = BASIC,
	    .extension = { BASIC, "30030101FF", true } },
	{ .what = "path length 1",
	    .finding = CSCA(BASIC_CONSTRAINTS),
	    .oid = BASIC,
	    .extension = { BASIC, "30060101FF020101", true } },
	{ .what = "extended key usage",
	    .finding = CSCA(EXTENDED_KEY_USAGE),
	    .extension = { EXTENDED, "30060604551D2500", false } },
	{ .what = "no key period",
	    .finding = CSCA(NO_KEY_PERIOD),
	    .oid = PERIOD },
	{ .what = "no list", .finding = CSCA(NO_CRL_POINT), .oid = CRL },
	{ .what = "no names", .finding = CSCA(NO_ALT_NAME), .oid = ISSUER },
	{ .what = "SHA-1", .finding = CSCA(SHA1), .md = EVP_sha1 },
	{ .what = "P-192", .finding = CSCA(WEAK_KEY), .curve = "P-192" },
};

static struct plan
changed(struct plan p, const struct change *c)
{
	size_t i = 0;

	if (c->version != 0)
		p.version = c->version;
	if (c->serial != NULL)
		p.serial = c->serial;
	if (c->country != NULL)
		p.country = c->country;
	if (c->common_name != NULL)
		p.common_name = c->common_name;
	if (c->country_type != 0)
		p.country_type = c->country_type;
	if (c->curve != NULL)
		p.curve = c->curve;
	if (c->md != NULL)
		p.md = c->md;
	if (c->time_type != 0) {
		p.time_type = c->time_type;
		p.not_before = c->not_before;
		p.not_after = c->not_after;
	}
	while (p.extensions[i].oid != NULL &&
	       (c->oid == NULL || strcmp(p.extensions[i].oid, c->oid) != 0))
		i++;
	for (; c->oid != NULL && p.extensions[i].oid != NULL; i++)
		p.extensions[i] = p.extensions[i + 1];
	for (i = 0; p.extensions[i].oid != NULL; i++)
		;
	if (c->extension.oid != NULL)
		p.extensions[i] = c->extension;
	return p;
}

static X509_NAME *
make_name(const struct plan *p)
{
	X509_NAME *name = X509_NAME_new();
	X509_NAME_ENTRY *entry = X509_NAME_ENTRY_create_by_txt(NULL, "C",
	    p->country_type, (const unsigned char *)p->country, -1);

	assert_int_equal(X509_NAME_add_entry(name, entry, -1, 0), 1);
	X509_NAME_ENTRY_free(entry);
	if (p->common_name[0] != '\0')
		assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN",
				     V_ASN1_UTF8STRING,
				     (const unsigned char *)p->common_name, -1,
				     -1, 0),
		    1);
	return name;
}

static void
add_extension(X509 *x, const struct extension *e)
{
	struct test_bytes value = test_hex(e->hex);
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj(e->oid, 1);
	X509_EXTENSION *extension;

	assert_int_equal(ASN1_OCTET_STRING_set(octets, value.ptr,
			     (int)value.len),
	    1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, oid, e->critical,
	    octets);
	assert_int_equal(X509_add_ext(x, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(octets);
	ASN1_OBJECT_free(oid);
	test_bytes_free(&value);
}

static void
set_time(ASN1_TIME *time, int type, const char *text)
{
	assert_int_equal(ASN1_STRING_set(time, text, -1), 1);
	time->type = type;
}

/* DER, from OPENSSL_malloc. */
static struct emrtd_bytes
make(const struct plan *p)
{
	EVP_PKEY *key = EVP_EC_gen(p->curve);
	X509_NAME *name = make_name(p);
	unsigned char *der = NULL;
	X509 *x = X509_new();
	BIGNUM *serial = NULL;
	int len;

	assert_int_equal(X509_set_version(x, p->version), 1);
	assert_true(BN_hex2bn(&serial, p->serial) > 0);
	assert_non_null(BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x)));
	assert_int_equal(X509_set_subject_name(x, name), 1);
	assert_int_equal(X509_set_issuer_name(x, name), 1);
	set_time(X509_getm_notBefore(x), p->time_type, p->not_before);
	set_time(X509_getm_notAfter(x), p->time_type, p->not_after);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	for (size_t i = 0; p->extensions[i].oid != NULL; i++)
		add_extension(x, &p->extensions[i]);
	assert_true(X509_sign(x, key, p->md()) > 0);
	len = i2d_X509(x, &der);
	assert_true(len > 0);
	X509_free(x);
	X509_NAME_free(name);
	BN_free(serial);
	EVP_PKEY_free(key);
	return emrtd_bytes(der, (size_t)len);
}

static void
free_der(struct emrtd_bytes der)
{
	OPENSSL_free((void *)(uintptr_t)der.ptr);
}

typedef void profile_of(const struct plan *plan, struct emrtd_findings *out);

static void
profile_signer(const struct plan *plan, struct emrtd_findings *out)
{
	struct emrtd_bytes der = make(plan), csca_der = make(&good_csca);
	struct emrtd_certificate signer, csca;

	assert_int_equal(emrtd_certificate_parse(der, NULL, &signer), EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(csca_der, NULL, &csca),
	    EMRTD_OK);
	/* Name and signature are the signer's own: they are not looked at. */
	csca.subject = signer.issuer;
	emrtd_certificate_profile_signer(&signer, &csca, out);
	free_der(der);
	free_der(csca_der);
}

static void
profile_csca(const struct plan *plan, struct emrtd_findings *out)
{
	struct emrtd_bytes der = make(plan);
	struct emrtd_certificate csca;

	assert_int_equal(emrtd_certificate_parse(der, NULL, &csca), EMRTD_OK);
	emrtd_certificate_profile_csca(&csca, out);
	free_der(der);
}

static void
expect(const char *what, const struct emrtd_findings *found,
    enum emrtd_finding_id want)
{
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		if (found->there[i] != (i == (int)want))
			fail_msg("%s: %s %s", what,
			    emrtd_finding_info((enum emrtd_finding_id)i)->name,
			    found->there[i] ? "is told" : "is not told");
	}
}

static void
run(const struct plan *good, const struct change *changes, size_t n,
    profile_of *profile)
{
	struct emrtd_findings found = { { false }, { "" } };

	profile(good, &found);
	expect("nothing", &found, EMRTD_N_FINDINGS);
	for (size_t i = 0; i < n; i++) {
		struct plan plan = changed(*good, &changes[i]);

		memset(&found, 0, sizeof(found));
		profile(&plan, &found);
		expect(changes[i].what, &found, changes[i].finding);
	}
}

static void
signers(void **state)
{
	(void)state;
	run(&good_signer, signer_changes, N_ELEMENTS(signer_changes),
	    profile_signer);
}

static void
countries(void **state)
{
	(void)state;
	run(&good_csca, csca_changes, N_ELEMENTS(csca_changes), profile_csca);
}

/* LDS_H_54; and without the CSCA there is nothing to compare with. */
static void
issuers(void **state)
{
	struct emrtd_findings found = { { false }, { "" } };
	struct emrtd_bytes der = make(&good_signer), other_der;
	struct emrtd_certificate signer, other;
	struct plan plan = good_csca;

	(void)state;
	plan.common_name = "Another";
	other_der = make(&plan);
	assert_int_equal(emrtd_certificate_parse(der, NULL, &signer), EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(other_der, NULL, &other),
	    EMRTD_OK);
	emrtd_certificate_profile_signer(&signer, NULL, &found);
	expect("no CSCA", &found, EMRTD_N_FINDINGS);
	emrtd_certificate_profile_signer(&signer, &other, &found);
	expect("another issuer", &found, DS(ISSUER));
	assert_string_equal(found.detail[DS(ISSUER)], "C=UT, CN=Signer");
	free_der(der);
	free_der(other_der);
}

/* OpenSSL makes none of these: one that begins with a zero too many is odd. */
static void
padded_serials(void **state)
{
	static const struct {
		const char *hex;
		bool odd;
	} rows[] = {
		{ "01", false },
		{ "7F01", false },
		{ "0080", false },
		{ "00FF01", false },
		{ "00", true },
		{ "007F", true },
		{ "0000", true },
		{ "000080", true },
		{ "80", true },
		{ "", true },
	};
	struct emrtd_bytes der = make(&good_csca);
	struct emrtd_certificate csca;

	(void)state;
	assert_int_equal(emrtd_certificate_parse(der, NULL, &csca), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_findings found = { { false }, { "" } };
		struct test_bytes serial = test_hex(rows[i].hex);

		csca.serial = emrtd_bytes(serial.ptr, serial.len);
		emrtd_certificate_profile_csca(&csca, &found);
		expect(rows[i].hex, &found,
		    rows[i].odd ? CSCA(SERIAL) : EMRTD_N_FINDINGS);
		test_bytes_free(&serial);
	}
	free_der(der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signers),
		cmocka_unit_test(countries),
		cmocka_unit_test(issuers),
		cmocka_unit_test(padded_serials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
