/*
 * channel.h - one command and its answer over a transport, plain or under
 * secure messaging: encoding, sizes, GET RESPONSE (61xx), wrong Le (6Cxx),
 * deadline, cancel, counters and the observer that traces hang on.
 *
 * A plain struct of the caller without memory of its own. What it promises:
 *
 * - Nothing is sent twice under one send sequence counter. What is asked for
 *   again under secure messaging (protected 61xx, 6Cxx) is a new command with
 *   a new counter.
 * - Once secured, it never speaks plain again by accident: when the keys have
 *   ended, every command is EMRTD_E_STATE until emrtd_channel_plain() or a new
 *   emrtd_channel_secure().
 * - Whatever goes wrong between protecting a command and having verified its
 *   answer (link, deadline, cancel, MAC, unprotected answer) ends the keys.
 */
#ifndef CHANNEL_CHANNEL_H
#define CHANNEL_CHANNEL_H

#include "apdu/apdu.h"
#include "sm/sm.h"

#include <emrtd/clock.h>
#include <emrtd/trace.h>
#include <emrtd/transport.h>

#include <stdatomic.h>

/* Scratch for any command and answer; short APDUs need a fraction. */
#define EMRTD_CHANNEL_SCRATCH       (6 * 65536)
#define EMRTD_CHANNEL_SCRATCH_SHORT 2048
/* BAC delays of 5 to 15 seconds are seen in the field. */
#define EMRTD_CHANNEL_TIMEOUT_MS 20000
#define EMRTD_CHANNEL_PHASES     16

#define EMRTD_NE_SHORT 256
/* Longest short APDUs: header, Lc, 255 bytes, Le; 256 bytes and SW. */
#define EMRTD_SHORT_COMMAND  261
#define EMRTD_SHORT_RESPONSE 258

struct emrtd_phase {
	const char *name; /* static */
	uint32_t n_apdus;
	uint64_t sent, received; /* bytes on the link */
	int64_t link_us;         /* waiting for answers */
	int64_t total_us;        /* from its start to the next phase */
};

struct emrtd_channel {
	/* Set by emrtd_channel_init, to be left alone. */
	struct emrtd_transport transport; /* borrowed */
	struct emrtd_crypto *crypto;
	struct emrtd_clock clock;
	struct emrtd_out scratch;

	/* Options of the caller, zero after init unless said otherwise. */
	int64_t deadline_us;            /* by the clock; 0 = none */
	uint32_t timeout_ms;            /* EMRTD_CHANNEL_TIMEOUT_MS */
	const atomic_int *cancelled;    /* not zero = stop; may be NULL */
	struct emrtd_observer observer; /* exchange may be NULL */

	/* By emrtd_channel_secure and emrtd_channel_plain only. */
	struct emrtd_sm *sm;
	bool secured;
	/* Answers that verified under these keys. */
	uint32_t n_verified;
	/*
	 * The bare status word that has just ended the keys, when it is one of
	 * a refusal: what a chip answers to a length that it does not take. 0
	 * = none.
	 */
	uint16_t bare_sw;

	/* Whole APDUs in bytes, 0 = unknown; the lower of link and chip. */
	uint32_t max_command, max_response;
	/* The link is known to carry extended APDUs. */
	bool link_extended;
	/* Nobody has said whether it does. */
	bool link_unknown;
	/*
	 * What was found out of the link; survives a connect. An extended APDU
	 * went through; one broke it, so none are sent any more.
	 */
	bool extended_works, short_only;
	/*
	 * The exchange that has just failed was lost on the link, was extended,
	 * and none has gone through before: it may have been the length.
	 */
	bool broke_extended;
	/* What the last exchange was told to ask for (6Cxx) and got; 0: none. */
	uint32_t corrected_ne;
	/* The chip has said that it takes them (EF.ATR/INFO, historicals). */
	bool chip_extended;
	/* What else it has said, or was found out; all survive a connect. */
	bool chip_chaining; /* it takes any command in parts */
	uint32_t chip_max_command, chip_max_response;
	uint32_t le_cap; /* it breaks above; 0 = none */

	struct emrtd_phase phases[EMRTD_CHANNEL_PHASES];
	size_t n_phases, phase; /* phases[phase] is running if n_phases > 0 */
	int64_t phase_start_us;
};

/*
 * scratch: borrowed as long as the channel lives, at least
 * EMRTD_CHANNEL_SCRATCH_SHORT bytes; with less than EMRTD_CHANNEL_SCRATCH the
 * longest commands fail with EMRTD_E_BUFFER before they are sent. crypto may
 * be NULL when no session will be secured.
 */
void emrtd_channel_init(struct emrtd_channel *channel,
    const struct emrtd_transport *transport, struct emrtd_crypto *crypto,
    const struct emrtd_clock *clock, struct emrtd_out scratch);

/*
 * Connects to the document and takes the limits of the link; those of the
 * chip, once known, hold on.
 */
enum emrtd_error emrtd_channel_connect(struct emrtd_channel *channel,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Takes in what is in extended_works and short_only: an unknown link that has
 * carried extended APDUs is one that does; one that broke on one does not.
 */
void emrtd_channel_learn(struct emrtd_channel *channel);

/* What the chip says of its buffers (EF.ATR/INFO tag 7F66); 0 = silent. */
void emrtd_channel_chip_limits(struct emrtd_channel *channel,
    uint32_t max_command, uint32_t max_response);

/* From now on under sm (borrowed), which must be live; counts anew. */
void emrtd_channel_secure(struct emrtd_channel *channel, struct emrtd_sm *sm);
/* Ends the keys, if any, and speaks plain again: for a fresh session only. */
void emrtd_channel_plain(struct emrtd_channel *channel);

/*
 * emrtd_channel_exchange - one command, its whole answer.
 * in:     command  plain; 'extended' forces the extended form
 * out:    data     plain data, appended (over GET RESPONSE too); may be NULL,
 *                  then data that the chip sends unasked are dropped
 *         sw       the last status word; EMRTD_OK says nothing about it
 * errors: those of the transport, EMRTD_E_DEADLINE, EMRTD_E_CANCELLED,
 *         EMRTD_E_TOO_LONG (known limits of the link; not sent, keys live on),
 *         EMRTD_E_BUFFER (scratch: not sent), EMRTD_E_TRUNCATED (answer below
 *         two bytes), EMRTD_E_LIMIT (61xx without end or without data, or more
 *         than data holds: the answer is lost), EMRTD_E_STATE (secured, but
 *         the keys have ended), and those of secure messaging
 * diag may be NULL.
 */
enum emrtd_error emrtd_channel_exchange(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_out *data, uint16_t *sw,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * As above, but where the data do not fit a short command it is chained (CLA
 * bit 5) in parts of 255 bytes, or of emrtd_channel_part() under secure
 * messaging, each of which is protected by itself. A part that is refused ends
 * the chain with its status word. For GENERAL AUTHENTICATE, and otherwise only
 * where the chip has announced it (Doc 9303-10 3.6.5).
 */
enum emrtd_error emrtd_channel_chain(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_out *data, uint16_t *sw,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/* Most plain data of a short command now: 255; 231 under 3DES, 223 AES. */
size_t emrtd_channel_part(const struct emrtd_channel *channel);

/* EMRTD_E_CANCELLED, EMRTD_E_DEADLINE, or OK: may we go on? */
enum emrtd_error emrtd_channel_check(const struct emrtd_channel *channel,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Largest Ne for READ BINARY now. Short (256; 231 under 3DES, 223 under AES)
 * unless link and chip are both known to take extended length; never above
 * le_cap.
 */
uint32_t emrtd_channel_max_le(const struct emrtd_channel *channel);

/* A new phase by its static name, or one that was there before. */
void emrtd_channel_phase(struct emrtd_channel *channel, const char *name);
/* Brings total_us of the running phase up to date. */
void emrtd_channel_phase_stop(struct emrtd_channel *channel);

#endif
