/*
 * nfc_options.h - the command line of nfc_reader.
 */
#ifndef NFC_NFC_OPTIONS_H
#define NFC_NFC_OPTIONS_H

#include "nfc_field.h"
#include "nfc_usb.h"

#define NFC_DOCUMENTS_MAX 16
#define NFC_MISBEHAVE_MAX 8

struct nfc_options {
	const struct nfc_usb_row *usb; /* NULL: a PN532 at a serial line */
	struct nfc_field_config field;
	const char *documents[NFC_DOCUMENTS_MAX]; /* profiles */
	unsigned n_documents;
	const char *misbehave[NFC_MISBEHAVE_MAX]; /* of all of them */
	unsigned n_misbehave;
	const char *script;
	unsigned repeats, seed;
	const char *kernel_driver;
	bool no_permission, busy;
	unsigned limit_s;   /* then the program is ended */
	const char *counts; /* file for figures, at the end; NULL: none */
	int first;          /* of the command's words */
};

/* False: it has said what is wrong, or printed help. */
bool nfc_options_parse(int argc, char **argv, struct nfc_options *out);

#endif
