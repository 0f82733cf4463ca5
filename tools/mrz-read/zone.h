/*
 * A machine-readable zone and where it comes from, for record and report.
 */
#ifndef MRZ_READ_ZONE_H
#define MRZ_READ_ZONE_H

#include "picture.h"

#include <mrz/ocr.h>

/* All borrowed. */
struct zone {
	const struct mrz_doc *doc;
	const struct picture *picture;     /* NULL for text */
	const struct mrz_reading *reading; /* NULL for text */
	const struct mrz_repair *repair;   /* NULL without --repair */
};

size_t zone_n_doubts(const struct zone *zone);
const struct mrz_doubt *zone_doubts(const struct zone *zone);

/* What was read at the place of a doubt; '?' where there is nothing. */
char zone_character(const struct zone *zone, const struct mrz_doubt *doubt);

#endif
