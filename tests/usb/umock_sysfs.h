/*
 * umock_sysfs.h - a simulated device in sysfs: the device, its interfaces,
 * and which driver holds them.
 */
#ifndef USB_UMOCK_SYSFS_H
#define USB_UMOCK_SYSFS_H

#include "usb_device.h"

#include <umockdev.h>

/* False: *error says why. */
bool umock_sysfs_add(UMockdevTestbed *testbed, const struct usb_device *device,
    unsigned devnum, const char *node, GError **error);
/* With its interfaces, its node, and the events that tell. */
void umock_sysfs_remove(UMockdevTestbed *testbed, const char *node);
/* Nobody may open the node, but root who may do anything. */
void umock_sysfs_forbid(UMockdevTestbed *testbed, const char *node);
/* The link "driver" of an interface; NULL: there is none. */
void umock_sysfs_driver(UMockdevTestbed *testbed, unsigned interface,
    const char *driver);

#endif
