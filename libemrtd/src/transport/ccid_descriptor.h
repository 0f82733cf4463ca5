/*
 * ccid_descriptor.h - what a USB interface says of the reader behind it.
 * Pure: the descriptors come from whoever enumerates the bus, and are as
 * hostile as everything else that a stranger may plug in.
 *
 * Class descriptor, 54 bytes, numbers little-endian; after the interface, or
 * in some readers after its last endpoint:
 *
 *    0 length 36   1 type 21      2 bcdCCID         4 bMaxSlotIndex
 *   40 dwFeatures (bits 16-18: 1 TPDU, 2 short, 4 short and extended APDU)
 *   44 dwMaxCCIDMessageLength    53 bMaxCCIDBusySlots
 */
#ifndef TRANSPORT_CCID_DESCRIPTOR_H
#define TRANSPORT_CCID_DESCRIPTOR_H

#include <emrtd/bytes.h>

#define EMRTD_CCID_DESCRIPTOR_LEN 54
#define EMRTD_CCID_MAX_SLOTS      16 /* more are not looked at */
/* Header and the longest APDU: what a larger figure is taken for. */
#define EMRTD_CCID_MESSAGE_MAX (10 + 65544)

enum emrtd_ccid_level {
	EMRTD_CCID_CHARACTER,
	EMRTD_CCID_TPDU,
	EMRTD_CCID_SHORT,
	EMRTD_CCID_EXTENDED
};

struct emrtd_usb_endpoint {
	uint8_t address;    /* bit 7: to the host */
	uint8_t attributes; /* bits 0, 1: 2 bulk, 3 interrupt */
	uint16_t max_packet;
	struct emrtd_bytes extra;
};

struct emrtd_usb_interface {
	uint8_t number, class_;
	struct emrtd_bytes extra;
	const struct emrtd_usb_endpoint *endpoints;
	size_t n_endpoints;
};

struct emrtd_ccid_interface {
	uint8_t number;
	uint8_t bulk_out, bulk_in;
	uint8_t interrupt;              /* 0: none */
	uint16_t out_packet, in_packet; /* bytes, at least 8 */
	uint16_t interrupt_packet;
	uint8_t n_slots;
	enum emrtd_ccid_level level;
	uint32_t features;
	uint32_t max_message; /* with header; capped */
};

#define EMRTD_CCID_AUTO_VOLTAGE 0x00000008 /* of features */

/*
 * EMRTD_E_NOT_FOUND: not a CCID interface (class 0B, or FF with the class
 * descriptor). EMRTD_E_MALFORMED: one, but its descriptors contradict the
 * class; out then has what was understood.
 */
enum emrtd_error emrtd_ccid_interface_parse(
    const struct emrtd_usb_interface *in,
    struct emrtd_ccid_interface *out) EMRTD_MUST_USE;

/* Bytes of a whole APDU that it carries; 0 for TPDU and character. */
uint32_t emrtd_ccid_max_command(const struct emrtd_ccid_interface *reader);
uint32_t emrtd_ccid_max_response(const struct emrtd_ccid_interface *reader);

/*
 * The higher, the more likely a passport is read there; 0: it carries no
 * APDUs. contactless: a table or its name calls it so. Such a reader ranks
 * before every other, an extended one before a short one.
 */
unsigned emrtd_ccid_rank(const struct emrtd_ccid_interface *reader,
    bool contactless);
/* A rank of a contactless one. */
bool emrtd_ccid_rank_contactless(unsigned rank);

#endif
