/*
 * bench_apdus URI [N] - how long N small APDUs take over a transport.
 *
 * Selects the eMRTD application, then asks N times for a challenge (5 bytes
 * out, 10 back). One "key value" a line; times in microseconds; cpu_us is the
 * CPU time of this process alone, all threads. Status 1 when an answer is
 * wrong.
 */
#include <emrtd/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define N_DEFAULT  100
#define N_MAX      100000
#define TIMEOUT_MS 5000

static const uint8_t select_aid[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00,
	0x00, 0x02, 0x47, 0x10, 0x01 };
static const uint8_t get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

static int64_t
wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
cpu_us(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (int64_t)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000 +
	       r.ru_utime.tv_usec + r.ru_stime.tv_usec;
}

/* One command whose answer must be that long and end in 9000. */
static bool
say(const struct emrtd_transport *link, const uint8_t *command, size_t len,
    size_t want_len)
{
	uint8_t buf[258];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error err = link->ops->transmit(link->self,
	    emrtd_bytes(command, len), &out, TIMEOUT_MS);

	if (err) {
		fprintf(stderr, "bench_apdus: %s\n", emrtd_error_text(err));
		return false;
	}
	if (out.len != want_len || buf[want_len - 2] != 0x90 ||
	    buf[want_len - 1] != 0x00) {
		fprintf(stderr, "bench_apdus: wrong answer\n");
		return false;
	}
	return true;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
measure(const struct emrtd_transport *link, size_t n, int64_t *each)
{
	int64_t start, cpu, last;

	if (!say(link, select_aid, sizeof(select_aid), 2))
		return false;
	start = last = wall_us();
	cpu = cpu_us();
	for (size_t i = 0; i < n; i++) {
		if (!say(link, get_challenge, sizeof(get_challenge), 10))
			return false;
		each[i] = wall_us() - last;
		last += each[i];
	}
	cpu = cpu_us() - cpu;
	qsort(each, n, sizeof(each[0]), by_value);
	printf("apdus %zu\nwall_us %lld\ncpu_us %lld\n", n,
	    (long long)(last - start), (long long)cpu);
	printf("median_us %lld\nmax_us %lld\n", (long long)each[n / 2],
	    (long long)each[n - 1]);
	return true;
}

static bool
run(const char *uri, size_t n, int64_t *each)
{
	struct emrtd_link_info info = { .size = sizeof(info) };
	struct emrtd_transport link;
	struct emrtd_diag diag;
	bool ok;

	emrtd_diag_init(&diag);
	if (emrtd_transport_open(uri, &diag, &link)) {
		fprintf(stderr, "bench_apdus: %s: %s\n",
		    emrtd_error_text(diag.error), diag.detail);
		return false;
	}
	ok = link.ops->connect(link.self, &diag) == EMRTD_OK;
	if (!ok)
		fprintf(stderr, "bench_apdus: %s: %s\n",
		    emrtd_error_text(diag.error), diag.detail);
	if (ok && link.ops->info && !link.ops->info(link.self, &info))
		printf("reader %s\n", info.name);
	ok = ok && measure(&link, n, each);
	emrtd_transport_close(&link);
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : N_DEFAULT;
	int64_t *each;
	bool ok;

	if (argc < 2 || argc > 3 || n == 0 || n > N_MAX) {
		fprintf(stderr, "usage: bench_apdus URI [N]\n");
		return 2;
	}
	each = calloc(n, sizeof(*each));
	ok = each && run(argv[1], n, each);
	free(each);
	return ok ? 0 : 1;
}
