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

/*
 * *csca borrows from the store. EMRTD_E_NO_ANCHOR when no certificate of the
 * store is a candidate; EMRTD_E_SIGNATURE when one is, and its key did not
 * sign; EMRTD_E_CERTIFICATE when the signer or the CSCA is not fit (is a CA
 * or not, key usage, unknown critical extension).
 */
enum emrtd_error emrtd_chain_find(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag,
    const struct emrtd_certificate **csca) EMRTD_MUST_USE;

#endif
