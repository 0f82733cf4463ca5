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

#define MAX_HEADS   2
#define MAX_FILLERS 3
#define MAX_FORMS   4

/* How a line of the zone begins, in one of these ways; all of one length.
 * None in the layouts of Doc 9303. */
struct head {
	uint8_t line;
	const char *texts[MAX_HEADS];
};

/*
 * What may stand in a field, where that is not what it is everywhere. form has
 * a character for each place: 9 a digit, X a letter or digit, a set in
 * brackets one of these.
 */
struct own_form {
	enum mrz_field_id id;
	const char *form;
	const char *words;
};

enum name_form {
	NAME_JOINED = 0, /* surname, two fillers, given names */
	NAME_APART,      /* each in a field of its own, or no given names */
	NAME_NONE
};

/*
 * fields[MRZ_F_SURNAME] of NAME_JOINED is the whole name field, and
 * fields[MRZ_F_GIVEN_NAMES] is then empty. fillers are runs in which nothing
 * else stands.
 */
struct layout {
	enum mrz_format format;
	const char *name;
	uint8_t n_lines;
	uint8_t line_len[MRZ_MAX_LINES];
	bool visa;
	bool long_number; /* may go on in the optional data (note j) */
	enum name_form names;
	struct head head;
	struct span fields[MRZ_N_FIELDS];
	struct digit_row digits[N_DIGITS];
	struct span fillers[MAX_FILLERS];
	struct own_form forms[MAX_FORMS];
};

/* The characters of a zone, one array for each line, without NULs. */
struct zone {
	char at[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];
};

/* The row of a format, NULL for MRZ_UNKNOWN and numbers outside the enum. */
const struct layout *mrz_layout_find(enum mrz_format format);

/* Row i, or NULL past the end. Row i is that of format i + 1. */
const struct layout *mrz_layout_at(size_t i);

/* Whether a text of len characters begins as a line with a head must; true
 * for a layout without one. */
bool mrz_head_fits(const struct layout *layout, const char *line, size_t len);

/* The same, but for characters that are fewer than those that are right. */
bool mrz_head_comes_near(const struct layout *layout, const char *line,
    size_t len);

/* Where a field stands; given names may share the span of the surname. */
struct span mrz_layout_span(const struct layout *layout, enum mrz_field_id id);

/* As mrz_pattern_check, for the characters of a whole field. */
enum mrz_reason mrz_layout_check(const struct layout *layout,
    enum mrz_field_id id, const char *at, size_t *offset);

/* What the characters of a field say about it: bits of enum
 * mrz_protection. */
uint32_t mrz_layout_protection(const struct layout *layout,
    enum mrz_field_id id);

/* Characters of all lines. */
size_t mrz_layout_len(const struct layout *layout);

const char *mrz_zone_at(const struct zone *zone, struct span span);
struct mrz_place mrz_span_place(struct span span);

/* The right check digit for a place of the layout, from the characters as
 * they stand in the zone; '\0' if one of them is not of the alphabet. */
char mrz_layout_digit(const struct layout *layout, const struct zone *zone,
    enum digit which);

#endif
