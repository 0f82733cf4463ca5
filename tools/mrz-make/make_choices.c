#include "make_choices.h"

#include <stdio.h>
#include <string.h>

#define MAX_LETTERS 39 /* of a name in any zone */
#define PHRASE_CAP  96

/* "9,7,2": up to what is not a number. False for more than there is room for,
 * or a number that says nothing. */
static bool
take_numbers(const char **at, uint8_t out[MAKE_MAX_PARTS + 1])
{
	size_t n = 0;

	while (**at >= '0' && **at <= '9') {
		unsigned number = 0;

		while (**at >= '0' && **at <= '9' && number <= MAX_LETTERS)
			number = number * 10 + (unsigned)(*(*at)++ - '0');
		if (number < 1 || number > MAX_LETTERS || n == MAKE_MAX_PARTS)
			return false;
		out[n++] = (uint8_t)number;
		if (**at != ',')
			break;
		(*at)++;
		if (**at < '0' || **at > '9')
			return false;
	}
	out[n] = 0;
	return true;
}

/* "SURNAME[/GIVEN]", at least one of them. */
static bool
take_letters(const char *argument, struct make_choices *choices)
{
	if (!take_numbers(&argument, choices->surname_letters))
		return false;
	choices->given_letters[0] = 0;
	if (*argument == '/') {
		argument++;
		if (!take_numbers(&argument, choices->given_letters) ||
		    choices->given_letters[0] == 0)
			return false;
	}
	return *argument == '\0' && (choices->surname_letters[0] != 0 ||
					choices->given_letters[0] != 0);
}

bool
make_choices_truncate(const struct tool *tool, const char *argument,
    struct make_choices *choices)
{
	enum mrz_name_truncation style = mrz_truncation_find(argument);

	choices->given = true;
	if (style == MRZ_N_TRUNCATIONS && take_letters(argument, choices))
		style = MRZ_TRUNCATE_LETTERS;
	else if (style == MRZ_TRUNCATE_LETTERS)
		style = MRZ_N_TRUNCATIONS; /* of which no number is told */
	choices->truncation = style;
	if (style != MRZ_N_TRUNCATIONS)
		return true;
	tool_error(tool,
	    "--truncate: not given, initials, even, end, or numbers of letters "
	    "from 1 to %d, as 9,7,2/1",
	    MAX_LETTERS);
	return false;
}

void
make_choices_apply(const struct make_choices *choices,
    struct mrz_fields *fields)
{
	fields->truncation = choices->truncation;
	if (choices->surname_letters[0] != 0)
		fields->surname_letters = choices->surname_letters;
	if (choices->given_letters[0] != 0)
		fields->given_letters = choices->given_letters;
	fields->count_filler = choices->count_filler;
	fields->zero_digit = choices->zero_digit;
}

/* "18 of 41 letters of the surname"; the letters themselves are somebody's
 * data. */
static void
phrase(uint32_t lost, uint32_t letters, uint32_t parts, const char *what,
    char out[PHRASE_CAP])
{
	int n;

	out[0] = '\0';
	if (lost == 0)
		return;
	n = snprintf(out, PHRASE_CAP, "%u of %u letters of the %s",
	    (unsigned)lost, (unsigned)letters, what);
	if (parts > 0 && n > 0 && n < PHRASE_CAP)
		snprintf(out + n, PHRASE_CAP - (size_t)n,
		    " (%u component%s whole)", (unsigned)parts,
		    parts == 1 ? "" : "s");
}

void
make_choices_say_loss(const struct tool *tool,
    const struct make_choices *choices, enum mrz_format format,
    const struct mrz_fields *fields)
{
	const struct tool_common common = { .quiet = choices->quiet };
	struct mrz_name_fit fit = { .size = sizeof(fit) };
	char surname[PHRASE_CAP], given[PHRASE_CAP];

	if (mrz_name_fit(format, fields, &fit, NULL) != MRZ_OK)
		return;
	/* Doc 9303-4 4.2.3.1, -5 and -6 4.2.2, -7 4.2.3. */
	if (fit.surname_letters == 0 && fit.given_letters > 0)
		tool_note(tool, &common,
		    "a name of one part belongs into the surname");
	if (!fit.truncated)
		return;
	phrase(fit.surname_letters_lost, fit.surname_letters,
	    fit.surname_parts_lost, "surname", surname);
	phrase(fit.given_letters_lost, fit.given_letters, fit.given_parts_lost,
	    "given names", given);
	tool_note(tool, &common, "the name is truncated: %s%s%s are left out",
	    surname, surname[0] != '\0' && given[0] != '\0' ? " and " : "",
	    given);
	explicit_bzero(&fit, sizeof(fit));
}
