/*
 * What --repair found, for programs and for people.
 */
#ifndef MRZ_READ_SHOW_REPAIR_H
#define MRZ_READ_SHOW_REPAIR_H

#include "zone.h"

#include <emrtd/json.h>

#include <stdio.h>

/* null when zone has no repair. */
void repair_record(struct emrtd_json *json, const struct zone *zone);

/* Nothing when zone has no repair, or none was needed. all: every candidate,
 * not the first few alone. */
void repair_report(FILE *out, const struct zone *zone, bool color, bool all);

#endif
