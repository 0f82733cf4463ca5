/*
 * A transport that plays a script: for each command an answer, an error, or a
 * function that makes one. Its clock is advanced by the script, so that time
 * in a test costs none.
 */
#ifndef MRTD_FAKE_LINK_H
#define MRTD_FAKE_LINK_H

#include <emrtd/clock.h>
#include <emrtd/transport.h>

#define FAKE_LOG_CAP 4096

struct fake_step {
	const char *want;       /* hex of the command; NULL = any */
	const char *answer;     /* hex; NULL = none */
	enum emrtd_error error; /* returned after the answer was appended */
	int64_t takes_us;
	/* Makes the answer instead. */
	void (*make)(void *self, struct emrtd_bytes command,
	    struct emrtd_out *response);
};

struct fake_link {
	const struct fake_step *steps;
	size_t n_steps, n_sent;
	int64_t now_us;
	uint32_t last_timeout_ms;
	struct emrtd_link_info info; /* what it says of itself */
	void *make_self;
	/* The last command. */
	uint8_t command[FAKE_LOG_CAP];
	size_t command_len;
};

struct emrtd_transport fake_link_transport(struct fake_link *link);
struct emrtd_clock fake_link_clock(struct fake_link *link);

#endif
