/* Lines as OCR programs and web pages give them. */
#include <mrz/mrz.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define LINE_1  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define LINE_2  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define CHINA_2 "E000000019CHN7001017M3001019ABCDEFGHIJKL0112"

struct row {
	const char *from;
	const char *to;
	struct mrz_normalized told;
};

static const struct row rows[] = {
	/* What needs nothing. */
	{ LINE_1 "\n" LINE_2 "\n", LINE_1 "\n" LINE_2 "\n", { 0 } },
	{ "  " LINE_1 " \r\n\t" LINE_2, "  " LINE_1 " \r\n\t" LINE_2, { 0 } },
	{ "", "", { 0 } },
	{ "\n\r\n", "\n\r\n", { 0 } },
	/* Forms of the filler. */
	{ "P&lt;UTOERIKSSON&lt;&#60;ANNA&#x3c;MARIA&amp;lt;",
	    "P<UTOERIKSSON<<ANNA<MARIA<", { 1, 5, 0, 0, 0 } },
	{ "P\xe2\x80\xb9UTOERIKSSON\xc2\xab"
	  "ANNA<MARIA",
	    "P<UTOERIKSSON<<ANNA<MARIA", { 1, 2, 0, 0, 0 } },
	/* Blanks inside, not around. */
	{ " P<UTO ERIKSSON<< ANNA<MARIA \n", "P<UTOERIKSSON<<ANNA<MARIA\n",
	    { 1, 0, 2, 0, 0 } },
	{ "P<UTO\xc2\xa0"
	  "ERIKSSON\xe3\x80\x80<",
	    "P<UTOERIKSSON<", { 1, 0, 2, 0, 0 } },
	/* Full width. */
	{ "\xef\xbc\xb0\xef\xbc\x9cUTO\xef\xbc\x90\xef\xbc\x99\xef\xbc\xa1",
	    "P<UTO09A", { 1, 1, 0, 4, 0 } },
	/* A line in small letters; single small letters stay. */
	{ "p<utoeriksson<<anna", "P<UTOERIKSSON<<ANNA", { 1, 0, 0, 0, 16 } },
	{ "P<UTOERlKSSON<<ANNA", "P<UTOERlKSSON<<ANNA", { 0 } },
	{ "`<utoeriksson<<anna{zaz", "`<UTOERIKSSON<<ANNA{ZAZ",
	    { 1, 0, 0, 0, 18 } },
	/* As many of one kind as of another. */
	{ "\xef\xbc\xb0&lt;UTO", "P<UTO", { 1, 1, 0, 1, 0 } },
	{ "P&lt;U TO", "P<UTO", { 1, 1, 1, 0, 0 } },
	{ "\xef\xbc\x91\xef\xbc\x92<ut", "12<UT", { 1, 0, 0, 2, 2 } },
	{ "\tP<UTO ERIKSSON<<ANNA\t", "P<UTOERIKSSON<<ANNA",
	    { 1, 0, 1, 0, 0 } },
	/* A second line without fillers, known by its length. */
	{ "E000000019 CHN7001017M3001019 ABCDEFGHIJKL0112", CHINA_2,
	    { 1, 0, 2, 0, 0 } },
	/* Two lines that were merged: a zone on one line. */
	{ LINE_1 " " LINE_2, LINE_1 LINE_2, { 1, 0, 1, 0, 0 } },
	/* Sentences stay. */
	{ "Republic of Utopia, passport office number one",
	    "Republic of Utopia, passport office number one", { 0 } },
	{ "DATE OF ISSUE 12 JAN 2020 PLACE OF BIRTH",
	    "DATE OF ISSUE 12 JAN 2020 PLACE OF BIRTH", { 0 } },
	{ "if (a < b && c > d) then it is (so) it goes: ?!",
	    "if (a < b && c > d) then it is (so) it goes: ?!", { 0 } },
	/* Broken UTF-8 and entities that end early. */
	{ "P<\xc2", "P<\xc2", { 0 } },
	{ "\xef\xbc", "\xef\xbc", { 0 } },
	{ "P<UTOANNA<ANNA<ANNA<&lt", "P<UTOANNA<ANNA<ANNA<&lt", { 0 } },
};

static void
check_row(const struct row *row)
{
	size_t len = strlen(row->from);
	/* Of exact size, for the sanitizers. */
	char *text = malloc(len + 1);
	struct mrz_normalized told;
	size_t got;

	assert_non_null(text);
	memcpy(text, row->from, len + 1);
	text = realloc(text, len > 0 ? len : 1);
	got = mrz_normalize(text, len, &told);
	if (got != strlen(row->to) || memcmp(text, row->to, got) != 0)
		fail_msg("%s became %.*s", row->from, (int)got, text);
	if (memcmp(&told, &row->told, sizeof(told)) != 0)
		fail_msg("%s: lines %u fillers %u blanks %u wide %u small %u",
		    row->from, told.lines, told.fillers, told.blanks, told.wide,
		    told.small);
	free(text);
}

static void
each_form_becomes_what_is_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

/* Every form by itself, between characters that stay. */
static void
forms_of_fillers_and_blanks(void **state)
{
	static const struct {
		const char *form;
		const char *to;
	} forms[] = {
		{ "&lt;", "<" }, { "&LT;", "<" }, { "&#60;", "<" },
		{ "&#x3c;", "<" }, { "&#x3C;", "<" }, { "&amp;lt;", "<" },
		{ "&laquo;", "<<" }, { "\xc2\xab", "<<" },     /* U+00AB */
		{ "\xe2\x80\xb9", "<" },                       /* U+2039 */
		{ "\xe2\x89\xaa", "<<" },                      /* U+226A */
		{ "\xe3\x80\x88", "<" },                       /* U+3008 */
		{ "\xe3\x80\x8a", "<<" },                      /* U+300A */
		{ "\xef\xbc\x9c", "<" },                       /* U+FF1C */
		{ " ", "" }, { "\t", "" }, { "\xc2\xa0", "" }, /* U+00A0 */
		{ "\xe2\x80\x82", "" },                        /* U+2002 */
		{ "\xe2\x80\x83", "" },                        /* U+2003 */
		{ "\xe2\x80\x89", "" },                        /* U+2009 */
		{ "\xe2\x80\x8b", "" },                        /* U+200B */
		{ "\xe2\x80\xaf", "" },                        /* U+202F */
		{ "\xe3\x80\x80", "" },                        /* U+3000 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		bool blank = forms[i].to[0] == '\0';
		char from[64], to[64];
		struct row row = { from, to, { 1, !blank, blank, 0, 0 } };

		snprintf(from, sizeof(from), "P<UTO%sA<<<", forms[i].form);
		snprintf(to, sizeof(to), "P<UTO%sA<<<", forms[i].to);
		check_row(&row);
	}
}

/* What was normalized once has nothing left to do. */
static void
twice_is_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_normalized told;
		char text[256];
		size_t len = strlen(rows[i].from), once;

		memcpy(text, rows[i].from, len);
		once = mrz_normalize(text, len, &told);
		assert_int_equal(mrz_normalize(text, once, &told), once);
		assert_int_equal(told.lines, 0);
	}
}

/* A line of any length, and no more than its bytes are read. */
static void
long_lines_stay(void **state)
{
	size_t len = 1u << 20;
	char *text = malloc(len);
	struct mrz_normalized told;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < len; i++)
		text[i] = i % 2 ? ' ' : '<';
	assert_int_equal(mrz_normalize(text, len, &told), len);
	assert_int_equal(told.lines, 0);
	free(text);
}

/* The longest line that is tried is a whole zone, counted as it would be: a
 * form may go past that by one of its two fillers. */
static void
the_longest_line_is_full(void **state)
{
	enum {
		LONGEST = MRZ_MAX_LINES * MRZ_MAX_LINE_LEN
	};
	char from[LONGEST + 2], to[LONGEST + 1];
	struct row full = { from, to, { 1, 1, 0, 0, 0 } };
	struct row over = { from, from, { 0 } };

	(void)state;
	memset(from, '<', sizeof(from));
	memset(to, '<', sizeof(to));
	to[LONGEST] = '\0';
	strcpy(from + LONGEST - 2, "\xc2\xab");
	check_row(&full);
	strcpy(from + LONGEST - 2, "<\xc2\xab");
	check_row(&over);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_becomes_what_is_printed),
		cmocka_unit_test(forms_of_fillers_and_blanks),
		cmocka_unit_test(twice_is_once),
		cmocka_unit_test(long_lines_stay),
		cmocka_unit_test(the_longest_line_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
