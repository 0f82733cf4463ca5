/*
 * nfc_field.h - what is the same behind every front end of tests/nfc: a
 * simulated PN53x (tools/emrtd-sim/pn532.h), and the documents that come and
 * go in its field. Not locked: a front end has one lock for all calls.
 */
#ifndef NFC_NFC_FIELD_H
#define NFC_NFC_FIELD_H

#include "pn532.h"

/* Faults of the picc are the first document's alone; others are as it is. */
struct nfc_field_config {
	struct pn532_config chip; /* its picc is not looked at */
	struct emrtd_picc_config picc;
	/* Called when a document has heard a block. */
	void (*on_block)(void *self, uint32_t number);
	void *on_block_self;
	bool verbose; /* each frame on standard error */
};

struct nfc_field;

/* Nothing lies there. Copies the configuration. NULL: says why. */
struct nfc_field *nfc_field_new(const struct nfc_field_config *config);
void nfc_field_free(struct nfc_field **field); /* NULL-safe */

/* Lays a document there, in the place of any other; NULL: takes it away. */
void nfc_field_lay(struct nfc_field *field, struct emrtd_card *document,
    bool first);

/* Without power for a moment: a chip as new, what lies there lies there. */
void nfc_field_replug(struct nfc_field *field);

/* A front end that talks to the chip itself looks after each time. */
struct pn532 *nfc_field_chip(struct nfc_field *field);
void nfc_field_look(struct nfc_field *field);

/* As pn532.h has them, by the monotonic clock. */
void nfc_field_from_host(struct nfc_field *field, struct emrtd_bytes bytes);
bool nfc_field_to_host(struct nfc_field *field, struct emrtd_out *out);
int64_t nfc_field_due_ms(const struct nfc_field *field); /* -1: never */
int64_t nfc_field_now_ms(void);

/* The data of a whole frame, D4 or D5 first; empty: it has none. */
struct emrtd_bytes nfc_frame_data(struct emrtd_bytes frame);

struct nfc_field_counts {
	struct pn532_counts chip;
	struct emrtd_picc_counts card;
	uint32_t
	    extended; /* APDUs longer than 261 bytes, or with such answers */
	uint32_t longest_command, longest_answer;
	uint32_t commands; /* APDUs that have come to their end */
	int64_t last_command_ms;
};
struct nfc_field_counts nfc_field_counts(const struct nfc_field *field);

#endif
