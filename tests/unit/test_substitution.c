/*
 * Every character of every accepted specimen replaced by every other one. The
 * verdict is held against rules written down a second time, from the tables
 * of Doc 9303-4 to -7 and without any code of the library.
 */
#include "mrz_cases.h"
#include "mrz_rules.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* Where things are, in characters of the whole zone from 0. */
struct rules {
	enum mrz_format format;
	size_t len;
	size_t code, state, name, name_len, number, nationality;
	size_t birth, sex, expiry, optional, optional_len;
	size_t optional_digit, composite; /* 0: there is none */
	const char *covered;              /* 'x' under the composite digit */
};

static const struct rules all_rules[] = {
	{ MRZ_TD1, 90, 0, 2, 60, 30, 5, 45, 30, 37, 38, 15, 15, 0, 59,
	    "-----xxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxx-xxxxxxx---xxxxxxxxxxx-"
	    "------------------------------" },
	{ MRZ_TD2, 72, 0, 2, 5, 31, 36, 46, 49, 56, 57, 64, 7, 0, 71,
	    "------------------------------------"
	    "xxxxxxxxxx---xxxxxxx-xxxxxxxxxxxxxx-" },
	{ MRZ_TD3, 88, 0, 2, 5, 39, 44, 54, 57, 64, 65, 72, 14, 86, 87,
	    "--------------------------------------------"
	    "xxxxxxxxxx---xxxxxxx-xxxxxxxxxxxxxxxxxxxxxx-" },
	{ MRZ_MRVA, 88, 0, 2, 5, 39, 44, 54, 57, 64, 65, 72, 16, 0, 0, "" },
	{ MRZ_MRVB, 72, 0, 2, 5, 31, 36, 46, 49, 56, 57, 64, 8, 0, 0, "" },
};

static bool
is_state(const char *at)
{
	return rule_made_of(at, 1, LETTERS) &&
	       rule_made_of(at + 1, 2, LETTERS "<") &&
	       (at[1] != '<' || at[2] == '<');
}

static bool
is_number(const struct rules *r, const char *zone)
{
	const char *number = zone + r->number, *rest = zone + r->optional;
	char joined[32];
	size_t n = 0;

	if (rule_made_of(number, 9, "<"))
		return false;
	if (number[9] != '<')
		return rule_digit_fits(number, 9, number[9]);
	if (r->format != MRZ_TD1 && r->format != MRZ_TD2)
		return false;
	while (n < r->optional_len && rest[n] != '<')
		n++;
	if (n < 2 || n == r->optional_len || number[8] == '<')
		return false;
	memcpy(joined, number, 10);
	memcpy(joined + 10, rest, n - 1);
	if (rule_digit_fits(joined, 9 + n, rest[n - 1]))
		return true;
	memcpy(joined + 9, rest, n - 1);
	return rule_digit_fits(joined, 8 + n, rest[n - 1]);
}

static bool
composite_fits(const struct rules *r, const char *zone)
{
	char covered[90];
	size_t n = 0;

	if (r->composite == 0)
		return true;
	for (size_t i = 0; i < r->len; i++)
		if (r->covered[i] == 'x')
			covered[n++] = zone[i];
	return rule_digit_fits(covered, n, zone[r->composite]);
}

static bool
optional_fits(const struct rules *r, const char *zone)
{
	const char *at = zone + r->optional;

	if (r->optional_digit == 0)
		return true;
	if (zone[r->optional_digit] == '<' &&
	    rule_made_of(at, r->optional_len, "<"))
		return true;
	return rule_digit_fits(at, r->optional_len, zone[r->optional_digit]);
}

static bool
is_good(const struct rules *r, const char *zone)
{
	return rule_made_of(zone, r->len, ALL) &&
	       rule_made_of(zone + r->code, 1, LETTERS) &&
	       is_state(zone + r->state) &&
	       rule_made_of(zone + r->name, r->name_len, LETTERS "<") &&
	       !rule_made_of(zone + r->name, r->name_len, "<") &&
	       is_number(r, zone) && is_state(zone + r->nationality) &&
	       rule_is_date(zone + r->birth, true) &&
	       rule_digit_fits(zone + r->birth, 6, zone[r->birth + 6]) &&
	       rule_made_of(zone + r->sex, 1, "MF<") &&
	       rule_is_date(zone + r->expiry, false) &&
	       rule_digit_fits(zone + r->expiry, 6, zone[r->expiry + 6]) &&
	       optional_fits(r, zone) && composite_fits(r, zone);
}

/* The layout that a zone of this length and first letter must get. */
static const struct rules *
rules_for(const char *zone, size_t len)
{
	for (size_t i = 0; i < sizeof(all_rules) / sizeof(all_rules[0]); i++) {
		const struct rules *r = &all_rules[i];
		bool visa = r->format == MRZ_MRVA || r->format == MRZ_MRVB;

		if (r->len == len && (len == 90 || visa == (zone[0] == 'V')))
			return r;
	}
	fail_msg("no layout of %zu characters", len);
	return NULL;
}

struct counts {
	unsigned accepted;
	unsigned rejected;
};

static void
judge(const char *zone, size_t len, struct counts *counts)
{
	const struct rules *r = rules_for(zone, len);
	struct mrz_doc doc;
	bool good;

	/* A blank or line end in the zone may change the text that is left. */
	mrz_parse_ok(zone, len, &doc);
	good = is_good(r, zone);
	if (doc.format != r->format ||
	    doc.status != (good ? MRZ_ACCEPTED : MRZ_REJECTED))
		fail_msg("%.*s: %s", (int)len, zone,
		    mrz_status_name(doc.status));
	if (good)
		counts->accepted++;
	else
		counts->rejected++;
}

static void
every_substitution_gets_the_right_verdict(void **state)
{
	static const char replacements[] = ALL "az.?\x7f\xc3";
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	struct counts counts = { 0, 0 };
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		char zone[MRZ_TEXT_CAP];
		size_t len = 0;

		if (!c.accepted)
			continue;
		for (const char *at = c.text; *at != '\0'; at++)
			if (*at != '\n')
				zone[len++] = *at;
		for (size_t i = 0; i < len; i++) {
			char kept = zone[i];

			for (const char *to = replacements; *to != '\0'; to++) {
				zone[i] = *to;
				judge(zone, len, &counts);
			}
			zone[i] = kept;
		}
	}
	vectors_close(vectors);
	/* Both happen: names and codes have no check digit. */
	assert_true(counts.accepted > 10000);
	assert_true(counts.rejected > 10000);
	print_message("%u accepted, %u rejected\n", counts.accepted,
	    counts.rejected);
}

/* Two characters exchanged, as tired hands do. */
static void
every_exchange_of_neighbours_gets_the_right_verdict(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	struct counts counts = { 0, 0 };
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		char zone[MRZ_TEXT_CAP];
		size_t len = 0;

		for (const char *at = c.text; *at != '\0'; at++)
			if (*at != '\n')
				zone[len++] = *at;
		for (size_t i = 0; i + 1 < len; i++) {
			char kept = zone[i];

			zone[i] = zone[i + 1];
			zone[i + 1] = kept;
			judge(zone, len, &counts);
			zone[i + 1] = zone[i];
			zone[i] = kept;
		}
	}
	vectors_close(vectors);
	assert_true(counts.rejected > 100);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_substitution_gets_the_right_verdict),
		cmocka_unit_test(
		    every_exchange_of_neighbours_gets_the_right_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
