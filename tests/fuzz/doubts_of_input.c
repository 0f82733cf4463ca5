#include "doubts_of_input.h"

#include <string.h>

size_t
doubts_of_input(const uint8_t *data, size_t size,
    struct mrz_doubt doubts[MRZ_MAX_DOUBTS])
{
	size_t n = size / sizeof(doubts[0]);

	if (n > MRZ_MAX_DOUBTS)
		n = MRZ_MAX_DOUBTS;
	if (n > 0)
		memcpy(doubts, data + size - n * sizeof(doubts[0]),
		    n * sizeof(doubts[0]));
	for (size_t i = 0; i < n; i++) {
		/* Anywhere near the lines, not only where chance leads. */
		doubts[i].line = (uint8_t)(doubts[i].line % 5);
		doubts[i].column = (uint8_t)(doubts[i].column % 47);
	}
	return n;
}
