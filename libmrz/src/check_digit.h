/*
 * Check digits over several runs of characters: weights 7 3 1 go on from one
 * run to the next, as the composite digits need it.
 */
#ifndef MRZ_CHECK_DIGIT_H
#define MRZ_CHECK_DIGIT_H

#include <mrz/mrz.h>

struct digit_sum {
	unsigned sum;  /* modulo 10 */
	unsigned next; /* index of the next weight */
	bool bad;      /* a character outside the alphabet */
};

/* What a digit can be: sums count modulo so many. */
#define N_SUMS 10

/* Of the character at place i, from 0. */
unsigned mrz_digit_weight(size_t i);

void mrz_digit_add(struct digit_sum *sum, const char *s, size_t len);
char mrz_digit_end(const struct digit_sum *sum);

#endif
