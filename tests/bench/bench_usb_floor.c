/*
 * bench_usb_floor VID:PID [N] - what the transfers of one APDU cost a program
 * that does nothing else: straight blocking libusb, a block out and an answer
 * in, of the sizes that GET CHALLENGE has over CCID. Prints as bench_transport
 * does; under umockdev it is the price of that, which a kernel has not.
 */
#include <libusb.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_MAX      100000
#define TIMEOUT_MS 5000
#define OUT        0x01
#define IN         0x82
#define HEAD       10

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

/* A message of CCID and its answer, whose first byte must be 80. */
static bool
say(libusb_device_handle *usb, uint8_t type, const uint8_t *apdu, uint8_t len)
{
	static uint8_t seq;
	uint8_t message[64] = { type, len, 0, 0, 0, 0, seq++ }, answer[512];
	int n;

	memcpy(message + HEAD, apdu, len);
	return libusb_bulk_transfer(usb, OUT, message, HEAD + len, &n,
		   TIMEOUT_MS) == 0 &&
	       libusb_bulk_transfer(usb, IN, answer, sizeof(answer), &n,
		   TIMEOUT_MS) == 0 &&
	       n >= HEAD && answer[0] == 0x80 && (answer[7] & 0xC0) == 0;
}

static bool
measure(libusb_device_handle *usb, size_t n, int64_t *cpu, int64_t *wall)
{
	static const uint8_t select_aid[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07,
		0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };
	static const uint8_t challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

	if (!say(usb, 0x62, select_aid, 0) ||
	    !say(usb, 0x6F, select_aid, sizeof(select_aid)))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t c = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		int64_t w = clock_ns(CLOCK_MONOTONIC);

		if (!say(usb, 0x6F, challenge, sizeof(challenge)))
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

int
main(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
	unsigned long vendor = 0, product = 0;
	char *end;
	libusb_device_handle *usb;
	int64_t *cpu, *wall;
	bool ok;

	if (argc >= 2) {
		vendor = strtoul(argv[1], &end, 16);
		product = *end == ':' ? strtoul(end + 1, NULL, 16) : 0;
	}
	if (argc < 2 || n == 0 || n > N_MAX || product == 0) {
		(void)fprintf(stderr, "usage: bench_usb_floor VID:PID [N]\n");
		return 2;
	}
	cpu = calloc(n, sizeof(*cpu));
	wall = calloc(n, sizeof(*wall));
	if (cpu == NULL || wall == NULL || libusb_init(NULL) != 0)
		return 1;
	usb = libusb_open_device_with_vid_pid(NULL, (uint16_t)vendor,
	    (uint16_t)product);
	ok = usb != NULL && libusb_claim_interface(usb, 0) == 0 &&
	     measure(usb, n, cpu, wall);
	if (!ok)
		(void)fprintf(stderr, "bench_usb_floor: failed\n");
	if (usb != NULL)
		libusb_close(usb);
	libusb_exit(NULL);
	free(cpu);
	free(wall);
	return ok ? 0 : 1;
}
