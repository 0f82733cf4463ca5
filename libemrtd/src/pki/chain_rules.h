/*
 * chain_rules.h - who may sign, and who may certify whom: what a chain must
 * hold besides its signatures.
 */
#ifndef PKI_CHAIN_RULES_H
#define PKI_CHAIN_RULES_H

#include "pki/certificate.h"

/*
 * Fit to be a Document Signer. EMRTD_E_CERTIFICATE for a CA, a key usage
 * without digitalSignature, a purpose that is another one, an unknown critical
 * extension.
 */
enum emrtd_error emrtd_chain_check_signer(
    const struct emrtd_certificate *signer,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/* A certificate that another one may have issued. */
struct emrtd_chain_link {
	const struct emrtd_certificate *issuer, *subject;
	const struct emrtd_certificate *signer; /* at the start of the chain */
	bool issuer_is_anchor;
	unsigned sub_cas; /* from the signer to subject */
};
/*
 * Entitled to issue it, apart from dates: EMRTD_E_CERTIFICATE (no CA, path
 * length, unknown critical extension), EMRTD_E_TEST_TRUST, EMRTD_E_COUNTRY.
 */
enum emrtd_error emrtd_chain_check_link(const struct emrtd_chain_link *link,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/* Fit to be a CA, for one that is no anchor. EMRTD_E_CERTIFICATE. */
enum emrtd_error emrtd_chain_check_ca(const struct emrtd_certificate *ca,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * A CA that is not the country's own under another key or name: no link
 * certificate, so it counts for path lengths.
 */
bool emrtd_chain_is_sub_ca(const struct emrtd_certificate *certificate);

#endif
