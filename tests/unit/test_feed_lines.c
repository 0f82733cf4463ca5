/* MRZs out of a stream of bytes, whatever comes in whatever pieces. */
#include "data.h"
#include "emrtd_test.h"

#include "feed_lines.h"

#include <string.h>

static struct feed_lines lines;

static void
add(const char *text, size_t n)
{
	while (n > 0) {
		size_t cap;
		char *room = feed_lines_room(&lines, &cap);
		size_t part = n < cap ? n : cap;

		assert_true(cap > 0);
		memcpy(room, text, part);
		feed_lines_add(&lines, part);
		text += part;
		n -= part;
	}
}

static void
add_text(const char *text)
{
	add(text, strlen(text));
}

/* The next is an MRZ, and this. */
static void
take(int64_t now_ms, const char *expected)
{
	size_t len = 0;

	assert_int_equal(feed_lines_next(&lines, now_ms, &len), FEED_MRZ);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(lines.bytes, expected, len);
	feed_lines_drop(&lines, len);
}

static void
nothing(int64_t now_ms, enum feed_found expected)
{
	size_t len;

	assert_int_equal(feed_lines_next(&lines, now_ms, &len), expected);
}

/* Nothing of it is anywhere in the buffer. */
static void
assert_wiped(void)
{
	assert_int_equal(lines.len, 0);
	for (size_t i = 0; i < sizeof(lines.bytes); i++)
		assert_int_equal(lines.bytes[i], 0);
}

#define A30 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define A36 A30 "AAAAAA"
#define A44 A36 "AAAAAAAA"
/* Lines that follow: with digits where they have dates. */
#define B30 "740812AAAAAAAAAAAAAAAAAAAAAAAA"
#define C30 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B36 "AAAAAAAAAAAAA7408122F1204159AAAAAAAA"
#define B44 B36 "AAAAAAAA"

static int
begin(void **state)
{
	(void)state;
	memset(&lines, 0, sizeof(lines));
	return 0;
}

static void
test_shapes(void **state)
{
	static const char *const shapes[] = { "{\"a\":1}\n",
		A30 "\n" B30 "\n" C30 "\n", A36 "\r\n" B36 "\r\n",
		A44 "\n" B44 "\n", A36 A36 "\n", A44 A44 "\n",
		A30 A30 A30 "\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		/* All at once, two after each other, and byte by byte. */
		add_text("\n\n");
		add_text(shapes[i]);
		add_text(shapes[i]);
		take(0, shapes[i]);
		take(0, shapes[i]);
		nothing(0, FEED_NONE);
		for (size_t k = 0; k < strlen(shapes[i]); k++) {
			nothing(0, FEED_NONE);
			add(shapes[i] + k, 1);
		}
		take(0, shapes[i]);
		assert_wiped();
	}
}

static void
test_refused(void **state)
{
	(void)state;
	add_text("hello\n" A44 "\n" B44 "\n");
	nothing(0, FEED_NO_MRZ);
	take(0, A44 "\n" B44 "\n");
	add_text(A44 "\n" A36 "\n" B36 "\n");
	nothing(0, FEED_NO_MRZ);
	take(0, A36 "\n" B36 "\n");
	/* Half a zone in front of a record. */
	add_text(A44 "\n{}\n{}\n");
	nothing(0, FEED_NO_MRZ);
	take(0, "{}\n");
	take(0, "{}\n");
	assert_wiped();
}

/* Lines of two documents never make one. */
static void
test_halves(void **state)
{
	(void)state;
	add_text(A44 "\n");
	nothing(0, FEED_NONE);
	nothing(FEED_HALF_MS, FEED_NONE);
	nothing(FEED_HALF_MS + 1, FEED_NO_MRZ);
	assert_wiped();
	add_text(A44 "\n" B44 "\n");
	take(FEED_HALF_MS + 1, A44 "\n" B44 "\n");
}

/* A line was lost, and another document begins. */
static void
test_begins_anew(void **state)
{
	static const struct {
		const char *lines, *whole;
		unsigned refused;
	} cases[] = {
		{ A44 "\n" A44 "\n" B44 "\n", A44 "\n" B44 "\n", 1 },
		{ A36 "\n" A36 "\n" A36 "\n" B36 "\n", A36 "\n" B36 "\n", 2 },
		{ A30 "\n" A30 "\n" B30 "\n" C30 "\n",
		    A30 "\n" B30 "\n" C30 "\n", 1 },
		{ A30 "\n" B30 "\nAAAAAA1234567AAAAAAAAAAAAAAAAA\n" B30 "\n" C30
		      "\n",
		    "AAAAAA1234567AAAAAAAAAAAAAAAAA\n" B30 "\n" C30 "\n", 1 },
		{ A30 "\n" A44 "\n" B44 "\n", A44 "\n" B44 "\n", 1 },
		{ A44 "\n{}\n", "{}\n", 1 },
		/* Numbers may begin as codes do. */
		{ A44 "\n" B44 "\n", A44 "\n" B44 "\n", 0 },
		/* A birth that nobody knows. */
		{ A30 "\n<<<<<<<AAAAAAAAAAAAAAAAAAAAAAA\n" C30 "\n",
		    A30 "\n<<<<<<<AAAAAAAAAAAAAAAAAAAAAAA\n" C30 "\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		add_text(cases[i].lines);
		for (unsigned k = 0; k < cases[i].refused; k++)
			nothing(0, FEED_NO_MRZ);
		take(0, cases[i].whole);
		assert_wiped();
	}
}

static void
test_forget(void **state)
{
	(void)state;
	assert_false(feed_lines_forget(&lines));
	add_text(A44 "\n" A44);
	nothing(0, FEED_NONE);
	assert_true(feed_lines_forget(&lines));
	assert_wiped();
	/* The rest of the line that had begun goes with it. */
	add_text("AA\n{}\n");
	take(0, "{}\n");
	add_text("{\"half");
	assert_true(feed_lines_forget(&lines));
	add_text("more");
	assert_wiped();
	add_text("\n{}\n");
	take(0, "{}\n");
	assert_wiped();
}

static void
test_endless(void **state)
{
	static char much[3 * FEED_LINE_CAP];

	(void)state;
	memset(much, 'A', sizeof(much));
	add(much, sizeof(much));
	nothing(0, FEED_NONE);
	add_text("\n{}\n");
	take(0, "{}\n");
	memset(much, '\n', sizeof(much));
	for (unsigned i = 0; i < 3; i++) {
		add(much, FEED_LINE_CAP);
		nothing(0, FEED_NONE);
		assert_int_equal(lines.len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_shapes, begin),
		cmocka_unit_test_setup(test_refused, begin),
		cmocka_unit_test_setup(test_halves, begin),
		cmocka_unit_test_setup(test_begins_anew, begin),
		cmocka_unit_test_setup(test_forget, begin),
		cmocka_unit_test_setup(test_endless, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
