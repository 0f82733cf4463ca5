/*
 * What a person at a desk wants to see of an MRZ.
 */
#ifndef MRZ_READ_REPORT_H
#define MRZ_READ_REPORT_H

#include "zone.h"

#include <stdbool.h>
#include <stdio.h>

/* What mrz_normalize did to the text; nothing if it did nothing. */
void report_normalized(FILE *out, const char *source,
    const struct mrz_normalized *normalized);

/* ids: the names of the checks in docs/CHECKS.md too. */
void report_zone(FILE *out, const char *source, const struct zone *zone,
    bool color, bool ids);

#endif
