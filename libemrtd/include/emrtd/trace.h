/*
 * emrtd/trace.h - watching the exchanges with a chip: for -v and for traces.
 */
#ifndef EMRTD_TRACE_H
#define EMRTD_TRACE_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Told once per APDU on the link; views live during the call only. */
struct emrtd_exchange {
	const char *phase;
	bool secured;
	enum emrtd_error error;           /* of link or secure messaging */
	struct emrtd_bytes plain_command; /* encoded */
	struct emrtd_bytes plain_data;    /* of the answer, without sw */
	uint16_t sw;                      /* plain; 0 when there is none */
	struct emrtd_bytes command;       /* as sent */
	struct emrtd_bytes response;      /* as received, with status word */
	int64_t start_us, end_us;
};

struct emrtd_observer {
	void (*exchange)(void *self, const struct emrtd_exchange *exchange);
	void *self;
};

#ifdef __cplusplus
}
#endif
#endif
