#include "day.h"
#include "exit_codes.h"
#include "io.h"
#include "term.h"
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct term_case {
	const char *text;
	const char *shown;
};

static const struct term_case term_cases[] = {
	{ "", "" },
	{ "ERIKSSON<<ANNA", "ERIKSSON<<ANNA" },
	{ "\x1b[2J\a", "\\x1b[2J\\x07" },
	{ "a\\b", "a\\\\b" },
	{ "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f" },
	{ "M\xc3\xbcller \xe4\xb8\xad \xf0\x9f\x98\x80",
	    "M\xc3\xbcller \xe4\xb8\xad \xf0\x9f\x98\x80" },
	/* C1 control, override, isolate, mark, zero width, line separator */
	{ "\xc2\x9b", "\\xc2\\x9b" },
	{ "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
	{ "\xd8\x9c", "\\xd8\\x9c" },
	{ "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
	{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" },
	{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
	/* Not UTF-8: bare, cut, overlong, surrogate, past the last one. */
	{ "\xff\x80", "\\xff\\x80" },
	{ "\xc3", "\\xc3" },
	{ "\xe4\xb8", "\\xe4\\xb8" },
	{ "\xc3(", "\\xc3(" },
	{ "\xc0\xaf", "\\xc0\\xaf" },
	{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
};

static void
hostile_text_is_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(term_cases) / sizeof(term_cases[0]);
	     i++) {
		char *shown = NULL;
		size_t len = 0;
		FILE *file = open_memstream(&shown, &len);

		assert_non_null(file);
		term_puts(file, term_cases[i].text);
		assert_int_equal(fclose(file), 0);
		assert_string_equal(shown, term_cases[i].shown);
		free(shown);
	}
}

static void
nul_bytes_are_escaped(void **state)
{
	char *shown = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&shown, &len);

	(void)state;
	assert_non_null(file);
	term_put(file, "a\0b", 3);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(shown, "a\\x00b");
	free(shown);
}

static void
days_of_instants(void **state)
{
	static const struct {
		const char *text;
		int32_t day;
	} rows[] = {
		{ "1970-01-01", 0 },
		{ "2026-11-23", 20780 },
		{ "2026-11-23T00:00:00Z", 20780 },
		{ "2026-11-23T23:59:60Z", 20780 },
		{ "2026-11-23T23:30:00-01:00", 20781 },
		{ "2026-11-23T00:30:00+01:00", 20779 },
		{ "2026-11-23T12:00:00.123456+09:00", 20780 },
	};
	static const char *const bad[] = { "", "2026", "2026-11-2",
		"2026-11-31", "2026/11/23", "2026-11-23 10:00:00Z",
		"2026-11-23T10:00Z", "2026-11-23T24:00:00Z",
		"2026-11-23T10:60:00Z", "2026-11-23T10:00:61Z",
		"2026-11-23T10:00:00", "2026-11-23T10:00:00z",
		"2026-11-23T10:00:00+24:00", "2026-11-23T10:00:00+0100",
		"0000-01-01", "-026-11-23", "2026-11-23T", "x026-11-23" };
	char text[DAY_TEXT_CAP];
	int32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(day_parse(rows[i].text, &day));
		assert_int_equal(day, rows[i].day);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (day_parse(bad[i], &day))
			fail_msg("%s", bad[i]);
	assert_string_equal(day_text(20780, text), "2026-11-23");
	assert_string_equal(day_text(INT32_MIN, text), "?");
	assert_true(day_now() > 20000);
}

static void
the_worst_exit_code_wins(void **state)
{
	static const enum exit_code order[] = { EXIT_USAGE, EXIT_INTERNAL,
		EXIT_ENVIRONMENT, EXIT_CHECK_FAILED, EXIT_MALFORMED,
		EXIT_ACCESS, EXIT_UNDETERMINED, EXIT_LOST, EXIT_GOOD };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		for (size_t j = i; j < 9; j++) {
			assert_int_equal(exit_code_worse(order[i], order[j]),
			    order[i]);
			assert_int_equal(exit_code_worse(order[j], order[i]),
			    order[i]);
		}
	assert_int_equal(exit_code_worse((enum exit_code)9, (enum exit_code)9),
	    EXIT_INTERNAL);
	assert_string_equal(exit_code_text(9), "unknown");
	assert_string_equal(exit_code_text(1), "a check failed");
}

static void
files_come_and_go_whole(void **state)
{
	char folder[] = "/tmp/mrtd-test-XXXXXX", path[64];
	uint8_t big[10000], *bytes = NULL;
	struct stat st;
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 7);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	assert_int_equal(io_read(path, 100, &bytes, &len), IO_ERRNO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(io_write(path, big, sizeof(big), false), IO_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(io_read(path, sizeof(big) - 1, &bytes, &len),
	    IO_TOO_BIG);
	assert_int_equal(io_read(path, sizeof(big), &bytes, &len), IO_OK);
	assert_int_equal(len, sizeof(big));
	assert_memory_equal(bytes, big, len);
	assert_int_equal(bytes[len], 0);
	free(bytes);
	assert_int_equal(io_write(path, "x", 1, false), IO_ERRNO);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(io_write(path, "x", 1, true), IO_OK);
	assert_int_equal(io_read(path, 1, &bytes, &len), IO_OK);
	assert_int_equal(len, 1);
	free(bytes);
	assert_int_equal(io_write(path, "", 0, true), IO_OK);
	assert_int_equal(io_read(path, 0, &bytes, &len), IO_OK);
	assert_int_equal(len, 0);
	free(bytes);
	assert_int_equal(io_read(folder, 100, &bytes, &len), IO_ERRNO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(io_write("/no/such/x", "x", 1, true), IO_ERRNO);
	assert_int_equal(io_write("/dev/full", "x", 1, false), IO_ERRNO);
	assert_int_equal(rmdir(folder), 0);
}

static void
long_text_is_wrapped(void **state)
{
	static const struct {
		size_t column, indent;
		const char *text, *shown;
	} rows[] = {
		{ 0, 0, "", "" },
		{ 79, 4, "one", "one" },
		{ 70, 2, "nine more", "nine more" },
		{ 70, 2, "nine more chars", "nine more\n  chars" },
		{ 70, 2, "nine more: ten", "nine\n  more: ten" },
		{ 70, 0, "\033[31m", "\\x1b[31m" },
		{ 70, 0, "\033 \033", "\\x1b \\x1b" },
		{ 71, 0, "\033 \033", "\\x1b\n\\x1b" },
		{ 70, 0, "\303\274b er", "\303\274b er" },
		{ 70, 0, "\303\274ber \303\274ber", "\303\274ber \303\274ber" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *shown = NULL;
		size_t len = 0;
		FILE *file = open_memstream(&shown, &len);

		assert_non_null(file);
		term_wrap(file, rows[i].column, rows[i].indent, rows[i].text);
		assert_int_equal(fclose(file), 0);
		assert_string_equal(shown, rows[i].shown);
		free(shown);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(nul_bytes_are_escaped),
		cmocka_unit_test(long_text_is_wrapped),
		cmocka_unit_test(days_of_instants),
		cmocka_unit_test(the_worst_exit_code_wins),
		cmocka_unit_test(files_come_and_go_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
