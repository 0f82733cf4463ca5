#include "core/civil.h"

#include <string.h>

#define SECONDS_PER_DAY 86400

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/*
 * Days by eras of 400 years that begin in March, so that the leap day is the
 * last of its year.
 */
bool
emrtd_day_from_civil(int year, int month, int day, int32_t *out)
{
	int y, era, yoe, doy;

	if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	y = year - (month <= 2) + 400; /* never negative */
	era = y / 400;
	yoe = y % 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*out = (era - 1) * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	       719468;
	return true;
}

void
emrtd_civil_from_day(int32_t day, int *year, int *month, int *mday)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = (int)(z - era * 146097);
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*mday = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

static bool
digits(struct emrtd_bytes *in, size_t n, int *out)
{
	struct emrtd_bytes d, rest = *in;
	int v = 0;

	if (!emrtd_take(&rest, n, &d))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (d.ptr[i] < '0' || d.ptr[i] > '9')
			return false;
		v = v * 10 + d.ptr[i] - '0';
	}
	*in = rest;
	*out = v;
	return true;
}

static bool
literal(struct emrtd_bytes *in, char want)
{
	struct emrtd_bytes rest = *in;
	uint8_t c;

	if (!emrtd_u8(&rest, &c) || c != (uint8_t)want)
		return false;
	*in = rest;
	return true;
}

static bool
join(int32_t day, int h, int m, int s, int64_t *out)
{
	if (h > 23 || m > 59 || s > 59)
		return false;
	*out = (int64_t)day * SECONDS_PER_DAY + h * 3600 + m * 60 + s;
	return true;
}

/* 'Z' or "+hh:mm"; *out is what to subtract for UTC, in seconds. */
static bool
take_zone(struct emrtd_bytes *in, int *out)
{
	int sign, h, m;

	if (literal(in, 'Z')) {
		*out = 0;
		return true;
	}
	sign = literal(in, '+') ? 1 : literal(in, '-') ? -1 : 0;
	if (sign == 0 || !digits(in, 2, &h) || !literal(in, ':') ||
	    !digits(in, 2, &m) || h > 23 || m > 59)
		return false;
	*out = sign * (h * 3600 + m * 60);
	return true;
}

bool
emrtd_instant_parse(const char *text, int64_t *out)
{
	struct emrtd_bytes in = emrtd_bytes_text(text);
	int y, mo, d, h = 0, mi = 0, s = 0, zone = 0;
	int64_t instant;
	int32_t day;

	if (!digits(&in, 4, &y) || !literal(&in, '-') || !digits(&in, 2, &mo) ||
	    !literal(&in, '-') || !digits(&in, 2, &d))
		return false;
	if (!emrtd_end(&in) &&
	    (!literal(&in, 'T') || !digits(&in, 2, &h) || !literal(&in, ':') ||
		!digits(&in, 2, &mi) || !literal(&in, ':') ||
		!digits(&in, 2, &s) || !take_zone(&in, &zone)))
		return false;
	if (!emrtd_end(&in) || !emrtd_day_from_civil(y, mo, d, &day) ||
	    !join(day, h, mi, s, &instant))
		return false;
	*out = instant - zone;
	return true;
}

static void
put_digits(char **at, int v, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		(*at)[i] = (char)('0' + v % 10);
		v /= 10;
	}
	*at += n;
}

void
emrtd_instant_text(int64_t instant, char text[EMRTD_RFC3339_CAP])
{
	int64_t day = instant / SECONDS_PER_DAY;
	int rest = (int)(instant % SECONDS_PER_DAY), y, m, d;
	char *at = text;

	if (rest < 0) {
		rest += SECONDS_PER_DAY;
		day--;
	}
	if (day < -719528 || day > 2932896) {
		memcpy(text, "?", 2);
		return;
	}
	emrtd_civil_from_day((int32_t)day, &y, &m, &d);
	put_digits(&at, y, 4);
	*at++ = '-';
	put_digits(&at, m, 2);
	*at++ = '-';
	put_digits(&at, d, 2);
	*at++ = 'T';
	put_digits(&at, rest / 3600, 2);
	*at++ = ':';
	put_digits(&at, rest / 60 % 60, 2);
	*at++ = ':';
	put_digits(&at, rest % 60, 2);
	memcpy(at, "Z", 2);
}

bool
emrtd_instant_x509(uint32_t tag, struct emrtd_bytes content, int64_t *out)
{
	int y, mo, d, h, mi, s;
	int32_t day;

	if (tag == 0x17 ? !digits(&content, 2, &y)
			: tag != 0x18 || !digits(&content, 4, &y))
		return false;
	if (tag == 0x17)
		y += y < 50 ? 2000 : 1900; /* RFC 5280 4.1.2.5.1 */
	return digits(&content, 2, &mo) && digits(&content, 2, &d) &&
	       digits(&content, 2, &h) && digits(&content, 2, &mi) &&
	       digits(&content, 2, &s) && literal(&content, 'Z') &&
	       emrtd_end(&content) && emrtd_day_from_civil(y, mo, d, &day) &&
	       join(day, h, mi, s, out);
}
