#include "pki/chain.h"

#include "core/cursor.h"
#include "core/diag.h"

#include <string.h>

#define CLAUSE         "Doc 9303-12 6.1"
#define CLAUSE_PROFILE "Doc 9303-12 7.1"

/* Bits of KeyUsage, RFC 5280 4.2.1.3. */
#define DIGITAL_SIGNATURE (1u << 0)
#define KEY_CERT_SIGN     (1u << 5)

/* How a certificate of the store may be the issuer of another one. */
enum relation {
	UNRELATED,
	SAME_NAME, /* and nothing that says it is that key */
	SAME_KEY   /* authority key identifier */
};

static enum relation
relation(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *signer)
{
	if (signer->authority_key_id.len > 0 &&
	    emrtd_bytes_equal(signer->authority_key_id, csca->subject_key_id))
		return SAME_KEY;
	return emrtd_name_equal(signer->issuer, csca->subject) ? SAME_NAME
							       : UNRELATED;
}

/*
 * RFC 5280 4.2.1.12: the key is for the named purposes only, whether that is
 * critical or not. None of them is the signing of documents; Doc 9303-12 gives
 * a Document Signer no such extension.
 */
static bool
has_other_purpose(const struct emrtd_certificate *c)
{
	return c->has_extended_key_usage && !c->any_purpose;
}

static enum emrtd_error
check_signer(const struct emrtd_certificate *c, struct emrtd_diag *diag)
{
	if (c->is_ca)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "the Document Signer is a certification authority",
		    CLAUSE_PROFILE);
	if (c->has_key_usage && (c->key_usage & DIGITAL_SIGNATURE) == 0)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "key usage of the Document Signer", CLAUSE_PROFILE);
	if (has_other_purpose(c))
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "the signer's certificate is for another purpose than "
		    "signing documents",
		    "RFC 5280 4.2.1.12");
	if (c->unknown_critical)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "unknown critical extension of the Document Signer",
		    CLAUSE_PROFILE);
	return EMRTD_OK;
}

/*
 * There are CSCAs without basic constraints, and some that say cA FALSE. Key
 * usage decides where it is present, and all but one have it. Some published
 * ones have an extended key usage that is not critical: it changes nothing.
 */
static enum emrtd_error
check_csca(const struct emrtd_certificate *c, struct emrtd_diag *diag)
{
	if (c->has_key_usage ? (c->key_usage & KEY_CERT_SIGN) == 0 : !c->is_ca)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "the trusted certificate may not sign certificates",
		    CLAUSE_PROFILE);
	if (c->unknown_critical)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "unknown critical extension of the CSCA", CLAUSE_PROFILE);
	return EMRTD_OK;
}

/* One trusted country must not sign for another. */
static enum emrtd_error
check_country(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *signer, struct emrtd_diag *diag)
{
	enum emrtd_error error;
	char a[4], b[4];

	emrtd_name_country(csca->subject, a);
	emrtd_name_country(signer->subject, b);
	if (a[0] == '\0' || b[0] == '\0' || strlen(a) != strlen(b) ||
	    strcmp(a, b) == 0)
		return EMRTD_OK;
	error = emrtd_fail(diag, EMRTD_E_COUNTRY,
	    "country of the Document Signer and of the CSCA", CLAUSE);
	emrtd_diag_detail(diag, b);
	emrtd_diag_detail(diag, ", ");
	emrtd_diag_detail(diag, a);
	return error;
}

/* Trust in a state's CSCA is no trust in what tests sign. */
static enum emrtd_error
check_test(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *signer, struct emrtd_diag *diag)
{
	if (!signer->is_test || csca->is_test)
		return EMRTD_OK;
	return emrtd_fail(diag, EMRTD_E_TEST_TRUST,
	    "a Document Signer for tests under a CSCA that is none", NULL);
}

/* EMRTD_OK when the CSCA signed, and was entitled to. */
static enum emrtd_error
try_csca(const struct emrtd_certificate *csca, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *signer, struct emrtd_diag *diag)
{
	enum emrtd_error error;

	error = emrtd_certificate_verify(signer, crypto, csca->spki, diag);
	if (error == EMRTD_OK)
		error = check_csca(csca, diag);
	if (error == EMRTD_OK)
		error = check_test(csca, signer, diag);
	if (error == EMRTD_OK)
		error = check_country(csca, signer, diag);
	return error;
}

/* The worst reason is told: a proof that failed, not one that never began. */
static bool
is_stronger(enum emrtd_error now, enum emrtd_error before)
{
	return before == EMRTD_E_NO_ANCHOR ||
	       (before == EMRTD_E_SIGNATURE && now != EMRTD_E_SIGNATURE);
}

static enum emrtd_error
no_anchor(const struct emrtd_certificate *signer, struct emrtd_diag *diag)
{
	enum emrtd_error error = emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
	    "looking for the CSCA", CLAUSE);
	char name[EMRTD_NAME_CAP];

	emrtd_name_text(signer->issuer, name);
	emrtd_diag_detail(diag, name);
	return error;
}

static bool
is_valid_at(const struct emrtd_certificate *c, int64_t at)
{
	return c->not_before <= at && at <= c->not_after;
}

/* What is known after some of the candidates. */
struct search {
	const struct emrtd_certificate *found;
	unsigned rank;          /* of found */
	enum emrtd_error worst; /* while none is found */
};

/*
 * Several certificates of one key: valid now, of the signer's country, of the
 * name that the signer gives, in this order, whatever the files are called.
 */
static unsigned
fitness(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *signer, int64_t at)
{
	char a[4], b[4];

	emrtd_name_country(csca->subject, a);
	emrtd_name_country(signer->subject, b);
	return (is_valid_at(csca, at) ? 4u : 0u) +
	       (strcmp(a, b) == 0 ? 2u : 0u) +
	       (emrtd_name_equal(csca->subject, signer->issuer) ? 1u : 0u);
}

static void
consider(struct search *s, const struct emrtd_certificate *csca,
    enum relation how, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *signer, int64_t at, struct emrtd_diag *diag)
{
	struct emrtd_diag now;
	enum emrtd_error error = try_csca(csca, crypto, signer, &now);

	if (error == EMRTD_OK) {
		unsigned rank = fitness(csca, signer, at);

		if (s->found == NULL || rank > s->rank) {
			s->found = csca;
			s->rank = rank;
		}
		return;
	}
	if (how == SAME_NAME &&
	    (error == EMRTD_E_SIGNATURE || error == EMRTD_E_KEY))
		return;
	if (is_stronger(error, s->worst)) {
		s->worst = error;
		if (diag != NULL)
			*diag = now;
	}
}

enum emrtd_error
emrtd_chain_find(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *signer, int64_t at, struct emrtd_diag *diag,
    struct emrtd_chain *out)
{
	static const enum relation order[] = { SAME_KEY, SAME_NAME };
	struct search s = { NULL, 0, no_anchor(signer, diag) };
	const struct emrtd_certificate *c;
	enum emrtd_error error = check_signer(signer, diag);

	if (error != EMRTD_OK)
		return error;
	for (size_t pass = 0; pass < sizeof(order) / sizeof(order[0]); pass++) {
		for (size_t i = 0; (c = emrtd_trust_at(trust, i)) != NULL;
		     i++) {
			if (!emrtd_trust_is_anchor(trust, i) ||
			    relation(c, signer) != order[pass])
				continue;
			consider(&s, c, order[pass], crypto, signer, at, diag);
		}
	}
	if (s.found == NULL)
		return s.worst;
	out->path[0] = s.found;
	out->n = 1;
	return EMRTD_OK;
}
