#include "core/civil.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* By the rule of thumb, not by the formula of the code. */
static int
month_length(int y, int m)
{
	if (m == 2)
		return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
	return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/* Every day of ten thousand years, one after the other. */
static void
every_day(void **state)
{
	int32_t want = -719528, day; /* 0000-01-01 */
	int y, m, d;

	(void)state;
	for (int year = 0; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			int n = month_length(year, month);

			for (int mday = 1; mday <= n; mday++, want++) {
				if (!emrtd_day_from_civil(year, month, mday,
					&day) ||
				    day != want)
					fail_msg("%d-%d-%d is %d, not %d", year,
					    month, mday, (int)day, (int)want);
				emrtd_civil_from_day(want, &y, &m, &d);
				if (y != year || m != month || d != mday)
					fail_msg("%d is %d-%d-%d", (int)want, y,
					    m, d);
			}
			assert_false(
			    emrtd_day_from_civil(year, month, n + 1, &day));
		}
	}
	assert_true(emrtd_day_from_civil(1970, 1, 1, &day));
	assert_int_equal(day, 0);
}

static void
dates_that_do_not_exist(void **state)
{
	static const int bad[][3] = { { -1, 1, 1 }, { 10000, 1, 1 },
		{ 2026, 0, 1 }, { 2026, 13, 1 }, { 2026, 1, 0 },
		{ 2026, 1, 32 }, { 1900, 2, 29 }, { 2023, 2, 29 },
		{ 2026, -5, 1 }, { 2026, 4, 31 } };
	int32_t day = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(emrtd_day_from_civil(bad[i][0], bad[i][1],
		    bad[i][2], &day));
	assert_int_equal(day, 77);
}

static void
instants_both_ways(void **state)
{
	static const struct {
		const char *text;
		int64_t instant;
		const char *back; /* NULL: the same */
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0, NULL },
		{ "1969-12-31T23:59:59Z", -1, NULL },
		{ "2000-02-29T12:34:56Z", 951827696, NULL },
		{ "2038-01-19T03:14:08Z", 2147483648, NULL },
		{ "9999-12-31T23:59:59Z", 253402300799, NULL },
		{ "0000-01-01T00:00:00Z", -62167219200, NULL },
		{ "2026-11-23", 1795392000, "2026-11-23T00:00:00Z" },
		{ "2026-11-23T04:30:00+09:00", 1795375800,
		    "2026-11-22T19:30:00Z" },
		{ "2026-11-23T04:30:00-05:30", 1795428000,
		    "2026-11-23T10:00:00Z" },
		{ "2026-11-23T04:30:00-00:00", 1795408200,
		    "2026-11-23T04:30:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[EMRTD_RFC3339_CAP];
		int64_t v;

		assert_true(emrtd_instant_parse(cases[i].text, &v));
		assert_true(v == cases[i].instant);
		emrtd_instant_text(v, text);
		assert_string_equal(text,
		    cases[i].back ? cases[i].back : cases[i].text);
	}
}

static void
instants_that_are_none(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-11", "2026-11-",
		"2026-11-31", "2026-1-2", "26-11-23", "2026-11-23 ",
		"2026-11-23T", "2026-11-23T04:30", "2026-11-23T04:30:00",
		"2026-11-23T24:00:00Z", "2026-11-23T04:60:00Z",
		"2026-11-23T04:30:60Z", "2026-11-23T04:30:00Z ",
		"2026-11-23T04:30:00+9:00", "2026-11-23T04:30:00+24:00",
		"2026-11-23T04:30:00+09:60", "2026-11-23T04:30:00+0900",
		"2026-11-23 04:30:00Z", "2026-11-23T04:30:00.5Z", "+026-11-23",
		"2026-11-2x", "2026-02-29" };
	int64_t v = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (emrtd_instant_parse(bad[i], &v))
			fail_msg("'%s' was taken", bad[i]);
	}
	assert_true(v == 77);
}

static void
years_outside_four_digits_are_a_question_mark(void **state)
{
	static const int64_t bad[] = { 253402300800, -62167219201, INT64_MAX,
		INT64_MIN };
	char text[EMRTD_RFC3339_CAP];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		emrtd_instant_text(bad[i], text);
		assert_string_equal(text, "?");
	}
}

static bool
x509(uint32_t tag, const char *text, int64_t *out)
{
	return emrtd_instant_x509(tag, emrtd_bytes_text(text), out);
}

static void
times_of_certificates(void **state)
{
	static const char *const bad_utc[] = { "", "2611230430Z",
		"261123043000", "261123043000+0100", "261123043000Z0",
		"261323043000Z", "2611230430 0Z", "20261123043000Z" };
	static const char *const bad_general[] = { "", "202611230430Z",
		"20261123043000", "20261123043000.5Z", "261123043000Z",
		"20260229043000Z", "20261123240000Z" };
	int64_t v = 0;

	(void)state;
	assert_true(x509(0x17, "261123043000Z", &v));
	assert_true(v == 1795408200);
	assert_true(x509(0x18, "20261123043000Z", &v));
	assert_true(v == 1795408200);
	assert_true(x509(0x17, "500101000000Z", &v)); /* 1950 */
	assert_true(v == -631152000);
	assert_true(x509(0x17, "491231235959Z", &v)); /* 2049 */
	assert_true(v == 2524607999);
	assert_false(x509(0x19, "20261123043000Z", &v));
	for (size_t i = 0; i < sizeof(bad_utc) / sizeof(bad_utc[0]); i++)
		assert_false(x509(0x17, bad_utc[i], &v));
	for (size_t i = 0; i < sizeof(bad_general) / sizeof(bad_general[0]);
	     i++)
		assert_false(x509(0x18, bad_general[i], &v));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day),
		cmocka_unit_test(dates_that_do_not_exist),
		cmocka_unit_test(instants_both_ways),
		cmocka_unit_test(instants_that_are_none),
		cmocka_unit_test(years_outside_four_digits_are_a_question_mark),
		cmocka_unit_test(times_of_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
