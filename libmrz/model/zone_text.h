/*
 * zone_text.h - lines to train on: zones as issuers print them, and strings
 * that no issuer prints, so that shapes are learnt and not words.
 */
#ifndef MRZ_ZONE_TEXT_H
#define MRZ_ZONE_TEXT_H

#include "draw/prng.h"

#include <mrz/mrz.h>

#define ZONE_MIN_LENGTH 20

/*
 * zone_lines - the next zone: 1 to 3 lines in lines, each ended by a NUL and
 * of ZONE_MIN_LENGTH to MRZ_MAX_LINE_LEN characters of the MRZ alphabet. How
 * many is returned; never 0. oddness is the share of strings that no issuer
 * prints; the rest are of one of the five layouts, with check digits that
 * verify.
 */
unsigned zone_lines(struct prng *prng, double oddness,
    char lines[MRZ_MAX_LINES][MRZ_LINE_CAP]);

#endif
