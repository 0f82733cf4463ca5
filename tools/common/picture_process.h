/*
 * The process of mrtd-decode as its parent sees it: start it, feed it while
 * reading from it, end it.
 */
#ifndef MRTD_TOOL_PICTURE_PROCESS_H
#define MRTD_TOOL_PICTURE_PROCESS_H

#include "picture.h"

#include <sys/types.h>

struct picture_process {
	pid_t pid;
	int pid_fd;  /* readable once it has ended; -1 where there is none */
	int in, out; /* its standard input and output; -1 when closed */
	const uint8_t *bytes; /* still to be fed; borrowed */
	size_t len;
	int64_t deadline_ms;
	bool reaped;
	bool status_known;
	int status; /* of waitpid */
};

/* bytes are borrowed until picture_process_stop. */
enum picture_error picture_process_start(struct picture_process *process,
    const uint8_t *bytes, size_t len, const struct picture_limits *limits,
    char why[PICTURE_WHY_CAP]);

/* Exactly len bytes of its output; feeds the rest of the input meanwhile. An
 * output that ends before is told by how the process ended. */
enum picture_error picture_process_read(struct picture_process *process,
    uint8_t *out, size_t len, char why[PICTURE_WHY_CAP]);

/* Nothing may follow on its output, and it must have ended well. */
enum picture_error picture_process_end(struct picture_process *process,
    char why[PICTURE_WHY_CAP]);

/* Ends it if it still runs, reaps it, closes everything. */
void picture_process_stop(struct picture_process *process);

#endif
