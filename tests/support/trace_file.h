/*
 * Trace files (docs/TRACES.md) in memory, read apart from the library's own
 * parser of them. Any trouble fails the test that is running.
 */
#ifndef MRTD_TRACE_FILE_H
#define MRTD_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_MAX_EXCHANGES 128

struct trace_bytes {
	uint8_t *ptr; /* NULL when the line is absent */
	size_t len;
};

struct trace_exchange {
	struct trace_bytes command, response;
	struct trace_bytes plain_command, plain_response;
};

struct trace_file;

/* path is relative to the root of the source tree. */
struct trace_file *trace_open(const char *path);
void trace_close(struct trace_file **trace);

/* The text after a key, up to the end of the line; NULL when it is absent. */
const char *trace_value(const struct trace_file *trace, const char *key);
size_t trace_count(const struct trace_file *trace);
const struct trace_exchange *trace_at(const struct trace_file *trace,
    size_t index);

#endif
