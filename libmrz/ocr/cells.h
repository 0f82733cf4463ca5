/*
 * What a recogniser saw, sorted into the cells of a line of fixed pitch:
 * symbols that were read twice share a cell, one that was not read leaves its
 * cell empty.
 */
#ifndef MRZ_OCR_CELLS_H
#define MRZ_OCR_CELLS_H

#include "recognise.h"

/* The longest line, and so much before and behind it. */
#define BESIDE    3
#define MAX_CELLS (MRZ_MAX_LINE_LEN + 2 * BESIDE)

struct cell {
	unsigned n; /* choices; 0: nothing was read here */
	struct choice choices[MAX_CHOICES]; /* best first, p sums to 1 */
};

struct cells {
	unsigned n;
	struct cell at[MAX_CELLS];
};

/* Cells of pitch pixels each, the first at the left edge. */
void mrz_cells_sort(const struct recognised *symbols, double pitch, unsigned n,
    struct cells *out);

#endif
