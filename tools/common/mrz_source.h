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
	struct mrz_doc doc; /* its status is never better than the record's */
	size_t n_doubts;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	/* Of the record, or what the lines and doubts give. */
	size_t n_keys;
	struct mrz_key keys[MRZ_MAX_KEYS];
	char *record; /* the JSON record on one line; NULL for bare lines */
	size_t record_len;
	unsigned document; /* which of the record, from 1; 0 for bare lines */
};

/*
 * Read path ("-" is standard input). pick: which of several documents, from
 * 1; 0 when there must be one only. today: for the century. A zone that no
 * layout fits is EXIT_MALFORMED, unless the record has keys. Anything but
 * EXIT_GOOD has been said on standard error.
 */
enum exit_code mrz_source_read(const struct tool *tool, const char *path,
    unsigned pick, int32_t today, struct mrz_source *out);
/* The same of bytes that are here already; name is for the messages. */
enum exit_code mrz_source_parse(const struct tool *tool, const char *name,
    const void *text, size_t len, unsigned pick, int32_t today,
    struct mrz_source *out);
void mrz_source_free(struct mrz_source *source);

/* The keys of the chip, distinct, the most probable first. How many; 0 when
 * number or dates do not verify. */
size_t mrz_source_passwords(const struct mrz_source *source,
    struct emrtd_password out[MRZ_MAX_KEYS]);

#endif
