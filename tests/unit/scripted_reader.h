/*
 * scripted_reader.h - a CCID reader behind a pipe, with a clock of its own. By
 * itself it keeps to the rules; a hook may change, drop or repeat whatever it
 * sends. It knows no USB and none of the code that it is held against.
 */
#ifndef MRTD_SCRIPTED_READER_H
#define MRTD_SCRIPTED_READER_H

#include "transport/ccid_exchange.h"

#include <emrtd/transport.h>

#define SCRIPT_MESSAGE_MAX 70000

struct script;

/*
 * Before message number n (from 0) is sent: its bytes and length may change
 * (by up to 512), and of s 'endless', 'late_ms', 'dropped'.
 */
typedef void script_hook(struct script *s, unsigned n, uint8_t *message,
    size_t *len);

#define SCRIPT_MAX_QUEUE 128

struct script {
	struct emrtd_ccid_interface reader;
	int64_t now;
	uint8_t buffer[EMRTD_CCID_BUFFER_LEN]; /* for the exchange */

	/* How it behaves. */
	bool absent;
	size_t response_len; /* with status word, of every APDU */
	unsigned extensions; /* before every DataBlock of an APDU */
	size_t packet;       /* bytes that one receive brings */
	bool empty_packets;  /* one behind all that it sends */
	bool empty_first;    /* one before anything else, once */
	int64_t step_ms;     /* a receive takes so long */
	script_hook *hook;
	void *user;
	uint8_t fail_with;   /* bError of every answer, with status 40 */
	uint8_t voltage;     /* the only one that it takes, 0xFF: any */
	unsigned mute_sends; /* the next messages are not answered */
	bool abort_works;
	bool cancelled;  /* the next receive is */
	bool endless;    /* the last message comes again and again */
	bool dropped;    /* the message at hand is not sent */
	int64_t late_ms; /* before the next packet, once */

	/* What happened. */
	unsigned n_sent, n_received, n_messages, n_aborts, n_pauses;
	bool powered;
	uint8_t command[SCRIPT_MESSAGE_MAX]; /* whole APDU */
	size_t command_len;
	uint16_t levels[512]; /* wLevelParameter of each XfrBlock */
	unsigned n_levels;
	uint8_t last_seq;

	/* What it still has to send: messages, one behind the other. */
	uint8_t out[SCRIPT_MESSAGE_MAX];
	size_t ends[SCRIPT_MAX_QUEUE];
	size_t n_out, i_out, at;
	size_t response_at;
	struct emrtd_ccid_pipe pipe;
};

/* level: 'extended' or 'short' APDUs. On the heap: it is large. */
struct script *script_new(enum emrtd_ccid_level level, uint32_t max_message);
void script_free(struct script *s);
void script_exchange(struct script *s, struct emrtd_ccid_exchange *out);
/* The byte at i of a response. */
uint8_t script_byte(const struct script *s, size_t i);

#endif
