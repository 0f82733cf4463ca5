#include "core/wipe.h"

bool
emrtd_const_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	volatile uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff = (uint8_t)(diff | (a[i] ^ b[i]));
	return diff == 0;
}
