#include "mrz_cases.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UTOPIA                                           \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" \
	"L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"

static const char *const rules[] = {
	[MRZ_NUMBER_UNPROVEN] = "wrong",
	[MRZ_NUMBER_SHORT] = "short",
	[MRZ_NUMBER_LONG] = "plain",
	[MRZ_NUMBER_LONG_FILLER] = "filler",
	[MRZ_NUMBER_LONG_EITHER] = "either",
};

/* The names of the checks that failed and decide, as in the vector file. */
static void
failed_names(const struct mrz_doc *doc, char *out, size_t cap)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < doc->n_checks; i++) {
		const struct mrz_check *check = &doc->checks[i];

		if (mrz_check_is_finding(check->id) ||
		    check->verdict == MRZ_PASSED ||
		    check->verdict == MRZ_NOT_OFFERED)
			continue;
		len += (size_t)snprintf(out + len, cap - len, "%s%s",
		    len > 0 ? "," : "", mrz_check_name(check->id) + 4);
		assert_true(len < cap);
	}
	if (len == 0)
		snprintf(out, cap, "-");
}

static void
assert_lines(const struct mrz_doc *doc, const char *text)
{
	char joined[MRZ_TEXT_CAP] = "";
	size_t len = 0;

	for (size_t i = 0; i < doc->n_lines; i++) {
		assert_int_equal(doc->line_len[i], strlen(doc->lines[i]));
		len += (size_t)snprintf(joined + len, sizeof(joined) - len,
		    "%s%s", i > 0 ? "\n" : "", doc->lines[i]);
	}
	assert_string_equal(joined, text);
}

static const char *const files[] = { "tests/vectors/mrz_specimens.txt",
	"tests/vectors/mrz_national.txt" };

#define N_FILES (sizeof(files) / sizeof(files[0]))

static void
read_as_they_should(const char *file)
{
	struct vectors *vectors = vectors_open(file);
	struct mrz_case c;
	struct mrz_doc doc;
	char failed[512];

	while (mrz_case_next(vectors, &c)) {
		mrz_parse_ok(c.text, strlen(c.text), &doc);
		failed_names(&doc, failed, sizeof(failed));
		if (doc.format != c.format || strcmp(failed, c.failed) != 0)
			fail_msg("%s\n%s instead of %s", c.text, failed,
			    c.failed);
		assert_int_equal(doc.status == MRZ_ACCEPTED, c.accepted);
		assert_int_not_equal(doc.status, MRZ_UNCERTAIN);
		assert_lines(&doc, c.text);
		for (size_t i = 0; i < MRZ_N_FIELDS; i++)
			assert_string_equal(doc.fields[i].text, c.values[i]);
		if (strcmp(c.rule, "broken") == 0 ||
		    strcmp(c.rule, "none") == 0)
			assert_int_equal(doc.number_rule, MRZ_NUMBER_UNPROVEN);
		else if (strstr(failed, "document_number") == NULL)
			assert_string_equal(rules[doc.number_rule], c.rule);
	}
	vectors_close(vectors);
}

static void
specimens_read_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++)
		read_as_they_should(files[i]);
}

/* Lines ended in any way, blanks around them, or the whole zone on one line
 * (as in DG1): the same document. */
static void
try_line_ends(const char *file)
{
	static const char *const ends[] = { "\n", "\r", "\r\n", "\n\n",
		" \t\r\n \n\t", "" };
	struct vectors *vectors = vectors_open(file);
	struct mrz_case c;
	struct mrz_doc want, doc;
	char text[256];

	while (mrz_case_next(vectors, &c)) {
		mrz_parse_ok(c.text, strlen(c.text), &want);
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
			size_t len = 0;

			for (const char *at = c.text; *at != '\0'; at++)
				len += (size_t)snprintf(text + len,
				    sizeof(text) - len, "%.*s",
				    *at == '\n' ? 8 : 1,
				    *at == '\n' ? ends[i] : at);
			mrz_parse_ok(text, len, &doc);
			assert_memory_equal(&doc, &want, sizeof(doc));
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s", ends[i]);
			mrz_parse_ok(text, len, &doc);
			assert_memory_equal(&doc, &want, sizeof(doc));
		}
	}
	vectors_close(vectors);
}

static void
line_ends_do_not_matter(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++)
		try_line_ends(files[i]);
}

static void
places_are_counted_from_one(void **state)
{
	struct mrz_doc doc;
	const struct mrz_check *check;

	(void)state;
	mrz_parse_ok(UTOPIA, sizeof(UTOPIA) - 1, &doc);
	assert_int_equal(doc.fields[MRZ_F_GIVEN_NAMES].place.line, 1);
	assert_int_equal(doc.fields[MRZ_F_GIVEN_NAMES].place.column, 16);
	assert_int_equal(doc.fields[MRZ_F_GIVEN_NAMES].place.length, 10);
	check = mrz_doc_check(&doc, MRZ_C_COMPOSITE);
	assert_non_null(check);
	assert_int_equal(check->place.line, 2);
	assert_int_equal(check->place.column, 44);
	assert_int_equal(check->printed, '4');
	assert_int_equal(check->computed, '4');
}

/* The digit of a long number stands in the optional data. */
static void
long_numbers_are_found_where_they_are(void **state)
{
	static const char text[] = "I<UTOD23145890<7349<A1<<<<<<<<\n"
				   "6807120M3107128UTO<<<<<<<<<<<9\n"
				   "STEVENSON<<PETER<JOHN<<<<<<<<<";
	const struct mrz_check *check;
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(text, sizeof(text) - 1, &doc);
	check = mrz_doc_check(&doc, MRZ_C_NUMBER);
	assert_non_null(check);
	assert_int_equal(check->place.line, 1);
	assert_int_equal(check->place.column, 19);
	assert_int_equal(check->place.length, 1);
	assert_int_equal(doc.number_check_digit, '9');
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].place.column, 21);
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].place.length, 10);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].place.column, 6);
}

/* What a text that is no zone says about itself. */
struct bad_text {
	const char *text;
	enum mrz_error error;
	enum mrz_reason reason;
	uint32_t line, column, length;
	uint32_t candidates;
};

#define BIT(format) (1u << (format))

static const struct bad_text bad_texts[] = {
	{ "", MRZ_E_EMPTY, MRZ_R_EMPTY_TEXT, 0, 0, 0, 0 },
	{ " \r\n\t\n", MRZ_E_EMPTY, MRZ_R_EMPTY_TEXT, 0, 0, 0, 0 },
	{ "\xef\xbb\xbf", MRZ_E_EMPTY, MRZ_R_EMPTY_TEXT, 0, 0, 0, 0 },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 2, 44, 1, BIT(MRZ_TD3) },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 45, 1, BIT(MRZ_TD3) },
	{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
	  "L898902C<3UTO6908061F9406236ZE18422",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 2, 36, 1, BIT(MRZ_MRVB) },
	{ "I<UTOD231458907<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
	  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 30, 1, BIT(MRZ_TD1) },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", MRZ_E_LAYOUT,
	    MRZ_R_LINE_COUNT, 1, 1, 44, 0 },
	/* A right line tells the layout, and the other one is to blame. */
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F320415",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 2, 28, 1, BIT(MRZ_TD3) },
	{ "V<UTO\nL898902C<3UTO6908061F9406236ZE184226", MRZ_E_LAYOUT,
	    MRZ_R_LINE_LENGTH, 1, 6, 1, BIT(MRZ_MRVB) },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<6",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 2, 37, 1, BIT(MRZ_TD3) },
	/* Right for a layout of another number of lines. */
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nA\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 2, 1, 1, 0 },
	/* A foreign character explains a wrong length. */
	{ "P<UTOERIKSS\xc3\x96N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    MRZ_E_LAYOUT, MRZ_R_NOT_MRZ_CHARACTER, 1, 12, 1, BIT(MRZ_TD3) },
	/* Three characters short of a layout is near, four is not. */
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 42, 1, BIT(MRZ_TD3) },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 1, 40, 0 },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 86, 1, BIT(MRZ_TD3) },
	{ "A\nB\nC\nD", MRZ_E_LAYOUT, MRZ_R_LINE_COUNT, 1, 1, 1, 0 },
	/* National layouts are known by how a line begins. */
	{ "D1FRB13AA000026181231MARTIN<<9", MRZ_E_LAYOUT, MRZ_R_HEAD, 1, 1, 5,
	    BIT(MRZ_FRA_DL) },
	{ "D1UTO13AA000026181231MARTIN<<9", MRZ_E_LAYOUT, MRZ_R_HEAD, 1, 1, 5,
	    0 },
	{ "I<UTOD231458907<<<<<<<<<<<<<<<", MRZ_E_LAYOUT, MRZ_R_HEAD, 1, 1, 5,
	    0 },
	{ "D1FRA13AA000026181231MARTIN<9", MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1,
	    30, 1, BIT(MRZ_FRA_DL) },
	{ "CSC000000004<2404200<8108038<66", MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1,
	    31, 1, BIT(MRZ_CHN_EEP) },
	{ "CXC000000004<2404200<8108038<6", MRZ_E_LAYOUT, MRZ_R_HEAD, 1, 1, 5,
	    0 },
	{ "ABC123D<<\nFACHF123456789001<<410624<<<<<\n"
	  "HUBER<<PETER<FRANZ<XAVER<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_HEAD, 2, 1, 5, BIT(MRZ_CHE_DL) },
	{ "ABC123D<<FACHF123456789001<<410624<<<<<"
	  "HUBER<<PETER<FRANZ<XAVER<<<<<<",
	    MRZ_E_LAYOUT, MRZ_R_HEAD, 1, 10, 5,
	    BIT(MRZ_TD2) | BIT(MRZ_CHE_DL) },
	{ "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<\n"
	  "8806923102858CORINNE<<<<<<<6512068F6",
	    MRZ_E_LAYOUT, MRZ_R_LINE_LENGTH, 1, 36, 1,
	    BIT(MRZ_TD2) | BIT(MRZ_FRA_ID) },
};

/* A filler in the place of the digit: with data after it a long number that
 * lacks its end, without them a number that lacks its digit. */
static void
numbers_without_an_end_say_so(void **state)
{
	static const struct {
		const char *first;
		enum mrz_reason reason;
		struct mrz_place place;
	} rows[] = {
		{ "I<UTOD23145890<7<<<<<<<<<<<<<<\n", MRZ_R_LONG_NUMBER,
		    { 1, 16, 15 } },
		{ "I<UTOD23145890<734A<<<<<<<<<<<\n", MRZ_R_LONG_NUMBER,
		    { 1, 16, 15 } },
		{ "I<UTOD2314589<<7349<<<<<<<<<<<\n", MRZ_R_LONG_NUMBER,
		    { 1, 16, 15 } },
		{ "I<UTOD23145890<<7349<<<<<<<<<<\n", MRZ_R_NO_CHECK_DIGIT,
		    { 1, 15, 1 } },
		{ "I<UTOD23145890<<<<<<<<<<<<<<<<\n", MRZ_R_NO_CHECK_DIGIT,
		    { 1, 15, 1 } },
	};
	static const char rest[] = "3407127M9507122UTO<<<<<<<<<<<2\n"
				   "STEVENSON<<PETER<JOHN<<<<<<<<<";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_check *check;
		struct mrz_doc doc;
		char text[MRZ_TEXT_CAP];
		int n = snprintf(text, sizeof(text), "%s%s", rows[i].first,
		    rest);

		mrz_parse_ok(text, (size_t)n, &doc);
		check = mrz_doc_check(&doc, MRZ_C_NUMBER);
		assert_int_equal(check->verdict, MRZ_FAILED);
		assert_int_equal(check->reason, rows[i].reason);
		assert_memory_equal(&check->place, &rows[i].place,
		    sizeof(check->place));
		assert_int_equal(doc.number_rule, MRZ_NUMBER_UNPROVEN);
		assert_int_equal(doc.status, MRZ_REJECTED);
	}
}

/* What a finding is about: the end of the name, the whole name, a field. */
static void
findings_say_where(void **state)
{
	static const struct {
		enum mrz_check_id id;
		struct mrz_place place;
	} rows[] = {
		{ MRZ_C_NAME_TRUNCATED, { 1, 44, 1 } },
		{ MRZ_C_NAME, { 1, 6, 39 } },
		{ MRZ_C_DOCUMENT_CODE, { 1, 1, 2 } },
		{ MRZ_C_ISSUING_STATE, { 1, 3, 3 } },
		{ MRZ_C_NATIONALITY, { 2, 11, 3 } },
		{ MRZ_C_EXPIRED, { 2, 22, 6 } },
		{ MRZ_C_PROOF, { 2, 44, 1 } },
	};
	static const char text[] =
	    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	    "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(text, sizeof(text) - 1, &doc);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_memory_equal(&mrz_doc_check(&doc, rows[i].id)->place,
		    &rows[i].place, sizeof(rows[i].place));
}

static void
text_that_is_no_zone_says_why(void **state)
{
	struct mrz_options options = { sizeof(options), MRZ_TEST_TODAY };
	struct mrz_doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
		const struct bad_text *bad = &bad_texts[i];

		assert_int_equal(mrz_parse(bad->text, strlen(bad->text),
				     &options, &doc),
		    bad->error);
		assert_int_equal(doc.format, MRZ_UNKNOWN);
		assert_int_equal(doc.status, MRZ_REJECTED);
		assert_int_equal(doc.n_checks, 1);
		assert_int_equal(doc.checks[0].id, MRZ_C_LAYOUT);
		assert_int_equal(doc.checks[0].verdict, MRZ_FAILED);
		assert_int_equal(doc.checks[0].reason, bad->reason);
		assert_int_equal(doc.checks[0].place.line, bad->line);
		assert_int_equal(doc.checks[0].place.column, bad->column);
		assert_int_equal(doc.checks[0].place.length, bad->length);
		assert_int_equal(doc.candidates, bad->candidates);
		assert_null(mrz_doc_check(&doc, MRZ_C_COMPOSITE));
	}
	assert_int_equal(mrz_parse(NULL, 0, NULL, &doc), MRZ_E_EMPTY);
}

/* One character of the zone replaced; the first thing that is wrong. */
struct bad_character {
	size_t at; /* in UTOPIA */
	char c;
	enum mrz_reason reason;
};

static const struct bad_character bad_characters[] = {
	{ 0, '<', MRZ_R_LETTER_EXPECTED },
	{ 2, '<', MRZ_R_LETTER_EXPECTED },
	{ 3, '0', MRZ_R_LETTER_EXPECTED },
	{ 3, '<', MRZ_R_FILLER_EXPECTED }, /* "U<O": at the O */
	{ 8, '1', MRZ_R_LETTER_EXPECTED },
	{ 5, 'a', MRZ_R_LOWER_CASE },
	{ 5, 'z', MRZ_R_LOWER_CASE },
	{ 5, '{', MRZ_R_NOT_MRZ_CHARACTER },
	{ 5, '`', MRZ_R_NOT_MRZ_CHARACTER },
	{ 5, '\0', MRZ_R_NOT_MRZ_CHARACTER },
	{ 5, ' ', MRZ_R_NOT_MRZ_CHARACTER },
	{ 5, '\x1b', MRZ_R_NOT_MRZ_CHARACTER },
	{ 5, '\xff', MRZ_R_NOT_MRZ_CHARACTER },
	{ 45 + 20, 'X', MRZ_R_SEX_X },
	{ 45 + 20, 'W', MRZ_R_SEX },
	{ 45 + 14, 'O', MRZ_R_DIGIT_EXPECTED },
	{ 45 + 22, '<', MRZ_R_DIGIT_EXPECTED },
};

static void
illegal_characters_are_found_where_they_are(void **state)
{
	char text[sizeof(UTOPIA)];
	struct mrz_doc doc;

	(void)state;
	for (size_t i = 0;
	     i < sizeof(bad_characters) / sizeof(bad_characters[0]); i++) {
		const struct bad_character *bad = &bad_characters[i];
		size_t at = bad->at;
		const struct mrz_check *check;

		memcpy(text, UTOPIA, sizeof(text));
		text[at] = bad->c;
		if (bad->reason == MRZ_R_FILLER_EXPECTED)
			at++;
		mrz_parse_ok(text, sizeof(text) - 1, &doc);
		assert_int_equal(doc.status, MRZ_REJECTED);
		check = mrz_doc_check(&doc, MRZ_C_CHARACTERS);
		assert_non_null(check);
		assert_int_equal(check->verdict, MRZ_FAILED);
		assert_int_equal(check->reason, bad->reason);
		assert_int_equal(check->place.line, at < 45 ? 1 : 2);
		assert_int_equal(check->place.column,
		    at < 45 ? at + 1 : at - 44);
	}
}

/* Where a digit is put into the name field, and which name it spoils. */
static void
only_the_wrong_name_is_wrong(void **state)
{
	static const struct {
		size_t at;
		bool surname, given;
	} rows[] = {
		{ 5, true, false },  /* first letter of the surname */
		{ 12, true, false }, /* its last */
		{ 15, false, true }, /* first of the given names */
		{ 24, false, true }, /* last of them */
		{ 19, false, true }, /* between them */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[] = UTOPIA;
		struct mrz_doc doc;

		text[rows[i].at] = '4';
		mrz_parse_ok(text, sizeof(text) - 1, &doc);
		assert_int_equal(doc.fields[MRZ_F_SURNAME].verdict,
		    rows[i].surname ? MRZ_FAILED : MRZ_NOT_OFFERED);
		assert_int_equal(doc.fields[MRZ_F_GIVEN_NAMES].verdict,
		    rows[i].given ? MRZ_FAILED : MRZ_NOT_OFFERED);
	}
}

/* What goes past a line's 44 places is cut from the copy, not from the
 * length; what is not printable is shown as '?'. */
static void
long_and_dirty_lines_are_shown_safely(void **state)
{
	size_t len = 10u << 20;
	char *text = malloc(len);
	struct mrz_doc doc;

	(void)state;
	assert_non_null(text);
	memset(text, 'A', len);
	text[0] = '\x1b';
	assert_int_equal(mrz_parse(text, len, NULL, &doc), MRZ_E_LAYOUT);
	assert_int_equal(doc.n_lines, 1);
	assert_int_equal(doc.line_len[0], len);
	assert_int_equal(strlen(doc.lines[0]), MRZ_MAX_LINE_LEN);
	assert_int_equal(doc.lines[0][0], '?');
	assert_int_equal(doc.checks[0].reason, MRZ_R_NOT_MRZ_CHARACTER);
	memset(text, '\n', len);
	assert_int_equal(mrz_parse(text, len, NULL, &doc), MRZ_E_EMPTY);
	free(text);
}

/* Fields without a check digit never claim to be verified. */
static void
verdicts_of_fields_tell_what_proves_them(void **state)
{
	static const char visa[] = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
				   "L898902C<3UTO6908061F9406236ZE184226";
	static const char card[] =
	    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<7\n"
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(visa, sizeof(visa) - 1, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].verdict,
	    MRZ_NOT_OFFERED);
	assert_int_equal(doc.fields[MRZ_F_SURNAME].verdict, MRZ_NOT_OFFERED);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].verdict, MRZ_PASSED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->verdict,
	    MRZ_NOT_OFFERED);
	assert_false(doc.fields[MRZ_F_OPTIONAL_DATA_2].present);

	/* The composite digit alone is wrong. */
	mrz_parse_ok(card, sizeof(card) - 1, &doc);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].verdict, MRZ_PASSED);
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].verdict,
	    MRZ_UNDETERMINED);
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].reason,
	    MRZ_R_COMPOSITE);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->verdict,
	    MRZ_UNDETERMINED);
}

/* What stands behind a field, and what is wrong where in it. */
static void
fields_tell_what_protects_them(void **state)
{
	static const char spoilt[] =
	    "P<UTOERIKSSON<<ANN4<MARIA<<<<<<<<<<<<<<<<<<<\n"
	    "L898902C36UTO7408122F1204158ZE184226B<<<<<10";
	static const struct {
		enum mrz_field_id id;
		uint32_t protection;
		char printed, expected;
		struct mrz_place wrong;
	} rows[] = {
		{ MRZ_F_DOCUMENT_CODE, MRZ_BY_ALPHABET | MRZ_BY_CODE_LIST, 0, 0,
		    { 0, 0, 0 } },
		{ MRZ_F_ISSUING_STATE, MRZ_BY_ALPHABET | MRZ_BY_CODE_LIST, 0, 0,
		    { 0, 0, 0 } },
		{ MRZ_F_NATIONALITY, MRZ_BY_ALPHABET | MRZ_BY_CODE_LIST, 0, 0,
		    { 0, 0, 0 } },
		{ MRZ_F_DATE_OF_BIRTH,
		    MRZ_BY_DIGIT | MRZ_BY_COMPOSITE | MRZ_BY_ALPHABET |
			MRZ_BY_CALENDAR,
		    '2', '2', { 0, 0, 0 } },
		{ MRZ_F_SURNAME, MRZ_BY_ALPHABET, 0, 0, { 0, 0, 0 } },
		{ MRZ_F_GIVEN_NAMES, MRZ_BY_ALPHABET, 0, 0, { 1, 19, 1 } },
		{ MRZ_F_DOCUMENT_NUMBER, MRZ_BY_DIGIT | MRZ_BY_COMPOSITE, '6',
		    '6', { 0, 0, 0 } },
		{ MRZ_F_SEX, MRZ_BY_ALPHABET, 0, 0, { 0, 0, 0 } },
		{ MRZ_F_DATE_OF_EXPIRY,
		    MRZ_BY_DIGIT | MRZ_BY_COMPOSITE | MRZ_BY_ALPHABET |
			MRZ_BY_CALENDAR,
		    '8', '9', { 2, 28, 1 } },
		{ MRZ_F_OPTIONAL_DATA, MRZ_BY_DIGIT | MRZ_BY_COMPOSITE, '1',
		    '1', { 0, 0, 0 } },
	};
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(spoilt, sizeof(spoilt) - 1, &doc);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_field *field = &doc.fields[rows[i].id];

		assert_int_equal(field->protection, rows[i].protection);
		assert_int_equal(field->digit_printed, rows[i].printed);
		assert_int_equal(field->digit_expected, rows[i].expected);
		assert_memory_equal(&field->wrong, &rows[i].wrong,
		    sizeof(field->wrong));
		assert_int_equal(field->verdict == MRZ_FAILED,
		    rows[i].wrong.line > 0);
	}
	assert_string_equal(mrz_field_expected(MRZ_TD3, MRZ_F_SEX),
	    "M, F or a filler");
	assert_string_equal(mrz_field_expected(MRZ_TD3, MRZ_F_OPTIONAL_DATA_2),
	    "");
	assert_string_equal(mrz_field_expected(MRZ_UNKNOWN, MRZ_F_SEX), "");
	assert_string_equal(mrz_protection_name(MRZ_BY_CALENDAR), "calendar");
	assert_string_equal(mrz_protection_name((enum mrz_protection)3), "");
}

/* A visa has no digit over everything, nor one over its optional data. */
static void
nothing_protects_the_optional_data_of_a_visa(void **state)
{
	static const char visa[] = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
				   "L898902C<3UTO6908061F9406236ZE184226";
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(visa, sizeof(visa) - 1, &doc);
	assert_int_equal(doc.fields[MRZ_F_OPTIONAL_DATA].protection, 0);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].protection,
	    MRZ_BY_DIGIT);
}

/* How far a text came. */
static void
stages_tell_how_far_a_text_came(void **state)
{
	static const struct {
		const char *text;
		enum mrz_stage stage;
	} rows[] = {
		{ " \n", MRZ_STAGE_NOTHING },
		{ "not an MRZ", MRZ_STAGE_TEXT },
		{ "NOT<AN<MRZ", MRZ_STAGE_ALPHABET },
		{ "V<UTOERIKSSON<<ANN4<MARIA<<<<<<<<<<<\n"
		  "L898902C<3UTO6908061F9406236ZE184226",
		    MRZ_STAGE_LAYOUT },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
		  "L898902C<4UTO6908061F9406236ZE184226",
		    MRZ_STAGE_CHARACTERS },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
		  "L898902C<3UTO6902313F9406236ZE184226",
		    MRZ_STAGE_DIGITS },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
		  "L898902C<3UTO6908061F9406236ZE184226",
		    MRZ_STAGE_DATES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_doc doc;

		if (mrz_parse(rows[i].text, strlen(rows[i].text), NULL, &doc) !=
		    MRZ_OK)
			assert_int_equal(doc.format, MRZ_UNKNOWN);
		assert_string_equal(mrz_stage_name(doc.stage),
		    mrz_stage_name(rows[i].stage));
	}
	assert_string_equal(mrz_stage_name((enum mrz_stage)99), "nothing");
}

/* A caller's struct that is larger than ours is zeroed to its end; one that
 * is smaller is not touched. */
static void
the_size_of_the_document_is_minded(void **state)
{
	struct {
		struct mrz_doc doc;
		char more[16];
	} big;
	static const char text[] = "NOT<AN<MRZ";
	const char zeros[sizeof(big.more)] = { 0 };

	(void)state;
	memset(&big, 0x5a, sizeof(big));
	assert_int_equal(mrz_parse_sized(text, 3, NULL, &big.doc,
			     sizeof(big.doc) - 1),
	    MRZ_E_ARG);
	assert_int_equal(big.doc.size, 0x5a5a5a5a);
	assert_int_equal(mrz_parse_sized(text, 3, NULL, &big.doc, sizeof(big)),
	    MRZ_E_LAYOUT);
	assert_int_equal(big.doc.size, sizeof(big.doc));
	assert_memory_equal(big.more, zeros, sizeof(zeros));
}

struct finding_case {
	const char *text;
	enum mrz_check_id id;
	enum mrz_verdict verdict;
	enum mrz_reason reason;
};

#define LINE2 "\nL898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"

#define LINE2_2037 "\nL898902C36UTO7408122F3712317<<<<<<<<<<<<<<<6"
#define LINE2_2038 "\nL898902C36UTO7408122F3801013<<<<<<<<<<<<<<<4"

/* Neither code is under a check digit. */
#define PASSPORT(code, issuer, holder)                          \
	code issuer "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" \
		    "L898902C36" holder "7408122F3204153<<<<<<<<<<<<<<<4"
#define VISA(code, issuer, holder)                              \
	code issuer "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" \
		    "L898902C36" holder "7408122F3204153<<<<<<<<<<<<<<<<"

#define CARD(code)                              \
	code "UTOD231458907<<<<<<<<<<<<<<<\n"   \
	     "7408122F1204159UTO<<<<<<<<<<<6\n" \
	     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

static const struct finding_case finding_cases[] = {
	{ UTOPIA, MRZ_C_EXPIRED, MRZ_PASSED, MRZ_R_NONE },
	{ "P<ZZZERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_ISSUING_STATE, MRZ_FAILED, MRZ_R_UNKNOWN_CODE },
	{ "P<DEUERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_ISSUING_STATE, MRZ_FAILED, MRZ_R_NOT_FOR_MRZ },
	{ "P<XXBERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_ISSUING_STATE, MRZ_FAILED, MRZ_R_NATIONALITY_ONLY },
	{ "P<D<<ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_ISSUING_STATE, MRZ_PASSED, MRZ_R_NONE },
	{ "XXUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_UNKNOWN_CODE },
	{ UTOPIA, MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ UTOPIA, MRZ_C_ISSUING_STATE, MRZ_PASSED, MRZ_R_NONE },
	{ UTOPIA, MRZ_C_NATIONALITY, MRZ_PASSED, MRZ_R_NONE },
	{ UTOPIA, MRZ_C_NAME, MRZ_PASSED, MRZ_R_NONE },
	{ UTOPIA, MRZ_C_NAME_TRUNCATED, MRZ_PASSED, MRZ_R_NONE },
	{ UTOPIA, MRZ_C_PROOF, MRZ_PASSED, MRZ_R_NONE },
	{ "PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ "PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	/* A letter of the issuer's own, as before 2026 (today is in 2026). */
	{ "PZUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_CODE_OLD },
	{ "P1UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_UNKNOWN_CODE },
	{ "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
	    MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_NOT_HERE },
	/* One that expires in 2038 or later has a code of the standard. */
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2_2038,
	    MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_TOO_OLD },
	{ "PZUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2_2038,
	    MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_TOO_OLD },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2_2037,
	    MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ "PDUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2_2038,
	    MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ VISA("VV", "UTO", "UTO"), MRZ_C_DOCUMENT_CODE, MRZ_PASSED,
	    MRZ_R_NONE },
	{ CARD("I<"), MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ CARD("AC"), MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ CARD("C1"), MRZ_C_DOCUMENT_CODE, MRZ_PASSED, MRZ_R_NONE },
	{ CARD("IV"), MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_FORBIDDEN },
	{ CARD("AI"), MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_FORBIDDEN },
	{ CARD("P<"), MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_NOT_HERE },
	{ CARD("VI"), MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_CODE_NOT_HERE },
	{ CARD("XX"), MRZ_C_DOCUMENT_CODE, MRZ_FAILED, MRZ_R_UNKNOWN_CODE },
	/* Codes of states: withdrawn, unofficial, never in a document. */
	{ PASSPORT("P<", "SUN", "SUN"), MRZ_C_ISSUING_STATE, MRZ_PASSED,
	    MRZ_R_FORMER_CODE },
	{ PASSPORT("P<", "UTO", "ANT"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_FORMER_CODE },
	{ PASSPORT("P<", "XKX", "RKS"), MRZ_C_ISSUING_STATE, MRZ_FAILED,
	    MRZ_R_NOT_FOR_MRZ },
	{ PASSPORT("P<", "GBR", "GER"), MRZ_C_NATIONALITY, MRZ_FAILED,
	    MRZ_R_NOT_FOR_MRZ },
	{ PASSPORT("P<", "IAO", "UTO"), MRZ_C_ISSUING_STATE, MRZ_FAILED,
	    MRZ_R_LIST_SIGNER },
	{ PASSPORT("P<", "UTO", "IAO"), MRZ_C_NATIONALITY, MRZ_FAILED,
	    MRZ_R_LIST_SIGNER },
	{ PASSPORT("P<", "UTO", "XXB"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	/* Officials of the United Nations. */
	{ PASSPORT("PL", "UNO", "UNO"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PL", "UNO", "UNA"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PL", "UNO", "UTO"), MRZ_C_NATIONALITY, MRZ_FAILED,
	    MRZ_R_UN_NATIONALITY },
	{ PASSPORT("PP", "UTO", "UNA"), MRZ_C_NATIONALITY, MRZ_FAILED,
	    MRZ_R_UN_NATIONALITY },
	{ PASSPORT("P<", "UNK", "UNK"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	/* Residents of Kosovo have documents of the United Nations. */
	{ PASSPORT("P<", "UNO", "UNK"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("P<", "UNK", "UNO"), MRZ_C_NATIONALITY, MRZ_FAILED,
	    MRZ_R_UN_NATIONALITY },
	{ VISA("V<", "UTO", "UNO"), MRZ_C_NATIONALITY, MRZ_PASSED, MRZ_R_NONE },
	/* Another issuer than the state of the holder is nothing odd. */
	{ PASSPORT("PL", "EUE", "D<<"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PP", "XOM", "ITA"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PR", "UTO", "SYR"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PS", "UTO", "UTO"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	/* A document for one kind of person, a nationality of another. */
	{ PASSPORT("PS", "UTO", "XXA"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PS", "UTO", "XXX"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PS", "UTO", "XXB"), MRZ_C_NATIONALITY, MRZ_UNDETERMINED,
	    MRZ_R_KIND_OF_PERSON },
	{ PASSPORT("PR", "UTO", "XXC"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ PASSPORT("PR", "UTO", "XXA"), MRZ_C_NATIONALITY, MRZ_UNDETERMINED,
	    MRZ_R_KIND_OF_PERSON },
	{ PASSPORT("PD", "UTO", "XXX"), MRZ_C_NATIONALITY, MRZ_UNDETERMINED,
	    MRZ_R_KIND_OF_PERSON },
	{ PASSPORT("PT", "UTO", "XXA"), MRZ_C_NATIONALITY, MRZ_PASSED,
	    MRZ_R_NONE },
	{ "P<UTO<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<<<<<<" LINE2, MRZ_C_NAME,
	    MRZ_FAILED, MRZ_R_NO_SURNAME },
	{ "P<UTOERIKSSON<<ANNA<<MARIA<<<<<<<<<<<<<<<<<<" LINE2, MRZ_C_NAME,
	    MRZ_FAILED, MRZ_R_NAME_SHAPE },
	{ "P<UTOERIKSSON<<<ANNA<MARIA<<<<<<<<<<<<<<<<<<" LINE2, MRZ_C_NAME,
	    MRZ_FAILED, MRZ_R_NAME_SHAPE },
	{ "P<UTO<ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<" LINE2, MRZ_C_NAME,
	    MRZ_FAILED, MRZ_R_NAME_SHAPE },
	{ "P<UTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR" LINE2,
	    MRZ_C_NAME_TRUNCATED, MRZ_UNDETERMINED, MRZ_R_MAYBE_TRUNCATED },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F2611228<<<<<<<<<<<<<<<4",
	    MRZ_C_EXPIRED, MRZ_FAILED, MRZ_R_EXPIRED },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F2611239<<<<<<<<<<<<<<<8",
	    MRZ_C_EXPIRED, MRZ_PASSED, MRZ_R_NONE },
};

static void
findings_never_change_the_status(void **state)
{
	struct mrz_doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(finding_cases) / sizeof(finding_cases[0]);
	     i++) {
		const struct finding_case *c = &finding_cases[i];
		const struct mrz_check *check;

		mrz_parse_ok(c->text, strlen(c->text), &doc);
		check = mrz_doc_check(&doc, c->id);
		assert_non_null(check);
		if (check->verdict != c->verdict || check->reason != c->reason)
			fail_msg("%s: %s, %s", c->text,
			    mrz_verdict_name(check->verdict),
			    mrz_reason_name(check->reason));
		if (doc.status != MRZ_ACCEPTED)
			fail_msg("%s", c->text);
	}
}

/* What each finding is about. */
static void
findings_have_places(void **state)
{
	static const struct {
		enum mrz_check_id id;
		struct mrz_place place;
	} rows[] = {
		{ MRZ_C_DOCUMENT_CODE, { 1, 1, 2 } },
		{ MRZ_C_ISSUING_STATE, { 1, 3, 3 } },
		{ MRZ_C_NATIONALITY, { 2, 11, 3 } },
		{ MRZ_C_NAME, { 1, 6, 39 } },
		{ MRZ_C_NAME_TRUNCATED, { 1, 44, 1 } },
		{ MRZ_C_EXPIRED, { 2, 22, 6 } },
		{ MRZ_C_PROOF, { 2, 44, 1 } },
	};
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(UTOPIA, strlen(UTOPIA), &doc);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_check *check = mrz_doc_check(&doc, rows[i].id);

		assert_int_equal(check->place.line, rows[i].place.line);
		assert_int_equal(check->place.column, rows[i].place.column);
		assert_int_equal(check->place.length, rows[i].place.length);
	}
}

/* Whether a document has expired on a day that does not exist is not known. */
static void
no_day_has_not_expired(void **state)
{
	static const char text[] =
	    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	    "L898902C36UTO7408122F3204315<<<<<<<<<<<<<<<8";
	const struct mrz_check *check;
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(text, sizeof(text) - 1, &doc);
	assert_int_equal(doc.status, MRZ_REJECTED);
	check = mrz_doc_check(&doc, MRZ_C_EXPIRED);
	assert_int_equal(check->verdict, MRZ_UNDETERMINED);
	assert_int_equal(check->reason, MRZ_R_CALENDAR);
	/* Nor does it outlive the old document codes. */
	check = mrz_doc_check(&doc, MRZ_C_DOCUMENT_CODE);
	assert_int_equal(check->verdict, MRZ_PASSED);
}

static void
empty_mandatory_fields_are_rejected(void **state)
{
	/* An empty field is wrong as a whole. */
	static const struct {
		const char *text;
		enum mrz_reason reason;
		struct mrz_place place;
	} rows[] = {
		{ "P<UTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<" LINE2,
		    MRZ_R_EMPTY_FIELD, { 1, 6, 39 } },
		{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
		  "<<<<<<<<<0UTO7408122F3204153<<<<<<<<<<<<<<<6",
		    MRZ_R_EMPTY_FIELD, { 2, 1, 9 } },
		{ "P<<<<ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" LINE2,
		    MRZ_R_LETTER_EXPECTED, { 1, 3, 1 } },
		{ "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n"
		  "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
		    MRZ_R_LETTER_EXPECTED, { 1, 1, 1 } },
	};
	struct mrz_doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_check *check;

		mrz_parse_ok(rows[i].text, strlen(rows[i].text), &doc);
		assert_int_equal(doc.status, MRZ_REJECTED);
		check = mrz_doc_check(&doc, MRZ_C_CHARACTERS);
		assert_int_equal(check->verdict, MRZ_FAILED);
		assert_int_equal(check->reason, rows[i].reason);
		assert_memory_equal(&check->place, &rows[i].place,
		    sizeof(check->place));
	}
}

/* A zeroed structure of options would mean 1970; it is refused. */
/* Documents come from callers too: a count that cannot be is not believed. */
static void
checks_are_found_within_their_array(void **state)
{
	struct mrz_doc doc;

	(void)state;
	memset(&doc, 0, sizeof(doc));
	assert_null(mrz_doc_check(&doc, MRZ_C_LAYOUT));
	doc.n_checks = UINT32_MAX;
	for (size_t i = 0; i < MRZ_MAX_CHECKS; i++)
		doc.checks[i].id = MRZ_C_EXPIRED;
	assert_null(mrz_doc_check(&doc, MRZ_C_LAYOUT));
	doc.checks[MRZ_MAX_CHECKS - 1].id = MRZ_C_LAYOUT;
	assert_ptr_equal(mrz_doc_check(&doc, MRZ_C_LAYOUT),
	    &doc.checks[MRZ_MAX_CHECKS - 1]);
}

static void
options_without_a_size_are_refused(void **state)
{
	struct mrz_options options = { 0, 0 };
	struct mrz_doc doc;

	(void)state;
	assert_int_equal(mrz_parse(UTOPIA, sizeof(UTOPIA) - 1, &options, &doc),
	    MRZ_E_ARG);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(doc.n_checks, 0);
}

static void
without_today_nothing_is_expired(void **state)
{
	struct mrz_doc doc;

	(void)state;
	assert_int_equal(mrz_parse(UTOPIA, sizeof(UTOPIA) - 1, NULL, &doc),
	    MRZ_OK);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(doc.birth.year, -1);
	assert_int_equal(doc.birth.month, 8);
	assert_int_equal(doc.birth.from, MRZ_NO_DAY);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_EXPIRED)->verdict,
	    MRZ_UNDETERMINED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_EXPIRED)->reason,
	    MRZ_R_NO_TODAY);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(specimens_read_as_they_should),
		cmocka_unit_test(line_ends_do_not_matter),
		cmocka_unit_test(places_are_counted_from_one),
		cmocka_unit_test(long_numbers_are_found_where_they_are),
		cmocka_unit_test(numbers_without_an_end_say_so),
		cmocka_unit_test(findings_say_where),
		cmocka_unit_test(text_that_is_no_zone_says_why),
		cmocka_unit_test(illegal_characters_are_found_where_they_are),
		cmocka_unit_test(only_the_wrong_name_is_wrong),
		cmocka_unit_test(long_and_dirty_lines_are_shown_safely),
		cmocka_unit_test(verdicts_of_fields_tell_what_proves_them),
		cmocka_unit_test(fields_tell_what_protects_them),
		cmocka_unit_test(nothing_protects_the_optional_data_of_a_visa),
		cmocka_unit_test(stages_tell_how_far_a_text_came),
		cmocka_unit_test(the_size_of_the_document_is_minded),
		cmocka_unit_test(findings_never_change_the_status),
		cmocka_unit_test(findings_have_places),
		cmocka_unit_test(no_day_has_not_expired),
		cmocka_unit_test(empty_mandatory_fields_are_rejected),
		cmocka_unit_test(checks_are_found_within_their_array),
		cmocka_unit_test(options_without_a_size_are_refused),
		cmocka_unit_test(without_today_nothing_is_expired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
