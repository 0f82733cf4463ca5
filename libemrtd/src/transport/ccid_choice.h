/*
 * ccid_choice.h - which of the readers on the bus is meant. Pure.
 */
#ifndef TRANSPORT_CCID_CHOICE_H
#define TRANSPORT_CCID_CHOICE_H

#include "transport/ccid_bus.h"
#include "transport/reader_table.h"

/*
 * "", "BUS.DEVICE", "VENDOR:PRODUCT", the last two with "/SLOT" if wanted: slots
 * are counted from 0 through all interfaces of the device.
 */
struct emrtd_ccid_want {
	bool by_address, by_ids;
	uint8_t bus, address;
	uint16_t vendor, product;
	int slot; /* -1: any */
	/* Of a reader by address, once it was seen: it comes back to its port
	 * under another address. */
	uint8_t ports[EMRTD_USB_PATH_MAX];
	uint8_t n_ports;
};

bool emrtd_ccid_want_parse(const char *rest, struct emrtd_ccid_want *out);
/* From now on it is this one, wherever it is plugged in again. */
void emrtd_ccid_want_remember(struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found);

/* What is known of it by its ids; NULL: nothing. */
const struct emrtd_reader_row *emrtd_ccid_row(
    const struct emrtd_ccid_found *found);
/* It has an antenna, as far as table or name tell. */
bool emrtd_ccid_found_contactless(const struct emrtd_ccid_found *found);
/* emrtd_ccid_rank with all that is known; 0: no use. */
unsigned emrtd_ccid_found_rank(const struct emrtd_ccid_found *found);
/* Why it is not tried unless it is named, or FINE. */
enum emrtd_reader_trouble emrtd_ccid_found_trouble(
    const struct emrtd_ccid_found *found);

/* Whole APDUs that it carries: where the table knows better, by the table. */
void emrtd_ccid_found_limits(const struct emrtd_ccid_found *found,
    uint32_t *max_command, uint32_t *max_response, bool *extended);
/* What to call it, never "". */
void emrtd_ccid_found_name(const struct emrtd_ccid_found *found, char *out,
    size_t cap);

/* Opens this slot of it and no other, as long as it stays plugged in. */
void emrtd_ccid_found_uri(const struct emrtd_ccid_found *found, uint8_t slot,
    char *out, size_t cap);
/* Numbers the slots of the n interfaces of one device. */
void emrtd_ccid_count_slots(struct emrtd_ccid_found *interfaces, size_t n);
/* Does the name stand for this slot of one that is meant? */
bool emrtd_ccid_slot_meant(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, uint8_t slot);

/*
 * Indices into found of those that are meant and carry APDUs, the likeliest
 * first; when one is known to be contactless, the others are left out. *why:
 * of none, what is wrong with the best that was meant (FINE: none was).
 */
size_t emrtd_ccid_candidates(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, size_t n,
    uint8_t order[EMRTD_CCID_MAX_FOUND], enum emrtd_reader_trouble *why);

/*
 * The chip on it must turn out to be contactless before it is taken: where
 * several slots are meant, where one of several interfaces is known by no more
 * than its name, and where nothing but the wish to find one speaks for it.
 */
bool emrtd_ccid_needs_proof(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, size_t n_candidates);

#endif
