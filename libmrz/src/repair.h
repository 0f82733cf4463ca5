/*
 * A zone as text that can be changed and parsed again. The search for repairs
 * knows no layout: the parser says what may stand where, what a check digit
 * covers and what verifies, and so it holds for every layout alike.
 */
#ifndef MRZ_REPAIR_H
#define MRZ_REPAIR_H

#include "confusion.h"

/* Each line and the newline between. A place is an offset into it. */
#define ZONE_CAP (MRZ_MAX_LINES * MRZ_LINE_CAP)

struct zone_text {
	size_t len;
	char at[ZONE_CAP];
};

#define NO_PLACE SIZE_MAX

/* False if the lines of doc are none, or cut. */
bool mrz_zone_text(const struct mrz_doc *doc, struct zone_text *out);

/* Place to line and column, from 1, and back; NO_PLACE if there is none. */
struct mrz_place mrz_zone_place(const struct zone_text *zone, size_t at);
size_t mrz_zone_offset(const struct zone_text *zone, struct mrz_place place);

/* The field that holds a place, or MRZ_NO_FIELD. */
uint8_t mrz_zone_field(const struct mrz_doc *doc, struct mrz_place place);

/* Whether the zone is accepted as it stands. */
bool mrz_zone_parse(const struct zone_text *zone,
    const struct mrz_options *options, struct mrz_doc *doc);

/* The first place that a parse names as holding a character of a class that
 * may not stand there, whatever stands elsewhere; else NO_PLACE. */
size_t mrz_wrong_class(const struct zone_text *zone, const struct mrz_doc *doc);

/* A row with a printed and a computed check digit. */
bool mrz_is_digit_row(const struct mrz_check *row);

/* Whether two parses are of one layout and have their check digits at the
 * same places: a long document number moves them. */
bool mrz_same_shape(const struct mrz_doc *a, const struct mrz_doc *b);

/* How the difference between printed and computed digit of each row grows
 * with the value of the character at a place, modulo 10. */
struct weights {
	uint8_t at[MRZ_MAX_CHECKS][ZONE_CAP];
};

void mrz_zone_weights(const struct zone_text *zone, const struct mrz_doc *doc,
    const struct mrz_options *options, struct weights *out);

/* Whether no digit tells what stands at a place: another character of the same
 * value would be accepted there, or from, which was read, has that value. */
bool mrz_is_blind(const struct zone_text *zone, size_t at, char from,
    const struct mrz_options *options);

/* What two digits must show of a candidate before it counts as proved; zone
 * is the repaired one. MRZ_REPAIR_R_NONE: it is. */
enum mrz_repair_reason mrz_repair_proof(const struct zone_text *zone,
    const struct mrz_candidate *candidate, const struct mrz_options *options);

#endif
