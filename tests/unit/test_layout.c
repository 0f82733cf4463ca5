#include "layout.h"
#include "test.h"

#include <string.h>

/* Every place of every line belongs to exactly one field or check digit. */
static void
fields_and_digits_tile_the_lines(void **state)
{
	const struct layout *layout;

	(void)state;
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		uint8_t used[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN] = { { 0 } };

		assert_int_equal(layout->format, i + 1);
		for (size_t j = 0; j < MRZ_N_FIELDS + N_DIGITS; j++) {
			struct span span =
			    j < MRZ_N_FIELDS
				? layout->fields[j]
				: layout->digits[j - MRZ_N_FIELDS].at;

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
	assert_null(mrz_layout_at(5));
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
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		size_t want = 0, have = 0;

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
			    n > 0 && n <= rows[i].lines ? rows[i].len : 0);
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

			if (at == MRZ_F_GIVEN_NAMES)
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
		cmocka_unit_test(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
