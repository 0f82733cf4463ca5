/*
 * wall_clock.h - what time it is. The only file that knows time_t: it may have
 * 32 bits and end in 2038, and documents and certificates are valid for longer.
 */
#ifndef MRTD_TOOL_WALL_CLOCK_H
#define MRTD_TOOL_WALL_CLOCK_H

#include <stdint.h>

/*
 * Seconds since 1970-01-01 UTC. Without a clock the day before: then nothing
 * is valid yet.
 */
int64_t wall_clock_now(void);

#endif
