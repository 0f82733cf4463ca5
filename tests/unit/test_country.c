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
	{ "IAO", "IA", MRZ_COUNTRY_LIST_SIGNER },
	{ "XXA", "", MRZ_COUNTRY_PERSON },
	{ "ANT", "AN", MRZ_COUNTRY_DEPRECATED },
};

/* Codes that are no more in force, or never were. */
static const struct {
	const char *code3, *instead;
	enum mrz_country_class kind;
	unsigned until;
} other[] = {
	{ "ANT", "", MRZ_COUNTRY_DEPRECATED, 2010 },
	{ "NTZ", "", MRZ_COUNTRY_DEPRECATED, 1993 },
	{ "DEU", "D", MRZ_COUNTRY_NOT_FOR_MRZ, 0 },
	{ "SUN", "", MRZ_COUNTRY_FORMER, 1992 },
	{ "YUG", "", MRZ_COUNTRY_FORMER, 2003 },
	{ "SCG", "", MRZ_COUNTRY_FORMER, 2006 },
	{ "CSK", "", MRZ_COUNTRY_FORMER, 1993 },
	{ "DDR", "D", MRZ_COUNTRY_FORMER, 1990 },
	{ "ZAR", "COD", MRZ_COUNTRY_FORMER, 1997 },
	{ "ROM", "ROU", MRZ_COUNTRY_FORMER, 2002 },
	{ "TMP", "TLS", MRZ_COUNTRY_FORMER, 2002 },
	{ "BUR", "MMR", MRZ_COUNTRY_FORMER, 1989 },
	{ "GER", "D", MRZ_COUNTRY_UNOFFICIAL, 0 },
	{ "XKX", "RKS", MRZ_COUNTRY_UNOFFICIAL, 0 },
};

static void
other_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		const struct mrz_country *row = mrz_country_find(
		    other[i].code3);

		assert_non_null(row);
		assert_int_equal(row->kind, other[i].kind);
		assert_int_equal(row->until, other[i].until);
		assert_string_equal(row->instead, other[i].instead);
	}
	/* Their two letters belong to others now, or to nobody. */
	assert_string_equal(mrz_country_find2("SK")->code3, "SVK");
	assert_string_equal(mrz_country_find2("GE")->code3, "GEO");
	assert_null(mrz_country_find2("SU"));
}

/* All of section 5 of Doc 9303-3, part by part. */
static void
section_5_is_complete(void **state)
{
	static const struct {
		enum mrz_country_class kind;
		const char *codes;
	} parts[] = {
		{ MRZ_COUNTRY_STATE, "D GBD GBN GBO GBP GBS RKS" },
		{ MRZ_COUNTRY_ORGANIZATION,
		    "EUE UNA UNK UNO XBA XCC XCE XCO XDC XEC XES XIM XMP XOM "
		    "XPO" },
		{ MRZ_COUNTRY_PERSON, "XXA XXB XXC XXX" },
		{ MRZ_COUNTRY_DEPRECATED, "ANT NTZ" },
		{ MRZ_COUNTRY_SPECIMEN, "UTO" },
		{ MRZ_COUNTRY_LIST_SIGNER, "IAO" },
		{ MRZ_COUNTRY_NOT_FOR_MRZ, "DEU" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct mrz_country *row;
		char codes[80] = "";

		for (size_t n = 0; (row = mrz_country_at(n)) != NULL; n++) {
			if (row->kind != parts[i].kind)
				continue;
			if (codes[0] != '\0')
				strcat(codes, " ");
			strcat(codes, row->code3);
			assert_true(strlen(codes) < sizeof(codes) - 4);
		}
		assert_string_equal(codes, parts[i].codes);
	}
}

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
	assert_null(mrz_country_find2("NL<"));
	assert_null(mrz_country_find2("NLD"));
}

static bool
is_in_force(const struct mrz_country *row)
{
	return row->kind != MRZ_COUNTRY_FORMER &&
	       row->kind != MRZ_COUNTRY_UNOFFICIAL;
}

/* Those in force come first; sorted, each code once, each found by itself,
 * ISO 3166-1 complete. */
static void
the_table_is_sound(void **state)
{
	const struct mrz_country *row, *last = NULL;
	unsigned n_iso = 0, n_in_force = 0;
	size_t n = 0;
	int year, month, day;

	(void)state;
	for (; (row = mrz_country_at(n)) != NULL; n++) {
		if (last != NULL && is_in_force(last) == is_in_force(row))
			assert_true(strcmp(last->code3, row->code3) < 0);
		else
			assert_true(last == NULL || is_in_force(last));
		last = row;
		n_in_force += is_in_force(row) ? 1 : 0;
		assert_ptr_equal(mrz_country_find(row->code3), row);
		n_iso += row->kind == MRZ_COUNTRY_ISO ||
				 row->kind == MRZ_COUNTRY_NOT_FOR_MRZ
			     ? 1
			     : 0;
		if (row->code2[0] != '\0')
			assert_non_null(mrz_country_find2(row->code2));
		if (row->instead[0] != '\0')
			assert_true(
			    is_in_force(mrz_country_find(row->instead)));
	}
	assert_int_equal(n_iso, 249);
	assert_int_equal(n_in_force, 279);
	assert_int_equal(n, 312);
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
		cmocka_unit_test(other_codes),
		cmocka_unit_test(section_5_is_complete),
		cmocka_unit_test(unknown_codes),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
