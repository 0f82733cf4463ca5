/*
 * security_info_profile.h - where the SecurityInfos of DG14 are not as Doc
 * 9303-11 9.2 wants them. Infos of unknown kinds are let pass.
 */
#ifndef LDS_SECURITY_INFO_PROFILE_H
#define LDS_SECURITY_INFO_PROFILE_H

#include "core/finding.h"

/* DG14 as a file. */
void emrtd_dg14_profile(struct emrtd_bytes file, struct emrtd_findings *out);

#endif
