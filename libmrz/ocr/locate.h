/*
 * Where in a picture a zone may be: two or three long lines of print of one
 * fixed pitch, close together. Works on the outlines of ink alone and reads
 * nothing, so it is the same for every alphabet and does not rely on '<'.
 */
#ifndef MRZ_OCR_LOCATE_H
#define MRZ_OCR_LOCATE_H

#include "grey.h"

#define MAX_ZONES 8

/*
 * A line of print: the centre of cell k (counted from the leftmost character
 * that was seen) is x = x0 + dx k + bend k^2, y = y0 + dy k, cap is the height
 * of the characters. Pixels of the upright frame: the picture turned by
 * 'rotation' clockwise.
 */
struct print_line {
	double x0, y0;
	double dx, dy;
	double bend;
	double cap;
	int n_cells;     /* from the first character seen to the last */
	unsigned n_seen; /* characters */
	double regular;  /* how well they keep the pitch: 0..1 */
};

struct print_zone {
	unsigned rotation; /* 0 or 90; which way up is not known here */
	unsigned n_lines;
	struct print_line lines[MRZ_MAX_LINES];
	double score; /* higher is likelier */
};

/*
 * in:     pyramid  of the picture
 *         side     pixels that the longer side is scaled to for the search
 *         end_ms   when to stop with what was found (deadline.h)
 * out:    zones    best first
 *         n_out    how many
 * False when there is no memory.
 */
bool mrz_locate(const struct pyramid *pyramid, unsigned side, uint64_t end_ms,
    struct print_zone zones[MAX_ZONES], size_t *n_out);

#endif
