/* Type B of ISO/IEC 14443-3, ATTRIB included. */
#include "card/picc_inner.h"

#include <string.h>

enum {
	APF = 0x05, /* REQB, WUPB; Slot-MARKER in the low half */
	ATQB = 0x50,
	ATTRIB = 0x1D,
	HLTB = 0x50,
	PARAM_WUPB = 0x08,
	PARAM_SLOTS = 0x07,
	AFI_ALL = 0x00,
	AFI_TRAVEL = 0xE0, /* family: identification */
	PROTOCOL_14443_4 = 0x01,
	FO_CID = 0x01,
	CID_MAX = 14
};

#define REQB_LEN       3
#define ATTRIB_LEN     9 /* what may follow is higher layer INF */
#define HLTB_LEN       5
#define SLOT_EXPONENTS 4

static size_t
answer_to_request(const struct emrtd_picc *picc, uint8_t *out)
{
	const struct emrtd_picc_config *config = &picc->config;

	if (config->atqb_len > 0) {
		memcpy(out, config->atqb, config->atqb_len);
		return config->atqb_len;
	}
	out[0] = ATQB;
	memcpy(out + 1, picc->pupi, EMRTD_PICC_PUPI_LEN);
	memset(out + 5, 0, 4); /* application data: as passports, none */
	out[9] = config->rates;
	out[10] = (uint8_t)(config->fsci << 4 | PROTOCOL_14443_4);
	out[11] = (uint8_t)(config->fwi << 4 | (config->cid ? FO_CID : 0));
	return 12;
}

static bool
request(struct emrtd_picc *picc, struct emrtd_bytes in,
    struct emrtd_picc_answer *out)
{
	uint8_t afi = in.ptr[1], param = in.ptr[2];
	unsigned exponent = param & PARAM_SLOTS;
	bool halted = picc->state == EMRTD_PICC_HALT;

	if ((afi != AFI_ALL && (afi & 0xF0) != AFI_TRAVEL) ||
	    exponent > SLOT_EXPONENTS || (halted && (param & PARAM_WUPB) == 0))
		return false;
	picc->was_halted = halted;
	picc->state = EMRTD_PICC_READY;
	picc->slot = 1;
	if (exponent > 0) {
		uint8_t any;

		emrtd_picc_random(picc, &any, 1);
		picc->slot = 1 + (any & ((1U << exponent) - 1));
	}
	if (picc->slot != 1)
		return false; /* waits for its Slot-MARKER */
	return emrtd_picc_say(picc, answer_to_request(picc, picc->sent),
	    EMRTD_AIR_CHECKED, out);
}

static bool
marker(struct emrtd_picc *picc, uint8_t apn, struct emrtd_picc_answer *out)
{
	if (picc->state != EMRTD_PICC_READY ||
	    (unsigned)(apn >> 4) + 1 != picc->slot)
		return false;
	return emrtd_picc_say(picc, answer_to_request(picc, picc->sent),
	    EMRTD_AIR_CHECKED, out);
}

static bool
attrib(struct emrtd_picc *picc, struct emrtd_bytes in,
    struct emrtd_picc_answer *out)
{
	uint8_t sizes_and_rates = in.ptr[6];
	uint8_t cid = in.ptr[8] & 0x0F;
	unsigned to_card = sizes_and_rates >> 4 & 3;
	unsigned from_card = sizes_and_rates >> 6;

	if ((in.ptr[7] & PROTOCOL_14443_4) == 0 || cid > CID_MAX ||
	    (cid != 0 && !picc->config.cid) ||
	    !emrtd_picc_rates_fit(picc, to_card, from_card))
		return false;
	picc->cid = cid;
	picc->fsd = emrtd_picc_frame_size(sizes_and_rates & 0x0F);
	emrtd_picc_begin_blocks(picc);
	/* No word about the largest chain that it takes; no higher layer. */
	picc->sent[0] = cid;
	(void)emrtd_picc_say(picc, 1, EMRTD_AIR_CHECKED, out);
	picc->hears = picc->next_hears = (enum emrtd_air_rate)to_card;
	picc->says = picc->next_says = (enum emrtd_air_rate)from_card;
	return true;
}

bool
emrtd_picc_hear_b(struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    struct emrtd_picc_answer *out)
{
	struct emrtd_bytes in = frame->bytes;

	if (frame->check != EMRTD_AIR_CHECKED || frame->last_bits != 0)
		return false;
	if (in.len == REQB_LEN && in.ptr[0] == APF)
		return request(picc, in, out);
	if (in.len == 1 && (in.ptr[0] & 0x0F) == APF && in.ptr[0] != APF)
		return marker(picc, in.ptr[0], out);
	if (picc->state != EMRTD_PICC_READY || in.len < HLTB_LEN ||
	    memcmp(in.ptr + 1, picc->pupi, EMRTD_PICC_PUPI_LEN) != 0)
		return false;
	if (in.ptr[0] == ATTRIB && in.len >= ATTRIB_LEN)
		return attrib(picc, in, out);
	if (in.ptr[0] != HLTB || in.len != HLTB_LEN)
		return false;
	emrtd_picc_unselect(picc, true);
	picc->sent[0] = 0x00;
	return emrtd_picc_say(picc, 1, EMRTD_AIR_CHECKED, out);
}
