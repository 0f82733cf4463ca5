#include "issue_openssl.h"
#include "pki/chain.h"
#include "test.h"

#include <openssl/pem.h>

#include <dirent.h>
#include <string.h>

#define AT 1767225600 /* 2026-01-01 */

static struct emrtd_crypto *crypto;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

#define COUNTRY_USAGE "critical,keyCertSign,cRLSign"
#define SIGNER_USAGE  "critical,digitalSignature"

/* One case: a CSCA in the store, and a Document Signer. */
struct chain_case {
	const char *what;
	struct issue_spec csca, ds;
	const char *csca_key;     /* NULL: of secp384r1 */
	const char *ds_signed_by; /* a key; NULL: the CSCA's */
	enum emrtd_error want;
};

static const struct issue_spec csca_spec = {
	.subject = "/C=UT/O=Utopia/CN=Country",
	.md = "SHA256",
	.salt_len = ISSUE_NO_PSS,
	.string_type = MBSTRING_ASC,
	.serial = 1,
	.constraints = "critical,CA:TRUE,pathlen:0",
	.usage = COUNTRY_USAGE,
	.key_ids = true,
};

static const struct issue_spec ds_spec = {
	.subject = "/C=UT/O=Utopia/CN=Signer",
	.md = "SHA256",
	.salt_len = ISSUE_NO_PSS,
	.string_type = MBSTRING_ASC,
	.serial = 2,
	.usage = SIGNER_USAGE,
	.key_ids = true,
};

static enum emrtd_error
run(struct chain_case *c)
{
	struct emrtd_chain found = { .n = 0 };
	const char *key = c->csca_key != NULL ? c->csca_key : "secp384r1";
	struct test_bytes csca_der, ds_der;
	struct emrtd_certificate ds;
	struct emrtd_trust *trust;
	enum emrtd_error error;
	X509 *csca, *signer;

	c->csca.key = issue_key(key);
	c->csca.signer = c->csca.key;
	csca = issue_certificate(&c->csca);
	c->ds.issuer = csca;
	c->ds.key = issue_key("prime256v1");
	c->ds.signer = issue_key(
	    c->ds_signed_by != NULL ? c->ds_signed_by : key);
	signer = issue_certificate(&c->ds);
	csca_der = issue_der(csca);
	ds_der = issue_der(signer);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust, view(csca_der),
			     EMRTD_TRUST_ALLOW_TEST, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(view(ds_der), NULL, &ds),
	    EMRTD_OK);
	error = emrtd_chain_find(trust, crypto, &ds, AT, NULL, &found);
	assert_int_equal(error == EMRTD_OK, found.n == 1);
	emrtd_trust_free(&trust);
	test_bytes_free(&csca_der);
	test_bytes_free(&ds_der);
	X509_free(csca);
	X509_free(signer);
	return error;
}

static void
expect(struct chain_case c)
{
	enum emrtd_error error = run(&c);

	if (error != c.want)
		fail_msg("%s: %s", c.what, emrtd_error_name(error));
}

#define CASE(what_)                                             \
	{                                                       \
		.what = what_, .csca = csca_spec, .ds = ds_spec \
	}

static void
signer_fitness(void **state)
{
	struct chain_case c = CASE("good");

	(void)state;
	expect(c);
	c.what = "without key usage";
	c.ds.usage = NULL;
	expect(c);
	c.want = EMRTD_E_CERTIFICATE;
	c.what = "no digital signature";
	c.ds.usage = "critical,keyAgreement";
	expect(c);
	c.ds.usage = SIGNER_USAGE;
	c.what = "a CA";
	c.ds.constraints = "CA:TRUE";
	expect(c);
	c.ds.constraints = NULL;
	c.what = "an unknown critical extension";
	c.ds.extra = "1.2.3";
	c.ds.extra_critical = true;
	expect(c);
	c.ds.extra = NULL;
	c.what = "basic constraints that say no";
	c.ds.extra = NULL;
	c.ds.constraints = "CA:FALSE";
	c.want = EMRTD_OK;
	expect(c);
}

/* An extended key usage binds whether critical or not. */
static void
extended_usage(void **state)
{
	static const struct {
		const char *usage;
		enum emrtd_error ds, csca;
	} cases[] = {
		{ "critical,2.23.136.1.1.3", EMRTD_E_CERTIFICATE,
		    EMRTD_E_CERTIFICATE },
		/* master lists, bar codes, TLS */
		{ "2.23.136.1.1.3", EMRTD_E_CERTIFICATE, EMRTD_OK },
		{ "2.23.136.1.1.11.1", EMRTD_E_CERTIFICATE, EMRTD_OK },
		{ "serverAuth", EMRTD_E_CERTIFICATE, EMRTD_OK },
		{ "anyExtendedKeyUsage", EMRTD_OK, EMRTD_OK },
		{ "critical,anyExtendedKeyUsage", EMRTD_E_CERTIFICATE,
		    EMRTD_E_CERTIFICATE },
		{ "anyExtendedKeyUsage,serverAuth", EMRTD_E_CERTIFICATE,
		    EMRTD_OK },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct chain_case c = CASE("");

		c.what = cases[i].usage;
		c.ds.extended_usage = cases[i].usage;
		c.want = cases[i].ds;
		expect(c);
		c.ds.extended_usage = NULL;
		c.csca.extended_usage = cases[i].usage;
		c.want = cases[i].csca;
		expect(c);
	}
}

static void
csca_fitness(void **state)
{
	struct chain_case c = CASE("cA FALSE, as in some lists");

	(void)state;
	c.csca.constraints = "CA:FALSE";
	expect(c);
	c.what = "without basic constraints";
	c.csca.constraints = NULL;
	expect(c);
	c.what = "without key usage, a CA";
	c.csca.usage = NULL;
	c.csca.constraints = "CA:TRUE";
	expect(c);
	c.want = EMRTD_E_CERTIFICATE;
	c.what = "neither";
	c.csca.constraints = NULL;
	expect(c);
	c.what = "a Document Signer in the store";
	c.csca.usage = SIGNER_USAGE;
	c.csca.constraints = "CA:TRUE";
	expect(c);
	c.what = "an unknown critical extension";
	c.csca.usage = COUNTRY_USAGE;
	c.csca.extra = "1.2.3";
	c.csca.extra_critical = true;
	expect(c);
}

static void
countries(void **state)
{
	struct chain_case c = CASE("another country");

	(void)state;
	c.ds.subject = "/C=XX/CN=Signer";
	c.want = EMRTD_E_COUNTRY;
	expect(c);
	c.want = EMRTD_OK;
	c.what = "lower case";
	c.ds.subject = "/C=ut/CN=Signer";
	expect(c);
	c.what = "a CSCA without country";
	c.csca.subject = "/CN=Country";
	expect(c);
}

static void
wrong_key(void **state)
{
	struct chain_case c = CASE("the key identifier of a key that did "
				   "not sign");

	(void)state;
	c.ds_signed_by = "secp384r1 b";
	c.want = EMRTD_E_SIGNATURE;
	expect(c);
	c.what = "the key identifier of a key of another kind";
	c.ds_signed_by = "RSA-2048";
	expect(c);
	c.what = "the name alone: perhaps another key of that country";
	c.ds.key_ids = false;
	c.want = EMRTD_E_NO_ANCHOR;
	expect(c);
	c.what = "the name alone, and the right key";
	c.ds_signed_by = NULL;
	c.want = EMRTD_OK;
	expect(c);
}

/* What we do not know we tell, unless it is perhaps another one's. */
static void
unknown_algorithms(void **state)
{
	struct chain_case c = CASE("a signature that we do not know");

	(void)state;
	c.csca_key = "RSA-2048";
	c.ds.md = "MD5";
	c.want = EMRTD_E_UNSUPPORTED;
	expect(c);
	c.what = "by the name alone";
	c.ds.key_ids = false;
	expect(c);
	c.what = "a curve that we do not know";
	c.csca_key = "sect233k1";
	c.ds.md = "SHA256";
	c.ds.key_ids = true;
	c.want = EMRTD_E_KEY;
	expect(c);
	c.what = "the name alone: perhaps another key of that country";
	c.ds.key_ids = false;
	c.want = EMRTD_E_NO_ANCHOR;
	expect(c);
}

static void
empty_store(void **state)
{
	struct emrtd_chain found;
	struct emrtd_certificate ds;
	struct emrtd_trust *trust;
	struct emrtd_diag diag;
	struct issue_pair pair;

	(void)state;
	issue_pair(&pair, "secp384r1", "prime256v1", "SHA256", ISSUE_NO_PSS);
	assert_int_equal(emrtd_certificate_parse(view(pair.ds_der), NULL, &ds),
	    EMRTD_OK);
	assert_int_equal(emrtd_chain_find(NULL, crypto, &ds, AT, NULL, &found),
	    EMRTD_E_NO_ANCHOR);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_chain_find(trust, crypto, &ds, AT, &diag,
			     &found),
	    EMRTD_E_NO_ANCHOR);
	assert_string_equal(diag.detail, "C=UT, O=Utopia, CN=Country");
	/* The signer itself in the store is no country. */
	assert_int_equal(emrtd_trust_add_der(trust, view(pair.ds_der), 0, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_chain_find(trust, crypto, &ds, AT, NULL, &found),
	    EMRTD_E_NO_ANCHOR);
	/* A country certificate is no Document Signer. */
	assert_int_equal(emrtd_trust_add_der(trust, view(pair.csca_der), 0,
			     NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(view(pair.csca_der), NULL,
			     &ds),
	    EMRTD_OK);
	assert_int_equal(emrtd_chain_find(trust, crypto, &ds, AT, NULL, &found),
	    EMRTD_E_CERTIFICATE);
	emrtd_trust_free(&trust);
	issue_pair_free(&pair);
}

/* Many keys of one name: the right one is found, wherever it stands. */
static void
one_name_many_keys(void **state)
{
	static const char *const kinds[] = { "secp384r1", "secp384r1 b",
		"RSA-2048", "brainpoolP256r1" };

	(void)state;
	for (size_t right = 0; right < 2 * N_ELEMENTS(kinds); right++) {
		struct emrtd_chain found;
		struct emrtd_certificate ds;
		struct emrtd_trust *trust;
		struct test_bytes der = { NULL, 0 };

		assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
		for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
			struct issue_spec c = csca_spec, d = ds_spec;
			struct test_bytes csca_der;
			X509 *csca, *signer;

			c.key = issue_key(kinds[i]);
			c.signer = c.key;
			csca = issue_certificate(&c);
			csca_der = issue_der(csca);
			assert_int_equal(emrtd_trust_add_der(trust,
					     view(csca_der), 0, NULL),
			    EMRTD_OK);
			test_bytes_free(&csca_der);
			d.issuer = csca;
			d.key = issue_key("prime256v1");
			d.signer = c.key;
			d.key_ids = right % 2 == 0;
			signer = issue_certificate(&d);
			if (i == right / 2)
				der = issue_der(signer);
			X509_free(signer);
			X509_free(csca);
		}
		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &ds),
		    EMRTD_OK);
		assert_int_equal(emrtd_chain_find(trust, crypto, &ds, AT, NULL,
				     &found),
		    EMRTD_OK);
		assert_ptr_equal(found.path[0],
		    emrtd_trust_at(trust, right / 2));
		emrtd_trust_free(&trust);
		test_bytes_free(&der);
	}
}

/* The country's certificate: key and name are always the same. */
static struct test_bytes
csca_of_period(const char *not_before, const char *not_after, long serial,
    bool key_ids)
{
	struct issue_spec c = csca_spec;
	struct test_bytes der;
	X509 *csca;

	c.key = issue_key("secp384r1");
	c.signer = c.key;
	c.not_before = not_before;
	c.not_after = not_after;
	c.serial = serial;
	c.key_ids = key_ids;
	csca = issue_certificate(&c);
	der = issue_der(csca);
	X509_free(csca);
	return der;
}

/*
 * One key with certificates of several periods: the one that is valid at the
 * instant is found in every order, and without a key identifier too.
 */
static void
one_key_many_periods(void **state)
{
	struct test_bytes periods[3] = {
		csca_of_period("20100101000000Z", "20251231235959Z", 1, true),
		csca_of_period("20260101000001Z", "20351231235959Z", 2, true),
		csca_of_period("20260101000000Z", "20260101000000Z", 3, false),
	};
	struct issue_spec d = ds_spec;
	struct emrtd_certificate ds;
	struct test_bytes ds_der;
	const unsigned char *p = periods[0].ptr;
	X509 *issuer = d2i_X509(NULL, &p, (long)periods[0].len), *signer;

	(void)state;
	d.key = issue_key("prime256v1");
	d.signer = issue_key("secp384r1");
	d.issuer = issuer;
	signer = issue_certificate(&d);
	ds_der = issue_der(signer);
	assert_int_equal(emrtd_certificate_parse(view(ds_der), NULL, &ds),
	    EMRTD_OK);
	for (size_t first = 0; first < N_ELEMENTS(periods); first++) {
		struct emrtd_chain found;
		struct emrtd_trust *trust;

		assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
		for (size_t i = 0; i < N_ELEMENTS(periods); i++)
			assert_int_equal(
			    emrtd_trust_add_der(trust,
				view(
				    periods[(first + i) % N_ELEMENTS(periods)]),
				0, NULL),
			    EMRTD_OK);
		for (int64_t by = -1; by <= 1; by++) {
			assert_int_equal(emrtd_chain_find(trust, crypto, &ds,
					     AT + by, NULL, &found),
			    EMRTD_OK);
			assert_true(found.path[0]->not_before <= AT + by &&
				    AT + by <= found.path[0]->not_after);
		}
		/* None is valid: one of them is still the one that signed. */
		assert_int_equal(emrtd_chain_find(trust, crypto, &ds, 0, NULL,
				     &found),
		    EMRTD_OK);
		assert_non_null(found.path[0]->subject_key_id.ptr);
		emrtd_trust_free(&trust);
	}
	for (size_t i = 0; i < N_ELEMENTS(periods); i++)
		test_bytes_free(&periods[i]);
	test_bytes_free(&ds_der);
	X509_free(signer);
	X509_free(issuer);
}

/* What a test signs is no document, whoever else trusts the key. */
static void
test_markers(void **state)
{
	struct chain_case c = CASE("a marked signer under an unmarked CSCA");

	(void)state;
	c.ds.extra = EMRTD_OID_TEST_MARKER;
	c.want = EMRTD_E_TEST_TRUST;
	expect(c);
	c.what = "the same by name alone";
	c.ds.key_ids = false;
	expect(c);
	c.what = "both marked";
	c.csca.extra = EMRTD_OID_TEST_MARKER;
	c.want = EMRTD_OK;
	expect(c);
	c.what = "a signer without mark under a marked CSCA";
	c.ds.extra = NULL;
	expect(c);
}

/* The Document Signer's certificate in a PEM file. */
static struct test_bytes
pem_der(const char *path)
{
	BIO *bio = BIO_new_file(path, "r");
	struct test_bytes der;
	X509 *x;

	assert_non_null(bio);
	x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_non_null(x);
	der = issue_der(x);
	X509_free(x);
	BIO_free(bio);
	return der;
}

/* Synthetic pairs of another project, in most algorithms that states use. */
static void
foreign_pairs(void **state)
{
	static const char ds_end[] = "__mock_dsc.pem";
	char folder[512], path[1024];
	struct dirent *entry;
	unsigned n = 0;
	DIR *d;

	(void)state;
	test_shared_path(folder, sizeof(folder), "pki/mock/openpassport");
	d = opendir(folder);
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		char *end = strstr(entry->d_name, ds_end);
		struct emrtd_chain found;
		struct emrtd_certificate ds;
		struct emrtd_trust *trust;
		struct test_bytes der;

		if (end == NULL)
			continue;
		test_path(path, sizeof(path), folder, entry->d_name);
		der = pem_der(path);
		(void)snprintf(path, sizeof(path), "%s/%.*s__mock_csca.pem",
		    folder, (int)(end - entry->d_name), entry->d_name);
		assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
		if (emrtd_trust_add_path(trust, path, 0, NULL) != EMRTD_OK) {
			emrtd_trust_free(&trust);
			test_bytes_free(&der);
			continue;
		}
		assert_int_equal(emrtd_certificate_parse(view(der), NULL, &ds),
		    EMRTD_OK);
		if (emrtd_chain_find(trust, crypto, &ds, AT, NULL, &found) !=
		    EMRTD_OK)
			fail_msg("%s", entry->d_name);
		n++;
		emrtd_trust_free(&trust);
		test_bytes_free(&der);
	}
	closedir(d);
	print_message("%u pairs\n", n);
	assert_true(n > 20);
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
		cmocka_unit_test(signer_fitness),
		cmocka_unit_test(extended_usage),
		cmocka_unit_test(csca_fitness),
		cmocka_unit_test(countries),
		cmocka_unit_test(wrong_key),
		cmocka_unit_test(unknown_algorithms),
		cmocka_unit_test(empty_store),
		cmocka_unit_test(one_name_many_keys),
		cmocka_unit_test(one_key_many_periods),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(foreign_pairs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
