#include "trace_file.h"

#include "test.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

#define MAX_KEYS 32

struct trace_file {
	char *text; /* lines, each ended with NUL */
	const char *keys[MAX_KEYS];
	size_t n_keys;
	struct trace_exchange exchanges[TRACE_MAX_EXCHANGES];
	size_t n_exchanges;
	struct trace_bytes plain[2]; /* of the exchange that comes */
};

static struct trace_bytes
bytes_of(const char *hex)
{
	struct trace_bytes b;

	b.ptr = malloc(strlen(hex) / 2 + 1);
	assert_non_null(b.ptr);
	b.len = vector_hex(hex, b.ptr, strlen(hex) / 2);
	return b;
}

static void
take_bytes(struct trace_bytes *at, const char *hex)
{
	assert_null(at->ptr);
	*at = bytes_of(hex);
}

static void
take_line(struct trace_file *trace, const char *line)
{
	struct trace_exchange *last;

	if (*line == '\0' || *line == '#' || *line == '@')
		return;
	if (strncmp(line, "= > ", 4) == 0) {
		take_bytes(&trace->plain[0], line + 4);
	} else if (strncmp(line, "= < ", 4) == 0) {
		take_bytes(&trace->plain[1], line + 4);
	} else if (strncmp(line, "> ", 2) == 0) {
		assert_true(trace->n_exchanges < TRACE_MAX_EXCHANGES);
		last = &trace->exchanges[trace->n_exchanges++];
		last->plain_command = trace->plain[0];
		memset(&trace->plain[0], 0, sizeof(trace->plain[0]));
		take_bytes(&last->command, line + 2);
	} else if (strncmp(line, "< ", 2) == 0) {
		assert_true(trace->n_exchanges > 0);
		last = &trace->exchanges[trace->n_exchanges - 1];
		last->plain_response = trace->plain[1];
		memset(&trace->plain[1], 0, sizeof(trace->plain[1]));
		take_bytes(&last->response, line + 2);
	} else {
		assert_true(trace->n_keys < MAX_KEYS);
		assert_non_null(strchr(line, ' '));
		trace->keys[trace->n_keys++] = line;
	}
}

struct trace_file *
trace_open(const char *path)
{
	struct trace_file *trace = calloc(1, sizeof(*trace));
	char *rest, *line;
	size_t len;

	assert_non_null(trace);
	trace->text = (char *)test_read_file(path, &len);
	rest = trace->text;
	while ((line = strsep(&rest, "\n")) != NULL)
		take_line(trace, line);
	assert_true(trace->n_exchanges > 0);
	return trace;
}

void
trace_close(struct trace_file **trace)
{
	for (size_t i = 0; i < (*trace)->n_exchanges; i++) {
		struct trace_exchange *x = &(*trace)->exchanges[i];

		free(x->command.ptr);
		free(x->response.ptr);
		free(x->plain_command.ptr);
		free(x->plain_response.ptr);
	}
	free((*trace)->text);
	free(*trace);
	*trace = NULL;
}

const char *
trace_value(const struct trace_file *trace, const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < trace->n_keys; i++) {
		if (strncmp(trace->keys[i], key, len) == 0 &&
		    trace->keys[i][len] == ' ')
			return trace->keys[i] + len + 1;
	}
	return NULL;
}

size_t
trace_count(const struct trace_file *trace)
{
	return trace->n_exchanges;
}

const struct trace_exchange *
trace_at(const struct trace_file *trace, size_t index)
{
	assert_true(index < trace->n_exchanges);
	return &trace->exchanges[index];
}
