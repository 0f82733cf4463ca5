/*
 * The progress of reading a chip, on a terminal.
 */
#ifndef MRTD_TOOL_PROGRESS_H
#define MRTD_TOOL_PROGRESS_H

#include "bar.h"

#include <emrtd/reader.h>

struct progress {
	struct bar bar;
};

void progress_init(struct progress *progress, bool quiet);
/* For emrtd_read_options: self is the struct. */
void progress_show(void *self, const struct emrtd_progress *now);
/* Clears the line, before anything else is printed. */
void progress_end(struct progress *progress);

#endif
