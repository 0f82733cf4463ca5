#include "transport/ccid_descriptor.h"

#include "apdu/apdu.h"
#include "core/cursor.h"

#include <string.h>

#define CLASS_CCID   0x0B
#define CLASS_VENDOR 0xFF
#define TYPE_CLASS   0x21
#define TO_HOST      0x80
#define KIND_BULK    2
#define KIND_INTR    3

#define SHORT_COMMAND  261
#define SHORT_RESPONSE 258
/* What the smallest reader of the survey says. */
#define LEAST_MESSAGE 64
#define LEAST_PACKET  8
#define MOST_PACKET   1024
#define LEAST_NOTICE  2

#define RANK_CONTACTLESS 8

static uint32_t
le32(struct emrtd_bytes d, size_t at)
{
	const uint8_t *p = d.ptr + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* The class descriptor among others: HID's has the same type. */
static bool
find_class(struct emrtd_bytes extra, struct emrtd_bytes *out)
{
	struct emrtd_bytes d;
	size_t len;

	while (extra.len >= 2) {
		len = extra.ptr[0];
		if (len < 2 || !emrtd_take(&extra, len, &d))
			return false;
		if (d.ptr[1] == TYPE_CLASS &&
		    len == EMRTD_CCID_DESCRIPTOR_LEN) {
			*out = d;
			return true;
		}
	}
	return false;
}

static bool
find_descriptor(const struct emrtd_usb_interface *in, struct emrtd_bytes *out)
{
	if (find_class(in->extra, out))
		return true;
	return in->n_endpoints > 0 &&
	       find_class(in->endpoints[in->n_endpoints - 1].extra, out);
}

static enum emrtd_ccid_level
level_of(uint32_t features)
{
	switch (features >> 16 & 0x07) {
	case 1:
		return EMRTD_CCID_TPDU;
	case 2:
		return EMRTD_CCID_SHORT;
	case 4:
		return EMRTD_CCID_EXTENDED;
	default:
		return EMRTD_CCID_CHARACTER;
	}
}

/* The first endpoint of each sort; bits 11 and 12 of a size are not size. */
static void
take_endpoint(const struct emrtd_usb_endpoint *e,
    struct emrtd_ccid_interface *out)
{
	uint8_t kind = e->attributes & 0x03;
	bool to_host = (e->address & TO_HOST) != 0;
	uint16_t size = e->max_packet & 0x7FF;

	if (kind == KIND_INTR && to_host && !out->interrupt) {
		out->interrupt = e->address;
		out->interrupt_packet = size;
	} else if (kind == KIND_BULK && to_host && !out->bulk_in) {
		out->bulk_in = e->address;
		out->in_packet = size;
	} else if (kind == KIND_BULK && !to_host && !out->bulk_out) {
		out->bulk_out = e->address;
		out->out_packet = size;
	}
}

static bool
packet_fits(uint16_t size)
{
	return size >= LEAST_PACKET && size <= MOST_PACKET;
}

enum emrtd_error
emrtd_ccid_interface_parse(const struct emrtd_usb_interface *in,
    struct emrtd_ccid_interface *out)
{
	struct emrtd_bytes d;
	bool found;

	memset(out, 0, sizeof(*out));
	if (in->class_ != CLASS_CCID && in->class_ != CLASS_VENDOR)
		return EMRTD_E_NOT_FOUND;
	found = find_descriptor(in, &d);
	if (!found && in->class_ == CLASS_VENDOR)
		return EMRTD_E_NOT_FOUND;
	out->number = in->number;
	for (size_t i = 0; i < in->n_endpoints; i++)
		take_endpoint(&in->endpoints[i], out);
	if (!found)
		return EMRTD_E_MALFORMED;
	out->n_slots = d.ptr[4] < EMRTD_CCID_MAX_SLOTS ? (uint8_t)(d.ptr[4] + 1)
						       : EMRTD_CCID_MAX_SLOTS;
	out->features = le32(d, 40);
	out->level = level_of(out->features);
	out->max_message = le32(d, 44);
	if (out->max_message > EMRTD_CCID_MESSAGE_MAX)
		out->max_message = EMRTD_CCID_MESSAGE_MAX;
	if (!out->bulk_in || !out->bulk_out || !packet_fits(out->in_packet) ||
	    !packet_fits(out->out_packet) || out->max_message < LEAST_MESSAGE)
		return EMRTD_E_MALFORMED;
	if (out->interrupt_packet < LEAST_NOTICE ||
	    out->interrupt_packet > MOST_PACKET)
		out->interrupt = 0; /* a hint that one can do without */
	return EMRTD_OK;
}

static uint32_t
limit(const struct emrtd_ccid_interface *reader, uint32_t of_short,
    uint32_t of_extended)
{
	uint32_t block = reader->max_message - 10;

	if (reader->level == EMRTD_CCID_EXTENDED)
		return of_extended;
	if (reader->level != EMRTD_CCID_SHORT)
		return 0;
	return block < of_short ? block : of_short;
}

uint32_t
emrtd_ccid_max_command(const struct emrtd_ccid_interface *reader)
{
	return limit(reader, SHORT_COMMAND, EMRTD_COMMAND_MAX);
}

uint32_t
emrtd_ccid_max_response(const struct emrtd_ccid_interface *reader)
{
	return limit(reader, SHORT_RESPONSE, EMRTD_RESPONSE_MAX);
}

unsigned
emrtd_ccid_rank(const struct emrtd_ccid_interface *reader, bool contactless)
{
	unsigned rank;

	if (reader->level < EMRTD_CCID_SHORT)
		return 0;
	rank = reader->level == EMRTD_CCID_EXTENDED ? 2 : 1;
	return contactless ? rank + RANK_CONTACTLESS : rank;
}

bool
emrtd_ccid_rank_contactless(unsigned rank)
{
	return rank >= RANK_CONTACTLESS;
}
