/*
 * Text into lines: what ends a line, which blanks do not count, and where one
 * zone ends and the next one begins.
 */
#ifndef MRZ_TEXT_H
#define MRZ_TEXT_H

#include <mrz/mrz.h>

/* A line without its end and without blanks around it; a borrow. */
struct text_line {
	const char *at;
	size_t len;
};

/*
 * The next line that is not blank, from *pos on, which moves past it. after_gap
 * says whether blank lines were skipped to find it. False at the end.
 */
bool mrz_text_line(const char *text, size_t len, size_t *pos,
    struct text_line *out, bool *after_gap);

#endif
