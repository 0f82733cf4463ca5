/*
 * crl.h - X.509 certificate revocation lists, RFC 5280 5 and Doc 9303-12
 * 7.1.4, as views into their DER.
 */
#ifndef PKI_CRL_H
#define PKI_CRL_H

#include "pki/signed_object.h"

struct emrtd_crl {
	struct emrtd_bytes der;
	struct emrtd_signed_object object;
	struct emrtd_bytes issuer;           /* Name, with tag 30 */
	struct emrtd_bytes authority_key_id; /* or NULL ptr */
	struct emrtd_bytes other_names; /* GeneralNames' content, or NULL */
	struct emrtd_bytes entries; /* content of the SEQUENCE, may be empty */
	size_t n_entries;
	int64_t this_update, next_update;
	bool has_next_update;
	/*
	 * Why nothing may be concluded from the list, a static text: a critical
	 * extension that we do not know, a list of changes, a list of a part or
	 * of several issuers. NULL: nothing of this.
	 */
	const char *unusable;
};

/* reason: RFC 5280 5.3.1, 0 to 10. */
#define EMRTD_CRL_NO_REASON (-1)
#define EMRTD_CRL_REMOVED   8

struct emrtd_crl_entry {
	int64_t revoked_at, invalid_since;
	bool has_invalid_since;
	int reason; /* or EMRTD_CRL_NO_REASON */
};

/*
 * DER, nothing after it. Every entry is looked at, once. EMRTD_E_MALFORMED,
 * EMRTD_E_TRAILING, EMRTD_E_LIMIT (more entries than any state has passports
 * signers).
 */
enum emrtd_error emrtd_crl_parse(struct emrtd_bytes der,
    struct emrtd_diag *diag, struct emrtd_crl *out) EMRTD_MUST_USE;
/*
 * The entries in the order of their serial numbers, for emrtd_crl_find:
 * crl->n_entries elements, views into the list. Issuers keep no order.
 */
void emrtd_crl_index(const struct emrtd_crl *crl, struct emrtd_bytes *index);
/*
 * The entry of a serial number (content of an INTEGER); false when there is
 * none. Numbers are compared as issuers mean them: without leading zeros, and
 * one that was written without its sign's zero is the same number. Of several
 * entries of one number one that still revokes comes first.
 */
bool emrtd_crl_find(const struct emrtd_crl *crl,
    const struct emrtd_bytes *index, struct emrtd_bytes serial,
    struct emrtd_crl_entry *out);

/* The list's signature by this key. */
enum emrtd_error emrtd_crl_verify(const struct emrtd_crl *crl,
    struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag) EMRTD_MUST_USE;
/* Is this Name the issuer's, or one that it had before (issuerAltName)? */
bool emrtd_crl_names(const struct emrtd_crl *crl, struct emrtd_bytes name);

#endif
