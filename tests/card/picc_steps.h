/*
 * picc_steps.h - a chip that is asked frame by frame: a step is what the
 * reader sends and what the chip says to it. Inside is an echo.
 */
#ifndef MRTD_PICC_STEPS_H
#define MRTD_PICC_STEPS_H

#include "card/picc.h"
#include "emrtd_test.h"

enum how {
	SHORT,  /* seven bits, no checksum */
	BARE,   /* whole bytes, no checksum */
	BLOCK,  /* with a checksum */
	GARBLED /* with a wrong one */
};

struct step {
	enum how how;
	const char *say;    /* hex */
	const char *answer; /* hex, or NULL: silence */
};

/* What is inside: it says what it was told, and 9000. */
struct inside {
	unsigned n, n_resets;
	uint8_t last[70000];
	size_t last_len;
	uint32_t takes_us;
	size_t answer_len; /* 0: what it was told */
	bool lost;
};

extern struct inside inside;

/* A passport whose numbers are known: UID 08123456, PUPI A1A2A3A4. */
struct emrtd_picc_config known(enum emrtd_air_type type);
/* In a field that has just come. */
struct emrtd_picc *chip(const struct emrtd_picc_config *config);

/* At this rate and time, of this type. */
struct asker {
	struct emrtd_picc *picc;
	enum emrtd_air_type type;
	enum emrtd_air_rate rate;
	uint64_t now_us;
};

bool ask(const struct asker *asker, enum how how, struct emrtd_bytes bytes,
    struct emrtd_picc_answer *out);
void play(const struct asker *asker, const struct step *steps, size_t n);
/* Type A, FSD of this index: up to the ATS. */
void activate(const struct asker *asker, unsigned fsdi);

#define PLAY(asker, steps) play(asker, steps, sizeof(steps) / sizeof(steps[0]))

#endif
