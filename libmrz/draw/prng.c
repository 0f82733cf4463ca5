/* splitmix64: a counter and a mixing function, so no seed is a bad one. */
#include "prng.h"

uint64_t
prng_next(struct prng *prng)
{
	uint64_t z = prng->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

unsigned
prng_below(struct prng *prng, unsigned n)
{
	/* The high half times n: its bias, n / 2^32, does not show. */
	return (unsigned)(((prng_next(prng) >> 32) * n) >> 32);
}

double
prng_range(struct prng *prng, double low, double high)
{
	double unit = (double)(prng_next(prng) >> 11) / 9007199254740992.0;

	return low + (high - low) * unit;
}

double
prng_normal(struct prng *prng)
{
	uint64_t bits;
	unsigned sum = 0, i, j;

	/* Twelve even numbers summed: no logarithm, the same everywhere. */
	for (i = 0; i < 3; i++) {
		bits = prng_next(prng);
		for (j = 0; j < 4; j++, bits >>= 16)
			sum += (unsigned)(bits & 0xFFFF);
	}
	return (double)sum / 65536.0 - 6.0;
}

bool
prng_chance(struct prng *prng, double probability)
{
	return prng_range(prng, 0, 1) < probability;
}
