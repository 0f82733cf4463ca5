/*
 * acr122_device.h - what the microcontroller of an ACR122U does between its
 * USB side and the PN532 that is its inside:
 *
 *   host                      ACR122U                       PN532
 *   6F len .. FF 00 00 00 Lc D4.. ->  00 00 FF LEN LCS D4.. DCS 00
 *                                 <-  ACK (goes no further)
 *   80 len .. D5.. 90 00          <-  00 00 FF LEN LCS D5.. DCS 00
 *
 * An answer that makes no sense, an error frame or silence for five seconds
 * are 63 00. A new message ends what is under way.
 */
#ifndef NFC_ACR122_DEVICE_H
#define NFC_ACR122_DEVICE_H

#include "nfc_field.h"

#define ACR122_MESSAGE_CAP (10 + PN532_FRAME_CAP)

struct acr122_device {
	struct nfc_field *field;
	uint8_t message[ACR122_MESSAGE_CAP]; /* for the host */
	size_t len;                          /* 0: none */
	uint8_t slot, sequence;              /* of what is answered */
	bool waits;                          /* for the PN532 */
	int64_t until_ms;
};

/* A message of the host, whole. */
void acr122_device_out(struct acr122_device *device, struct emrtd_bytes bytes);
/* Is there one for the host in message? It is taken by setting len to 0. */
bool acr122_device_look(struct acr122_device *device);
int64_t acr122_device_due_ms(const struct acr122_device *device);

#endif
