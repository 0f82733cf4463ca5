#include "mrz_cases.h"
#include "test.h"

#include <string.h>

/*
 * Doc 9303-11 appendix D.2. The composite digits of the two ERIKSSON cards
 * are wrong as printed there; the keys come from three fields only, so that
 * does not matter.
 */
static const struct {
	const char *text;
	const char *info;
} examples[] = {
	{ "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
	  "D23145890<UTO3407127M95071227349<<<8",
	    "D23145890734934071279507122" },
	{ "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\n"
	  "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    "D23145890734934071279507122" },
	{ "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
	  "L898902C<3UTO6908061F9406236<<<<<<<8",
	    "L898902C<369080619406236" },
	{ "I<UTOL898902C<3<<<<<<<<<<<<<<<\n6908061F9406236UTO<<<<<<<<<<<1\n"
	  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	    "L898902C<369080619406236" },
};

static void
worked_examples(void **state)
{
	char info[MRZ_KEY_INFO_CAP];
	struct mrz_doc doc;
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		mrz_parse_ok(examples[i].text, strlen(examples[i].text), &doc);
		assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len),
		    MRZ_OK);
		assert_string_equal(info, examples[i].info);
		assert_int_equal(len, strlen(info));
	}
	assert_int_equal(mrz_key_info_from_fields("D23145890734", "340712",
			     "950712", info, sizeof(info), &len),
	    MRZ_OK);
	assert_string_equal(info, examples[0].info);
	assert_int_equal(mrz_key_info_from_fields("L898902C<", "690806",
			     "940623", info, sizeof(info), &len),
	    MRZ_OK);
	assert_string_equal(info, examples[2].info);
}

/* Typed fields and the lines give the same, but where the issuer counted the
 * filler: there the digit as printed is what the chip knows. */
static void
fields_and_lines_agree(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	unsigned n_filler = 0;
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		char a[MRZ_KEY_INFO_CAP], b[MRZ_KEY_INFO_CAP], birth[7];
		size_t a_len = 0, b_len = 0;
		struct mrz_fields fields;
		struct mrz_doc doc;

		if (!c.accepted)
			continue;
		mrz_parse_ok(c.text, strlen(c.text), &doc);
		mrz_fields_of(&doc, birth, &fields);
		assert_int_equal(mrz_key_info(&doc, a, sizeof(a), &a_len),
		    MRZ_OK);
		assert_int_equal(
		    mrz_key_info_from_fields(fields.text[MRZ_F_DOCUMENT_NUMBER],
			birth, fields.text[MRZ_F_DATE_OF_EXPIRY], b, sizeof(b),
			&b_len),
		    MRZ_OK);
		assert_int_equal(a_len, b_len);
		if (doc.number_rule == MRZ_NUMBER_LONG_FILLER) {
			n_filler++;
			assert_int_equal(a[a_len - 15], doc.number_check_digit);
		} else {
			assert_string_equal(a, b);
		}
	}
	vectors_close(vectors);
	assert_true(n_filler > 0);
}

/* A wrong name does not stand between a reader and the chip; a wrong digit of
 * one of the three fields does. */
static void
only_three_fields_count(void **state)
{
	char text[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
		      "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
	static const size_t keys[] = { 45 + 9, 45 + 19, 45 + 27 };
	char info[MRZ_KEY_INFO_CAP];
	struct mrz_doc doc;
	size_t len = 0;

	(void)state;
	text[6] = '7';
	text[45 + 43] = '5';
	mrz_parse_ok(text, sizeof(text) - 1, &doc);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len), MRZ_OK);
	assert_string_equal(info, "L898902C3674081223204153");
	for (size_t i = 0; i < 3; i++) {
		char kept = text[keys[i]];

		text[keys[i]] = kept == '9' ? '0' : (char)(kept + 1);
		mrz_parse_ok(text, sizeof(text) - 1, &doc);
		assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len),
		    MRZ_E_CHECK);
		text[keys[i]] = kept;
	}
	memset(&doc, 0, sizeof(doc));
	assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len),
	    MRZ_E_CHECK);
}

static void
buffers_that_are_too_small(void **state)
{
	char info[MRZ_KEY_INFO_CAP];

	(void)state;
	for (size_t cap = 0; cap < sizeof(info); cap++) {
		size_t len = 99;
		enum mrz_error error;

		memset(info, '#', sizeof(info));
		error = mrz_key_info_from_fields("1234567890123456789012",
		    "<<<<<<", "320415", info, cap, &len);
		assert_int_equal(error,
		    cap >= 22 + 15 + 1 ? MRZ_OK : MRZ_E_SPACE);
		for (size_t i = cap; i < sizeof(info); i++)
			assert_int_equal(info[i], '#');
		/* Nobody takes a part of it for the whole. */
		if (error != MRZ_OK && cap > 0)
			assert_int_equal(info[0], '\0');
		if (error == MRZ_OK)
			assert_int_equal(len, 37);
		else
			assert_int_equal(len, 99);
	}
}

static const struct {
	const char *number, *birth, *expiry;
	enum mrz_error error;
} refused[] = {
	{ "", "740812", "320415", MRZ_E_MISSING },
	{ NULL, "740812", "320415", MRZ_E_MISSING },
	{ "<<<", "740812", "320415", MRZ_E_MISSING },
	{ "12345678901234567890123", "740812", "320415", MRZ_E_LENGTH },
	{ "L898902c3", "740812", "320415", MRZ_E_CHARACTER },
	{ "l898902C3", "740812", "320415", MRZ_E_CHARACTER },
	{ "L898 02C3", "740812", "320415", MRZ_E_CHARACTER },
	{ "L898902C3", "", "320415", MRZ_E_MISSING },
	{ "L898902C3", "74081", "320415", MRZ_E_LENGTH },
	{ "L898902C3", "1974-08-12", "320415", MRZ_E_LENGTH },
	{ "L898902C3", "740832", "320415", MRZ_E_DATE },
	{ "L898902C3", "7408I2", "320415", MRZ_E_CHARACTER },
	{ "L898902C3", "740812", NULL, MRZ_E_MISSING },
	{ "L898902C3", "740812", "321315", MRZ_E_DATE },
	{ "L898902C3", "740812", "<<<<<<", MRZ_E_CHARACTER },
};

static void
fields_that_are_refused(void **state)
{
	char info[MRZ_KEY_INFO_CAP];
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(mrz_key_info_from_fields(refused[i].number,
				     refused[i].birth, refused[i].expiry, info,
				     sizeof(info), &len),
		    refused[i].error);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(fields_and_lines_agree),
		cmocka_unit_test(only_three_fields_count),
		cmocka_unit_test(buffers_that_are_too_small),
		cmocka_unit_test(fields_that_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
