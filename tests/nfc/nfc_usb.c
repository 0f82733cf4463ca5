#include "nfc_usb.h"
#include "acr122_device.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG_LEN (9 + 9 + 2 * 7)

struct nfc_usb_row {
	const char *name;
	enum pn532_kind chip;
	uint16_t vendor, product;
	uint8_t usb_class, endpoint_out, endpoint_in;
	bool wrapped; /* as the ACR122U has them */
	const char *driver, *manufacturer, *text;
};

struct nfc_usb {
	const struct nfc_usb_row *row;
	struct nfc_field *field;
	struct acr122_device acr122;
	/* A frame that the host has not taken yet. */
	uint8_t frame[PN532_FRAME_CAP];
	size_t len;
};

static const struct nfc_usb_row rows[] = {
	{ "pn531", PN532_PN531, 0x04CC, 0x0531, 0xFF, 0x04, 0x84, false,
	    "pn53x_usb", "Philips", "PN531" },
	{ "pn533", PN532_PN533, 0x04CC, 0x2533, 0xFF, 0x04, 0x84, false,
	    "pn53x_usb", "NXP", "PN533" },
	{ "scl3711", PN532_PN533, 0x04E6, 0x5591, 0xFF, 0x04, 0x84, false,
	    "pn53x_usb", "SCM Micro", "SCL3711-NFC&RW" },
	{ "acr122", PN532_PN532, 0x072F, 0x2200, 0x0B, 0x02, 0x82, true,
	    "acr122_usb", "ACS", "ACR122U PICC Interface" },
};

const struct nfc_usb_row *
nfc_usb_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

enum pn532_kind
nfc_usb_chip(const struct nfc_usb_row *row)
{
	return row->chip;
}

const char *
nfc_usb_driver(const struct nfc_usb_row *row)
{
	return row->driver;
}

/* ---- Descriptors ------------------------------------------------------- */

static void
descriptor(const void *self, uint8_t out[18])
{
	const struct nfc_usb *usb = self;
	const struct nfc_usb_row *row = usb->row;
	const uint8_t bytes[18] = { 18, 1, 0x00, 0x02, 0, 0, 0, 64,
		(uint8_t)row->vendor, (uint8_t)(row->vendor >> 8),
		(uint8_t)row->product, (uint8_t)(row->product >> 8), 0x00, 0x02,
		USB_DEVICE_MANUFACTURER, USB_DEVICE_PRODUCT, 0, 1 };

	memcpy(out, bytes, sizeof(bytes));
}

static size_t
configuration(const void *self, uint8_t out[USB_DEVICE_CONFIG_CAP])
{
	const struct nfc_usb *usb = self;
	const struct nfc_usb_row *row = usb->row;
	const uint8_t bytes[CONFIG_LEN] = { 9, 2, CONFIG_LEN, 0, 1, 1, 0, 0x80,
		50, 9, 4, 0, 0, 2, row->usb_class, 0, 0, 0, 7, 5,
		row->endpoint_out, 2, 64, 0, 4, 7, 5, row->endpoint_in, 2, 64,
		0, 4 };

	memcpy(out, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static const char *
string(const void *self, uint8_t index)
{
	const struct nfc_usb *usb = self;

	return index == USB_DEVICE_MANUFACTURER ? usb->row->manufacturer
	       : index == USB_DEVICE_PRODUCT    ? usb->row->text
						: NULL;
}

static int
control(void *self, const uint8_t setup[8], uint8_t *data, size_t cap)
{
	const struct usb_device device = nfc_usb_device(self);

	return usb_device_standard(&device, setup, data, cap);
}

/* ---- Endpoints --------------------------------------------------------- */

static int
out(void *self, uint8_t endpoint, struct emrtd_bytes bytes)
{
	struct nfc_usb *usb = self;

	if (endpoint != usb->row->endpoint_out)
		return USB_DEVICE_STALL;
	/* An empty one only ends what filled its last packet. */
	if (bytes.len > 0 && usb->row->wrapped)
		acr122_device_out(&usb->acr122, bytes);
	else if (bytes.len > 0)
		nfc_field_from_host(usb->field, bytes);
	return (int)bytes.len;
}

static int
hand_over(const uint8_t *from, size_t *len, uint8_t *buf, size_t cap)
{
	size_t n = *len;

	*len = 0;
	if (n > cap)
		return USB_DEVICE_BABBLE;
	memcpy(buf, from, n);
	return (int)n;
}

static int
in(void *self, uint8_t endpoint, uint8_t *buf, size_t cap)
{
	struct nfc_usb *usb = self;
	struct emrtd_out frame = emrtd_out(usb->frame, sizeof(usb->frame));

	if (endpoint != usb->row->endpoint_in)
		return USB_DEVICE_STALL;
	if (usb->row->wrapped) {
		if (!acr122_device_look(&usb->acr122))
			return USB_DEVICE_NOTHING;
		return hand_over(usb->acr122.message, &usb->acr122.len, buf,
		    cap);
	}
	if (!nfc_field_to_host(usb->field, &frame))
		return USB_DEVICE_NOTHING;
	usb->len = frame.len;
	return hand_over(usb->frame, &usb->len, buf, cap);
}

static int64_t
due_ms(const void *self)
{
	const struct nfc_usb *usb = self;

	return usb->row->wrapped ? acr122_device_due_ms(&usb->acr122)
				 : nfc_field_due_ms(usb->field);
}

/* The chip was without power: what it had to say is lost. */
static void
replug(void *self)
{
	struct nfc_usb *usb = self;

	nfc_field_replug(usb->field);
	usb->acr122 = (struct acr122_device){ .field = usb->field };
}

struct usb_device
nfc_usb_device(struct nfc_usb *usb)
{
	static const struct usb_device_ops ops = { .descriptor = descriptor,
		.configuration = configuration,
		.string = string,
		.control = control,
		.out = out,
		.in = in,
		.due_ms = due_ms,
		.replug = replug };

	return (struct usb_device){ .self = usb, .ops = &ops };
}

struct nfc_usb *
nfc_usb_new(const struct nfc_usb_row *row, struct nfc_field *field)
{
	struct nfc_usb *usb = calloc(1, sizeof(*usb));

	if (usb == NULL)
		return NULL;
	usb->row = row;
	usb->field = field;
	usb->acr122.field = field;
	return usb;
}

void
nfc_usb_free(struct nfc_usb **usb)
{
	free(*usb);
	*usb = NULL;
}
