/*
 * What a person at a desk wants to see of an MRZ.
 */
#ifndef MRZ_READ_REPORT_H
#define MRZ_READ_REPORT_H

#include "zone.h"

#include <stdbool.h>
#include <stdio.h>

/* ids: the names of the checks in docs/CHECKS.md too. */
void report_zone(FILE *out, const char *source, const struct zone *zone,
    bool color, bool ids);

#endif
