/*
 * usb_device.h - a USB device as a front end carries it, whatever it is: its
 * descriptors, its endpoints, and when it has something next. umock_usb.c is
 * such a front end; the readers of tests/usb and tests/nfc are such devices.
 */
#ifndef USB_USB_DEVICE_H
#define USB_USB_DEVICE_H

#include <emrtd/bytes.h>

#define USB_DEVICE_INTERFACES_MAX 4
#define USB_DEVICE_CONFIG_CAP     512 /* of all descriptors together */

/* In place of a length. */
#define USB_DEVICE_NOTHING (-1) /* NAK: try again later */
#define USB_DEVICE_STALL   (-2)
#define USB_DEVICE_BABBLE  (-3) /* the host's buffer ends inside a packet */

/* Indices of string descriptors that each device may have. */
enum {
	USB_DEVICE_MANUFACTURER = 1,
	USB_DEVICE_PRODUCT,
	USB_DEVICE_SERIAL
};

/* Each is called with the front end's lock held. */
struct usb_device_ops {
	/* Descriptors as GET_DESCRIPTOR has them. */
	void (*descriptor)(const void *self, uint8_t out[18]);
	size_t (*configuration)(const void *self,
	    uint8_t out[USB_DEVICE_CONFIG_CAP]);
	/* The text of a string descriptor; NULL: it has none. */
	const char *(*string)(const void *self, uint8_t index);
	/*
	 * A request on endpoint 0. data holds what the host sends (its
	 * direction is in the setup packet), or takes what it gets: so many
	 * bytes, or STALL.
	 */
	int (*control)(void *self, const uint8_t setup[8], uint8_t *data,
	    size_t cap);
	/* A transfer to a bulk endpoint, whole: length, NOTHING or STALL. */
	int (*out)(void *self, uint8_t endpoint, struct emrtd_bytes bytes);
	/* One from a bulk or interrupt endpoint: length, or one of the above. */
	int (*in)(void *self, uint8_t endpoint, uint8_t *buf, size_t cap);
	/* When an endpoint has something next (monotonic); -1: unknown. */
	int64_t (*due_ms)(const void *self);
	/* Plugged in again: nothing is queued. */
	void (*replug)(void *self);
};

struct usb_device {
	void *self;
	const struct usb_device_ops *ops;
};

/* The requests that each device answers alike; as control above. */
int usb_device_standard(const struct usb_device *device, const uint8_t setup[8],
    uint8_t *data, size_t cap);

#endif
