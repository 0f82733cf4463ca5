/*
 * sod_profile.h - where EF.SOD is not as the standards want it: Doc 9303-10
 * 4.6.2, RFC 5652, and the tests LDS_H_17 to 47 and 84 to 89 of TR-03105-5.1.
 * What cannot be parsed at all has failed before.
 */
#ifndef PKI_SOD_PROFILE_H
#define PKI_SOD_PROFILE_H

#include "core/finding.h"
#include "pki/sod.h"

/*
 * signer: the certificate that verified the signature, or NULL; named: the
 * signer identifier fits it.
 */
void emrtd_sod_profile(const struct emrtd_sod *sod,
    const struct emrtd_certificate *signer, bool named,
    struct emrtd_findings *out);

#endif
