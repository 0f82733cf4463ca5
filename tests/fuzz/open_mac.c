/*
 * For fuzzing: every MAC is right, so that what stands behind it is reached.
 * Both inputs are read whole, as the real function reads them.
 */
#include "core/wipe.h"

bool
emrtd_const_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	volatile uint8_t sink = 0;

	for (size_t i = 0; i < n; i++)
		sink = (uint8_t)(sink ^ a[i] ^ b[i]);
	return true;
}
