#include "charset.h"
#include "check_digit.h"
#include "test.h"
#include "vectors.h"

#include <string.h>

/* "digit DATA C" rows: worked examples of Doc 9303-3 appendix A. */
static void
worked_examples(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_digits.txt");
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		assert_int_equal(v.n_words, 2);
		assert_int_equal(mrz_check_digit(v.words[0],
				     strlen(v.words[0])),
		    v.words[1][0]);
	}
	vectors_close(vectors);
}

static void
every_character_has_its_value(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	for (int c = -128; c < 256; c++) {
		const char *at = c > 0 && c < 128 ? strchr(alphabet, c) : NULL;
		int want = at != NULL ? (int)(at - alphabet) : -1;

		if (c == '<')
			want = 0;
		assert_int_equal(mrz_char_value((char)c), want);
	}
}

static void
foreign_characters_give_no_digit(void **state)
{
	(void)state;
	assert_int_equal(mrz_check_digit("52072a", 6), '\0');
	assert_int_equal(mrz_check_digit("5207\0002", 6), '\0');
	assert_int_equal(mrz_check_digit("\xc3\x9c", 2), '\0');
	assert_int_equal(mrz_check_digit("", 0), '0');
}

/* The weights go on from run to run: a cut anywhere changes nothing. */
static void
runs_are_one_series(void **state)
{
	static const char data[] = "HA672242<658022549601086<<<<<<<<<<<<<<0";
	size_t len = sizeof(data) - 1;

	(void)state;
	for (size_t cut = 0; cut <= len; cut++) {
		struct digit_sum sum = { 0 };

		mrz_digit_add(&sum, data, cut);
		mrz_digit_add(&sum, data + cut, len - cut);
		assert_int_equal(mrz_digit_end(&sum), '8');
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(every_character_has_its_value),
		cmocka_unit_test(foreign_characters_give_no_digit),
		cmocka_unit_test(runs_are_one_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
