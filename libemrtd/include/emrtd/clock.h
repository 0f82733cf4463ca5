/*
 * emrtd/clock.h - where time comes from. Injected, so that a simulated chip
 * that needs 15 seconds costs none, and a deadline can be tested.
 */
#ifndef EMRTD_CLOCK_H
#define EMRTD_CLOCK_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

struct emrtd_clock {
	/* Microseconds from a fixed point; never goes back. */
	int64_t (*now_us)(void *self);
	void *self;
};

#ifdef __cplusplus
}
#endif
#endif
