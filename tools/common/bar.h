/*
 * A line on a terminal that says what is going on, and how far.
 */
#ifndef MRTD_TOOL_BAR_H
#define MRTD_TOOL_BAR_H

#include <stdbool.h>
#include <stddef.h>

struct bar {
	bool active; /* standard error is a terminal, and nobody said -q */
	bool drawn;
};

void bar_init(struct bar *bar, bool quiet);
/* "reading [####....] 3 of 20 pictures"; the text alone when total is 0. Words
 * are our own: nothing is escaped. */
void bar_show(struct bar *bar, const char *text, size_t done, size_t total,
    const char *unit);
/* Clears the line, before anything else is printed. */
void bar_end(struct bar *bar);

#endif
