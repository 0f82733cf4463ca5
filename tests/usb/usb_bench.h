/*
 * usb_bench.h - a simulated reader in the process of the test that uses it:
 * the test does what a person at the reader would do, when it wants to.
 */
#ifndef USB_BENCH_H
#define USB_BENCH_H

#include "ccid_device.h"
#include "umock_usb.h"

struct usb_bench {
	pthread_mutex_t lock;
	struct ccid_device *device;
	struct umock_usb *usb;
	pthread_t later; /* a deed that was put off */
	void (*deed)(struct usb_bench *bench);
	long after_ms;
};

/* Not plugged in yet. */
struct usb_bench *usb_bench_new(const struct ccid_device_config *config,
    const struct umock_usb_options *options);
void usb_bench_free(struct usb_bench **bench); /* NULL-safe */

/* A chip that selects, gives challenges (84), echoes (EE), dawdles (D0). */
void usb_bench_lay(struct usb_bench *bench);
void usb_bench_take(struct usb_bench *bench);
void usb_bench_plug(struct usb_bench *bench);
void usb_bench_unplug(struct usb_bench *bench);
struct ccid_device_counts usb_bench_counts(struct usb_bench *bench);
/* NULL: the host has kept to the rules. */
const char *usb_bench_complaint(struct usb_bench *bench);

/* In another thread, after a while; usb_bench_join waits for it. */
void usb_bench_later(struct usb_bench *bench, long ms,
    void (*deed)(struct usb_bench *bench));
void usb_bench_join(struct usb_bench *bench);

#endif
