/*
 * The mrz-read/1 record (docs/JSON.md).
 */
#ifndef MRZ_READ_RECORD_H
#define MRZ_READ_RECORD_H

#include "zone.h"

#include <emrtd/json.h>

/* normalized: NULL when the text was read as it is. */
void record_begin(struct emrtd_json *json, const char *source,
    const struct mrz_normalized *normalized);
void record_zone(struct emrtd_json *json, const struct zone *zone);
void record_end(struct emrtd_json *json);

#endif
