/*
 * nfc_wire.h - what the library and its helper emrtd-nfc say to each other:
 * one message for a request, one for its answer, over a socket that keeps
 * messages apart (SOCK_SEQPACKET). The helper opens a PN53x and carries
 * commands to it; what they mean is the library's affair (pn53x_command.h).
 * Neither side believes the other: every field is checked.
 *
 *   request                            answer
 *   +------+---+--------+------+----+  +-----------+--------+--------+----+
 *   | kind | 0 | number | wait |data|  | kind+0x80 | status | number |data|
 *   +------+---+--------+------+----+  +-----------+--------+--------+----+
 *    1      1   2        2      0..264  1           1        2        0..264
 *
 * Numbers are big-endian. An answer bears the number of its request, so that
 * one that comes too late is known. OPEN: data is libnfc's name of a device,
 * or nothing for the first that it finds; its answer is a reader (below) or a
 * text of what is wrong. COMMAND: data is a command of the PN53x from its code
 * on, 'wait' how long to listen in milliseconds; its answer is what the PN53x
 * answered after the code. CLOSE: no data, and the helper ends.
 *
 *   reader: | version 1 | driver 1 | chip 1 | max 2 | speed 4 | n 1 | name n |
 *           the rest: libnfc's name of the device that was opened
 */
#ifndef TRANSPORT_NFC_WIRE_H
#define TRANSPORT_NFC_WIRE_H

#include <emrtd/bytes.h>

#define EMRTD_NFC_WIRE_VERSION 1
/* A command with its code, or an answer without: what a PN53x carries. */
#define EMRTD_NFC_DATA_MAX    264
#define EMRTD_NFC_MESSAGE_MAX (6 + EMRTD_NFC_DATA_MAX)
#define EMRTD_NFC_NAME_MAX    127 /* texts, without the zero at their end */
#define EMRTD_NFC_WAIT_MAX_MS 10000

enum emrtd_nfc_kind {
	EMRTD_NFC_OPEN = 1,
	EMRTD_NFC_COMMAND,
	EMRTD_NFC_CLOSE
};

enum emrtd_nfc_status {
	EMRTD_NFC_OK,
	EMRTD_NFC_SILENT,     /* the PN53x did not answer in time */
	EMRTD_NFC_BROKEN,     /* it answered what is no answer */
	EMRTD_NFC_GONE,       /* it was pulled out, or died */
	EMRTD_NFC_NO_READER,  /* OPEN: no such device */
	EMRTD_NFC_BUSY,       /* OPEN: somebody has it */
	EMRTD_NFC_PERMISSION, /* OPEN: we may not */
	EMRTD_NFC_REFUSED, /* the request is none, or too long for the driver */
	EMRTD_NFC_N_STATUSES
};

enum emrtd_nfc_driver {
	EMRTD_NFC_OTHER, /* pn532_spi, pn532_i2c, arygon ... */
	EMRTD_NFC_UART,  /* pn532_uart */
	EMRTD_NFC_USB,   /* pn53x_usb */
	EMRTD_NFC_ACR122,
	EMRTD_NFC_N_DRIVERS
};

enum emrtd_nfc_chip {
	EMRTD_NFC_UNKNOWN_CHIP,
	EMRTD_NFC_PN531,
	EMRTD_NFC_PN532,
	EMRTD_NFC_PN533,
	EMRTD_NFC_N_CHIPS
};

struct emrtd_nfc_request {
	enum emrtd_nfc_kind kind;
	uint16_t number;
	uint16_t wait_ms;
	struct emrtd_bytes data; /* a borrow */
};

struct emrtd_nfc_answer {
	enum emrtd_nfc_kind kind;
	enum emrtd_nfc_status status;
	uint16_t number;
	struct emrtd_bytes data; /* a borrow of the message */
};

struct emrtd_nfc_reader {
	enum emrtd_nfc_driver driver;
	enum emrtd_nfc_chip chip;
	uint16_t max_command; /* bytes, code included */
	uint32_t speed;       /* baud of a serial line now, or 0 */
	char name[EMRTD_NFC_NAME_MAX + 1];
	char device[EMRTD_NFC_NAME_MAX + 1]; /* "pn53x_usb:001:004" */
};

void emrtd_nfc_request_build(const struct emrtd_nfc_request *request,
    struct emrtd_out *out);
/* False: no request; out is then zero. So with the others. */
bool emrtd_nfc_request_parse(struct emrtd_bytes message,
    struct emrtd_nfc_request *out);

void emrtd_nfc_answer_build(const struct emrtd_nfc_answer *answer,
    struct emrtd_out *out);
bool emrtd_nfc_answer_parse(struct emrtd_bytes message,
    struct emrtd_nfc_answer *out);
/* An answer, and that to this request: its kind and its number. */
bool emrtd_nfc_answer_to(const struct emrtd_nfc_request *request,
    struct emrtd_bytes message, struct emrtd_nfc_answer *out);

void emrtd_nfc_reader_build(const struct emrtd_nfc_reader *reader,
    struct emrtd_out *out);
bool emrtd_nfc_reader_parse(struct emrtd_bytes data,
    struct emrtd_nfc_reader *out);

/* Into a C string: what is not printable ASCII becomes '?', the rest is cut. */
void emrtd_nfc_text(struct emrtd_bytes data, char *out, size_t cap);

#endif
