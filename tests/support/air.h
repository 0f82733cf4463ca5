/*
 * air.h - a reader made of isodep and nothing else, and picc in its field: the
 * two sides of ISO/IEC 14443-4, written apart, held against each other. What
 * goes over the air can be lost. Time is counted, not waited for.
 */
#ifndef MRTD_AIR_H
#define MRTD_AIR_H

#include "card/picc.h"
#include "transport/isodep_select.h"

enum air_fate {
	AIR_ARRIVES,
	AIR_LOST,
	AIR_GARBLED
};

enum air_way {
	AIR_TO_CHIP,
	AIR_TO_READER
};

struct air {
	struct emrtd_picc *picc;
	enum emrtd_air_type type;
	uint32_t fsd;
	uint8_t max_rates; /* a set, EMRTD_RATES_TO_ */
	uint64_t now_us;
	struct emrtd_isodep_offer offer;
	struct emrtd_isodep_speed speed;
	struct emrtd_isodep dep;
	uint8_t buffer[EMRTD_AIR_FRAME_MAX + 16];
	/* The frame's own number, from 0 on, both ways counted together. */
	enum air_fate (*fate)(struct air *air, enum air_way way, unsigned n);
	void *fate_self;
	/* Of blocks. The longest frames, CRC included. */
	unsigned frames, longest_sent, longest_heard;
};

/* Field off and on, and everything up to isodep, without a loss. */
enum emrtd_error air_activate(struct air *air);
/* One APDU; what the fates leave of it. */
enum emrtd_error air_transmit(struct air *air, struct emrtd_bytes command,
    struct emrtd_out *response);
enum emrtd_error air_ping(struct air *air, enum emrtd_isodep_ping how);
enum emrtd_error air_deselect(struct air *air);

#endif
