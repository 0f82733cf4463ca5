/*
 * A reader that says whatever the input says: its descriptors, and then every
 * packet that it sends while commands are exchanged with it. Each call ends in
 * one of the errors of a transport, in bounded time and after a bounded number
 * of packets, and never past the end of a buffer.
 *
 *   1 byte of the interface's shape, 54 of the class descriptor, 8 of text
 *   then orders: what is called, and what each receive brings
 */
#include "core/cursor.h"
#include "transport/ccid_choice.h"
#include "transport/ccid_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TIMEOUT_MS  5000
#define MAX_CALLS   12
#define MAX_PACKETS 20000

/* What one receive does: two bits of an order byte. */
enum {
	RAW,
	FITTING,
	SILENT,
	BROKEN
};

static struct {
	struct emrtd_bytes in;
	int64_t now;
	unsigned packets;
	uint8_t sent[EMRTD_CCID_HEADER];
	size_t n_sent;
} play;

static uint8_t buffer[EMRTD_CCID_BUFFER_LEN];
static uint8_t response[4096], command[2000];

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static uint8_t
take(void)
{
	uint8_t v = 0;

	(void)emrtd_u8(&play.in, &v);
	return v;
}

static enum emrtd_error
pipe_send(void *self, struct emrtd_bytes message, int64_t until_ms)
{
	const struct emrtd_ccid_interface *reader = self;
	uint64_t len;

	require(until_ms >= play.now);
	require(emrtd_ccid_message_len(message, &len) && len == message.len);
	require(message.len <= reader->max_message);
	memcpy(play.sent, message.ptr, sizeof(play.sent));
	play.n_sent++;
	return EMRTD_OK;
}

/* A whole message that answers the last command; the rest is the input's. */
static void
fitting(struct emrtd_out *packet, uint8_t order)
{
	uint8_t type = play.sent[0] == EMRTD_CCID_XFR ||
			       play.sent[0] == EMRTD_CCID_POWER_ON
			   ? EMRTD_CCID_DATA
			   : EMRTD_CCID_STATUS;
	struct emrtd_bytes data;
	size_t n = order >> 2 & 0x0F;
	uint8_t head[EMRTD_CCID_HEADER] = { type, 0, 0, 0, 0, play.sent[5],
		play.sent[6], take(), take(), take() };

	if (order & 0x40)
		n *= 40;
	if (!emrtd_take(&play.in, n, &data))
		data = play.in;
	head[1] = (uint8_t)data.len;
	head[2] = (uint8_t)(data.len >> 8);
	memcpy(packet->ptr + packet->len, head, sizeof(head));
	packet->len += sizeof(head);
	if (data.len > 0)
		memcpy(packet->ptr + packet->len, data.ptr, data.len);
	packet->len += data.len;
}

static enum emrtd_error
pipe_receive(void *self, struct emrtd_out *packet, int64_t until_ms)
{
	static const enum emrtd_error broken[] = { EMRTD_E_READER_LOST,
		EMRTD_E_CANCELLED, EMRTD_E_PROTOCOL, EMRTD_E_TIMEOUT };
	size_t room = packet->cap - packet->len, n;
	struct emrtd_bytes data;
	uint8_t order;

	(void)self;
	require(++play.packets <= MAX_CALLS * MAX_PACKETS);
	require(room >= 1024);
	if (emrtd_end(&play.in)) {
		play.now = until_ms > play.now ? until_ms : play.now;
		return EMRTD_E_TIMEOUT;
	}
	order = take();
	switch (order & 0x03) {
	case FITTING:
		fitting(packet, order);
		return EMRTD_OK;
	case SILENT:
		play.now = until_ms > play.now ? until_ms : play.now;
		return EMRTD_E_TIMEOUT;
	case BROKEN:
		return broken[order >> 2 & 0x03];
	default: /* RAW: bytes, and no bytes */
		play.now += order >> 7;
		n = order >> 2 & 0x1F;
		if (!emrtd_take(&play.in, n, &data))
			data = play.in;
		if (data.len > 0)
			memcpy(packet->ptr + packet->len, data.ptr, data.len);
		packet->len += data.len;
		return EMRTD_OK;
	}
}

static enum emrtd_error
pipe_abort(void *self, uint8_t slot, uint8_t seq)
{
	(void)self;
	(void)slot;
	require(seq == play.sent[6]);
	return play.now & 1 ? EMRTD_E_PROTOCOL : EMRTD_OK;
}

static int64_t
pipe_now(void *self)
{
	(void)self;
	return play.now;
}

static enum emrtd_error
pipe_pause(void *self, int64_t until_ms)
{
	(void)self;
	require(until_ms > play.now);
	play.now = until_ms;
	return EMRTD_OK;
}

static bool
of_a_transport(enum emrtd_error err)
{
	switch (err) {
	case EMRTD_OK:
	case EMRTD_E_CARD_LOST:
	case EMRTD_E_READER_LOST:
	case EMRTD_E_TIMEOUT:
	case EMRTD_E_CANCELLED:
	case EMRTD_E_TOO_LONG:
	case EMRTD_E_PROTOCOL:
	case EMRTD_E_BUSY:
		return true;
	default:
		return false;
	}
}

static enum emrtd_error
transmit(struct emrtd_ccid_exchange *x, size_t len, size_t cap)
{
	struct emrtd_out out = emrtd_out(response, cap);
	enum emrtd_error err;

	out.len = 3;
	command[4] = len == 9 ? 0 : 1; /* an extended APDU of nine bytes */
	err = emrtd_ccid_transmit(x, emrtd_bytes(command, len), &out,
	    TIMEOUT_MS);
	require(out.len <= cap && !out.bad);
	require(err ? out.len == 3 : out.len >= 5);
	return err;
}

static enum emrtd_error
call(struct emrtd_ccid_exchange *x, uint8_t order)
{
	static const size_t lengths[] = { 0, 4, 9, 261, 262, 2000 };
	struct emrtd_out atr = emrtd_out(response, EMRTD_ATR_MAX);
	enum emrtd_ccid_icc icc = EMRTD_CCID_ICC_ABSENT;
	enum emrtd_error err;

	x->slot = order >> 4 & 1;
	switch (order & 0x07) {
	case 0:
		err = emrtd_ccid_resync(x, TIMEOUT_MS, &icc);
		break;
	case 1:
		err = emrtd_ccid_status(x, TIMEOUT_MS, &icc);
		break;
	case 2:
		err = emrtd_ccid_power_off(x, TIMEOUT_MS);
		break;
	case 3:
		err = emrtd_ccid_power_on(x, &atr, TIMEOUT_MS);
		require(err || atr.len >= 2);
		break;
	default:
		err = transmit(x, lengths[(order >> 5) % 6],
		    order & 1 ? sizeof(response) : 8);
		break;
	}
	require(icc <= EMRTD_CCID_ICC_ABSENT);
	return err;
}

static void
exchange(const struct emrtd_ccid_interface *reader)
{
	struct emrtd_ccid_interface copy = *reader;
	const struct emrtd_ccid_pipe pipe = {
		.self = &copy,
		.send = pipe_send,
		.receive = pipe_receive,
		.abort = play.in.len & 1 ? pipe_abort : NULL,
		.now_ms = pipe_now,
		.pause = pipe_pause,
	};
	struct emrtd_ccid_exchange x;
	enum emrtd_error err;
	int64_t start;

	emrtd_ccid_exchange_init(&x, &pipe, reader, 0, buffer);
	for (unsigned i = 0; i < MAX_CALLS && !emrtd_end(&play.in); i++) {
		start = play.now;
		err = call(&x, take());
		require(of_a_transport(err));
		/* Three tries and what is drained between. */
		require(play.now - start <= 4 * TIMEOUT_MS);
	}
}

/* Shape: where the descriptor is, which endpoints there are. */
static enum emrtd_error
parse(struct emrtd_bytes class_, uint8_t shape, struct emrtd_ccid_found *f)
{
	struct emrtd_usb_endpoint endpoints[] = {
		{ 0x01, 2, 64, { NULL, 0 } },
		{ 0x82, 2, 512, { NULL, 0 } },
		{ 0x83, 3, 16, { NULL, 0 } },
	};
	struct emrtd_usb_interface in = {
		.number = 1,
		.class_ = shape & 1 ? 0xFF : 0x0B,
		.endpoints = endpoints,
		.n_endpoints = 3,
	};
	enum emrtd_error err;

	if (shape & 2)
		endpoints[2].extra = class_;
	else
		in.extra = class_;
	if (shape & 4)
		in.n_endpoints = 1;
	if (shape & 8)
		endpoints[1].max_packet = class_.len > 5 ? class_.ptr[5] : 0;
	if (shape & 16)
		endpoints[2].max_packet = 1;
	if (shape & 32)
		in.class_ = 3;
	err = emrtd_ccid_interface_parse(&in, &f->reader);
	require(err == EMRTD_OK || err == EMRTD_E_NOT_FOUND ||
		err == EMRTD_E_MALFORMED);
	f->sound = err == EMRTD_OK;
	require(!f->sound ||
		(f->reader.max_message >= 64 &&
		    f->reader.max_message <= EMRTD_CCID_MESSAGE_MAX &&
		    f->reader.n_slots >= 1 &&
		    f->reader.n_slots <= EMRTD_CCID_MAX_SLOTS &&
		    f->reader.in_packet >= 8 && f->reader.in_packet <= 1024));
	return err;
}

/* The same one twice, and one that the table knows. */
static void
choose(const struct emrtd_ccid_found *one, struct emrtd_bytes text)
{
	struct emrtd_ccid_found found[3] = { *one, *one, *one };
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	struct emrtd_ccid_want want;
	enum emrtd_reader_trouble why;
	char rest[16] = { 0 };
	size_t n;

	found[1].address = 4;
	snprintf(found[1].name, sizeof(found[1].name), "PICC");
	found[2].vendor = 0x072F;
	found[2].product = 0x223B;
	memcpy(rest, text.ptr, text.len);
	if (!emrtd_ccid_want_parse(rest, &want))
		return;
	for (int round = 0; round < 2; round++) {
		n = emrtd_ccid_candidates(&want, found, 3, order, &why);
		require(n <= 3);
		for (size_t i = 0; i < n; i++) {
			require(order[i] < 3 && found[order[i]].sound);
			require(i == 0 || order[i] != order[i - 1]);
			(void)emrtd_ccid_needs_proof(&want, &found[order[i]],
			    n);
		}
		require(why < EMRTD_READER_N_TROUBLES);
		emrtd_ccid_want_remember(&want, &found[1]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_ccid_found found = { .bus = 1,
		.address = 3,
		.n_ports = 1,
		.vendor = 0x1234,
		.product = 0x5678 };
	struct emrtd_bytes class_, text;
	uint8_t shape;

	memset(&play, 0, sizeof(play));
	play.in = emrtd_bytes(data, size);
	if (!emrtd_u8(&play.in, &shape) ||
	    !emrtd_take(&play.in, EMRTD_CCID_DESCRIPTOR_LEN, &class_) ||
	    !emrtd_take(&play.in, 10, &text))
		return 0;
	if (parse(class_, shape, &found) != EMRTD_E_NOT_FOUND)
		choose(&found, text);
	if (found.sound && found.reader.level >= EMRTD_CCID_SHORT)
		exchange(&found.reader);
	return 0;
}
