/*
 * The chip's end of a secured session, for tests of the reader's end: opens
 * protected commands (asserting their MAC) and protects answers.
 */
#ifndef MRTD_SM_PEER_H
#define MRTD_SM_PEER_H

#include "sm/sm.h"

struct sm_peer {
	struct emrtd_crypto *crypto;
	struct emrtd_sm sm;
	size_t n_commands;
};

/* Both ends with keys of 01 02 03 .. and a counter of zero. */
void sm_peer_init(struct sm_peer *peer, struct emrtd_crypto *crypto,
    enum emrtd_suite_id suite, struct emrtd_sm *reader);

/*
 * Takes a protected command: counts, asserts the MAC, and appends the plain
 * data to 'data'. Fails the test when the command is not right.
 */
void sm_peer_open(struct sm_peer *peer, struct emrtd_bytes command,
    struct emrtd_out *data);

/* Counts, and appends the protected answer. */
void sm_peer_answer(struct sm_peer *peer, struct emrtd_bytes data, uint16_t sw,
    struct emrtd_out *response);

#endif
