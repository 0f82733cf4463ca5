/*
 * ccid_usb_pipe.c - bytes to and from a reader, by asynchronous transfers of
 * libusb.
 */
#include "transport/ccid_usb.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/*
 * A transfer asks for so much at once. The kernel takes memory for all of it,
 * and most answers are shorter; a longer one comes in several transfers.
 */
#define TRANSFER_MAX 4096
#define ABORT_MS     200
#define CANCEL_MS    1000 /* the kernel needs microseconds */

#define CLASS_REQUEST_ABORT 0x01

/*
 * Waiting: the one place where this file blocks.
 */

void
emrtd_ccid_fd_added(int fd, short events, void *user)
{
	struct emrtd_ccid_bus *bus = user;

	(void)fd;
	(void)events;
	bus->fds_changed = true;
}

void
emrtd_ccid_fd_removed(int fd, void *user)
{
	emrtd_ccid_fd_added(fd, 0, user);
}

static bool
collect_fds(struct emrtd_ccid_bus *bus)
{
	const struct libusb_pollfd **theirs;
	struct pollfd *fds;
	nfds_t n = 0;

	if (!bus->fds_changed)
		return true;
	theirs = libusb_get_pollfds(bus->context);
	if (!theirs)
		return false;
	while (theirs[n])
		n++;
	fds = realloc(bus->fds, (n + 1) * sizeof(*fds));
	if (fds) {
		bus->fds = fds;
		bus->n_fds = n + 1;
		fds[0] = (struct pollfd){ bus->wake->fd, POLLIN, 0 };
		for (nfds_t i = 0; i < n; i++)
			fds[i + 1] = (struct pollfd){ theirs[i]->fd,
				theirs[i]->events, 0 };
		bus->fds_changed = false;
	}
	libusb_free_pollfds(theirs);
	return fds != NULL;
}

/*
 * Until libusb has something to do. to_wake: a cancel ends it; else it stays
 * for the next wait.
 */
static enum emrtd_error
poll_once(struct emrtd_ccid_bus *bus, bool to_wake, int64_t until_ms)
{
	int64_t left = until_ms - emrtd_wake_now_ms();
	nfds_t from = to_wake ? 0 : 1;
	int n;

	if (!collect_fds(bus))
		return EMRTD_E_READER_LOST;
	if (left < 0)
		left = 0;
	n = poll(bus->fds + from, bus->n_fds - from,
	    left < INT_MAX ? (int)left : INT_MAX);
	if (n < 0 && errno != EINTR)
		return EMRTD_E_READER_LOST;
	if (n > 0 && to_wake && bus->fds[0].revents) {
		emrtd_wake_clear(bus->wake);
		return EMRTD_E_CANCELLED;
	}
	/* Something that is always ready must not make a wait endless. */
	return n == 0 || left == 0 ? EMRTD_E_TIMEOUT : EMRTD_OK;
}

/* Lets libusb do what there is to do. A signal is no failure of the bus. */
static bool
attend(struct emrtd_ccid_bus *bus, int *done)
{
	struct timeval now = { 0, 0 };
	int rc = libusb_handle_events_timeout_completed(bus->context, &now,
	    done);

	return rc == 0 || rc == LIBUSB_ERROR_INTERRUPTED;
}

/* Until *done, which some callback sets. */
static enum emrtd_error
wait_for(struct emrtd_ccid_bus *bus, int *done, bool to_wake, int64_t until_ms)
{
	enum emrtd_error err = EMRTD_OK;

	for (;;) {
		if (*done)
			return EMRTD_OK;
		if (err)
			return err;
		err = poll_once(bus, to_wake, until_ms);
		if (!attend(bus, done))
			return EMRTD_E_READER_LOST;
	}
}

/*
 * Transfers.
 */

static void LIBUSB_CALL
on_done(struct libusb_transfer *usb)
{
	struct emrtd_ccid_transfer *t = usb->user_data;

	t->running = false;
	t->done = 1;
}

static enum emrtd_error
start(struct emrtd_ccid_transfer *t)
{
	int rc;

	t->done = 0;
	rc = libusb_submit_transfer(t->usb);
	if (rc == LIBUSB_ERROR_NO_DEVICE || rc == LIBUSB_ERROR_IO)
		return EMRTD_E_READER_LOST;
	if (rc != 0)
		return EMRTD_E_PROTOCOL;
	t->running = true;
	return EMRTD_OK;
}

static void
stop(struct emrtd_ccid_bus *bus, struct emrtd_ccid_transfer *t)
{
	enum emrtd_error err;

	if (!t->running)
		return;
	(void)libusb_cancel_transfer(t->usb);
	err = wait_for(bus, &t->done, false, emrtd_wake_now_ms() + CANCEL_MS);
	/* Should the kernel keep it, closing the device ends it for sure. */
	(void)err;
}

/* A stalled endpoint works again once it is told so. */
static enum emrtd_error
outcome(struct emrtd_ccid_bus *bus, const struct emrtd_ccid_transfer *t)
{
	switch (t->usb->status) {
	case LIBUSB_TRANSFER_COMPLETED:
		return EMRTD_OK;
	case LIBUSB_TRANSFER_STALL:
		if (t->usb->type != LIBUSB_TRANSFER_TYPE_CONTROL &&
		    libusb_clear_halt(bus->handle, t->usb->endpoint) ==
			LIBUSB_ERROR_NO_DEVICE)
			return EMRTD_E_READER_LOST;
		return EMRTD_E_PROTOCOL;
	case LIBUSB_TRANSFER_OVERFLOW:
		return EMRTD_E_PROTOCOL;
	case LIBUSB_TRANSFER_ERROR:
	case LIBUSB_TRANSFER_TIMED_OUT:
	case LIBUSB_TRANSFER_CANCELLED:
	case LIBUSB_TRANSFER_NO_DEVICE:
	default:
		return EMRTD_E_READER_LOST;
	}
}

/* One that the kernel has not given back must not be filled anew. */
static bool
is_free(const struct emrtd_ccid_bus *bus, const struct emrtd_ccid_transfer *t)
{
	return bus->handle && !t->running;
}

static enum emrtd_error
run(struct emrtd_ccid_bus *bus, struct emrtd_ccid_transfer *t, int64_t until_ms)
{
	enum emrtd_error err;

	err = start(t);
	if (err)
		return err;
	err = wait_for(bus, &t->done, true, until_ms);
	if (!err)
		return outcome(bus, t);
	stop(bus, t);
	return err;
}

/*
 * The pipe.
 */

static enum emrtd_error
bus_send(void *self, struct emrtd_bytes message, int64_t until_ms)
{
	struct emrtd_ccid_bus *bus = self;
	struct emrtd_ccid_transfer *t = &bus->out;
	enum emrtd_error err;

	if (message.len > INT_MAX)
		return EMRTD_E_PROTOCOL;
	if (!is_free(bus, t))
		return EMRTD_E_READER_LOST;
	/* libusb takes bytes to send as if it would write them. */
	libusb_fill_bulk_transfer(t->usb, bus->handle, bus->reader.bulk_out,
	    (unsigned char *)(uintptr_t)message.ptr, (int)message.len, on_done,
	    t, 0);
	err = run(bus, t, until_ms);
	if (!err && t->usb->actual_length != t->usb->length)
		return EMRTD_E_PROTOCOL;
	return err;
}

/* Whole packets alone: what a reader sends beyond is an error of the bus. */
static enum emrtd_error
bus_receive(void *self, struct emrtd_out *packet, int64_t until_ms)
{
	struct emrtd_ccid_bus *bus = self;
	struct emrtd_ccid_transfer *t = &bus->in;
	size_t room = packet->cap - packet->len;
	enum emrtd_error err;

	if (room > TRANSFER_MAX)
		room = TRANSFER_MAX;
	room -= room % bus->reader.in_packet;
	if (packet->bad || room == 0)
		return EMRTD_E_PROTOCOL;
	if (!is_free(bus, t))
		return EMRTD_E_READER_LOST;
	libusb_fill_bulk_transfer(t->usb, bus->handle, bus->reader.bulk_in,
	    packet->ptr + packet->len, (int)room, on_done, t, 0);
	err = run(bus, t, until_ms);
	if (!err && t->usb->actual_length > 0)
		packet->len += (size_t)t->usb->actual_length;
	return err;
}

static enum emrtd_error
bus_abort(void *self, uint8_t slot, uint8_t seq)
{
	struct emrtd_ccid_bus *bus = self;
	struct emrtd_ccid_transfer *t = &bus->control;

	if (!is_free(bus, t))
		return EMRTD_E_READER_LOST;
	libusb_fill_control_setup(bus->control_packet,
	    LIBUSB_ENDPOINT_OUT | LIBUSB_REQUEST_TYPE_CLASS |
		LIBUSB_RECIPIENT_INTERFACE,
	    CLASS_REQUEST_ABORT, (uint16_t)((unsigned)seq << 8 | slot),
	    bus->reader.number, 0);
	libusb_fill_control_transfer(t->usb, bus->handle, bus->control_packet,
	    on_done, t, 0);
	return run(bus, t, emrtd_wake_now_ms() + ABORT_MS);
}

static int64_t
bus_now(void *self)
{
	(void)self;
	return emrtd_wake_now_ms();
}

static enum emrtd_error
bus_pause(void *self, int64_t until_ms)
{
	struct emrtd_ccid_bus *bus = self;
	enum emrtd_error err;

	err = emrtd_wake_wait(bus->wake, -1, 0, until_ms);
	return err == EMRTD_E_TIMEOUT ? EMRTD_OK : err;
}

const struct emrtd_ccid_pipe *
emrtd_ccid_bus_pipe(struct emrtd_ccid_bus *bus)
{
	return &bus->pipe;
}

enum emrtd_error
emrtd_ccid_bus_notice(struct emrtd_ccid_bus *bus, int64_t until_ms)
{
	struct emrtd_ccid_transfer *t = &bus->notice;
	enum emrtd_error err;
	size_t len = bus->reader.interrupt_packet;

	if (!bus->handle)
		return EMRTD_E_READER_LOST;
	if (!t->running && bus->reader.interrupt) {
		if (len > sizeof(bus->notice_packet))
			len = sizeof(bus->notice_packet);
		libusb_fill_interrupt_transfer(t->usb, bus->handle,
		    bus->reader.interrupt, bus->notice_packet, (int)len,
		    on_done, t, 0);
		err = start(t);
		if (err == EMRTD_E_READER_LOST)
			return err;
	}
	if (!t->running) {
		err = bus_pause(bus, until_ms);
		return err ? err : EMRTD_E_TIMEOUT;
	}
	err = wait_for(bus, &t->done, true, until_ms);
	if (err)
		return err;
	err = outcome(bus, t);
	if (err == EMRTD_E_PROTOCOL) {
		bus->reader.interrupt = 0; /* no use asking it again */
		return EMRTD_OK;
	}
	return err;
}

bool
emrtd_ccid_bus_arrived(struct emrtd_ccid_bus *bus)
{
	if (bus->context)
		(void)attend(bus, NULL);
	return bus->arrived;
}

enum emrtd_error
emrtd_ccid_bus_arrival(struct emrtd_ccid_bus *bus, int64_t until_ms)
{
	enum emrtd_error err = EMRTD_OK;

	while (!bus->arrived && !err) {
		if (!bus->context)
			return bus_pause(bus, until_ms);
		err = poll_once(bus, true, until_ms);
		if (!attend(bus, NULL))
			return EMRTD_E_READER_LOST;
	}
	return bus->arrived ? EMRTD_OK : err;
}

static struct emrtd_ccid_transfer *
transfer(struct emrtd_ccid_bus *bus, size_t i)
{
	struct emrtd_ccid_transfer *all[EMRTD_CCID_N_TRANSFERS] = { &bus->out,
		&bus->in, &bus->notice, &bus->control };

	return all[i];
}

bool
emrtd_ccid_new_transfers(struct emrtd_ccid_bus *bus)
{
	bool good = true;

	for (size_t i = 0; i < EMRTD_CCID_N_TRANSFERS; i++) {
		transfer(bus, i)->usb = libusb_alloc_transfer(0);
		good = good && transfer(bus, i)->usb != NULL;
	}
	return good;
}

void
emrtd_ccid_stop_transfers(struct emrtd_ccid_bus *bus)
{
	for (size_t i = 0; i < EMRTD_CCID_N_TRANSFERS; i++)
		stop(bus, transfer(bus, i));
}

void
emrtd_ccid_free_transfers(struct emrtd_ccid_bus *bus)
{
	for (size_t i = 0; i < EMRTD_CCID_N_TRANSFERS; i++) {
		libusb_free_transfer(transfer(bus, i)->usb);
		*transfer(bus, i) = (struct emrtd_ccid_transfer){ 0 };
	}
}

void
emrtd_ccid_fill_pipe(struct emrtd_ccid_bus *bus)
{
	bus->pipe = (struct emrtd_ccid_pipe){
		.self = bus,
		.send = bus_send,
		.receive = bus_receive,
		.abort = bus_abort,
		.now_ms = bus_now,
		.pause = bus_pause,
	};
}
