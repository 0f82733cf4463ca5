#include "charset.h"
#include "check_digit.h"
#include "mem.h"
#include "repair.h"

bool
mrz_zone_text(const struct mrz_doc *doc, struct zone_text *out)
{
	memset(out, 0, sizeof(*out));
	/* Of a text with more lines a document holds the first ones alone:
	 * whether these are good or not, they are no zone. */
	if (doc->n_lines < 1 || doc->n_lines > MRZ_MAX_LINES ||
	    doc->n_text_lines > doc->n_lines)
		return false;
	for (size_t i = 0; i < doc->n_lines; i++) {
		size_t len = doc->line_len[i];

		if (len < 1 || len > MRZ_MAX_LINE_LEN)
			return false;
		if (i > 0)
			out->at[out->len++] = '\n';
		memcpy(out->at + out->len, doc->lines[i], len);
		out->len += len;
	}
	return true;
}

struct mrz_place
mrz_zone_place(const struct zone_text *zone, size_t at)
{
	struct mrz_place place = { 1, 1, 1 };

	for (size_t i = 0; i < at && i < zone->len; i++) {
		place.column++;
		if (zone->at[i] != '\n')
			continue;
		place.line++;
		place.column = 1;
	}
	return place;
}

size_t
mrz_zone_offset(const struct zone_text *zone, struct mrz_place place)
{
	size_t at = 0;

	for (uint32_t line = 1; line < place.line && at < zone->len; line++) {
		while (at < zone->len && zone->at[at] != '\n')
			at++;
		at++;
	}
	for (uint32_t column = 1; column < place.column; column++, at++)
		if (at >= zone->len || zone->at[at] == '\n')
			return NO_PLACE;
	if (place.line < 1 || place.column < 1 || at >= zone->len ||
	    zone->at[at] == '\n')
		return NO_PLACE;
	return at;
}

uint8_t
mrz_zone_field(const struct mrz_doc *doc, struct mrz_place place)
{
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		struct mrz_place field = doc->fields[i].place;

		if (doc->fields[i].present && field.line == place.line &&
		    place.column >= field.column &&
		    place.column - field.column < field.length)
			return (uint8_t)i;
	}
	return MRZ_NO_FIELD;
}

bool
mrz_zone_parse(const struct zone_text *zone, const struct mrz_options *options,
    struct mrz_doc *doc)
{
	return mrz_parse(zone->at, zone->len, options, doc) == MRZ_OK &&
	       doc->status == MRZ_ACCEPTED;
}

bool
mrz_is_digit_row(const struct mrz_check *row)
{
	return row->printed != '\0' || row->computed != '\0';
}

bool
mrz_same_shape(const struct mrz_doc *a, const struct mrz_doc *b)
{
	if (a->format != b->format || a->n_checks != b->n_checks)
		return false;
	for (size_t i = 0; i < a->n_checks && i < MRZ_MAX_CHECKS; i++) {
		const struct mrz_check *x = &a->checks[i], *y = &b->checks[i];

		if (mrz_is_digit_row(x) != mrz_is_digit_row(y))
			return false;
		if (mrz_is_digit_row(x) &&
		    (x->place.line != y->place.line ||
			x->place.column != y->place.column))
			return false;
	}
	return true;
}

size_t
mrz_wrong_class(const struct zone_text *zone, const struct mrz_doc *doc)
{
	for (size_t i = 0; i < doc->n_checks && i < MRZ_MAX_CHECKS; i++) {
		const struct mrz_check *row = &doc->checks[i];

		if (row->verdict != MRZ_FAILED)
			continue;
		switch (row->reason) {
		case MRZ_R_NOT_MRZ_CHARACTER:
		case MRZ_R_LOWER_CASE:
		case MRZ_R_LETTER_EXPECTED:
		case MRZ_R_DIGIT_EXPECTED:
		case MRZ_R_SEX:
		case MRZ_R_SEX_X:
			if (row->id == MRZ_C_CHARACTERS)
				return mrz_zone_offset(zone, row->place);
			break;
		case MRZ_R_NO_CHECK_DIGIT:
			/* A filler may be right, if the field is empty or
			 * the number long. */
			if (row->printed != FILLER)
				return mrz_zone_offset(zone, row->place);
			break;
		default:
			break;
		}
	}
	return NO_PLACE;
}

/* A character whose value is one more or one less, and of the same class. */
static char
neighbour(char c, unsigned *more)
{
	bool down = c == '9' || c == 'Z';

	*more = down ? N_SUMS - 1 : 1;
	if (c == FILLER)
		return '1';
	return (char)(down ? c - 1 : c + 1);
}

void
mrz_zone_weights(const struct zone_text *zone, const struct mrz_doc *doc,
    const struct mrz_options *options, struct weights *out)
{
	struct zone_text other = *zone;
	struct mrz_doc probe;

	memset(out, 0, sizeof(*out));
	for (size_t at = 0; at < zone->len; at++) {
		unsigned more;

		if (mrz_char_value(zone->at[at]) < 0)
			continue;
		other.at[at] = neighbour(zone->at[at], &more);
		(void)mrz_zone_parse(&other, options, &probe);
		other.at[at] = zone->at[at];
		if (!mrz_same_shape(doc, &probe))
			continue; /* counts as under no digit: never proved */
		for (size_t i = 0; i < doc->n_checks; i++) {
			const struct mrz_check *was = &doc->checks[i];
			const struct mrz_check *is = &probe.checks[i];
			int grows = was->computed - is->computed;

			if (!mrz_is_digit_row(was) || was->computed == '\0' ||
			    is->computed == '\0')
				continue;
			grows += is->printed - was->printed;
			out->at[i][at] = (uint8_t)((unsigned)(grows +
							      4 * N_SUMS) *
						   more % N_SUMS);
		}
	}
}
