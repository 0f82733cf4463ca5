/*
 * certificate_profile.h - where certificates are not as Doc 9303-12 7.1, tables
 * 5 and 6, wants them: deviations in what somebody entitled did sign. What an
 * attacker gains by is refused by chain.h, whatever the policy is.
 */
#ifndef PKI_CERTIFICATE_PROFILE_H
#define PKI_CERTIFICATE_PROFILE_H

#include "core/finding.h"
#include "pki/certificate.h"

/* issuer: the certificate that signed it; NULL when it is not known. */
void emrtd_certificate_profile_signer(const struct emrtd_certificate *signer,
    const struct emrtd_certificate *issuer, struct emrtd_findings *out);
/* A CSCA, or a link certificate of one. */
void emrtd_certificate_profile_csca(const struct emrtd_certificate *csca,
    struct emrtd_findings *out);

#endif
