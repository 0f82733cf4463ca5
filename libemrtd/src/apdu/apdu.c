#include "apdu/apdu.h"

#include "core/builder.h"
#include "core/cursor.h"

#define SHORT_DATA_MAX    255
#define SHORT_NE_MAX      256
#define EXTENDED_DATA_MAX 65535
#define EXTENDED_NE_MAX   65536

static void
put_short(const struct emrtd_command *command, struct emrtd_out *out)
{
	if (command->data.len > 0) {
		emrtd_put_u8(out, (uint8_t)command->data.len);
		emrtd_put(out, command->data);
	}
	if (command->ne > 0)
		emrtd_put_u8(out, (uint8_t)command->ne); /* 256 is 00 */
}

/* A zero byte says 'extended'; it stands once, before Lc or a lone Le. */
static void
put_extended(const struct emrtd_command *command, struct emrtd_out *out)
{
	if (command->data.len > 0 || command->ne > 0)
		emrtd_put_u8(out, 0);
	if (command->data.len > 0) {
		emrtd_put_u16(out, (uint16_t)command->data.len);
		emrtd_put(out, command->data);
	}
	if (command->ne > 0)
		emrtd_put_u16(out, (uint16_t)command->ne); /* 65536 is 0000 */
}

enum emrtd_error
emrtd_command_encode(const struct emrtd_command *command, struct emrtd_out *out)
{
	if (command->data.len > EXTENDED_DATA_MAX ||
	    command->ne > EXTENDED_NE_MAX)
		return EMRTD_E_ARG;
	emrtd_put_u8(out, command->cla);
	emrtd_put_u8(out, command->ins);
	emrtd_put_u8(out, command->p1);
	emrtd_put_u8(out, command->p2);
	if (command->extended || command->data.len > SHORT_DATA_MAX ||
	    command->ne > SHORT_NE_MAX)
		put_extended(command, out);
	else
		put_short(command, out);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

/* What follows a first length byte that is not zero: cases 3S and 4S. */
static bool
take_short(struct emrtd_bytes *in, uint8_t lc, struct emrtd_command *c)
{
	uint8_t le;

	if (!emrtd_take(in, lc, &c->data))
		return false;
	if (emrtd_end(in))
		return true;
	if (!emrtd_u8(in, &le))
		return false;
	c->ne = le == 0 ? SHORT_NE_MAX : le;
	return emrtd_end(in);
}

/* What follows a first length byte of zero: cases 2E, 3E and 4E. */
static bool
take_extended(struct emrtd_bytes *in, struct emrtd_command *c)
{
	uint16_t n;

	c->extended = true;
	if (!emrtd_u16(in, &n))
		return false;
	if (!emrtd_end(in)) {
		if (n == 0 || !emrtd_take(in, n, &c->data))
			return false;
		if (emrtd_end(in))
			return true;
		if (!emrtd_u16(in, &n))
			return false;
	}
	c->ne = n == 0 ? EXTENDED_NE_MAX : n;
	return emrtd_end(in);
}

enum emrtd_error
emrtd_command_decode(struct emrtd_bytes bytes, struct emrtd_command *out)
{
	struct emrtd_command c = { 0 };
	uint8_t first;

	if (!emrtd_u8(&bytes, &c.cla) || !emrtd_u8(&bytes, &c.ins) ||
	    !emrtd_u8(&bytes, &c.p1) || !emrtd_u8(&bytes, &c.p2))
		return EMRTD_E_MALFORMED;
	if (emrtd_u8(&bytes, &first)) {
		if (emrtd_end(&bytes))
			c.ne = first == 0 ? SHORT_NE_MAX : first;
		else if (first != 0 ? !take_short(&bytes, first, &c)
				    : !take_extended(&bytes, &c))
			return EMRTD_E_MALFORMED;
	}
	*out = c;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_response_parse(struct emrtd_bytes bytes, struct emrtd_response *out)
{
	struct emrtd_response r;

	if (bytes.len < 2)
		return EMRTD_E_TRUNCATED;
	if (!emrtd_take(&bytes, bytes.len - 2, &r.data) ||
	    !emrtd_u16(&bytes, &r.sw))
		return EMRTD_E_INTERNAL;
	*out = r;
	return EMRTD_OK;
}
