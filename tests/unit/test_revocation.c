/*
 * What the lists of a trust store say of a certificate, with OpenSSL's opinion
 * beside ours; a list that should not count must never say 'good'.
 */
#include "core/cursor.h"
#include "issue_crl.h"
#include "pki/revocation.h"
#include "reader/pa_steps.h"
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

static const struct issue_spec csca_spec = {
	.subject = "/C=UT/O=Utopia/CN=Country",
	.md = "SHA256",
	.salt_len = ISSUE_NO_PSS,
	.string_type = MBSTRING_ASC,
	.serial = 1,
	.not_after = "20511231235959Z",
	.constraints = "critical,CA:TRUE,pathlen:0",
	.usage = "critical,keyCertSign,cRLSign",
	.key_ids = true,
};

static const struct issue_spec ds_spec = {
	.subject = "/C=UT/O=Utopia/CN=Signer",
	.md = "SHA256",
	.salt_len = ISSUE_NO_PSS,
	.string_type = MBSTRING_ASC,
	.serial = 77,
	.not_after = "20511231235959Z",
	.usage = "critical,digitalSignature",
	.key_ids = true,
};

/* Keys of the state, of its next generation, and of strangers. */
#define KEY   "prime256v1"
#define NEXT  "prime256v1 b"
#define ALIEN "prime256v1 c"
#define DS    "prime256v1 d"

/* Who may have made a list. */
enum maker {
	NOBODY = 0, /* there is no such list */
	CSCA,
	NEXT_CSCA,    /* same name, newer key; in the store */
	LINKED_CSCA,  /* a key that only a link certificate vouches for */
	HELPER,       /* same name, in the store for paths only */
	UNKNOWN_CSCA, /* same name, and nobody trusts it */
	OTHER_STATE,  /* trusted, signs a list with its own name */
	FOREIGN_LIST, /* ... with the name of ours */
	DOCUMENT_SIGNER,
	NO_LISTS,  /* a trusted certificate of ours without cRLSign */
	TEST_CSCA, /* marked as a test's, of our name; in the store */
	TOO_EARLY, /* ours, but not valid yet when the list was made */
	N_MAKERS
};

struct list {
	enum maker maker;
	const char *serial; /* in hex; NULL: no entries */
	const char *entry_extensions, *extensions;
	const char *updated, *next;
};

#define LISTED     "4D" /* 77 */
#define NOT_LISTED "4E"

#define DELTA "300D 0603551D1B 0101FF 0403 020105"

/* In its alternative names: C=UT, O=Utopia, CN=Country */
#define ALSO_OURS                                                  \
	"303D 0603551D12 0436 3034 A432 3030 310B 3009 0603550406" \
	"13025554 310F 300D 060355040A 0C0655746F706961 3110 300E" \
	"0603550403 0C07436F756E747279"

#define GOOD       EMRTD_REVOCATION_GOOD
#define REVOKED    EMRTD_REVOCATION_REVOKED
#define STALE      EMRTD_REVOCATION_STALE
#define UNVERIFIED EMRTD_REVOCATION_UNVERIFIED
#define NO_CRL     EMRTD_REVOCATION_NO_CRL

#define L(...)                       \
	{                            \
		.maker = __VA_ARGS__ \
	}

static const struct revocation_case {
	const char *what;
	struct list lists[2];
	enum emrtd_revocation_status want;
	/* Of X509_verify_cert, with the first list; -1: see docs/SPEC.md. */
	int openssl;
	int64_t at; /* 0: AT */
} cases[] = {
	{ "no list at all", { L(NOBODY) }, NO_CRL, X509_V_ERR_UNABLE_TO_GET_CRL,
	    0 },
	{ "an empty list", { L(CSCA) }, GOOD, X509_V_OK, 0 },
	{ "a list of others", { L(CSCA, .serial = NOT_LISTED) }, GOOD,
	    X509_V_OK, 0 },
	{ "on the list", { L(CSCA, .serial = LISTED) }, REVOKED,
	    X509_V_ERR_CERT_REVOKED, 0 },
	{ "with leading zeros", { L(CSCA, .serial = "0000004D") }, REVOKED, -1,
	    0 },
	{ "key compromise",
	    { L(CSCA, .serial = LISTED,
		.entry_extensions = ISSUE_REASON("01")) },
	    REVOKED, X509_V_ERR_CERT_REVOKED, 0 },
	{ "on hold",
	    { L(CSCA, .serial = LISTED,
		.entry_extensions = ISSUE_REASON("06")) },
	    REVOKED, X509_V_ERR_CERT_REVOKED, 0 },
	{ "taken off the list, in the list",
	    { L(CSCA, .serial = LISTED,
		.entry_extensions = ISSUE_REASON("08")) },
	    UNVERIFIED, -1, 0 },
	/* dates */
	{ "the last second of the list",
	    { L(CSCA, .updated = "251201000000Z", .next = "260101000000Z") },
	    GOOD, -1, 0 },
	{ "the second after it",
	    { L(CSCA, .updated = "251201000000Z", .next = "251231235959Z") },
	    STALE, X509_V_ERR_CRL_HAS_EXPIRED, 0 },
	{ "revoked by a list that is too old",
	    { L(CSCA, .serial = LISTED, .updated = "240101000000Z",
		.next = "240401000000Z") },
	    REVOKED, -1, 0 },
	{ "no next date, after 90 days",
	    { L(CSCA, .updated = "251003000000Z", .next = "") }, GOOD,
	    X509_V_OK, 0 },
	{ "no next date, after 90 days and a second",
	    { L(CSCA, .updated = "251002235959Z", .next = "") }, STALE, -1, 0 },
	{ "dated in the future",
	    { L(CSCA, .updated = "260101000001Z", .next = "260401000000Z") },
	    UNVERIFIED, X509_V_ERR_CRL_NOT_YET_VALID, 0 },
	{ "revoked by a list of the future",
	    { L(CSCA, .serial = LISTED, .updated = "260101000001Z",
		.next = "260401000000Z") },
	    REVOKED, -1, 0 },
	{ "a list of the future does not replace that of today",
	    { L(CSCA), L(CSCA, .updated = "260201000000Z") }, GOOD, X509_V_OK,
	    0 },
	/* several */
	{ "the newest counts: taken off hold",
	    { L(CSCA, .serial = LISTED, .updated = "251101000000Z"),
		L(CSCA, .updated = "251201000000Z") },
	    GOOD, -1, 0 },
	{ "the newest counts: revoked since",
	    { L(CSCA, .updated = "251101000000Z"),
		L(CSCA, .serial = LISTED, .updated = "251201000000Z") },
	    REVOKED, -1, 0 },
	{ "a newer one that nobody signed replaces nothing",
	    { L(CSCA, .serial = LISTED, .updated = "251101000000Z"),
		L(UNKNOWN_CSCA, .updated = "251201000000Z") },
	    REVOKED, X509_V_ERR_CERT_REVOKED, 0 },
	{ "an old one beside it does not hurt",
	    { L(CSCA, .updated = "240101000000Z", .next = "240401000000Z"),
		L(CSCA) },
	    GOOD, -1, 0 },
	/* each key of the state has its own list */
	{ "revoked in the list of the older key",
	    { L(CSCA, .serial = LISTED, .updated = "251101000000Z"),
		L(NEXT_CSCA, .updated = "251201000000Z") },
	    REVOKED, X509_V_ERR_CERT_REVOKED, 0 },
	{ "the next key signs for both", { L(NEXT_CSCA) }, GOOD, -1, 0 },
	{ "revoked by the next key", { L(NEXT_CSCA, .serial = LISTED) },
	    REVOKED, -1, 0 },
	{ "a key that the state's key vouches for", { L(LINKED_CSCA) }, GOOD,
	    -1, 0 },
	{ "revoked by that key", { L(LINKED_CSCA, .serial = LISTED) }, REVOKED,
	    -1, 0 },
	/* who must not */
	{ "a key of the right name that is there for paths only", { L(HELPER) },
	    UNVERIFIED, X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "a key of the right name that nobody trusts", { L(UNKNOWN_CSCA) },
	    UNVERIFIED, X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "... revokes nothing either", { L(UNKNOWN_CSCA, .serial = LISTED) },
	    UNVERIFIED, X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "another state's list", { L(OTHER_STATE) }, NO_CRL,
	    X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "another state's list with our name", { L(FOREIGN_LIST) }, UNVERIFIED,
	    X509_V_ERR_CRL_SIGNATURE_FAILURE, 0 },
	{ "another state's list that claims our name beside its own",
	    { L(OTHER_STATE, .serial = LISTED, .extensions = ALSO_OURS) },
	    NO_CRL, X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "the signer's own list", { L(DOCUMENT_SIGNER) }, UNVERIFIED,
	    X509_V_ERR_CRL_SIGNATURE_FAILURE, 0 },
	{ "a certificate that may not sign lists", { L(NO_LISTS) }, UNVERIFIED,
	    -1, 0 },
	{ "a test's list", { L(TEST_CSCA) }, UNVERIFIED, -1, 0 },
	{ "signed before the key was valid", { L(TOO_EARLY) }, UNVERIFIED, -1,
	    0 },
	/* lists that say less than they seem to */
	/* OpenSSL 3.0.20 took it for a whole one, 3.0.22 does not */
	{ "a delta list", { L(CSCA, .extensions = DELTA) }, UNVERIFIED, -1, 0 },
	{ "an indirect list",
	    { L(CSCA,
		.extensions = "300F 0603551D1C 0101FF 0405 3003 8401FF") },
	    UNVERIFIED, X509_V_ERR_UNABLE_TO_GET_CRL, 0 },
	{ "a critical extension that nobody knows",
	    { L(CSCA, .serial = LISTED, .extensions = ISSUE_UNKNOWN_CRITICAL) },
	    UNVERIFIED, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, 0 },
	/* ... and name the certificate, beside one that does not */
	{ "a newer delta list revokes",
	    { L(CSCA, .updated = "251101000000Z"),
		L(CSCA, .serial = LISTED, .updated = "251201000000Z",
		    .extensions = DELTA) },
	    UNVERIFIED, -1, 0 },
	{ "... before the whole one",
	    { L(CSCA, .serial = LISTED, .updated = "251201000000Z",
		  .extensions = DELTA),
		L(CSCA, .updated = "251101000000Z") },
	    UNVERIFIED, -1, 0 },
	{ "a list with an unknown extension revokes",
	    { L(CSCA, .updated = "251101000000Z"),
		L(CSCA, .serial = LISTED, .updated = "251201000000Z",
		    .extensions = ISSUE_UNKNOWN_CRITICAL) },
	    UNVERIFIED, -1, 0 },
	{ "a newer whole list ends what a delta list said",
	    { L(CSCA, .serial = LISTED, .updated = "251101000000Z",
		  .extensions = DELTA),
		L(CSCA, .updated = "251201000000Z") },
	    GOOD, -1, 0 },
	{ "a delta list takes off",
	    { L(CSCA, .updated = "251101000000Z"),
		L(CSCA, .serial = LISTED, .updated = "251201000000Z",
		    .entry_extensions = ISSUE_REASON("08"),
		    .extensions = DELTA) },
	    GOOD, -1, 0 },
	{ "a delta list of others",
	    { L(CSCA, .updated = "251101000000Z"),
		L(CSCA, .serial = NOT_LISTED, .updated = "251201000000Z",
		    .extensions = DELTA) },
	    GOOD, -1, 0 },
	{ "a stranger's delta list",
	    { L(CSCA, .updated = "251101000000Z"),
		L(UNKNOWN_CSCA, .serial = LISTED, .updated = "251201000000Z",
		    .extensions = DELTA) },
	    GOOD, -1, 0 },
	/* ... of a key of the state whose certificate does not permit it */
	{ "one who may not sign lists names it, beside an older good list",
	    { L(NO_LISTS, .serial = LISTED, .updated = "251201000000Z"),
		L(NEXT_CSCA, .updated = "251101000000Z") },
	    UNVERIFIED, -1, 0 },
	{ "... and another one",
	    { L(NO_LISTS, .serial = NOT_LISTED, .updated = "251201000000Z"),
		L(NEXT_CSCA, .updated = "251101000000Z") },
	    GOOD, -1, 0 },
	{ "a key that was not valid yet names it, beside an older good list",
	    { L(TOO_EARLY, .serial = LISTED, .updated = "251201000000Z"),
		L(CSCA, .updated = "251101000000Z") },
	    UNVERIFIED, -1, 0 },
	{ "... until the same key has signed a newer one",
	    { L(TOO_EARLY, .serial = LISTED, .updated = "251201000000Z"),
		L(TOO_EARLY, .updated = "251220000000Z") },
	    GOOD, -1, 0 },
	{ "... and took it off",
	    { L(TOO_EARLY, .serial = LISTED, .updated = "251201000000Z",
		  .entry_extensions = ISSUE_REASON("08")),
		L(CSCA, .updated = "251101000000Z") },
	    GOOD, -1, 0 },
	/* past 2038 and 2050: the same */
	{ "good in 2045",
	    { L(CSCA, .updated = "450101000000Z", .next = "450401000000Z") },
	    GOOD, -1, 2367792000 },
	{ "stale in 2045",
	    { L(CSCA, .updated = "371201000000Z", .next = "380301000000Z") },
	    STALE, -1, 2367792000 },
	{ "good in 2051",
	    { L(CSCA, .updated = "20510101000000Z",
		.next = "20510401000000Z") },
	    GOOD, -1, 2556748800 },
	{ "stale across 2050",
	    { L(CSCA, .updated = "491001000000Z", .next = "20500101000000Z") },
	    STALE, -1, 2556748800 },
	{ "revoked in 2051",
	    { L(CSCA, .serial = LISTED, .updated = "20510101000000Z",
		.next = "20510401000000Z") },
	    REVOKED, -1, 2556748800 },
};

/* The state, those around it, and one signer. */
struct world {
	X509 *makers[N_MAKERS]; /* as issuers of lists */
	X509 *ds;
	struct emrtd_certificate csca, signer;
	struct test_bytes csca_der, ds_der;
};

static const char *
key_of(enum maker maker)
{
	switch (maker) {
	case CSCA:
	case NO_LISTS:
		return KEY;
	case NEXT_CSCA:
	case LINKED_CSCA:
	case TEST_CSCA:
	case TOO_EARLY:
		return NEXT;
	case DOCUMENT_SIGNER:
		return DS;
	default:
		return ALIEN;
	}
}

static X509 *
make_maker(enum maker maker)
{
	struct issue_spec spec = csca_spec;

	spec.key = spec.signer = issue_key(key_of(maker));
	spec.serial = (long)maker;
	if (maker == LINKED_CSCA)
		spec.signer = issue_key(KEY);
	if (maker == OTHER_STATE || maker == FOREIGN_LIST)
		spec.subject = "/C=XX/CN=Elsewhere";
	if (maker == NO_LISTS)
		spec.usage = "critical,keyCertSign";
	if (maker == TEST_CSCA)
		spec.extra = EMRTD_OID_TEST_MARKER;
	if (maker == TOO_EARLY)
		spec.not_before = "20251215000000Z";
	return issue_certificate(&spec);
}

static void
make_world(struct world *w)
{
	struct issue_spec spec = ds_spec;

	for (int i = CSCA; i < N_MAKERS; i++)
		w->makers[i] = make_maker((enum maker)i);
	spec.issuer = w->makers[CSCA];
	spec.key = issue_key(DS);
	spec.signer = issue_key(KEY);
	w->ds = issue_certificate(&spec);
	w->ds_der = issue_der(w->ds);
	w->csca_der = issue_der(w->makers[CSCA]);
	assert_int_equal(emrtd_certificate_parse(view(w->ds_der), NULL,
			     &w->signer),
	    EMRTD_OK);
	assert_int_equal(emrtd_certificate_parse(view(w->csca_der), NULL,
			     &w->csca),
	    EMRTD_OK);
}

static void
free_world(struct world *w)
{
	for (int i = CSCA; i < N_MAKERS; i++)
		X509_free(w->makers[i]);
	X509_free(w->ds);
	test_bytes_free(&w->ds_der);
	test_bytes_free(&w->csca_der);
}

static struct test_bytes
make_list(const struct world *w, const struct list *l)
{
	const struct issue_crl_entry entry = { .serial = l->serial,
		.extensions = l->entry_extensions };
	/* These use the name of the state, whoever they are. */
	bool borrowed = l->maker == FOREIGN_LIST || l->maker == DOCUMENT_SIGNER;

	return issue_crl(&(const struct issue_crl){
	    .issuer = w->makers[borrowed ? CSCA : l->maker],
	    .key = issue_key(key_of(l->maker)),
	    .updated = l->updated,
	    .next = l->next,
	    .entries = &entry,
	    .n_entries = l->serial != NULL,
	    .extensions = l->extensions });
}

static void
add(struct emrtd_trust *trust, X509 *certificate, unsigned flags)
{
	struct test_bytes der = issue_der(certificate);

	assert_int_equal(emrtd_trust_add_der(trust, view(der),
			     EMRTD_TRUST_ALLOW_TEST | flags, NULL),
	    EMRTD_OK);
	test_bytes_free(&der);
}

static void
trust_in(struct emrtd_trust *trust, X509 *certificate)
{
	add(trust, certificate, 0);
}

/* The state is trusted but for what a case needs; others always are. */
static struct emrtd_trust *
make_trust(const struct world *w, const struct revocation_case *c)
{
	enum maker maker = c->lists[0].maker;
	struct emrtd_trust *trust;

	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	trust_in(trust, w->makers[maker == NO_LISTS ? NO_LISTS : CSCA]);
	trust_in(trust, w->makers[OTHER_STATE]);
	if (maker == TEST_CSCA || maker == TOO_EARLY)
		trust_in(trust, w->makers[maker]);
	else if (maker == LINKED_CSCA || maker == HELPER)
		add(trust, w->makers[maker], EMRTD_TRUST_PATH_ONLY);
	else if (maker != NOBODY)
		trust_in(trust, w->makers[NEXT_CSCA]);
	for (size_t i = 0; i < N_ELEMENTS(c->lists); i++) {
		struct test_bytes der;

		if (c->lists[i].maker == NOBODY)
			continue;
		der = make_list(w, &c->lists[i]);
		assert_int_equal(emrtd_trust_add_crl_der(trust, view(der),
				     NULL),
		    EMRTD_OK);
		test_bytes_free(&der);
	}
	return trust;
}

static void
ask(const struct world *w, const struct emrtd_trust *trust,
    const struct revocation_case *c, struct emrtd_revocation_answer *out)
{
	struct emrtd_chain chain = { .path = { &w->csca }, .n = 1 };
	struct emrtd_revocation_question q = { .certificate = &w->signer,
		.chain = &chain,
		.at = c->at != 0 ? c->at : AT };

	emrtd_revocation_ask(trust, crypto, &q, out);
}

static void
every_case(void **state)
{
	struct world w;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_trust *trust = make_trust(&w, &cases[i]);
		struct emrtd_revocation_answer a, again;

		ask(&w, trust, &cases[i], &a);
		if (a.status != cases[i].want ||
		    (a.status == UNVERIFIED) != (a.why != NULL) ||
		    (a.status == NO_CRL) != (a.list == NULL))
			fail_msg("%s: %s (%s)", cases[i].what,
			    emrtd_revocation_status_name(a.status),
			    a.why != NULL ? a.why : "");
		/* out of the cache */
		ask(&w, trust, &cases[i], &again);
		assert_int_equal(again.status, a.status);
		assert_ptr_equal(again.list, a.list);
		emrtd_trust_free(&trust);
	}
	free_world(&w);
}

/* The worst that was found is what is told of a list. */
static void
why_a_list_is_doubted(void **state)
{
	static const struct {
		struct list list;
		const char *why;
	} rows[] = {
		{ L(FOREIGN_LIST), "no trusted key has signed it" },
		{ L(UNKNOWN_CSCA),
		    "its signer is not the state that vouches for this "
		    "document" },
		{ L(DOCUMENT_SIGNER), "no trusted key has signed it" },
		{ L(NO_LISTS), "its signer may not sign such lists" },
		{ L(TOO_EARLY), "it was signed outside its signer's dates" },
	};
	struct world w;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct revocation_case c = { .lists = { rows[i].list } };
		struct emrtd_trust *trust = make_trust(&w, &c);
		struct emrtd_revocation_answer a;

		ask(&w, trust, &c, &a);
		assert_int_equal(a.status, UNVERIFIED);
		assert_string_equal(a.why, rows[i].why);
		emrtd_trust_free(&trust);
	}
	free_world(&w);
}

/*
 * Copies of a key's certificate, for paths only, that nobody has signed, in
 * front of the link: more than are tried. The list behind it revokes, an older
 * one of another key does not know of it.
 */
static void
crowded_out(void **state)
{
	static const struct revocation_case c = { .what = "crowded out" };
	const struct list older = L(CSCA, .updated = "251101000000Z");
	const struct list newer = L(LINKED_CSCA, .serial = LISTED,
	    .updated = "251201000000Z");
	struct issue_spec spec = csca_spec;
	struct emrtd_revocation_answer a;
	struct emrtd_trust *trust;
	struct test_bytes der;
	struct world w;

	(void)state;
	make_world(&w);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	spec.key = issue_key(NEXT);
	spec.signer = issue_key(ALIEN);
	for (spec.serial = 1000; spec.serial < 1080; spec.serial++) {
		X509 *copy = issue_certificate(&spec);

		add(trust, copy, EMRTD_TRUST_PATH_ONLY);
		X509_free(copy);
	}
	trust_in(trust, w.makers[CSCA]);
	add(trust, w.makers[LINKED_CSCA], EMRTD_TRUST_PATH_ONLY);
	der = make_list(&w, &older);
	assert_int_equal(emrtd_trust_add_crl_der(trust, view(der), NULL),
	    EMRTD_OK);
	test_bytes_free(&der);
	ask(&w, trust, &c, &a);
	assert_int_equal(a.status, GOOD);
	der = make_list(&w, &newer);
	assert_int_equal(emrtd_trust_add_crl_der(trust, view(der), NULL),
	    EMRTD_OK);
	test_bytes_free(&der);
	ask(&w, trust, &c, &a);
	assert_int_equal(a.status, UNVERIFIED);
	assert_non_null(a.why);
	/* Who is trusted cannot be crowded out. */
	trust_in(trust, w.makers[NEXT_CSCA]);
	ask(&w, trust, &c, &a);
	assert_int_equal(a.status, REVOKED);
	emrtd_trust_free(&trust);
	free_world(&w);
}

/* OpenSSL's word on the signer, with the first list of the case alone. */
static int
openssl_says(const struct world *w, const struct revocation_case *c)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	int error;

	X509_STORE_add_cert(store, w->makers[CSCA]);
	if (c->lists[0].maker != NOBODY) {
		struct test_bytes der = make_list(w, &c->lists[0]);
		const unsigned char *at = der.ptr;
		X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);

		assert_non_null(crl);
		assert_int_equal(X509_STORE_add_crl(store, crl), 1);
		X509_CRL_free(crl);
		test_bytes_free(&der);
	}
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK);
	X509_VERIFY_PARAM_set_time(param, (time_t)AT);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, w->ds, NULL), 1);
	(void)X509_verify_cert(ctx);
	error = X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return error;
}

static void
openssl_agrees(void **state)
{
	struct world w;
	size_t n = 0;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		int error;

		if (cases[i].openssl < 0)
			continue;
		error = openssl_says(&w, &cases[i]);
		if (error != cases[i].openssl)
			fail_msg("%s: %s", cases[i].what,
			    X509_verify_cert_error_string(error));
		n++;
	}
	assert_true(n >= 20);
	free_world(&w);
}

/* A list asked before its signer came must be asked again. */
static void
certificates_that_come_later(void **state)
{
	static const struct revocation_case c = { .lists = { L(NEXT_CSCA) } };
	struct emrtd_revocation_answer a;
	struct emrtd_trust *trust;
	struct test_bytes der;
	struct world w;

	(void)state;
	make_world(&w);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	trust_in(trust, w.makers[CSCA]);
	der = make_list(&w, &c.lists[0]);
	assert_int_equal(emrtd_trust_add_crl_der(trust, view(der), NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_add_crl_der(trust, view(der), NULL),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_crl_count(trust), 1);
	ask(&w, trust, &c, &a);
	assert_int_equal(a.status, UNVERIFIED);
	trust_in(trust, w.makers[NEXT_CSCA]);
	ask(&w, trust, &c, &a);
	assert_int_equal(a.status, GOOD);
	test_bytes_free(&der);
	emrtd_trust_free(&trust);
	free_world(&w);
}

/* issuerAltName: "/C=UT/CN=Ol" is what this CSCA was called before. */
#define OLD_NAME                                                          \
	"3027 0603551D12 0420 301E A41C 301A 310B300906035504061302 5554" \
	"310B300906035504030C02 4F6C"

static void
a_name_that_changed(void **state)
{
	struct issue_spec spec = csca_spec;
	struct world w;
	struct emrtd_trust *trust;
	X509 *old;

	(void)state;
	make_world(&w);
	/* The signer is of the old name; the list is of the new one. */
	spec.subject = "/C=UT/CN=Ol";
	spec.key = spec.signer = issue_key("secp384r1");
	old = issue_certificate(&spec);
	/* By the list's other name; by none; by a path to the new one. */
	for (int i = 0; i < 3; i++) {
		struct test_bytes der = issue_der(old), ds_der, list;
		struct issue_spec ds = ds_spec;
		struct emrtd_certificate csca, signer;
		struct emrtd_chain chain = { .path = { &csca, &w.csca },
			.n = i == 2 ? 2 : 1 };
		struct emrtd_revocation_question q = { .certificate = &signer,
			.chain = &chain,
			.at = AT };
		struct emrtd_revocation_answer a;
		struct list l = { CSCA, LISTED, NULL, i == 0 ? OLD_NAME : NULL,
			NULL, NULL };
		X509 *x;

		ds.issuer = old;
		ds.key = issue_key(DS);
		ds.signer = spec.key;
		x = issue_certificate(&ds);
		ds_der = issue_der(x);
		assert_int_equal(emrtd_certificate_parse(view(ds_der), NULL,
				     &signer),
		    EMRTD_OK);
		assert_int_equal(emrtd_certificate_parse(view(der), NULL,
				     &csca),
		    EMRTD_OK);
		assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
		trust_in(trust, old);
		trust_in(trust, w.makers[CSCA]);
		list = make_list(&w, &l);
		assert_int_equal(emrtd_trust_add_crl_der(trust, view(list),
				     NULL),
		    EMRTD_OK);
		emrtd_revocation_ask(trust, crypto, &q, &a);
		assert_int_equal(a.status, i == 1 ? NO_CRL : REVOKED);
		emrtd_trust_free(&trust);
		test_bytes_free(&list);
		test_bytes_free(&ds_der);
		test_bytes_free(&der);
		X509_free(x);
	}
	X509_free(old);
	free_world(&w);
}

/* The lists of one key, by its older name or its newer, revoke the signer. */
static void
revokes(const struct world *w, X509 *newer, const struct issue_crl *spec)
{
	struct test_bytes list = issue_crl(spec);
	struct revocation_case any = { .at = AT };
	struct emrtd_revocation_answer a;
	struct emrtd_trust *trust;

	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	trust_in(trust, w->makers[CSCA]);
	if (newer != NULL)
		trust_in(trust, newer);
	assert_int_equal(emrtd_trust_add_crl_der(trust, view(list), NULL),
	    EMRTD_OK);
	ask(w, trust, &any, &a);
	assert_int_equal(a.status, REVOKED);
	emrtd_trust_free(&trust);
	test_bytes_free(&list);
}

/* issuerAltName: "/C=UT/O=Utopia/CN=Country", as csca_spec has it. */
#define FIRST_NAME                                                        \
	"303D 0603551D12 0436 3034 A432 3030 310B300906035504061302 5554" \
	"310F300D060355040A0C06 55746F706961"                             \
	"3110300E06035504030C07 436F756E747279"

/* The list names no key; the country is UTO in one name and UT in the other. */
static void
lists_that_are_hard_to_place(void **state)
{
	static const struct issue_crl_entry entry = { .serial = LISTED };
	struct issue_crl crl = { .key = issue_key(KEY),
		.entries = &entry,
		.n_entries = 1,
		.no_extensions = true };
	struct issue_spec spec = csca_spec;
	struct world w;
	X509 *newer;

	(void)state;
	make_world(&w);
	crl.issuer = w.makers[CSCA];
	revokes(&w, NULL, &crl);
	spec.subject = "/C=UTO/CN=New";
	spec.string_type = V_ASN1_PRINTABLESTRING; /* of any length */
	spec.key = spec.signer = issue_key(KEY);
	spec.serial = 99;
	newer = issue_certificate(&spec);
	crl.issuer = newer;
	crl.no_extensions = false;
	crl.extensions = FIRST_NAME;
	revokes(&w, newer, &crl);
	X509_free(newer);
	free_world(&w);
}

/* 2025-01-01, the day on which lists of ours revoke. */
#define REVOKED_AT INT64_C(1735689600)

/*
 * Signed before or after it was revoked: by what the signer says, else by the
 * date of issue, at the latest that it can mean, when somebody signed that.
 */
static const struct {
	int64_t time; /* of the attribute; 0: none */
	bool no_sod;
	const char *dg12; /* NULL: none */
	enum emrtd_verdict hash;
	enum emrtd_revocation_order want;
	const char *words;
} signed_at[] = {
#define DG12(hex)      "6C0F5C025F265F2608" hex
#define LAST_DAY       DG12("3230323431323331")
#define FIRST_DAY      DG12("3230323530313031")
#define WITHOUT_A_DATE "6C0A5C025F195F1903414243"
	{ 0, false, NULL, EMRTD_NOT_RUN, EMRTD_REVOCATION_ORDER_UNKNOWN,
	    "on 2025-01-01; " },
	{ REVOKED_AT - 1, false, NULL, EMRTD_NOT_RUN,
	    EMRTD_SIGNED_BEFORE_REVOCATION,
	    "on 2025-01-01, after the document was signed; " },
	{ REVOKED_AT, false, NULL, EMRTD_NOT_RUN, EMRTD_SIGNED_AFTER_REVOCATION,
	    "on 2025-01-01, before the document was signed; " },
	{ REVOKED_AT, true, NULL, EMRTD_NOT_RUN, EMRTD_REVOCATION_ORDER_UNKNOWN,
	    "on 2025-01-01; " },
	{ 0, false, LAST_DAY, EMRTD_PASSED, EMRTD_SIGNED_BEFORE_REVOCATION,
	    "on 2025-01-01, after the document was signed; " },
	{ 0, false, FIRST_DAY, EMRTD_PASSED, EMRTD_SIGNED_AFTER_REVOCATION,
	    "on 2025-01-01, before the document was signed; " },
	{ 0, false, LAST_DAY, EMRTD_FAILED, EMRTD_REVOCATION_ORDER_UNKNOWN,
	    "on 2025-01-01; " },
	{ 0, false, WITHOUT_A_DATE, EMRTD_PASSED,
	    EMRTD_REVOCATION_ORDER_UNKNOWN, "on 2025-01-01; " },
	{ 0, false, "6C020500", EMRTD_PASSED, EMRTD_REVOCATION_ORDER_UNKNOWN,
	    "on 2025-01-01; " },
	{ REVOKED_AT, false, LAST_DAY, EMRTD_PASSED,
	    EMRTD_SIGNED_AFTER_REVOCATION,
	    "on 2025-01-01, before the document was signed; " },
};

static void
signed_before_or_after(void **state)
{
	static const struct revocation_case c = {
		.lists = { L(CSCA, .serial = LISTED) }
	};
	struct emrtd_trust *trust;
	struct emrtd_ctx *ctx;
	struct world w;

	(void)state;
	make_world(&w);
	trust = make_trust(&w, &c);
	assert_int_equal(emrtd_ctx_new(NULL, NULL, &ctx), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(signed_at); i++) {
		struct emrtd_pa pa = { .ctx = ctx,
			.trust = trust,
			.has_sod = !signed_at[i].no_sod,
			.has_signer = true,
			.signer = w.signer,
			.chain = { .path = { &w.csca }, .n = 1 } };
		const struct emrtd_check *row;

		assert_int_equal(emrtd_result_new(ctx, AT, &pa.result),
		    EMRTD_OK);
		pa.sod.cms.has_signing_time = signed_at[i].time != 0;
		pa.sod.cms.signing_time = signed_at[i].time;
		if (signed_at[i].dg12 != NULL) {
			struct test_bytes b = test_hex(signed_at[i].dg12);

			assert_int_equal(emrtd_result_set_file(pa.result,
					     crypto, EMRTD_DG12, b.ptr, b.len),
			    EMRTD_OK);
		}
		emrtd_check_set(pa.result, EMRTD_CHECK_PA_HASH_DG12,
		    signed_at[i].hash, NULL);
		emrtd_pa_check_revocation(&pa);
		row = &pa.result->checks[EMRTD_CHECK_PA_REVOCATION];
		if (pa.result->revocation.order != signed_at[i].want ||
		    row->verdict != EMRTD_FAILED ||
		    strstr(row->diag.detail, signed_at[i].words) == NULL)
			fail_msg("row %zu: %s", i, row->diag.detail);
		emrtd_result_free(&pa.result);
	}
	emrtd_ctx_free(&ctx);
	emrtd_trust_free(&trust);
	free_world(&w);
}

static void
reasons_by_name(void **state)
{
	(void)state;
	assert_string_equal(emrtd_revocation_reason(1), "keyCompromise");
	assert_string_equal(emrtd_revocation_reason(10), "aACompromise");
	assert_null(emrtd_revocation_reason(7));
	assert_null(emrtd_revocation_reason(11));
	assert_null(emrtd_revocation_reason(EMRTD_CRL_NO_REASON));
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
		cmocka_unit_test(every_case),
		cmocka_unit_test(why_a_list_is_doubted),
		cmocka_unit_test(crowded_out),
		cmocka_unit_test(openssl_agrees),
		cmocka_unit_test(certificates_that_come_later),
		cmocka_unit_test(a_name_that_changed),
		cmocka_unit_test(lists_that_are_hard_to_place),
		cmocka_unit_test(signed_before_or_after),
		cmocka_unit_test(reasons_by_name),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
