#include "test.h"

#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

/* One row: code, formats it is of, rule, kind, years. */
static const struct {
	enum mrz_format format;
	const char *code, *found;
	enum mrz_code_rule rule;
	enum mrz_document_kind kind;
	unsigned from, until;
} known[] = {
	/* Doc 9303-4 4.4 */
	{ MRZ_TD3, "PP", "PP", MRZ_CODE_STANDARD, MRZ_KIND_PASSPORT, 2026, 0 },
	{ MRZ_TD3, "PE", "PE", MRZ_CODE_STANDARD, MRZ_KIND_EMERGENCY, 2026, 0 },
	{ MRZ_TD3, "PD", "PD", MRZ_CODE_STANDARD, MRZ_KIND_DIPLOMATIC, 2026,
	    0 },
	{ MRZ_TD3, "PO", "PO", MRZ_CODE_STANDARD, MRZ_KIND_SERVICE, 2026, 0 },
	{ MRZ_TD3, "PR", "PR", MRZ_CODE_STANDARD, MRZ_KIND_REFUGEE, 2026, 0 },
	{ MRZ_TD3, "PT", "PT", MRZ_CODE_STANDARD, MRZ_KIND_ALIEN, 2026, 0 },
	{ MRZ_TD3, "PS", "PS", MRZ_CODE_STANDARD, MRZ_KIND_STATELESS, 2026, 0 },
	{ MRZ_TD3, "PL", "PL", MRZ_CODE_STANDARD, MRZ_KIND_LAISSEZ_PASSER, 2026,
	    0 },
	{ MRZ_TD3, "PM", "PM", MRZ_CODE_STANDARD, MRZ_KIND_MILITARY, 2026, 0 },
	{ MRZ_TD3, "P", "P", MRZ_CODE_OLD, MRZ_KIND_PASSPORT, 0, 2028 },
	{ MRZ_TD3, "P<", "P", MRZ_CODE_OLD, MRZ_KIND_PASSPORT, 0, 2028 },
	{ MRZ_TD3, "PN", "P?", MRZ_CODE_OLD, MRZ_KIND_PASSPORT, 0, 2026 },
	/* Doc 9303-8 4.1.5 */
	{ MRZ_TD2, "PU", "PU", MRZ_CODE_STANDARD, MRZ_KIND_EMERGENCY, 2026, 0 },
	/* Doc 9303-5 and -6, note k */
	{ MRZ_TD1, "AC", "AC", MRZ_CODE_STANDARD, MRZ_KIND_CREW, 0, 0 },
	{ MRZ_TD2, "AC", "AC", MRZ_CODE_FORBIDDEN, MRZ_KIND_UNKNOWN, 0, 0 },
	{ MRZ_TD1, "AI", "AI", MRZ_CODE_FORBIDDEN, MRZ_KIND_UNKNOWN, 0, 0 },
	{ MRZ_TD2, "AI", "A?", MRZ_CODE_ISSUER, MRZ_KIND_OFFICIAL, 0, 0 },
	{ MRZ_TD1, "AV", "AV", MRZ_CODE_FORBIDDEN, MRZ_KIND_UNKNOWN, 0, 0 },
	{ MRZ_TD2, "CV", "CV", MRZ_CODE_FORBIDDEN, MRZ_KIND_UNKNOWN, 0, 0 },
	{ MRZ_TD1, "IV", "IV", MRZ_CODE_FORBIDDEN, MRZ_KIND_UNKNOWN, 0, 0 },
	{ MRZ_TD1, "I<", "I?", MRZ_CODE_ISSUER, MRZ_KIND_OFFICIAL, 0, 0 },
	{ MRZ_TD1, "I", "I?", MRZ_CODE_ISSUER, MRZ_KIND_OFFICIAL, 0, 0 },
	{ MRZ_TD2, "C7", "C?", MRZ_CODE_ISSUER, MRZ_KIND_OFFICIAL, 0, 0 },
	{ MRZ_TD1, "ID", "ID", MRZ_CODE_CUSTOM, MRZ_KIND_IDENTITY_CARD, 0, 0 },
	{ MRZ_TD1, "IR", "IR", MRZ_CODE_CUSTOM, MRZ_KIND_RESIDENCE_PERMIT, 0,
	    0 },
	{ MRZ_TD1, "IP", "IP", MRZ_CODE_CUSTOM, MRZ_KIND_PASSPORT_CARD, 0, 0 },
	/* Doc 9303-7 4.2.2.1 and 7.2.2.1 */
	{ MRZ_MRVA, "V<", "V?", MRZ_CODE_ISSUER, MRZ_KIND_VISA, 0, 0 },
	{ MRZ_MRVB, "VV", "V?", MRZ_CODE_ISSUER, MRZ_KIND_VISA, 0, 0 },
	/* National layouts */
	{ MRZ_FRA_ID, "ID", "ID", MRZ_CODE_CUSTOM, MRZ_KIND_IDENTITY_CARD, 0,
	    0 },
	{ MRZ_NLD_DL, "D1", "D1", MRZ_CODE_CUSTOM, MRZ_KIND_DRIVING_LICENCE, 0,
	    0 },
	{ MRZ_CHE_DL, "FA", "FA", MRZ_CODE_CUSTOM, MRZ_KIND_DRIVING_LICENCE, 0,
	    0 },
	{ MRZ_CHN_EEP, "CS", "CS", MRZ_CODE_CUSTOM, MRZ_KIND_EXIT_PERMIT, 0,
	    0 },
	{ MRZ_TD1, "CS", "C?", MRZ_CODE_ISSUER, MRZ_KIND_OFFICIAL, 0, 0 },
	/* Any format will do. */
	{ MRZ_UNKNOWN, "PD", "PD", MRZ_CODE_STANDARD, MRZ_KIND_DIPLOMATIC, 2026,
	    0 },
};

static void
known_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct mrz_document_code *row =
		    mrz_document_code_find(known[i].format, known[i].code);

		if (row == NULL)
			fail_msg("%s", known[i].code);
		assert_string_equal(row->code, known[i].found);
		assert_int_equal(row->rule, known[i].rule);
		assert_int_equal(row->kind, known[i].kind);
		assert_int_equal(row->from, known[i].from);
		assert_int_equal(row->until, known[i].until);
		assert_int_equal(row->meaning[0] == '\0',
		    row->rule == MRZ_CODE_FORBIDDEN);
	}
	assert_string_equal(mrz_document_code_find(MRZ_TD3, "PD")->meaning,
	    "diplomatic passport");
}

static void
unknown_codes(void **state)
{
	static const struct {
		enum mrz_format format;
		const char *code;
	} rows[] = { { MRZ_TD3, "" }, { MRZ_TD3, NULL }, { MRZ_TD3, "PPP" },
		{ MRZ_TD3, "P1" }, { MRZ_TD3, "P?" }, { MRZ_TD3, "pp" },
		{ MRZ_TD3, "P " }, { MRZ_TD3, "<P" }, { MRZ_TD3, "<" },
		{ MRZ_TD3, "I<" }, { MRZ_TD3, "V<" }, { MRZ_TD1, "PP" },
		{ MRZ_TD1, "P<" }, { MRZ_TD2, "P<" }, { MRZ_TD2, "PP" },
		{ MRZ_TD1, "V<" }, { MRZ_TD1, "I?" }, { MRZ_MRVA, "P<" },
		{ MRZ_MRVB, "I<" }, { MRZ_FRA_ID, "I<" }, { MRZ_FRA_DL, "D2" },
		{ MRZ_UNKNOWN, "XX" }, { MRZ_UNKNOWN, "?" },
		{ (enum mrz_format)77, "PP" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_null(
		    mrz_document_code_find(rows[i].format, rows[i].code));
}

/* Each row is found in each of its formats, and says something. */
static void
the_table_is_sound(void **state)
{
	const struct mrz_document_code *row;
	size_t n = 0;
	int year, month, day;

	(void)state;
	for (; (row = mrz_document_code_at(n)) != NULL; n++) {
		assert_true(row->formats != 0);
		assert_true((unsigned)row->kind < MRZ_N_KINDS);
		for (int i = MRZ_UNKNOWN + 1; i < MRZ_N_FORMATS; i++) {
			enum mrz_format format = (enum mrz_format)i;
			char code[3];

			if ((row->formats & 1u << i) == 0)
				continue;
			snprintf(code, sizeof(code), "%s", row->code);
			/* A letter that no row has. */
			if (code[1] == '?')
				code[1] = 'Q';
			assert_ptr_equal(mrz_document_code_find(format, code),
			    row);
		}
	}
	assert_true(n > 20);
	assert_null(mrz_document_code_at(SIZE_MAX));
	assert_int_equal(sscanf(mrz_document_code_version(), "%4d-%2d-%2d",
			     &year, &month, &day),
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
