#include "usb_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- The chip ---------------------------------------------------------- */

#define INS_CHALLENGE 0x84
#define INS_ECHO      0xEE
#define INS_DAWDLE    0xD0 /* P1 tenths of a second */

static size_t
power_on(void *self, uint8_t atr[CCID_DEVICE_ATR_MAX])
{
	static const uint8_t bytes[] = { 0x3B, 0x88, 0x80, 0x01, 0x00, 0x00,
		0x00, 0x00, 0x77, 0x81, 0x81, 0x00, 0x7E };

	(void)self;
	memcpy(atr, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static void
append(struct emrtd_out *out, const void *bytes, size_t len)
{
	if (len > out->cap - out->len)
		return;
	memcpy(out->ptr + out->len, bytes, len);
	out->len += len;
}

/* An echo is an extended command with an Lc of three bytes and an Le of two. */
static bool
transmit(void *self, struct emrtd_bytes command, struct emrtd_out *answer,
    uint32_t *delay_ms)
{
	(void)self;
	*delay_ms = 0;
	if (command.len < 4)
		return false;
	if (command.ptr[1] == INS_CHALLENGE)
		append(answer, "\1\2\3\4\5\6\7\10", 8);
	else if (command.ptr[1] == INS_ECHO && command.len > 9)
		append(answer, command.ptr + 7, command.len - 9);
	else if (command.ptr[1] == INS_DAWDLE)
		*delay_ms = 100 * (uint32_t)command.ptr[2];
	append(answer, "\x90\x00", 2);
	return true;
}

/* ---- The bench --------------------------------------------------------- */

struct usb_bench *
usb_bench_new(const struct ccid_device_config *config,
    const struct umock_usb_options *options)
{
	struct usb_bench *bench = calloc(1, sizeof(*bench));
	struct usb_device usb;

	if (bench == NULL)
		return NULL;
	pthread_mutex_init(&bench->lock, NULL);
	bench->device = ccid_device_new(config);
	if (bench->device != NULL) {
		usb = ccid_device_usb(bench->device);
		bench->usb = umock_usb_new(&usb, &bench->lock, options);
	}
	if (bench->usb == NULL)
		usb_bench_free(&bench);
	return bench;
}

void
usb_bench_free(struct usb_bench **bench)
{
	if (*bench == NULL)
		return;
	umock_usb_free(&(*bench)->usb);
	ccid_device_free(&(*bench)->device);
	pthread_mutex_destroy(&(*bench)->lock);
	free(*bench);
	*bench = NULL;
}

static void
put(struct usb_bench *bench, const struct ccid_device_card *card)
{
	pthread_mutex_lock(&bench->lock);
	ccid_device_lay(bench->device, 0, 0, card);
	umock_usb_nudge(bench->usb);
	pthread_mutex_unlock(&bench->lock);
}

void
usb_bench_lay(struct usb_bench *bench)
{
	const struct ccid_device_card card = { .power_on = power_on,
		.transmit = transmit };

	put(bench, &card);
}

void
usb_bench_take(struct usb_bench *bench)
{
	put(bench, NULL);
}

void
usb_bench_plug(struct usb_bench *bench)
{
	umock_usb_plug(bench->usb);
}

void
usb_bench_unplug(struct usb_bench *bench)
{
	umock_usb_unplug(bench->usb);
}

struct ccid_device_counts
usb_bench_counts(struct usb_bench *bench)
{
	struct ccid_device_counts counts;

	pthread_mutex_lock(&bench->lock);
	counts = ccid_device_counts(bench->device);
	pthread_mutex_unlock(&bench->lock);
	return counts;
}

const char *
usb_bench_complaint(struct usb_bench *bench)
{
	const char *complaint;

	pthread_mutex_lock(&bench->lock);
	complaint = ccid_device_complaint(bench->device);
	pthread_mutex_unlock(&bench->lock);
	return complaint;
}

static void *
later_main(void *self)
{
	struct usb_bench *bench = self;
	const struct timespec pause = { .tv_sec = bench->after_ms / 1000,
		.tv_nsec = bench->after_ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
	bench->deed(bench);
	return NULL;
}

void
usb_bench_later(struct usb_bench *bench, long ms,
    void (*deed)(struct usb_bench *bench))
{
	bench->after_ms = ms;
	bench->deed = deed;
	if (pthread_create(&bench->later, NULL, later_main, bench) != 0)
		abort();
}

void
usb_bench_join(struct usb_bench *bench)
{
	pthread_join(bench->later, NULL);
}
