/* Lines of a zone as letters, which are compared one by one. */
#ifndef MRTD_TOOL_REPORT_CELLS_H
#define MRTD_TOOL_REPORT_CELLS_H

#include "report_record.h"

#define REPORT_COLUMNS 44

struct report_cells {
	size_t n;
	uint32_t c[REPORT_COLUMNS];
};

struct report_cells report_split(struct report_text line);
/* No letters when there is no such line. */
struct report_cells report_split_line(const struct report_lines *lines,
    size_t i);
/* Also where only one of them has a letter. */
bool report_differs(const struct report_cells *a, const struct report_cells *b,
    size_t i);

/* Lines and columns from 1. NULL when the letter was plain to read. */
const struct report_doubt *report_doubt_at(const struct report_optical *optical,
    size_t line, size_t column);
/* They differ there, and the chip's letter is what else may be printed. */
bool report_is_settled(const struct report_optical *optical, size_t line,
    size_t column);
/* The record may tell a place doubtful in its list of differences alone. */
bool report_is_doubtful(const struct report_optical *optical, size_t line,
    size_t column);

/* Do page and chip differ where no doubt explains it? */
bool report_letters_differ(const struct report_record *record);

#endif
