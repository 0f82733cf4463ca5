/*
 * Characters of the MRZ that look alike, in print and to those who read it.
 */
#ifndef MRZ_CONFUSION_H
#define MRZ_CONFUSION_H

#include <mrz/mrz.h>

#define MAX_LOOK_ALIKES 8

struct look_alike {
	char c;
	int16_t cost;
};

/* Of any byte; characters of the MRZ alphabet, the closest first. */
size_t mrz_look_alikes(char c, struct look_alike out[MAX_LOOK_ALIKES]);

/* Put one into a list of n in the order of cost, unless it is there or the
 * list is full. Returns the new n. */
size_t mrz_look_alike_add(struct look_alike out[MAX_LOOK_ALIKES], size_t n,
    char c, int16_t cost);

#endif
