#include "transport/reader_pace.h"

#include "core/builder.h"
#include "core/cursor.h"

#include <string.h>

#define GENERIC 0x40 /* of the capabilities */

static bool
take_u16(struct emrtd_bytes *in, uint16_t *out)
{
	uint8_t low, high;

	if (!emrtd_u8(in, &low) || !emrtd_u8(in, &high))
		return false;
	*out = (uint16_t)(high << 8 | low);
	return true;
}

static bool
take_u32(struct emrtd_bytes *in, uint32_t *out)
{
	uint16_t low, high;

	if (!take_u16(in, &low) || !take_u16(in, &high))
		return false;
	*out = (uint32_t)high << 16 | low;
	return true;
}

static bool
take_short(struct emrtd_bytes *in, struct emrtd_bytes *out)
{
	uint8_t len;

	return emrtd_u8(in, &len) && emrtd_take(in, len, out);
}

static bool
take_long(struct emrtd_bytes *in, struct emrtd_bytes *out)
{
	uint16_t len;

	return take_u16(in, &len) && emrtd_take(in, len, out);
}

/* Result and data; nothing may trail. */
static bool
take_answer(struct emrtd_bytes in, uint32_t *result, struct emrtd_bytes *data)
{
	return take_u32(&in, result) && take_long(&in, data) && emrtd_end(&in);
}

bool
emrtd_reader_pace_offers(struct emrtd_bytes answer)
{
	struct emrtd_bytes data;
	uint32_t result;
	uint8_t bits;

	return take_answer(answer, &result, &data) && result == 0 &&
	       emrtd_u8(&data, &bits) && (bits & GENERIC) != 0;
}

static void
put_u16(struct emrtd_out *out, size_t n)
{
	emrtd_put_u8(out, (uint8_t)n);
	emrtd_put_u8(out, (uint8_t)(n >> 8));
}

enum emrtd_error
emrtd_reader_pace_request(uint8_t password_id, struct emrtd_bytes password,
    struct emrtd_out *out)
{
	/* Id; lengths of CHAT, password (1 each), certificate (2). */
	size_t len = 1 + 1 + 1 + password.len + 2;

	if (password.len > EMRTD_READER_PACE_PASSWORD_MAX)
		return EMRTD_E_ARG;
	emrtd_put_u8(out, EMRTD_READER_PACE_ESTABLISH);
	put_u16(out, len);
	emrtd_put_u8(out, password_id);
	emrtd_put_u8(out, 0);
	emrtd_put_u8(out, (uint8_t)password.len);
	emrtd_put(out, password);
	put_u16(out, 0);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

/* The last three come all together, or end anywhere between. */
static bool
take_rest(struct emrtd_bytes *in, struct emrtd_reader_pace_answer *out)
{
	if (!emrtd_end(in) && !take_short(in, &out->car_current))
		return false;
	if (!emrtd_end(in) && !take_short(in, &out->car_previous))
		return false;
	if (!emrtd_end(in) && !take_long(in, &out->id_icc))
		return false;
	return emrtd_end(in);
}

enum emrtd_error
emrtd_reader_pace_parse(struct emrtd_bytes bytes,
    struct emrtd_reader_pace_answer *out)
{
	struct emrtd_bytes data, sw;

	memset(out, 0, sizeof(*out));
	if (!take_answer(bytes, &out->result, &data))
		return EMRTD_E_MALFORMED;
	if (emrtd_end(&data))
		return EMRTD_OK;
	if (!emrtd_take(&data, 2, &sw) ||
	    !take_long(&data, &out->card_access) || !take_rest(&data, out))
		return EMRTD_E_MALFORMED;
	out->set_at_sw = (uint16_t)(sw.ptr[0] << 8 | sw.ptr[1]);
	out->has_data = true;
	return EMRTD_OK;
}

/* Under 'mask'; what the mask leaves out is the chip's status word. */
static const struct {
	uint32_t result, mask;
	enum emrtd_error error;
	enum emrtd_reader_pace_step step;
	const char *text;
} results[] = {
	{ 0x00000000, 0xFFFFFFFF, EMRTD_OK, EMRTD_READER_PACE_NO_STEP, "" },
	{ 0xD0000001, 0xFFFFFFFF, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP,
	    "the reader found lengths that do not fit" },
	{ 0xD0000002, 0xFFFFFFFF, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP,
	    "the reader was given what it does not take" },
	{ 0xD0000003, 0xFFFFFFFF, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP,
	    "the reader was given what does not go together" },
	{ 0xE0000001, 0xFFFFFFFF, EMRTD_E_MALFORMED, EMRTD_READER_PACE_NO_STEP,
	    "the chip's answer to the reader is malformed" },
	{ 0xE0000002, 0xFFFFFFFF, EMRTD_E_MALFORMED, EMRTD_READER_PACE_NO_STEP,
	    "the chip's answer to the reader lacks something" },
	{ 0xE0000003, 0xFFFFFFFF, EMRTD_E_NO_PASSWORD,
	    EMRTD_READER_PACE_NO_STEP,
	    "the reader does not know this kind of password" },
	{ 0xE0000006, 0xFFFFFFFF, EMRTD_E_TOKEN, EMRTD_READER_PACE_NO_STEP,
	    "the chip's token is wrong, as the reader says" },
	{ 0xF0000000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_FILE,
	    "the reader could not select EF.CardAccess" },
	{ 0xF0010000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_FILE,
	    "the reader could not read EF.CardAccess" },
	{ 0xF0020000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_SET,
	    "PACE by the reader, MSE:Set AT" },
	{ 0xF0030000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_STEP,
	    "PACE by the reader, encrypted nonce" },
	{ 0xF0040000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_STEP,
	    "PACE by the reader, mapping" },
	{ 0xF0050000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_STEP,
	    "PACE by the reader, key agreement" },
	{ 0xF0060000, 0xFFFF0000, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_LAST,
	    "PACE by the reader, mutual authentication" },
	{ 0xF0100001, 0xFFFFFFFF, EMRTD_E_CARD_LOST, EMRTD_READER_PACE_NO_STEP,
	    "the reader lost the document" },
	{ 0xF0100002, 0xFFFFFFFF, EMRTD_E_CARD_LOST, EMRTD_READER_PACE_NO_STEP,
	    "no document lies on the reader" },
	{ 0xF0200001, 0xFFFFFFFF, EMRTD_E_CANCELLED, EMRTD_READER_PACE_NO_STEP,
	    "cancelled at the reader" },
	{ 0xF0200002, 0xFFFFFFFF, EMRTD_E_TIMEOUT, EMRTD_READER_PACE_NO_STEP,
	    "nothing was typed at the reader in time" },
	{ 0xF0200003, 0xFFFFFFFF, EMRTD_E_ACCESS_DENIED,
	    EMRTD_READER_PACE_NO_STEP, "the holder has set no PIN" },
};

enum emrtd_error
emrtd_reader_pace_error(uint32_t result, enum emrtd_reader_pace_step *step,
    uint16_t *sw, const char **text)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		if ((result & results[i].mask) != results[i].result)
			continue;
		*step = results[i].step;
		*sw = (uint16_t)(result & ~results[i].mask);
		*text = results[i].text;
		return results[i].error;
	}
	*step = EMRTD_READER_PACE_NO_STEP;
	*sw = 0;
	*text = "the reader failed for a reason of its own";
	return EMRTD_E_PROTOCOL;
}
