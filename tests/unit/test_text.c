#include "test.h"

#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

#define TD3_1  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"
#define TD1_1  "I<UTOD231458907<<<<<<<<<<<<<<<"
#define TD1_N  "I<UTO1231458907<<<<<<<<<<<<<<<"
#define TD1_2  "7408122F1204159UTO<<<<<<<<<<<6"
#define TD1_3  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define MRVB_1 "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
#define MRVB_2 "L898902C<3UTO6908061F9406236ZE184226"
#define FRA_DL "D1FRA13AA000026181231MARTIN<<9"
#define NLD_DL "D1NLD15094962111659VW87Z78NB84"
#define CHN    "CSC000000004<2404200<8108038<6"
#define CHE_1  "ABC123D<<"
#define CHE_2  "FACHE123456789001<<410624<<<<<"
#define CHE_3  "HUBER<<PETER<FRANZ<XAVER<<<<<<"
#define BOM    "\xef\xbb\xbf"

/* A text and its zones, each with a '#' after it; line ends as they are. */
struct text_case {
	const char *text;
	const char *zones;
};

static const struct text_case cases[] = {
	{ "", "" },
	{ "\n \r\n\t", "" },
	{ BOM, "" },
	{ BOM TD3_1 "\n" TD3_2, TD3_1 "\n" TD3_2 "#" },
	{ TD3_1 "\n" TD3_2, TD3_1 "\n" TD3_2 "#" },
	{ "\n\n  " TD3_1 "  \n" TD3_2 "\n\n", TD3_1 "  \n" TD3_2 "#" },
	{ TD3_1 "\n" TD3_2 "\n" TD1_1 "\n" TD1_2 "\n" TD1_3 "\n" MRVB_1
		"\n" MRVB_2,
	    TD3_1 "\n" TD3_2 "#" TD1_1 "\n" TD1_2 "\n" TD1_3 "#" MRVB_1
		  "\n" MRVB_2 "#" },
	{ TD3_1 TD3_2 "\n" TD1_1 TD1_2 TD1_3 "\n" MRVB_1 MRVB_2,
	    TD3_1 TD3_2 "#" TD1_1 TD1_2 TD1_3 "#" MRVB_1 MRVB_2 "#" },
	/* A blank line ends a zone, also one that is not whole. */
	{ TD3_1 "\n\n" TD3_2, TD3_1 "#" TD3_2 "#" },
	{ TD1_1 "\r\n" TD1_2 "\r\n\r\n" TD3_1 "\r\n" TD3_2,
	    TD1_1 "\r\n" TD1_2 "#" TD3_1 "\r\n" TD3_2 "#" },
	/* A line of no layout: the next one tells how many belong together. */
	{ "P<UTO\n" TD3_2 "\n" TD1_1 "\n" TD1_2 "\n" TD1_3,
	    "P<UTO\n" TD3_2 "#" TD1_1 "\n" TD1_2 "\n" TD1_3 "#" },
	{ "I<UTO\n" TD1_2 "\n" TD1_3, "I<UTO\n" TD1_2 "\n" TD1_3 "#" },
	/* Words around a zone are not part of one. */
	{ "hello\n" TD3_1 TD3_2, TD3_1 TD3_2 "#" },
	{ "Passport:\n" TD3_1 "\n" TD3_2 "\nsigned\n", TD3_1 "\n" TD3_2 "#" },
	{ "PASSPORT\n\nof Anna Maria\n" TD1_1 "\n" TD1_2 "\n" TD1_3 "\n--\n"
	  "a visa of thirty-six characters, OK:\n" MRVB_1 "\n" MRVB_2,
	    TD1_1 "\n" TD1_2 "\n" TD1_3 "#" MRVB_1 "\n" MRVB_2 "#" },
	{ TD1_1 "\nsigned\n" TD3_1 "\n" TD3_2, TD1_1 "#" TD3_1 "\n" TD3_2 "#" },
	{ "a\nb\nc\nd", "" },
	{ "<p>a</p>\n" TD3_2, TD3_2 "#" },
	/* What may be a zone is not passed over in silence. */
	{ "<p>this is no machine-readable zone</p>\n" TD3_1 "\n" TD3_2,
	    "<p>this is no machine-readable zone</p>#" TD3_1 "\n" TD3_2 "#" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAA#" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAA\n", "" },
	{ TD3_1 "\nL898902C36UTO7408122F320415",
	    TD3_1 "\nL898902C36UTO7408122F320415#" },
	{ "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<\n" TD3_2,
	    "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<\n" TD3_2 "#" },
	/* A broken zone does not take the first line of the next one. */
	{ TD1_1 "\n" TD3_1 "\n" TD3_2 "\n" TD3_1,
	    TD1_1 "#" TD3_1 "\n" TD3_2 "#" TD3_1 "#" },
	{ "P<UTO\n" TD3_1 "\n" TD3_2, "P<UTO#" TD3_1 "\n" TD3_2 "#" },
	{ "P<UTO\n" TD3_2 "\n" TD3_1 "\n" TD3_2,
	    "P<UTO\n" TD3_2 "#" TD3_1 "\n" TD3_2 "#" },
	/* One line of 30 that begins as a licence and is one; a name is not. */
	{ FRA_DL, FRA_DL "#" },
	{ FRA_DL "\n" NLD_DL "\n" CHN "\n" TD1_1 "\n" TD1_2 "\n" TD1_3,
	    FRA_DL "#" NLD_DL "#" CHN "#" TD1_1 "\n" TD1_2 "\n" TD1_3 "#" },
	{ "Licence\n" CHN "\nsigned\n" NLD_DL "\nthe end", CHN "#" NLD_DL "#" },
	{ TD1_1 "\n" NLD_DL "\n" TD1_3, TD1_1 "#" NLD_DL "#" TD1_3 "#" },
	{ TD1_1 "\n" TD1_2 "\nCSABA<<ANNA<<<<<<<<<<<<<<<<<<<",
	    TD1_1 "\n" TD1_2 "\nCSABA<<ANNA<<<<<<<<<<<<<<<<<<<#" },
	{ CHE_1 "\n" CHE_2 "\n" CHE_3, CHE_1 "\n" CHE_2 "\n" CHE_3 "#" },
	{ TD1_1 "\n" TD1_2 "\n" TD1_3 "\n" CHE_1 "\n" CHE_2 "\n" CHE_3
		"\n" FRA_DL "\n" TD3_1 "\n" TD3_2,
	    TD1_1 "\n" TD1_2 "\n" TD1_3 "#" CHE_1 "\n" CHE_2 "\n" CHE_3
		  "#" FRA_DL "#" TD3_1 "\n" TD3_2 "#" },
	{ CHE_1 CHE_2 CHE_3 "\n" TD3_1 TD3_2,
	    CHE_1 CHE_2 CHE_3 "#" TD3_1 TD3_2 "#" },
	{ "PASSPORTS\n" TD3_1 "\n" TD3_2, TD3_1 "\n" TD3_2 "#" },
	/* Among lines of one length, counting tells where a zone ends. */
	{ TD3_1 "\n" TD3_1 "\n" TD3_2, TD3_1 "\n" TD3_1 "#" TD3_2 "#" },
	/* Five letters or fillers and the length of a layout make a head. */
	{ TD3_1 "\n" TD1_N "\n" TD1_2 "\n" TD1_3,
	    TD3_1 "#" TD1_N "\n" TD1_2 "\n" TD1_3 "#" },
	{ TD3_1 "\nABCDEFG<<12345", TD3_1 "\nABCDEFG<<12345#" },
	{ TD3_1 "\n" MRVB_1 MRVB_2, TD3_1 "#" MRVB_1 MRVB_2 "#" },
	{ TD1_1 "\n" TD1_2 "\n" TD3_1 "\n" TD3_2,
	    TD1_1 "\n" TD1_2 "#" TD3_1 "\n" TD3_2 "#" },
	/* The first line that fits a layout says how many lines belong to it;
	 * if it is whole on one line, that is all. */
	{ TD1_1 "\n" TD3_2 "\n" TD1_3, TD1_1 "\n" TD3_2 "\n" TD1_3 "#" },
	{ TD3_1 "\n" TD1_2 "\n" TD1_3, TD3_1 "\n" TD1_2 "#" TD1_3 "#" },
	{ TD3_1 TD3_2 "\n" TD3_2, TD3_1 TD3_2 "#" TD3_2 "#" },
	{ "P<UTO\n" TD3_2 TD3_2, "P<UTO#" TD3_2 TD3_2 "#" },
	/* A line that begins as a zone of one line does is one only if every
	 * character has its place: here a letter where only a filler may
	 * stand, and a filler where none may. */
	{ "CSC123456789A3204151<7408122<6\n" TD1_2 "\n" TD1_3,
	    "CSC123456789A3204151<7408122<6\n" TD1_2 "\n" TD1_3 "#" },
	{ "CSC123456789<3204151<7408122<6\n" TD1_2 "\n" TD1_3,
	    "CSC123456789<3204151<7408122<6#" TD1_2 "\n" TD1_3 "#" },
	{ "D1NLD<5094962111659VW87Z78NB84\n" TD1_2 "\n" TD1_3,
	    "D1NLD<5094962111659VW87Z78NB84\n" TD1_2 "\n" TD1_3 "#" },
	{ "D1NLD15094962111659VW87Z78NB84\n" TD1_2 "\n" TD1_3,
	    "D1NLD15094962111659VW87Z78NB84#" TD1_2 "\n" TD1_3 "#" },
	/* Never more than three. */
	{ "P<UTO\nP<UT1\nP<UT2\nP<UT3", "P<UTO\nP<UT1\nP<UT2#P<UT3#" },
	/* A filler in the alphabet will do, wherever it is. */
	{ "<ABCDE", "<ABCDE#" },
	{ "ABCDE<", "ABCDE<#" },
	{ "<<<", "<<<#" },
	{ "ABCDE", "" },
};

static void
zones_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		size_t pos = 0, start, len, used = 0;
		char found[512] = "";

		while (mrz_next(text, strlen(text), &pos, &start, &len))
			used += (size_t)snprintf(found + used,
			    sizeof(found) - used, "%.*s#", (int)len,
			    text + start);
		assert_string_equal(found, cases[i].zones);
		assert_int_equal(pos, strlen(text));
	}
}

/* What lies behind the end of a text is not looked at, wherever that is. */
static void
a_text_ends_where_it_is_told(void **state)
{
	size_t pos = 0, start, len;

	(void)state;
	assert_false(mrz_next("ABCDE<", 5, &pos, &start, &len));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;

		for (size_t end = 0; end <= strlen(text); end++) {
			pos = 0;
			while (mrz_next(text, end, &pos, &start, &len)) {
				assert_true(pos <= end);
				assert_true(start + len <= pos);
			}
			assert_int_equal(pos, end);
		}
	}
	pos = 0;
	assert_true(mrz_next(TD3_1 "\r\n", sizeof(TD3_1), &pos, &start, &len));
	assert_int_equal(pos, sizeof(TD3_1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_found),
		cmocka_unit_test(a_text_ends_where_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
