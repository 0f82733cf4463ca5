/*
 * Bytes of a reader to documents, without a device: how records are framed is
 * a table, and what comes out has passed the check digits of libmrz. Pure: no
 * allocation, no input or output, the clock is a parameter.
 *
 * Bytes come off a wire: every count is bounded, a record that does not end is
 * given up, and nothing that was given up stays in memory.
 */
#ifndef MRTD_TOOL_MRZ_COLLECT_H
#define MRTD_TOOL_MRZ_COLLECT_H

#include "mrz_device.h"

#include <stdint.h>

/* A whole zone on one line has 90. */
#define MRZ_COLLECT_LINE_CAP 96

/* After so long a silence what came is judged, though no end was seen; after
 * more it is given up. Bare lines sooner: they do not say that they are of one
 * document, and the name stands under no check digit. No document takes longer
 * than the last. */
#define MRZ_COLLECT_SETTLE_MS 300
#define MRZ_COLLECT_LINES_MS  750
#define MRZ_COLLECT_GAP_MS    1500
#define MRZ_COLLECT_TOTAL_MS  15000

/* An Elyctis reader forgets a command that comes while it starts. */
#define MRZ_COLLECT_ARM_MS 2000

/* Fewer characters than this, lost or given up, are noise; more are told. */
#define MRZ_COLLECT_TELL 20

/* What a record in between (a magnetic stripe, a barcode) has at most. */
#define MRZ_COLLECT_PASS_OVER 8192

enum mrz_protocol {
	MRZ_PROTOCOL_LINES,  /* text, framed in one of several ways */
	MRZ_PROTOCOL_ELYCTIS /* binary: command, length (2), payload */
};

struct mrz_framing;

/* All members are its own; in the header so that the caller has the memory. */
struct mrz_collect {
	enum mrz_protocol protocol;
	const struct mrz_framing *frame; /* NULL: bare lines */
	uint8_t before;                  /* the last byte */
	/* The line that grows is lines[n]; those before it have ended. */
	char lines[MRZ_MAX_LINES + 1][MRZ_COLLECT_LINE_CAP];
	size_t len[MRZ_MAX_LINES + 1];
	size_t n;
	bool spoilt;    /* a line or a frame has more than it may */
	size_t dropped; /* characters that went into no document */
	size_t passed;  /* bytes of a record that is passed over */
	bool settled;
	bool busy; /* something has begun: the times below count */
	int64_t first, last;
	/* Elyctis */
	uint8_t header[3];
	size_t n_header, left;
	bool arm;     /* the command is to be sent */
	int64_t sent; /* when it was; -1: it is answered */
	/* What take has to tell, in this order. */
	const char *rejected; /* NULL: nothing */
	const char *rejected_how;
	struct mrz_swipe ready;
};

void mrz_collect_init(struct mrz_collect *collect, enum mrz_protocol protocol);

/* Forget all that has not ended, and say so if it was more than noise. */
void mrz_collect_drop(struct mrz_collect *collect, const char *why);

/* The next byte. Take must have said NOTHING since the last one. */
void mrz_collect_byte(struct mrz_collect *collect, uint8_t byte, int64_t now);

/* As mrz_device_take, without LOST. */
enum mrz_device_event mrz_collect_take(struct mrz_collect *collect, int64_t now,
    struct mrz_swipe *out);

/* When take is to be called at the latest; -1: not before the next byte. */
int64_t mrz_collect_due(const struct mrz_collect *collect);

/* The command that the reader is waiting for: its length, 0 when none is to be
 * sent now. sent: it went out. */
#define MRZ_COLLECT_COMMAND_LEN 4
size_t mrz_collect_command(struct mrz_collect *collect, int64_t now,
    uint8_t out[MRZ_COLLECT_COMMAND_LEN]);

#endif
