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
	if (c->unknown_critical)
		return emrtd_fail(diag, EMRTD_E_CERTIFICATE,
		    "unknown critical extension of the Document Signer",
		    CLAUSE_PROFILE);
	return EMRTD_OK;
}

/*
 * There are CSCAs without basic constraints, and some that say cA FALSE. Key
 * usage decides where it is present, and all but one have it.
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

enum emrtd_error
emrtd_chain_find(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *signer, struct emrtd_diag *diag,
    const struct emrtd_certificate **csca)
{
	static const enum relation order[] = { SAME_KEY, SAME_NAME };
	enum emrtd_error worst = no_anchor(signer, diag), error;

	error = check_signer(signer, diag);
	if (error != EMRTD_OK)
		return error;
	for (size_t pass = 0; pass < sizeof(order) / sizeof(order[0]); pass++) {
		const struct emrtd_certificate *c;

		for (size_t i = 0; (c = emrtd_trust_at(trust, i)) != NULL;
		     i++) {
			struct emrtd_diag now;

			if (relation(c, signer) != order[pass])
				continue;
			error = try_csca(c, crypto, signer, &now);
			if (error == EMRTD_OK) {
				*csca = c;
				return EMRTD_OK;
			}
			if (order[pass] == SAME_NAME &&
			    (error == EMRTD_E_SIGNATURE ||
				error == EMRTD_E_KEY))
				continue;
			if (is_stronger(error, worst)) {
				worst = error;
				if (diag != NULL)
					*diag = now;
			}
		}
	}
	return worst;
}
