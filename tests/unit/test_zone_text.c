/* Lines to train on: real zones that libmrz accepts, strings of every length,
 * every state and every character. */
#include "test.h"

#include "model/zone_text.h"

#include <string.h>

#define ZONES 3000

static unsigned
next(struct prng *prng, double oddness, char lines[MRZ_MAX_LINES][MRZ_LINE_CAP])
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
	unsigned n = zone_lines(prng, oddness, lines), i;

	assert_in_range(n, 1, MRZ_MAX_LINES);
	for (i = 0; i < n; i++) {
		assert_in_range(strlen(lines[i]), ZONE_MIN_LENGTH,
		    MRZ_MAX_LINE_LEN);
		assert_int_equal(strspn(lines[i], alphabet), strlen(lines[i]));
	}
	return n;
}

static void
test_zones_are_accepted(void **state)
{
	struct prng prng = { 11 };
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], text[200];
	size_t len;
	unsigned formats[MRZ_N_FORMATS] = { 0 }, accepted = 0, n, i, j;
	struct mrz_doc doc;

	(void)state;
	for (i = 0; i < ZONES; i++) {
		n = next(&prng, 0, lines);
		for (j = 0, len = 0; j < n; j++) {
			memcpy(text + len, lines[j], strlen(lines[j]));
			len += strlen(lines[j]);
			text[len++] = '\n';
		}
		if (mrz_parse(text, len, NULL, &doc) != MRZ_OK)
			continue;
		accepted += doc.status == MRZ_ACCEPTED;
		formats[doc.format]++;
	}
	/* A few cannot be built, and an odd one takes the place. */
	assert_true(accepted > ZONES * 95 / 100);
	for (i = MRZ_TD1; i <= MRZ_MRVB; i++)
		assert_true(formats[i] > ZONES / 20);
}

static void
test_odd_lines_have_everything(void **state)
{
	struct prng prng = { 12 };
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP];
	unsigned seen[256] = { 0 }, lengths[MRZ_LINE_CAP] = { 0 }, n, i, j;
	const char *c;

	(void)state;
	for (i = 0; i < ZONES; i++) {
		n = next(&prng, 1, lines);
		for (j = 0; j < n; j++) {
			lengths[strlen(lines[j])]++;
			for (c = lines[j]; *c != '\0'; c++)
				seen[(unsigned char)*c]++;
		}
	}
	for (i = ZONE_MIN_LENGTH; i <= MRZ_MAX_LINE_LEN; i++)
		assert_true(lengths[i] > 0);
	for (i = 'A'; i <= 'Z'; i++)
		assert_true(seen[i] > 500);
	for (i = '0'; i <= '9'; i++)
		assert_true(seen[i] > 500);
	assert_true(seen['<'] > 500);
}

static void
test_same_seed_same_lines(void **state)
{
	struct prng a = { 13 }, b = { 13 };
	char first[MRZ_MAX_LINES][MRZ_LINE_CAP];
	char second[MRZ_MAX_LINES][MRZ_LINE_CAP];
	unsigned i, j, n;

	(void)state;
	for (i = 0; i < 200; i++) {
		n = next(&a, 0.5, first);
		assert_int_equal(next(&b, 0.5, second), n);
		for (j = 0; j < n; j++)
			assert_string_equal(first[j], second[j]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zones_are_accepted),
		cmocka_unit_test(test_odd_lines_have_everything),
		cmocka_unit_test(test_same_seed_same_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
