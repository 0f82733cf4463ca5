/*
 * replay.c - a recorded session answers: the response to a command is the one
 * that the recording has after the same bytes. A trace whose last command has
 * no response ends there as the recorded session did: CARD_LOST.
 */
#include "core/builder.h"
#include "core/cursor.h"
#include "core/diag.h"
#include "transport/backends.h"
#include "transport/link_info.h"
#include "transport/trace_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX      (16u << 20)
#define EXCHANGES_MAX 65536

struct recorded {
	struct emrtd_bytes command, response; /* into 'bytes' of the replay */
};

struct replay {
	char name[128];
	bool strict;
	uint8_t *bytes;
	struct recorded *exchanges;
	size_t n_exchanges, cap_exchanges;
	size_t next; /* index of the exchange that should come */
	struct emrtd_bytes atr;
};

static enum emrtd_error
grow(struct replay *replay)
{
	size_t cap = replay->cap_exchanges;
	struct recorded *bigger;

	if (replay->n_exchanges < cap)
		return EMRTD_OK;
	if (cap >= EXCHANGES_MAX)
		return EMRTD_E_LIMIT;
	cap = cap ? cap * 2 : 64;
	bigger = realloc(replay->exchanges, cap * sizeof(*bigger));
	if (!bigger)
		return EMRTD_E_NO_MEMORY;
	replay->exchanges = bigger;
	replay->cap_exchanges = cap;
	return EMRTD_OK;
}

/* Decodes hex to the end of 'out'; *view is what was added. */
static enum emrtd_error
decode(struct emrtd_bytes hex, struct emrtd_out *out, struct emrtd_bytes *view)
{
	size_t from = out->len;

	if (!emrtd_trace_hex(hex, out))
		return EMRTD_E_MALFORMED;
	*view = emrtd_bytes(out->ptr + from, out->len - from);
	return EMRTD_OK;
}

static enum emrtd_error
add_command(struct replay *replay, struct emrtd_bytes hex,
    struct emrtd_out *out)
{
	struct recorded *exchange;
	enum emrtd_error err;

	/* A command without a response can only be the last. */
	if (replay->n_exchanges &&
	    !replay->exchanges[replay->n_exchanges - 1].response.ptr)
		return EMRTD_E_MALFORMED;
	err = grow(replay);
	if (err)
		return err;
	exchange = &replay->exchanges[replay->n_exchanges++];
	memset(exchange, 0, sizeof(*exchange));
	return decode(hex, out, &exchange->command);
}

static enum emrtd_error
add_response(struct replay *replay, struct emrtd_bytes hex,
    struct emrtd_out *out)
{
	struct recorded *exchange;

	if (replay->n_exchanges == 0)
		return EMRTD_E_MALFORMED;
	exchange = &replay->exchanges[replay->n_exchanges - 1];
	if (exchange->response.ptr)
		return EMRTD_E_MALFORMED;
	return decode(hex, out, &exchange->response);
}

static enum emrtd_error
add_line(struct replay *replay, const struct emrtd_trace_line *line,
    struct emrtd_out *out)
{
	enum emrtd_error err = EMRTD_OK;

	if (line->kind == EMRTD_TRACE_COMMAND)
		return add_command(replay, line->value, out);
	if (line->kind == EMRTD_TRACE_RESPONSE)
		return add_response(replay, line->value, out);
	if (line->kind == EMRTD_TRACE_KEY &&
	    emrtd_bytes_equal(line->key, emrtd_bytes_text("atr"))) {
		err = decode(line->value, out, &replay->atr);
		if (!err && replay->atr.len > EMRTD_ATR_MAX)
			err = EMRTD_E_MALFORMED;
	}
	return err;
}

/* Hex has two digits a byte: the bytes fit half of the text. */
static enum emrtd_error
parse(struct replay *replay, struct emrtd_bytes text, struct emrtd_diag *diag)
{
	struct emrtd_bytes rest = text;
	struct emrtd_trace_line line;
	struct emrtd_out out;
	size_t at;
	enum emrtd_error err;

	replay->bytes = malloc(text.len / 2 + 1);
	if (!replay->bytes)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "trace file", NULL);
	out = emrtd_out(replay->bytes, text.len / 2 + 1);
	while (!emrtd_end(&rest)) {
		at = text.len - rest.len;
		err = emrtd_trace_next(&rest, &line);
		if (!err)
			err = add_line(replay, &line, &out);
		if (err) {
			err = emrtd_fail(diag, err, "trace file", NULL);
			emrtd_diag_at(diag, 0, at);
			emrtd_diag_detail(diag, replay->name);
			return err;
		}
	}
	if (replay->n_exchanges == 0)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "trace file without APDUs", NULL);
	return EMRTD_OK;
}

static enum emrtd_error
replay_connect(void *self, struct emrtd_diag *diag)
{
	struct replay *replay = self;

	(void)diag;
	replay->next = 0;
	return EMRTD_OK;
}

/* The exchange with this command from 'from' up to 'to', else 'to'. */
static size_t
search(const struct replay *replay, struct emrtd_bytes command, size_t from,
    size_t to)
{
	while (from < to &&
	       !emrtd_bytes_equal(replay->exchanges[from].command, command))
		from++;
	return from;
}

static enum emrtd_error
replay_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct replay *replay = self;
	size_t end = replay->n_exchanges, i;

	(void)timeout_ms;
	if (replay->strict && replay->next < end)
		end = replay->next + 1;
	i = search(replay, command, replay->next, end);
	if (i == end && !replay->strict) {
		i = search(replay, command, 0, replay->next);
		end = replay->next;
	}
	if (i >= end)
		return EMRTD_E_PROTOCOL;
	replay->next = i + 1;
	if (!replay->exchanges[i].response.ptr)
		return EMRTD_E_CARD_LOST;
	emrtd_put(response, replay->exchanges[i].response);
	return response->bad ? EMRTD_E_TOO_LONG : EMRTD_OK;
}

static enum emrtd_error
replay_info(void *self, struct emrtd_link_info *out)
{
	const struct replay *replay = self;
	struct emrtd_link_info info = { .atr_len = replay->atr.len,
		.extended = true,
		.limits_from = EMRTD_LIMITS_TRANSPORT };

	memcpy(info.name, replay->name, sizeof(info.name));
	if (replay->atr.len)
		memcpy(info.atr, replay->atr.ptr, replay->atr.len);
	emrtd_link_info_give(&info, out);
	return EMRTD_OK;
}

static enum emrtd_error
replay_reset(void *self)
{
	(void)self;
	return EMRTD_OK;
}

static void
replay_close(void *self)
{
	struct replay *replay = self;

	free(replay->exchanges);
	free(replay->bytes);
	free(replay);
}

static const struct emrtd_transport_ops replay_ops = {
	.info = replay_info,
	.connect = replay_connect,
	.transmit = replay_transmit,
	.reset = replay_reset,
	.close = replay_close,
};

size_t
emrtd_replay_position(const struct emrtd_transport *transport,
    struct emrtd_bytes *expected)
{
	const struct replay *replay = transport->self;

	*expected = emrtd_bytes(NULL, 0);
	if (replay->next < replay->n_exchanges)
		*expected = replay->exchanges[replay->next].command;
	return replay->next;
}

static enum emrtd_error
open_error(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return EMRTD_E_NOT_FOUND;
	case EACCES:
	case EPERM:
		return EMRTD_E_PERMISSION;
	default:
		return EMRTD_E_IO;
	}
}

/* The whole file into *text, which the caller frees. */
static enum emrtd_error
read_file(const char *path, uint8_t **text, size_t *len,
    struct emrtd_diag *diag)
{
	FILE *file = fopen(path, "rbe");
	enum emrtd_error err = EMRTD_OK;

	*text = NULL;
	*len = 0;
	if (!file) {
		err = emrtd_fail(diag, open_error(errno), "trace file", NULL);
		emrtd_diag_detail(diag, path);
		return err;
	}
	*text = malloc(FILE_MAX + 1);
	if (!*text) {
		err = emrtd_fail(diag, EMRTD_E_NO_MEMORY, "trace file", NULL);
		goto out;
	}
	*len = fread(*text, 1, FILE_MAX + 1, file);
	if (ferror(file))
		err = emrtd_fail(diag, EMRTD_E_IO, "trace file", NULL);
	else if (*len > FILE_MAX)
		err = emrtd_fail(diag, EMRTD_E_LIMIT, "trace file", NULL);
out:
	fclose(file);
	return err;
}

enum emrtd_error
emrtd_replay_parse(struct emrtd_bytes text, const char *name, bool strict,
    struct emrtd_diag *diag, struct emrtd_transport *out)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	enum emrtd_error err;

	if (!replay)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "replay:", NULL);
	snprintf(replay->name, sizeof(replay->name), "replay:%s", name);
	replay->strict = strict;
	err = parse(replay, text, diag);
	if (err) {
		replay_close(replay);
		return err;
	}
	out->ops = &replay_ops;
	out->self = replay;
	return EMRTD_OK;
}

static enum emrtd_error
open_file(const char *path, bool strict, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	uint8_t *text;
	size_t len;
	enum emrtd_error err;

	err = read_file(path, &text, &len, diag);
	if (!err)
		err = emrtd_replay_parse(emrtd_bytes(text, len), path, strict,
		    diag, out);
	free(text);
	return err;
}

enum emrtd_error
emrtd_replay_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	return open_file(rest, false, diag, out);
}

enum emrtd_error
emrtd_replay_strict_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	return open_file(rest, true, diag, out);
}
