/*
 * Lines of print of one pitch, among the marks of a picture.
 */
#ifndef MRZ_OCR_PRINT_LINE_H
#define MRZ_OCR_PRINT_LINE_H

#include "ink.h"
#include "locate.h"

#define MAX_PRINT_LINES 64

struct print_lines {
	size_t n;
	struct print_line at[MAX_PRINT_LINES];
};

/* Sorts the marks by x; stops at end_ms (deadline.h) with what was found. False
 * when there is no memory. */
bool mrz_print_lines_find(struct marks *marks, uint64_t end_ms,
    struct print_lines *out);

double mrz_line_x(const struct print_line *line, double cell);
double mrz_line_y(const struct print_line *line, double cell);
/* The cell at a place along the line, with its fraction. */
double mrz_line_cell(const struct print_line *line, double x);

#endif
