/*
 * Any text as a trace: what parses answers its own commands in their order,
 * and a stranger's command never out of bounds.
 */
#include "core/cursor.h"
#include "transport/backends.h"
#include "transport/trace_line.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t answer[70000];

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static enum emrtd_error
send_to(const struct emrtd_transport *link, struct emrtd_bytes command,
    size_t cap)
{
	struct emrtd_out out = emrtd_out(answer, cap);
	enum emrtd_error err = link->ops->transmit(link->self, command, &out,
	    0);

	require(out.len <= cap);
	require(err != EMRTD_OK || !out.bad);
	return err;
}

/* Strictly in order: each is answered, the last may have no answer. */
static void
play(const struct emrtd_transport *link)
{
	struct emrtd_bytes expected;
	size_t n = emrtd_replay_position(link, &expected);
	enum emrtd_error err;

	while (expected.len > 0) {
		err = send_to(link, expected, sizeof(answer));
		require(!err || err == EMRTD_E_CARD_LOST);
		require(emrtd_replay_position(link, &expected) == n + 1);
		n++;
		require(err != EMRTD_E_CARD_LOST || expected.len == 0);
	}
	require(n > 0);
	require(send_to(link, emrtd_bytes((const uint8_t *)"\xFF", 1),
		    sizeof(answer)) == EMRTD_E_PROTOCOL);
}

/* Every line is a view inside the text, and the text gets shorter. */
static void
walk_lines(struct emrtd_bytes text)
{
	struct emrtd_trace_line line;
	const uint8_t *from = text.ptr, *end = text.ptr + text.len;
	size_t before;

	while (!emrtd_end(&text)) {
		before = text.len;
		if (emrtd_trace_next(&text, &line) != EMRTD_OK)
			return;
		require(text.len < before);
		require(!line.value.ptr ||
			(line.value.ptr >= from &&
			    line.value.ptr + line.value.len <= end));
		require(
		    !line.key.ptr || (line.key.ptr >= from &&
					 line.key.ptr + line.key.len <= end));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes text = emrtd_bytes(data, size), expected;
	struct emrtd_transport link;
	struct emrtd_diag diag;
	enum emrtd_error err;

	emrtd_diag_init(&diag);
	walk_lines(text);
	if (emrtd_replay_parse(text, "fuzz", true, &diag, &link)) {
		require(diag.error != EMRTD_OK);
		return 0;
	}
	play(&link);
	emrtd_transport_close(&link);
	require(!emrtd_replay_parse(text, "fuzz", false, &diag, &link));
	(void)emrtd_replay_position(&link, &expected);
	err = send_to(&link, expected, 4);
	require(!err || err == EMRTD_E_TOO_LONG || err == EMRTD_E_CARD_LOST);
	emrtd_transport_close(&link);
	return 0;
}
