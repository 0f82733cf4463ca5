/*
 * One run of PACE or Chip Authentication between our reader's step functions
 * and our chip's, with all randomness out of a seed.
 */
#ifndef MRTD_BENCH_PROTOCOL_RUN_H
#define MRTD_BENCH_PROTOCOL_RUN_H

#include "access/chip_auth_protocols.h"
#include "access/pace_protocols.h"
#include "card/card.h"

#include <emrtd/random.h>

/* Bytes that follow from a seed and a label: SHA-256(seed, label, counter). */
struct seeded {
	struct emrtd_crypto *crypto;
	uint64_t seed;
	uint64_t label; /* of the run: each can be had alone */
	uint64_t counter;
	struct emrtd_bytes first; /* handed out before anything else */
};

struct emrtd_random seeded_random(struct seeded *seeded);
/* Below n. */
size_t seeded_below(struct seeded *seeded, size_t n);

/* What a run is made to meet by the choice of a private key. */
enum forced {
	FORCED_NOTHING,
	FORCED_SECRET, /* a shared secret that begins with a zero */
	FORCED_KEY     /* a public key: its x, or the number */
};

struct protocol_run {
	struct emrtd_crypto *crypto;
	const struct emrtd_group *group;
	enum forced forced;
	struct seeded random;
	/* What came of it. */
	const char *failed; /* what did not work; NULL: both agreed */
	enum emrtd_error error;
	unsigned zero_secrets; /* Z that began with a zero */
	unsigned zero_keys;    /* public keys with one in x, y, or the number */
};

void run_pace(struct protocol_run *run,
    const struct emrtd_pace_protocol *protocol);

/* The card has one key, for this protocol, in run->group. */
void run_ca(struct protocol_run *run,
    const struct emrtd_chip_auth_protocol *protocol, struct emrtd_card *card);

/* Its chip; extended length, BAC, no face. NULL with run->failed set. */
struct emrtd_card *issue_for_ca(struct protocol_run *run,
    const struct emrtd_chip_auth_protocol *protocol, struct emrtd_bytes face);

#endif
