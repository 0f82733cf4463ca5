/*
 * emrtd/pki.h - trust anchors: the country signing certificates that the
 * caller trusts. No reader ever brings trust of its own. Beside them lie
 * revocation lists, which those countries have signed.
 */
#ifndef EMRTD_PKI_H
#define EMRTD_PKI_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

struct emrtd_ctx;
struct emrtd_trust;

#define EMRTD_TRUST_ALLOW_TEST 1u /* accept marked test certificates */
/*
 * Not anchors: certificates that are trusted for nothing, and only help to
 * find the way from a signer to an anchor: CSCA link certificates, and
 * Document Signers that an EF.SOD leaves out. Without this flag a certificate
 * is an anchor, whether self-signed or not.
 */
#define EMRTD_TRUST_PATH_ONLY 2u

/*
 * emrtd_trust_new - an empty store. Borrows ctx until it is freed.
 */
EMRTD_API enum emrtd_error emrtd_trust_new(struct emrtd_ctx *ctx,
    struct emrtd_trust **out) EMRTD_MUST_USE;
/* NULL is allowed; *trust becomes NULL. */
EMRTD_API void emrtd_trust_free(struct emrtd_trust **trust);

/*
 * emrtd_trust_add_file - a certificate (DER, or PEM with any number of them).
 * in:     flags  EMRTD_TRUST_ALLOW_TEST, EMRTD_TRUST_PATH_ONLY or both; 0
 * errors: EMRTD_E_IO, EMRTD_E_NOT_FOUND, EMRTD_E_PERMISSION,
 *         EMRTD_E_MALFORMED, EMRTD_E_TRAILING, EMRTD_E_LIMIT,
 *         EMRTD_E_TEST_TRUST (a marked test certificate without the flag).
 *         After any of them the store is as it was before the call; diag says
 *         which file, and whose certificate.
 * A certificate that is there already is not added again, but for an anchor
 * that was there for paths only. Allocates.
 */
EMRTD_API enum emrtd_error emrtd_trust_add_file(struct emrtd_trust *trust,
    const char *path, unsigned flags, struct emrtd_diag *diag) EMRTD_MUST_USE;
/*
 * emrtd_trust_add_path - a file, or every .cer .crl .crt .der .pem of a folder
 * (not below it), by name. A folder without any is EMRTD_E_NOT_FOUND; else as
 * emrtd_trust_add_file, all files or none.
 */
EMRTD_API enum emrtd_error emrtd_trust_add_path(struct emrtd_trust *trust,
    const char *path, unsigned flags, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* One certificate in DER, copied; errors as above. */
EMRTD_API enum emrtd_error emrtd_trust_add_der(struct emrtd_trust *trust,
    struct emrtd_bytes der, unsigned flags,
    struct emrtd_diag *diag) EMRTD_MUST_USE;
/* Anchors and others. */
EMRTD_API size_t emrtd_trust_count(const struct emrtd_trust *trust);

/*
 * emrtd_trust_add_crl_der - a certificate revocation list in DER, copied. It
 * needs no trust of its own: whether a trusted country has signed it is found
 * out when it is asked, and one that nobody signed never says 'good'. The
 * functions above take lists, too, wherever they take certificates (folders:
 * also .crl); flags do not bear on them.
 * errors: EMRTD_E_MALFORMED, EMRTD_E_TRAILING, EMRTD_E_LIMIT,
 *         EMRTD_E_NO_MEMORY; the store is then as it was.
 */
EMRTD_API enum emrtd_error emrtd_trust_add_crl_der(struct emrtd_trust *trust,
    struct emrtd_bytes der, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* Lists, which emrtd_trust_count does not count. */
EMRTD_API size_t emrtd_trust_crl_count(const struct emrtd_trust *trust);

/* What the revocation lists of the trust store say. */
enum emrtd_revocation_status {
	EMRTD_REVOCATION_NOT_CHECKED = 0, /* the signer is not known */
	EMRTD_REVOCATION_GOOD,            /* on no list, and the list is new */
	EMRTD_REVOCATION_REVOKED,
	EMRTD_REVOCATION_STALE,      /* there is only a list that is too old */
	EMRTD_REVOCATION_UNVERIFIED, /* only one that cannot be relied on */
	EMRTD_REVOCATION_NO_CRL
};
/* "not_checked", "good", "revoked", "stale", "unverified", "no_crl". */
EMRTD_API const char *emrtd_revocation_status_name(
    enum emrtd_revocation_status status);

/* Which certificate the status is about. */
enum emrtd_revocation_role {
	EMRTD_REVOCATION_OF_SIGNER = 0,
	EMRTD_REVOCATION_OF_LINK,
	EMRTD_REVOCATION_OF_CSCA
};
/* "document_signer", "link", "csca". */
EMRTD_API const char *emrtd_revocation_role_name(
    enum emrtd_revocation_role role);

/* Was the document signed before its signer was revoked? */
enum emrtd_revocation_order {
	EMRTD_REVOCATION_ORDER_UNKNOWN = 0,
	EMRTD_SIGNED_BEFORE_REVOCATION,
	EMRTD_SIGNED_AFTER_REVOCATION
};
/* "unknown", "before", "after". */
EMRTD_API const char *emrtd_revocation_order_name(
    enum emrtd_revocation_order order);

#ifdef __cplusplus
}
#endif
#endif
