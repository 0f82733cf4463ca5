/*
 * ccid_device.h - a USB reader of chips as its firmware sees the world: the
 * device side of CCID (USB-IF, revision 1.1), written from the specification
 * and apart from the driver that it tests; nothing of the product's CCID is
 * included. It knows bytes on endpoints and a clock, neither libusb nor
 * umockdev: front ends carry the bytes.
 *
 * It holds the host to the specification: the first thing that a host does
 * wrong is kept as a complaint, so that a test fails even where the reader
 * would have put up with it.
 *
 * Not locked: a front end with several threads has one lock for all calls.
 */
#ifndef USB_CCID_DEVICE_H
#define USB_CCID_DEVICE_H

#include "usb_device.h"

#define CCID_DEVICE_INTERFACES_MAX USB_DEVICE_INTERFACES_MAX
#define CCID_DEVICE_SLOTS_MAX      4
#define CCID_DEVICE_CONFIG_CAP     USB_DEVICE_CONFIG_CAP
#define CCID_DEVICE_ATR_MAX        33
#define CCID_DEVICE_APDU_MAX       (65536 + 16)

/* In place of a length. */
#define CCID_DEVICE_NOTHING USB_DEVICE_NOTHING
#define CCID_DEVICE_STALL   USB_DEVICE_STALL
#define CCID_DEVICE_BABBLE  USB_DEVICE_BABBLE

/* dwFeatures, bits 16 to 18. */
enum ccid_device_level {
	CCID_DEVICE_CHARACTER = 0,
	CCID_DEVICE_TPDU = 1,
	CCID_DEVICE_SHORT = 2,
	CCID_DEVICE_EXTENDED = 4
};

/* What lies on a slot. Its functions are called from within those below. */
struct ccid_device_card {
	void *self;
	/* Field on, from scratch: writes the ATR, returns its length. */
	size_t (*power_on)(void *self, uint8_t atr[CCID_DEVICE_ATR_MAX]);
	/*
	 * One whole APDU; appends the answer, and tells how long it takes
	 * beyond the call. False: it has left the field.
	 */
	bool (*transmit)(void *self, struct emrtd_bytes command,
	    struct emrtd_out *answer, uint32_t *delay_ms);
};

struct ccid_device_interface {
	uint8_t usb_class; /* 0x0B, or 0xFF */
	enum ccid_device_level level;
	uint32_t max_message; /* dwMaxCCIDMessageLength */
	uint8_t n_slots;
	bool no_interrupt;
	bool descriptor_last; /* class descriptor behind the last endpoint */
	const char *name;     /* iInterface; NULL: none */
};

/* What it answers wrongly, by name: hostile_answer.h. */
struct hostile_answer;

struct ccid_device_config {
	uint16_t vendor, product;
	const char *manufacturer, *name, *serial; /* strings; NULL: none */
	struct ccid_device_interface interface[CCID_DEVICE_INTERFACES_MAX];
	uint8_t n_interfaces;
	/*
	 * An answer comes in transfers of so many bytes, that far apart; 0: in
	 * one. A multiple of 64 leaves the host to wait for the rest.
	 */
	uint32_t split, split_ms;
	/* So many time extensions, that far apart, before each answer. */
	uint32_t extensions, extension_ms;
	/* A document that was taken away shows at the next command only. */
	bool late_removal;
	bool no_abort;                  /* the class request ABORT stalls */
	struct hostile_answer *hostile; /* NULL: it answers properly */
	/* Called when an XfrBlock has come in whole, before it is run. */
	void (*on_block)(void *self, uint32_t number);
	void *on_block_self;
	/* NULL: the monotonic clock. */
	int64_t (*now_ms)(void *self);
	void *now_self;
	bool verbose; /* each message on standard error */
};

struct ccid_device;

/* A contactless reader of one slot: 04e6:5790, extended, 1034 bytes. */
void ccid_device_config_init(struct ccid_device_config *config);
/* Copies the configuration, borrows what it points to. NULL: no memory. */
struct ccid_device *ccid_device_new(const struct ccid_device_config *config);
void ccid_device_free(struct ccid_device **device); /* NULL-safe */

/* ---- What the host sees ------------------------------------------------ */

/* Descriptors as GET_DESCRIPTOR has them. */
void ccid_device_descriptor(const struct ccid_device *device, uint8_t out[18]);
size_t ccid_device_configuration(const struct ccid_device *device,
    uint8_t out[CCID_DEVICE_CONFIG_CAP]);
/* The text of a string descriptor by its index; NULL: it has none. */
enum {
	CCID_DEVICE_MANUFACTURER = USB_DEVICE_MANUFACTURER,
	CCID_DEVICE_PRODUCT = USB_DEVICE_PRODUCT,
	CCID_DEVICE_SERIAL = USB_DEVICE_SERIAL,
	CCID_DEVICE_INTERFACE /* the first interface, and those that follow */
};
const char *ccid_device_string(const struct ccid_device *device, uint8_t index);
/*
 * A request on endpoint 0. data holds what the host sends (its direction is
 * in the setup packet), or takes what it gets: so many bytes, or STALL.
 */
int ccid_device_control(struct ccid_device *device, const uint8_t setup[8],
    uint8_t *data, size_t cap);
/* A transfer to a bulk endpoint, whole: its length, NOTHING or STALL. */
int ccid_device_out(struct ccid_device *device, uint8_t endpoint,
    struct emrtd_bytes bytes);
/* A transfer from a bulk or interrupt endpoint: length, or one of the above. */
int ccid_device_in(struct ccid_device *device, uint8_t endpoint, uint8_t *buf,
    size_t cap);
/* When an endpoint has something next, by now_ms; -1: not by itself. */
int64_t ccid_device_due_ms(const struct ccid_device *device);
/* Plugged in again: powered off, nothing queued; what lies there, lies there. */
void ccid_device_replug(struct ccid_device *device);
/* All of these together, for a front end of any device. */
struct usb_device ccid_device_usb(struct ccid_device *device);

/* ---- What happens to it ------------------------------------------------ */

/* Lays a card on a slot; NULL: takes away what lies there. */
void ccid_device_lay(struct ccid_device *device, uint8_t interface,
    uint8_t slot, const struct ccid_device_card *card);
bool ccid_device_holds_card(const struct ccid_device *device, uint8_t interface,
    uint8_t slot);

struct ccid_device_counts {
	uint32_t powered_on, powered_off;
	uint32_t blocks;   /* XfrBlock messages */
	uint32_t apdus;    /* that they brought */
	uint32_t extended; /* of them, longer than 261 bytes */
	uint32_t longest_command, longest_answer;
	uint32_t chained; /* blocks that were not a whole APDU */
	uint32_t aborts;
	uint32_t told_absent; /* to GetSlotStatus */
	int64_t last_block_ms;
};
struct ccid_device_counts ccid_device_counts(const struct ccid_device *device);
/* From now on one byte of the configuration's descriptors is another. */
void ccid_device_spoil(struct ccid_device *device, uint16_t at, uint8_t to);
/* What the host did against the specification first; NULL: nothing. */
const char *ccid_device_complaint(const struct ccid_device *device);

#endif
