/*
 * reader_options.h - the command line of a simulated reader, whatever carries
 * its bytes.
 */
#ifndef USB_READER_OPTIONS_H
#define USB_READER_OPTIONS_H

#include "ccid_device.h"
#include "hostile_answer.h"

#define READER_DOCUMENTS_MAX 16
#define READER_MISBEHAVE_MAX 8

struct reader_options {
	struct ccid_device_config config;
	struct hostile_answer hostile;
	const char *documents[READER_DOCUMENTS_MAX]; /* profiles */
	unsigned n_documents;
	const char *misbehave[READER_MISBEHAVE_MAX]; /* of all of them */
	unsigned n_misbehave;
	uint8_t interface, slot; /* where they lie */
	/* A bank card lies there; interface 0xFF: none does. */
	uint8_t bank_interface, bank_slot;
	const char *script;
	unsigned repeats;
	uint64_t seed;
	const char *kernel_driver;
	bool no_permission, busy;
	unsigned limit_s;   /* then the program is ended */
	const char *counts; /* file for figures, at the end; NULL: none */
	bool lenient;       /* complaints about the host are no failure */
	int first;          /* of the command's words */
};

/* False: it has said what is wrong, or printed help. */
bool reader_options_parse(int argc, char **argv, struct reader_options *out);

#endif
