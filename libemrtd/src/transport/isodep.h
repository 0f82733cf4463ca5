/*
 * isodep.h - the reader's side of ISO/IEC 14443-4: whole APDUs over frames
 * that somebody else carries. Pure: no I/O, no clock, no memory of its own,
 * so that a hostile chip is a table in a test.
 *
 * The caller loops: next() says which frame to send and how long to listen,
 * hear() takes what came, until next() says that it is over:
 *
 *   emrtd_isodep_begin(&dep, command, &response);
 *   while (emrtd_isodep_next(&dep, &frame, &wait_us) == EMRTD_ISODEP_SEND)
 *           emrtd_isodep_hear(&dep, exchange(frame, wait_us, &answer), answer);
 *
 * A frame is a prologue and data; the CRC is the business of the chip in the
 * reader, though FSC and FSD count it. We use neither CID nor NAD, so that the
 * prologue is the PCB alone:
 *
 *   I  000m 001n   m: more follow, n: block number   data
 *   R  101k 001n   k: 0 ACK, 1 NAK
 *   S  11tt 0010   00 DESELECT; 11 WTX, one byte: 00, six bits of multiplier
 *
 * A block with a command goes out a second time only when the chip has said,
 * asked by R(NAK), that it did not get it (rules 4, 6 and 12): a command is
 * never run twice. Whatever the chip does, an exchange ends after a bounded
 * number of frames.
 */
#ifndef TRANSPORT_ISODEP_H
#define TRANSPORT_ISODEP_H

#include <emrtd/bytes.h>

/* Of a frame, CRC included: the most that we send, and that we take. */
#define EMRTD_ISODEP_FRAME_MAX 256
#define EMRTD_ISODEP_FRAME_MIN 16
/* An extended APDU at its longest, either way. */
#define EMRTD_ISODEP_COMMAND_MIN  4
#define EMRTD_ISODEP_COMMAND_MAX  65544
#define EMRTD_ISODEP_RESPONSE_MIN 2
#define EMRTD_ISODEP_RESPONSE_MAX 65538
/* How often nothing sound may come in a row: at first, and when asked again. */
#define EMRTD_ISODEP_TRIES      4
#define EMRTD_ISODEP_PING_TRIES 2 /* of pings and deselection */
/* How often, and for how long in all, one command may ask for more time. */
#define EMRTD_ISODEP_WTX_MAX    4096
#define EMRTD_ISODEP_WTX_SUM_US 120000000
/* FWI 14: no waiting time is longer. */
#define EMRTD_ISODEP_FWT_MAX_US 4949032
/* Beyond the frame waiting time, 49,152 cycles of the carrier. */
#define EMRTD_ISODEP_FWT_SLACK_US 3625

/*
 * What both sides agreed to, from ATS or ATTRIB (isodep_select.h). init brings
 * numbers that are out of range into it.
 */
struct emrtd_isodep_link {
	uint32_t fsc;     /* largest frame that the chip takes, with CRC */
	uint32_t fsd;     /* largest that we take */
	uint32_t fwt_us;  /* frame waiting time */
	uint32_t sfgt_us; /* guard time after ATS; the caller's to keep */
	bool cid, nad;    /* the chip knows them; we use neither */
};

/* What came. FRAME: CRC, parity and framing are right. */
enum emrtd_isodep_heard {
	EMRTD_HEARD_FRAME,
	EMRTD_HEARD_NOTHING, /* until the time was over */
	EMRTD_HEARD_GARBLED  /* something, and it was not right */
};

enum emrtd_isodep_step {
	EMRTD_ISODEP_SEND,
	EMRTD_ISODEP_DONE,
	EMRTD_ISODEP_FAILED /* see dep->error */
};

/* How to find out whether the chip is still there. */
enum emrtd_isodep_ping {
	EMRTD_ISODEP_PING_NAK,  /* R(NAK): harmless whatever the chip does */
	EMRTD_ISODEP_PING_EMPTY /* an empty I-block, for chips that ignore it */
};

enum emrtd_isodep_task {
	EMRTD_ISODEP_IDLE,
	EMRTD_ISODEP_COMMAND,  /* the command goes out */
	EMRTD_ISODEP_RESPONSE, /* the chip chains its response */
	EMRTD_ISODEP_ASK_NAK,
	EMRTD_ISODEP_ASK_EMPTY,
	EMRTD_ISODEP_DESELECT
};

/* Counted from init on. */
struct emrtd_isodep_counts {
	uint32_t frames;  /* that were sent */
	uint32_t repeats; /* of them, because something was lost or wrong */
	uint32_t wtx;     /* requests for more time */
};

/* The caller reads error and counts, and leaves the rest alone. */
struct emrtd_isodep {
	enum emrtd_error error; /* of the last task that failed */
	struct emrtd_isodep_counts counts;
	struct emrtd_isodep_link link;
	enum emrtd_isodep_task task;
	bool dead;           /* it failed, or the chip was deselected */
	uint8_t number;      /* the current block number */
	bool asked;          /* the last frame was R(NAK) */
	unsigned failures;   /* in a row */
	unsigned wtx;        /* of this command */
	uint64_t wtx_sum_us; /* granted for this command */
	struct emrtd_bytes command;
	size_t sent;     /* bytes of it that the chip has */
	size_t in_block; /* bytes of it in the last I-block */
	struct emrtd_out *response;
	size_t mark; /* where it began */
	uint32_t wait_us;
	size_t frame_len; /* 0: nothing to send */
	uint8_t frame[EMRTD_ISODEP_FRAME_MAX];
};

/* A chip that was just activated: block number 0. */
void emrtd_isodep_init(struct emrtd_isodep *dep,
    const struct emrtd_isodep_link *link);

/*
 * One command APDU. Both borrowed until the end: the response is appended to,
 * and what was appended is wiped on failure. Errors:
 *   CARD_LOST  the chip fell silent, or could not be understood, for all tries
 *   TIMEOUT    it asked for more time than it may have
 *   PROTOCOL   it broke the rules for all tries, or sent no status word
 *   TOO_LONG   the command is no APDU by its length (nothing was sent), or the
 *              response does not fit
 * After a failure with frames sent nobody knows the chip's state: any further
 * task fails with the same error until init, which wants a new activation.
 */
void emrtd_isodep_begin(struct emrtd_isodep *dep, struct emrtd_bytes command,
    struct emrtd_out *response);
/* DONE: the chip is there. FAILED as above. */
void emrtd_isodep_begin_ping(struct emrtd_isodep *dep,
    enum emrtd_isodep_ping how);
/* DONE: the chip said goodbye, and wants a new activation as if it had failed. */
void emrtd_isodep_begin_deselect(struct emrtd_isodep *dep);

/*
 * What to do now. SEND: the frame, a view into dep until the next call, and how
 * long to listen for the first bit of an answer. Each SEND wants one hear().
 */
enum emrtd_isodep_step emrtd_isodep_next(struct emrtd_isodep *dep,
    struct emrtd_bytes *frame, uint32_t *wait_us);
/* frame: without CRC; ignored when nothing right came. */
void emrtd_isodep_hear(struct emrtd_isodep *dep, enum emrtd_isodep_heard heard,
    struct emrtd_bytes frame);

#endif
