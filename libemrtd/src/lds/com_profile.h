/*
 * com_profile.h - where EF.COM is not as Doc 9303-10 4.6.1 wants it.
 */
#ifndef LDS_COM_PROFILE_H
#define LDS_COM_PROFILE_H

#include "core/finding.h"

#include <emrtd/lds.h>

void emrtd_com_profile(const struct emrtd_com *com, struct emrtd_findings *out);

#endif
