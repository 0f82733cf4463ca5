/* Type A of ISO/IEC 14443-3, and its activation of 14443-4: RATS and PPS. */
#include "card/picc_inner.h"

#include <string.h>

enum {
	REQA = 0x26,
	WUPA = 0x52,
	SHORT_FRAME_BITS = 7,
	SEL_1 = 0x93,
	SEL_STEP = 2,   /* to the SEL of the next cascade level */
	NVB_ALL = 0x70, /* a SELECT */
	NVB_LEAST = 0x20,
	CASCADE_TAG = 0x88,
	HLTA = 0x50,
	RATS = 0xE0,
	PPSS = 0xD0,
	PPS0_WITH_PPS1 = 0x11,
	PPS0_WITHOUT = 0x01,
	ATQA_SINGLE = 0x08,
	ATQA_DOUBLE = 0x48,
	SAK_NOT_COMPLETE = 0x04,
	SAK_14443_4 = 0x20,
	T0_TA_TB_TC = 0x70,
	TC_CID = 0x02,
	CID_MAX = 14
};

#define LEVEL_LEN 5 /* four bytes and their exclusive or */

static bool
is(struct emrtd_bytes bytes, uint8_t first, size_t len)
{
	return bytes.len == len && bytes.ptr[0] == first;
}

/* What the chip does not expect sends it back to where it came from. */
static bool
lapse(struct emrtd_picc *picc)
{
	emrtd_picc_unselect(picc, picc->was_halted);
	return false;
}

/* Four bytes of the UID, or the cascade tag and three, and BCC. */
static void
level_bytes(const struct emrtd_picc *picc, uint8_t out[LEVEL_LEN])
{
	bool cascade = picc->uid_len > 4;

	if (cascade && picc->level == 0) {
		out[0] = CASCADE_TAG;
		memcpy(out + 1, picc->uid, 3);
	} else {
		memcpy(out, picc->uid + (cascade ? 3 : 0), 4);
	}
	out[4] = (uint8_t)(out[0] ^ out[1] ^ out[2] ^ out[3]);
}

static bool
wake(struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    struct emrtd_picc_answer *out)
{
	bool short_frame = frame->check == EMRTD_AIR_BARE &&
			   frame->last_bits == SHORT_FRAME_BITS &&
			   frame->bytes.len == 1;
	uint8_t code = short_frame ? frame->bytes.ptr[0] : 0;

	if (code != WUPA && (code != REQA || picc->state == EMRTD_PICC_HALT))
		return false;
	picc->was_halted = picc->state == EMRTD_PICC_HALT;
	picc->state = EMRTD_PICC_READY;
	picc->level = 0;
	picc->sent[0] = picc->uid_len > 4 ? ATQA_DOUBLE : ATQA_SINGLE;
	picc->sent[1] = 0x00;
	return emrtd_picc_say(picc, 2, EMRTD_AIR_BARE, out);
}

static bool
select_level(struct emrtd_picc *picc, const uint8_t own[LEVEL_LEN],
    struct emrtd_bytes bytes, struct emrtd_picc_answer *out)
{
	if (bytes.len != 2 + LEVEL_LEN ||
	    memcmp(bytes.ptr + 2, own, LEVEL_LEN) != 0)
		return lapse(picc);
	if (picc->uid_len > 4 && picc->level == 0) {
		picc->level = 1;
		picc->sent[0] = SAK_NOT_COMPLETE;
	} else {
		picc->state = EMRTD_PICC_ACTIVE;
		picc->sent[0] = SAK_14443_4;
	}
	return emrtd_picc_say(picc, 1, EMRTD_AIR_CHECKED, out);
}

/* SEL, NVB and as many bits of the UID as the reader knows already. */
static bool
anticollision(struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    struct emrtd_picc_answer *out)
{
	struct emrtd_bytes in = frame->bytes;
	uint8_t own[LEVEL_LEN];
	size_t known, bits;

	if (in.len < 2 || in.ptr[0] != SEL_1 + SEL_STEP * (uint8_t)picc->level)
		return lapse(picc);
	level_bytes(picc, own);
	if (in.ptr[1] == NVB_ALL && frame->check == EMRTD_AIR_CHECKED)
		return select_level(picc, own, in, out);
	if (in.ptr[1] < NVB_LEAST || in.ptr[1] >= NVB_ALL ||
	    frame->check != EMRTD_AIR_BARE)
		return lapse(picc);
	known = (size_t)(in.ptr[1] >> 4) - 2;
	bits = in.ptr[1] & 0x0F;
	if (bits > 7 || bits != frame->last_bits ||
	    in.len != 2 + known + (bits > 0 ? 1 : 0) || known >= LEVEL_LEN)
		return lapse(picc);
	if (memcmp(in.ptr + 2, own, known) != 0 ||
	    (bits > 0 &&
		((in.ptr[2 + known] ^ own[known]) & ((1U << bits) - 1)) != 0))
		return lapse(picc);
	memcpy(picc->sent, own + known, LEVEL_LEN - known);
	(void)emrtd_picc_say(picc, LEVEL_LEN - known, EMRTD_AIR_BARE, out);
	out->frame.skipped_bits = (uint8_t)bits;
	return true;
}

static size_t
answer_to_select(const struct emrtd_picc *picc, uint8_t *out)
{
	const struct emrtd_picc_config *config = &picc->config;
	size_t n = 5 + config->n_historical;

	if (config->ats_len > 0) {
		memcpy(out, config->ats, config->ats_len);
		return config->ats_len;
	}
	out[0] = (uint8_t)n;
	out[1] = (uint8_t)(T0_TA_TB_TC | config->fsci);
	out[2] = config->rates;
	out[3] = (uint8_t)(config->fwi << 4 | config->sfgi);
	out[4] = config->cid ? TC_CID : 0;
	memcpy(out + 5, config->historical, config->n_historical);
	return n;
}

static bool
rats(struct emrtd_picc *picc, uint8_t parameter, uint64_t now_us,
    struct emrtd_picc_answer *out)
{
	uint8_t cid = parameter & 0x0F;

	if (cid > CID_MAX ||
	    emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_NO_ATS) != NULL)
		return lapse(picc);
	picc->cid = cid;
	picc->fsd = emrtd_picc_frame_size(parameter >> 4);
	picc->may_pps = true;
	emrtd_picc_begin_blocks(picc);
	if (picc->config.sfgi > 0)
		picc->deaf_until_us = now_us +
				      emrtd_picc_time_us(picc->config.sfgi);
	return emrtd_picc_say(picc, answer_to_select(picc, picc->sent),
	    EMRTD_AIR_CHECKED, out);
}

bool
emrtd_picc_hear_pps(struct emrtd_picc *picc, struct emrtd_bytes in,
    struct emrtd_picc_answer *out)
{
	unsigned to_card = 0, from_card = 0;

	if (in.len == 3 && in.ptr[1] == PPS0_WITH_PPS1) {
		to_card = in.ptr[2] & 3;
		from_card = in.ptr[2] >> 2;
	} else if (in.len != 2 || in.ptr[1] != PPS0_WITHOUT) {
		return false;
	}
	if (in.ptr[0] != (PPSS | picc->cid) ||
	    !emrtd_picc_rates_fit(picc, to_card, from_card) ||
	    emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_NO_PPS) != NULL)
		return false;
	picc->next_hears = (enum emrtd_air_rate)to_card;
	picc->next_says = (enum emrtd_air_rate)from_card;
	picc->sent[0] = in.ptr[0];
	return emrtd_picc_say(picc, 1, EMRTD_AIR_CHECKED, out);
}

bool
emrtd_picc_hear_a(struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    uint64_t now_us, struct emrtd_picc_answer *out)
{
	struct emrtd_bytes in = frame->bytes;

	switch (picc->state) {
	case EMRTD_PICC_IDLE:
	case EMRTD_PICC_HALT:
		return wake(picc, frame, out);
	case EMRTD_PICC_READY:
		return anticollision(picc, frame, out);
	case EMRTD_PICC_ACTIVE:
		if (frame->check != EMRTD_AIR_CHECKED || frame->last_bits != 0)
			return lapse(picc);
		if (is(in, HLTA, 2) && in.ptr[1] == 0) {
			emrtd_picc_unselect(picc, true);
			return false; /* HLTA is never answered */
		}
		if (is(in, RATS, 2))
			return rats(picc, in.ptr[1], now_us, out);
		return lapse(picc);
	case EMRTD_PICC_PROTOCOL:
		break;
	}
	return false;
}
