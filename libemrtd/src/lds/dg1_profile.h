/*
 * dg1_profile.h - where the MRZ in DG1 is not as Doc 9303-3 to -6 want it, out
 * of what libmrz says of it. Birth dates with unknown parts, names without a
 * second identifier and cut names are as they should be.
 */
#ifndef LDS_DG1_PROFILE_H
#define LDS_DG1_PROFILE_H

#include "core/finding.h"

#include <mrz/mrz.h>

void emrtd_dg1_profile(const struct mrz_doc *doc, struct emrtd_findings *out);

#endif
