/* The end of a fuzz target's input as doubts, whatever they are. */
#ifndef MRTD_TEST_DOUBTS_OF_INPUT_H
#define MRTD_TEST_DOUBTS_OF_INPUT_H

#include <mrz/mrz.h>

/* How many: at most MRZ_MAX_DOUBTS. */
size_t doubts_of_input(const uint8_t *data, size_t size,
    struct mrz_doubt doubts[MRZ_MAX_DOUBTS]);

#endif
