/* The commands that need no card, and the table of all. */
#include "pn532_inner.h"

#include <string.h>

#define ANY_LEN PN532_DATA_MAX

enum {
	TEST_LINE = 0,
	TEST_ROM = 1,
	TEST_RAM = 2,
	TEST_PRESENCE = 6,
	TEST_ANTENNA = 7,
	RF_FIELD = 0x01,
	RF_TIMINGS = 0x02,
	RF_RETRIES_COM = 0x04,
	RF_RETRIES = 0x05,
	RF_ANALOG_106_A = 0x0A,
	RF_ANALOG_B = 0x0C,
	RF_ANALOG_FAST = 0x0D
};

uint8_t *
pn532_register(struct pn532 *p, unsigned address)
{
	/* Those of the contactless unit; all others are only remembered. */
	if ((address & 0xFF00) == PN532_CIU)
		return &p->ciu[address & 0xFF];
	return &p->sfr[address & 0xFF];
}

static bool
diagnose(struct pn532 *p, struct pn532_call *call)
{
	switch (call->in.ptr[0]) {
	case TEST_LINE:
		pn532_put(p, call->in);
		return true;
	case TEST_ROM:
	case TEST_RAM:
	case TEST_ANTENNA:
		pn532_put_u8(p, PN532_OK);
		return true;
	case TEST_PRESENCE:
		return pn532_presence(p, call);
	default:
		return false;
	}
}

static bool
get_firmware_version(struct pn532 *p, struct pn532_call *call)
{
	static const uint8_t versions[][4] = {
		[PN532_PN531] = { 0x04, 0x02 },
		[PN532_PN532] = { 0x32, 0x01, 0x06, 0x07 },
		[PN532_PN533] = { 0x33, 0x02, 0x07, 0x07 },
	};
	enum pn532_kind kind = p->config.kind;

	(void)call;
	pn532_put(p, emrtd_bytes(versions[kind], kind == PN532_PN531 ? 2 : 4));
	return true;
}

static bool
get_general_status(struct pn532 *p, struct pn532_call *call)
{
	(void)call;
	pn532_put_u8(p, 0); /* no error */
	pn532_put_u8(p, p->field);
	pn532_put_u8(p, p->target.there);
	if (p->target.there) {
		pn532_put_u8(p, 1);
		pn532_put_u8(p, *pn532_register(p, PN532_RX_MODE) >> 4 & 7);
		pn532_put_u8(p, *pn532_register(p, PN532_TX_MODE) >> 4 & 7);
		pn532_put_u8(p, 0); /* kind: 106 kbit/s type A, or B */
	}
	pn532_put_u8(p, 0);
	return true;
}

/* The PN533 says first how it went. */
static void
register_status(struct pn532 *p)
{
	if (p->config.kind == PN532_PN533)
		pn532_put_u8(p, PN532_OK);
}

static bool
read_register(struct pn532 *p, struct pn532_call *call)
{
	const uint8_t *in = call->in.ptr;

	if (call->in.len % 2 != 0)
		return false;
	register_status(p);
	for (size_t i = 0; i < call->in.len; i += 2)
		pn532_put_u8(p,
		    *pn532_register(p, (unsigned)in[i] << 8 | in[i + 1]));
	return true;
}

static bool
write_register(struct pn532 *p, struct pn532_call *call)
{
	const uint8_t *in = call->in.ptr;

	if (call->in.len % 3 != 0)
		return false;
	register_status(p);
	for (size_t i = 0; i < call->in.len; i += 3)
		*pn532_register(p,
		    (unsigned)in[i] << 8 | in[i + 1]) = in[i + 2];
	return true;
}

static bool
read_gpio(struct pn532 *p, struct pn532_call *call)
{
	static const uint8_t pins[] = { 0x3F, 0x06, 0x01 };

	(void)call;
	pn532_put(p, emrtd_bytes(pins, sizeof(pins)));
	return true;
}

/* The rest of the answer is empty: done. */
static bool
done(struct pn532 *p, struct pn532_call *call)
{
	(void)p;
	(void)call;
	return true;
}

static bool
set_serial_baud_rate(struct pn532 *p, struct pn532_call *call)
{
	static const uint32_t rates[] = { 9600, 19200, 38400, 57600, 115200,
		230400, 460800, 921600, 1288000 };
	uint8_t index = call->in.ptr[0];

	if (index >= sizeof(rates) / sizeof(rates[0]))
		return false;
	/* The answer and the host's ACK still come at the old one. */
	p->next_baud = rates[index];
	return true;
}

static bool
set_parameters(struct pn532 *p, struct pn532_call *call)
{
	p->parameters = call->in.ptr[0];
	return true;
}

static bool
power_down(struct pn532 *p, struct pn532_call *call)
{
	pn532_field(p, false, call->now_us);
	p->asleep = true;
	pn532_put_u8(p, PN532_OK);
	return true;
}

static bool
rf_configuration(struct pn532 *p, struct pn532_call *call)
{
	struct emrtd_bytes in = call->in;
	static const uint8_t lengths[] = {
		[RF_FIELD] = 1,
		[RF_TIMINGS] = 3,
		[RF_RETRIES_COM] = 1,
		[RF_RETRIES] = 3,
		[RF_ANALOG_106_A] = 11,
		[0x0B] = 8,
		[RF_ANALOG_B] = 3,
		[RF_ANALOG_FAST] = 9,
	};
	uint8_t item = in.ptr[0];

	if (item >= sizeof(lengths) || lengths[item] == 0 ||
	    in.len != 1U + lengths[item])
		return false;
	if (item == RF_FIELD)
		pn532_field(p, (in.ptr[1] & 1) != 0, call->now_us);
	else if (item == RF_TIMINGS)
		p->timeout = in.ptr[3];
	else if (item == RF_RETRIES_COM)
		p->retries_com = in.ptr[1];
	else if (item == RF_RETRIES)
		p->retries_passive = in.ptr[3];
	return true;
}

/*
 * What is not here is not simulated: being a target, other chips' protocols,
 * InAutoPoll, InJumpForDEP. It is refused as a chip without them would.
 */
static const struct row {
	uint8_t code;
	uint16_t min, max; /* length of the parameters */
	pn532_handler *run;
} rows[] = {
	{ PN532_DIAGNOSE, 1, ANY_LEN, diagnose },
	{ PN532_GET_FIRMWARE_VERSION, 0, 0, get_firmware_version },
	{ PN532_GET_GENERAL_STATUS, 0, 0, get_general_status },
	{ PN532_READ_REGISTER, 2, ANY_LEN, read_register },
	{ PN532_WRITE_REGISTER, 3, ANY_LEN, write_register },
	{ PN532_READ_GPIO, 0, 0, read_gpio },
	{ PN532_WRITE_GPIO, 2, 2, done },
	{ PN532_SET_SERIAL_BAUD_RATE, 1, 1, set_serial_baud_rate },
	{ PN532_SET_PARAMETERS, 1, 1, set_parameters },
	{ PN532_SAM_CONFIGURATION, 1, 3, done },
	{ PN532_POWER_DOWN, 1, 2, power_down },
	{ PN532_RF_CONFIGURATION, 2, 12, rf_configuration },
	{ PN532_IN_DATA_EXCHANGE, 1, ANY_LEN, pn532_in_data_exchange },
	{ PN532_IN_COMMUNICATE_THRU, 0, ANY_LEN, pn532_in_communicate_thru },
	{ PN532_IN_DESELECT, 1, 1, pn532_in_deselect },
	{ PN532_IN_LIST_PASSIVE_TARGET, 2, 16, pn532_in_list_passive_target },
	{ PN532_IN_PSL, 3, 3, pn532_in_psl },
	{ PN532_IN_RELEASE, 1, 1, pn532_in_release },
	{ PN532_IN_SELECT, 1, 1, pn532_in_select },
};

bool
pn532_run(struct pn532 *p, uint8_t code, struct pn532_call *call)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return call->in.len >= rows[i].min &&
			       call->in.len <= rows[i].max &&
			       rows[i].run(p, call);
	return false;
}
