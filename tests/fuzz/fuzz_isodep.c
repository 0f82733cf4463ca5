/*
 * A chip that says whatever the input says: at its activation, and then to
 * every block. Each task ends in one of the errors of a transport after no
 * more frames than the input has, and what went out is what the standard
 * allows: a part of a command goes out again only when the chip, asked, said
 * that it did not get it.
 *
 *   1 byte of type and speeds, 1 length, the answer of the activation
 *   then orders: which task, and what is heard after each frame
 */
#include "core/cursor.h"
#include "transport/isodep_select.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_TASKS   16
#define CRC_LEN     2
#define MAX_WAIT_US (EMRTD_ISODEP_FWT_MAX_US + EMRTD_ISODEP_FWT_SLACK_US)

/* What is heard: three bits of an order. */
enum {
	RAW,
	WHOLE,
	MORE,
	GOT_IT,
	GOT_IT_NOT,
	TIME,
	SILENCE,
	OTHER /* noise, or S(DESELECT) */
};

static struct {
	struct emrtd_bytes in;
	struct emrtd_bytes command;
	size_t offset, len; /* of it, in the last I-block */
	bool any;           /* there was one */
	bool nak;           /* R(NAK) was sent since, and is not answered */
	bool denied;        /* and the chip said that it did not get it */
	size_t heard;       /* bytes of responses */
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

static void
check_i_block(struct emrtd_bytes frame, uint8_t pcb)
{
	size_t at = play.offset;
	bool last;

	if (play.any && !play.denied)
		at += play.len;
	require(at <= play.command.len);
	require(frame.len <= play.command.len - at);
	if (frame.len > 0)
		require(
		    memcmp(frame.ptr, play.command.ptr + at, frame.len) == 0);
	require(!play.denied || frame.len == play.len);
	last = frame.len == play.command.len - at;
	require(((pcb & 0x10) == 0) == last);
	/* The last part only once, unless the chip does not have it. */
	require(!play.any || play.denied || frame.len > 0);
	play.offset = at;
	play.len = frame.len;
	play.any = true;
	play.nak = play.denied = false;
}

static void
check_sent(const struct emrtd_isodep *dep, struct emrtd_bytes frame,
    uint32_t wait_us)
{
	uint8_t pcb = 0;

	require(frame.len <= dep->link.fsc - CRC_LEN);
	require(wait_us > EMRTD_ISODEP_FWT_SLACK_US && wait_us <= MAX_WAIT_US);
	require(emrtd_u8(&frame, &pcb));
	if ((pcb & 0xEE) == 0x02) {
		check_i_block(frame, pcb);
		return;
	}
	if (pcb == 0xF2) {
		require(
		    frame.len == 1 && frame.ptr[0] >= 1 && frame.ptr[0] <= 59);
		return;
	}
	require(frame.len == 0);
	require((pcb & 0xFE) == 0xA2 || (pcb & 0xFE) == 0xB2 || pcb == 0xC2);
	play.nak = (pcb & 0xFE) == 0xB2;
}

static void
hear_block(struct emrtd_isodep *dep, uint8_t pcb, size_t len)
{
	uint8_t frame[256];

	memset(frame, 0x90, sizeof(frame));
	frame[0] = pcb;
	if (pcb == 0xF2)
		frame[1] = take();
	play.heard += len;
	if (play.nak && (pcb & 0xFE) == 0xA2)
		play.denied = (pcb & 1) != dep->number;
	emrtd_isodep_hear(dep, EMRTD_HEARD_FRAME, emrtd_bytes(frame, 1 + len));
}

static void
hear_raw(struct emrtd_isodep *dep)
{
	struct emrtd_bytes frame;
	size_t n = take();

	if (!emrtd_take(&play.in, n, &frame))
		frame = play.in;
	play.heard += frame.len;
	if (play.nak && frame.len == 1 && (frame.ptr[0] & 0xFE) == 0xA2)
		play.denied = (frame.ptr[0] & 1) != dep->number;
	emrtd_isodep_hear(dep, EMRTD_HEARD_FRAME, frame);
}

static void
hear(struct emrtd_isodep *dep)
{
	uint8_t order = emrtd_end(&play.in) ? SILENCE : take();
	uint8_t number = dep->number;
	size_t len = (size_t)(order >> 3) * 8;

	play.denied = false;
	switch (order & 0x07) {
	case RAW:
		hear_raw(dep);
		break;
	case WHOLE:
		hear_block(dep, 0x02 | number, len);
		break;
	case MORE:
		hear_block(dep, 0x12 | number, len);
		break;
	case GOT_IT:
		hear_block(dep, 0xA2 | number, 0);
		break;
	case GOT_IT_NOT:
		hear_block(dep, 0xA2 | (number ^ 1), 0);
		break;
	case TIME:
		hear_block(dep, 0xF2, 1);
		break;
	case SILENCE:
		emrtd_isodep_hear(dep, EMRTD_HEARD_NOTHING,
		    emrtd_bytes(NULL, 0));
		break;
	default:
		if (order & 0x08)
			hear_block(dep, 0xC2, 0);
		else
			emrtd_isodep_hear(dep, EMRTD_HEARD_GARBLED,
			    emrtd_bytes(NULL, 0));
		break;
	}
}

static bool
of_a_link(enum emrtd_error error)
{
	return error == EMRTD_OK || error == EMRTD_E_CARD_LOST ||
	       error == EMRTD_E_TIMEOUT || error == EMRTD_E_PROTOCOL ||
	       error == EMRTD_E_TOO_LONG;
}

static enum emrtd_isodep_step
finish(struct emrtd_isodep *dep)
{
	struct emrtd_bytes frame;
	enum emrtd_isodep_step step;
	uint32_t wait_us;
	/* Silence at the end of the input ends it. */
	size_t left = play.in.len + EMRTD_ISODEP_TRIES + 1;

	while ((step = emrtd_isodep_next(dep, &frame, &wait_us)) ==
	       EMRTD_ISODEP_SEND) {
		require(left-- > 0);
		check_sent(dep, frame, wait_us);
		hear(dep);
	}
	require(of_a_link(dep->error));
	require((step == EMRTD_ISODEP_DONE) == (dep->error == EMRTD_OK));
	return step;
}

static void
transmit(struct emrtd_isodep *dep, uint8_t order)
{
	static const size_t lengths[] = { 4, 13, 14, 61, 300, 3, 65544, 65545 };
	static const size_t caps[] = { 2000, 3, 20, 300 };
	static uint8_t command[65545];
	size_t cap = caps[order >> 5 & 3];
	uint8_t *response = malloc(cap);
	struct emrtd_out out = emrtd_out(response, cap);
	bool dead = dep->dead;

	require(response != NULL);
	for (size_t i = 0; i < 600; i++)
		command[i] = (uint8_t)(i * 7 + i / 256);
	out.len = 1;
	response[0] = 0x77;
	play.command = emrtd_bytes(command, lengths[order >> 2 & 7]);
	emrtd_isodep_begin(dep, play.command, &out);
	if (finish(dep) == EMRTD_ISODEP_DONE) {
		require(!dead && out.len >= 3 && out.len <= cap);
		require(out.len - 1 <= play.heard);
		/* All of the command is at the chip. */
		require(play.any && play.offset + play.len == play.command.len);
	} else {
		require(out.len == 1);
	}
	require(!out.bad && response[0] == 0x77);
	free(response);
}

static void
task(struct emrtd_isodep *dep, uint8_t order)
{
	play.command = emrtd_bytes(NULL, 0);
	play.offset = play.len = play.heard = 0;
	play.any = play.nak = play.denied = false;
	switch (order & 0x03) {
	case 0:
		emrtd_isodep_begin_ping(dep, order & 0x04
						 ? EMRTD_ISODEP_PING_EMPTY
						 : EMRTD_ISODEP_PING_NAK);
		(void)finish(dep);
		break;
	case 1:
		emrtd_isodep_begin_deselect(dep);
		(void)finish(dep);
		require(dep->dead);
		break;
	default:
		transmit(dep, order);
		break;
	}
}

/* An answer to RATS or REQB, and what is asked for then. */
static bool
activate(uint8_t shape, struct emrtd_bytes answer,
    struct emrtd_isodep_offer *offer)
{
	const struct emrtd_isodep_rates mine = {
		.to_chip = (uint8_t)(shape >> 1 & 0x07),
		.from_chip = (uint8_t)(shape >> 2 & 0x0F),
		.same = (shape & 0x40) != 0,
	};
	uint32_t fsd = shape & 0x80 ? 128 : 256;
	struct emrtd_isodep_speed speed;
	uint8_t buf[16];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error err;

	require((emrtd_isodep_pps_parse(answer) == EMRTD_OK) ==
		(answer.len == 1 && answer.ptr[0] == 0xD0));
	require((emrtd_isodep_attrib_parse(answer) == EMRTD_OK) ==
		(answer.len > 0 && (answer.ptr[0] & 0x0F) == 0));
	emrtd_isodep_put_rats(&out, (uint32_t)shape * 2);
	if (shape & 1)
		err = emrtd_isodep_ats_parse(answer, fsd, offer);
	else
		err = emrtd_isodep_atqb_parse(answer, fsd, offer);
	if (err) {
		require(err == EMRTD_E_PROTOCOL ||
			(err == EMRTD_E_UNSUPPORTED && !(shape & 1)));
		return false;
	}
	require(offer->link.fsd == fsd && offer->link.fsc >= 16 &&
		offer->link.fsc <= 256 && offer->link.fwt_us >= 303 &&
		offer->link.fwt_us <= EMRTD_ISODEP_FWT_MAX_US &&
		offer->link.sfgt_us <= EMRTD_ISODEP_FWT_MAX_US);
	require(offer->historical.len < 255);
	speed = emrtd_isodep_choose(&offer->rates, &mine);
	require((offer->rates.to_chip & mine.to_chip) >> speed.to_chip & 1 ||
		speed.to_chip == EMRTD_RATE_106);
	require(!(mine.same || offer->rates.same) ||
		speed.to_chip == speed.from_chip);
	emrtd_isodep_put_pps(&out, &speed);
	if (!(shape & 1))
		emrtd_isodep_put_attrib(&out, offer, &speed);
	require(!out.bad && out.len <= 14);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_isodep_offer offer;
	struct emrtd_bytes answer;
	struct emrtd_isodep dep;
	uint8_t shape, len;

	memset(&play, 0, sizeof(play));
	play.in = emrtd_bytes(data, size);
	if (!emrtd_u8(&play.in, &shape) || !emrtd_u8(&play.in, &len) ||
	    !emrtd_take(&play.in, len, &answer) ||
	    !activate(shape, answer, &offer))
		return 0;
	emrtd_isodep_init(&dep, &offer.link);
	for (unsigned i = 0; i < MAX_TASKS && !emrtd_end(&play.in); i++) {
		task(&dep, take());
		if (dep.dead && take() & 1)
			emrtd_isodep_init(&dep, &offer.link);
	}
	return 0;
}
