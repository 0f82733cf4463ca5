/*
 * emrtd/transport.h - the seam between the library and whatever carries an
 * APDU to a chip: one whole APDU per transmit, no knowledge of the protocol.
 */
#ifndef EMRTD_TRANSPORT_H
#define EMRTD_TRANSPORT_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMRTD_ATR_MAX 64

enum emrtd_presence {
	EMRTD_PRESENT,
	EMRTD_ABSENT
};

/* What is known of the link; zero means unknown. */
struct emrtd_link_info {
	uint32_t size;
	char name[128]; /* the reader's name, printable */
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;
	uint32_t max_command;  /* whole APDU in bytes */
	uint32_t max_response; /* with status word */
	bool extended;         /* the reader is known to carry extended APDUs */
};

/*
 * Errors are exactly EMRTD_E_CARD_LOST, READER_LOST, TIMEOUT, CANCELLED,
 * TOO_LONG, PROTOCOL, BUSY and PERMISSION; connect may also say NO_READER.
 * connect ends with a chip that is freshly reset, whoever used it before.
 * info, wait, control and cancel may be NULL. cancel may be called from any
 * thread or a signal handler.
 */
struct emrtd_transport_ops {
	enum emrtd_error (*info)(void *self, struct emrtd_link_info *out);
	enum emrtd_error (
	    *wait)(void *self, enum emrtd_presence want, uint32_t timeout_ms);
	enum emrtd_error (*connect)(void *self, struct emrtd_diag *diag);
	/* Appends data and status word to response. */
	enum emrtd_error (*transmit)(void *self, struct emrtd_bytes command,
	    struct emrtd_out *response, uint32_t timeout_ms);
	enum emrtd_error (*control)(void *self, uint32_t code,
	    struct emrtd_bytes in, struct emrtd_out *out);
	void (*cancel)(void *self);
	enum emrtd_error (*reset)(void *self);
	void (*close)(void *self); /* frees self */
};

struct emrtd_transport {
	const struct emrtd_transport_ops *ops;
	void *self;
};

/*
 * emrtd_transport_open - by reader URI: tcp:HOST:PORT (vpcd's framing, we are
 * the reader and connect), pcsc:[NAME] (first contactless reader when empty;
 * a part of the name suffices), replay:FILE (a recorded session answers),
 * replay-strict:FILE (and wants its commands in the recorded order).
 * errors: EMRTD_E_ARG (URI), EMRTD_E_UNSUPPORTED (not built in),
 *         EMRTD_E_NO_READER and those of the transport
 */
EMRTD_API enum emrtd_error emrtd_transport_open(const char *uri,
    struct emrtd_diag *diag, struct emrtd_transport *out) EMRTD_MUST_USE;
/* NULL-safe; leaves ops NULL. */
EMRTD_API void emrtd_transport_close(struct emrtd_transport *transport);

#ifdef __cplusplus
}
#endif
#endif
