/*
 * CSCA and link certificates as states publish them, without the folder of
 * which this is skipped: with the self-signed ones as anchors and the others
 * for paths only, who vouches for whom, by us and by X509_verify_cert.
 */
#include "issue_openssl.h"
#include "pki/chain.h"
#include "test.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <string.h>

static struct emrtd_crypto *crypto;

/* All of a PEM file, anchors and others, before both judges. */
struct court {
	struct emrtd_trust *trust;
	X509_STORE *anchors;
	STACK_OF(X509) * others;
	size_t n_self_signed, n_others;
};

/* By signature: some states call a link by the name of its issuer. */
static bool
is_self_signed(X509 *x)
{
	bool good = X509_NAME_cmp(X509_get_issuer_name(x),
			X509_get_subject_name(x)) == 0 &&
		    X509_verify(x, X509_get0_pubkey(x)) == 1;

	ERR_clear_error();
	return good;
}

static void
add(struct court *c, X509 *x)
{
	bool anchor = is_self_signed(x);
	struct test_bytes der = issue_der(x);
	size_t before = emrtd_trust_count(c->trust);

	assert_int_equal(emrtd_trust_add_der(c->trust,
			     emrtd_bytes(der.ptr, der.len),
			     anchor ? 0 : EMRTD_TRUST_PATH_ONLY, NULL),
	    EMRTD_OK);
	if (emrtd_trust_count(c->trust) > before) {
		if (anchor)
			assert_int_equal(X509_STORE_add_cert(c->anchors, x), 1);
		else
			assert_true(sk_X509_push(c->others, x) > 0);
		c->n_self_signed += anchor;
		c->n_others += !anchor;
		if (!anchor)
			X509_up_ref(x);
	}
	X509_free(x);
	test_bytes_free(&der);
}

static int
excuse_explicit_curves(int good, X509_STORE_CTX *ctx)
{
	return good || X509_STORE_CTX_get_error(ctx) ==
			   X509_V_ERR_EC_KEY_EXPLICIT_PARAMS;
}

static bool
openssl_accepts(const struct court *c, struct emrtd_bytes der, int64_t at)
{
	const unsigned char *p = der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)der.len);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good;

	assert_non_null(x);
	assert_int_equal(X509_STORE_CTX_init(ctx, c->anchors, x, c->others), 1);
	X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
	X509_STORE_CTX_set_verify_cb(ctx, excuse_explicit_curves);
	good = X509_verify_cert(ctx) == 1;
	X509_STORE_CTX_free(ctx);
	X509_free(x);
	ERR_clear_error();
	return good;
}

static void
load(struct court *c)
{
	char path[512];
	BIO *bio;
	X509 *x;

	memset(c, 0, sizeof(*c));
	test_shared_path(path, sizeof(path),
	    "pki/ml/NFCPassportReader_masterList.pem");
	c->anchors = X509_STORE_new();
	c->others = sk_X509_new_null();
	assert_int_equal(emrtd_trust_new(NULL, &c->trust), EMRTD_OK);
	bio = BIO_new_file(path, "r");
	assert_non_null(bio);
	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		add(c, x);
	ERR_clear_error();
	BIO_free(bio);
}

static bool
is_ca(const struct emrtd_certificate *c)
{
	return c->is_ca && c->has_key_usage && (c->key_usage & 1u << 5) != 0;
}

/*
 * Each certificate that is no anchor, at the instant at which it was issued:
 * whatever OpenSSL finds a chain for we find one for; and what we find one for
 * was signed as it says.
 */
static void
links_of_a_list(void **state)
{
	size_t n_ours = 0, n_theirs = 0, n_no_ca = 0;
	const struct emrtd_certificate *ca;
	struct court court;

	(void)state;
	load(&court);
	for (size_t i = 0; (ca = emrtd_trust_at(court.trust, i)) != NULL; i++) {
		struct emrtd_chain chain = { .n = 0 };
		enum emrtd_error error;
		bool theirs;

		if (emrtd_trust_is_anchor(court.trust, i))
			continue;
		error = emrtd_chain_vouch(court.trust, crypto, ca,
		    ca->not_before, NULL, &chain);
		theirs = openssl_accepts(&court, ca->der, ca->not_before);
		n_ours += error == EMRTD_OK;
		n_theirs += theirs;
		/* OpenSSL does not ask whether the last one is a CA. */
		if (theirs && !is_ca(ca)) {
			n_no_ca += error == EMRTD_E_CERTIFICATE;
		} else if (theirs && error != EMRTD_OK) {
			char name[EMRTD_NAME_CAP];

			emrtd_name_text(ca->subject, name);
			fail_msg("%s: %s", name, emrtd_error_name(error));
		}
		for (size_t k = 0; k + 1 < chain.n; k++)
			assert_int_equal(emrtd_certificate_verify(chain.path[k],
					     crypto, chain.path[k + 1]->spki,
					     NULL),
			    EMRTD_OK);
		if (error == EMRTD_OK)
			assert_true(chain.n >= 2);
	}
	print_message("%zu self-signed, %zu others: %zu lead to an anchor, "
		      "for OpenSSL %zu (%zu no CA)\n",
	    court.n_self_signed, court.n_others, n_ours, n_theirs, n_no_ca);
	assert_int_equal(court.n_self_signed + court.n_others, 720);
	assert_int_equal(court.n_self_signed, 478);
	/* Three are no CAs by what they say; four have no issuer here. */
	assert_int_equal(n_ours, court.n_others - 7);
	assert_int_equal(n_no_ca, 3);
	emrtd_trust_free(&court.trust);
	X509_STORE_free(court.anchors);
	sk_X509_pop_free(court.others, X509_free);
}

/* Indonesia: the keys of 2016 and 2020, each linked to the one before. */
static void
roll_over(void **state)
{
	static const char *const folder = "pki/certs/gmrtd_IDN_2010_SERIES_"
					  "CSCA_CERT_";
	static const struct {
		const char *anchor, *link;
	} rows[] = {
		{ "2010-12_CSCA.cer", "2016-01_CSCA_LINK.cer" },
		{ "2016-01_CSCA.cer", "2020-10_CSCA_LINK.cer" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		char name[128], path[512];
		const struct emrtd_certificate *link;
		struct emrtd_chain chain;
		struct emrtd_trust *trust;

		assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
		(void)snprintf(name, sizeof(name), "%s%s", folder,
		    rows[i].link);
		test_shared_path(path, sizeof(path), name);
		assert_int_equal(emrtd_trust_add_path(trust, path,
				     EMRTD_TRUST_PATH_ONLY, NULL),
		    EMRTD_OK);
		link = emrtd_trust_at(trust, 0);
		assert_int_equal(emrtd_chain_vouch(trust, crypto, link,
				     link->not_before, NULL, &chain),
		    EMRTD_E_NO_ANCHOR);
		(void)snprintf(name, sizeof(name), "%s%s", folder,
		    rows[i].anchor);
		test_shared_path(path, sizeof(path), name);
		assert_int_equal(emrtd_trust_add_path(trust, path, 0, NULL),
		    EMRTD_OK);
		assert_int_equal(emrtd_chain_vouch(trust, crypto, link,
				     link->not_before, NULL, &chain),
		    EMRTD_OK);
		assert_int_equal(chain.n, 2);
		assert_null(emrtd_chain_outdated(&chain, link->not_before));
		emrtd_trust_free(&trust);
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
	(void)state;
	emrtd_crypto_free(&crypto);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_of_a_list),
		cmocka_unit_test(roll_over),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
