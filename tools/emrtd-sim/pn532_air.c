/* One frame to the card, as the registers of the contactless unit say. */
#include "pn532_inner.h"

#include <string.h>

enum {
	SPEED_SHIFT = 4,
	SPEED_MASK = 7,
	FRAMING_MASK = 3,
	FRAMING_A = 0,
	LAST_BITS_MASK = 7,
	CRC_LEN = 2
};

#define TIMEOUT_UNIT_US 100U
#define TIMEOUT_MAX     16

void
pn532_mode(struct pn532 *p, enum emrtd_air_type type, bool check, uint8_t bits)
{
	uint8_t mode = check ? PN532_MODE_CRC : 0;

	if (type == EMRTD_AIR_B)
		mode |= PN532_MODE_B;
	*pn532_register(p, PN532_TX_MODE) = mode;
	*pn532_register(p, PN532_RX_MODE) = mode;
	*pn532_register(p, PN532_BIT_FRAMING) = bits;
}

void
pn532_field(struct pn532 *p, bool on, uint64_t now_us)
{
	if (!on)
		p->target.there = false;
	p->field = on;
	if (p->config.picc != NULL)
		emrtd_picc_field(p->config.picc, on, now_us);
}

uint32_t
pn532_timeout_us(const struct pn532 *p)
{
	unsigned n = p->timeout > TIMEOUT_MAX ? TIMEOUT_MAX : p->timeout;

	return n == 0 ? UINT32_MAX : TIMEOUT_UNIT_US << (n - 1);
}

static bool
mode_of(uint8_t mode, struct emrtd_air_frame *out)
{
	unsigned speed = mode >> SPEED_SHIFT & SPEED_MASK;
	unsigned framing = mode & FRAMING_MASK;

	if (speed >= EMRTD_AIR_N_RATES ||
	    (framing != FRAMING_A && framing != PN532_MODE_B))
		return false;
	out->rate = (enum emrtd_air_rate)speed;
	out->type = framing == FRAMING_A ? EMRTD_AIR_A : EMRTD_AIR_B;
	return true;
}

/* A host that makes checksums itself is heard when they are right. */
static void
own_check(struct emrtd_air_frame *frame)
{
	struct emrtd_bytes body = frame->bytes;
	uint8_t crc[CRC_LEN];

	if (body.len <= CRC_LEN || frame->last_bits != 0)
		return;
	body.len -= CRC_LEN;
	emrtd_air_crc(frame->type, body, crc);
	if (memcmp(crc, body.ptr + body.len, CRC_LEN) != 0)
		return;
	frame->bytes = body;
	frame->check = EMRTD_AIR_CHECKED;
}

/* What the receiver makes of it. */
static enum pn532_status
receive(struct pn532 *p, const struct emrtd_air_frame *frame,
    struct pn532_heard *heard)
{
	uint8_t mode = *pn532_register(p, PN532_RX_MODE), crc[CRC_LEN];
	size_t len = frame->bytes.len;
	bool check = (mode & PN532_MODE_CRC) != 0;

	p->counts.air_in += len;
	if (frame->check != EMRTD_AIR_BARE)
		p->counts.air_in += CRC_LEN;
	if (check && frame->check != EMRTD_AIR_CHECKED)
		return PN532_CRC;
	if (len > sizeof(heard->bytes) - CRC_LEN)
		return PN532_OVERFLOW;
	if (len > 0)
		memcpy(heard->bytes, frame->bytes.ptr, len);
	heard->len = len;
	if (check || frame->check == EMRTD_AIR_BARE)
		return PN532_OK;
	emrtd_air_crc(frame->type, frame->bytes, crc);
	if (frame->check == EMRTD_AIR_GARBLED)
		crc[0] ^= 1;
	memcpy(heard->bytes + len, crc, CRC_LEN);
	heard->len += CRC_LEN;
	return PN532_OK;
}

enum pn532_status
pn532_air(struct pn532 *p, struct emrtd_bytes frame, uint64_t now_us,
    uint32_t timeout_us, struct pn532_heard *heard)
{
	uint8_t mode = *pn532_register(p, PN532_TX_MODE);
	struct emrtd_air_frame out = { .bytes = frame }, in = { 0 };
	struct emrtd_picc_answer answer;

	heard->len = 0;
	heard->takes_us = timeout_us;
	out.check = EMRTD_AIR_BARE;
	out.last_bits = *pn532_register(p, PN532_BIT_FRAMING) & LAST_BITS_MASK;
	p->counts.frames++;
	p->counts.air_out += frame.len;
	if (!mode_of(mode, &out) || p->config.picc == NULL || !p->field ||
	    (*pn532_register(p, PN532_MANUAL_RCV) & PN532_PARITY_OFF) != 0)
		return PN532_TIMEOUT;
	if ((mode & PN532_MODE_CRC) != 0) {
		out.check = EMRTD_AIR_CHECKED;
		p->counts.air_out += CRC_LEN;
	} else {
		own_check(&out);
	}
	if (!emrtd_picc_there(p->config.picc, now_us))
		p->counts.in_vain++;
	if (!emrtd_picc_frame(p->config.picc, &out, now_us, &answer) ||
	    answer.after_us > timeout_us ||
	    !mode_of(*pn532_register(p, PN532_RX_MODE), &in) ||
	    in.type != answer.frame.type || in.rate != answer.frame.rate)
		return PN532_TIMEOUT;
	heard->takes_us = answer.after_us;
	p->counts.heard[in.rate]++;
	return receive(p, &answer.frame, heard);
}
