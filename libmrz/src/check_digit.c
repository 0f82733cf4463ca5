#include "check_digit.h"

#include "charset.h"

void
mrz_digit_add(struct digit_sum *sum, const char *s, size_t len)
{
	static const unsigned weights[] = { 7, 3, 1 };

	for (size_t i = 0; i < len; i++) {
		int value = mrz_char_value(s[i]);

		if (value < 0) {
			sum->bad = true;
			return;
		}
		sum->sum += (unsigned)value * weights[sum->next];
		sum->sum %= 10;
		sum->next = (sum->next + 1) % 3;
	}
}

char
mrz_digit_end(const struct digit_sum *sum)
{
	return sum->bad ? '\0' : (char)('0' + sum->sum);
}

char
mrz_check_digit(const char *s, size_t len)
{
	struct digit_sum sum = { 0 };

	mrz_digit_add(&sum, s, len);
	return mrz_digit_end(&sum);
}
