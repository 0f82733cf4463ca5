#include "bench_rounds.h"

#include <stdio.h>
#include <stdlib.h>

int64_t
bench_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

size_t
bench_rounds_of(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return *end == '\0' && n <= BENCH_ROUNDS_MAX ? n : 0;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

void
bench_tell(const char *name, int64_t *ns, size_t n)
{
	qsort(ns, n, sizeof(ns[0]), by_value);
	printf("%s_median_ns %lld\n%s_max_ns %lld\n", name,
	    (long long)ns[n / 2], name, (long long)ns[n - 1]);
}

bool
bench_rounds(bool (*once)(void *self), void *self, size_t n)
{
	int64_t *cpu = calloc(n, sizeof(*cpu));
	int64_t *wall = calloc(n, sizeof(*wall));
	size_t done = 0;

	while (cpu != NULL && wall != NULL && done < n) {
		int64_t c = bench_ns(CLOCK_PROCESS_CPUTIME_ID);
		int64_t w = bench_ns(CLOCK_MONOTONIC);

		if (!once(self))
			break;
		cpu[done] = bench_ns(CLOCK_PROCESS_CPUTIME_ID) - c;
		wall[done++] = bench_ns(CLOCK_MONOTONIC) - w;
	}
	if (n > 0 && done == n) {
		bench_tell("cpu", cpu, n);
		bench_tell("wall", wall, n);
	}
	free(cpu);
	free(wall);
	return n > 0 && done == n;
}
