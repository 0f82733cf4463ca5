/*
 * What a process that decodes hostile bytes gives up before it reads one.
 */
#ifndef MRTD_DECODE_CONFINE_H
#define MRTD_DECODE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct confinement {
	size_t memory;   /* address space in bytes */
	unsigned cpu_s;  /* processor time in seconds */
	uint64_t output; /* largest file that may be written */
};

/*
 * Limits on memory, time, files, processes and cores; no new privileges, no
 * debugger; and a filter of system calls that leaves reading from standard
 * input, writing to standard output and error, memory, and ending. Any other
 * call ends the process. False when a limit could not be set. *out_filtered
 * is false where there is no filter: not built in, or the kernel refused.
 */
bool confine(const struct confinement *confinement, bool *out_filtered);

#endif
