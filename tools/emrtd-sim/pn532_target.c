/* Finding a card, and letting go of it: what the chip's firmware does. */
#include "pn532_inner.h"

#include <string.h>

enum {
	TYPE_A_106 = 0x00,
	FELICA_212 = 0x01,
	FELICA_424 = 0x02,
	TYPE_B_106 = 0x03,
	JEWEL = 0x04,
	PARAMETER_RATS = 0x10,
	WITHOUT_END = 0xFF,
	REQA_BITS = 7,
	SAK_CASCADE = 0x04,
	SAK_14443_4 = 0x20,
	CASCADE_TAG = 0x88,
	RATS = 0xE0,
	OWN_FSDI = 0x50, /* 64 bytes */
	WUPB = 0x05,
	PARAM_WUPB = 0x08,
	ATTRIB = 0x1D,
	DESELECT = 0xC2,
	CID_BIT = 0x08,
	R_NAK = 0xB2,
	PPS0 = 0x11,
	PPSS = 0xD0,
	ATQB_LEN = 12,
	NO_TARGET = 0x00,
	SAK_LEN = 1
};

#define SHORT_WAIT_US 5000
#define TARGETS_MAX   2
#define FWT_UNIT_US   302
#define LEVELS        2
#define ATS_WAIT_US   65536

static const uint16_t frame_sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128, 256 };

static size_t
frame_size(unsigned index)
{
	return frame_sizes[index > 8 ? 8 : index];
}

/* One frame, and an answer of at least so many bytes. */
static bool
ask(struct pn532 *p, uint64_t now_us, const uint8_t *bytes, size_t len,
    size_t least, struct pn532_heard *heard)
{
	return pn532_air(p, emrtd_bytes(bytes, len), now_us, ATS_WAIT_US,
		   heard) == PN532_OK &&
	       heard->len >= least;
}

/* ---- Type A ------------------------------------------------------------ */

/* One cascade level: its five bytes into uid, and the SAK. */
static bool
cascade(struct pn532 *p, uint64_t now_us, unsigned level, uint8_t *sak)
{
	struct pn532_target *t = &p->target;
	uint8_t question[7] = { (uint8_t)(0x93 + 2 * level), 0x20 };
	struct pn532_heard heard;
	bool tagged;

	pn532_mode(p, EMRTD_AIR_A, false, 0);
	if (!ask(p, now_us, question, 2, 5, &heard))
		return false;
	question[1] = 0x70;
	memcpy(question + 2, heard.bytes, 5);
	pn532_mode(p, EMRTD_AIR_A, true, 0);
	if (!ask(p, now_us, question, sizeof(question), SAK_LEN, &heard))
		return false;
	*sak = heard.bytes[0];
	tagged = question[2] == CASCADE_TAG;
	memcpy(t->uid + t->uid_len, question + (tagged ? 3 : 2),
	    tagged ? 3 : 4);
	t->uid_len += tagged ? 3 : 4;
	return true;
}

static bool
wake_a(struct pn532 *p, uint64_t now_us, uint8_t atqa[2], uint8_t *sak)
{
	static const uint8_t wupa = 0x52;
	struct pn532_heard heard;
	unsigned level = 0;

	pn532_mode(p, EMRTD_AIR_A, false, REQA_BITS);
	if (!ask(p, now_us, &wupa, 1, 2, &heard))
		return false;
	/* The chip gives the high byte first. */
	atqa[0] = heard.bytes[1];
	atqa[1] = heard.bytes[0];
	p->target = (struct pn532_target){ .type = EMRTD_AIR_A };
	do {
		if (!cascade(p, now_us, level, sak))
			return false;
		level++;
	} while ((*sak & SAK_CASCADE) != 0 && level < LEVELS);
	return true;
}

/* FSC, FWI and CID out of an ATS, where it says them. */
static void
read_ats(struct pn532_target *t, const uint8_t *ats, size_t len)
{
	size_t at = 2;
	unsigned fwi = 4;

	t->fsc = 32;
	if (len >= 2) {
		t->fsc = frame_size(ats[1] & 0x0F);
		at += (ats[1] & 0x10) != 0;
		if ((ats[1] & 0x20) != 0 && at < len)
			fwi = ats[at] >> 4;
	}
	t->fwt_us = (uint32_t)FWT_UNIT_US << (fwi > 14 ? 4 : fwi);
	t->blocks = true;
	t->has_cid = false;
	t->cid = 0;
}

static bool
find_a(struct pn532 *p, uint64_t now_us, struct pn532_heard *ats,
    uint8_t head[3])
{
	static const uint8_t rats[] = { RATS, OWN_FSDI };

	ats->len = 0;
	if (!wake_a(p, now_us, head, &head[2]))
		return false;
	if ((p->parameters & PARAMETER_RATS) == 0 ||
	    (head[2] & SAK_14443_4) == 0)
		return true;
	if (!ask(p, now_us, rats, sizeof(rats), 1, ats))
		return false;
	read_ats(&p->target, ats->bytes, ats->len);
	return true;
}

static bool
list_a(struct pn532 *p, struct emrtd_bytes wanted, uint64_t now_us)
{
	struct pn532_target *t = &p->target;
	struct pn532_heard ats;
	uint8_t head[3];

	if (!find_a(p, now_us, &ats, head) ||
	    (wanted.len > 0 &&
		(wanted.len != t->uid_len ||
		    memcmp(wanted.ptr, t->uid, t->uid_len) != 0)))
		return false;
	pn532_put_u8(p, 1);
	pn532_put_u8(p, 1);
	pn532_put(p, emrtd_bytes(head, sizeof(head)));
	pn532_put_u8(p, (uint8_t)t->uid_len);
	pn532_put(p, emrtd_bytes(t->uid, t->uid_len));
	pn532_put(p, emrtd_bytes(ats.bytes, ats.len));
	return true;
}

/* ---- Type B ------------------------------------------------------------ */

static bool
find_b(struct pn532 *p, uint8_t afi, uint64_t now_us, struct pn532_heard *atqb,
    struct pn532_heard *attrib)
{
	const uint8_t wupb[] = { WUPB, afi, PARAM_WUPB };
	uint8_t question[9] = { ATTRIB };
	struct pn532_target *t = &p->target;
	unsigned fwi;

	pn532_mode(p, EMRTD_AIR_B, true, 0);
	if (!ask(p, now_us, wupb, sizeof(wupb), ATQB_LEN, atqb))
		return false;
	*t = (struct pn532_target){ .type = EMRTD_AIR_B, .blocks = true };
	memcpy(t->pupi, atqb->bytes + 1, sizeof(t->pupi));
	t->fsc = frame_size(atqb->bytes[10] >> 4);
	fwi = atqb->bytes[11] >> 4;
	t->fwt_us = (uint32_t)FWT_UNIT_US << (fwi > 14 ? 4 : fwi);
	/* It numbers its cards from 1, those at least that take a number. */
	t->has_cid = (atqb->bytes[11] & 1) != 0;
	t->cid = t->has_cid ? 1 : 0;
	memcpy(question + 1, t->pupi, sizeof(t->pupi));
	question[6] = OWN_FSDI >> 4;
	question[7] = 0x01;
	question[8] = t->cid;
	return ask(p, now_us, question, sizeof(question), 1, attrib);
}

static bool
list_b(struct pn532 *p, struct emrtd_bytes in, uint64_t now_us)
{
	struct pn532_heard atqb, attrib;

	if (!find_b(p, in.len > 0 ? in.ptr[0] : 0, now_us, &atqb, &attrib))
		return false;
	pn532_put_u8(p, 1);
	pn532_put_u8(p, 1);
	pn532_put(p, emrtd_bytes(atqb.bytes, ATQB_LEN));
	pn532_put_u8(p, (uint8_t)attrib.len);
	pn532_put(p, emrtd_bytes(attrib.bytes, attrib.len));
	return true;
}

/* ---- The commands ------------------------------------------------------ */

static void
let_go(struct pn532 *p, uint64_t now_us)
{
	static const uint8_t hlta[] = { 0x50, 0x00 };
	const struct pn532_target *t = &p->target;
	uint8_t deselect[2] = { DESELECT, t->cid };
	struct pn532_heard heard;

	if (!t->there)
		return;
	if (t->has_cid)
		deselect[0] |= CID_BIT;
	if (t->blocks)
		(void)ask(p, now_us, deselect, t->has_cid ? 2 : 1, 1, &heard);
	else
		(void)ask(p, now_us, hlta, sizeof(hlta), 1, &heard);
	p->target.there = false;
}

static bool
look_once(struct pn532 *p, struct emrtd_bytes in, uint64_t now_us)
{
	struct emrtd_bytes more = emrtd_bytes(in.ptr + 2, in.len - 2);
	bool found = false;

	p->answer_len = 0;
	if (in.ptr[1] == TYPE_A_106)
		found = list_a(p, more, now_us);
	else if (in.ptr[1] == TYPE_B_106)
		found = list_b(p, more, now_us);
	p->target.there = found;
	p->dep = (struct pn532_dep){ .number = false };
	return found;
}

bool
pn532_in_list_passive_target(struct pn532 *p, struct pn532_call *call)
{
	struct emrtd_bytes in = call->in;

	if (in.ptr[0] < 1 || in.ptr[0] > TARGETS_MAX || in.ptr[1] > JEWEL)
		return false;
	let_go(p, call->now_us);
	pn532_field(p, true, call->now_us);
	if (look_once(p, in, call->now_us))
		return true;
	if (p->retries_passive == WITHOUT_END) {
		memcpy(p->poll, in.ptr, in.len);
		p->poll_len = in.len;
		p->job = PN532_POLLS;
		p->job_ms = call->now_us / 1000 + PN532_POLL_MS;
		call->later = true;
		return true;
	}
	call->takes_us = (p->retries_passive + 1U) * SHORT_WAIT_US;
	p->answer_len = 0;
	pn532_put_u8(p, NO_TARGET);
	return true;
}

bool
pn532_poll_again(struct pn532 *p, uint64_t now_us)
{
	return look_once(p, emrtd_bytes(p->poll, p->poll_len), now_us);
}

/* 0 means all of them; there is one. */
static bool
names_target(const struct pn532 *p, uint8_t tg)
{
	return p->target.there && (tg & 0x0F) <= 1;
}

bool
pn532_in_deselect(struct pn532 *p, struct pn532_call *call)
{
	bool known = names_target(p, call->in.ptr[0]);
	struct pn532_target target = p->target;

	if (known)
		let_go(p, call->now_us);
	/* It may be selected again. */
	p->target = target;
	pn532_put_u8(p,
	    known || call->in.ptr[0] == 0 ? PN532_OK : PN532_CONTEXT);
	return true;
}

bool
pn532_in_release(struct pn532 *p, struct pn532_call *call)
{
	let_go(p, call->now_us);
	pn532_put_u8(p, PN532_OK);
	return true;
}

bool
pn532_in_select(struct pn532 *p, struct pn532_call *call)
{
	struct pn532_heard first, second;
	uint8_t head[3];
	bool found;

	if (!names_target(p, call->in.ptr[0])) {
		pn532_put_u8(p, PN532_CONTEXT);
		return true;
	}
	found = p->target.type == EMRTD_AIR_A
		    ? find_a(p, call->now_us, &first, head)
		    : find_b(p, 0, call->now_us, &first, &second);
	p->target.there = found;
	p->dep = (struct pn532_dep){ .number = false };
	pn532_put_u8(p, found ? PN532_OK : PN532_TIMEOUT);
	return true;
}

static void
set_speeds(struct pn532 *p, uint8_t to_card, uint8_t from_card)
{
	uint8_t *tx = pn532_register(p, PN532_TX_MODE);
	uint8_t *rx = pn532_register(p, PN532_RX_MODE);

	*tx = (uint8_t)((*tx & 0x8F) | to_card << 4);
	*rx = (uint8_t)((*rx & 0x8F) | from_card << 4);
}

bool
pn532_in_psl(struct pn532 *p, struct pn532_call *call)
{
	uint8_t to_card = call->in.ptr[1], from_card = call->in.ptr[2];
	uint8_t most = p->config.kind == PN532_PN533 ? EMRTD_AIR_848
						     : EMRTD_AIR_424;
	const uint8_t pps[] = { PPSS, PPS0,
		(uint8_t)(from_card << 2 | to_card) };
	struct pn532_heard heard;

	if (!names_target(p, call->in.ptr[0])) {
		pn532_put_u8(p, PN532_CONTEXT);
		return true;
	}
	if (to_card > most || from_card > most) {
		pn532_put_u8(p, PN532_INVALID);
		return true;
	}
	if (p->target.type != EMRTD_AIR_A || !p->target.blocks) {
		pn532_put_u8(p, PN532_NOT_ALLOWED);
		return true;
	}
	if (!ask(p, call->now_us, pps, sizeof(pps), 1, &heard)) {
		pn532_put_u8(p, PN532_TIMEOUT);
		return true;
	}
	set_speeds(p, to_card, from_card);
	pn532_put_u8(p, PN532_OK);
	return true;
}

bool
pn532_presence(struct pn532 *p, struct pn532_call *call)
{
	const struct pn532_target *t = &p->target;
	uint8_t nak[2] = { R_NAK, t->cid };
	struct pn532_heard heard;

	if (!t->there || !t->blocks) {
		pn532_put_u8(p, t->there ? PN532_NOT_ALLOWED : PN532_CONTEXT);
		return true;
	}
	/* Under the number that makes it an R(ACK), nothing sent again. */
	nak[0] |= p->dep.number;
	if (t->has_cid)
		nak[0] |= CID_BIT;
	pn532_put_u8(p, ask(p, call->now_us, nak, t->has_cid ? 2 : 1, 1, &heard)
			    ? PN532_OK
			    : PN532_TIMEOUT);
	return true;
}
