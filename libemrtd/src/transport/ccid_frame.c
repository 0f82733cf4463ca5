#include "transport/ccid_frame.h"

#include "core/builder.h"
#include "core/cursor.h"

#define LENGTH_AT 1
#define SLOT_AT   5

static void
put_le16(struct emrtd_out *out, uint16_t v)
{
	emrtd_put_u8(out, (uint8_t)v);
	emrtd_put_u8(out, (uint8_t)(v >> 8));
}

static uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

void
emrtd_ccid_put(struct emrtd_out *out, const struct emrtd_ccid_command *command)
{
	size_t len = command->data.len;

	emrtd_put_u8(out, (uint8_t)command->type);
	put_le16(out, (uint16_t)(len & 0xFFFF));
	put_le16(out, (uint16_t)(len >> 16));
	emrtd_put_u8(out, command->slot);
	emrtd_put_u8(out, command->seq);
	emrtd_put_u8(out, command->parameter);
	put_le16(out, command->level);
	emrtd_put(out, command->data);
}

bool
emrtd_ccid_message_len(struct emrtd_bytes start, uint64_t *len)
{
	if (start.len < EMRTD_CCID_HEADER)
		return false;
	*len = EMRTD_CCID_HEADER + (uint64_t)le32(start.ptr + LENGTH_AT);
	return true;
}

enum emrtd_error
emrtd_ccid_answer_parse(struct emrtd_bytes message,
    struct emrtd_ccid_answer *out)
{
	struct emrtd_bytes rest = message, head;
	const uint8_t *h;
	uint64_t len;

	if (!emrtd_ccid_message_len(message, &len) || len != message.len ||
	    !emrtd_take(&rest, EMRTD_CCID_HEADER, &head))
		return EMRTD_E_PROTOCOL;
	h = head.ptr;
	if ((h[7] & 0x03) > EMRTD_CCID_ICC_ABSENT ||
	    h[7] >> 6 > EMRTD_CCID_MORE_TIME)
		return EMRTD_E_PROTOCOL;
	*out = (struct emrtd_ccid_answer){
		.type = h[0],
		.slot = h[SLOT_AT],
		.seq = h[6],
		.icc = (enum emrtd_ccid_icc)(h[7] & 0x03),
		.outcome = (enum emrtd_ccid_outcome)(h[7] >> 6),
		.error = h[8],
		.chain = h[9],
		.data = rest,
	};
	return EMRTD_OK;
}

uint8_t
emrtd_ccid_answer_type(enum emrtd_ccid_type command)
{
	if (command == EMRTD_CCID_POWER_ON || command == EMRTD_CCID_XFR)
		return EMRTD_CCID_DATA;
	return EMRTD_CCID_STATUS;
}

/*
 * An antenna has no wires to fail: what goes wrong between a contactless
 * reader and the chip is a chip that moved out of the field, for a moment or
 * for good. All others are PROTOCOL.
 */
static const struct {
	uint8_t error;
	enum emrtd_error means;
} errors[] = {
	{ EMRTD_CCID_MUTE, EMRTD_E_CARD_LOST },
	{ 0xFD, EMRTD_E_CARD_LOST }, /* parity */
	{ 0xFC, EMRTD_E_TOO_LONG },  /* overrun */
	{ 0xFB, EMRTD_E_CARD_LOST }, /* hardware */
	{ 0xF2, EMRTD_E_BUSY },      /* with a sequence of its own */
	{ 0xE0, EMRTD_E_BUSY },      /* the slot */
	{ LENGTH_AT, EMRTD_E_TOO_LONG },
};

#define N_ERRORS (sizeof(errors) / sizeof(errors[0]))

enum emrtd_error
emrtd_ccid_error(const struct emrtd_ccid_answer *failed)
{
	if (failed->icc == EMRTD_CCID_ICC_ABSENT)
		return EMRTD_E_CARD_LOST;
	for (size_t i = 0; i < N_ERRORS; i++)
		if (errors[i].error == failed->error)
			return errors[i].means;
	return EMRTD_E_PROTOCOL;
}
