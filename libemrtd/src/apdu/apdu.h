/*
 * apdu.h - command and response APDUs, ISO 7816-4 cases 1 to 4, short and
 * extended length. Pure.
 */
#ifndef APDU_APDU_H
#define APDU_APDU_H

#include <emrtd/bytes.h>

/* Header, extended Lc and Le around 65,535 bytes. */
#define EMRTD_COMMAND_MAX  (4 + 3 + 65535 + 2)
#define EMRTD_RESPONSE_MAX (65536 + 2)

/*
 *   CLA INS P1 P2 [Lc data] [Le]
 * ne: bytes expected, 0 = no Le field, up to 65536. extended: encode Lc and
 * Le in extended form; set by emrtd_command_encode itself when nothing else
 * fits.
 */
struct emrtd_command {
	uint8_t cla, ins, p1, p2;
	struct emrtd_bytes data;
	uint32_t ne;
	bool extended;
};

struct emrtd_response {
	struct emrtd_bytes data; /* a view into the received bytes */
	uint16_t sw;
};

/* EMRTD_E_ARG for more than 65,535 bytes, EMRTD_E_BUFFER when out is full. */
enum emrtd_error emrtd_command_encode(const struct emrtd_command *command,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* The chip's side; data is a view. EMRTD_E_MALFORMED when no case fits. */
enum emrtd_error emrtd_command_decode(struct emrtd_bytes bytes,
    struct emrtd_command *out) EMRTD_MUST_USE;
/* EMRTD_E_TRUNCATED below two bytes. */
enum emrtd_error emrtd_response_parse(struct emrtd_bytes bytes,
    struct emrtd_response *out) EMRTD_MUST_USE;

#endif
