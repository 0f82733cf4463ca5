#include "day.h"

#include "wall_clock.h"

#include <mrz/mrz.h>

#include <stdio.h>
#include <string.h>

#define SECONDS_A_DAY 86400
#define MINUTES_A_DAY 1440

/* n digits of text as a number, -1 if one of them is none. */
static int
digits(const char *text, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + text[i] - '0';
	}
	return value;
}

static bool
in_range(int value, int last)
{
	return value >= 0 && value <= last;
}

/* "Z", "+hh:mm" or "-hh:mm" as minutes to take away. */
static bool
parse_offset(const char *text, int *out)
{
	int hours, minutes;

	*out = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 ||
	    text[3] != ':')
		return false;
	hours = digits(text + 1, 2);
	minutes = digits(text + 4, 2);
	if (!in_range(hours, 23) || !in_range(minutes, 59))
		return false;
	*out = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
	return true;
}

/* "Thh:mm:ss[.fraction]offset" as minutes since midnight UTC, which may lie
 * on another day. */
static bool
parse_time(const char *text, int *out)
{
	int hours, minutes, offset;

	if (strlen(text) < 10 || text[0] != 'T' || text[3] != ':' ||
	    text[6] != ':')
		return false;
	hours = digits(text + 1, 2);
	minutes = digits(text + 4, 2);
	if (!in_range(hours, 23) || !in_range(minutes, 59) ||
	    !in_range(digits(text + 7, 2), 60))
		return false;
	text += 9;
	if (*text == '.') {
		text++;
		text += strspn(text, "0123456789");
	}
	if (!parse_offset(text, &offset))
		return false;
	*out = hours * 60 + minutes - offset;
	return true;
}

bool
day_parse(const char *text, int32_t *out)
{
	int minutes = 0, year, month, day;

	if (strlen(text) < 10 || text[4] != '-' || text[7] != '-')
		return false;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (year < 0 || month < 0 || day < 0)
		return false;
	if (text[10] != '\0' && !parse_time(text + 10, &minutes))
		return false;
	if (!mrz_day_from_civil(year, (unsigned)month, (unsigned)day, out))
		return false;
	if (minutes < 0)
		*out -= 1;
	else if (minutes >= MINUTES_A_DAY)
		*out += 1;
	return true;
}

int32_t
day_now(void)
{
	return (int32_t)(wall_clock_now() / SECONDS_A_DAY);
}

const char *
day_text(int32_t day, char text[DAY_TEXT_CAP])
{
	unsigned month, day_of_month;
	int32_t year;

	if (!mrz_day_to_civil(day, &year, &month, &day_of_month))
		return "?";
	snprintf(text, DAY_TEXT_CAP, "%04u-%02u-%02u", (unsigned)year % 10000,
	    month % 100, day_of_month % 100);
	return text;
}
