/*
 * pn532.h - a simulated PN531, PN532 or PN533 as its host sees it, with the
 * chip of a virtual passport in its field. Host bytes go in, chip bytes come
 * out; the time is the caller's. It waits for nothing: the front end (a
 * pseudo-terminal, a simulated USB device) asks when there is something to
 * send, and sleeps until then.
 *
 *     front end          pn532                     picc
 *   bytes ---------> frames, commands ---------> frames on the air
 *   bytes <--------- ACK, answers, due_ms <----- answers, after_us
 *
 * A host that says nothing while a command runs waits; a new frame, or an ACK,
 * ends the command that is under way.
 */
#ifndef EMRTD_SIM_PN532_H
#define EMRTD_SIM_PN532_H

#include "card/picc.h"

struct pn532;

enum pn532_kind {
	PN532_PN531,
	PN532_PN532,
	PN532_PN533
};

#define PN532_FAULTS_MAX 8

/* A fault that is set: a row of the table in pn532_faults.c. */
struct pn532_fault {
	uint32_t id;
	uint8_t command; /* 0: 40 and 42, the exchanges */
	uint32_t at;     /* N-th of these commands, from 1; 0: each */
	uint32_t value;
};

struct pn532_config {
	enum pn532_kind kind;
	struct emrtd_picc *picc; /* borrowed; NULL: an empty field for ever */
	struct pn532_fault faults[PN532_FAULTS_MAX];
	size_t n_faults;
};

/*
 * pn532_misbehave - adds a fault by its text, "lcs=3" or "status=42/1:29": of
 * the N-th exchange, or of the N-th of the command whose code is given.
 * errors: as emrtd_picc_misbehave
 */
enum emrtd_error pn532_misbehave(struct pn532_config *config, const char *text,
    struct emrtd_diag *diag) EMRTD_MUST_USE;
/* The index-th fault of the table; false past its end. */
bool pn532_switch_at(size_t index, struct emrtd_card_switch *out);

/* Without memory: NULL. */
struct pn532 *pn532_new(const struct pn532_config *config);
void pn532_free(struct pn532 **p);

/* Bytes from the host, in any pieces. */
void pn532_from_host(struct pn532 *p, struct emrtd_bytes bytes,
    uint64_t now_ms);

#define PN532_NEVER UINT64_MAX

/* When pn532_to_host will have something; in the past: now. */
uint64_t pn532_due_ms(const struct pn532 *p);

/* The longest frame that it sends, with all around it. */
#define PN532_FRAME_CAP 1024

/*
 * pn532_to_host - appends the next frame for the host: an ACK, an answer, an
 * error frame; one a call, so that a USB front end can make a transfer of it.
 * Returns false when there is none yet. out: PN532_FRAME_CAP bytes at least.
 */
bool pn532_to_host(struct pn532 *p, struct emrtd_out *out, uint64_t now_ms);

/* The document is laid on the reader, or taken away. */
void pn532_lay(struct pn532 *p, bool there, uint64_t now_ms);

/*
 * Another document (borrowed) in the place of the first, or NULL: none; the
 * first one is out of the field then.
 */
void pn532_change(struct pn532 *p, struct emrtd_picc *picc, uint64_t now_ms);

/* Of a UART: what SetSerialBaudRate has made of 115,200. */
uint32_t pn532_baud(const struct pn532 *p);
/* At this rate it understands its host: also at the one just agreed on. */
bool pn532_hears_at(const struct pn532 *p, uint32_t baud);

struct pn532_counts {
	uint64_t host_in, host_out; /* bytes, with all that frames them */
	uint64_t air_in, air_out;   /* bytes from and to the card, CRC too */
	uint32_t commands;          /* frames that were understood */
	uint32_t exchanges;         /* InDataExchange, InCommunicateThru */
	uint32_t frames;            /* on the air, to the card */
	uint32_t in_vain;           /* of them, with no card there */
	uint32_t heard[EMRTD_AIR_N_RATES]; /* answers, at which rate */
	uint32_t aborted;                  /* commands that a new frame ended */
	uint32_t garbage;                  /* frames that made no sense */
};

struct pn532_counts pn532_counts(const struct pn532 *p);

#endif
