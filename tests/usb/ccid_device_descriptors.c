/* Descriptors, and what endpoint 0 is asked. */
#include "ccid_device_inner.h"
#include "hostile_answer.h"

#include <string.h>

#define DESCRIPTOR_DEVICE        1
#define DESCRIPTOR_CONFIGURATION 2

#define CLASS_LEN 54

static uint8_t
index_if(const char *text, uint8_t index)
{
	return text != NULL ? index : 0;
}

void
ccid_device_descriptor(const struct ccid_device *device, uint8_t out[18])
{
	const struct ccid_device_config *c = &device->config;
	const uint8_t bytes[18] = { 18, DESCRIPTOR_DEVICE, 0x00, 0x02, 0, 0, 0,
		64, (uint8_t)c->vendor, (uint8_t)(c->vendor >> 8),
		(uint8_t)c->product, (uint8_t)(c->product >> 8), 0x00, 0x02,
		index_if(c->manufacturer, CCID_DEVICE_MANUFACTURER),
		index_if(c->name, CCID_DEVICE_PRODUCT),
		index_if(c->serial, CCID_DEVICE_SERIAL), 1 };

	memcpy(out, bytes, sizeof(bytes));
}

static void
put(struct emrtd_out *out, const uint8_t *bytes, size_t len)
{
	if (out->bad || len > out->cap - out->len) {
		out->bad = true;
		return;
	}
	memcpy(out->ptr + out->len, bytes, len);
	out->len += len;
}

static void
put_le32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

/* T=0 and T=1, no clock or rate to choose, one slot busy at a time. */
static void
put_class(struct emrtd_out *out, const struct ccid_device_interface *face)
{
	/* ATR decides all; NAD; IFSD is not asked for at the APDU levels. */
	const uint32_t automatic = 0x000000BA;
	uint8_t d[CLASS_LEN] = { CLASS_LEN, 0x21, 0x10, 0x01,
		(uint8_t)(face->n_slots - 1), 0x07 };

	put_le32(d + 6, 3);
	put_le32(d + 10, 4000);
	put_le32(d + 14, 4000);
	put_le32(d + 19, 10752);
	put_le32(d + 23, 10752);
	put_le32(d + 28, 254);
	put_le32(d + 40, automatic | (uint32_t)face->level << 16);
	put_le32(d + 44, face->max_message);
	d[48] = 0xFF;
	d[49] = 0xFF;
	d[53] = 1;
	put(out, d, sizeof(d));
}

static void
put_interface(struct emrtd_out *out, const struct ccid_device_interface *face,
    uint8_t i)
{
	const uint8_t head[] = { 9, 4, i, 0, face->no_interrupt ? 2 : 3,
		face->usb_class, 0, 0,
		index_if(face->name, (uint8_t)(CCID_DEVICE_INTERFACE + i)) };
	const uint8_t bulk[] = { 7, 5, ENDPOINT_OUT_OF(i), 2, PACKET_LEN, 0, 0,
		7, 5, ENDPOINT_IN_OF(i), 2, PACKET_LEN, 0, 0 };
	const uint8_t change[] = { 7, 5, ENDPOINT_CHANGE_OF(i), 3, 16, 0, 16 };

	put(out, head, sizeof(head));
	if (!face->descriptor_last)
		put_class(out, face);
	put(out, bulk, sizeof(bulk));
	if (!face->no_interrupt)
		put(out, change, sizeof(change));
	if (face->descriptor_last)
		put_class(out, face);
}

size_t
ccid_device_configuration(const struct ccid_device *device,
    uint8_t buf[CCID_DEVICE_CONFIG_CAP])
{
	const struct ccid_device_config *c = &device->config;
	struct emrtd_out out = emrtd_out(buf, CCID_DEVICE_CONFIG_CAP);
	const uint8_t head[] = { 9, DESCRIPTOR_CONFIGURATION, 0, 0,
		c->n_interfaces, 1, 0, 0x80, 50 };

	put(&out, head, sizeof(head));
	for (uint8_t i = 0; i < c->n_interfaces; i++)
		put_interface(&out, &c->interface[i], i);
	buf[2] = (uint8_t)out.len;
	buf[3] = (uint8_t)(out.len >> 8);
	if (device->spoilt_at > 0 && device->spoilt_at < out.len)
		buf[device->spoilt_at] = device->spoilt_to;
	return hostile_descriptor(c->hostile, buf, out.len);
}

const char *
ccid_device_string(const struct ccid_device *device, uint8_t index)
{
	const struct ccid_device_config *c = &device->config;

	switch (index) {
	case CCID_DEVICE_MANUFACTURER:
		return c->manufacturer;
	case CCID_DEVICE_PRODUCT:
		return c->name;
	case CCID_DEVICE_SERIAL:
		return c->serial;
	default:
		index = (uint8_t)(index - CCID_DEVICE_INTERFACE);
		return index < c->n_interfaces ? c->interface[index].name
					       : NULL;
	}
}

int
ccid_device_control(struct ccid_device *device, const uint8_t setup[8],
    uint8_t *data, size_t cap)
{
	const struct usb_device usb = ccid_device_usb(device);

	if (setup[0] == 0x21 && setup[1] == 1) {
		if (device->config.no_abort ||
		    setup[4] >= device->config.n_interfaces)
			return USB_DEVICE_STALL;
		ccid_device_abort(device, &device->function[setup[4]], setup[2],
		    setup[3]);
		return 0;
	}
	return usb_device_standard(&usb, setup, data, cap);
}

/* ---- As a front end sees it -------------------------------------------- */

static void
usb_descriptor(const void *self, uint8_t out[18])
{
	ccid_device_descriptor(self, out);
}

static size_t
usb_configuration(const void *self, uint8_t out[USB_DEVICE_CONFIG_CAP])
{
	return ccid_device_configuration(self, out);
}

static const char *
usb_string(const void *self, uint8_t index)
{
	return ccid_device_string(self, index);
}

static int
usb_control(void *self, const uint8_t setup[8], uint8_t *data, size_t cap)
{
	return ccid_device_control(self, setup, data, cap);
}

static int
usb_out(void *self, uint8_t endpoint, struct emrtd_bytes bytes)
{
	return ccid_device_out(self, endpoint, bytes);
}

static int
usb_in(void *self, uint8_t endpoint, uint8_t *buf, size_t cap)
{
	return ccid_device_in(self, endpoint, buf, cap);
}

static int64_t
usb_due_ms(const void *self)
{
	return ccid_device_due_ms(self);
}

static void
usb_replug(void *self)
{
	ccid_device_replug(self);
}

struct usb_device
ccid_device_usb(struct ccid_device *device)
{
	static const struct usb_device_ops ops = { .descriptor = usb_descriptor,
		.configuration = usb_configuration,
		.string = usb_string,
		.control = usb_control,
		.out = usb_out,
		.in = usb_in,
		.due_ms = usb_due_ms,
		.replug = usb_replug };

	return (struct usb_device){ .self = device, .ops = &ops };
}

void
ccid_device_spoil(struct ccid_device *device, uint16_t at, uint8_t to)
{
	device->spoilt_at = at;
	device->spoilt_to = to;
}
