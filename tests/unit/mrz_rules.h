/*
 * What the standard says of characters, digits and days, written down a second
 * time and without any code of the library, for tests to hold it against.
 */
#ifndef MRTD_MRZ_RULES_H
#define MRTD_MRZ_RULES_H

#include <stdbool.h>
#include <stddef.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"
#define ALL     LETTERS DIGITS "<"

/* All characters of a run are in the set. */
bool rule_made_of(const char *at, size_t len, const char *set);

/* The digit is the check digit over a run. */
bool rule_digit_fits(const char *at, size_t len, char digit);

/* YYMMDD of a day that exists for a reader in 2026; unknown parts as '<<'. */
bool rule_is_date(const char *at, bool may_be_unknown);

#endif
