/*
 * bench_rounds.h - doing one thing many times, and what it took: shared by the
 * programs of tests/bench that time an APDU or a start.
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define BENCH_ROUNDS_MAX 100000

int64_t bench_ns(clockid_t clock);

/* A number of rounds, or 0. */
size_t bench_rounds_of(const char *text);

/* Sorts, and prints "NAME_median_ns N" and "NAME_max_ns N". */
void bench_tell(const char *name, int64_t *ns, size_t n);

/*
 * Does once(self) n times and tells the CPU time of this process with all its
 * threads ("cpu") and the time that went by ("wall"). False when a round fails.
 */
bool bench_rounds(bool (*once)(void *self), void *self, size_t n);

#endif
