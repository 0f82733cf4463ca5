/*
 * biometric_profile.h - where DG2, DG3 and DG4 are not as Doc 9303-10 4.7.2 to
 * 4.7.4 and the records of ISO/IEC 19794-5, -4 and -6 want them. Records of
 * ISO/IEC 39794 are let pass: only what is around them is looked at. No image
 * is decoded.
 */
#ifndef LDS_BIOMETRIC_PROFILE_H
#define LDS_BIOMETRIC_PROFILE_H

#include "core/finding.h"

#include <emrtd/lds.h>

/* which: EMRTD_DG2, EMRTD_DG3 or EMRTD_DG4; others have no findings. */
void emrtd_biometric_profile(enum emrtd_file which, struct emrtd_bytes file,
    struct emrtd_findings *out);

#endif
