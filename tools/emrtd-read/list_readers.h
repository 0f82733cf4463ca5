/*
 * list_readers.h - emrtd-read --list-readers: what is plugged in, what drives
 * it, what is wrong with it and how to mend that.
 */
#ifndef EMRTD_READ_LIST_READERS_H
#define EMRTD_READ_LIST_READERS_H

#include "options.h"

/* EXIT_GOOD with a reader that can be used, EXIT_ENVIRONMENT without. */
enum exit_code list_readers(const struct tool *tool,
    const struct tool_common *common, bool json);

#endif
