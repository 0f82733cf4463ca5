/*
 * prng.h - random numbers that are the same everywhere, for drawing. Not for
 * secrets: splitmix64, one word of state.
 */
#ifndef MRZ_DRAW_PRNG_H
#define MRZ_DRAW_PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t state; /* the seed, whatever it is */
};

/* prng_next - 64 bits. prng_below - 0..n-1; 0 when n is 0. prng_range - low to
 * high, as fine as a float. prng_normal - mean 0, deviation 1, never past 6.
 * prng_chance - true with this probability. */
uint64_t prng_next(struct prng *prng);
unsigned prng_below(struct prng *prng, unsigned n);
double prng_range(struct prng *prng, double low, double high);
double prng_normal(struct prng *prng);
bool prng_chance(struct prng *prng, double probability);

#endif
