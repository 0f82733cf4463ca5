/*
 * chain.h - from a Document Signer to a trusted CSCA, directly or over link
 * certificates: all candidates are tried, by authority key identifier first,
 * then by name.
 */
#ifndef PKI_CHAIN_H
#define PKI_CHAIN_H

#include "pki/certificate.h"

#include <emrtd/pki.h>

/* Borrowed i-th certificate of the store, NULL at the end. */
const struct emrtd_certificate *emrtd_trust_at(const struct emrtd_trust *trust,
    size_t index);
bool emrtd_trust_is_anchor(const struct emrtd_trust *trust, size_t index);
/* Whether any certificate of the store is marked as a test's. */
bool emrtd_trust_has_test(const struct emrtd_trust *trust);

/* What certificates are found by, without looking at all of them. */
enum emrtd_trust_key {
	EMRTD_TRUST_BY_KEY_ID, /* subject key identifier */
	EMRTD_TRUST_BY_NAME,   /* subject, by emrtd_name_equal */
	EMRTD_TRUST_BY_SERIAL,
	EMRTD_TRUST_N_KEYS
};
/* Borrows store and value; the store must not change meanwhile. */
struct emrtd_trust_walk {
	const struct emrtd_trust *trust;
	enum emrtd_trust_key key;
	struct emrtd_bytes value;
	uint64_t hash;
	size_t slot;
	bool more;
};
/* Nothing has an empty value; trust may be NULL. */
void emrtd_trust_walk(const struct emrtd_trust *trust, enum emrtd_trust_key key,
    struct emrtd_bytes value, struct emrtd_trust_walk *out);
/* The next one, in the order in which they were added; false at the end. */
bool emrtd_trust_next(struct emrtd_trust_walk *walk, size_t *index);
/*
 * The nth certificate of the store, anchor or not, that a signer identifier
 * names: issuer (a Name with its tag) and serial number, or subject key
 * identifier; what is not there has a NULL ptr. For files that leave their
 * signer's out. NULL when there is none. It proves nothing: anybody may have
 * made one of that name, and the chain has to be found.
 */
const struct emrtd_certificate *emrtd_trust_signer(
    const struct emrtd_trust *trust, struct emrtd_bytes issuer,
    struct emrtd_bytes serial, struct emrtd_bytes key_id, size_t nth);

#define EMRTD_CHAIN_MAX 4

/* From the issuer of the signer, [0], to the anchor, [n - 1]. */
struct emrtd_chain {
	const struct emrtd_certificate *path[EMRTD_CHAIN_MAX]; /* borrowed */
	size_t n;                                              /* from 1 */
	bool is_sub_ca[EMRTD_CHAIN_MAX]; /* no anchor, and no link */
};

/*
 * From 'signer' over certificates that are for paths only to an anchor of the
 * store. Of several chains one whose dates hold at 'at' (seconds since 1970,
 * UTC) comes first; when none holds, the caller has the dates to judge by
 * emrtd_chain_outdated.
 *
 * EMRTD_E_NO_ANCHOR when no certificate of the store is a candidate. One that
 * shares the name alone and did not sign is no candidate: countries give many
 * keys one name, and the right one may just not be there.
 * EMRTD_E_SIGNATURE when an anchor has the key identifier that is asked for,
 * and its key did not sign.
 * EMRTD_E_KEY or EMRTD_E_UNSUPPORTED when that key, or the algorithm, is one
 * that we cannot use, or there are too many candidates.
 * EMRTD_E_CERTIFICATE when the signer or an issuer is not fit (is a CA or not,
 * key usage, path length, a purpose named by an extended key usage, unknown
 * critical extension, the signer's key is a CA's), EMRTD_E_TEST_TRUST when one
 * is marked as a test's and its issuer is not, EMRTD_E_COUNTRY when an issuer
 * belongs to another country. An issuer without country, or with three letters
 * where the signer has two, passes here: compare it with DG1.
 */
enum emrtd_error emrtd_chain_find(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    int64_t at, struct emrtd_diag *diag,
    struct emrtd_chain *out) EMRTD_MUST_USE;
/*
 * The same for a CA's certificate of the store, for what CSCAs sign besides
 * certificates: out->path[0] is 'ca' itself, and the only one when it is an
 * anchor.
 */
enum emrtd_error emrtd_chain_vouch(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *ca, int64_t at,
    struct emrtd_diag *diag, struct emrtd_chain *out) EMRTD_MUST_USE;
/*
 * The first certificate of the chain whose dates do not hold, or NULL. The
 * signer's issuer must be valid at 'at'; one above it, then or when it issued
 * the certificate below.
 */
const struct emrtd_certificate *emrtd_chain_outdated(
    const struct emrtd_chain *chain, int64_t at);

#endif
