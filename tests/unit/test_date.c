#include "test.h"

#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

static int32_t
day(int32_t year, unsigned month, unsigned day_of_month)
{
	int32_t out = MRZ_NO_DAY;

	assert_true(mrz_day_from_civil(year, month, day_of_month, &out));
	return out;
}

static void
known_days(void **state)
{
	(void)state;
	assert_int_equal(day(1970, 1, 1), 0);
	assert_int_equal(day(1969, 12, 31), -1);
	assert_int_equal(day(2000, 3, 1), 11017);
	assert_int_equal(day(2026, 11, 23), 20780);
	assert_int_equal(day(1, 1, 1), -719162);
	assert_int_equal(day(9999, 12, 31), 2932896);
}

/* From the first day to the last: each is one more than the one before, and
 * comes back as it was. */
static void
all_days_come_back(void **state)
{
	int32_t n = -719162, year;
	unsigned month, day_of_month;

	(void)state;
	for (int32_t y = 1; y <= 9999; y++)
		for (unsigned m = 1; m <= 12; m++)
			for (unsigned d = 1; d <= 31; d++) {
				int32_t out = MRZ_NO_DAY;

				if (!mrz_day_from_civil(y, m, d, &out)) {
					assert_true(d > 28);
					assert_int_equal(out, MRZ_NO_DAY);
					continue;
				}
				assert_int_equal(out, n++);
				/* Converting back is slow: some of them. */
				if (d != 1 && d != 28)
					continue;
				assert_true(mrz_day_to_civil(out, &year, &month,
				    &day_of_month));
				assert_int_equal(year, y);
				assert_int_equal(month, m);
				assert_int_equal(day_of_month, d);
			}
	assert_int_equal(n, 2932897);
	assert_true(mrz_day_to_civil(2932896, &year, &month, &day_of_month));
	assert_int_equal(day_of_month, 31);
}

static void
impossible_days(void **state)
{
	int32_t out = 7, year = 7;

	(void)state;
	assert_false(mrz_day_from_civil(0, 1, 1, &out));
	assert_false(mrz_day_from_civil(10000, 1, 1, &out));
	assert_false(mrz_day_from_civil(2026, 0, 1, &out));
	assert_false(mrz_day_from_civil(2026, 13, 1, &out));
	assert_false(mrz_day_from_civil(2026, 11, 0, &out));
	assert_false(mrz_day_from_civil(2026, 11, 31, &out));
	assert_false(mrz_day_from_civil(2026, 2, 29, &out));
	assert_false(mrz_day_from_civil(1900, 2, 29, &out));
	assert_false(mrz_day_from_civil(INT32_MIN, 1, 1, &out));
	assert_false(mrz_day_from_civil(2026, 11, UINT32_MAX, &out));
	assert_int_equal(out, 7);
	assert_false(mrz_day_to_civil(-719163, &year, NULL, NULL));
	assert_false(mrz_day_to_civil(2932897, &year, NULL, NULL));
	assert_false(mrz_day_to_civil(INT32_MIN, &year, NULL, NULL));
	assert_false(mrz_day_to_civil(INT32_MAX, &year, NULL, NULL));
	assert_int_equal(year, 7);
	assert_true(mrz_day_to_civil(0, NULL, NULL, NULL));
}

/* "YYYY-MM-DD..YYYY-MM-DD", or why not. */
struct date_case {
	const char *text;
	enum mrz_date_kind kind;
	int32_t year;
	const char *from, *to;
	enum mrz_reason reason;
};

#define B MRZ_DATE_BIRTH
#define E MRZ_DATE_EXPIRY

/* Today is 2026-11-23. */
static const struct date_case cases[] = {
	/* A birth is in the latest year in which it is not after today. */
	{ "740812", B, 1974, "1974-08-12", "1974-08-12", MRZ_R_NONE },
	{ "261123", B, 2026, "2026-11-23", "2026-11-23", MRZ_R_NONE },
	{ "261124", B, 1926, "1926-11-24", "1926-11-24", MRZ_R_NONE },
	{ "261201", B, 1926, "1926-12-01", "1926-12-01", MRZ_R_NONE },
	{ "270101", B, 1927, "1927-01-01", "1927-01-01", MRZ_R_NONE },
	{ "000229", B, 2000, "2000-02-29", "2000-02-29", MRZ_R_NONE },
	/* Also where the day is not known: it is not after today. */
	{ "26<<<<", B, 2026, "2026-01-01", "2026-11-23", MRZ_R_NONE },
	{ "2611<<", B, 2026, "2026-11-01", "2026-11-23", MRZ_R_NONE },
	{ "2610<<", B, 2026, "2026-10-01", "2026-10-31", MRZ_R_NONE },
	{ "26<<23", B, 2026, "2026-01-23", "2026-11-23", MRZ_R_NONE },
	{ "26<<24", B, 2026, "2026-01-24", "2026-10-24", MRZ_R_NONE },
	{ "26<<31", B, 2026, "2026-01-31", "2026-10-31", MRZ_R_NONE },
	{ "27<<<<", B, 1927, "1927-01-01", "1927-12-31", MRZ_R_NONE },
	{ "7402<<", B, 1974, "1974-02-01", "1974-02-28", MRZ_R_NONE },
	{ "74<<<<", B, 1974, "1974-01-01", "1974-12-31", MRZ_R_NONE },
	{ "2612<<", B, 1926, "1926-12-01", "1926-12-31", MRZ_R_NONE },
	{ "7602<<", B, 1976, "1976-02-01", "1976-02-29", MRZ_R_NONE },
	{ "74<<30", B, 1974, "1974-01-30", "1974-12-30", MRZ_R_NONE },
	{ "74<<31", B, 1974, "1974-01-31", "1974-12-31", MRZ_R_NONE },
	{ "<<<<<<", B, -1, NULL, NULL, MRZ_R_NONE },
	{ "<<0229", B, -1, NULL, NULL, MRZ_R_NONE },
	{ "<<08<<", B, -1, NULL, NULL, MRZ_R_NONE },
	{ "<<<<31", B, -1, NULL, NULL, MRZ_R_NONE },
	{ "<<<<32", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "<<13<<", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "<<<<<1", B, -1, NULL, NULL, MRZ_R_DATE_PART },
	{ "XXXXXX", B, -1, NULL, NULL, MRZ_R_DIGIT_EXPECTED },
	{ "<<0230", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "740229", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "740431", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "740012", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "741312", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "740800", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "74<<32", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "74<<00", B, -1, NULL, NULL, MRZ_R_CALENDAR },
	{ "7<0812", B, -1, NULL, NULL, MRZ_R_DATE_PART },
	{ "74081<", B, -1, NULL, NULL, MRZ_R_DATE_PART },
	{ "74<812", B, -1, NULL, NULL, MRZ_R_DATE_PART },
	{ "74O812", B, -1, NULL, NULL, MRZ_R_DIGIT_EXPECTED },
	{ "7408 2", B, -1, NULL, NULL, MRZ_R_NOT_MRZ_CHARACTER },
	/* An expiry is from 50 years ago to 49 ahead. */
	{ "760101", E, 1976, "1976-01-01", "1976-01-01", MRZ_R_NONE },
	{ "751231", E, 2075, "2075-12-31", "2075-12-31", MRZ_R_NONE },
	{ "320415", E, 2032, "2032-04-15", "2032-04-15", MRZ_R_NONE },
	{ "990101", E, 1999, "1999-01-01", "1999-01-01", MRZ_R_NONE },
	{ "000229", E, 2000, "2000-02-29", "2000-02-29", MRZ_R_NONE },
	{ "<<<<<<", E, -1, NULL, NULL, MRZ_R_DIGIT_EXPECTED },
	{ "3204<<", E, -1, NULL, NULL, MRZ_R_DIGIT_EXPECTED },
	{ "320431", E, -1, NULL, NULL, MRZ_R_CALENDAR },
};

static void
assert_day(int32_t have, const char *want)
{
	unsigned month, day_of_month;
	int32_t year;
	char text[32];

	if (want == NULL) {
		assert_int_equal(have, MRZ_NO_DAY);
		return;
	}
	assert_true(mrz_day_to_civil(have, &year, &month, &day_of_month));
	snprintf(text, sizeof(text), "%04d-%02u-%02u", (int)year, month,
	    day_of_month);
	assert_string_equal(text, want);
}

static void
dates_mean_what_the_header_says(void **state)
{
	int32_t today = day(2026, 11, 23);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct date_case *c = &cases[i];
		struct mrz_date date;
		enum mrz_reason reason;
		bool valid = mrz_date_parse(c->text, c->kind, today, &date,
		    &reason);

		if (reason != c->reason || date.year != c->year)
			fail_msg("%s: %s, %d", c->text, mrz_reason_name(reason),
			    (int)date.year);
		assert_int_equal(valid, reason == MRZ_R_NONE);
		assert_int_equal(date.valid, valid);
		assert_day(date.from, c->from);
		assert_day(date.to, c->to);
	}
}

/* 29 February of a year that may or may not be a leap year. */
static void
century_decides_leap_years(void **state)
{
	struct mrz_date date;
	enum mrz_reason reason;

	(void)state;
	/* In January 2000 the last year '00' with that day behind it is 1900,
	 * which had none. */
	assert_false(mrz_date_parse("000229", MRZ_DATE_BIRTH, day(2000, 1, 15),
	    &date, &reason));
	assert_int_equal(reason, MRZ_R_CALENDAR);
	assert_true(mrz_date_parse("000229", MRZ_DATE_BIRTH, MRZ_NO_DAY, &date,
	    &reason));
	assert_int_equal(date.year, -1);
	assert_int_equal(date.month, 2);
	assert_int_equal(date.day, 29);
	assert_false(mrz_date_parse("010229", MRZ_DATE_BIRTH, MRZ_NO_DAY, &date,
	    &reason));
}

/*
 * Against the slow way, for every day of four years as 'today': of all days up
 * to it, in the latest year that has the two digits and such a day at all,
 * the first and the last that the date can mean.
 */
static void
ranges_of_births_are_tight(void **state)
{
	static const struct {
		const char *text;
		int month, day;
	} rows[] = { { "24<<<<", 0, 0 }, { "24<<31", 0, 31 },
		{ "24<<30", 0, 30 }, { "2402<<", 2, 0 }, { "2412<<", 12, 0 },
		{ "25<<29", 0, 29 }, { "25<<01", 0, 1 } };

	(void)state;
	for (int32_t today = day(2023, 12, 1); today <= day(2027, 1, 31);
	     today++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			int32_t year, first = MRZ_NO_DAY, last = MRZ_NO_DAY;
			int32_t want = 2000 + rows[i].text[1] - '0' + 20;
			struct mrz_date date;
			enum mrz_reason reason;
			unsigned m, d;

			for (; first == MRZ_NO_DAY; want -= 100)
				for (int32_t n = day(want, 1, 1);
				     n <= day(want, 12, 31) && n <= today;
				     n++) {
					mrz_day_to_civil(n, &year, &m, &d);
					if ((rows[i].month != 0 &&
						(int)m != rows[i].month) ||
					    (rows[i].day != 0 &&
						(int)d != rows[i].day))
						continue;
					first = first == MRZ_NO_DAY ? n : first;
					last = n;
				}
			assert_true(mrz_date_parse(rows[i].text, MRZ_DATE_BIRTH,
			    today, &date, &reason));
			assert_int_equal(date.from, first);
			assert_int_equal(date.to, last);
		}
	}
}

/* Unknown parts may be the earliest ones: such a birth need not be in another
 * century before the year, or the month, is over. */
static void
unknown_parts_may_lie_before_today(void **state)
{
	struct mrz_date date;
	enum mrz_reason reason;

	(void)state;
	assert_true(mrz_date_parse("26<<<<", MRZ_DATE_BIRTH, day(2026, 1, 1),
	    &date, &reason));
	assert_int_equal(date.year, 2026);
	assert_true(mrz_date_parse("2603<<", MRZ_DATE_BIRTH, day(2026, 3, 1),
	    &date, &reason));
	assert_int_equal(date.year, 2026);
	assert_true(mrz_date_parse("2603<<", MRZ_DATE_BIRTH, day(2026, 2, 28),
	    &date, &reason));
	assert_int_equal(date.year, 1926);
}

/* Years of four digits around today, on both sides. */
static void
centuries_need_a_sensible_today(void **state)
{
	static const struct {
		int32_t today, year;
	} todays[] = { { 999, -1 }, { 1000, 974 }, { 9900, 9874 },
		{ 9901, -1 } };
	struct mrz_date date;
	enum mrz_reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(todays) / sizeof(todays[0]); i++) {
		assert_true(mrz_date_parse("740812", MRZ_DATE_BIRTH,
		    day(todays[i].today, 12, 31), &date, &reason));
		assert_int_equal(date.year, todays[i].year);
	}
}

static void
a_strange_today_is_no_today(void **state)
{
	static const int32_t days[] = { INT32_MAX, INT32_MIN + 1, -719162,
		2932896 };
	struct mrz_date date;
	enum mrz_reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		assert_true(mrz_date_parse("740812", MRZ_DATE_BIRTH, days[i],
		    &date, &reason));
		assert_int_equal(date.year, -1);
		assert_int_equal(date.from, MRZ_NO_DAY);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(all_days_come_back),
		cmocka_unit_test(impossible_days),
		cmocka_unit_test(dates_mean_what_the_header_says),
		cmocka_unit_test(century_decides_leap_years),
		cmocka_unit_test(ranges_of_births_are_tight),
		cmocka_unit_test(unknown_parts_may_lie_before_today),
		cmocka_unit_test(centuries_need_a_sensible_today),
		cmocka_unit_test(a_strange_today_is_no_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
