/*
 * The simulated PN532 with a chip on it, under whatever a host says and in
 * whatever time. What it sends without a fault is always a whole frame, it
 * never goes on for ever at one moment, and it stays within its buffers.
 *
 *   1 byte kind of the PN53x and type, 4 of the chip's sizes, times and rates
 *   a line of text: a fault, or none
 *   then orders: bytes of a host, commands, frames on the air, time
 */
#include "core/cursor.h"
#include "pn532.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_ORDERS 200
#define MAX_FRAMES 200 /* at one moment */
#define TEXT_CAP   32

enum {
	RAW,
	COMMAND,
	EXTENDED,
	TIME,
	ACK,
	NACK,
	SELECT_A,
	SELECT_B,
	BLOCK,
	EXCHANGE,
	AIR,
	LAY,
	CHANGE,
	FIELD,
	LONG_BLOCK,
	N_ORDERS
};

static struct {
	struct emrtd_bytes in;
	struct pn532 *chip;
	struct emrtd_picc *picc;
	uint64_t now_ms;
	bool faults;
	bool number;
} play;

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

static struct emrtd_bytes
take_some(size_t n)
{
	struct emrtd_bytes some;

	if (!emrtd_take(&play.in, n, &some)) {
		some = play.in;
		play.in.len = 0;
	}
	return some;
}

/* ---- What takes APDUs: as long, as slow and as broken as they say ------- */

static void
inside_reset(void *self)
{
	(void)self;
}

static enum emrtd_error
inside_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	size_t n = (size_t)command.ptr[0] * 4;

	(void)self;
	require(command.len > 0);
	if (command.ptr[0] == 0xEE)
		return EMRTD_E_CARD_LOST;
	*takes_us = command.len > 1 ? command.ptr[1] * 10000U : 0;
	memset(response->ptr, 0x90, n);
	response->len = n;
	return EMRTD_OK;
}

/* ---- The host ---------------------------------------------------------- */

/* Without a fault: a frame, whole and right. */
static void
check_frame(const uint8_t *b, size_t n)
{
	static const uint8_t ack[] = { 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00 };
	static const uint8_t error[] = { 0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F,
		0x81, 0x00 };
	size_t head = 5, len;
	uint8_t sum = 0;

	if (n == sizeof(ack) && memcmp(b, ack, n) == 0)
		return;
	if (n == sizeof(error) && memcmp(b, error, n) == 0)
		return;
	require(n >= 9 && b[0] == 0 && b[1] == 0 && b[2] == 0xFF);
	len = b[3];
	if (b[3] == 0xFF && b[4] == 0xFF) {
		head = 8;
		len = (size_t)b[5] << 8 | b[6];
		require((uint8_t)(b[5] + b[6] + b[7]) == 0);
	} else {
		require((uint8_t)(b[3] + b[4]) == 0);
	}
	require(len >= 2 && len <= 266 && n == head + len + 2);
	for (size_t i = head; i < n; i++)
		sum = (uint8_t)(sum + b[i]);
	require(sum == 0 && b[head] == 0xD5 && b[n - 1] == 0);
}

static void
drain(void)
{
	uint8_t buf[PN532_FRAME_CAP];
	unsigned n = 0;

	for (;;) {
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		if (!pn532_to_host(play.chip, &out, play.now_ms))
			break;
		require(!out.bad && ++n < MAX_FRAMES);
		if (!play.faults)
			check_frame(buf, out.len);
	}
	require(pn532_due_ms(play.chip) > play.now_ms);
}

static void
say(const uint8_t *bytes, size_t n)
{
	pn532_from_host(play.chip, emrtd_bytes(bytes, n), play.now_ms);
	drain();
}

static void
command(uint8_t code, struct emrtd_bytes in, bool extended)
{
	uint8_t b[320] = { 0x00, 0x00, 0xFF }, sum = 0;
	size_t n = 3, len = in.len + 2, data;

	if (extended || len > 255) {
		b[n++] = 0xFF;
		b[n++] = 0xFF;
		b[n++] = (uint8_t)(len >> 8);
		b[n++] = (uint8_t)len;
		b[n++] = (uint8_t) - ((len >> 8) + len);
	} else {
		b[n++] = (uint8_t)len;
		b[n++] = (uint8_t)-len;
	}
	data = n;
	b[n++] = 0xD4;
	b[n++] = code;
	if (in.len > 0)
		memcpy(b + n, in.ptr, in.len);
	n += in.len;
	for (size_t i = data; i < n; i++)
		sum = (uint8_t)(sum + b[i]);
	b[n++] = (uint8_t)-sum;
	b[n++] = 0x00;
	say(b, n);
}

static void
text(uint8_t code, const char *bytes, size_t n)
{
	command(code, emrtd_bytes((const uint8_t *)bytes, n), false);
}

/* RATS and ATTRIB ours, or the chip's. */
static void
choose(bool b)
{
	play.number = false;
	if (b)
		text(0x4A, "\x01\x03\x00", 3);
	else
		text(0x4A, "\x01\x00", 2);
}

/* An I-block of what the input says, under the number that is due. */
static void
block(size_t n)
{
	struct emrtd_bytes some = take_some(n);
	uint8_t b[264] = { 0x02 };

	b[0] |= play.number;
	play.number = !play.number;
	if (some.len > 0)
		memcpy(b + 1, some.ptr, some.len);
	command(0x42, emrtd_bytes(b, some.len + 1), false);
}

static void
exchange(size_t n)
{
	struct emrtd_bytes some = take_some(n);
	uint8_t b[264] = { 0x01 };

	if ((some.len & 1) != 0 && (some.ptr[0] & 1) != 0)
		b[0] |= 0x40;
	if (some.len > 0)
		memcpy(b + 1, some.ptr, some.len);
	command(0x40, emrtd_bytes(b, some.len + 1), false);
}

static void
air(void)
{
	uint8_t shape = take();
	struct emrtd_air_frame frame = {
		.type = (enum emrtd_air_type)(shape & 1),
		.rate = (enum emrtd_air_rate)(shape >> 1 & 3),
		.check = (enum emrtd_air_check)((shape >> 3 & 3) % 3),
		.last_bits = shape >> 5,
	};
	struct emrtd_picc_answer answer;
	uint8_t crc[2];

	frame.bytes = take_some(take());
	if (!emrtd_picc_frame(play.picc, &frame, play.now_ms * 1000, &answer))
		return;
	require(answer.frame.bytes.len <= 300);
	emrtd_air_crc(answer.frame.type, answer.frame.bytes, crc);
}

static void
order(uint8_t what)
{
	static const uint8_t ack[] = { 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00 };
	static const uint8_t nack[] = { 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00 };
	struct emrtd_bytes some;
	uint8_t code;

	switch (what % N_ORDERS) {
	case RAW:
		some = take_some(take());
		say(some.ptr, some.len);
		break;
	case COMMAND:
	case EXTENDED:
		code = take();
		some = take_some(take());
		command(code, some, what % N_ORDERS == EXTENDED);
		break;
	case TIME:
		play.now_ms += (uint64_t)take() << (what >> 4);
		drain();
		break;
	case ACK:
		say(ack, sizeof(ack));
		break;
	case NACK:
		say(nack, sizeof(nack));
		break;
	case SELECT_A:
	case SELECT_B:
		choose(what % N_ORDERS == SELECT_B);
		break;
	case BLOCK:
		block(what >> 4);
		break;
	case LONG_BLOCK:
		block(take());
		break;
	case EXCHANGE:
		exchange(what >> 4 == 15 ? 260 : what >> 4);
		break;
	case AIR:
		air();
		break;
	case LAY:
		pn532_lay(play.chip, (what & 0x10) != 0, play.now_ms);
		break;
	case CHANGE:
		pn532_change(play.chip, (what & 0x10) != 0 ? play.picc : NULL,
		    play.now_ms);
		break;
	default: /* FIELD */
		text(0x32, (what & 0x10) != 0 ? "\x01\x01" : "\x01\x00", 2);
		break;
	}
}

/* A line of the input; false: there is no fault in it. */
static bool
fault(struct pn532_config *chip, struct emrtd_picc_config *picc)
{
	char line[TEXT_CAP + 1];
	struct emrtd_diag diag;
	size_t n = 0;
	uint8_t c;

	emrtd_diag_init(&diag);
	for (c = take(); c != '\n' && c != 0 && n < TEXT_CAP; c = take())
		line[n++] = (char)c;
	line[n] = '\0';
	return emrtd_picc_misbehave(picc, line, &diag) == EMRTD_OK ||
	       pn532_misbehave(chip, line, &diag) == EMRTD_OK;
}

static void
shape(struct pn532_config *chip, struct emrtd_picc_config *picc)
{
	uint8_t kind = take(), sizes = take(), times = take();

	emrtd_picc_config_init(picc);
	chip->kind = (enum pn532_kind)((kind & 3) % 3);
	picc->type = (enum emrtd_air_type)(kind >> 2 & 1);
	picc->cid = (kind & 0x08) != 0;
	picc->uid_len = (kind & 0x10) != 0 ? 7 : (kind & 0x20) != 0 ? 4 : 0;
	picc->pupi_set = (kind & 0x40) != 0;
	picc->ats_len = (kind & 0x80) != 0 ? 6 : 0;
	picc->atqb_len = picc->ats_len * 2;
	memcpy(picc->ats, "\x06\x75\x80\x90\x02\x55", 6);
	memcpy(picc->atqb, "\x50\x01\x02\x03\x04\0\0\0\0\0\xF1\xF1", 12);
	picc->fsci = sizes & 0x0F;
	picc->n_historical = sizes >> 4;
	picc->fwi = times & 0x0F;
	picc->sfgi = times >> 4;
	picc->rates = take();
	picc->wtxm = take() & 0x3F;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct emrtd_picc_inside inside = { .reset = inside_reset,
		.transmit = inside_transmit };
	struct pn532_config chip = { .kind = PN532_PN532 };
	struct emrtd_picc_config picc;

	play.in = emrtd_bytes(data, size);
	play.now_ms = 1000;
	play.number = false;
	shape(&chip, &picc);
	play.faults = fault(&chip, &picc);
	if (emrtd_picc_new(&picc, &inside, &play.picc) != EMRTD_OK)
		return 0;
	chip.picc = play.picc;
	play.chip = pn532_new(&chip);
	require(play.chip != NULL);
	for (unsigned i = 0; i < MAX_ORDERS && !emrtd_end(&play.in); i++)
		order(take());
	require(pn532_counts(play.chip).commands <= MAX_ORDERS * 64);
	require(emrtd_picc_counts(play.picc).deselected <=
		emrtd_picc_counts(play.picc).blocks);
	require(pn532_baud(play.chip) >= 9600);
	pn532_free(&play.chip);
	emrtd_picc_free(&play.picc);
	return 0;
}
