#include "mrz_rules.h"

#include <string.h>

bool
rule_made_of(const char *at, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] == '\0' || strchr(set, at[i]) == NULL)
			return false;
	return true;
}

static int
value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c == '<' ? 0 : c - 'A' + 10;
}

bool
rule_digit_fits(const char *at, size_t len, char digit)
{
	static const int weights[] = { 7, 3, 1 };
	int sum = 0;

	if (!rule_made_of(at, len, ALL))
		return false;
	for (size_t i = 0; i < len; i++)
		sum += value(at[i]) * weights[i % 3];
	return digit == '0' + sum % 10;
}

bool
rule_is_date(const char *at, bool may_be_unknown)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int part[3];

	for (int i = 0; i < 3; i++, at += 2) {
		part[i] = -1;
		if (rule_made_of(at, 2, DIGITS))
			part[i] = value(at[0]) * 10 + value(at[1]);
		else if (!may_be_unknown || memcmp(at, "<<", 2) != 0)
			return false;
	}
	if (part[1] == 0 || part[1] > 12 || part[2] == 0 || part[2] > 31)
		return false;
	if (part[1] == -1 || part[2] == -1)
		return true;
	/* Of the years that can be meant with today in 2026, none is 1900. */
	if (part[1] == 2 && part[2] == 29)
		return part[0] == -1 || part[0] % 4 == 0;
	return part[2] <= days[part[1] - 1];
}
