#include "test.h"

#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *code3, *code2;
	enum mrz_country_class kind;
} known[] = {
	{ "UTO", "UT", MRZ_COUNTRY_SPECIMEN },
	{ "D", "DE", MRZ_COUNTRY_STATE },
	{ "D<<", "DE", MRZ_COUNTRY_STATE },
	{ "DEU", "DE", MRZ_COUNTRY_NOT_FOR_MRZ },
	{ "NLD", "NL", MRZ_COUNTRY_ISO },
	{ "ZWE", "ZW", MRZ_COUNTRY_ISO },
	{ "ABW", "AW", MRZ_COUNTRY_ISO },
	{ "RKS", "KS", MRZ_COUNTRY_STATE },
	{ "EUE", "EU", MRZ_COUNTRY_ORGANIZATION },
	{ "UNO", "UN", MRZ_COUNTRY_ORGANIZATION },
	{ "XOM", "", MRZ_COUNTRY_ORGANIZATION },
	{ "XMP", "", MRZ_COUNTRY_ORGANIZATION },
	{ "IAO", "IA", MRZ_COUNTRY_ORGANIZATION },
	{ "XXA", "", MRZ_COUNTRY_PERSON },
	{ "ANT", "AN", MRZ_COUNTRY_DEPRECATED },
};

static void
known_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct mrz_country *row = mrz_country_find(
		    known[i].code3);

		assert_non_null(row);
		assert_string_equal(row->code2, known[i].code2);
		assert_int_equal(row->kind, known[i].kind);
		assert_true(strlen(row->name) > 0);
	}
	assert_string_equal(mrz_country_find2("DE")->code3, "D");
	assert_string_equal(mrz_country_find2("UT")->code3, "UTO");
}

static void
unknown_codes(void **state)
{
	static const char *const codes[] = { "", "<<<", "ZZZ", "DE", "D<U",
		"UTOO", "UT", "uto", "AAA", NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_null(mrz_country_find(codes[i]));
	assert_null(mrz_country_find2(""));
	assert_null(mrz_country_find2(NULL));
	assert_null(mrz_country_find2("ZZ"));
	assert_null(mrz_country_find2("D"));
}

/* Sorted, each code once, each found by itself, ISO 3166-1 complete. */
static void
the_table_is_sound(void **state)
{
	const struct mrz_country *row;
	const char *before = "";
	unsigned n_iso = 0;
	size_t n = 0;
	int year, month, day;

	(void)state;
	for (; (row = mrz_country_at(n)) != NULL; n++) {
		assert_true(strcmp(before, row->code3) < 0);
		assert_ptr_equal(mrz_country_find(row->code3), row);
		before = row->code3;
		n_iso += row->kind == MRZ_COUNTRY_ISO ||
				 row->kind == MRZ_COUNTRY_NOT_FOR_MRZ
			     ? 1
			     : 0;
		if (row->code2[0] != '\0')
			assert_non_null(mrz_country_find2(row->code2));
	}
	assert_int_equal(n_iso, 249);
	assert_true(n > n_iso);
	assert_null(mrz_country_at(SIZE_MAX));
	assert_int_equal(sscanf(mrz_country_version(), "%4d-%2d-%2d", &year,
			     &month, &day),
	    3);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_codes),
		cmocka_unit_test(unknown_codes),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
