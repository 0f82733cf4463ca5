/*
 * What goes to a terminal: hostile strings escaped, colour where wanted.
 */
#ifndef MRTD_TOOL_TERM_H
#define MRTD_TOOL_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Columns that a line may have. */
#define TERM_WIDTH 79

/*
 * Write text of unknown origin. Control characters, bytes that are not UTF-8
 * and characters that change the direction or the breaking of lines become
 * \xNN, one for each byte; a backslash becomes two.
 */
void term_put(FILE *file, const char *text, size_t len);

/* The same for text that ends with a NUL. */
void term_puts(FILE *file, const char *text);

/* The columns that term_puts would take: one for each character. */
size_t term_columns(const char *text);

/*
 * Write words, as term_puts does, so that lines end before column 80: column
 * is where the first word goes, indent where the lines below begin.
 */
void term_wrap(FILE *file, size_t column, size_t indent, const char *text);

enum term_style {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_GOOD,
	TERM_BAD,
	TERM_DOUBT,
	TERM_N_STYLES
};

/* Whether colour is wanted on this stream: a terminal that is not dumb, and
 * no NO_COLOR in the environment. */
bool term_wants_color(FILE *file);

/* The escape sequence of a style; empty if color is false. TERM_PLAIN ends
 * every other style. */
const char *term_style(enum term_style style, bool color);

#endif
