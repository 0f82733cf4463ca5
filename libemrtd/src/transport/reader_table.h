/*
 * reader_table.h - what is known of a USB reader by its ids alone. The rows
 * are made of udev/readers.tbl, the single list of ids, limits and oddities;
 * the rules of udev are made of it as well. Pure, no allocation.
 */
#ifndef TRANSPORT_READER_TABLE_H
#define TRANSPORT_READER_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum emrtd_reader_row_kind {
	EMRTD_ROW_CCID, /* one CCID interface of a reader */
	EMRTD_ROW_PN53X /* a chip of NXP behind its own protocol */
};

enum {
	/* The interface has an antenna. A row without this is known to be for
	 * contacts or a SAM: never a passport. */
	EMRTD_ROW_CONTACTLESS = 1 << 0,
	/* Short APDUs only, whatever its descriptor says. */
	EMRTD_ROW_SHORT_ONLY = 1 << 1,
	/* Blocks of T=1, no APDUs: only through PC/SC. */
	EMRTD_ROW_TPDU = 1 << 2,
	/* CCID behind class 0xFF. */
	EMRTD_ROW_VENDOR_CLASS = 1 << 3,
	/* The kernel's pn533_usb takes it. */
	EMRTD_ROW_PN533_DRIVER = 1 << 4
};

/* Limits and times are 0 where its own descriptor is to be believed. */
struct emrtd_reader_row {
	uint16_t vendor, product;
	int8_t interface; /* -1: any */
	uint8_t kind;     /* enum emrtd_reader_row_kind */
	uint16_t flags;
	uint16_t start_ms; /* it needs this long after power or open */
	uint32_t max_command, max_response; /* whole APDU in bytes */
	const char *name;
	const char *oddity; /* a sentence without a full stop, or NULL */
};

/*
 * emrtd_reader_row - the row of one interface, else that of any interface of
 * the device; NULL: nothing is known. A borrow of static memory.
 * interface: -1 finds the device's row with an antenna, else its first one
 */
const struct emrtd_reader_row *emrtd_reader_row(uint16_t vendor,
    uint16_t product, int interface);

/* All rows, sorted by vendor, product and interface. */
const struct emrtd_reader_row *emrtd_reader_rows(size_t *n);

#endif
