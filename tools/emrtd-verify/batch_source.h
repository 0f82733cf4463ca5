/*
 * Where the documents of a batch come from: operands, folders of documents,
 * a list of paths. One after the other, so that a list may be endless.
 */
#ifndef MRTD_TOOL_BATCH_SOURCE_H
#define MRTD_TOOL_BATCH_SOURCE_H

#include "options.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum source_step {
	SOURCE_DOCUMENT, /* path is the next one */
	SOURCE_WAIT,     /* until 'fd' is readable; then batch_source_fill */
	SOURCE_END,
	SOURCE_ERROR /* said on standard error; nothing comes after it */
};

struct batch_source {
	const struct tool *tool;
	const struct tool_common *common;
	char *const *operands;
	size_t n_operands, at;
	const char *list; /* of --list; NULL when there is none, or no more */
	/* A folder whose entries are documents. */
	char *folder;
	struct dirent **entries;
	int n_entries, entry;
	/* A list that is being read. */
	int fd; /* -1: none */
	const char *list_name;
	bool list_ended;
	char text[2 * PATH_MAX];
	size_t text_len;
	/* Documents that are known of; more come from a list. */
	size_t known;
	bool endless;
};

void batch_source_init(struct batch_source *source, const struct tool *tool,
    const struct tool_common *common, const char *list, char *const *operands,
    size_t n_operands);

/* Never blocks. On SOURCE_DOCUMENT *path is to be freed by the caller. */
enum source_step batch_source_next(struct batch_source *source, char **path);
/* Takes what 'fd' has; false: an error, which was said. */
bool batch_source_fill(struct batch_source *source);

void batch_source_free(struct batch_source *source);

#endif
