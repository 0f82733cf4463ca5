/*
 * Findings: what a person wants to know about a zone and what never changes
 * its status (code lists, shape of the name, validity).
 */
#ifndef MRZ_FINDING_H
#define MRZ_FINDING_H

#include "layout.h"
#include "name.h"

void mrz_findings(const struct layout *layout, const struct name *name,
    int32_t today, struct mrz_doc *doc);

#endif
