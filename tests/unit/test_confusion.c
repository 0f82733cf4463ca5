/*
 * Look-alikes: those that docs/REPAIR.md names, both ways, with their costs.
 */
#include "charset.h"
#include "confusion.h"
#include "data.h"
#include "test.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

static bool
is_look_alike(char a, char b, int16_t cost)
{
	struct look_alike like[MAX_LOOK_ALIKES];
	size_t n = mrz_look_alikes(a, like);

	for (size_t i = 0; i < n; i++)
		if (like[i].c == b)
			return like[i].cost == cost;
	return false;
}

/* The pairs of a row "| 100 | 0 O, 1 I | source |" of docs/REPAIR.md, both
 * ways; their number. */
static size_t
documented_pairs(const char *row)
{
	size_t n = 0;
	char *at;
	long cost;

	if (strncmp(row, "| ", 2) != 0)
		return 0;
	cost = strtol(row + 2, &at, 10);
	if (at == row + 2 || strncmp(at, " | ", 3) != 0)
		return 0;
	for (at += 3; at[0] != '|'; at += at[3] == ',' ? 5 : 4) {
		assert_true(at[1] == ' ' && (at[3] == ',' || at[3] == ' '));
		assert_true(is_look_alike(at[0], at[2], (int16_t)cost));
		assert_true(is_look_alike(at[2], at[0], (int16_t)cost));
		n++;
	}
	return n;
}

/* The documentation names every pair, and no other; what is not of the
 * alphabet is named here. */
static void
look_alikes_are_those_of_the_docs(void **state)
{
	static const struct {
		char c;
		const char *like; /* the closest first */
		int16_t cost[4];
	} foreign[] = {
		{ '|', "I1", { 100, 100 } },
		{ '!', "1", { 150 } },
		{ '(', "C<", { 150, 150 } },
		{ '{', "<", { 150 } },
		{ '[', "<", { 150 } },
		{ '-', "<", { 150 } },
		{ ' ', "<", { 150 } },
		{ '$', "S5", { 150, 150 } },
		{ '&', "8", { 150 } },
		/* As a digit, as its capital, and that one's look-alikes. */
		{ 'g', "G9", { 20, 150 } },
		{ 'q', "Q9", { 20, 150 } },
		{ 'b', "B86", { 20, 120, 150 } },
		{ 'l', "L1I", { 20, 100, 100 } },
		{ 'm', "MN", { 20, 170 } },
		{ '?', "", { 0 } },
		{ '#', "", { 0 } },
	};
	size_t len, n_documented = 0, n = 0;
	uint8_t *text = test_read_file("docs/REPAIR.md", &len);

	(void)state;
	for (const char *row = (const char *)text; row != NULL;
	     row = strchr(row, '\n')) {
		row += row[0] == '\n' ? 1 : 0;
		n_documented += documented_pairs(row);
	}
	free(text);
	for (int c = 0; c < 256; c++) {
		struct look_alike like[MAX_LOOK_ALIKES];

		if (mrz_char_value((char)c) >= 0)
			n += mrz_look_alikes((char)c, like);
	}
	assert_int_equal(n, 2 * n_documented);
	assert_true(n > 50);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		struct look_alike like[MAX_LOOK_ALIKES];
		size_t n_like = mrz_look_alikes(foreign[i].c, like);

		assert_true(n_like >= strlen(foreign[i].like));
		if (mrz_char_value((char)(foreign[i].c - 'a' + 'A')) < 0)
			assert_int_equal(n_like, strlen(foreign[i].like));
		for (size_t k = 0; k < strlen(foreign[i].like); k++)
			assert_true(is_look_alike(foreign[i].c,
			    foreign[i].like[k], foreign[i].cost[k]));
	}
}

static void
look_alikes_are_sound(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		struct look_alike like[MAX_LOOK_ALIKES], back[MAX_LOOK_ALIKES];
		size_t n = mrz_look_alikes((char)c, like);

		assert_true(n < MAX_LOOK_ALIKES); /* none was dropped */
		for (size_t i = 0; i < n; i++) {
			bool both = mrz_char_value((char)c) < 0;
			size_t n_back = mrz_look_alikes(like[i].c, back);

			assert_true(mrz_char_value(like[i].c) >= 0);
			assert_int_not_equal(like[i].c, c);
			assert_true(like[i].cost > 0);
			if (i > 0)
				assert_true(like[i - 1].cost <= like[i].cost);
			for (size_t j = 0; j < i; j++)
				assert_int_not_equal(like[j].c, like[i].c);
			for (size_t j = 0; j < n_back; j++)
				both = both ||
				       (back[j].c == c &&
					   back[j].cost == like[i].cost);
			assert_true(both);
		}
	}
}

static void
look_alikes_are_those_listed(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_look_alikes.txt");
	size_t n_listed = 0, n_all = 0;
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		char c = v.words[0][0] == '_' ? ' ' : v.words[0][0];
		struct look_alike like[MAX_LOOK_ALIKES];

		assert_int_equal(mrz_look_alikes(c, like), v.n_words - 1);
		for (size_t i = 0; i + 1 < v.n_words; i++) {
			assert_int_equal(like[i].c, v.words[i + 1][0]);
			assert_int_equal(like[i].cost,
			    strtol(v.words[i + 1] + 1, NULL, 10));
		}
		n_listed += c < 'a' || c > 'z';
	}
	vectors_close(vectors);
	/* Small letters not listed are as their capitals, and nothing else
	 * has any. */
	for (int c = 0; c < 256; c++) {
		struct look_alike like[MAX_LOOK_ALIKES];
		size_t n = mrz_look_alikes((char)c, like);

		n_all += n > 0 && (c < 'a' || c > 'z');
		if (c >= 'a' && c <= 'z')
			assert_int_equal(like[0].c, c - 'a' + 'A');
	}
	assert_int_equal(n_all, n_listed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(look_alikes_are_those_of_the_docs),
		cmocka_unit_test(look_alikes_are_sound),
		cmocka_unit_test(look_alikes_are_those_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
