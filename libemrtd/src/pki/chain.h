/*
 * chain.h - from a Document Signer to a trusted CSCA: all candidates are
 * tried, by authority key identifier first, then by name.
 */
#ifndef PKI_CHAIN_H
#define PKI_CHAIN_H

#include "pki/certificate.h"

#include <emrtd/pki.h>

/* Borrowed i-th certificate of the store, NULL at the end. */
const struct emrtd_certificate *emrtd_trust_at(const struct emrtd_trust *trust,
    size_t index);
bool emrtd_trust_is_anchor(const struct emrtd_trust *trust, size_t index);
/*
 * The certificate of the store, anchor or not, that a signer identifier names:
 * issuer (a Name with its tag) and serial number, or subject key identifier;
 * what is not there has a NULL ptr. For files that leave their signer's out.
 * NULL when there is none. It proves nothing: the chain has to be found.
 */
const struct emrtd_certificate *emrtd_trust_signer(
    const struct emrtd_trust *trust, struct emrtd_bytes issuer,
    struct emrtd_bytes serial, struct emrtd_bytes key_id);

#define EMRTD_CHAIN_MAX 4

/* From the issuer of the signer, [0], to the anchor, [n - 1]. */
struct emrtd_chain {
	const struct emrtd_certificate *path[EMRTD_CHAIN_MAX]; /* borrowed */
	size_t n;                                              /* from 1 */
};

/*
 * The certificate of the store that signed 'signer'; *csca borrows from the
 * store. Of several with one key, that which is valid at 'at' (seconds since
 * 1970, UTC) comes first; when none is, the caller has the dates to judge.
 *
 * EMRTD_E_NO_ANCHOR when no certificate of the store is a candidate. One that
 * shares the name alone and did not sign is no candidate: countries give many
 * keys one name, and the right one may just not be there.
 * EMRTD_E_SIGNATURE when one has the key identifier that the signer asks for,
 * and its key did not sign.
 * EMRTD_E_KEY or EMRTD_E_UNSUPPORTED when that key, or the algorithm, is one
 * that we cannot use.
 * EMRTD_E_CERTIFICATE when the signer or the CSCA is not fit (is a CA or not,
 * key usage, a purpose named by an extended key usage, unknown critical
 * extension), EMRTD_E_TEST_TRUST when the signer is marked as a test's and the
 * CSCA is not, EMRTD_E_COUNTRY when the CSCA belongs to another country. A
 * CSCA without country, or with three letters where the signer has two, passes
 * here: compare it with DG1.
 */
enum emrtd_error emrtd_chain_find(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    int64_t at, struct emrtd_diag *diag,
    struct emrtd_chain *out) EMRTD_MUST_USE;

#endif
