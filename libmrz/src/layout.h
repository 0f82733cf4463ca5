/*
 * The layouts as table rows. Spans count lines and columns from 0; a span of
 * length 0 is a field or digit that the layout does not have.
 */
#ifndef MRZ_LAYOUT_H
#define MRZ_LAYOUT_H

#include <mrz/mrz.h>

struct span {
	uint8_t line;
	uint8_t column;
	uint8_t length;
};

enum digit {
	DIGIT_NUMBER,
	DIGIT_BIRTH,
	DIGIT_EXPIRY,
	DIGIT_OPTIONAL,
	DIGIT_COMPOSITE,
	N_DIGITS
};

#define MAX_RUNS 4

/* A check digit: its place, and the runs that it covers, as one text. */
struct digit_row {
	struct span at;
	struct span runs[MAX_RUNS];
};

/* In every layout of Doc 9303; a longer number goes on in the optional
 * data. */
#define NUMBER_LEN 9
#define DATE_LEN   6

/*
 * fields[MRZ_F_SURNAME] is the whole name field; fields[MRZ_F_GIVEN_NAMES] is
 * always empty.
 */
struct layout {
	enum mrz_format format;
	const char *name;
	uint8_t n_lines;
	uint8_t line_len[MRZ_MAX_LINES];
	bool visa;
	bool long_number; /* may go on in the optional data (note j) */
	struct span fields[MRZ_N_FIELDS];
	struct digit_row digits[N_DIGITS];
};

/* The characters of a zone, one array for each line, without NULs. */
struct zone {
	char at[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];
};

/* The row of a format, NULL for MRZ_UNKNOWN and numbers outside the enum. */
const struct layout *mrz_layout_find(enum mrz_format format);

/* Row i, or NULL past the end. Row i is that of format i + 1. */
const struct layout *mrz_layout_at(size_t i);

/* Characters of all lines. */
size_t mrz_layout_len(const struct layout *layout);

const char *mrz_zone_at(const struct zone *zone, struct span span);
struct mrz_place mrz_span_place(struct span span);

/* The right check digit for a place of the layout, from the characters as
 * they stand in the zone; '\0' if one of them is not of the alphabet. */
char mrz_layout_digit(const struct layout *layout, const struct zone *zone,
    enum digit which);

#endif
