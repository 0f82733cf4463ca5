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

void mrz_digit_add(struct digit_sum *sum, const char *s, size_t len);
char mrz_digit_end(const struct digit_sum *sum);

#endif
