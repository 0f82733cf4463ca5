/*
 * A progress line on a terminal: what is going on, and how far.
 */
#ifndef MRTD_TOOL_PROGRESS_H
#define MRTD_TOOL_PROGRESS_H

#include <emrtd/reader.h>

struct progress {
	bool active; /* standard error is a terminal, and nobody said -q */
	bool drawn;
};

void progress_init(struct progress *progress, bool quiet);
/* For emrtd_read_options: self is the struct. */
void progress_show(void *self, const struct emrtd_progress *now);
/* Clears the line, before anything else is printed. */
void progress_end(struct progress *progress);

#endif
