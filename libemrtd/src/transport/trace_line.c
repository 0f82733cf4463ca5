#include "transport/trace_line.h"

#include "core/builder.h"
#include "core/cursor.h"

#include <string.h>

static const struct {
	const char *mark;
	enum emrtd_trace_kind kind;
} marks[] = {
	{ "#", EMRTD_TRACE_NOTHING },
	{ "@ ", EMRTD_TRACE_PHASE },
	{ "> ", EMRTD_TRACE_COMMAND },
	{ "< ", EMRTD_TRACE_RESPONSE },
	{ "= > ", EMRTD_TRACE_PLAIN_COMMAND },
	{ "= < ", EMRTD_TRACE_PLAIN_RESPONSE },
};

/* -1 when it is none. */
static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
emrtd_trace_hex(struct emrtd_bytes hex, struct emrtd_out *out)
{
	uint8_t a, b;

	while (!emrtd_end(&hex)) {
		if (!emrtd_u8(&hex, &a) || !emrtd_u8(&hex, &b) ||
		    digit(a) < 0 || digit(b) < 0)
			return false;
		emrtd_put_u8(out, (uint8_t)(digit(a) << 4 | digit(b)));
	}
	return !out->bad;
}

static bool
is_hex(struct emrtd_bytes hex)
{
	if (hex.len == 0 || hex.len % 2)
		return false;
	for (size_t i = 0; i < hex.len; i++)
		if (digit(hex.ptr[i]) < 0)
			return false;
	return true;
}

static bool
starts_with(struct emrtd_bytes *line, const char *mark)
{
	struct emrtd_bytes rest = *line, head;

	if (!emrtd_take(&rest, strlen(mark), &head) ||
	    !emrtd_bytes_equal(head, emrtd_bytes_text(mark)))
		return false;
	*line = rest;
	return true;
}

static enum emrtd_error
key_and_value(struct emrtd_bytes rest, struct emrtd_trace_line *line)
{
	uint8_t space;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] != ' ')
			continue;
		line->kind = EMRTD_TRACE_KEY;
		if (!emrtd_take(&rest, i, &line->key) ||
		    !emrtd_u8(&rest, &space) || i == 0)
			return EMRTD_E_MALFORMED;
		line->value = rest;
		return EMRTD_OK;
	}
	return EMRTD_E_MALFORMED;
}

/* The bytes up to LF, without a CR before it; the LF is taken too. */
static enum emrtd_error
take_line(struct emrtd_bytes *text, struct emrtd_bytes *out)
{
	size_t n = 0;
	uint8_t lf;

	while (n < text->len && text->ptr[n] != '\n')
		if (++n > EMRTD_TRACE_LINE_MAX)
			return EMRTD_E_LIMIT;
	if (!emrtd_take(text, n, out))
		return EMRTD_E_INTERNAL;
	if (!emrtd_end(text) && !emrtd_u8(text, &lf))
		return EMRTD_E_INTERNAL;
	if (out->len && out->ptr[out->len - 1] == '\r')
		out->len--;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_trace_next(struct emrtd_bytes *text, struct emrtd_trace_line *line)
{
	struct emrtd_bytes rest;
	enum emrtd_error err;

	memset(line, 0, sizeof(*line));
	err = take_line(text, &rest);
	if (err || rest.len == 0)
		return err;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!starts_with(&rest, marks[i].mark))
			continue;
		line->kind = marks[i].kind;
		line->value = rest;
		if (line->kind >= EMRTD_TRACE_COMMAND && !is_hex(rest))
			return EMRTD_E_MALFORMED;
		return EMRTD_OK;
	}
	return key_and_value(rest, line);
}
