#include "charset.h"
#include "layout.h"
#include "test.h"

#include <string.h>

#define N_SPANS (MRZ_N_FIELDS + N_DIGITS + MAX_FILLERS)

/* Field, check digit or fillers number i of a layout. */
static struct span
span_of(const struct layout *layout, size_t i)
{
	if (i < MRZ_N_FIELDS)
		return layout->fields[i];
	i -= MRZ_N_FIELDS;
	return i < N_DIGITS ? layout->digits[i].at
			    : layout->fillers[i - N_DIGITS];
}

/* Every place of every line belongs to exactly one field, check digit or run
 * of fillers. */
static void
fields_and_digits_tile_the_lines(void **state)
{
	const struct layout *layout;

	(void)state;
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		uint8_t used[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN] = { { 0 } };

		assert_int_equal(layout->format, i + 1);
		for (size_t j = 0; j < N_SPANS; j++) {
			struct span span = span_of(layout, j);

			assert_true(
			    span.length == 0 || span.line < layout->n_lines);
			assert_true(span.column + span.length <=
				    layout->line_len[span.line]);
			for (size_t k = 0; k < span.length; k++)
				used[span.line][span.column + k]++;
		}
		for (size_t line = 0; line < layout->n_lines; line++)
			for (size_t k = 0; k < layout->line_len[line]; k++)
				assert_int_equal(used[line][k], 1);
	}
	assert_null(mrz_layout_at(MRZ_N_FORMATS - 1));
}

/* The composite digit covers each number, date and digit of the layout once,
 * and itself never. */
static void
composite_covers_what_it_should(void **state)
{
	static const enum mrz_field_id covered[] = { MRZ_F_DOCUMENT_NUMBER,
		MRZ_F_DATE_OF_BIRTH, MRZ_F_DATE_OF_EXPIRY, MRZ_F_OPTIONAL_DATA,
		MRZ_F_OPTIONAL_DATA_2 };
	const struct layout *layout;

	(void)state;
	for (size_t i = 0; i < MRZ_MRVB; i++) {
		size_t want = 0, have = 0;

		layout = mrz_layout_at(i);
		for (size_t j = 0; j < MAX_RUNS; j++)
			have += layout->digits[DIGIT_COMPOSITE].runs[j].length;
		assert_int_equal(layout->visa, have == 0);
		assert_int_equal(layout->visa,
		    layout->digits[DIGIT_COMPOSITE].at.length == 0);
		if (layout->visa)
			continue;
		for (size_t j = 0; j < 5; j++)
			want += layout->fields[covered[j]].length;
		for (size_t j = 0; j < DIGIT_COMPOSITE; j++)
			want += layout->digits[j].at.length;
		assert_int_equal(have, want);
	}
}

/*
 * The columns of the national layouts, from 1, as docs/FORMATS.md has them:
 * typed in a second time.
 */
struct column_row {
	enum mrz_format format;
	int field; /* enum mrz_field_id, or -1 - enum digit */
	unsigned line, column, length;
};

#define DIGIT(which) (-1 - (which))

static const struct column_row columns[] = {
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_CODE, 1, 1, 2 },
	{ MRZ_FRA_ID, MRZ_F_ISSUING_STATE, 1, 3, 3 },
	{ MRZ_FRA_ID, MRZ_F_SURNAME, 1, 6, 25 },
	{ MRZ_FRA_ID, MRZ_F_ADMINISTRATIVE_CODE, 1, 31, 6 },
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_NUMBER, 2, 1, 12 },
	{ MRZ_FRA_ID, DIGIT(DIGIT_NUMBER), 2, 13, 1 },
	{ MRZ_FRA_ID, MRZ_F_GIVEN_NAMES, 2, 14, 14 },
	{ MRZ_FRA_ID, MRZ_F_DATE_OF_BIRTH, 2, 28, 6 },
	{ MRZ_FRA_ID, DIGIT(DIGIT_BIRTH), 2, 34, 1 },
	{ MRZ_FRA_ID, MRZ_F_SEX, 2, 35, 1 },
	{ MRZ_FRA_ID, DIGIT(DIGIT_COMPOSITE), 2, 36, 1 },
	{ MRZ_FRA_DL, MRZ_F_DOCUMENT_CODE, 1, 1, 2 },
	{ MRZ_FRA_DL, MRZ_F_ISSUING_STATE, 1, 3, 3 },
	{ MRZ_FRA_DL, MRZ_F_DOCUMENT_NUMBER, 1, 6, 9 },
	{ MRZ_FRA_DL, DIGIT(DIGIT_NUMBER), 1, 15, 1 },
	{ MRZ_FRA_DL, MRZ_F_DATE_OF_EXPIRY, 1, 16, 6 },
	{ MRZ_FRA_DL, MRZ_F_SURNAME, 1, 22, 8 },
	{ MRZ_FRA_DL, DIGIT(DIGIT_COMPOSITE), 1, 30, 1 },
	{ MRZ_NLD_DL, MRZ_F_DOCUMENT_CODE, 1, 1, 2 },
	{ MRZ_NLD_DL, MRZ_F_ISSUING_STATE, 1, 3, 3 },
	{ MRZ_NLD_DL, MRZ_F_VERSION, 1, 6, 1 },
	{ MRZ_NLD_DL, MRZ_F_DOCUMENT_NUMBER, 1, 7, 10 },
	{ MRZ_NLD_DL, MRZ_F_OPTIONAL_DATA, 1, 17, 13 },
	{ MRZ_NLD_DL, DIGIT(DIGIT_COMPOSITE), 1, 30, 1 },
	{ MRZ_CHE_DL, MRZ_F_BLANK_NUMBER, 1, 1, 6 },
	{ MRZ_CHE_DL, MRZ_F_LANGUAGE, 1, 7, 1 },
	{ MRZ_CHE_DL, MRZ_F_DOCUMENT_CODE, 2, 1, 2 },
	{ MRZ_CHE_DL, MRZ_F_ISSUING_STATE, 2, 3, 3 },
	{ MRZ_CHE_DL, MRZ_F_DOCUMENT_NUMBER, 2, 6, 9 },
	{ MRZ_CHE_DL, MRZ_F_VERSION, 2, 15, 3 },
	{ MRZ_CHE_DL, MRZ_F_DATE_OF_BIRTH, 2, 20, 6 },
	{ MRZ_CHE_DL, MRZ_F_SURNAME, 3, 1, 30 },
	{ MRZ_CHN_EEP, MRZ_F_DOCUMENT_CODE, 1, 1, 2 },
	{ MRZ_CHN_EEP, MRZ_F_DOCUMENT_NUMBER, 1, 3, 9 },
	{ MRZ_CHN_EEP, DIGIT(DIGIT_NUMBER), 1, 12, 1 },
	{ MRZ_CHN_EEP, MRZ_F_DATE_OF_EXPIRY, 1, 14, 6 },
	{ MRZ_CHN_EEP, DIGIT(DIGIT_EXPIRY), 1, 20, 1 },
	{ MRZ_CHN_EEP, MRZ_F_DATE_OF_BIRTH, 1, 22, 6 },
	{ MRZ_CHN_EEP, DIGIT(DIGIT_BIRTH), 1, 28, 1 },
	{ MRZ_CHN_EEP, DIGIT(DIGIT_COMPOSITE), 1, 30, 1 },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void
national_columns_are_those_of_the_page(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < N_COLUMNS; i++) {
		const struct column_row *row = &columns[i];
		const struct layout *layout = mrz_layout_find(row->format);
		struct span span = row->field < 0
				       ? layout->digits[-1 - row->field].at
				       : layout->fields[row->field];

		assert_int_equal(span.line + 1u, row->line);
		assert_int_equal(span.column + 1u, row->column);
		assert_int_equal(span.length, row->length);
	}
	for (size_t i = MRZ_FRA_ID; i < MRZ_N_FORMATS; i++) {
		const struct layout *layout = mrz_layout_at(i - 1);

		for (size_t k = 0; k < MRZ_N_FIELDS + N_DIGITS; k++)
			seen += span_of(layout, k).length > 0;
	}
	assert_int_equal(seen, N_COLUMNS);
}

/* Whether a character could stand at a place of a zone that verifies; in
 * doubt it could. */
static bool
allows(const struct layout *layout, size_t line, size_t column, char c)
{
	size_t i = 0, at = 0;
	struct span span;
	char text[2] = { c, c };

	do
		span = span_of(layout, i++);
	while (span.length == 0 || span.line != line || column < span.column ||
	       column >= span.column + span.length);
	i--;
	if (i >= MRZ_N_FIELDS + N_DIGITS)
		return c == '<';
	if (i >= MRZ_N_FIELDS)
		return mrz_is_digit(c) ||
		       (c == '<' && (i == MRZ_N_FIELDS + DIGIT_OPTIONAL ||
					layout->long_number));
	switch (mrz_field_pattern((enum mrz_field_id)i)) {
	case PATTERN_STATE:
	case PATTERN_NAME:
		return c == '<' || mrz_is_letter(c);
	case PATTERN_BIRTH:
	case PATTERN_EXPIRY:
		return mrz_pattern_check(PATTERN_BIRTH, text, 1, &at) ==
		       MRZ_R_NONE;
	default:
		return true;
	}
}

static bool
share_a_zone(const struct layout *a, const struct layout *b)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

	for (size_t line = 0; line < a->n_lines; line++) {
		for (size_t k = 0; k < a->line_len[line]; k++) {
			bool any = false;

			for (const char *c = all; *c != '\0'; c++)
				any |= allows(a, line, k, *c) &&
				       allows(b, line, k, *c);
			if (!any)
				return false;
		}
	}
	return true;
}

/* No text verifies in two layouts: of those that share their size, a V, a
 * head or some place tells them apart. */
static void
no_zone_is_of_two_layouts(void **state)
{
	const struct layout *a, *b;
	unsigned told_by_a_place = 0;

	(void)state;
	for (size_t i = 0; (a = mrz_layout_at(i)) != NULL; i++) {
		for (size_t j = i + 1; (b = mrz_layout_at(j)) != NULL; j++) {
			const char *head = b->head.texts[0];

			if (a->n_lines != b->n_lines || a->visa != b->visa ||
			    memcmp(a->line_len, b->line_len,
				sizeof(a->line_len)) != 0)
				continue;
			/* Those with heads come last. */
			assert_non_null(head);
			if (a->head.texts[0] != NULL) {
				assert_false(
				    mrz_head_fits(a, head, strlen(head)));
				continue;
			}
			assert_false(share_a_zone(a, b));
			told_by_a_place++;
		}
	}
	assert_int_equal(told_by_a_place, 1); /* TD2 and FRA-ID */
}

static void
formats_are_found_by_name(void **state)
{
	static const struct {
		enum mrz_format format;
		const char *name;
		unsigned lines, len;
	} rows[] = {
		{ MRZ_TD1, "TD1", 3, 30 },
		{ MRZ_TD2, "TD2", 2, 36 },
		{ MRZ_TD3, "TD3", 2, 44 },
		{ MRZ_MRVA, "MRV-A", 2, 44 },
		{ MRZ_MRVB, "MRV-B", 2, 36 },
		{ MRZ_FRA_ID, "FRA-ID", 2, 36 },
		{ MRZ_FRA_DL, "FRA-DL", 1, 30 },
		{ MRZ_NLD_DL, "NLD-DL", 1, 30 },
		{ MRZ_CHE_DL, "CHE-DL", 3, 0 }, /* lines differ */
		{ MRZ_CHN_EEP, "CHN-EEP", 1, 30 },
		{ MRZ_UNKNOWN, "unknown", 0, 0 },
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), MRZ_N_FORMATS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(mrz_format_name(rows[i].format),
		    rows[i].name);
		assert_int_equal(mrz_format_find(rows[i].name), rows[i].format);
		assert_int_equal(mrz_format_lines(rows[i].format),
		    rows[i].lines);
		assert_int_equal(mrz_format_line_len(rows[i].format),
		    rows[i].len);
		for (unsigned n = 0; n < 5; n++)
			assert_int_equal(mrz_format_line_len_at(rows[i].format,
					     n),
			    n == 0 || n > rows[i].lines ? 0
			    : rows[i].len > 0           ? rows[i].len
			    : n == 1                    ? 9
							: 30);
	}
	assert_int_equal(mrz_format_find("TD"), MRZ_UNKNOWN);
	assert_int_equal(mrz_format_find("TD33"), MRZ_UNKNOWN);
	assert_int_equal(mrz_format_find(""), MRZ_UNKNOWN);
	assert_int_equal(mrz_format_find(NULL), MRZ_UNKNOWN);
	assert_string_equal(mrz_format_name((enum mrz_format)99), "unknown");
}

/* Words for each field that a layout has, and for no other. */
static void
fields_say_what_they_expect(void **state)
{
	const struct layout *layout;

	(void)state;
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		for (int id = 0; id < MRZ_N_FIELDS; id++) {
			enum mrz_field_id at = (enum mrz_field_id)id;
			const char *words = mrz_field_expected(layout->format,
			    at);

			if (at == MRZ_F_GIVEN_NAMES &&
			    layout->names == NAME_JOINED)
				at = MRZ_F_SURNAME;
			assert_non_null(words);
			assert_int_equal(words[0] != '\0',
			    layout->fields[at].length > 0);
		}
		assert_string_equal(mrz_field_expected(layout->format,
					MRZ_N_FIELDS),
		    "");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_digits_tile_the_lines),
		cmocka_unit_test(composite_covers_what_it_should),
		cmocka_unit_test(fields_say_what_they_expect),
		cmocka_unit_test(national_columns_are_those_of_the_page),
		cmocka_unit_test(no_zone_is_of_two_layouts),
		cmocka_unit_test(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
