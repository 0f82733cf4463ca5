/*
 * Which single wrong characters the check digits detect: exactly those that
 * arithmetic with the weights 7, 3, 1 modulo 10 can detect. Which ones that
 * are is computed here, from the values of the characters and nothing of the
 * library; from its table of layouts come the places alone, which
 * test_layout.c and test_substitution.c hold against the standard.
 */
#include "layout.h"
#include "mrz_cases.h"
#include "mrz_random.h"
#include "test.h"

#include <string.h>

#define ALPHABET "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
#define N_CHARS  37
#define N_MADE   8 /* documents made up for each format */

static int
value(char c)
{
	const char *at = strchr(ALPHABET, c);

	assert_true(c != '\0' && at != NULL);
	return c == '<' ? 0 : (int)(at - ALPHABET);
}

static int
weight(size_t i)
{
	return i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1;
}

/* A zone with its lines one after the other at a fixed width. */
struct page {
	const struct layout *layout;
	char at[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];
};

static struct span
digit_place(const struct layout *layout, enum digit which)
{
	return layout->digits[which].at;
}

static bool
has_digit(const struct layout *layout, enum digit which)
{
	return digit_place(layout, which).length > 0;
}

static bool
is_at(struct span span, size_t line, size_t column)
{
	return span.line == line && column >= span.column &&
	       column - span.column < span.length;
}

/* The weight of a place under a digit, 0 if it is not under it. */
static int
weight_at(const struct layout *layout, enum digit which, size_t line,
    size_t column)
{
	const struct span *runs = layout->digits[which].runs;
	size_t before = 0;

	for (size_t i = 0; i < MAX_RUNS; i++) {
		if (is_at(runs[i], line, column))
			return weight(before + column - runs[i].column);
		before += runs[i].length;
	}
	return 0;
}

static bool
is_empty(const struct page *page, struct span span)
{
	for (size_t i = 0; i < span.length; i++)
		if (page->at[span.line][span.column + i] != '<')
			return false;
	return true;
}

/*
 * Whether a digit that verified still does when the character at a place
 * becomes another one. A digit may only become itself; the one over empty
 * optional data may be 0 or a filler.
 */
static bool
still_holds(const struct page *page, enum digit which, size_t line,
    size_t column, char to)
{
	const struct layout *layout = page->layout;
	char from = page->at[line][column];
	struct span place = digit_place(layout, which);
	char digit = page->at[place.line][place.column];
	int change = (value(to) - value(from)) *
		     weight_at(layout, which, line, column);

	if (is_at(place, line, column))
		return which == DIGIT_OPTIONAL &&
		       is_empty(page, layout->fields[MRZ_F_OPTIONAL_DATA]) &&
		       (to == '0' || to == '<');
	/* No digit, and data where there were none. */
	if (which == DIGIT_OPTIONAL && digit == '<')
		return weight_at(layout, which, line, column) == 0;
	return change % 10 == 0;
}

/* A filler in the place of the number's digit turns the rule (note j). */
static bool
turns_long(const struct layout *layout, size_t line, size_t column, char to)
{
	return layout->long_number && to == '<' &&
	       is_at(digit_place(layout, DIGIT_NUMBER), line, column);
}

struct counts {
	unsigned detected;
	unsigned undetected;
};

static const enum mrz_check_id digit_checks[] = { MRZ_C_NUMBER, MRZ_C_BIRTH,
	MRZ_C_EXPIRY, MRZ_C_OPTIONAL, MRZ_C_COMPOSITE };

static void
parse_page(const struct page *page, struct mrz_doc *doc)
{
	char text[MRZ_RANDOM_TEXT_CAP];
	size_t len = 0;

	for (size_t i = 0; i < page->layout->n_lines; i++) {
		memcpy(text + len, page->at[i], page->layout->line_len[i]);
		len += page->layout->line_len[i];
		text[len++] = '\n';
	}
	/* Another first character may leave no layout. */
	if (mrz_parse(text, len, NULL, doc) != MRZ_OK)
		assert_int_equal(doc->format, MRZ_UNKNOWN);
}

/* One character replaced: each digit fails or holds as it must. */
static void
replace(struct page *page, size_t line, size_t column, char to,
    struct counts *counts)
{
	const struct layout *layout = page->layout;
	char from = page->at[line][column];
	bool all_hold = true, covered = false;
	bool holds[N_DIGITS];
	struct mrz_doc doc;

	for (int d = 0; d < N_DIGITS; d++) {
		enum digit which = (enum digit)d;

		holds[d] = !has_digit(layout, which) ||
			   still_holds(page, which, line, column, to);
		all_hold = all_hold && holds[d];
		covered = covered ||
			  (has_digit(layout, which) &&
			      (weight_at(layout, which, line, column) != 0 ||
				  is_at(digit_place(layout, which), line,
				      column)));
	}
	page->at[line][column] = to;
	parse_page(page, &doc);
	page->at[line][column] = from;
	if (doc.format != layout->format)
		return; /* the first letter tells visas from passports */
	for (int d = 0; d < N_DIGITS; d++) {
		const struct mrz_check *check = mrz_doc_check(&doc,
		    digit_checks[d]);

		assert_non_null(check);
		if ((check->verdict != MRZ_FAILED) != holds[d])
			fail_msg("%s, line %zu, column %zu, %c -> %c: %s",
			    layout->name, line + 1, column + 1, from, to,
			    mrz_check_name(check->id));
	}
	if (!covered)
		return;
	if (all_hold)
		counts->undetected++;
	else
		counts->detected++;
	/* No second digit detects what the first one cannot. */
	if (all_hold && to != '<' && from != '<')
		assert_int_equal(value(from) % 10, value(to) % 10);
}

static void
replace_everywhere(const char *text, enum mrz_format format,
    struct counts *counts)
{
	struct page page = { .layout = mrz_layout_find(format) };
	size_t i = 0, j = 0;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '\n') {
			i++;
			j = 0;
		} else {
			page.at[i][j++] = *at;
		}
	}
	for (i = 0; i < page.layout->n_lines; i++)
		for (j = 0; j < page.layout->line_len[i]; j++)
			for (const char *to = ALPHABET; *to != '\0'; to++)
				if (*to != page.at[i][j] &&
				    !turns_long(page.layout, i, j, *to))
					replace(&page, i, j, *to, counts);
}

/* Of 37 x 36 replacements, 104 are of one value modulo 10: no digit with
 * weights prime to 10 sees them, alone or with others. */
static void
what_arithmetic_cannot_see(void **state)
{
	static const char pairs[][2] = { { '6', 'G' }, { '1', 'L' },
		{ '8', 'S' }, { 'K', '<' }, { '0', 'U' }, { 'F', 'P' } };
	unsigned n = 0;

	(void)state;
	for (size_t a = 0; a < N_CHARS; a++) {
		for (size_t b = 0; b < N_CHARS; b++) {
			char one[2] = { ALPHABET[a], '\0' };
			char other[2] = { ALPHABET[b], '\0' };
			bool same = value(one[0]) % 10 == value(other[0]) % 10;

			n += same && a != b ? 1 : 0;
			assert_int_equal(mrz_check_digit(one, 1) ==
					     mrz_check_digit(other, 1),
			    same);
		}
	}
	assert_int_equal(n, 104);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_int_equal(value(pairs[i][0]) % 10,
		    value(pairs[i][1]) % 10);
}

static void
specimens_are_protected_as_far_as_can_be(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	struct counts counts = { 0, 0 };
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c))
		if (c.accepted && strcmp(c.rule, "short") == 0)
			replace_everywhere(c.text, c.format, &counts);
	vectors_close(vectors);
	print_message("%u detected, %u not\n", counts.detected,
	    counts.undetected);
	assert_true(counts.detected > 10000 && counts.undetected > 1000);
}

static void
documents_of_every_format_are_protected(void **state)
{
	struct mrz_random_doc made;
	char text[MRZ_RANDOM_TEXT_CAP];

	(void)state;
	for (int f = 1; f < MRZ_N_FORMATS; f++) {
		enum mrz_format format = (enum mrz_format)f;
		struct counts counts = { 0, 0 };
		unsigned n = 0;

		for (uint64_t seed = 0; n < N_MADE; seed++) {
			struct mrz_doc doc;

			mrz_random_zone(format, seed, &made, text);
			mrz_parse_ok(text, strlen(text), &doc);
			/* test_substitution.c has the long numbers. */
			if (doc.number_rule >= MRZ_NUMBER_LONG)
				continue;
			replace_everywhere(text, format, &counts);
			n++;
		}
		if (format == MRZ_CHE_DL) /* has no digit */
			assert_int_equal(counts.detected, 0);
		else
			assert_true(
			    counts.detected > 1000 && counts.undetected > 100);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_arithmetic_cannot_see),
		cmocka_unit_test(specimens_are_protected_as_far_as_can_be),
		cmocka_unit_test(documents_of_every_format_are_protected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
