/*
 * nfc_link.h - a PN53x behind the helper, and the chip in its field: selecting
 * and activating it, and frames to and fro. The rules of ISO/IEC 14443-4 are
 * isodep's, the bytes of commands pn53x_command's, the process nfc_process's.
 */
#ifndef TRANSPORT_NFC_LINK_H
#define TRANSPORT_NFC_LINK_H

#include "transport/isodep_select.h"
#include "transport/nfc_process.h"
#include "transport/pn53x_command.h"

#include <emrtd/transport.h>

struct emrtd_nfc_link {
	const struct emrtd_wake *wake;
	struct emrtd_nfc_process process;
	struct emrtd_nfc_reader reader;
	char why[EMRTD_NFC_NAME_MAX + 1]; /* opening failed */
	int64_t deadline_ms;              /* of the caller; 0: none */

	bool field, wait_told;
	uint32_t wait_step; /* what the PN53x was told last */

	bool active; /* a chip speaks ISO/IEC 14443-4 */
	enum emrtd_pn53x_type type;
	struct emrtd_isodep_speed speed;
	struct emrtd_isodep dep;
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;
	bool fast; /* the last activation went above 106 kbit/s */
	/* This document did not answer faster than at 106 kbit/s. */
	bool slow;
};

void emrtd_nfc_link_init(struct emrtd_nfc_link *link,
    const struct emrtd_wake *wake);
bool emrtd_nfc_link_is_open(const struct emrtd_nfc_link *link);

/*
 * device: libnfc's name of it. helper: see nfc_process.h. Errors: NO_READER,
 * BUSY, PERMISSION, with link->why; READER_LOST, TIMEOUT, CANCELLED.
 */
enum emrtd_error emrtd_nfc_link_open(struct emrtd_nfc_link *link,
    const char *device, const char *helper) EMRTD_MUST_USE;
void emrtd_nfc_link_close(struct emrtd_nfc_link *link);

/*
 * Field off and on, which resets any chip, and one look for type A, then B.
 * With none the field goes off. Errors, as below too: READER_LOST, TIMEOUT,
 * CANCELLED.
 */
enum emrtd_error emrtd_nfc_link_look(struct emrtd_nfc_link *link,
    bool *found) EMRTD_MUST_USE;
/* After a look that found it. CARD_LOST, PROTOCOL: another look may help. */
enum emrtd_error emrtd_nfc_link_activate(
    struct emrtd_nfc_link *link) EMRTD_MUST_USE;
/* Is the chip that was activated still there? CARD_LOST: no. */
enum emrtd_error emrtd_nfc_link_ping(
    struct emrtd_nfc_link *link) EMRTD_MUST_USE;
enum emrtd_error emrtd_nfc_link_transmit(struct emrtd_nfc_link *link,
    struct emrtd_bytes command, struct emrtd_out *response) EMRTD_MUST_USE;
enum emrtd_error emrtd_nfc_link_field_off(
    struct emrtd_nfc_link *link) EMRTD_MUST_USE;

#endif
