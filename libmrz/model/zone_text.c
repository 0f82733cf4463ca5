/*
 * Zones at random. Names are put together from syllables and from bare
 * letters, numbers by the patterns that issuers use, states from the whole
 * list, so that no word and no number is worth learning by heart.
 */
#include "zone_text.h"

#include <stdio.h>
#include <string.h>

#define N_OF(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";
static const char numerals[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

static const char *const syllables[] = { "AN", "MA", "RI", "SSON", "OV", "SKI",
	"CHEN", "ZH", "NGUY", "AL", "IBN", "SZ", "CZ", "KW", "TE", "DU", "PE",
	"LA", "HEI", "MUE", "JO", "BE", "VIC", "TSCH", "OGLU", "EZ", "ADE",
	"QU", "YAM", "OTO", "FER", "GON", "XI", "WIL", "KOV", "PUL", "ICI",
	"EN", "ER", "IA", "UK", "RA", "NDER", "BO", "GA", "HO", "LY", "NE", "S",
	"T" };

static char
one_of(struct prng *prng, const char *set)
{
	return set[prng_below(prng, (unsigned)strlen(set))];
}

static void
fill(struct prng *prng, const char *set, unsigned n, char *out)
{
	while (n-- > 0)
		*out++ = one_of(prng, set);
	*out = '\0';
}

/* Puts more behind the text; false when there is no room for all of it. */
static bool
append(char *text, size_t cap, const char *more)
{
	size_t n = strlen(text), m = strlen(more);

	if (m >= cap - n)
		return false;
	memcpy(text + n, more, m + 1);
	return true;
}

/* One word of at least one letter, in fewer than cap characters. */
static void
word(struct prng *prng, char *out, size_t cap)
{
	unsigned n = 1 + prng_below(prng, 4);
	const char *syllable;

	out[0] = '\0';
	if (prng_chance(prng, 0.4)) {
		fill(prng, letters, 1 + prng_below(prng, (unsigned)cap / 2),
		    out);
		return;
	}
	while (n-- > 0) {
		syllable = syllables[prng_below(prng, N_OF(syllables))];
		(void)append(out, cap, syllable);
	}
}

/* One to three words with blanks between. */
static void
name(struct prng *prng, char *out, size_t cap)
{
	unsigned n = prng_chance(prng, 0.5) ? 1 : 1 + prng_below(prng, 3);

	word(prng, out, cap);
	while (--n > 0 && strlen(out) + 4 < cap && append(out, cap, " "))
		word(prng, out + strlen(out), cap - strlen(out));
}

/* 'A' is a letter, '9' a digit, '*' either. */
static void
number(struct prng *prng, char *out)
{
	static const char *const patterns[] = { "999999999", "AA9999999",
		"A99999999", "A9999999", "*********", "AAA999999", "A9A99A999",
		"99AA99999", "99999999", "******", "AA999999A" };
	const char *p = patterns[prng_below(prng, N_OF(patterns))];

	for (; *p != '\0'; p++)
		*out++ = one_of(prng, *p == 'A'   ? letters
				      : *p == '9' ? digits
						  : numerals);
	*out = '\0';
}

static void
date(struct prng *prng, char out[7])
{
	/* The 29th to 31st exist in some month only; others need no test. */
	(void)snprintf(out, 7, "%02u%02u%02u", prng_below(prng, 100),
	    1 + prng_below(prng, 12), 1 + prng_below(prng, 28));
}

static void
optional(struct prng *prng, unsigned max, char *out)
{
	static const char *const sets[] = { digits, digits, numerals, letters };
	unsigned n = prng_below(prng, max + 1);

	if (prng_chance(prng, 0.4))
		n = 0;
	else if (prng_chance(prng, 0.3))
		n = max;
	fill(prng, sets[prng_below(prng, N_OF(sets))], n, out);
	if (n > 5 && prng_chance(prng, 0.2))
		out[n / 2] = '<';
}

static const char *
state(struct prng *prng)
{
	const struct mrz_country *row = NULL;

	/* Rows are counted by asking; 279 codes are in force. What is printed
	 * no more was not learnt, and would change what is. */
	while (row == NULL || row->kind == MRZ_COUNTRY_FORMER ||
	       row->kind == MRZ_COUNTRY_UNOFFICIAL)
		row = mrz_country_at(prng_below(prng, 300));
	return row->code3;
}

static const char *
document_code(struct prng *prng, enum mrz_format format)
{
	static const char *const passports[] = { "P", "P", "P", "PP", "PD",
		"PO", "PS", "PR", "PT", "PM", "PA", "PE" };
	static const char *const cards[] = { "I", "I", "ID", "IR", "AC", "C",
		"A", "IP", "CR" };
	static const char *const visas[] = { "V", "V", "VC", "VD", "VB" };

	if (format == MRZ_TD3)
		return passports[prng_below(prng, N_OF(passports))];
	if (format == MRZ_MRVA || format == MRZ_MRVB)
		return visas[prng_below(prng, N_OF(visas))];
	return cards[prng_below(prng, N_OF(cards))];
}

static unsigned
real_zone(struct prng *prng, char lines[MRZ_MAX_LINES][MRZ_LINE_CAP])
{
	static const enum mrz_format formats[] = { MRZ_TD3, MRZ_TD3, MRZ_TD1,
		MRZ_TD1, MRZ_TD2, MRZ_MRVA, MRZ_MRVB };
	static const unsigned room[MRZ_N_FORMATS] = { [MRZ_TD1] = 15,
		[MRZ_TD2] = 7,
		[MRZ_TD3] = 14,
		[MRZ_MRVA] = 16,
		[MRZ_MRVB] = 8 };
	enum mrz_format format = formats[prng_below(prng, N_OF(formats))];
	char surname[40], given[40], doc[10], more[20], more_2[20];
	char birth[7], expiry[7], sex[2] = { one_of(prng, "MF<"), '\0' };
	const char *issuer = state(prng);
	struct mrz_fields fields = { .size = sizeof(fields) };

	name(prng, surname, sizeof(surname));
	name(prng, given, sizeof(given));
	number(prng, doc);
	date(prng, birth);
	date(prng, expiry);
	optional(prng, room[format], more);
	optional(prng, 11, more_2);
	fields.text[MRZ_F_DOCUMENT_CODE] = document_code(prng, format);
	fields.text[MRZ_F_ISSUING_STATE] = issuer;
	fields.text[MRZ_F_SURNAME] = surname;
	fields.text[MRZ_F_GIVEN_NAMES] = prng_chance(prng, 0.95) ? given : "";
	fields.text[MRZ_F_DOCUMENT_NUMBER] = doc;
	fields.text[MRZ_F_NATIONALITY] = prng_chance(prng, 0.7) ? issuer
								: state(prng);
	fields.text[MRZ_F_DATE_OF_BIRTH] = birth;
	fields.text[MRZ_F_SEX] = sex;
	fields.text[MRZ_F_DATE_OF_EXPIRY] = expiry;
	fields.text[MRZ_F_OPTIONAL_DATA] = more;
	if (format == MRZ_TD1)
		fields.text[MRZ_F_OPTIONAL_DATA_2] = more_2;
	if (mrz_build(format, &fields, lines, NULL) != MRZ_OK)
		return 0;
	return mrz_format_lines(format);
}

static unsigned
length(struct prng *prng)
{
	static const unsigned usual[] = { 30, 36, 44 };

	if (prng_chance(prng, 0.7))
		return usual[prng_below(prng, N_OF(usual))];
	return ZONE_MIN_LENGTH +
	       prng_below(prng, MRZ_MAX_LINE_LEN - ZONE_MIN_LENGTH + 1);
}

/* Shapes that are taken for each other, side by side. */
static void
look_alikes(struct prng *prng, unsigned n, char *out)
{
	static const char *const sets[] = { "O0QD", "1IL", "5S", "8B", "2Z",
		"6G", "K<X", "PFR", "NMHW", "UV", "CGO0", "4A", "7T", "EF",
		"VY", "3B8", "9G6", "0O", "0O", "B8S5", "I1T", "M<N" };
	char *end = out + n;
	const char *set;
	unsigned run;

	while (out < end) {
		set = sets[prng_below(prng, N_OF(sets))];
		for (run = 1 + prng_below(prng, 6); run > 0 && out < end; run--)
			*out++ = one_of(prng, set);
	}
	*out = '\0';
}

/* Runs of one character, fillers above all: they have to be counted. */
static void
runs(struct prng *prng, unsigned n, char *out)
{
	char *end = out + n, c;
	unsigned run;

	while (out < end) {
		c = prng_chance(prng, 0.6) ? '<' : one_of(prng, alphabet);
		for (run = 1 + prng_below(prng, 12); run > 0 && out < end;
		     run--)
			*out++ = c;
		if (out < end)
			*out++ = one_of(prng, alphabet);
	}
	*out = '\0';
}

static void
odd_line(struct prng *prng, char *out)
{
	unsigned n = length(prng), kind = prng_below(prng, 10);

	if (kind < 4)
		fill(prng, alphabet, n, out);
	else if (kind < 8)
		look_alikes(prng, n, out);
	else
		runs(prng, n, out);
}

unsigned
zone_lines(struct prng *prng, double oddness,
    char lines[MRZ_MAX_LINES][MRZ_LINE_CAP])
{
	unsigned n = 0, i;

	if (!prng_chance(prng, oddness))
		n = real_zone(prng, lines);
	if (n > 0)
		return n;
	n = 1 + prng_below(prng, MRZ_MAX_LINES);
	for (i = 0; i < n; i++)
		odd_line(prng, lines[i]);
	return n;
}
