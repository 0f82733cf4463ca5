#include "alphabet.h"

#include <string.h>

/*
 * A letter for each place of a layout:
 *   V  the V of visas           C  any other letter
 *   S  a letter or a filler     X  anything
 *   D  a digit                  d  a digit or a filler
 *   G  M, F or a filler
 * The second letter of the document code is a letter or a filler in every
 * code that Doc 9303 has.
 */
#define S3  "SSS"
#define S9  S3 S3 S3
#define S27 S9 S9 S9
#define X9  "XXXXXXXXX"

/* nationality, birth, sex, expiry: alike in all layouts of two lines */
#define PERSON    \
	"SSS"     \
	"ddddddD" \
	"G"       \
	"DDDDDDD"

static const struct {
	enum mrz_format format;
	const char *lines[MRZ_MAX_LINES];
} layouts[] = {
	{ MRZ_TD1, { "CS" S3 X9 "d" X9 "XXXXXX",
		       "ddddddD"
		       "G"
		       "DDDDDDD" S3 X9 "XXD",
		       S27 S3 } },
	{ MRZ_TD2, { "CS" S3 S27 "SSSS", X9 "d" PERSON "XXXXXXXD", NULL } },
	{ MRZ_TD3, { "CS" S3 S27 S9 S3,
		       X9 "D" PERSON X9 "XXXXX"
			  "dD",
		       NULL } },
	{ MRZ_MRVA, { "VS" S3 S27 S9 S3, X9 "D" PERSON X9 "XXXXXXX", NULL } },
	{ MRZ_MRVB, { "VS" S3 S27 "SSSS", X9 "D" PERSON "XXXXXXXX", NULL } },
};
#define N_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

static bool
is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
allows(char place, char c)
{
	switch (place) {
	case 'V':
		return c == 'V';
	case 'C':
		return is_letter(c) && c != 'V';
	case 'S':
		return is_letter(c) || c == '<';
	case 'D':
		return is_digit(c);
	case 'd':
		return is_digit(c) || c == '<';
	case 'G':
		return c == 'M' || c == 'F' || c == '<';
	default:
		return is_letter(c) || is_digit(c) || c == '<';
	}
}

/* The letter for a place; '\0' when the layout has no such place. */
static char
place_at(enum mrz_format format, unsigned line, unsigned column)
{
	for (size_t i = 0; i < N_LAYOUTS; i++) {
		const char *places = NULL;

		if (layouts[i].format != format)
			continue;
		if (line < MRZ_MAX_LINES)
			places = layouts[i].lines[line];
		return places != NULL && column < strlen(places)
			   ? places[column]
			   : '\0';
	}
	return '\0';
}

bool
mrz_place_allows(enum mrz_format format, unsigned line, unsigned column, char c)
{
	char place = place_at(format, line, column);

	return place != '\0' && allows(place, c);
}

bool
mrz_place_is_digit(enum mrz_format format, unsigned line, unsigned column)
{
	char place = place_at(format, line, column);

	return place == 'D' || place == 'd';
}

/* In both directions; the likest first. */
static const struct {
	char text;
	const char *others;
} look_alikes[] = {
	{ '0', "ODQU" },
	{ '1', "ILT7" },
	{ '2', "Z7" },
	{ '3', "8" },
	{ '4', "A" },
	{ '5', "S6" },
	{ '6', "GS5" },
	{ '7', "T1Z2" },
	{ '8', "BS3" },
	{ '9', "G" },
	{ 'A', "4R" },
	{ 'B', "8RED" },
	{ 'C', "GE<" },
	{ 'D', "0O" },
	{ 'E', "FBC" },
	{ 'F', "PE" },
	{ 'G', "6C" },
	{ 'H', "MNRW" },
	{ 'I', "1LT" },
	{ 'J', "I" },
	{ 'K', "<XR" },
	{ 'L', "I1" },
	{ 'M', "NHW" },
	{ 'N', "MHW" },
	{ 'O', "0DQ" },
	{ 'P', "FR" },
	{ 'Q', "0O" },
	{ 'R', "PKA" },
	{ 'S', "58" },
	{ 'T', "17I" },
	{ 'U', "V0" },
	{ 'V', "UY" },
	{ 'W', "MHN" },
	{ 'X', "K" },
	{ 'Y', "V" },
	{ 'Z', "27" },
	{ '<', "KCE" },
};

const char *
mrz_look_alikes(char c)
{
	for (size_t i = 0; i < sizeof(look_alikes) / sizeof(look_alikes[0]);
	     i++)
		if (look_alikes[i].text == c)
			return look_alikes[i].others;
	return "";
}

bool
mrz_same_shape(char a, char b)
{
	return (a == 'O' && b == '0') || (a == '0' && b == 'O') ||
	       (a == 'I' && b == '1') || (a == '1' && b == 'I');
}
