/*
 * umock_usb.h - a simulated USB device that unmodified libusb
 * programs see: sysfs and device node by umockdev, transfers as the ioctls of
 * usbdevfs, hotplug as udev events.
 *
 * The calling program must itself run under umockdev's preload library, or
 * its events go nowhere. A process that is to see the reader is started after
 * umock_usb_new, with the environment as it is then.
 */
#ifndef USB_UMOCK_USB_H
#define USB_UMOCK_USB_H

#include "usb_device.h"

#include <pthread.h>

struct umock_usb_options {
	const char *kernel_driver; /* bound to the interface; NULL: none */
	bool no_permission;        /* the node may not be opened */
	bool busy;                 /* another program holds it, for ever */
};

struct umock_usb;

/*
 * Borrows what the device is, and the lock that whoever else calls it takes as well.
 * Nothing is plugged in yet. NULL: says why on standard error.
 */
struct umock_usb *umock_usb_new(const struct usb_device *device,
    pthread_mutex_t *lock, const struct umock_usb_options *options);
void umock_usb_free(struct umock_usb **usb); /* NULL-safe */

/* Both without the lock. Each time it gets the next device number. */
void umock_usb_plug(struct umock_usb *usb);
void umock_usb_unplug(struct umock_usb *usb);
/* Transfers fail from now on, at once; unplug follows. With the lock. */
void umock_usb_pull(struct umock_usb *usb);
/* The device has changed: who waits for it looks again. With the lock. */
void umock_usb_nudge(struct umock_usb *usb);

#endif
