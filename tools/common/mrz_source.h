/*
 * The MRZ that opens a chip: mrz-read's JSON record, or bare lines.
 */
#ifndef MRTD_TOOL_MRZ_SOURCE_H
#define MRTD_TOOL_MRZ_SOURCE_H

#include "exit_codes.h"
#include "options.h"

#include <emrtd/access.h>
#include <mrz/mrz.h>

struct mrz_source {
	struct mrz_doc doc;
	char *record; /* the JSON record on one line; NULL for bare lines */
	size_t record_len;
};

/*
 * Read path ("-" is standard input). pick: which of several documents, from
 * 1; 0 when there must be one only. today: for the century. Anything but
 * EXIT_GOOD has been said on standard error.
 */
enum exit_code mrz_source_read(const struct tool *tool, const char *path,
    unsigned pick, int32_t today, struct mrz_source *out);
void mrz_source_free(struct mrz_source *source);

/* The key of the chip out of the MRZ; number and dates must have verified. */
enum exit_code mrz_source_password(const struct tool *tool,
    const struct mrz_source *source, struct emrtd_password *out);

/* A CAN from a file, standard input or, on a terminal, a silent prompt. */
enum exit_code can_source_read(const struct tool *tool, const char *path,
    struct emrtd_password *out);

#endif
