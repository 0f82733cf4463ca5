/*
 * card_sm.h - secure messaging from the chip's side, Doc 9303-11 9.8: checks
 * and opens a protected command, protects the response.
 *
 * Command data:   [87|85 cryptogram] [97 Le] 8E 08 MAC
 * Response:       [87|85 cryptogram] 99 02 SW 8E 08 MAC SW
 */
#ifndef CARD_CARD_SM_H
#define CARD_CARD_SM_H

#include "sm/sm.h"

/*
 * How much data a protected response of at most 'most' bytes, status word not
 * counted, can carry: what is left by 87 L 01, padding, 99 and 8E.
 */
size_t emrtd_card_sm_room(const struct emrtd_sm *sm, size_t most);

/*
 * command: as received, CLA with both SM bits. plain: its meaning, with CLA
 * without them; its data is a view into scratch.
 * returns 9000, or the status word to refuse it with: 6987 (an object is
 * missing), 6988 (one is wrong). The caller ends the session then.
 */
uint16_t emrtd_card_sm_open(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct emrtd_command *command, struct emrtd_out *scratch,
    struct emrtd_command *plain);

/* Flaws that the switches ask for; the MAC is over what is sent. */
enum emrtd_card_sm_flaw {
	EMRTD_CARD_SM_BAD_PADDING = 1,
	EMRTD_CARD_SM_NO_DATA = 2,
	EMRTD_CARD_SM_NO_STATUS = 4,
	EMRTD_CARD_SM_NO_MAC = 8,
	EMRTD_CARD_SM_EXTRA = 16
};

struct emrtd_card_sm_answer {
	bool odd_ins;
	uint16_t sw;
	unsigned flaws;
	struct emrtd_bytes data;
};

/*
 * The protected response, outer status word included, from the start of out.
 * work: scratch for the padded data; the caller wipes it.
 */
enum emrtd_error emrtd_card_sm_protect(struct emrtd_crypto *crypto,
    struct emrtd_sm *sm, const struct emrtd_card_sm_answer *answer,
    struct emrtd_out *work, struct emrtd_out *out) EMRTD_MUST_USE;

#endif
