#include "test.h"

#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

#define TD3_1  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"
#define TD1_1  "I<UTOD231458907<<<<<<<<<<<<<<<"
#define TD1_2  "7408122F1204159UTO<<<<<<<<<<<6"
#define TD1_3  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define MRVB_1 "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
#define MRVB_2 "L898902C<3UTO6908061F9406236ZE184226"
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
	{ "hello\n" TD3_1 TD3_2, "hello#" TD3_1 TD3_2 "#" },
	/* The first line decides when it is of a layout. */
	{ TD1_1 "\n" TD3_1 "\n" TD3_2 "\n" TD3_1,
	    TD1_1 "\n" TD3_1 "\n" TD3_2 "#" TD3_1 "#" },
	{ "a\nb\nc\nd", "a\nb\nc#d#" },
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
