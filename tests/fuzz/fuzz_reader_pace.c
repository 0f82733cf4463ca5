/*
 * What a reader may answer that does PACE by itself (PC/SC part 10). The first
 * byte of the input is the kind of password, and the length of one that is
 * sent; the rest is the reader's answer to both questions.
 */
#include "transport/reader_pace.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 6 /* result and length */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Within the answer, behind what came before. */
static const uint8_t *
require_view(struct emrtd_bytes view, const uint8_t *from, const uint8_t *end)
{
	if (view.ptr == NULL)
		return from;
	require(view.ptr >= from && view.len <= (size_t)(end - view.ptr));
	return view.ptr + view.len;
}

static void
parse(const uint8_t *bytes, size_t len)
{
	struct emrtd_reader_pace_answer answer;
	const uint8_t *at = bytes, *end = bytes + len;
	enum emrtd_reader_pace_step step;
	enum emrtd_error e;
	const char *text = NULL;
	uint16_t sw;

	if (emrtd_reader_pace_parse(emrtd_bytes(bytes, len), &answer) !=
	    EMRTD_OK)
		return;
	require(len >= HEAD);
	require(answer.has_data == (len > HEAD));
	at = require_view(answer.card_access, at + HEAD, end);
	at = require_view(answer.car_current, at, end);
	at = require_view(answer.car_previous, at, end);
	at = require_view(answer.id_icc, at, end);
	require(!answer.has_data || at == end);
	e = emrtd_reader_pace_error(answer.result, &step, &sw, &text);
	require(text != NULL);
	require((e == EMRTD_OK) == (answer.result == 0));
	require((e == EMRTD_E_STATUS) == (step != EMRTD_READER_PACE_NO_STEP));
	require(step != EMRTD_READER_PACE_NO_STEP || sw == 0);
}

static void
ask(uint8_t kind, size_t len)
{
	uint8_t password[256], buf[300];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	memset(password, 'A', sizeof(password));
	require(emrtd_reader_pace_request(kind, emrtd_bytes(password, len),
		    &out) == EMRTD_OK);
	/* Function and length, id, three lengths, the password. */
	require(out.len == 3 + 1 + 1 + 1 + len + 2 && buf[3] == kind);
	require((size_t)(buf[1] | buf[2] << 8) == out.len - 3);
	out = emrtd_out(buf, len);
	require(emrtd_reader_pace_request(kind, emrtd_bytes(password, len),
		    &out) == EMRTD_E_BUFFER);
	require(emrtd_reader_pace_request(kind, emrtd_bytes(password, 256),
		    &out) == EMRTD_E_ARG);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	ask(data[0] & 3, data[0]);
	if (emrtd_reader_pace_offers(emrtd_bytes(data + 1, size - 1)))
		require(size - 1 > HEAD && (data[1 + HEAD] & 0x40) != 0);
	parse(data + 1, size - 1);
	return 0;
}
