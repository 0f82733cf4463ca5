#include "issue_openssl.h"
#include "pki/chain.h"
#include "test.h"

#include <openssl/pem.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_CERTIFICATES 3
#define BROKEN_PEM \
	"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"

/* A folder of our own with files in it, and what the files are made of. */
struct place {
	char folder[64];
	X509 *certificates[N_CERTIFICATES], *test;
	struct emrtd_trust *trust;
};

static X509 *
certificate(const char *subject, const char *extra)
{
	struct issue_spec spec = { .subject = subject,
		.key = issue_key("prime256v1"),
		.signer = issue_key("prime256v1"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.serial = 1,
		.constraints = "critical,CA:TRUE",
		.usage = "critical,keyCertSign",
		.key_ids = true,
		.extra = extra };

	return issue_certificate(&spec);
}

static int
setup(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	(void)snprintf(p.folder, sizeof(p.folder), "/tmp/mrtd-trust-XXXXXX");
	if (mkdtemp(p.folder) == NULL)
		return -1;
	p.certificates[0] = certificate("/C=UT/CN=One", NULL);
	p.certificates[1] = certificate("/C=UT/CN=Two", NULL);
	p.certificates[2] = certificate("/C=XX/CN=Three", NULL);
	p.test = certificate("/C=UT/CN=Test", EMRTD_OID_TEST_MARKER);
	*state = &p;
	return emrtd_trust_new(NULL, &p.trust) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -r '%s'", p->folder);
	for (size_t i = 0; i < N_CERTIFICATES; i++)
		X509_free(p->certificates[i]);
	X509_free(p->test);
	emrtd_trust_free(&p->trust);
	assert_null(p->trust);
	emrtd_trust_free(&p->trust);
	return system(command);
}

/* A file of the folder; the path is valid until the next call. */
static const char *
file_of(const struct place *p, const char *name, const void *data, size_t len)
{
	static char path[128];
	FILE *f;

	test_path(path, sizeof(path), p->folder, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path;
}

static const char *
der_file(const struct place *p, const char *name, X509 *x)
{
	struct test_bytes der = issue_der(x);
	const char *path = file_of(p, name, der.ptr, der.len);

	test_bytes_free(&der);
	return path;
}

/* PEM of n certificates with text around them, then 'more'. */
static const char *
pem_file(const struct place *p, const char *name, X509 *const *x, size_t n,
    const char *more)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *path;
	char *text;
	long len;

	for (size_t i = 0; i < n; i++) {
		BIO_printf(bio, "# certificate %zu\r\n", i);
		assert_int_equal(PEM_write_bio_X509(bio, x[i]), 1);
	}
	BIO_printf(bio, "%s", more);
	len = BIO_get_mem_data(bio, &text);
	path = file_of(p, name, text, (size_t)len);
	BIO_free(bio);
	return path;
}

static void
der_and_pem(void **state)
{
	struct place *p = *state;
	const char *path = der_file(p, "one.cer", p->certificates[0]);
	struct emrtd_trust *t = p->trust;
	const struct emrtd_certificate *c;
	char text[EMRTD_NAME_CAP];

	assert_null(emrtd_trust_at(t, 0));
	assert_null(emrtd_trust_at(NULL, 0));
	assert_int_equal(emrtd_trust_add_path(t, path, 0, NULL), EMRTD_OK);
	assert_int_equal(emrtd_trust_count(t), 1);
	c = emrtd_trust_at(t, 0);
	/* The first one is in it again, and is not added again. */
	path = pem_file(p, "all.pem", p->certificates, N_CERTIFICATES, "");
	assert_int_equal(emrtd_trust_add_file(t, path, 0, NULL), EMRTD_OK);
	assert_int_equal(emrtd_trust_count(t), N_CERTIFICATES);
	assert_ptr_equal(emrtd_trust_at(t, 0), c);
	emrtd_name_text(emrtd_trust_at(t, 2)->subject, text);
	assert_string_equal(text, "C=XX, CN=Three");
	assert_null(emrtd_trust_at(t, N_CERTIFICATES));
}

static void
folder(void **state)
{
	struct place *p = *state;

	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder, 0, NULL),
	    EMRTD_E_NOT_FOUND);
	(void)der_file(p, "one.CER", p->certificates[0]);
	(void)der_file(p, "two.der", p->certificates[1]);
	(void)pem_file(p, "three.crt", &p->certificates[2], 1, "");
	(void)file_of(p, "README.txt", "not a certificate", 17);
	(void)file_of(p, ".hidden.pem", "not a certificate", 17);
	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder, 0, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_count(p->trust), N_CERTIFICATES);
}

/* What is found first does not depend on how a folder happens to be stored. */
static void
folder_in_order_of_names(void **state)
{
	static const char *const file_names[N_CERTIFICATES] = { "b.cer",
		"c.cer", "a.cer" };
	static const char *const want[N_CERTIFICATES] = { "C=XX, CN=Three",
		"C=UT, CN=One", "C=UT, CN=Two" };
	struct place *p = *state;

	for (size_t i = 0; i < N_CERTIFICATES; i++)
		(void)der_file(p, file_names[i], p->certificates[i]);
	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder, 0, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_count(p->trust), N_CERTIFICATES);
	for (size_t i = 0; i < N_CERTIFICATES; i++) {
		char text[EMRTD_NAME_CAP];

		emrtd_name_text(emrtd_trust_at(p->trust, i)->subject, text);
		assert_string_equal(text, want[i]);
	}
}

/* One bad file, and nothing of the folder is trusted. */
static void
all_or_nothing(void **state)
{
	struct place *p = *state;
	struct emrtd_diag diag;
	const char *path;

	path = pem_file(p, "one.pem", p->certificates, 2, BROKEN_PEM);
	assert_int_equal(emrtd_trust_add_file(p->trust, path, 0, &diag),
	    EMRTD_E_MALFORMED);
	assert_int_equal(emrtd_trust_count(p->trust), 0);
	assert_non_null(strstr(diag.detail, "one.pem"));
	(void)der_file(p, "three.cer", p->certificates[2]);
	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder, 0, NULL),
	    EMRTD_E_MALFORMED);
	assert_int_equal(emrtd_trust_count(p->trust), 0);
}

static void
bad_files(void **state)
{
	static const struct {
		const char *text;
		enum emrtd_error want;
	} cases[] = {
		{ "", EMRTD_E_MALFORMED },
		{ "hello", EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\n", EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\nMAA=\n", EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\nMA\n-----END CERTIFICATE-----",
		    EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\nMA==MAA=\n"
		  "-----END CERTIFICATE-----",
		    EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\nM===\n"
		  "-----END CERTIFICATE-----",
		    EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\n*AAA\n"
		  "-----END CERTIFICATE-----",
		    EMRTD_E_MALFORMED },
		{ "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
		    EMRTD_E_MALFORMED },
	};
	struct place *p = *state;

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		const char *path = file_of(p, "bad.pem", cases[i].text,
		    strlen(cases[i].text));

		assert_int_equal(emrtd_trust_add_path(p->trust, path, 0, NULL),
		    cases[i].want);
	}
	assert_int_equal(emrtd_trust_add_path(p->trust, "/nowhere", 0, NULL),
	    EMRTD_E_NOT_FOUND);
	assert_int_equal(emrtd_trust_count(p->trust), 0);
}

static void
trailing_bytes(void **state)
{
	struct place *p = *state;
	struct test_bytes der = issue_der(p->certificates[0]);
	uint8_t *longer = calloc(1, der.len + 1);

	memcpy(longer, der.ptr, der.len);
	assert_int_equal(emrtd_trust_add_path(p->trust,
			     file_of(p, "x.cer", longer, der.len + 1), 0, NULL),
	    EMRTD_E_TRAILING);
	assert_int_equal(emrtd_trust_add_path(p->trust,
			     file_of(p, "x.cer", der.ptr, der.len - 1), 0,
			     NULL),
	    EMRTD_E_MALFORMED);
	free(longer);
	test_bytes_free(&der);
}

static void
test_certificates(void **state)
{
	struct place *p = *state;
	X509 *both[2] = { p->certificates[0], p->test };
	struct emrtd_diag diag;
	const char *path;

	/* One that went with the call that added it makes no test of it. */
	path = pem_file(p, "broken.pem", &p->test, 1, BROKEN_PEM);
	assert_int_equal(emrtd_trust_add_file(p->trust, path,
			     EMRTD_TRUST_ALLOW_TEST, NULL),
	    EMRTD_E_MALFORMED);
	assert_int_equal(emrtd_trust_count(p->trust), 0);
	assert_false(emrtd_trust_has_test(p->trust));
	assert_int_equal(unlink(path), 0);
	path = pem_file(p, "both.pem", both, 2, "");
	assert_int_equal(emrtd_trust_add_file(p->trust, path, 0, &diag),
	    EMRTD_E_TEST_TRUST);
	assert_non_null(strstr(diag.detail, "CN=Test"));
	assert_int_equal(emrtd_trust_count(p->trust), 0);
	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder, 0, NULL),
	    EMRTD_E_TEST_TRUST);
	assert_int_equal(emrtd_trust_count(p->trust), 0);
	assert_int_equal(emrtd_trust_add_path(p->trust, p->folder,
			     EMRTD_TRUST_ALLOW_TEST, NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_count(p->trust), 2);
	assert_true(emrtd_trust_has_test(p->trust));
	assert_false(emrtd_trust_at(p->trust, 0)->is_test);
	assert_true(emrtd_trust_at(p->trust, 1)->is_test);
}

/* An anchor serves for paths, too; what is for paths only is no anchor. */
static void
anchors_and_paths(void **state)
{
	struct place *p = *state;
	struct emrtd_trust *t = p->trust;
	const char *path = der_file(p, "one.cer", p->certificates[0]);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(emrtd_trust_add_path(t, path,
				     EMRTD_TRUST_PATH_ONLY, NULL),
		    EMRTD_OK);
		assert_int_equal(emrtd_trust_count(t), 1);
		assert_false(emrtd_trust_is_anchor(t, 0));
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(emrtd_trust_add_path(t, path, 0, NULL),
		    EMRTD_OK);
		assert_int_equal(emrtd_trust_count(t), 2);
		assert_true(emrtd_trust_is_anchor(t, 1));
	}
	assert_int_equal(emrtd_trust_add_path(t, path, EMRTD_TRUST_PATH_ONLY,
			     NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_count(t), 2);
	assert_false(emrtd_trust_is_anchor(t, 0));
	assert_false(emrtd_trust_is_anchor(t, 2));
	assert_false(emrtd_trust_is_anchor(NULL, 0));
	/* Marked as a test's, it is refused for paths, too. */
	assert_false(emrtd_trust_has_test(t));
	path = der_file(p, "test.cer", p->test);
	assert_int_equal(emrtd_trust_add_path(t, path, EMRTD_TRUST_PATH_ONLY,
			     NULL),
	    EMRTD_E_TEST_TRUST);
	assert_int_equal(emrtd_trust_add_path(t, path,
			     EMRTD_TRUST_PATH_ONLY | EMRTD_TRUST_ALLOW_TEST,
			     NULL),
	    EMRTD_OK);
	assert_true(emrtd_trust_has_test(t));
	assert_false(emrtd_trust_has_test(NULL));
}

static size_t
walk(const struct emrtd_trust *t, enum emrtd_trust_key key,
    struct emrtd_bytes value)
{
	struct emrtd_trust_walk w;
	size_t n = 0, i, last = 0;

	emrtd_trust_walk(t, key, value, &w);
	while (emrtd_trust_next(&w, &i)) {
		assert_true(n == 0 || i > last);
		last = i;
		n++;
	}
	assert_false(emrtd_trust_next(&w, &i));
	return n;
}

/*
 * Found by each of their keys, in the order in which they came, also when the
 * tables grew, and not any more when the call that added them failed.
 */
static void
found_by_keys(void **state)
{
	static const struct emrtd_bytes none = { NULL, 0 };
	struct place *p = *state;
	struct emrtd_trust *t = p->trust;
	const struct emrtd_certificate *c;
	X509 *many[200];

	for (size_t i = 0; i < N_ELEMENTS(many); i++) {
		many[i] = X509_dup(p->certificates[i % 2]);
		assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(
						      many[i]),
				     1000 + (long)i),
		    1);
		assert_true(X509_sign(many[i], issue_key("prime256v1"),
				EVP_sha256()) > 0);
	}
	assert_int_equal(emrtd_trust_add_file(t,
			     pem_file(p, "many.pem", many, N_ELEMENTS(many),
				 "-----BEGIN CERTIFICATE-----\nMAA=\n"
				 "-----END CERTIFICATE-----\n"),
			     0, NULL),
	    EMRTD_E_MALFORMED);
	assert_int_equal(emrtd_trust_count(t), 0);
	assert_int_equal(emrtd_trust_add_file(t,
			     pem_file(p, "three.pem", p->certificates,
				 N_CERTIFICATES, ""),
			     0, NULL),
	    EMRTD_OK);
	c = emrtd_trust_at(t, 0);
	assert_int_equal(walk(t, EMRTD_TRUST_BY_NAME, c->subject), 1);
	assert_int_equal(
	    emrtd_trust_add_file(t,
		pem_file(p, "many.pem", many, N_ELEMENTS(many), ""), 0, NULL),
	    EMRTD_OK);
	assert_int_equal(walk(t, EMRTD_TRUST_BY_NAME, c->subject), 101);
	/* All of them have one key. */
	assert_int_equal(walk(t, EMRTD_TRUST_BY_KEY_ID, c->subject_key_id),
	    N_ELEMENTS(many) + N_CERTIFICATES);
	for (size_t i = N_CERTIFICATES; (c = emrtd_trust_at(t, i)) != NULL;
	     i++) {
		assert_int_equal(walk(t, EMRTD_TRUST_BY_SERIAL, c->serial), 1);
		assert_ptr_equal(emrtd_trust_signer(t, c->issuer, c->serial,
				     none, 0),
		    c);
	}
	c = emrtd_trust_at(t, 0);
	assert_ptr_equal(emrtd_trust_signer(t, none, none, c->subject_key_id,
			     0),
	    c);
	assert_ptr_equal(emrtd_trust_signer(t, none, none, c->subject_key_id,
			     1),
	    emrtd_trust_at(t, 1));
	assert_null(emrtd_trust_signer(t, none, c->serial, none, 0));
	assert_null(emrtd_trust_signer(NULL, c->issuer, c->serial, none, 0));
	assert_int_equal(walk(t, EMRTD_TRUST_BY_KEY_ID, none), 0);
	for (size_t i = 0; i < N_ELEMENTS(many); i++)
		X509_free(many[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(der_and_pem),
		TEST(folder),
		TEST(folder_in_order_of_names),
		TEST(all_or_nothing),
		TEST(bad_files),
		TEST(trailing_bytes),
		TEST(test_certificates),
		TEST(anchors_and_paths),
		TEST(found_by_keys),
	};

	return cmocka_run_group_tests(tests, NULL, issue_teardown);
}
