/*
 * picc_inner.h - the state of the chip's radio side. For picc*.c.
 *
 *   IDLE --REQA/REQB--> READY --SELECT--> ACTIVE --RATS--> PROTOCOL
 *     ^                   |    (type B: ATTRIB leads from READY to PROTOCOL)
 *   field               error                    S(DESELECT)
 *                         v                          v
 *                  IDLE, or HALT if it was halted before; only WUPA or WUPB
 *                  wakes a halted chip.
 */
#ifndef CARD_PICC_INNER_H
#define CARD_PICC_INNER_H

#include "apdu/apdu.h"
#include "card/picc.h"

/* Longer than any FSD: what the fault 'long' sends. */
#define EMRTD_PICC_BLOCK_CAP 288
#define EMRTD_PICC_CRC_LEN   2

enum emrtd_picc_state {
	EMRTD_PICC_IDLE,
	EMRTD_PICC_READY,
	EMRTD_PICC_ACTIVE,
	EMRTD_PICC_PROTOCOL,
	EMRTD_PICC_HALT
};

/* Protocol control bytes of 14443-4. */
enum emrtd_pcb {
	EMRTD_PCB_I = 0x02,
	EMRTD_PCB_R_ACK = 0xA2,
	EMRTD_PCB_R_NAK = 0xB2,
	EMRTD_PCB_DESELECT = 0xC2,
	EMRTD_PCB_WTX = 0xF2,
	/* Bits in them. */
	EMRTD_PCB_NUMBER = 0x01,
	EMRTD_PCB_NAD = 0x04,
	EMRTD_PCB_CID = 0x08,
	EMRTD_PCB_MORE = 0x10
};

/* A block that was heard, taken apart. */
struct emrtd_picc_block {
	uint8_t pcb; /* without number, CID, NAD and chaining bits */
	bool number, more, has_cid;
	struct emrtd_bytes inf;
};

enum emrtd_picc_fault_id {
	EMRTD_PICC_FAULT_TEAR,
	EMRTD_PICC_FAULT_MUTE,
	EMRTD_PICC_FAULT_WTX,
	EMRTD_PICC_FAULT_WTX_VALUE,
	EMRTD_PICC_FAULT_WTX_ENDLESS,
	EMRTD_PICC_FAULT_DEAF,
	EMRTD_PICC_FAULT_LOSE,
	EMRTD_PICC_FAULT_GARBLE,
	EMRTD_PICC_FAULT_LATE,
	EMRTD_PICC_FAULT_NUMBER,
	EMRTD_PICC_FAULT_NAD,
	EMRTD_PICC_FAULT_CID,
	EMRTD_PICC_FAULT_PCB,
	EMRTD_PICC_FAULT_NAK,
	EMRTD_PICC_FAULT_ACK,
	EMRTD_PICC_FAULT_DESELECT,
	EMRTD_PICC_FAULT_AGAIN,
	EMRTD_PICC_FAULT_EMPTY,
	EMRTD_PICC_FAULT_NOTHING,
	EMRTD_PICC_FAULT_LONG,
	EMRTD_PICC_FAULT_ENDLESS,
	EMRTD_PICC_FAULT_NO_ATS,
	EMRTD_PICC_FAULT_NO_PPS,
	EMRTD_PICC_FAULT_RATE,
	EMRTD_PICC_N_FAULTS
};

/* What shall be sent once the reader has granted the time for it. */
enum emrtd_picc_owed {
	EMRTD_PICC_OWES_NOTHING,
	EMRTD_PICC_OWES_ACK,
	EMRTD_PICC_OWES_ANSWER
};

struct emrtd_picc {
	struct emrtd_picc_config config;
	struct emrtd_picc_inside inside;
	struct emrtd_picc_counts counts;

	/* Where it lies. */
	bool field, there, returns;
	uint64_t returns_us;
	bool dumb; /* until the field comes again */
	uint32_t n_fields;

	/* Selection. */
	enum emrtd_picc_state state;
	bool was_halted;
	unsigned level; /* cascade level, 0 or 1 */
	uint8_t uid[EMRTD_PICC_UID_MAX];
	size_t uid_len;
	uint8_t pupi[EMRTD_PICC_PUPI_LEN];
	unsigned slot; /* type B: 1 to 16 */

	/* Protocol. */
	size_t fsd;
	uint8_t cid;
	bool may_pps, answers_with_cid;
	enum emrtd_air_rate hears, says; /* rates */
	enum emrtd_air_rate next_hears, next_says;
	uint64_t deaf_until_us; /* guard time */
	bool number;
	uint32_t work_us, granted_us; /* for what is owed */
	enum emrtd_picc_owed owed;
	bool asked_wtx, had_wtx;
	uint8_t wtxm;
	size_t command_len, response_len, response_sent;

	uint8_t block[EMRTD_PICC_BLOCK_CAP]; /* that was sent last */
	size_t block_len;
	uint8_t sent[EMRTD_PICC_BLOCK_CAP]; /* as it went out, with a fault */

	uint8_t command[EMRTD_COMMAND_MAX];
	uint8_t response[EMRTD_RESPONSE_MAX];
};

/* 16 24 32 40 48 64 96 128 256; what is reserved means 256. */
size_t emrtd_picc_frame_size(unsigned index);
/* Frame waiting time, and guard time: 302 us doubled so often. */
uint32_t emrtd_picc_time_us(unsigned index);

/* picc_type_a.c, picc_type_b.c: false: silence */
bool emrtd_picc_hear_a(struct emrtd_picc *picc,
    const struct emrtd_air_frame *frame, uint64_t now_us,
    struct emrtd_picc_answer *out);
bool emrtd_picc_hear_pps(struct emrtd_picc *picc, struct emrtd_bytes frame,
    struct emrtd_picc_answer *out);
bool emrtd_picc_hear_b(struct emrtd_picc *picc,
    const struct emrtd_air_frame *frame, struct emrtd_picc_answer *out);
/* picc_block.c */
bool emrtd_picc_hear_block(struct emrtd_picc *picc, struct emrtd_bytes frame,
    uint64_t now_us, struct emrtd_picc_answer *out);
/* Is selected: the blocks begin. */
void emrtd_picc_begin_blocks(struct emrtd_picc *picc);
/* Not any more: what was selected is forgotten; the rates are 106 again. */
void emrtd_picc_unselect(struct emrtd_picc *picc, bool halt);
bool emrtd_picc_rates_fit(const struct emrtd_picc *picc, unsigned to_card,
    unsigned from_card);
/* Bytes in picc->sent. */
bool emrtd_picc_say(struct emrtd_picc *picc, size_t len,
    enum emrtd_air_check check, struct emrtd_picc_answer *out);
void emrtd_picc_random(struct emrtd_picc *picc, uint8_t *out, size_t n);

/* The fault with this id that is set for this block; NULL: none. */
const struct emrtd_picc_fault *emrtd_picc_fault_at(
    const struct emrtd_picc *picc, enum emrtd_picc_fault_id id);
/* Likewise for this block and all that follow it. */
const struct emrtd_picc_fault *emrtd_picc_fault_from(
    const struct emrtd_picc *picc, enum emrtd_picc_fault_id id);

#endif
