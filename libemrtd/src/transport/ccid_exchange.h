/*
 * ccid_exchange.h - one slot of a CCID reader, over a pipe that somebody else
 * provides. Pure: no USB, no clock of its own, no memory of its own, so that
 * a hostile reader is a table in a test.
 *
 * One command is on its way at a time, with a sequence number; an answer with
 * another number or slot is one that came too late, and is dropped. Whatever
 * the reader does, a call ends at its deadline, or earlier after a bounded
 * number of packets.
 */
#ifndef TRANSPORT_CCID_EXCHANGE_H
#define TRANSPORT_CCID_EXCHANGE_H

#include "transport/ccid_descriptor.h"
#include "transport/ccid_frame.h"

/*
 * The bulk endpoints. Times are of now_ms. send: one message, and no empty
 * packet after it: readers know drivers that send none, and have the length.
 * receive: appends what one transfer brought (a part of a message, or
 * nothing), never more than fits. Errors: TIMEOUT, CANCELLED, READER_LOST,
 * PROTOCOL. abort: the class request on endpoint 0; may be NULL. pause: OK at
 * that time, CANCELLED before.
 */
struct emrtd_ccid_pipe {
	void *self;
	enum emrtd_error (
	    *send)(void *self, struct emrtd_bytes message, int64_t until_ms);
	enum emrtd_error (
	    *receive)(void *self, struct emrtd_out *packet, int64_t until_ms);
	enum emrtd_error (*abort)(void *self, uint8_t slot, uint8_t seq);
	int64_t (*now_ms)(void *self);
	enum emrtd_error (*pause)(void *self, int64_t until_ms);
};

/*
 * Room for a message that came, whatever the reader claims, and a packet. A
 * transfer of an IN endpoint fills whole packets.
 */
#define EMRTD_CCID_BUFFER_LEN (EMRTD_CCID_MESSAGE_MAX + 1024)

struct emrtd_ccid_exchange {
	const struct emrtd_ccid_pipe *pipe;
	struct emrtd_ccid_interface reader;
	uint8_t slot;
	uint8_t *buffer; /* the caller's, EMRTD_CCID_BUFFER_LEN */
	uint8_t seq;     /* of the next command */
	bool adrift;     /* an answer may still be under way */
	uint8_t asked;   /* slot of the last command */
	bool midway;     /* the last APDU ended in the middle of a chain */
	uint8_t error;   /* bError of the last failed answer, else 0 */
};

void emrtd_ccid_exchange_init(struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_pipe *pipe,
    const struct emrtd_ccid_interface *reader, uint8_t slot, uint8_t *buffer);

/*
 * Gets in step with a reader that was just opened, or whose last command came
 * to no end: aborts that one, then asks for its state up to three times,
 * patience_ms each.
 */
enum emrtd_error emrtd_ccid_resync(struct emrtd_ccid_exchange *x,
    uint32_t patience_ms, enum emrtd_ccid_icc *out) EMRTD_MUST_USE;

enum emrtd_error emrtd_ccid_status(struct emrtd_ccid_exchange *x,
    uint32_t timeout_ms, enum emrtd_ccid_icc *out) EMRTD_MUST_USE;

enum emrtd_error emrtd_ccid_power_off(struct emrtd_ccid_exchange *x,
    uint32_t timeout_ms) EMRTD_MUST_USE;
/* Appends the ATR. */
enum emrtd_error emrtd_ccid_power_on(struct emrtd_ccid_exchange *x,
    struct emrtd_out *atr, uint32_t timeout_ms) EMRTD_MUST_USE;

/*
 * One whole APDU. EMRTD_E_TOO_LONG: the reader cannot carry it, or the
 * response does not fit; EMRTD_E_BUSY: the reader did not pass it on. After
 * any other error, and after these when 'midway' is set, the chip's state is
 * unknown. On failure the response is as
 * it was.
 */
enum emrtd_error emrtd_ccid_transmit(struct emrtd_ccid_exchange *x,
    struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms) EMRTD_MUST_USE;

#endif
