/*
 * ccid_bus.h - CCID readers on USB, through libusb: which there are, and the
 * pipe to one of them. Behind it ccid_usb*.c alone know libusb.
 *
 * Everything waits in one place, for USB and for a cancel at once; there is no
 * thread of ours (libusb has one that listens to udev).
 */
#ifndef TRANSPORT_CCID_BUS_H
#define TRANSPORT_CCID_BUS_H

#include "transport/ccid_exchange.h"
#include "transport/wake.h"

#include <emrtd/transport.h>

#define EMRTD_CCID_MAX_FOUND 32
#define EMRTD_USB_PATH_MAX   7 /* hubs in a row, as the standard has it */

/* Names that the kernel read: see ccid_sysfs.c. */
struct emrtd_ccid_found;
void emrtd_ccid_read_name(struct emrtd_ccid_found *found);
/* The driver of the kernel that holds the interface, or "". */
void emrtd_ccid_read_driver(const struct emrtd_ccid_found *found, char *out,
    size_t cap);

/* One CCID interface of a device that is plugged in. */
struct emrtd_ccid_found {
	uint8_t bus, address, configuration;
	uint8_t ports[EMRTD_USB_PATH_MAX];
	uint8_t n_ports;
	uint16_t vendor, product;
	char name[128]; /* printable, or "" */
	struct emrtd_ccid_interface reader;
	bool sound; /* its descriptors fit the class */
	/* Slots are counted through all interfaces of the device. */
	uint16_t first_slot, device_slots;
};

struct emrtd_ccid_bus;

/* wake: borrowed until close. */
enum emrtd_error emrtd_ccid_bus_new(const struct emrtd_wake *wake,
    struct emrtd_ccid_bus **out) EMRTD_MUST_USE;
/* Releases what was claimed. NULL inside is allowed. */
void emrtd_ccid_bus_free(struct emrtd_ccid_bus **bus);

/*
 * Looks at the bus afresh: nothing may be claimed. More than the array holds
 * are left out. EMRTD_E_NO_READER: there is no USB to look at.
 */
enum emrtd_error emrtd_ccid_bus_scan(struct emrtd_ccid_bus *bus,
    struct emrtd_ccid_found found[EMRTD_CCID_MAX_FOUND],
    size_t *n) EMRTD_MUST_USE;

/*
 * Opens one that the last scan found. On failure *trouble and detail (cap
 * bytes, a node of /dev or the name of a driver) say why.
 * errors: PERMISSION, BUSY (another program, a driver of the kernel),
 *         READER_LOST, NO_MEMORY, PROTOCOL
 */
enum emrtd_error emrtd_ccid_bus_claim(struct emrtd_ccid_bus *bus,
    const struct emrtd_ccid_found *found, enum emrtd_reader_trouble *trouble,
    char *detail, size_t cap) EMRTD_MUST_USE;
/* Gives the interface back, and its driver to the kernel. */
void emrtd_ccid_bus_release(struct emrtd_ccid_bus *bus);

/* To the reader that is claimed. */
const struct emrtd_ccid_pipe *emrtd_ccid_bus_pipe(struct emrtd_ccid_bus *bus);

/*
 * Until the reader says by itself that something changed (OK), or the time is
 * up. A hint and no more: some never say it, some say it late or twice.
 */
enum emrtd_error emrtd_ccid_bus_notice(struct emrtd_ccid_bus *bus,
    int64_t until_ms) EMRTD_MUST_USE;

/* Something was plugged in since the scan, as far as one was told. */
bool emrtd_ccid_bus_arrived(struct emrtd_ccid_bus *bus);
/* Until that (OK), or the time is up. */
enum emrtd_error emrtd_ccid_bus_arrival(struct emrtd_ccid_bus *bus,
    int64_t until_ms) EMRTD_MUST_USE;

#endif
