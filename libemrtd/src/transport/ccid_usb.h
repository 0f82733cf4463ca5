/*
 * ccid_usb.h - what the two halves of the bus share: ccid_usb.c finds readers
 * and claims one, ccid_usb_pipe.c waits and carries bytes. Nobody else.
 */
#ifndef TRANSPORT_CCID_USB_H
#define TRANSPORT_CCID_USB_H

#include "transport/ccid_bus.h"

#include <poll.h>

#include <libusb.h>

#define EMRTD_CCID_NOTICE_MAX  64
#define EMRTD_CCID_N_TRANSFERS 4

/* A transfer and whether it has come to its end. */
struct emrtd_ccid_transfer {
	struct libusb_transfer *usb;
	int done; /* as libusb wants it */
	bool running;
};

struct emrtd_ccid_bus {
	const struct emrtd_wake *wake;
	libusb_context *context;
	libusb_device_handle *handle;
	struct emrtd_ccid_interface reader;
	struct emrtd_ccid_pipe pipe;
	struct emrtd_ccid_transfer out, in, notice, control;
	bool detached; /* a driver of the kernel */
	bool arrived;  /* hotplug said so */
	bool fds_changed;
	struct pollfd *fds; /* ours first, libusb's after it */
	nfds_t n_fds;
	uint8_t notice_packet[EMRTD_CCID_NOTICE_MAX];
	uint8_t control_packet[LIBUSB_CONTROL_SETUP_SIZE];
};

/* libusb's descriptors to wait for have changed. */
void emrtd_ccid_fd_added(int fd, short events, void *bus);
void emrtd_ccid_fd_removed(int fd, void *bus);

/* Ends all that is under way, and waits for the kernel to give it back. */
void emrtd_ccid_stop_transfers(struct emrtd_ccid_bus *bus);
bool emrtd_ccid_new_transfers(struct emrtd_ccid_bus *bus);
void emrtd_ccid_free_transfers(struct emrtd_ccid_bus *bus);
void emrtd_ccid_fill_pipe(struct emrtd_ccid_bus *bus);

#endif
