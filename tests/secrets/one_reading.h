/*
 * one_reading.h - the process that reads a virtual passport over TCP, and then
 * stands still so that another one can look into its memory. It knows its
 * password, and nothing else of what is looked for.
 */
#ifndef MRTD_ONE_READING_H
#define MRTD_ONE_READING_H

#include "crypto/group.h"

#define FILLS_MAX 64

/*
 * Where a reader stands still: when the chip has just been opened, when all
 * handles are freed but the context, and when that is, too.
 */
enum halt {
	HALT_OPENED,
	HALT_READ,
	HALT_FREED,
	N_HALTS
};

/* What happens in a reading; texts are constants of the program. */
struct scenario {
	const char *name;
	const char *pace; /* protocol by its name; NULL: BAC alone */
	int parameter;
	const char *ca; /* protocol of Chip Authentication, or NULL */
	int ca_parameter;
	bool is_clone;        /* without the private keys of its files */
	const char *mrz_info; /* what the reader believes; NULL: none */
	const char *can, *pin, *puk;
	const char *misbehave;   /* switch of the chip, or NULL */
	unsigned cancel_at;      /* progress call; 0: never */
	unsigned no_random_from; /* call of the random source; 0: never */
	unsigned no_memory_at;   /* allocation from connecting on */
	unsigned sweep; /* in turn, so far apart, until files are read; 0: no */
	bool sweep_late;        /* from then on */
	bool by_steps;          /* BAC, CA if there is one, and nothing after */
	enum emrtd_error error; /* what the reading ends with */
};

/* In memory that both processes see; no secret is in it. */
struct rendezvous {
	uint16_t port;
	int halted, go_on; /* pipe ends of the reader */
	uint32_t n_fills;  /* calls of its random source */
	uint32_t lens[FILLS_MAX];
	enum emrtd_error error; /* of the reading, when it is over */
	bool is_over;
	/* Of the chip, for Chip Authentication by steps. */
	uint8_t ca_key[EMRTD_ELEMENT_MAX];
	size_t ca_key_len;
	bool memory_failed; /* no_memory_at came to pass */
};

/*
 * The n-th call's bytes: they can be made again elsewhere, and no eight of
 * them are ever in one register here.
 */
void reader_random(uint32_t call, uint8_t *out, size_t n);

/* Exits with 0, or 1 after telling why. */
_Noreturn void read_once(const struct scenario *scenario, struct rendezvous *r);

#endif
