#include "transport/pn53x_command.h"

#include "core/builder.h"
#include "core/cursor.h"

#include <string.h>

enum {
	WRITE_REGISTER = 0x08,
	SET_PARAMETERS = 0x12,
	RF_CONFIGURATION = 0x32,
	IN_COMMUNICATE_THRU = 0x42,
	IN_DESELECT = 0x44,
	IN_LIST_PASSIVE_TARGET = 0x4A
};

/* Items of RFConfiguration. */
enum {
	RF_FIELD = 1,
	RF_TIMINGS = 2,
	RF_RETRIES = 5
};

enum {
	CIU_TX_MODE = 0x6302,
	CIU_RX_MODE = 0x6303,
	CIU_MOD_WIDTH = 0x6314
};

#define MODE_CRC       0x80
#define MODE_TYPE_B    0x03
#define TG             1
#define STATUS_MASK    0x3F
#define WAIT_STEP_1_US 100
#define WAIT_STEPS     16
#define ATR_RES_STEP   0x0B /* a default of the chip; not used here */
#define SAK_INCOMPLETE 0x04
#define SAK_14443_4    0x20

void
emrtd_pn53x_put_parameters(struct emrtd_out *out)
{
	emrtd_put_u8(out, SET_PARAMETERS);
	emrtd_put_u8(out, 0x04); /* automatic ATR_RES, as after a reset */
}

void
emrtd_pn53x_put_retries(struct emrtd_out *out)
{
	emrtd_put_u8(out, RF_CONFIGURATION);
	emrtd_put_u8(out, RF_RETRIES);
	emrtd_put_u8(out, 0); /* ATR_REQ */
	emrtd_put_u8(out, 0); /* PSL_REQ */
	emrtd_put_u8(out, 1); /* selection: once more */
}

void
emrtd_pn53x_put_field(struct emrtd_out *out, bool on)
{
	emrtd_put_u8(out, RF_CONFIGURATION);
	emrtd_put_u8(out, RF_FIELD);
	emrtd_put_u8(out, on ? 0x01 : 0x00);
}

/* Number of the step, from 1; 0: none is long enough. */
static uint8_t
step_of(uint32_t wait_us)
{
	uint32_t us = WAIT_STEP_1_US;

	for (uint8_t step = 1; step <= WAIT_STEPS; step++, us *= 2)
		if (us >= wait_us)
			return step;
	return 0;
}

uint32_t
emrtd_pn53x_wait_step(uint32_t wait_us)
{
	uint8_t step = step_of(wait_us);

	return step == 0 ? 0 : (uint32_t)WAIT_STEP_1_US << (step - 1);
}

uint32_t
emrtd_pn53x_put_wait(struct emrtd_out *out, uint32_t wait_us)
{
	emrtd_put_u8(out, RF_CONFIGURATION);
	emrtd_put_u8(out, RF_TIMINGS);
	emrtd_put_u8(out, 0);
	emrtd_put_u8(out, ATR_RES_STEP);
	emrtd_put_u8(out, step_of(wait_us));
	return emrtd_pn53x_wait_step(wait_us);
}

static void
put_register(struct emrtd_out *out, uint16_t address, uint8_t value)
{
	emrtd_put_u16(out, address);
	emrtd_put_u8(out, value);
}

void
emrtd_pn53x_put_speed(struct emrtd_out *out, enum emrtd_pn53x_type type,
    const struct emrtd_isodep_speed *speed)
{
	/* The pause of type A in 1/13.56 us, which is shorter when faster. */
	static const uint8_t widths[] = { 0x26, 0x13, 0x09, 0x04 };
	uint8_t mode = MODE_CRC |
		       (type == EMRTD_PN53X_TYPE_B ? MODE_TYPE_B : 0);

	emrtd_put_u8(out, WRITE_REGISTER);
	put_register(out, CIU_TX_MODE,
	    (uint8_t)(mode | (speed->to_chip & 3u) << 4));
	put_register(out, CIU_RX_MODE,
	    (uint8_t)(mode | (speed->from_chip & 3u) << 4));
	put_register(out, CIU_MOD_WIDTH, widths[speed->to_chip & 3u]);
}

void
emrtd_pn53x_put_select(struct emrtd_out *out, enum emrtd_pn53x_type type)
{
	emrtd_put_u8(out, IN_LIST_PASSIVE_TARGET);
	emrtd_put_u8(out, 1); /* one chip */
	emrtd_put_u8(out, type == EMRTD_PN53X_TYPE_B ? 3 : 0);
	if (type == EMRTD_PN53X_TYPE_B)
		emrtd_put_u8(out, 0); /* of any application family */
}

void
emrtd_pn53x_put_deselect(struct emrtd_out *out)
{
	emrtd_put_u8(out, IN_DESELECT);
	emrtd_put_u8(out, TG);
}

void
emrtd_pn53x_put_exchange(struct emrtd_out *out, struct emrtd_bytes frame)
{
	emrtd_put_u8(out, IN_COMMUNICATE_THRU);
	emrtd_put(out, frame);
}

static enum emrtd_error
parse_a(struct emrtd_bytes in, struct emrtd_pn53x_target *out)
{
	struct emrtd_bytes uid;
	uint16_t atqa;
	uint8_t n;

	if (!emrtd_u16(&in, &atqa) || !emrtd_u8(&in, &out->sak) ||
	    !emrtd_u8(&in, &n) || n > sizeof(out->uid) ||
	    !emrtd_take(&in, n, &uid) || (out->sak & SAK_INCOMPLETE) != 0)
		return EMRTD_E_PROTOCOL;
	if (n > 0)
		memcpy(out->uid, uid.ptr, n);
	out->uid_len = n;
	out->speaks_14443_4 = (out->sak & SAK_14443_4) != 0;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_pn53x_select_parse(struct emrtd_bytes answer, enum emrtd_pn53x_type type,
    struct emrtd_pn53x_target *out)
{
	uint8_t n, tg;

	memset(out, 0, sizeof(*out));
	if (!emrtd_u8(&answer, &n) || n > 1)
		return EMRTD_E_PROTOCOL;
	if (n == 0)
		return EMRTD_E_NOT_FOUND;
	if (!emrtd_u8(&answer, &tg) || tg != TG)
		return EMRTD_E_PROTOCOL;
	if (type == EMRTD_PN53X_TYPE_A)
		return parse_a(answer, out);
	/* Its ATQB is asked for again, by ourselves. */
	out->speaks_14443_4 = true;
	return EMRTD_OK;
}

/* Status bytes of a PN53x that are about what was on the air. */
static const struct {
	uint8_t status;
	enum emrtd_isodep_heard heard;
} statuses[] = {
	{ 0x00, EMRTD_HEARD_FRAME },
	{ 0x01, EMRTD_HEARD_NOTHING }, /* time out */
	{ 0x02, EMRTD_HEARD_GARBLED }, /* CRC */
	{ 0x03, EMRTD_HEARD_GARBLED }, /* parity */
	{ 0x04, EMRTD_HEARD_GARBLED }, /* bit count */
	{ 0x05, EMRTD_HEARD_GARBLED }, /* framing */
	{ 0x06, EMRTD_HEARD_GARBLED }, /* collision */
	{ 0x07, EMRTD_HEARD_GARBLED }, /* longer than its buffer */
	{ 0x09, EMRTD_HEARD_GARBLED }, /* longer than that of its receiver */
	{ 0x0B, EMRTD_HEARD_GARBLED }, /* protocol */
	{ 0x13, EMRTD_HEARD_GARBLED }, /* format of the data */
	{ 0x29, EMRTD_HEARD_NOTHING }, /* released */
};

enum emrtd_error
emrtd_pn53x_exchange_parse(struct emrtd_bytes answer,
    enum emrtd_isodep_heard *heard, struct emrtd_bytes *frame)
{
	uint8_t status;

	*heard = EMRTD_HEARD_NOTHING;
	*frame = emrtd_bytes(NULL, 0);
	if (!emrtd_u8(&answer, &status) || (status & ~STATUS_MASK) != 0)
		return EMRTD_E_PROTOCOL;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].status != status)
			continue;
		*heard = statuses[i].heard;
		if (*heard == EMRTD_HEARD_FRAME)
			*frame = answer;
		return EMRTD_OK;
	}
	return EMRTD_E_PROTOCOL;
}
