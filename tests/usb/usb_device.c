#include "usb_device.h"

#include <string.h>

#define DESCRIPTOR_DEVICE        1
#define DESCRIPTOR_CONFIGURATION 2
#define DESCRIPTOR_STRING        3
#define LANGUAGE                 0x0409
#define GET_DESCRIPTOR           6

static size_t
string_descriptor(const struct usb_device *device, uint8_t index,
    uint8_t out[256])
{
	const char *text;
	size_t n = 2;

	out[1] = DESCRIPTOR_STRING;
	if (index == 0) {
		out[2] = LANGUAGE & 0xFF;
		out[3] = LANGUAGE >> 8;
		n = 4;
	} else {
		text = device->ops->string(device->self, index);
		if (text == NULL)
			return 0;
		for (; *text != '\0' && n + 2 <= 254; text++) {
			out[n++] = (uint8_t)*text;
			out[n++] = 0;
		}
	}
	out[0] = (uint8_t)n;
	return n;
}

static size_t
get_descriptor(const struct usb_device *device, const uint8_t setup[8],
    uint8_t out[USB_DEVICE_CONFIG_CAP])
{
	switch (setup[3]) {
	case DESCRIPTOR_DEVICE:
		device->ops->descriptor(device->self, out);
		return 18;
	case DESCRIPTOR_CONFIGURATION:
		return device->ops->configuration(device->self, out);
	case DESCRIPTOR_STRING:
		return string_descriptor(device, setup[2], out);
	default:
		return 0;
	}
}

/* Requests that need no data, or have one fixed answer. */
static const struct {
	uint8_t type, request;
	int8_t len;
	uint8_t bytes[2];
} plain_requests[] = {
	{ 0x00, 1, 0, { 0 } },    /* CLEAR_FEATURE */
	{ 0x02, 1, 0, { 0 } },    /* CLEAR_FEATURE of an endpoint: halt */
	{ 0x00, 9, 0, { 0 } },    /* SET_CONFIGURATION */
	{ 0x01, 11, 0, { 0 } },   /* SET_INTERFACE */
	{ 0x80, 0, 2, { 0, 0 } }, /* GET_STATUS */
	{ 0x80, 8, 1, { 1, 0 } }, /* GET_CONFIGURATION */
	{ 0x81, 10, 1, { 0, 0 } } /* GET_INTERFACE */
};

#define N_PLAIN (sizeof(plain_requests) / sizeof(plain_requests[0]))

int
usb_device_standard(const struct usb_device *device, const uint8_t setup[8],
    uint8_t *data, size_t cap)
{
	uint8_t answer[USB_DEVICE_CONFIG_CAP] = { 0 };
	size_t wanted = (size_t)setup[6] | (size_t)setup[7] << 8, n = 0;

	if (setup[0] == 0x80 && setup[1] == GET_DESCRIPTOR) {
		n = get_descriptor(device, setup, answer);
		if (n == 0)
			return USB_DEVICE_STALL;
	} else {
		size_t i = 0;

		while (plain_requests[i].type != setup[0] ||
		       plain_requests[i].request != setup[1])
			if (++i == N_PLAIN)
				return USB_DEVICE_STALL;
		n = (size_t)plain_requests[i].len;
		memcpy(answer, plain_requests[i].bytes, 2);
	}
	n = n < wanted ? n : wanted;
	n = n < cap ? n : cap;
	if (n > 0)
		memcpy(data, answer, n);
	return (int)n;
}
