#include "pki/chain_rules.h"

#include "core/cursor.h"
#include "core/diag.h"
#include "crypto/key_size.h"

#include <string.h>

#define CLAUSE         "Doc 9303-12 6.1"
#define CLAUSE_PROFILE "Doc 9303-12 7.1"

/* Bits of KeyUsage, RFC 5280 4.2.1.3. */
#define DIGITAL_SIGNATURE (1u << 0)
#define KEY_CERT_SIGN     (1u << 5)

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

enum emrtd_error
emrtd_chain_check_signer(const struct emrtd_certificate *c,
    struct emrtd_diag *diag)
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

bool
emrtd_chain_names_differ(const struct emrtd_certificate *c)
{
	return !c->has_name_change && !emrtd_name_equal(c->issuer, c->subject);
}

/*
 * There are CSCAs without basic constraints, and some that say cA FALSE. Key
 * usage decides where it is present, and all but one have it. Some published
 * ones have an extended key usage that is not critical: it changes nothing.
 * That a sub-CA is one, nobody says but its issuer: RFC 5280 4.2.1.9.
 */
enum emrtd_error
emrtd_chain_check_ca(const struct emrtd_certificate *c, bool is_sub_ca,
    struct emrtd_diag *diag)
{
	if ((c->has_key_usage ? (c->key_usage & KEY_CERT_SIGN) == 0
			      : !c->is_ca) ||
	    (is_sub_ca && !c->is_ca))
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "the issuer's certificate may not sign certificates",
		    CLAUSE_PROFILE);
	if (c->unknown_critical)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "unknown critical extension of the CSCA", CLAUSE_PROFILE);
	return EMRTD_OK;
}

/*
 * Link certificates do not count: Doc 9303-12 7.1.1.5, and RFC 5280 4.2.1.9 on
 * what is self-issued.
 */
static enum emrtd_error
check_path_len(const struct emrtd_chain_link *link, struct emrtd_diag *diag)
{
	const struct emrtd_certificate *issuer = link->issuer;

	if (!issuer->has_path_len || link->sub_cas <= issuer->path_len)
		return EMRTD_OK;
	if (link->unclear)
		return emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
		    "a new key under a new name, which may be that of a CA "
		    "below the CSCA: is its own certificate trusted?",
		    CLAUSE);
	return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
	    "path length that the CSCA allows", CLAUSE_PROFILE);
}

/* A key that certifies is no key for documents: Doc 9303-12 4.1. */
static enum emrtd_error
check_keys(const struct emrtd_chain_link *link, struct emrtd_diag *diag)
{
	if (!emrtd_key_is_same(link->issuer->spki, link->signer->spki))
		return EMRTD_OK;
	return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
	    "the Document Signer has the key of its CSCA", "Doc 9303-12 4.1");
}

/* One trusted country must not sign for another. */
static enum emrtd_error
check_country(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *subject, struct emrtd_diag *diag)
{
	enum emrtd_error error;
	char a[4], b[4];

	emrtd_name_country(csca->subject, a);
	emrtd_name_country(subject->subject, b);
	/* Two letters and three cannot be compared, nor can none. */
	if (strlen(a) != strlen(b) || strcmp(a, b) == 0)
		return EMRTD_OK;
	error = emrtd_fail(diag, EMRTD_E_COUNTRY,
	    "country of a certificate and of its issuer", CLAUSE);
	emrtd_diag_detail(diag, b);
	emrtd_diag_detail(diag, ", ");
	emrtd_diag_detail(diag, a);
	return error;
}

/* Trust in a state's CSCA is no trust in what tests sign. */
static enum emrtd_error
check_test(const struct emrtd_certificate *csca,
    const struct emrtd_certificate *subject, struct emrtd_diag *diag)
{
	if (!subject->is_test || csca->is_test)
		return EMRTD_OK;
	return emrtd_fail(diag, EMRTD_E_TEST_TRUST,
	    "a certificate for tests under a CSCA that is none", NULL);
}

enum emrtd_error
emrtd_chain_check_link(const struct emrtd_chain_link *link,
    struct emrtd_diag *diag)
{
	enum emrtd_error error = emrtd_chain_check_ca(link->issuer,
	    link->issuer_is_sub_ca, diag);

	if (error == EMRTD_OK)
		error = check_path_len(link, diag);
	if (error == EMRTD_OK)
		error = check_keys(link, diag);
	if (error == EMRTD_OK)
		error = check_test(link->issuer, link->subject, diag);
	if (error == EMRTD_OK)
		error = check_country(link->issuer, link->subject, diag);
	/* Between them may be one that names no country. */
	if (error == EMRTD_OK && link->subject != link->signer)
		error = check_country(link->issuer, link->signer, diag);
	return error;
}
