/*
 * nfc_usb.h - readers with a PN53x inside as USB devices: one that carries its
 * frames as they are (PN531, PN533), and the ACR122U, which wraps them into
 * messages of CCID (acr122_device.h). As libnfc's pn53x_usb and acr122_usb
 * know them.
 */
#ifndef NFC_NFC_USB_H
#define NFC_NFC_USB_H

#include "nfc_field.h"
#include "usb_device.h"

struct nfc_usb;
struct nfc_usb_row;

/* "pn531", "pn533", "scl3711", "acr122"; NULL: there is none. */
const struct nfc_usb_row *nfc_usb_by_name(const char *name);
enum pn532_kind nfc_usb_chip(const struct nfc_usb_row *row);
/* libnfc's driver of it. */
const char *nfc_usb_driver(const struct nfc_usb_row *row);

/* Borrows both. NULL: no memory. */
struct nfc_usb *nfc_usb_new(const struct nfc_usb_row *row,
    struct nfc_field *field);
void nfc_usb_free(struct nfc_usb **usb); /* NULL-safe */
struct usb_device nfc_usb_device(struct nfc_usb *usb);

#endif
