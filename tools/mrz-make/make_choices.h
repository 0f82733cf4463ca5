/*
 * What an issuer may choose in building lines: how a long name is shortened,
 * and two digits.
 */
#ifndef MRZ_MAKE_CHOICES_H
#define MRZ_MAKE_CHOICES_H

#include "options.h"

#include <mrz/mrz.h>

/* Components of which the letters are told one by one. */
#define MAKE_MAX_PARTS 16

struct make_choices {
	bool given; /* any of them */
	bool quiet;
	enum mrz_name_truncation truncation;
	/* Ended by 0; none if that is the first. */
	uint8_t surname_letters[MAKE_MAX_PARTS + 1];
	uint8_t given_letters[MAKE_MAX_PARTS + 1];
	bool count_filler;
	bool zero_digit;
};

/* The argument of --truncate; false after saying what is wrong with it. */
bool make_choices_truncate(const struct tool *tool, const char *argument,
    struct make_choices *choices);

/* Into fields, which borrow from choices. */
void make_choices_apply(const struct make_choices *choices,
    struct mrz_fields *fields);

/* Say what the name of these fields, which can be built, loses if it does, and
 * where the standard would have it otherwise. */
void make_choices_say_loss(const struct tool *tool,
    const struct make_choices *choices, enum mrz_format format,
    const struct mrz_fields *fields);

#endif
