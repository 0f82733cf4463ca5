/*
 * bench_transport URI [N] - the CPU time that one APDU costs in this process.
 *
 * As bench_apdus, but with the processor's clock of the process (all threads)
 * read around every APDU, and the median told: "cpu_ns", "wall_ns".
 */
#include <emrtd/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_DEFAULT  1000
#define N_MAX      100000
#define TIMEOUT_MS 5000

static const uint8_t select_aid[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00,
	0x00, 0x02, 0x47, 0x10, 0x01 };
static const uint8_t get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
say(const struct emrtd_transport *link, struct emrtd_bytes command, size_t want)
{
	uint8_t buf[258];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error err = link->ops->transmit(link->self, command, &out,
	    TIMEOUT_MS);

	if (err == EMRTD_OK && out.len == want && buf[want - 2] == 0x90)
		return true;
	(void)fprintf(stderr, "bench_transport: %s\n",
	    err ? emrtd_error_text(err) : "a wrong answer");
	return false;
}

static bool
measure(const struct emrtd_transport *link, size_t n, int64_t *cpu,
    int64_t *wall)
{
	if (!say(link, emrtd_bytes(select_aid, sizeof(select_aid)), 2))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t c = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		int64_t w = clock_ns(CLOCK_MONOTONIC);

		if (!say(link,
			emrtd_bytes(get_challenge, sizeof(get_challenge)), 10))
			return false;
		cpu[i] = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - c;
		wall[i] = clock_ns(CLOCK_MONOTONIC) - w;
	}
	qsort(cpu, n, sizeof(cpu[0]), by_value);
	qsort(wall, n, sizeof(wall[0]), by_value);
	printf("cpu_ns %lld\nwall_ns %lld\n", (long long)cpu[n / 2],
	    (long long)wall[n / 2]);
	return true;
}

static bool
run(const char *uri, size_t n, int64_t *cpu, int64_t *wall)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	bool ok;

	emrtd_diag_init(&diag);
	if (emrtd_transport_open(uri, &diag, &link)) {
		(void)fprintf(stderr, "bench_transport: %s\n", diag.detail);
		return false;
	}
	ok = link.ops->connect(link.self, &diag) == EMRTD_OK;
	if (!ok)
		(void)fprintf(stderr, "bench_transport: %s\n", diag.detail);
	ok = ok && measure(&link, n, cpu, wall);
	emrtd_transport_close(&link);
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : N_DEFAULT;
	int64_t *cpu, *wall;
	bool ok;

	if (argc < 2 || argc > 3 || n == 0 || n > N_MAX) {
		(void)fprintf(stderr, "usage: bench_transport URI [N]\n");
		return 2;
	}
	cpu = calloc(n, sizeof(*cpu));
	wall = calloc(n, sizeof(*wall));
	ok = cpu != NULL && wall != NULL && run(argv[1], n, cpu, wall);
	free(cpu);
	free(wall);
	return ok ? 0 : 1;
}
