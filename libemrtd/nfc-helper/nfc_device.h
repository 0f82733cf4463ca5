/*
 * nfc_device.h - one PN53x behind libnfc. Of libnfc only the opening, the
 * closing and the carrying of a command are used: what it makes of cards,
 * chains and status bytes is where it is not to be trusted.
 *
 * libnfc does not survive every reader: it aborts the process on some status
 * bytes and copies before it looks at lengths. What a caller can keep from it
 * is kept from it here; the rest ends this process, which is why it is one.
 */
#ifndef NFC_DEVICE_H
#define NFC_DEVICE_H

#include "transport/nfc_wire.h"

struct nfc_device_link;

/*
 * device: libnfc's name of it, "pn53x_usb:001:004". A serial line is raised to
 * 460,800 baud, and found again when it was left there. why: words, when it
 * did not work; at least EMRTD_NFC_NAME_MAX + 1 bytes.
 */
enum emrtd_nfc_status nfc_device_open(const char *device,
    struct nfc_device_link **out, struct emrtd_nfc_reader *reader, char *why);

/* Appends what the PN53x answered after the code of its answer. */
enum emrtd_nfc_status nfc_device_command(struct nfc_device_link *link,
    struct emrtd_bytes command, int wait_ms, struct emrtd_out *answer);

/* Field off, line back to the speed it had. NULL-safe. */
void nfc_device_close(struct nfc_device_link *link);

#endif
