/*
 * trace_line.h - the lines of a trace file (docs/TRACES.md). Pure: bytes in,
 * views out.
 *
 *   # comment          > HEX    command as sent      = > HEX   plain form
 *   @ phase            < HEX    response, with SW    = < HEX   plain form
 *   key value
 */
#ifndef TRANSPORT_TRACE_LINE_H
#define TRANSPORT_TRACE_LINE_H

#include <emrtd/bytes.h>

/* An extended APDU of 65,544 bytes in hex, and what stands before it. */
#define EMRTD_TRACE_LINE_MAX 140000

enum emrtd_trace_kind {
	EMRTD_TRACE_NOTHING, /* blank, or a comment */
	EMRTD_TRACE_KEY,
	EMRTD_TRACE_PHASE,
	EMRTD_TRACE_COMMAND,
	EMRTD_TRACE_RESPONSE,
	EMRTD_TRACE_PLAIN_COMMAND,
	EMRTD_TRACE_PLAIN_RESPONSE
};

struct emrtd_trace_line {
	enum emrtd_trace_kind kind;
	struct emrtd_bytes key;   /* of EMRTD_TRACE_KEY */
	struct emrtd_bytes value; /* phase, value or hex; as written */
};

/*
 * Takes the next line; lines end in LF or CR LF. EMRTD_E_MALFORMED for a key
 * without a value or a mark without hex digits, EMRTD_E_LIMIT for a line that
 * is too long. At the end of the text (len 0) it must not be called.
 */
enum emrtd_error emrtd_trace_next(struct emrtd_bytes *text,
    struct emrtd_trace_line *line) EMRTD_MUST_USE;

/* Appends the bytes of pairs of hex digits, either case. */
bool emrtd_trace_hex(struct emrtd_bytes hex, struct emrtd_out *out);

#endif
