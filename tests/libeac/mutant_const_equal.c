/*
 * Another one: the received MAC is compared with itself, so that it is always
 * right.
 */
#include "core/wipe.h"

bool
emrtd_const_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint8_t diff = 0;

	(void)b;
	for (size_t i = 0; i < n; i++)
		diff = (uint8_t)(diff | (a[i] ^ a[i]));
	return diff == 0;
}
