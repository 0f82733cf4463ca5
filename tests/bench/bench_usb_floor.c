/*
 * bench_usb_floor VID:PID N - what the transfers of one APDU cost a program
 * that does nothing else: straight blocking libusb, a block out and an answer
 * in, of the sizes that GET CHALLENGE has over CCID. Prints as bench_transport
 * does; under umockdev it is the price of that, which a kernel has not.
 */
#include "bench_rounds.h"

#include <libusb.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 5000
#define OUT        0x01
#define IN         0x82
#define HEAD       10

static const uint8_t select_aid[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00,
	0x00, 0x02, 0x47, 0x10, 0x01 };
static const uint8_t get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

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
challenge(void *usb)
{
	return say(usb, 0x6F, get_challenge, sizeof(get_challenge));
}

static bool
run(uint16_t vendor, uint16_t product, size_t n)
{
	libusb_device_handle *usb;
	bool ok;

	if (libusb_init(NULL) != 0)
		return false;
	usb = libusb_open_device_with_vid_pid(NULL, vendor, product);
	ok = usb != NULL && libusb_claim_interface(usb, 0) == 0 &&
	     say(usb, 0x62, select_aid, 0) &&
	     say(usb, 0x6F, select_aid, sizeof(select_aid)) &&
	     bench_rounds(challenge, usb, n);
	if (usb != NULL)
		libusb_close(usb);
	libusb_exit(NULL);
	return ok;
}

int
main(int argc, char **argv)
{
	size_t n = argc == 3 ? bench_rounds_of(argv[2]) : 0;
	unsigned long vendor = 0, product = 0;
	char *end;

	if (n > 0) {
		vendor = strtoul(argv[1], &end, 16);
		product = *end == ':' ? strtoul(end + 1, NULL, 16) : 0;
	}
	if (product == 0) {
		(void)fprintf(stderr, "usage: bench_usb_floor VID:PID N\n");
		return 2;
	}
	if (run((uint16_t)vendor, (uint16_t)product, n))
		return 0;
	(void)fprintf(stderr, "bench_usb_floor: failed\n");
	return 1;
}
