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
	bool issuer_is_sub_ca; /* no anchor, and no link certificate */
	unsigned sub_cas;      /* from the signer to subject */
	bool unclear;          /* one of them may be a new key of the state */
};
/*
 * Entitled to issue it, apart from dates: EMRTD_E_CERTIFICATE (no CA, path
 * length, unknown critical extension), EMRTD_E_TEST_TRUST, EMRTD_E_COUNTRY;
 * EMRTD_E_NO_ANCHOR where only trust in the new key could tell.
 */
enum emrtd_error emrtd_chain_check_link(const struct emrtd_chain_link *link,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Fit to be a CA: may sign certificates. A CSCA is held to less than a sub-CA.
 * EMRTD_E_CERTIFICATE.
 */
enum emrtd_error emrtd_chain_check_ca(const struct emrtd_certificate *ca,
    bool is_sub_ca, struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Issued under another name than its own, without saying that this is a change
 * of name: a sub-CA, or a link certificate that should say so.
 */
bool emrtd_chain_names_differ(const struct emrtd_certificate *certificate);

#endif
