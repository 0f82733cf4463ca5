/*
 * Documents made up from a number, for tests of what holds for all of them:
 * the same number gives the same document on every machine.
 */
#ifndef MRTD_MRZ_RANDOM_H
#define MRTD_MRZ_RANDOM_H

#include <mrz/mrz.h>

struct mrz_random {
	uint64_t state;
};

uint32_t mrz_random_next(struct mrz_random *random);

/* 0..n-1; n is not 0. */
uint32_t mrz_random_below(struct mrz_random *random, uint32_t n);

/*
 * Fields that the format can hold, in the form in which mrz_parse gives them,
 * but for dates, which have their fillers. Names are never so long that they
 * are truncated. fields points into values.
 */
struct mrz_random_doc {
	enum mrz_format format;
	char values[MRZ_N_FIELDS][MRZ_FIELD_CAP];
	struct mrz_fields fields;
};

void mrz_random_fields(enum mrz_format format, uint64_t seed,
    struct mrz_random_doc *out);

/* The same built: the lines as one text, each ended by LF. Fails the test,
 * with the seed, if they cannot be built. */
#define MRZ_RANDOM_TEXT_CAP (MRZ_MAX_LINES * MRZ_LINE_CAP + 1)
void mrz_random_zone(enum mrz_format format, uint64_t seed,
    struct mrz_random_doc *doc, char out[MRZ_RANDOM_TEXT_CAP]);

#endif
