/* DG1: unit LDS_B, on the specimen of the test plan's kind (TD3). */
#include "lds/dg1_profile.h"
#include "profile_rows.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define F(name) EMRTD_FINDING_FILE_##name

#define LINE 44

static const char good[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
			   "L898902C36UTO7408122F3204159ZE184226B<<<<<18";

/* Places on the second line. */
enum place {
	NUMBER = LINE,
	NUMBER_DIGIT = LINE + 9,
	NATIONALITY = LINE + 10,
	BIRTH = LINE + 13,
	BIRTH_DIGIT = LINE + 19,
	SEX = LINE + 20,
	EXPIRY = LINE + 21,
	EXPIRY_DIGIT = LINE + 27,
	OPTIONAL = LINE + 28,
	OPTIONAL_DIGIT = LINE + 42,
	COMPOSITE = LINE + 43
};

static const struct row {
	const char *id;
	int at;
	const char *text;
	bool as_it_is; /* the check digits are not made anew */
	enum emrtd_finding_id finding;
} rows[] = {
	{ "as it should be", 0, "P", false, NO_FINDING },
	{ "LDS_B_01", OPTIONAL, "12345678<<<<<<", false, NO_FINDING },
	{ "LDS_B_02", 5, "ERIKSSON<<ANNA<MARIA<ELISABETH<JOHANNA<", false,
	    NO_FINDING },
	{ "LDS_B_03", 5, "ERIKSSON<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", false,
	    NO_FINDING },
	{ "LDS_B_04", OPTIONAL, "<<<<<<<<<<<<<<0", false, NO_FINDING },
	{ "LDS_B_04, filler", OPTIONAL, "<<<<<<<<<<<<<<<", false, NO_FINDING },
	{ "LDS_B_08", 0, "X<", false, F(DG1_DOCUMENT_CODE) },
	{ "LDS_B_09", 2, "UT<", false, F(DG1_ISSUING_STATE) },
	{ "LDS_B_09, a digit", 2, "U1O", false, F(DG1_ISSUING_STATE) },
	{ "LDS_B_09, a gap", 2, "U<O", false, F(DG1_ISSUING_STATE) },
	{ "LDS_B_09, nothing", 2, "<<<", false, F(DG1_ISSUING_STATE) },
	{ "Germany", 2, "D<<", false, NO_FINDING },
	{ "a state that we do not know", 2, "QQQ", false,
	    F(DG1_UNKNOWN_STATE) },
	{ "LDS_B_10", 5, "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", false,
	    F(DG1_NAME) },
	{ "a digit in the name", 5, "ER1KSSON", false, F(DG1_NAME) },
	{ "LDS_B_13", NUMBER_DIGIT, "7", true, F(DG1_CHECK_DIGIT) },
	{ "no number", NUMBER, "<<<<<<<<<", false, F(DG1_DOCUMENT_NUMBER) },
	{ "LDS_B_14", NATIONALITY, "U<O", false, F(DG1_NATIONALITY) },
	{ "LDS_B_14, a digit", NATIONALITY, "1TO", false, F(DG1_NATIONALITY) },
	{ "Germans", NATIONALITY, "D<<", false, NO_FINDING },
	{ "LDS_B_15", BIRTH, "74O812", false, F(DG1_DATE_OF_BIRTH) },
	{ "LDS_B_16", BIRTH, "740230", false, F(DG1_DATE_OF_BIRTH) },
	{ "LDS_B_16, a month", BIRTH, "741312", false, F(DG1_DATE_OF_BIRTH) },
	{ "LDS_B_17", BIRTH_DIGIT, "3", true, F(DG1_CHECK_DIGIT) },
	{ "LDS_B_18", SEX, "X", false, F(DG1_SEX) },
	{ "LDS_B_18, a digit", SEX, "1", false, F(DG1_SEX) },
	{ "no sex", SEX, "<", false, NO_FINDING },
	{ "LDS_B_19", EXPIRY, "3204A5", false, F(DG1_DATE_OF_EXPIRY) },
	{ "LDS_B_20", EXPIRY, "320431", false, F(DG1_DATE_OF_EXPIRY) },
	{ "LDS_B_21", EXPIRY_DIGIT, "1", true, F(DG1_CHECK_DIGIT) },
	{ "LDS_B_22", OPTIONAL_DIGIT, "2", true, F(DG1_CHECK_DIGIT) },
	{ "LDS_B_23", COMPOSITE, "9", true, F(DG1_CHECK_DIGIT) },
	{ "LDS_B_25", BIRTH, "7408<<", false, NO_FINDING },
	{ "LDS_B_26", BIRTH, "74<<12", false, NO_FINDING },
	{ "LDS_B_26, day", BIRTH, "74<<<<", false, NO_FINDING },
	{ "LDS_B_27", BIRTH, "<<0812", false, NO_FINDING },
	{ "LDS_B_28", BIRTH, "<<<<<<", false, NO_FINDING },
};

/* The digits over each field, and the one over all of them. */
static void
put_digits(char *mrz)
{
	char all[LINE];
	size_t n = 0;

	mrz[NUMBER_DIGIT] = mrz_check_digit(mrz + NUMBER, 9);
	mrz[BIRTH_DIGIT] = mrz_check_digit(mrz + BIRTH, 6);
	mrz[EXPIRY_DIGIT] = mrz_check_digit(mrz + EXPIRY, 6);
	if (mrz[OPTIONAL] != '<')
		mrz[OPTIONAL_DIGIT] = mrz_check_digit(mrz + OPTIONAL, 14);
	memcpy(all, mrz + NUMBER, 10);
	n = 10;
	memcpy(all + n, mrz + BIRTH, 7);
	n += 7;
	memcpy(all + n, mrz + EXPIRY, 22);
	n += 22;
	mrz[COMPOSITE] = mrz_check_digit(all, n);
}

static void
check(const struct row *row)
{
	struct mrz_options options = { .size = sizeof(options),
		.today = 19000 };
	struct emrtd_findings found;
	char mrz[2 * LINE + 1];
	struct mrz_doc doc;

	memcpy(mrz, good, sizeof(mrz));
	memcpy(mrz + row->at, row->text, strlen(row->text));
	if (!row->as_it_is)
		put_digits(mrz);
	memset(&found, 0, sizeof(found));
	assert_int_equal(mrz_parse(mrz, 2 * LINE, &options, &doc), MRZ_OK);
	assert_int_equal(doc.format, MRZ_TD3);
	emrtd_dg1_profile(&doc, &found);
	assert_only_finding(&found, row->finding, row->id);
}

static void
mrz_of_chips(void **state)
{
	(void)state;
	assert_int_equal(strlen(good), 2 * LINE);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		check(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mrz_of_chips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
