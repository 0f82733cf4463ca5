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

/* Where the limits of a link are known from. */
enum emrtd_limits_from {
	EMRTD_LIMITS_UNKNOWN,
	EMRTD_LIMITS_TRANSPORT, /* a virtual chip, a recording */
	EMRTD_LIMITS_READER,    /* its descriptor, or PC/SC part 10 */
	EMRTD_LIMITS_TABLE      /* udev/readers.tbl knows better than it */
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
	enum emrtd_limits_from limits_from;
	bool reader_pace; /* it can do PACE by itself (control, part 10) */
	/* What is odd about this reader, a sentence without a full stop. */
	char oddity[160];
	/* Of any:, the scheme of the transport that was chosen: "ccid". */
	char driver[16];
};

/*
 * Codes of control() that are the same for every transport; all others are
 * those of the driver. READER_PACE: FEATURE_EXECUTE_PACE of PC/SC part 10, in
 * its own bytes, where info has reader_pace. It may last 90 s, as somebody
 * types at the reader.
 */
#define EMRTD_CONTROL_READER_PACE 0x20u

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
 * emrtd_transport_open - by reader URI: any: (the first reader that holds a
 * document, whichever transport it is behind), ccid:[BUS.DEVICE or
 * VENDOR:PRODUCT][/SLOT] (a USB reader by itself; nothing is opened before wait
 * or connect, and it is found again after it was pulled out: READER_LOST once,
 * then wait for it, or connect), nfc:[NAME] (a PN53x by libnfc's name of it, or
 * the first on USB; the program emrtd-nfc must be installed), tcp:HOST:PORT
 * (vpcd's framing, we are the reader and connect), pcsc:[NAME] (first
 * contactless reader when empty; a part of the name suffices), replay:FILE (a
 * recorded session answers), replay-strict:FILE (and wants its commands in the
 * recorded order).
 * errors: EMRTD_E_ARG (URI), EMRTD_E_UNSUPPORTED (not built in),
 *         EMRTD_E_NO_READER and those of the transport
 */
EMRTD_API enum emrtd_error emrtd_transport_open(const char *uri,
    struct emrtd_diag *diag, struct emrtd_transport *out) EMRTD_MUST_USE;
/* NULL-safe; leaves ops NULL. */
EMRTD_API void emrtd_transport_close(struct emrtd_transport *transport);

/* What keeps a reader from being used, or from being used well. */
enum emrtd_reader_trouble {
	EMRTD_READER_FINE,
	EMRTD_READER_PERMISSION, /* its device may not be opened */
	EMRTD_READER_BUSY,       /* another program holds it: pcscd, mostly */
	EMRTD_READER_KERNEL_DRIVER, /* a driver of the kernel holds it */
	EMRTD_READER_TPDU,          /* it carries no whole APDUs */
	EMRTD_READER_CONTACTS,      /* no contactless slot known */
	EMRTD_READER_SILENT,        /* it does not answer as a reader should */
	EMRTD_READER_NO_SERVICE,    /* pcscd does not run */
	EMRTD_READER_UNREAD,        /* this version does not speak to it */
	EMRTD_READER_N_TROUBLES
};

/* A reader that is plugged in; zero means unknown. */
struct emrtd_reader_info {
	uint32_t size;
	char uri[160];   /* opens it: "ccid:001.004", "pcsc:NAME" */
	char name[128];  /* printable */
	char driver[16]; /* the scheme: "ccid", "pcsc", "nfc" */
	uint16_t vendor, product;
	bool contactless;
	bool has_presence; /* it has told whether a document is there */
	enum emrtd_presence presence;
	bool extended;
	uint32_t max_command, max_response;
	enum emrtd_reader_trouble trouble;
	char detail[160]; /* who holds it, which node, what is odd; or "" */
};

/*
 * emrtd_reader_list - every reader that any transport of this build sees, in
 * the order in which they would be tried: see() for each, with a borrow for
 * the call. A reader that two transports see is shown twice. No document is
 * touched. A service that does not run is shown as a row with its trouble.
 * errors: EMRTD_E_NO_MEMORY; that there is none is no error
 */
EMRTD_API enum emrtd_error emrtd_reader_list(
    void (*see)(void *self, const struct emrtd_reader_info *reader),
    void *self) EMRTD_MUST_USE;
/* "busy"; what it means; and what mends it, or "" - static texts. */
EMRTD_API const char *emrtd_reader_trouble_name(enum emrtd_reader_trouble t);
EMRTD_API const char *emrtd_reader_trouble_text(enum emrtd_reader_trouble t);
EMRTD_API const char *emrtd_reader_trouble_advice(enum emrtd_reader_trouble t);

#ifdef __cplusplus
}
#endif
#endif
