/*
 * The command line of a tool from one table, which also prints the help, and
 * the messages of a tool on standard error.
 */
#ifndef MRTD_TOOL_OPTIONS_H
#define MRTD_TOOL_OPTIONS_H

#include "exit_codes.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * One option of a tool. id is the short letter, or a number from
 * OPTION_LONG_ONLY on for an option without one. argument is the word for
 * its argument in the help, NULL if it takes none. A NULL help hides it.
 */
#define OPTION_LONG_ONLY 256

struct option_row {
	int id;
	const char *name;
	const char *argument;
	const char *help;
};

struct tool_example {
	const char *command;
	const char *what;
};

/* An exit code of the tool; a NULL text is that of exit_codes.h. */
struct tool_exit {
	enum exit_code code;
	const char *text;
};

struct tool {
	const char *name;     /* "mrz-read" */
	const char *operands; /* "[FILE...]", NULL if it takes none */
	const char *summary;  /* one sentence */
	const struct option_row *options;
	size_t n_options;
	const struct tool_example *examples;
	size_t n_examples;
	const struct tool_exit *exits;
	size_t n_exits;
};

/* One of its tables, in the initialiser of a tool. */
#define TOOL_TABLE(member, rows) \
	.member = (rows), .n_##member = sizeof(rows) / sizeof((rows)[0])

/* Options that every tool has: -h --version -v -q -o FILE --force. */
struct tool_common {
	const char *output; /* of -o; NULL or "-" is standard output */
	unsigned verbose;   /* times -v was given */
	bool quiet;
	bool force; /* overwrite files */
};

/* Takes an option of the tool's own table; false makes it a usage error (the
 * handler has said why with tool_error). */
typedef bool (*option_handler)(void *self, int id, const char *argument);

/*
 * Parse argv. TOOL_GO_ON, or the exit code when there is nothing more to do:
 * help or version was printed, or wrong use was told on standard error.
 * Operands are argv[*out_first .. argc - 1] afterwards; options may stand
 * between them, and "--" ends the options.
 */
#define TOOL_GO_ON (-1)

int tool_begin(const struct tool *tool, int argc, char **argv,
    option_handler handler, void *self, struct tool_common *common,
    int *out_first);

/* "mrz-read: message\n" on standard error; control characters and bytes that
 * are not UTF-8 are escaped. tool NULL: nothing. */
void tool_error(const struct tool *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, unless -q. */
void tool_note(const struct tool *tool, const struct tool_common *common,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
