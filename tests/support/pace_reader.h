/*
 * A reader that does PACE by itself, in front of a virtual chip: it runs PACE
 * when it is told to, protects what comes in plain, and lets through what is
 * protected already, as BSI TR-03119 has it.
 */
#ifndef MRTD_PACE_READER_H
#define MRTD_PACE_READER_H

#include "channel/channel.h"

#include <emrtd/access.h>

struct pace_reader {
	/* Of the test. */
	const char *typed;      /* at its keys; NULL: nobody types */
	uint32_t result;        /* that it ends with, whatever is asked */
	bool no_card_access;    /* its answer lacks the file */
	bool other_card_access; /* it was shown another one */
	bool offers_none;       /* it cannot do PACE */
	bool passes_no_secured; /* refuses what is protected already */
	/* What it did. */
	unsigned n_established;
	uint8_t password_id;
	bool was_given; /* the password came with the request */

	struct emrtd_transport chip;
	struct emrtd_crypto *crypto;
	struct emrtd_channel channel;
	struct emrtd_sm sm;
	uint8_t *scratch;
	uint8_t card_access[512];
	size_t card_access_len;
};

/* Puts the reader in front of the chip; closing closes both. */
void pace_reader_wrap(struct pace_reader *reader, struct emrtd_transport *chip);

#endif
