/*
 * From what may stand at each place to a text, and to what stays doubtful
 * about it once check digits and lists of codes have had their say.
 */
#ifndef MRZ_OCR_DOUBTS_H
#define MRZ_OCR_DOUBTS_H

#include "recognise.h"

struct place_vote {
	bool sure;
	unsigned n;
	struct choice
	    choices[MAX_CHOICES]; /* best first; p sums to 1 or less */
};

struct zone_vote {
	enum mrz_format format;
	struct place_vote at[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];
};

/* A character more, in its order; the least probable one falls off. */
void mrz_place_vote_add(struct place_vote *vote, char c, double p);

/* doc, n_doubts and doubts of out are written. */
void mrz_doubts_settle(const struct zone_vote *zone, int32_t today,
    struct mrz_reading *out);

#endif
