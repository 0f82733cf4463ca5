/*
 * A zone of a known layout into fields, verdicts and a status.
 */
#ifndef MRZ_VERIFY_H
#define MRZ_VERIFY_H

#include "layout.h"

/* doc is zeroed but for its lines, format and the ids of its checks. */
void mrz_verify(const struct layout *layout, const struct zone *zone,
    int32_t today, struct mrz_doc *doc);

#endif
