/*
 * bench_nfc_helper direct|process start|small|large DEVICE ROUNDS - one command
 * of a PN53x, or opening and closing it, by the helper's own code in this
 * process, or through the helper: what the second process costs.
 */
#include "bench_rounds.h"
#include "core/builder.h"
#include "nfc_device.h"
#include "transport/nfc_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 1000

struct bench {
	const char *device;
	struct emrtd_wake wake;
	struct emrtd_nfc_process process;
	struct nfc_device_link *link;
	uint8_t command[254]; /* Diagnose: it sends back what it gets */
	size_t len;
};

static bool
is_echo(const struct bench *b, struct emrtd_bytes answer)
{
	return answer.len == b->len - 1 &&
	       memcmp(answer.ptr, b->command + 1, answer.len) == 0;
}

static bool
direct_open(struct bench *b)
{
	char why[EMRTD_NFC_NAME_MAX + 1];
	struct emrtd_nfc_reader reader;

	return nfc_device_open(b->device, &b->link, &reader, why) ==
	       EMRTD_NFC_OK;
}

static bool
direct_start(void *self)
{
	struct bench *b = self;

	if (!direct_open(b))
		return false;
	nfc_device_close(b->link);
	return true;
}

static bool
direct_command(void *self)
{
	struct bench *b = self;
	uint8_t bytes[EMRTD_NFC_DATA_MAX];
	struct emrtd_out out = emrtd_out(bytes, sizeof(bytes));

	return nfc_device_command(b->link, emrtd_bytes(b->command, b->len),
		   WAIT_MS, &out) == EMRTD_NFC_OK &&
	       is_echo(b, emrtd_out_bytes(&out));
}

static bool
ask(struct bench *b, struct emrtd_nfc_request *request,
    struct emrtd_nfc_answer *answer)
{
	return emrtd_nfc_process_ask(&b->process, &b->wake, request,
		   emrtd_wake_now_ms() + 20000, answer) == EMRTD_OK &&
	       answer->status == EMRTD_NFC_OK;
}

static bool
process_open(struct bench *b)
{
	struct emrtd_nfc_request request = { .kind = EMRTD_NFC_OPEN };
	struct emrtd_nfc_answer answer;
	const char *why;

	request.data = emrtd_bytes((const uint8_t *)b->device,
	    strlen(b->device));
	return emrtd_nfc_process_start(&b->process, NULL, &why) == EMRTD_OK &&
	       ask(b, &request, &answer);
}

static bool
process_start(void *self)
{
	struct bench *b = self;

	if (!process_open(b))
		return false;
	emrtd_nfc_process_stop(&b->process);
	return true;
}

static bool
process_command(void *self)
{
	struct bench *b = self;
	struct emrtd_nfc_request request = { .kind = EMRTD_NFC_COMMAND,
		.wait_ms = WAIT_MS,
		.data = emrtd_bytes(b->command, b->len) };
	struct emrtd_nfc_answer answer;

	return ask(b, &request, &answer) && is_echo(b, answer.data);
}

static bool
measure(struct bench *b, bool direct, const char *what, size_t n)
{
	bool good;

	if (strcmp(what, "start") == 0)
		return bench_rounds(direct ? direct_start : process_start, b,
		    n);
	b->len = strcmp(what, "large") == 0 ? sizeof(b->command) : 8;
	if (!(direct ? direct_open(b) : process_open(b)))
		return false;
	good = bench_rounds(direct ? direct_command : process_command, b, n);
	nfc_device_close(b->link);
	emrtd_nfc_process_stop(&b->process);
	return good;
}

int
main(int argc, char *argv[])
{
	static struct bench b;
	size_t n = argc == 5 ? bench_rounds_of(argv[4]) : 0;
	bool good;

	if (n == 0) {
		fputs("usage: bench_nfc_helper direct|process "
		      "start|small|large DEVICE ROUNDS\n",
		    stderr);
		return 2;
	}
	b.device = argv[3];
	emrtd_nfc_process_init(&b.process);
	if (setenv("LIBNFC_LOG_LEVEL", "0", 1) != 0 ||
	    !emrtd_wake_open(&b.wake))
		return 3;
	for (size_t i = 2; i < sizeof(b.command); i++)
		b.command[i] = (uint8_t)i;
	good = measure(&b, strcmp(argv[1], "direct") == 0, argv[2], n);
	emrtd_wake_close(&b.wake);
	if (!good)
		fputs("bench_nfc_helper: a round failed\n", stderr);
	return good ? 0 : 1;
}
