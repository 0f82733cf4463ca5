#include "mrz_cases.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

typedef char zone_lines[MRZ_MAX_LINES][MRZ_LINE_CAP];

#define FIELDS(...)                                                        \
	{                                                                  \
		.size = sizeof(struct mrz_fields), .text = { __VA_ARGS__ } \
	}

#define UTOPIA_FIELDS                                                       \
	[MRZ_F_DOCUMENT_CODE] = "P", [MRZ_F_ISSUING_STATE] = "UTO",         \
	[MRZ_F_SURNAME] = "Eriksson", [MRZ_F_GIVEN_NAMES] = "Anna-Maria",   \
	[MRZ_F_DOCUMENT_NUMBER] = "L898902C3", [MRZ_F_NATIONALITY] = "UTO", \
	[MRZ_F_DATE_OF_BIRTH] = "740812", [MRZ_F_SEX] = "F",                \
	[MRZ_F_DATE_OF_EXPIRY] = "320415"

static void
join(enum mrz_format format, zone_lines lines, char out[MRZ_TEXT_CAP])
{
	size_t len = 0;

	for (unsigned i = 0; i < mrz_format_lines(format); i++) {
		assert_int_equal(strlen(lines[i]),
		    mrz_format_line_len_at(format, i + 1));
		len += (size_t)snprintf(out + len, MRZ_TEXT_CAP - len, "%s%s",
		    i > 0 ? "\n" : "", lines[i]);
	}
}

/* Built from the fields that were read, accepted specimens come out as they
 * are; with the issuer's choices told, too: the digit of empty optional data,
 * and the rule for long numbers. */
static void
specimens_come_back(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	unsigned n_same = 0, n_zero = 0, n_filler = 0, n_odd = 0;
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		struct mrz_doc doc, again;
		struct mrz_fields fields;
		struct mrz_problem problem;
		zone_lines lines;
		char birth[7], text[MRZ_TEXT_CAP];

		if (!c.accepted)
			continue;
		mrz_parse_ok(c.text, strlen(c.text), &doc);
		mrz_fields_of(&doc, birth, &fields);
		fields.count_filler = doc.number_rule == MRZ_NUMBER_LONG_FILLER;
		fields.zero_digit = c.format == MRZ_TD3 &&
				    c.text[45 + 42] == '0';
		assert_int_equal(mrz_build(doc.format, &fields, lines,
				     &problem),
		    MRZ_OK);
		join(doc.format, lines, text);
		mrz_parse_ok(text, strlen(text), &again);
		assert_int_equal(again.status, MRZ_ACCEPTED);
		for (size_t i = 0; i < MRZ_N_FIELDS; i++)
			assert_string_equal(again.fields[i].text,
			    doc.fields[i].text);
		/* Two fillers between given names are not built again. */
		if (mrz_doc_check(&doc, MRZ_C_NAME)->verdict == MRZ_FAILED) {
			n_odd++;
			continue;
		}
		assert_string_equal(text, c.text);
		n_same++;
		n_zero += fields.zero_digit ? 1 : 0;
		n_filler += fields.count_filler ? 1 : 0;
	}
	vectors_close(vectors);
	assert_true(n_same >= 20);
	assert_true(n_zero > 0 && n_filler > 0 && n_odd > 0);
}

/* A caller from before the choices were there gets what 0 means. */
static void
an_old_caller_is_served(void **state)
{
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	zone_lines lines, same;

	(void)state;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, same, NULL), MRZ_OK);
	fields.size = offsetof(struct mrz_fields, truncation);
	fields.truncation = (enum mrz_name_truncation)99;
	fields.zero_digit = true;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_memory_equal(lines, same, 2 * MRZ_LINE_CAP);
	fields.size = sizeof(fields);
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_E_ARG);
	fields.truncation = MRZ_TRUNCATE_GIVEN;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_string_equal(lines[1],
	    "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<04");
}

/* mrz_name_fit is told what it may write, and where the name goes wrong. */
static void
names_are_fitted(void **state)
{
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	struct mrz_name_fit fit = { .size = sizeof(fit) - 1 };
	struct mrz_problem problem;

	(void)state;
	assert_int_equal(mrz_name_fit(MRZ_TD3, &fields, &fit, NULL), MRZ_E_ARG);
	fit.size = sizeof(fit);
	assert_int_equal(mrz_name_fit(MRZ_UNKNOWN, &fields, &fit, NULL),
	    MRZ_E_ARG);
	assert_int_equal(mrz_name_fit(MRZ_TD1, &fields, &fit, NULL), MRZ_OK);
	assert_string_equal(fit.text, "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");
	assert_int_equal(fit.size, sizeof(fit));
	assert_false(fit.truncated);
	fields.text[MRZ_F_SURNAME] = "Eriks5on";
	assert_int_equal(mrz_name_fit(MRZ_TD1, &fields, &fit, &problem),
	    MRZ_E_CHARACTER);
	assert_int_equal(problem.field, MRZ_F_SURNAME);
	assert_int_equal(problem.offset, 5);
	fields.text[MRZ_F_SURNAME] = "";
	fields.text[MRZ_F_GIVEN_NAMES] = "'";
	assert_int_equal(mrz_name_fit(MRZ_TD1, &fields, &fit, &problem),
	    MRZ_E_MISSING);
	assert_int_equal(problem.field, MRZ_F_SURNAME);
	assert_int_equal(problem.reason, MRZ_R_EMPTY_FIELD);
	assert_int_equal(problem.offset, 0);
	/* What is lost: of the surname 18 letters, a given name whole. */
	fields.text[MRZ_F_SURNAME] =
	    "BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL";
	fields.text[MRZ_F_GIVEN_NAMES] = "DINGO W";
	fields.truncation = MRZ_TRUNCATE_INITIALS;
	assert_int_equal(mrz_name_fit(MRZ_TD1, &fields, &fit, NULL), MRZ_OK);
	assert_string_equal(fit.text, "BENNELONG<WOOLOOMOOLOO<W<W<<DI");
	assert_true(fit.truncated);
	assert_int_equal(fit.surname_letters, 41);
	assert_int_equal(fit.surname_letters_lost, 18);
	assert_int_equal(fit.surname_parts_lost, 0);
	assert_int_equal(fit.given_letters, 6);
	assert_int_equal(fit.given_letters_lost, 4);
	assert_int_equal(fit.given_parts_lost, 1);
}

static void
typed_fields_become_lines(void **state)
{
	const struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	zone_lines lines;

	(void)state;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_string_equal(lines[0],
	    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
	assert_string_equal(lines[1],
	    "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4");
}

/* One field of a good document changed to something that has no place. */
struct refusal {
	enum mrz_format format;
	enum mrz_field_id field;
	const char *value;
	enum mrz_error error;
	enum mrz_reason reason;
	size_t offset;
	enum mrz_field_id blamed;
};

#define REFUSE(format, field, value, error, reason, offset)        \
	{                                                          \
		format, field, value, error, reason, offset, field \
	}

static const struct refusal refusals[] = {
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_CODE, NULL, MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 0),
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_CODE, "PPP", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 2),
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_CODE, "p", MRZ_E_CHARACTER,
	    MRZ_R_LOWER_CASE, 0),
	REFUSE(MRZ_TD3, MRZ_F_ISSUING_STATE, "", MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 0),
	REFUSE(MRZ_TD3, MRZ_F_ISSUING_STATE, "U1O", MRZ_E_CHARACTER,
	    MRZ_R_LETTER_EXPECTED, 1),
	REFUSE(MRZ_TD3, MRZ_F_NATIONALITY, "U<O", MRZ_E_CHARACTER,
	    MRZ_R_FILLER_EXPECTED, 2),
	REFUSE(MRZ_TD3, MRZ_F_SURNAME, "Eriks5on", MRZ_E_CHARACTER,
	    MRZ_R_LETTER_EXPECTED, 5),
	REFUSE(MRZ_TD3, MRZ_F_SURNAME, "M\xc3\xbcller", MRZ_E_CHARACTER,
	    MRZ_R_NOT_MRZ_CHARACTER, 1),
	REFUSE(MRZ_TD3, MRZ_F_GIVEN_NAMES, "Anna\tMaria", MRZ_E_CHARACTER,
	    MRZ_R_NOT_MRZ_CHARACTER, 4),
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_NUMBER, "", MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 0),
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_NUMBER, "L898902C34", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 9),
	REFUSE(MRZ_MRVB, MRZ_F_DOCUMENT_NUMBER, "L898902C34", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 9),
	REFUSE(MRZ_TD3, MRZ_F_DOCUMENT_NUMBER, "L89-902", MRZ_E_CHARACTER,
	    MRZ_R_NOT_MRZ_CHARACTER, 3),
	REFUSE(MRZ_TD1, MRZ_F_DOCUMENT_NUMBER, "12345678<0", MRZ_E_CHARACTER,
	    MRZ_R_FORM, 8),
	REFUSE(MRZ_TD1, MRZ_F_DOCUMENT_NUMBER, "1234567890<1", MRZ_E_CHARACTER,
	    MRZ_R_FORM, 10),
	REFUSE(MRZ_TD1, MRZ_F_DOCUMENT_NUMBER, "1234567890 1", MRZ_E_CHARACTER,
	    MRZ_R_NOT_MRZ_CHARACTER, 10),
	REFUSE(MRZ_TD1, MRZ_F_DOCUMENT_NUMBER, "12345678901234567890123",
	    MRZ_E_LENGTH, MRZ_R_TOO_LONG, 22),
	REFUSE(MRZ_TD2, MRZ_F_DOCUMENT_NUMBER, "123456789012345", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 14),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_BIRTH, NULL, MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 0),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_BIRTH, "74081", MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 5),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_BIRTH, "19740812", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 8),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_BIRTH, "740832", MRZ_E_DATE,
	    MRZ_R_CALENDAR, 0),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_BIRTH, "74081<", MRZ_E_DATE,
	    MRZ_R_DATE_PART, 0),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_EXPIRY, "<<<<<<", MRZ_E_CHARACTER,
	    MRZ_R_DIGIT_EXPECTED, 0),
	REFUSE(MRZ_TD3, MRZ_F_DATE_OF_EXPIRY, "3204I5", MRZ_E_CHARACTER,
	    MRZ_R_DIGIT_EXPECTED, 4),
	REFUSE(MRZ_TD3, MRZ_F_SEX, "W", MRZ_E_CHARACTER, MRZ_R_SEX, 0),
	REFUSE(MRZ_TD3, MRZ_F_SEX, "FF", MRZ_E_LENGTH, MRZ_R_TOO_LONG, 1),
	REFUSE(MRZ_TD3, MRZ_F_OPTIONAL_DATA, "123456789012345", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 14),
	REFUSE(MRZ_TD3, MRZ_F_OPTIONAL_DATA, "12 34", MRZ_E_CHARACTER,
	    MRZ_R_NOT_MRZ_CHARACTER, 2),
	REFUSE(MRZ_TD3, MRZ_F_OPTIONAL_DATA_2, "1", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0),
};

static void
what_has_no_place_is_refused_with_its_position(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
		struct mrz_problem problem = { MRZ_F_SEX, 99, MRZ_R_NONE };
		zone_lines lines, untouched;

		memset(lines, 0x55, sizeof(lines));
		memset(untouched, 0x55, sizeof(untouched));
		fields.text[r->field] = r->value;
		if (mrz_build(r->format, &fields, lines, &problem) !=
			r->error ||
		    problem.reason != r->reason || problem.offset != r->offset)
			fail_msg("%s: %s at %zu",
			    r->value != NULL ? r->value : "(null)",
			    mrz_reason_name(problem.reason), problem.offset);
		assert_int_equal(problem.field, r->blamed);
		assert_memory_equal(lines, untouched, sizeof(lines));
		assert_int_equal(mrz_build(r->format, &fields, lines, NULL),
		    r->error);
	}
}

static void
wrong_arguments(void **state)
{
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	zone_lines lines;

	(void)state;
	assert_int_equal(mrz_build(MRZ_UNKNOWN, &fields, lines, NULL),
	    MRZ_E_ARG);
	assert_int_equal(mrz_build((enum mrz_format)77, &fields, lines, NULL),
	    MRZ_E_ARG);
	assert_int_equal(mrz_build(MRZ_TD3, NULL, lines, NULL), MRZ_E_ARG);
	fields.size = 4;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_E_ARG);
}

/* Long numbers of every length that fits, with and without optional data. */
static void
long_numbers_of_every_length(void **state)
{
	static const char digits[] = "A1B2C3D4E5F6G7H8I9J0K1";
	static const struct {
		enum mrz_format format;
		size_t longest, room;
	} rows[] = { { MRZ_TD1, 22, 15 }, { MRZ_TD2, 14, 7 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t len = 10; len <= rows[i].longest; len++) {
			struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
			size_t room = rows[i].room - (len - 9) - 2;
			char number[23], optional[16], text[MRZ_TEXT_CAP];
			struct mrz_problem problem;
			zone_lines lines;
			struct mrz_doc doc;

			snprintf(number, sizeof(number), "%.*s", (int)len,
			    digits);
			memset(optional, '7', sizeof(optional));
			optional[room] = '\0';
			fields.text[MRZ_F_DOCUMENT_NUMBER] = number;
			fields.text[MRZ_F_OPTIONAL_DATA] = optional;
			assert_int_equal(mrz_build(rows[i].format, &fields,
					     lines, NULL),
			    MRZ_OK);
			join(rows[i].format, lines, text);
			mrz_parse_ok(text, strlen(text), &doc);
			assert_int_equal(doc.status, MRZ_ACCEPTED);
			assert_true(doc.number_rule == MRZ_NUMBER_LONG ||
				    doc.number_rule == MRZ_NUMBER_LONG_EITHER);
			assert_string_equal(
			    doc.fields[MRZ_F_DOCUMENT_NUMBER].text, number);
			assert_string_equal(
			    doc.fields[MRZ_F_OPTIONAL_DATA].text, optional);

			optional[room] = '7';
			optional[room + 1] = '\0';
			assert_int_equal(mrz_build(rows[i].format, &fields,
					     lines, &problem),
			    MRZ_E_LENGTH);
			assert_int_equal(problem.field, MRZ_F_OPTIONAL_DATA);
			assert_int_equal(problem.offset, room);
		}
	}
}

/* A filler inside the number stands for a blank; it ends the number only past
 * the eighth place. */
/* A V makes a visa, and no visa is without one. */
static void
visas_have_their_letter(void **state)
{
	static const struct {
		enum mrz_format format;
		const char *code;
		enum mrz_error error;
	} rows[] = {
		{ MRZ_TD3, "P", MRZ_OK },
		{ MRZ_TD3, "V", MRZ_E_CHARACTER },
		{ MRZ_TD3, "PV", MRZ_OK },
		{ MRZ_TD2, "VA", MRZ_E_CHARACTER },
		{ MRZ_MRVA, "V", MRZ_OK },
		{ MRZ_MRVA, "P", MRZ_E_CHARACTER },
		{ MRZ_MRVB, "VC", MRZ_OK },
		{ MRZ_MRVB, "I", MRZ_E_CHARACTER },
	};
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	zone_lines lines;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_problem problem = { 0 };
		char text[MRZ_TEXT_CAP];
		struct mrz_doc doc;

		fields.text[MRZ_F_DOCUMENT_CODE] = rows[i].code;
		memset(lines, '#', sizeof(lines));
		assert_int_equal(mrz_build(rows[i].format, &fields, lines,
				     &problem),
		    rows[i].error);
		if (rows[i].error == MRZ_OK) {
			join(rows[i].format, lines, text);
			mrz_parse_ok(text, strlen(text), &doc);
			assert_int_equal(doc.format, rows[i].format);
			continue;
		}
		assert_int_equal(problem.field, MRZ_F_DOCUMENT_CODE);
		assert_int_equal(problem.offset, 0);
		assert_int_equal(problem.reason, MRZ_R_OTHER_LAYOUT);
		assert_int_equal(lines[0][0], '#');
	}
}

/* Fillers at the end of a value are what it would get anyway. */
static void
fillers_at_the_end_do_not_matter(void **state)
{
	struct mrz_fields fields =
	    FIELDS(UTOPIA_FIELDS, [MRZ_F_OPTIONAL_DATA] = "ZE184226B");
	zone_lines lines, same;

	(void)state;
	assert_int_equal(mrz_build(MRZ_TD3, &fields, same, NULL), MRZ_OK);
	fields.text[MRZ_F_DOCUMENT_CODE] = "P<<<";
	fields.text[MRZ_F_NATIONALITY] = "UTO<<<<<";
	fields.text[MRZ_F_DOCUMENT_NUMBER] = "L898902C3<<<<<<<<<<<<<<<<<<<<<";
	fields.text[MRZ_F_OPTIONAL_DATA] = "ZE184226B<<<<<<<<<<<<<<<<<<<<";
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_memory_equal(lines, same, 2 * MRZ_LINE_CAP);
	fields.text[MRZ_F_OPTIONAL_DATA] = "<<<<<<<<<<<<<<<<<<<<";
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_memory_equal(lines[1] + 28, "<<<<<<<<<<<<<<<", 15);
}

/* Behind a long number there is less room, and places count in the value. */
static void
data_behind_a_long_number(void **state)
{
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	struct mrz_problem problem;
	zone_lines lines;

	(void)state;
	fields.text[MRZ_F_DOCUMENT_NUMBER] = "D23145890734";
	fields.text[MRZ_F_OPTIONAL_DATA] = "AB c";
	assert_int_equal(mrz_build(MRZ_TD1, &fields, lines, &problem),
	    MRZ_E_CHARACTER);
	assert_int_equal(problem.field, MRZ_F_OPTIONAL_DATA);
	assert_int_equal(problem.offset, 2);
	assert_int_equal(problem.reason, MRZ_R_NOT_MRZ_CHARACTER);
	fields.text[MRZ_F_OPTIONAL_DATA] = "0123456789X";
	assert_int_equal(mrz_build(MRZ_TD1, &fields, lines, &problem),
	    MRZ_E_LENGTH);
	assert_int_equal(problem.field, MRZ_F_OPTIONAL_DATA);
	assert_int_equal(problem.offset, 10);
	fields.text[MRZ_F_OPTIONAL_DATA] = "0123456789";
	assert_int_equal(mrz_build(MRZ_TD1, &fields, lines, NULL), MRZ_OK);
	assert_string_equal(lines[0], "P<UTOD23145890<7349<0123456789");
}

static void
long_numbers_may_hold_fillers(void **state)
{
	struct mrz_fields fields = FIELDS(UTOPIA_FIELDS);
	char text[MRZ_TEXT_CAP];
	zone_lines lines;
	struct mrz_doc doc;

	(void)state;
	fields.text[MRZ_F_DOCUMENT_NUMBER] = "<23456<<901";
	assert_int_equal(mrz_build(MRZ_TD1, &fields, lines, NULL), MRZ_OK);
	join(MRZ_TD1, lines, text);
	mrz_parse_ok(text, strlen(text), &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_string_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].text,
	    "<23456<<901");
}

/* The visual zone prints an X for a sex that is not told; the MRZ a filler.
 * Nowhere else is an X anything but an X. */
static void
only_a_sex_of_x_is_a_filler(void **state)
{
	struct mrz_fields fields =
	    FIELDS(UTOPIA_FIELDS, [MRZ_F_OPTIONAL_DATA] = "X");
	zone_lines lines;

	(void)state;
	fields.text[MRZ_F_SEX] = "X";
	fields.text[MRZ_F_ISSUING_STATE] = "X";
	fields.text[MRZ_F_NATIONALITY] = "X";
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL), MRZ_OK);
	assert_memory_equal(lines[0], "P<X<<", 5);
	assert_memory_equal(lines[1], "L898902C36X<<7408122<3204153X<", 30);
	fields.text[MRZ_F_SEX] = "XX";
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL),
	    MRZ_E_LENGTH);
	fields.text[MRZ_F_SEX] = "Y";
	assert_int_equal(mrz_build(MRZ_TD3, &fields, lines, NULL),
	    MRZ_E_CHARACTER);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(specimens_come_back),
		cmocka_unit_test(an_old_caller_is_served),
		cmocka_unit_test(names_are_fitted),
		cmocka_unit_test(typed_fields_become_lines),
		cmocka_unit_test(
		    what_has_no_place_is_refused_with_its_position),
		cmocka_unit_test(only_a_sex_of_x_is_a_filler),
		cmocka_unit_test(wrong_arguments),
		cmocka_unit_test(long_numbers_of_every_length),
		cmocka_unit_test(visas_have_their_letter),
		cmocka_unit_test(fillers_at_the_end_do_not_matter),
		cmocka_unit_test(data_behind_a_long_number),
		cmocka_unit_test(long_numbers_may_hold_fillers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
