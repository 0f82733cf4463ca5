#include "charset.h"
#include "mem.h"

/* Years in which 'today' lets a century be chosen. */
#define MIN_TODAY_YEAR 1000
#define MAX_TODAY_YEAR 9900

/* Window of expiry years around today (see mrz.h). */
#define EXPIRY_YEARS_BACK 50

#define UNKNOWN_PART (-1)

static bool
is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned
days_in_month(int32_t year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/* Days before 1 January of a year, counted from 1 January of year 1. */
static int32_t
days_before_year(int32_t year)
{
	int32_t y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400;
}

#define DAYS_BEFORE_1970 719162

bool
mrz_day_from_civil(int32_t year, unsigned month, unsigned day, int32_t *out)
{
	int32_t n;

	if (year < 1 || year > 9999 || month < 1 || month > 12)
		return false;
	if (day < 1 || day > days_in_month(year, month))
		return false;
	n = days_before_year(year) - DAYS_BEFORE_1970;
	for (unsigned m = 1; m < month; m++)
		n += (int32_t)days_in_month(year, m);
	*out = n + (int32_t)day - 1;
	return true;
}

bool
mrz_day_to_civil(int32_t day_number, int32_t *year, unsigned *month,
    unsigned *day)
{
	int32_t last = days_before_year(10000) - DAYS_BEFORE_1970 - 1;
	int32_t rest, y;
	unsigned m = 1;

	if (day_number < -DAYS_BEFORE_1970 || day_number > last)
		return false;
	rest = day_number + DAYS_BEFORE_1970;
	/* Never past the year that is sought, and at most a few before it. */
	y = rest / 366 + 1;
	while (days_before_year(y + 1) <= rest)
		y++;
	rest -= days_before_year(y);
	while (rest >= (int32_t)days_in_month(y, m)) {
		rest -= (int32_t)days_in_month(y, m);
		m++;
	}
	if (year != NULL)
		*year = y;
	if (month != NULL)
		*month = m;
	if (day != NULL)
		*day = (unsigned)rest + 1;
	return true;
}

/* Two characters of a date: 0..99, or UNKNOWN_PART for two fillers. */
static enum mrz_reason
read_part(const char *s, bool may_be_unknown, int *out)
{
	for (size_t i = 0; i < 2; i++) {
		if (mrz_char_value(s[i]) < 0)
			return MRZ_R_NOT_MRZ_CHARACTER;
		if (mrz_is_digit(s[i]))
			continue;
		if (s[i] != FILLER || !may_be_unknown)
			return MRZ_R_DIGIT_EXPECTED;
	}
	if ((s[0] == FILLER) != (s[1] == FILLER))
		return MRZ_R_DATE_PART;
	*out = s[0] == FILLER ? UNKNOWN_PART : (s[0] - '0') * 10 + s[1] - '0';
	return MRZ_R_NONE;
}

struct parts {
	int yy;
	int month;
	int day;
};

/* Whether the date can exist in that year; -1 is a year that is unknown. */
static bool
exists(const struct parts *parts, int32_t year)
{
	int month = parts->month, day = parts->day;
	/* Any leap year stands for a year that may be one. */
	int32_t y = year > 0 ? year : 2000;

	if (year < 0 && parts->yy != UNKNOWN_PART && parts->yy % 4 != 0)
		y = 2001;
	if (month != UNKNOWN_PART && (month < 1 || month > 12))
		return false;
	if (day == UNKNOWN_PART)
		return true;
	if (day < 1 || day > 31)
		return false;
	return month == UNKNOWN_PART ||
	       (unsigned)day <= days_in_month(y, (unsigned)month);
}

/* The full year by the rules of mrz.h, or -1. */
static int32_t
full_year(const struct parts *parts, enum mrz_date_kind kind, int32_t today)
{
	int month = parts->month != UNKNOWN_PART ? parts->month : 1;
	int day = parts->day != UNKNOWN_PART ? parts->day : 1;
	int32_t now, year;
	unsigned now_month, now_day;

	if (parts->yy == UNKNOWN_PART || today == MRZ_NO_DAY ||
	    !mrz_day_to_civil(today, &now, &now_month, &now_day))
		return -1;
	if (now < MIN_TODAY_YEAR || now > MAX_TODAY_YEAR)
		return -1;
	if (kind == MRZ_DATE_EXPIRY) {
		int32_t first = now - EXPIRY_YEARS_BACK;

		return first + (parts->yy - first % 100 + 100) % 100;
	}
	year = now - (now % 100 - parts->yy + 100) % 100;
	if (year == now && (month > (int)now_month ||
			       (month == (int)now_month && day > (int)now_day)))
		year -= 100;
	return year;
}

/*
 * The days that a date with unknown parts can mean, up to and with last_day.
 * The date exists, and is not after that day in the year's first month that
 * it can have.
 */
static void
fill_range(const struct parts *parts, int32_t year, int32_t last_day,
    struct mrz_date *out)
{
	unsigned first_month = 1, last_month = 12, day;

	if (parts->month != UNKNOWN_PART)
		first_month = last_month = (unsigned)parts->month;
	day = parts->day != UNKNOWN_PART ? (unsigned)parts->day : 1;
	(void)mrz_day_from_civil(year, first_month, day, &out->from);
	/* The last month that has such a day, and has had it. */
	while (!mrz_day_from_civil(year, last_month, day, &out->to) ||
	       (out->to > last_day && last_month > first_month))
		last_month--;
	if (parts->day == UNKNOWN_PART)
		out->to += (int32_t)days_in_month(year, last_month) - 1;
	if (out->to > last_day)
		out->to = last_day;
}

bool
mrz_date_parse(const char *text, enum mrz_date_kind kind, int32_t today,
    struct mrz_date *out, enum mrz_reason *reason)
{
	bool may_be_unknown = kind == MRZ_DATE_BIRTH;
	struct parts parts = { 0, 0, 0 };

	memset(out, 0, sizeof(*out));
	out->year = -1;
	out->from = out->to = MRZ_NO_DAY;
	*reason = read_part(text, may_be_unknown, &parts.yy);
	if (*reason == MRZ_R_NONE)
		*reason = read_part(text + 2, may_be_unknown, &parts.month);
	if (*reason == MRZ_R_NONE)
		*reason = read_part(text + 4, may_be_unknown, &parts.day);
	if (*reason != MRZ_R_NONE)
		return false;

	int32_t year = full_year(&parts, kind, today);

	if (!exists(&parts, year)) {
		*reason = MRZ_R_CALENDAR;
		return false;
	}
	out->valid = true;
	out->year = year;
	if (parts.month != UNKNOWN_PART)
		out->month = (uint8_t)parts.month;
	if (parts.day != UNKNOWN_PART)
		out->day = (uint8_t)parts.day;
	if (year > 0)
		fill_range(&parts, year,
		    kind == MRZ_DATE_BIRTH ? today : INT32_MAX, out);
	return true;
}
