/* Revocation lists: what is in them, and what nobody may conclude from them. */
#include "core/cursor.h"
#include "issue_crl.h"
#include "pki/crl.h"
#include "pki/crl_store.h"
#include "pki/pem.h"
#include "test.h"

#include <openssl/pem.h>

#include <stdlib.h>
#include <string.h>

#define MANY 100000

static struct emrtd_crypto *crypto;
static X509 *csca;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static struct issue_crl
spec_of(const struct issue_crl_entry *entries, size_t n)
{
	return (struct issue_crl){ .issuer = csca,
		.key = issue_key("prime256v1"),
		.entries = entries,
		.n_entries = n };
}

static const struct issue_crl_entry two[] = {
	{ "07", NULL, ISSUE_REASON("01") },
	/* since 2024-06-30; dates past what 32 bits of seconds hold */
	{ "02", "20510102030405Z",
	    "3018 0603551D18 0411 180F 32303234303633303030303030305A" },
};

static void
every_field(void **state)
{
	struct issue_crl spec = spec_of(two, 2);
	struct test_bytes der = issue_crl(&spec), spki = issue_spki(spec.key);
	struct emrtd_bytes index[2];
	struct emrtd_crl_entry entry;
	struct emrtd_crl crl;

	(void)state;
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	assert_int_equal(crl.n_entries, 2);
	assert_true(crl.this_update == 1764547200);
	assert_true(crl.has_next_update);
	assert_true(crl.next_update == 1772323200);
	assert_int_equal(crl.authority_key_id.len, 20);
	assert_null(crl.unusable);
	emrtd_crl_index(&crl, index);
	assert_true(emrtd_crl_find(&crl, index,
	    emrtd_bytes((const uint8_t *)"\x07", 1), &entry));
	assert_int_equal(entry.reason, 1);
	assert_true(entry.revoked_at == 1735689600);
	assert_false(entry.has_invalid_since);
	assert_true(emrtd_crl_find(&crl, index,
	    emrtd_bytes((const uint8_t *)"\x02", 1), &entry));
	assert_int_equal(entry.reason, EMRTD_CRL_NO_REASON);
	assert_true(entry.revoked_at == 2556241445);
	assert_true(entry.has_invalid_since);
	assert_true(entry.invalid_since == 1719705600);
	assert_false(emrtd_crl_find(&crl, index,
	    emrtd_bytes((const uint8_t *)"\x03", 1), &entry));
	assert_false(emrtd_crl_find(&crl, index, emrtd_bytes(NULL, 0), &entry));
	assert_int_equal(emrtd_crl_verify(&crl, crypto, view(spki), NULL),
	    EMRTD_OK);
	test_bytes_free(&spki);
	test_bytes_free(&der);
}

static void
without_what_is_optional(void **state)
{
	struct issue_crl spec = spec_of(NULL, 0);
	struct test_bytes der;
	struct emrtd_crl crl;

	(void)state;
	spec.no_version = spec.no_extensions = true;
	spec.next = "";
	der = issue_crl(&spec);
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	assert_int_equal(crl.n_entries, 0);
	assert_false(crl.has_next_update);
	assert_null(crl.authority_key_id.ptr);
	emrtd_crl_index(&crl, NULL);
	test_bytes_free(&der);
}

static void
every_prefix_is_malformed(void **state)
{
	struct issue_crl spec = spec_of(two, 2);
	struct test_bytes der = issue_crl(&spec);
	struct emrtd_crl crl;

	(void)state;
	for (size_t len = 0; len < der.len; len++)
		assert_int_equal(emrtd_crl_parse(emrtd_bytes(der.ptr, len),
				     NULL, &crl),
		    EMRTD_E_MALFORMED);
	der.ptr = realloc(der.ptr, der.len + 1);
	assert_non_null(der.ptr);
	der.ptr[der.len] = 0;
	assert_int_equal(emrtd_crl_parse(emrtd_bytes(der.ptr, der.len + 1),
			     NULL, &crl),
	    EMRTD_E_TRAILING);
	test_bytes_free(&der);
}

/* One oddity each; want is EMRTD_OK when it only makes the list unusable. */
static const struct odd_case {
	const char *what;
	struct issue_crl_entry entry;
	const char *extensions, *version, *updated, *next;
	bool two_algorithms, empty_sequence;
	enum emrtd_error want;
	const char *unusable; /* words of the reason; NULL: it is usable */
} odd[] = {
	{ .what = "version 3", .version = "02", .want = EMRTD_E_MALFORMED },
	{ .what = "a negative version",
	    .version = "FF",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "version 1 in writing", .version = "00" },
	{ .what = "two algorithms", .two_algorithms = true, .unusable = "two" },
	{ .what = "no entries, and their sequence", .empty_sequence = true },
	{ .what = "an empty number",
	    .entry = { "", NULL, NULL },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a day that does not exist",
	    .entry = { "02", "250229000000Z", NULL },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a time without seconds",
	    .entry = { "02", "202501010000Z", NULL },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a reason twice",
	    .entry = { "02", NULL, ISSUE_REASON("01") ISSUE_REASON("04") },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a reason that is no number",
	    .entry = { "02", NULL, "3009 0603551D15 0402 0A00" },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a reason without a value",
	    .entry = { "02", NULL, "3005 0603551D15" },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a day of its invalidity that is no time",
	    .entry = { "02", NULL, "3009 0603551D18 0402 0500" },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a day of its invalidity, and more",
	    .entry = { "02", NULL,
		"301A 0603551D18 0413"
		"180F 32303234303633303030303030305A 0500" },
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a list of a day that does not exist",
	    .updated = "250229000000Z",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "the same, and no next one",
	    .updated = "250229000000Z",
	    .next = "",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a next one of a day that does not exist",
	    .next = "250229000000Z",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "an entry's unknown extension",
	    .entry = { "02", NULL, "3009 06032A0304 0402 0500" } },
	{ .what = "an entry's unknown critical extension",
	    .entry = { "02", NULL, ISSUE_UNKNOWN_CRITICAL },
	    .unusable = "critical" },
	{ .what = "another issuer's entry",
	    .entry = { "02", NULL, "300E 0603551D1D 0101FF 0404 3002 A400" },
	    .unusable = "several issuers" },
	{ .what = "a list's unknown extension",
	    .extensions = "3009 06032A0304 0402 0500" },
	{ .what = "... that says in so many words that it is not critical",
	    .extensions = "300C 06032A0304 010100 0402 0500" },
	{ .what = "a list's unknown critical extension",
	    .extensions = ISSUE_UNKNOWN_CRITICAL,
	    .unusable = "critical" },
	{ .what = "a delta list",
	    .extensions = "300D 0603551D1B 0101FF 0403 020105",
	    .unusable = "changes" },
	{ .what = "a delta list that does not call itself critical",
	    .extensions = "300A 0603551D1B 0403 020105",
	    .unusable = "changes" },
	{ .what = "a list of a part",
	    .extensions = "300F 0603551D1C 0101FF 0405 3003 8101FF",
	    .unusable = "part" },
	{ .what = "the number of the list twice",
	    .extensions = "300A 0603551D14 0403 020101"
			  "300A 0603551D14 0403 020102",
	    .want = EMRTD_E_MALFORMED },
};

static void
oddities(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(odd); i++) {
		const struct odd_case *c = &odd[i];
		struct issue_crl spec = spec_of(&c->entry,
		    c->entry.serial != NULL);
		struct emrtd_crl crl = { .unusable = NULL };
		struct test_bytes der;
		enum emrtd_error e;

		spec.extensions = c->extensions;
		spec.version = c->version;
		spec.updated = c->updated;
		spec.next = c->next;
		spec.two_algorithms = c->two_algorithms;
		spec.empty_sequence = c->empty_sequence;
		der = issue_crl(&spec);
		e = emrtd_crl_parse(view(der), NULL, &crl);
		if (e != c->want ||
		    (crl.unusable != NULL) != (c->unusable != NULL) ||
		    (c->unusable != NULL &&
			strstr(crl.unusable, c->unusable) == NULL))
			fail_msg("%s: %s, '%s'", c->what, emrtd_error_name(e),
			    crl.unusable != NULL ? crl.unusable : "");
		test_bytes_free(&der);
	}
}

/* Which numbers are one certificate's. */
static const struct {
	const char *listed, *asked;
	bool found;
} numbers[] = {
	{ "05", "05", true },
	{ "05", "06", false },
	{ "0005", "05", true },
	{ "05", "000005", true },
	{ "00", "0000", true },
	/* the zero of the sign was forgotten by one of two programs */
	{ "0080", "80", true },
	{ "80", "0080", true },
	{ "FF80", "80", true },
	{ "FF7F", "7F", false },
	{ "0100", "01", false },
	{ "0001", "0100", false },
	{ "112233445566778899AABBCCDDEEFF0011223344",
	    "112233445566778899AABBCCDDEEFF0011223344", true },
	{ "112233445566778899AABBCCDDEEFF0011223344",
	    "112233445566778899AABBCCDDEEFF0011223345", false },
};

static void
numbers_as_issuers_mean_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(numbers); i++) {
		const struct issue_crl_entry entries[] = {
			{ numbers[i].listed, NULL, NULL },
		};
		struct issue_crl spec = spec_of(entries, 1);
		struct test_bytes der = issue_crl(&spec);
		struct test_bytes asked = test_hex(numbers[i].asked);
		struct emrtd_bytes index[1];
		struct emrtd_crl_entry entry;
		struct emrtd_crl crl;

		assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl),
		    EMRTD_OK);
		emrtd_crl_index(&crl, index);
		if (emrtd_crl_find(&crl, index, view(asked), &entry) !=
		    numbers[i].found)
			fail_msg("%s and %s", numbers[i].listed,
			    numbers[i].asked);
		test_bytes_free(&asked);
		test_bytes_free(&der);
	}
}

/* In any order the entry that still revokes is the one that counts. */
static void
one_number_twice(void **state)
{
	static const struct issue_crl_entry entries[] = {
		{ "09", NULL, NULL },
		{ "05", NULL, ISSUE_REASON("08") },
		{ "05", NULL, ISSUE_REASON("01") },
		{ "05", NULL, ISSUE_REASON("08") },
		{ "03", NULL, ISSUE_REASON("08") },
	};
	struct issue_crl spec = spec_of(entries, N_ELEMENTS(entries));
	struct test_bytes der = issue_crl(&spec);
	struct emrtd_bytes index[N_ELEMENTS(entries)];
	struct emrtd_crl_entry entry;
	struct emrtd_crl crl;

	(void)state;
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	emrtd_crl_index(&crl, index);
	assert_true(emrtd_crl_find(&crl, index,
	    emrtd_bytes((const uint8_t *)"\x05", 1), &entry));
	assert_int_equal(entry.reason, 1);
	assert_true(emrtd_crl_find(&crl, index,
	    emrtd_bytes((const uint8_t *)"\x03", 1), &entry));
	assert_int_equal(entry.reason, EMRTD_CRL_REMOVED);
	test_bytes_free(&der);
}

/* Entries in disorder: the i-th has the number i * 7919 modulo a prime. */
static void
a_hundred_thousand_entries(void **state)
{
	struct issue_crl_entry *entries = calloc(MANY, sizeof(*entries));
	char(*serials)[9] = calloc(MANY, sizeof(*serials));
	struct emrtd_bytes *index = calloc(MANY, sizeof(*index));
	struct issue_crl spec = spec_of(entries, MANY);
	struct emrtd_crl_entry entry;
	struct test_bytes der;
	struct emrtd_crl crl;

	(void)state;
	assert_true(entries != NULL && serials != NULL && index != NULL);
	for (uint32_t i = 0; i < MANY; i++) {
		(void)snprintf(serials[i], sizeof(serials[i]), "%08X",
		    2 * (unsigned)((uint64_t)i * 7919 % 100003));
		entries[i].serial = serials[i];
	}
	der = issue_crl(&spec);
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	assert_int_equal(crl.n_entries, MANY);
	emrtd_crl_index(&crl, index);
	for (size_t i = 0; i < MANY; i++) {
		struct test_bytes serial = test_hex(serials[i]);

		if (!emrtd_crl_find(&crl, index, view(serial), &entry))
			fail_msg("%s is not found", serials[i]);
		serial.ptr[3] |= 1; /* the odd ones are not listed */
		assert_false(emrtd_crl_find(&crl, index, view(serial), &entry));
		test_bytes_free(&serial);
	}
	test_bytes_free(&der);
	free(index);
	free(serials);
	free(entries);
}

static void
any_changed_byte_breaks_the_signature(void **state)
{
	struct issue_crl spec = spec_of(two, 2);
	struct test_bytes der = issue_crl(&spec), spki = issue_spki(spec.key);
	struct test_bytes other = issue_spki(issue_key("prime256v1 b"));
	struct emrtd_crl crl;

	(void)state;
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	assert_int_equal(emrtd_crl_verify(&crl, crypto, view(other), NULL),
	    EMRTD_E_SIGNATURE);
	for (size_t i = 0; i < der.len; i++) {
		der.ptr[i] ^= 1;
		if (emrtd_crl_parse(view(der), NULL, &crl) == EMRTD_OK &&
		    emrtd_crl_verify(&crl, crypto, view(spki), NULL) ==
			EMRTD_OK)
			fail_msg("byte %zu", i);
		der.ptr[i] ^= 1;
	}
	test_bytes_free(&other);
	test_bytes_free(&spki);
	test_bytes_free(&der);
}

/* Truth from outside: each entry of OpenSSL's lists, and what lies between. */
static void
openssl_agrees(void **state)
{
	EVP_PKEY *key = issue_key("prime256v1");
	X509_CRL *theirs = issue_crl_openssl(csca, key, "20251201000000Z",
	    "20510301000000Z", 100, 300);
	struct test_bytes der = { NULL, 0 }, spki = issue_spki(key);
	struct emrtd_bytes index[300];
	struct emrtd_crl crl;
	int len = i2d_X509_CRL(theirs, &der.ptr);

	(void)state;
	der.len = (size_t)len;
	assert_int_equal(emrtd_crl_parse(view(der), NULL, &crl), EMRTD_OK);
	assert_int_equal(X509_CRL_verify(theirs, key), 1);
	assert_int_equal(emrtd_crl_verify(&crl, crypto, view(spki), NULL),
	    EMRTD_OK);
	assert_true(crl.next_update == 2561241600);
	emrtd_crl_index(&crl, index);
	for (long serial = 0; serial < 1000; serial++) {
		const uint8_t ours[] = { 0, (uint8_t)(serial >> 8),
			(uint8_t)serial };
		ASN1_INTEGER *number = ASN1_INTEGER_new();
		struct emrtd_crl_entry entry;
		X509_REVOKED *r = NULL;

		ASN1_INTEGER_set(number, serial);
		assert_int_equal(emrtd_crl_find(&crl, index,
				     emrtd_bytes(ours, sizeof(ours)), &entry),
		    X509_CRL_get0_by_serial(theirs, &r, number) != 0);
		ASN1_INTEGER_free(number);
	}
	OPENSSL_free(der.ptr);
	test_bytes_free(&spki);
	X509_CRL_free(theirs);
}

/* ... and OpenSSL reads ours as we do. */
static void
openssl_reads_ours(void **state)
{
	struct issue_crl spec = spec_of(two, 2);
	struct test_bytes der = issue_crl(&spec);
	const unsigned char *at = der.ptr;
	X509_CRL *theirs = d2i_X509_CRL(NULL, &at, (long)der.len);

	(void)state;
	assert_non_null(theirs);
	assert_int_equal(X509_CRL_verify(theirs, spec.key), 1);
	assert_int_equal(X509_CRL_get_version(theirs), X509_CRL_VERSION_2);
	assert_int_equal(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(theirs)), 2);
	X509_CRL_free(theirs);
	test_bytes_free(&der);
}

static void
known_by_its_first_elements(void **state)
{
	struct issue_crl spec = spec_of(NULL, 0);
	struct test_bytes der, certificate = issue_der(csca);

	(void)state;
	der = issue_crl(&spec);
	assert_true(emrtd_crl_is(view(der)));
	test_bytes_free(&der);
	spec.no_version = true;
	der = issue_crl(&spec);
	assert_true(emrtd_crl_is(view(der)));
	assert_false(emrtd_crl_is(view(certificate)));
	assert_false(emrtd_crl_is(emrtd_bytes(der.ptr, 8)));
	assert_false(emrtd_crl_is(emrtd_bytes(NULL, 0)));
	test_bytes_free(&certificate);
	test_bytes_free(&der);
}

static void
pem_of_both_kinds(void **state)
{
	X509_CRL *theirs = issue_crl_openssl(csca, issue_key("prime256v1"),
	    "20251201000000Z", "20260301000000Z", 5, 1);
	BIO *bio = BIO_new(BIO_s_mem());
	struct emrtd_bytes text;
	struct emrtd_out der = emrtd_out(malloc(8192), 8192);
	char *data;
	long len;

	(void)state;
	assert_int_equal(PEM_write_bio_X509_CRL(bio, theirs), 1);
	assert_int_equal(PEM_write_bio_X509(bio, csca), 1);
	len = BIO_get_mem_data(bio, &data);
	text = emrtd_bytes((const uint8_t *)data, (size_t)len);
	assert_true(emrtd_pem_is(text));
	assert_int_equal(emrtd_pem_next(&text, &der), EMRTD_OK);
	assert_true(emrtd_crl_is(emrtd_out_bytes(&der)));
	assert_int_equal(emrtd_pem_next(&text, &der), EMRTD_OK);
	assert_false(emrtd_crl_is(emrtd_out_bytes(&der)));
	assert_int_equal(emrtd_pem_next(&text, &der), EMRTD_E_NOT_FOUND);
	/* the end line of the other kind is none */
	text = emrtd_bytes_text("-----BEGIN X509 CRL-----\nMAA=\n"
				"-----END CERTIFICATE-----\n");
	assert_int_equal(emrtd_pem_next(&text, &der), EMRTD_E_MALFORMED);
	free(der.ptr);
	BIO_free(bio);
	X509_CRL_free(theirs);
}

static int
setup(void **state)
{
	struct issue_spec spec = { .subject = "/C=UT/CN=Country",
		.key = issue_key("prime256v1"),
		.signer = issue_key("prime256v1"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.serial = 1,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };

	(void)state;
	csca = issue_certificate(&spec);
	return emrtd_crypto_new(NULL, &crypto) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	X509_free(csca);
	emrtd_crypto_free(&crypto);
	return issue_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field),
		cmocka_unit_test(without_what_is_optional),
		cmocka_unit_test(every_prefix_is_malformed),
		cmocka_unit_test(oddities),
		cmocka_unit_test(numbers_as_issuers_mean_them),
		cmocka_unit_test(one_number_twice),
		cmocka_unit_test(a_hundred_thousand_entries),
		cmocka_unit_test(any_changed_byte_breaks_the_signature),
		cmocka_unit_test(openssl_agrees),
		cmocka_unit_test(openssl_reads_ours),
		cmocka_unit_test(known_by_its_first_elements),
		cmocka_unit_test(pem_of_both_kinds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
