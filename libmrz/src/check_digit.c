#include "check_digit.h"

#include "charset.h"

unsigned
mrz_digit_weight(size_t i)
{
	static const uint8_t weights[] = { 7, 3, 1 };

	return weights[i % 3];
}

void
mrz_digit_add(struct digit_sum *sum, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int value = mrz_char_value(s[i]);

		if (value < 0) {
			sum->bad = true;
			return;
		}
		sum->sum += (unsigned)value * mrz_digit_weight(sum->next);
		sum->sum %= N_SUMS;
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
