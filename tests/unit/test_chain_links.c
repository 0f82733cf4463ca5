/*
 * Chains over link certificates, and what must not pass for one. Each case is
 * put to X509_verify_cert, too: where it decides otherwise the case says why.
 */
#include "issue_openssl.h"
#include "pki/chain.h"
#include "test.h"

#include <openssl/x509_vfy.h>

#include <string.h>

#define AT       1767225600 /* 2026-01-01 */
#define N_MADE   8
#define COUNTRY  "/C=UT/CN=Country"
#define RENAMED  "/C=UT/CN=New Country"
#define THIRD    "/C=UT/CN=Third"
#define SIGNER   "/C=UT/CN=Signer"
#define CA       "critical,CA:TRUE,pathlen:0"
#define CA_USAGE "critical,keyCertSign,cRLSign"
#define DS_USAGE "critical,digitalSignature"

static struct emrtd_crypto *crypto;

enum place {
	NOWHERE = 0,
	ANCHOR,
	PATH
};

/* A certificate: keys are letters. */
struct made {
	enum place place;
	char key, issuer_key;
	char signed_by; /* when it is not the issuer's key */
	const char *subject, *issuer;
	const char *constraints, *usage; /* NULL: those of a CSCA; "": none */
	const char *extra;
	bool no_key_ids;
	const char *not_before, *not_after;
};

struct chain_case {
	const char *what;
	struct made ds; /* subject, issuer, keys; the rest has a default */
	struct made made[N_MADE];
	enum emrtd_error want;
	size_t n;            /* of the chain */
	size_t n_vouched;    /* links that are good, though no chain is */
	size_t n_dead;       /* of a good chain: lead nowhere themselves */
	const char *openssl; /* why it decides otherwise; NULL: it does not */
};

#define LINK_PERIOD "20250101000000Z", "20351231235959Z"

static const struct chain_case cases[] = {
	{ .what = "no link needed",
	    .ds = { .issuer_key = 'a' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .n = 1 },
	{ .what = "new key signed by old",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' } },
	    .n = 2 },
	{ .what = "old key signed by new",
	    .ds = { .issuer_key = 'a' },
	    .made = { { .place = ANCHOR, .key = 'b', .issuer_key = 'b' },
		{ .place = PATH, .key = 'a', .issuer_key = 'b' } },
	    .n = 2 },
	{ .what = "by names alone",
	    .ds = { .issuer_key = 'b', .no_key_ids = true },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .no_key_ids = true },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .no_key_ids = true } },
	    .n = 2,
	    .openssl = "the first issuer of that name is taken" },
	{ .what = "the anchor itself is better than a link to another one",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'b', .issuer_key = 'b' } },
	    .n = 1 },
	{ .what = "the link itself is pinned",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'b', .issuer_key = 'a' } },
	    .n = 1 },
	{ .what = "a new name with a new key",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY,
		    .extra = "2.23.136.1.1.6.1" } },
	    .n = 2,
	    .openssl = "a name change counts for its path length" },
	{ .what = "a new name, and nothing says so",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY } },
	    .n_vouched = 1,
	    .want = EMRTD_E_CERTIFICATE },
	{ .what = "a new name that nothing says, and whose key nobody trusts",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'b',
		    .subject = RENAMED } },
	    .n_vouched = 1,
	    .n_dead = 1,
	    .want = EMRTD_E_NO_ANCHOR },
	{ .what = "... which has yet another name of its own",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'b',
		    .subject = THIRD } },
	    .n_vouched = 1,
	    .n_dead = 1,
	    .want = EMRTD_E_NO_ANCHOR },
	{ .what = "that name, and a CSCA of it without the key",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'b',
		    .signed_by = 'c',
		    .subject = THIRD } },
	    .want = EMRTD_E_CERTIFICATE,
	    .n_vouched = 1 },
	{ .what = "a CSCA of that name with another key",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY },
		{ .place = PATH,
		    .key = 'c',
		    .issuer_key = 'c',
		    .subject = RENAMED } },
	    .want = EMRTD_E_CERTIFICATE,
	    .n_vouched = 1 },
	{ .what = "a CSCA of that key that did not sign itself",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'b',
		    .signed_by = 'c',
		    .subject = RENAMED } },
	    .want = EMRTD_E_CERTIFICATE,
	    .n_vouched = 1 },
	{ .what = "a sub-CA, where the CSCA may have one",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .constraints = "critical,CA:TRUE,pathlen:1" },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY } },
	    .n = 2 },
	{ .what = "two sub-CAs, where the CSCA may have one",
	    .ds = { .issuer_key = 'c', .issuer = THIRD },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .constraints = "critical,CA:TRUE,pathlen:1" },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY,
		    .constraints = "critical,CA:TRUE" },
		{ .place = PATH,
		    .key = 'c',
		    .issuer_key = 'b',
		    .subject = THIRD,
		    .issuer = RENAMED } },
	    .n_vouched = 2,
	    .want = EMRTD_E_CERTIFICATE },
	{ .what = "a sub-CA that nobody calls a CA",
	    .ds = { .issuer_key = 'b', .issuer = RENAMED },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .constraints = "critical,CA:TRUE" },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = RENAMED,
		    .issuer = COUNTRY,
		    .constraints = "" } },
	    .want = EMRTD_E_CERTIFICATE },
	{ .what = "a link without basic constraints, as some states have it",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .constraints = "CA:FALSE" } },
	    .n = 2,
	    .openssl = "key usage says that it is a CA, cA does not" },
	{ .what = "a Document Signer that signs another one",
	    .ds = { .issuer_key = 'b', .issuer = "/C=UT/CN=Other Signer" },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = "/C=UT/CN=Other Signer",
		    .issuer = COUNTRY,
		    .constraints = "",
		    .usage = DS_USAGE } },
	    .want = EMRTD_E_CERTIFICATE },
	{ .what = "a link that its CSCA did not sign",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .signed_by = 'c' } },
	    .want = EMRTD_E_SIGNATURE },
	{ .what = "a signer that its link did not certify accuses nobody",
	    .ds = { .issuer_key = 'b', .signed_by = 'c' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' } },
	    .n_vouched = 1,
	    .want = EMRTD_E_NO_ANCHOR },
	{ .what = "a link of another country",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .subject = "/C=XX/CN=Country",
			  .issuer = "/C=XX/CN=Country" },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .issuer = "/C=XX/CN=Country",
		    .extra = "2.23.136.1.1.6.1" } },
	    .want = EMRTD_E_COUNTRY },
	{ .what = "another country behind a link that names none",
	    .ds = { .issuer_key = 'b', .issuer = "/CN=Nowhere" },
	    .made = { { .place = ANCHOR,
			  .key = 'a',
			  .issuer_key = 'a',
			  .subject = "/C=XX/CN=Country",
			  .issuer = "/C=XX/CN=Country" },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .subject = "/CN=Nowhere",
		    .issuer = "/C=XX/CN=Country",
		    .extra = "2.23.136.1.1.6.1" } },
	    .n_vouched = 1,
	    .want = EMRTD_E_COUNTRY },
	{ .what = "what is for paths only is no anchor",
	    .ds = { .issuer_key = 'a' },
	    .made = { { .place = PATH, .key = 'a', .issuer_key = 'a' } },
	    .want = EMRTD_E_NO_ANCHOR },
	{ .what = "a link without its anchor",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = PATH, .key = 'a', .issuer_key = 'a' } },
	    .want = EMRTD_E_NO_ANCHOR },
	{ .what = "two that certify each other",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = PATH, .key = 'a', .issuer_key = 'b' },
		{ .place = ANCHOR, .key = 'c', .issuer_key = 'c' } },
	    .want = EMRTD_E_NO_ANCHOR },
	/* What leads back to where one is must not use up what may be tried. */
	{ .what = "five that certify themselves, and the way past them",
	    .ds = { .issuer_key = 'c' },
	    .made = { { .place = PATH, .key = 'c', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'b' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .n = 3,
	    .n_dead = 5,
	    .openssl = "the first issuer is taken" },
	{ .what = "three links",
	    .ds = { .issuer_key = 'd' },
	    .made = { { .place = PATH, .key = 'd', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'b' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .n = 4 },
	{ .what = "four links",
	    .ds = { .issuer_key = 'e' },
	    .made = { { .place = PATH, .key = 'e', .issuer_key = 'd' },
		{ .place = PATH, .key = 'd', .issuer_key = 'c' },
		{ .place = PATH, .key = 'c', .issuer_key = 'b' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .n_vouched = 3,
	    .want = EMRTD_E_NO_ANCHOR,
	    .openssl = "chains of any length" },
	{ .what = "a link marked as a test's under a CSCA that is none",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH,
		    .key = 'b',
		    .issuer_key = 'a',
		    .extra = EMRTD_OID_TEST_MARKER } },
	    .want = EMRTD_E_TEST_TRUST,
	    .openssl = "no test markers" },
	{ .what = "the key of its CSCA",
	    .ds = { .key = 'a', .issuer_key = 'a' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .want = EMRTD_E_CERTIFICATE,
	    .openssl = "the use of one key for two purposes" },
	{ .what = "the key of the CSCA's other key",
	    .ds = { .key = 'a', .issuer_key = 'b' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' } },
	    .n_vouched = 1,
	    .want = EMRTD_E_CERTIFICATE,
	    .openssl = "the use of one key for two purposes" },
	{ .what = "its CSCA did not sign it, and who did must not have",
	    .ds = { .key = 'c', .issuer_key = 'a', .signed_by = 'c' },
	    .made = { { .place = ANCHOR, .key = 'a', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'c', .issuer_key = 'c' } },
	    .want = EMRTD_E_CERTIFICATE },
	{ .what = "a shorter way that is out of date",
	    .ds = { .issuer_key = 'b' },
	    .made = { { .place = ANCHOR,
			  .key = 'b',
			  .issuer_key = 'b',
			  .not_before = "20100101000000Z",
			  .not_after = "20200101000000Z" },
		{ .place = PATH, .key = 'b', .issuer_key = 'a' },
		{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' } },
	    .n = 2,
	    .openssl = "the first issuer is taken" },
};

static EVP_PKEY *
key(char letter)
{
	char kind[] = "prime256v1  ";

	kind[sizeof(kind) - 2] = letter;
	return issue_key(kind);
}

static const char *
or_else(const char *text, const char *other)
{
	return text == NULL ? other : text[0] == '\0' ? NULL : text;
}

static X509 *
make(const struct made *m, bool is_signer, long serial)
{
	const char *subject = or_else(m->subject, is_signer ? SIGNER : COUNTRY);
	struct issue_spec issuer_spec = {
		.subject = m->issuer != NULL ? m->issuer
			   : is_signer       ? COUNTRY
					     : subject,
		.key = key(m->issuer_key),
		.signer = key(m->issuer_key),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = MBSTRING_ASC,
		.key_ids = true,
	};
	X509 *issuer = issue_certificate(&issuer_spec), *x;
	struct issue_spec spec = issuer_spec;

	spec.subject = subject;
	spec.issuer = issuer;
	spec.key = key(m->key != '\0' ? m->key : 's');
	spec.signer = key(m->signed_by != '\0' ? m->signed_by : m->issuer_key);
	spec.serial = serial;
	spec.key_ids = !m->no_key_ids;
	spec.constraints = or_else(m->constraints, is_signer ? NULL : CA);
	spec.usage = or_else(m->usage, is_signer ? DS_USAGE : CA_USAGE);
	spec.extra = m->extra;
	spec.not_before = m->not_before;
	spec.not_after = m->not_after;
	x = issue_certificate(&spec);
	X509_free(issuer);
	return x;
}

/* The same certificates, before both judges. */
struct court {
	struct emrtd_trust *trust;
	X509_STORE *anchors;
	STACK_OF(X509) * others;
};

static void
open_court(struct court *c)
{
	c->anchors = X509_STORE_new();
	c->others = sk_X509_new_null();
	assert_int_equal(emrtd_trust_new(NULL, &c->trust), EMRTD_OK);
}

static void
close_court(struct court *c)
{
	emrtd_trust_free(&c->trust);
	X509_STORE_free(c->anchors);
	sk_X509_pop_free(c->others, X509_free);
}

static void
add(struct court *c, X509 *x, enum place place)
{
	unsigned flags = EMRTD_TRUST_ALLOW_TEST |
			 (place == PATH ? EMRTD_TRUST_PATH_ONLY : 0);
	struct test_bytes der = issue_der(x);

	assert_int_equal(emrtd_trust_add_der(c->trust,
			     emrtd_bytes(der.ptr, der.len), flags, NULL),
	    EMRTD_OK);
	test_bytes_free(&der);
	if (place == ANCHOR)
		assert_int_equal(X509_STORE_add_cert(c->anchors, x), 1);
	else
		assert_true(sk_X509_push(c->others, x) > 0);
	if (place == ANCHOR)
		X509_free(x);
}

static bool
openssl_accepts(const struct court *c, X509 *ds)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good;

	assert_int_equal(X509_STORE_CTX_init(ctx, c->anchors, ds, c->others),
	    1);
	X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_CTX_set_time(ctx, 0, AT);
	good = X509_verify_cert(ctx) == 1;
	X509_STORE_CTX_free(ctx);
	return good;
}

/*
 * What leads the signer to its anchor is vouched for by itself, and nothing
 * that is for paths only when there is no anchor to lead to.
 */
static void
vouched(const struct chain_case *c, const struct court *court)
{
	const struct emrtd_certificate *ca;
	size_t n_paths = 0, n_vouched = 0;

	for (size_t i = 0; (ca = emrtd_trust_at(court->trust, i)) != NULL;
	     i++) {
		struct emrtd_chain chain = { .n = 0 };
		enum emrtd_error error = emrtd_chain_vouch(court->trust, crypto,
		    ca, AT, NULL, &chain);
		bool anchor = emrtd_trust_is_anchor(court->trust, i);

		assert_int_equal(error == EMRTD_OK, chain.n > 0);
		assert_true(!anchor || chain.n == 1);
		assert_true(chain.n == 0 || chain.path[0] == ca);
		n_paths += !anchor;
		n_vouched += !anchor && error == EMRTD_OK;
	}
	if (n_vouched !=
	    (c->want == EMRTD_OK ? n_paths - c->n_dead : c->n_vouched))
		fail_msg("%s: %zu vouched for", c->what, n_vouched);
}

static void
run(const struct chain_case *c)
{
	struct emrtd_chain chain = { .n = 0 };
	struct emrtd_certificate signer;
	struct court court;
	enum emrtd_error error;
	struct emrtd_diag diag;
	X509 *ds = make(&c->ds, true, 100);
	struct test_bytes der = issue_der(ds);
	bool theirs;

	open_court(&court);
	for (size_t i = 0; i < N_MADE && c->made[i].place != NOWHERE; i++)
		add(&court, make(&c->made[i], false, (long)i + 1),
		    c->made[i].place);
	assert_int_equal(emrtd_certificate_parse(emrtd_bytes(der.ptr, der.len),
			     NULL, &signer),
	    EMRTD_OK);
	error = emrtd_chain_find(court.trust, crypto, &signer, AT, &diag,
	    &chain);
	if (error != EMRTD_OK && diag.error != error)
		fail_msg("%s: told as %s", c->what,
		    emrtd_error_name(diag.error));
	if (error != c->want || chain.n != c->n)
		fail_msg("%s: %s, %zu certificates", c->what,
		    emrtd_error_name(error), chain.n);
	theirs = openssl_accepts(&court, ds);
	if ((theirs == (error == EMRTD_OK)) != (c->openssl == NULL))
		fail_msg("%s: OpenSSL %s", c->what,
		    theirs ? "accepts" : "refuses");
	vouched(c, &court);
	if (chain.n > 0) {
		assert_true(emrtd_certificate_verify(&signer, crypto,
				chain.path[0]->spki, NULL) == EMRTD_OK);
		assert_null(emrtd_chain_outdated(&chain, AT));
	}
	close_court(&court);
	test_bytes_free(&der);
	X509_free(ds);
}

static void
chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		run(&cases[i]);
}

/* An old CSCA may have expired since it issued the link, but not before. */
static void
dates(void **state)
{
	static const struct {
		const char *csca_until, *link_from, *link_until;
		int outdated; /* index in the path, or -1 */
	} rows[] = {
		{ "20351231235959Z", LINK_PERIOD, -1 },
		{ "20250101000000Z", LINK_PERIOD, -1 },
		{ "20241231235959Z", LINK_PERIOD, 1 },
		{ "20351231235959Z", "20250101000000Z", "20251231235959Z", 0 },
		{ "20351231235959Z", "20260101000001Z", "20351231235959Z", 0 },
		/* The link is older than its CSCA, which is valid now. */
		{ "20351231235959Z", "20050101000000Z", "20351231235959Z", -1 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct made csca = { .place = ANCHOR,
			.key = 'a',
			.issuer_key = 'a',
			.not_before = "20100101000000Z",
			.not_after = rows[i].csca_until };
		struct made link = { .place = PATH,
			.key = 'b',
			.issuer_key = 'a',
			.not_before = rows[i].link_from,
			.not_after = rows[i].link_until };
		struct made signer = { .issuer_key = 'b' };
		struct court court;
		X509 *ds = make(&signer, true, 100);
		struct test_bytes der = issue_der(ds);
		const struct emrtd_certificate *outdated;
		struct emrtd_certificate c;
		struct emrtd_chain chain;

		open_court(&court);
		add(&court, make(&csca, false, 1), ANCHOR);
		add(&court, make(&link, false, 2), PATH);
		assert_int_equal(emrtd_certificate_parse(emrtd_bytes(der.ptr,
							     der.len),
				     NULL, &c),
		    EMRTD_OK);
		assert_int_equal(emrtd_chain_find(court.trust, crypto, &c, AT,
				     NULL, &chain),
		    EMRTD_OK);
		assert_int_equal(chain.n, 2);
		outdated = emrtd_chain_outdated(&chain, AT);
		if (rows[i].outdated < 0)
			assert_null(outdated);
		else
			assert_ptr_equal(outdated,
			    chain.path[rows[i].outdated]);
		close_court(&court);
		test_bytes_free(&der);
		X509_free(ds);
	}
}

#define OLD_PERIOD \
	.not_before = "20100101000000Z", .not_after = "20200101000000Z"

/* Of two ways the better one is taken, whichever was added first. */
static void
the_better_way(void **state)
{
	static const struct {
		const char *what, *issuer; /* of the signer */
		struct made made[3];       /* the best is the first */
	} rows[] = {
		{ "of the name that the signer gives", COUNTRY,
		    { { .place = ANCHOR, .key = 'b', .issuer_key = 'b' },
			{ .place = ANCHOR,
			    .key = 'b',
			    .issuer_key = 'b',
			    .subject = RENAMED } } },
		{ "the signer's country rather than the name", "/CN=Nowhere",
		    { { .place = ANCHOR, .key = 'b', .issuer_key = 'b' },
			{ .place = ANCHOR,
			    .key = 'b',
			    .issuer_key = 'b',
			    .subject = "/CN=Nowhere" } } },
		{ "both out of date: the shorter rather than the name", RENAMED,
		    { { .place = ANCHOR,
			  .key = 'b',
			  .issuer_key = 'b',
			  OLD_PERIOD },
			{ .place = PATH,
			    .key = 'b',
			    .issuer_key = 'a',
			    .subject = RENAMED,
			    .issuer = COUNTRY,
			    .extra = "2.23.136.1.1.6.1",
			    OLD_PERIOD },
			{ .place = ANCHOR, .key = 'a', .issuer_key = 'a' } } },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows) * 2; i++) {
		const struct made *made = rows[i / 2].made;
		struct made signer = { .issuer_key = 'b',
			.issuer = rows[i / 2].issuer };
		struct court court;
		X509 *ds = make(&signer, true, 100);
		struct test_bytes der = issue_der(ds);
		struct emrtd_certificate c;
		struct emrtd_chain chain;
		size_t n = made[2].place == NOWHERE ? 2 : 3;

		open_court(&court);
		for (size_t k = 0; k < n; k++) {
			size_t at = i % 2 == 0 ? k : n - 1 - k;

			add(&court, make(&made[at], false, (long)at + 1),
			    made[at].place);
		}
		assert_int_equal(emrtd_certificate_parse(emrtd_bytes(der.ptr,
							     der.len),
				     NULL, &c),
		    EMRTD_OK);
		assert_int_equal(emrtd_chain_find(court.trust, crypto, &c, AT,
				     NULL, &chain),
		    EMRTD_OK);
		if (chain.path[0]->serial.ptr[0] != 1)
			fail_msg("%s: not so", rows[i / 2].what);
		close_court(&court);
		test_bytes_free(&der);
		X509_free(ds);
	}
}

/*
 * Seventy of one name, and none of them the issuer: more than are tried. With
 * a key identifier the right one is found all the same.
 */
static void
many_of_one_name(void **state)
{
	struct made other = { .key = 'c', .issuer_key = 'c' };
	struct made right = { .key = 'a', .issuer_key = 'a' };
	struct made by_name = { .issuer_key = 'b', .no_key_ids = true };
	struct made by_key = { .issuer_key = 'a' };
	X509 *signers[2] = { make(&by_name, true, 100),
		make(&by_key, true, 101) };
	static const enum emrtd_error want[2] = { EMRTD_E_UNSUPPORTED,
		EMRTD_OK };
	struct court court;

	(void)state;
	open_court(&court);
	for (long i = 0; i < 70; i++)
		add(&court, make(&other, false, i + 1), PATH);
	add(&court, make(&right, false, 71), ANCHOR);
	for (size_t i = 0; i < N_ELEMENTS(signers); i++) {
		struct test_bytes der = issue_der(signers[i]);
		struct emrtd_certificate c;
		struct emrtd_chain chain;

		assert_int_equal(emrtd_certificate_parse(emrtd_bytes(der.ptr,
							     der.len),
				     NULL, &c),
		    EMRTD_OK);
		assert_int_equal(emrtd_chain_find(court.trust, crypto, &c, AT,
				     NULL, &chain),
		    want[i]);
		test_bytes_free(&der);
		X509_free(signers[i]);
	}
	close_court(&court);
}

/*
 * A new name and a new key, and seventy certificates of both that nobody has
 * signed: the one that the key has signed is not looked for any longer.
 */
static void
many_that_sign_nothing(void **state)
{
	struct made csca = { .key = 'a', .issuer_key = 'a' };
	struct made link = { .key = 'b',
		.issuer_key = 'a',
		.subject = RENAMED,
		.issuer = COUNTRY };
	struct made forged = { .key = 'b',
		.issuer_key = 'b',
		.signed_by = 'c',
		.subject = RENAMED };
	struct made root = { .key = 'b',
		.issuer_key = 'b',
		.subject = RENAMED };
	struct made signer = { .issuer_key = 'b', .issuer = RENAMED };
	struct court court;
	X509 *ds = make(&signer, true, 100);
	struct test_bytes der = issue_der(ds);
	struct emrtd_certificate c;
	struct emrtd_chain chain;

	(void)state;
	open_court(&court);
	add(&court, make(&link, false, 1), PATH);
	for (long i = 0; i < 70; i++)
		add(&court, make(&forged, false, i + 2), PATH);
	add(&court, make(&root, false, 72), PATH);
	add(&court, make(&csca, false, 73), ANCHOR);
	assert_int_equal(emrtd_certificate_parse(emrtd_bytes(der.ptr, der.len),
			     NULL, &c),
	    EMRTD_OK);
	assert_int_equal(emrtd_chain_find(court.trust, crypto, &c, AT, NULL,
			     &chain),
	    EMRTD_E_UNSUPPORTED);
	close_court(&court);
	test_bytes_free(&der);
	X509_free(ds);
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
		cmocka_unit_test(chains),
		cmocka_unit_test(dates),
		cmocka_unit_test(the_better_way),
		cmocka_unit_test(many_of_one_name),
		cmocka_unit_test(many_that_sign_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
