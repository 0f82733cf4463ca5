#include "core/builder.h"
#include "core/civil.h"
#include "core/diag.h"
#include "core/tlv.h"
#include "issue_openssl.h"
#include "pki/certificate.h"
#include "pki/chain.h"
#include "pki/cms.h"
#include "test.h"

#include <openssl/err.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct emrtd_crypto *crypto;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static struct issue_spec
good_spec(void)
{
	struct issue_spec spec = { .subject = "/C=UT/O=Utopia/CN=Country",
		.key = issue_key("prime256v1"),
		.signer = issue_key("prime256v1"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.serial = 77,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };

	return spec;
}

static X509 *
openssl_view(struct emrtd_bytes der)
{
	const unsigned char *p = der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)der.len);

	assert_non_null(x);
	return x;
}

static void
assert_octets(const ASN1_OCTET_STRING *want, struct emrtd_bytes have)
{
	if (want == NULL) {
		assert_null(have.ptr);
		return;
	}
	assert_int_equal(have.len, ASN1_STRING_length(want));
	assert_memory_equal(have.ptr, ASN1_STRING_get0_data(want), have.len);
}

static void
assert_time(const ASN1_TIME *want, int64_t have)
{
	/* No time_t: it may have 32 bits, and the certificate live longer. */
	ASN1_TIME *epoch = ASN1_TIME_new();
	int days, seconds;

	assert_int_equal(ASN1_TIME_set_string(epoch, "19700101000000Z"), 1);
	assert_int_equal(ASN1_TIME_diff(&days, &seconds, epoch, want), 1);
	assert_true((int64_t)days * 86400 + seconds == have);
	ASN1_TIME_free(epoch);
}

/* Bit 0 of KeyUsage is 80 in OpenSSL's first octet. */
static void
assert_key_usage(X509 *want, const struct emrtd_certificate *have)
{
	uint32_t usage = X509_get_key_usage(want);

	assert_int_equal(have->has_key_usage, usage != UINT32_MAX);
	for (unsigned bit = 0; have->has_key_usage && bit < 9; bit++) {
		uint32_t mask = bit < 8 ? 0x80u >> bit : 0x8000u;

		assert_int_equal((have->key_usage & 1u << bit) != 0,
		    (usage & mask) != 0);
	}
}

/*
 * Everything that we took out of a certificate is what OpenSSL took out of it.
 * OpenSSL gives up on all extensions when one is odd; then it has no say.
 */
static void
assert_same(struct emrtd_bytes der, const struct emrtd_certificate *c)
{
	X509 *x = openssl_view(der);
	uint32_t flags = X509_get_extension_flags(x);
	unsigned char *name = NULL;
	int n = i2d_X509_NAME(X509_get_subject_name(x), &name);

	assert_int_equal(c->subject.len, n);
	assert_memory_equal(c->subject.ptr, name, c->subject.len);
	OPENSSL_free(name);
	assert_time(X509_get0_notBefore(x), c->not_before);
	assert_time(X509_get0_notAfter(x), c->not_after);
	if ((flags & EXFLAG_INVALID) == 0) {
		assert_octets(X509_get0_subject_key_id(x), c->subject_key_id);
		assert_octets(X509_get0_authority_key_id(x),
		    c->authority_key_id);
		assert_key_usage(x, c);
		assert_int_equal((flags & EXFLAG_CA) != 0, c->is_ca);
	}
	X509_free(x);
	ERR_clear_error();
}

static void
fields(void **state)
{
	static const char *const usages[] = { NULL, "digitalSignature",
		"critical,keyCertSign,cRLSign", "decipherOnly",
		"digitalSignature,nonRepudiation,keyEncipherment" };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(usages); i++) {
		struct issue_spec spec = good_spec();
		struct emrtd_certificate c;
		struct test_bytes der;
		X509 *x;

		spec.usage = usages[i];
		spec.constraints = i == 1 ? NULL : spec.constraints;
		spec.key_ids = i % 2 == 0;
		x = issue_certificate(&spec);
		der = issue_der(x);
		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &c),
		    EMRTD_OK);
		assert_same(view(der), &c);
		assert_int_equal(c.serial.len, 1);
		assert_int_equal(c.serial.ptr[0], 77);
		assert_int_equal(c.has_basic_constraints, i != 1);
		assert_false(c.unknown_critical);
		assert_false(c.is_test);
		assert_int_equal(emrtd_certificate_verify(&c, crypto, c.spki,
				     NULL),
		    EMRTD_OK);
		test_bytes_free(&der);
		X509_free(x);
	}
}

static void
extension_cases(void **state)
{
	static const struct {
		const char *oid;
		bool critical, unknown, test;
	} cases[] = {
		{ "1.2.3.4", true, true, false },
		{ "1.2.3.4", false, false, false },
		{ EMRTD_OID_TEST_MARKER, true, false, true },
		{ EMRTD_OID_TEST_MARKER, false, false, true },
		{ "2.23.136.1.1.6.1", true, false, false },
		{ "2.5.29.30", true, true, false }, /* name constraints */
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct issue_spec spec = good_spec();
		struct emrtd_certificate c;
		struct test_bytes der;
		X509 *x;

		spec.extra = cases[i].oid;
		spec.extra_critical = cases[i].critical;
		x = issue_certificate(&spec);
		der = issue_der(x);
		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &c),
		    EMRTD_OK);
		assert_int_equal(c.unknown_critical, cases[i].unknown);
		assert_int_equal(c.is_test, cases[i].test);
		test_bytes_free(&der);
		X509_free(x);
	}
}

/* One that comes twice could mean two things: each, with all else good. */
static void
extension_twice(void **state)
{
	struct issue_spec spec = good_spec();
	X509 *good;

	(void)state;
	spec.extended_usage = "anyExtendedKeyUsage";
	spec.extra = EMRTD_OID_TEST_MARKER;
	good = issue_certificate(&spec);
	assert_int_equal(X509_get_ext_count(good), 6);
	for (int i = 0; i < X509_get_ext_count(good); i++) {
		X509 *x = X509_dup(good);
		struct emrtd_certificate c;
		struct test_bytes der = issue_der(x);

		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &c),
		    EMRTD_OK);
		test_bytes_free(&der);
		assert_int_equal(X509_add_ext(x, X509_get_ext(x, i), -1), 1);
		assert_int_equal(i2d_re_X509_tbs(x, NULL) > 0, 1);
		der = issue_der(x);
		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &c),
		    EMRTD_E_MALFORMED);
		test_bytes_free(&der);
		X509_free(x);
	}
	X509_free(good);
}

/* The algorithm that is not signed must be the one that is. */
static void
two_algorithms(void **state)
{
	static const uint8_t ecdsa[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04,
		0x03, 0x02 }; /* with SHA-256; 03: SHA-384 */
	struct issue_spec spec = good_spec();
	X509 *x = issue_certificate(&spec);
	struct test_bytes der = issue_der(x);
	uint8_t *inner = memmem(der.ptr, der.len, ecdsa, sizeof(ecdsa)), *outer;
	struct emrtd_certificate c;
	struct emrtd_diag diag;

	(void)state;
	assert_non_null(inner);
	outer = memmem(inner + 1, der.len - (size_t)(inner + 1 - der.ptr),
	    ecdsa, sizeof(ecdsa));
	assert_non_null(outer);
	for (unsigned which = 1; which <= 3; which++) {
		inner[7] = (which & 1) != 0 ? 3 : 2;
		outer[7] = (which & 2) != 0 ? 3 : 2;
		emrtd_diag_init(&diag);
		assert_int_equal(emrtd_certificate_parse(view(der), &diag, &c),
		    which == 3 ? EMRTD_OK : EMRTD_E_MALFORMED);
		if (which != 3)
			assert_string_equal(diag.clause, "RFC 5280 4.1.1.2");
	}
	test_bytes_free(&der);
	X509_free(x);
}

static void
damaged(void **state)
{
	struct issue_spec spec = good_spec();
	X509 *x = issue_certificate(&spec);
	struct test_bytes der = issue_der(x), spki = issue_spki(spec.key);
	struct emrtd_certificate c;
	uint8_t *longer;

	(void)state;
	for (size_t len = 0; len < der.len; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);

		memcpy(copy, der.ptr, len);
		assert_int_equal(emrtd_certificate_parse(emrtd_bytes(copy, len),
				     NULL, &c),
		    EMRTD_E_MALFORMED);
		free(copy);
	}
	for (size_t i = 0; i < der.len * 8; i++) {
		der.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
		if (emrtd_certificate_parse(view(der), NULL, &c) == EMRTD_OK)
			assert_int_not_equal(emrtd_certificate_verify(&c,
						 crypto, view(spki), NULL),
			    EMRTD_OK);
		der.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	longer = calloc(1, der.len + 1);
	memcpy(longer, der.ptr, der.len);
	assert_int_equal(
	    emrtd_certificate_parse(emrtd_bytes(longer, der.len + 1), NULL, &c),
	    EMRTD_E_TRAILING);
	free(longer);
	test_bytes_free(&spki);
	test_bytes_free(&der);
	X509_free(x);
}

/* Certificates of CscaMasterList: SEQUENCE { version, SET OF certificate }. */
static void
add_list(struct emrtd_trust *trust, struct emrtd_bytes list)
{
	struct emrtd_bytes body, version, set, value, der;
	uint32_t tag;

	assert_true(emrtd_tlv(&list, 0x30, &body));
	assert_true(emrtd_tlv(&body, 0x02, &version));
	assert_true(emrtd_tlv(&body, 0x31, &set));
	while (!emrtd_end(&set)) {
		assert_true(emrtd_tlv_whole(&set, &tag, &value, &der));
		assert_int_equal(emrtd_trust_add_der(trust, der, 0, NULL),
		    EMRTD_OK);
	}
}

/* Master lists are CMS too: their signatures are checked on the way. */
static void
add_signed_list(struct emrtd_trust *trust, const char *name)
{
	struct test_bytes file = test_shared(name);
	struct emrtd_certificate signer;
	struct emrtd_cms cms;

	assert_int_equal(emrtd_cms_parse(view(file), NULL, &cms), EMRTD_OK);
	assert_int_equal(emrtd_cms_signer(&cms, crypto, NULL, NULL, &signer),
	    EMRTD_OK);
	assert_int_equal(emrtd_cms_verify_attributes(&cms, crypto, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_cms_verify_signature(&cms, crypto, &signer,
			     NULL),
	    EMRTD_OK);
	add_list(trust, cms.content);
	test_bytes_free(&file);
}

static struct emrtd_trust *
all_published(void)
{
	static const char *const lists[] = {
		"pki/ml/gmrtd_DE_ML_2024-08-07-07-38-24.ml",
		"pki/ml/gmrtd_DE_ML_2026-05-28-08-28-45.ml",
		"pki/ml/gmrtd_NL_ML_2026-07-22.ml",
		"pki/ml/openpassport_ICAO_ml_September2023.ml",
	};
	struct emrtd_trust *trust;
	struct test_bytes bare;
	char path[512];

	test_shared_path(path, sizeof(path),
	    "pki/ml/NFCPassportReader_masterList.pem");
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_file(trust, path, 0, NULL), EMRTD_OK);
	assert_int_equal(emrtd_trust_count(trust), 720);
	for (size_t i = 0; i < N_ELEMENTS(lists); i++)
		add_signed_list(trust, lists[i]);
	bare = test_shared("pki/ml/openpassport_tananaev-germany_masterList"
			   ".bin");
	add_list(trust, view(bare));
	test_bytes_free(&bare);
	test_shared_path(path, sizeof(path), "pki/certs");
	assert_int_equal(emrtd_trust_add_path(trust, path, 0, NULL), EMRTD_OK);
	return trust;
}

static bool
may_be_issuer(const struct emrtd_certificate *issuer,
    const struct emrtd_certificate *c)
{
	return (c->authority_key_id.len > 0 &&
		   emrtd_bytes_equal(c->authority_key_id,
		       issuer->subject_key_id)) ||
	       emrtd_name_equal(c->issuer, issuer->subject);
}

/* The same certificates as OpenSSL sees them; the caller frees. */
static X509 **
openssl_views(const struct emrtd_trust *trust)
{
	X509 **all = calloc(emrtd_trust_count(trust), sizeof(*all));

	assert_non_null(all);
	for (size_t i = 0; i < emrtd_trust_count(trust); i++)
		all[i] = openssl_view(emrtd_trust_at(trust, i)->der);
	return all;
}

/*
 * Our opinion and OpenSSL's on the signature of certificate i by the key of
 * each that may be its issuer: true when one verifies for both.
 */
static bool
same_opinions(const struct emrtd_trust *trust, X509 *const *views, size_t i,
    size_t *n_tried)
{
	const struct emrtd_certificate *c = emrtd_trust_at(trust, i), *issuer;
	bool any = false;

	for (size_t k = 0; (issuer = emrtd_trust_at(trust, k)) != NULL; k++) {
		bool ours, theirs;

		if (!may_be_issuer(issuer, c))
			continue;
		ours = emrtd_certificate_verify(c, crypto, issuer->spki,
			   NULL) == EMRTD_OK;
		theirs = X509_verify(views[i], X509_get0_pubkey(views[k])) == 1;
		ERR_clear_error();
		assert_int_equal(ours, theirs);
		any = any || ours;
		(*n_tried)++;
	}
	return any;
}

/*
 * All country certificates of the published lists: each one parses as OpenSSL
 * parses it, and each signature verifies with the keys with which it verifies
 * for OpenSSL, and with no other. Four have no issuer among them.
 */
static void
published_certificates(void **state)
{
	struct emrtd_trust *trust = all_published();
	size_t n = emrtd_trust_count(trust), n_verified = 0, n_tried = 0;
	X509 **views = openssl_views(trust);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct emrtd_certificate *c = emrtd_trust_at(trust, i);

		assert_same(c->der, c);
		n_verified += same_opinions(trust, views, i, &n_tried);
	}
	print_message("%zu certificates, %zu verified, %zu signatures tried\n",
	    n, n_verified, n_tried);
	assert_true(n >= 904);
	assert_int_equal(n_verified, n - 4);
	for (size_t i = 0; i < n; i++)
		X509_free(views[i]);
	free(views);
	emrtd_trust_free(&trust);
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
		cmocka_unit_test(fields),
		cmocka_unit_test(extension_cases),
		cmocka_unit_test(extension_twice),
		cmocka_unit_test(two_algorithms),
		cmocka_unit_test(damaged),
		cmocka_unit_test(published_certificates),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
