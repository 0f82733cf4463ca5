#include "umock_usb.h"
#include "umock_sysfs.h"

#include <errno.h>
#include <glib.h>
#include <linux/usbdevice_fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <umockdev.h>

/*
 * The node is a regular file in truth, always ready to poll: libusb asks for
 * finished transfers without end. It is held in that call for a while, or
 * until there is one; a program that wants to stop waits no longer than that.
 * Having got one it asks whether there is another: that is answered at once.
 */
#define HOLD_MS 4

#define BUS          "/dev/bus/usb/001/"
#define FIRST_DEVNUM 2
#define PATH_LEN     64

/* A transfer that a client has submitted. */
struct urb {
	struct urb *next;
	UMockdevIoctlClient *client;
	UMockdevIoctlData *data;
	bool done;
};

/* A client that waits for a finished transfer. */
struct held {
	struct held *next;
	UMockdevIoctlClient *client;
	UMockdevIoctlData *pointer;
	int64_t until_ms;
};

struct umock_usb {
	struct usb_device device;
	pthread_mutex_t *lock;
	struct umock_usb_options options;
	UMockdevTestbed *testbed;
	UMockdevIoctlBase *handler;
	gulong hook;
	unsigned devnum;
	char node[PATH_LEN];
	bool plugged, driver_bound;
	struct urb *urbs;
	struct held *held;
	const UMockdevIoctlClient *served; /* got a transfer just now */
	UMockdevIoctlClient *claims[USB_DEVICE_INTERFACES_MAX];
	pthread_t reader;
	pthread_cond_t wakes;
	bool ends, unhooked;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct usbdevfs_urb *
urb_of(const struct urb *urb)
{
	return (struct usbdevfs_urb *)(void *)urb->data->data;
}

/* ---- Clients ------------------------------------------------------------ */

static bool
is_gone(UMockdevIoctlClient *client)
{
	return !umockdev_ioctl_client_get_connected(client);
}

static void
drop_claim(struct umock_usb *usb, unsigned interface)
{
	if (usb->claims[interface] != NULL)
		g_object_unref(usb->claims[interface]);
	usb->claims[interface] = NULL;
}

/* Who holds an interface; a program that has ended holds nothing. */
static const UMockdevIoctlClient *
owner_of(struct umock_usb *usb, unsigned interface)
{
	if (interface >= USB_DEVICE_INTERFACES_MAX)
		return NULL;
	if (usb->claims[interface] != NULL && is_gone(usb->claims[interface]))
		drop_claim(usb, interface);
	return usb->claims[interface];
}

static void
free_urb(struct urb *urb)
{
	umockdev_ioctl_data_unref(urb->data);
	g_object_unref(urb->client);
	free(urb);
}

/* All, or those whose program has ended. */
static void
forget_urbs(struct umock_usb *usb, bool all)
{
	struct urb **at = &usb->urbs;

	while (*at != NULL) {
		struct urb *urb = *at;

		if (!all && !is_gone(urb->client)) {
			at = &urb->next;
			continue;
		}
		*at = urb->next;
		free_urb(urb);
	}
}

/* ---- Transfers --------------------------------------------------------- */

static bool
finish(struct urb *urb, int result)
{
	struct usbdevfs_urb *u = urb_of(urb);

	if (result == USB_DEVICE_NOTHING)
		return false;
	u->status = result == USB_DEVICE_STALL    ? -EPIPE
		    : result == USB_DEVICE_BABBLE ? -EOVERFLOW
						  : 0;
	u->actual_length = result > 0 ? result : 0;
	urb->done = true;
	return true;
}

static int
control_transfer(struct umock_usb *usb, uint8_t *buffer, int len)
{
	if (len < 8)
		return USB_DEVICE_STALL;
	return usb->device.ops->control(usb->device.self, buffer, buffer + 8,
	    (size_t)len - 8);
}

/* True: it has come to its end. */
static bool
advance(struct umock_usb *usb, struct urb *urb)
{
	struct usbdevfs_urb *u = urb_of(urb);
	size_t len = (size_t)u->buffer_length;

	if (urb->done)
		return false;
	if (u->type == USBDEVFS_URB_TYPE_CONTROL)
		return finish(urb,
		    control_transfer(usb, u->buffer, u->buffer_length));
	if (u->endpoint & 0x80)
		return finish(urb, usb->device.ops->in(usb->device.self,
				       u->endpoint, u->buffer, len));
	return finish(urb, usb->device.ops->out(usb->device.self, u->endpoint,
			       emrtd_bytes(u->buffer, len)));
}

/* Lets the client of a held call go: with a finished transfer, or without. */
static bool
release(struct umock_usb *usb, struct held *held, int64_t now)
{
	struct urb **at = &usb->urbs, *urb;

	while (*at != NULL && !((*at)->done && (*at)->client == held->client))
		at = &(*at)->next;
	urb = *at;
	if (urb == NULL && usb->plugged && now < held->until_ms)
		return false;
	if (is_gone(held->client))
		return true;
	if (urb == NULL) {
		umockdev_ioctl_client_complete(held->client, -1,
		    usb->plugged ? EAGAIN : ENODEV);
		return true;
	}
	umockdev_ioctl_data_set_ptr(held->pointer, 0, urb->data);
	umockdev_ioctl_client_complete(held->client, 0, 0);
	usb->served = held->client;
	*at = urb->next;
	free_urb(urb);
	return true;
}

static void
look(struct umock_usb *usb)
{
	struct held **at = &usb->held;
	bool moved = usb->plugged;

	forget_urbs(usb, false);
	/* A command that was taken may have an answer at once. */
	while (moved && usb->plugged) {
		moved = false;
		for (struct urb *u = usb->urbs; u != NULL; u = u->next)
			moved = advance(usb, u) || moved;
	}
	while (*at != NULL) {
		struct held *held = *at;

		if (!release(usb, held, now_ms())) {
			at = &held->next;
			continue;
		}
		*at = held->next;
		g_object_unref(held->client);
		free(held);
	}
}

void
umock_usb_nudge(struct umock_usb *usb)
{
	pthread_cond_broadcast(&usb->wakes);
}

/*
 * The reader and the chip run here, and not in umockdev's thread: that one
 * ends when it likes, and OpenSSL cleans up after each thread that used it.
 */
static void *
reader_main(void *self)
{
	struct umock_usb *usb = self;

	pthread_mutex_lock(usb->lock);
	while (!usb->ends) {
		int64_t due, now, until;
		struct timespec at;

		look(usb);
		if (usb->held == NULL) {
			pthread_cond_wait(&usb->wakes, usb->lock);
			continue;
		}
		due = usb->device.ops->due_ms(usb->device.self);
		now = now_ms();
		until = usb->held->until_ms;
		/* What is due already waits for nobody but the host. */
		if (due > now && due < until)
			until = due;
		at.tv_sec = until / 1000;
		at.tv_nsec = until % 1000 * 1000000;
		(void)pthread_cond_timedwait(&usb->wakes, usb->lock, &at);
	}
	pthread_mutex_unlock(usb->lock);
	return NULL;
}

/* ---- usbdevfs ---------------------------------------------------------- */

/* One call of a client, and its result. */
struct call {
	struct umock_usb *usb;
	UMockdevIoctlClient *client;
	UMockdevIoctlData *arg;
	int error;  /* an errno */
	int result; /* if there is none */
	bool later; /* it is held */
};

static void *
argument(struct call *call, size_t len)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(call->arg, 0, len,
	    NULL);
	void *bytes = data != NULL ? data->data : NULL;

	if (data != NULL)
		umockdev_ioctl_data_unref(data); /* its parent has it */
	else
		call->error = EFAULT;
	return bytes;
}

/* Whose an interface is; NULL: nobody's. */
static const char *
driver_of(struct umock_usb *usb, unsigned interface)
{
	if (usb->driver_bound)
		return usb->options.kernel_driver;
	if (usb->options.busy || owner_of(usb, interface) != NULL)
		return "usbfs";
	return NULL;
}

static void
show_drivers(struct umock_usb *usb)
{
	for (unsigned i = 0; i < USB_DEVICE_INTERFACES_MAX; i++)
		umock_sysfs_driver(usb->testbed, i, driver_of(usb, i));
}

static void
get_capabilities(struct call *call)
{
	uint32_t *caps = argument(call, sizeof(*caps));

	if (caps != NULL)
		*caps = USBDEVFS_CAP_ZERO_PACKET |
			USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
			USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
}

static void
claim_interface(struct call *call, unsigned interface)
{
	struct umock_usb *usb = call->usb;
	const UMockdevIoctlClient *owner = owner_of(usb, interface);

	if (interface >= USB_DEVICE_INTERFACES_MAX)
		call->error = EINVAL;
	else if (usb->options.busy || usb->driver_bound ||
		 (owner != NULL && owner != call->client))
		call->error = EBUSY;
	else if (owner == NULL)
		usb->claims[interface] = g_object_ref(call->client);
}

static void
claim(struct call *call)
{
	const unsigned *interface = argument(call, sizeof(*interface));

	if (interface != NULL)
		claim_interface(call, *interface);
}

static void
release_claim(struct call *call)
{
	const unsigned *interface = argument(call, sizeof(*interface));

	if (interface == NULL)
		return;
	if (owner_of(call->usb, *interface) == call->client)
		drop_claim(call->usb, *interface);
	else
		call->error = EINVAL;
}

static void
get_driver(struct call *call)
{
	struct usbdevfs_getdriver *get = argument(call, sizeof(*get));
	const char *name;

	if (get == NULL)
		return;
	name = driver_of(call->usb, get->interface);
	if (name == NULL)
		call->error = ENODATA;
	else
		(void)snprintf(get->driver, sizeof(get->driver), "%s", name);
}

static void
driver_ioctl(struct call *call)
{
	struct umock_usb *usb = call->usb;
	const struct usbdevfs_ioctl *command = argument(call, sizeof(*command));

	if (command == NULL)
		return;
	if ((unsigned)command->ioctl_code == USBDEVFS_DISCONNECT &&
	    usb->driver_bound)
		usb->driver_bound = false;
	else if ((unsigned)command->ioctl_code == USBDEVFS_CONNECT)
		usb->driver_bound = usb->options.kernel_driver != NULL;
	else
		call->error = ENODATA;
}

static void
disconnect_and_claim(struct call *call)
{
	struct umock_usb *usb = call->usb;
	const struct usbdevfs_disconnect_claim *c = argument(call, sizeof(*c));

	if (c == NULL)
		return;
	if (usb->driver_bound &&
	    (c->flags & USBDEVFS_DISCONNECT_CLAIM_EXCEPT_DRIVER) != 0 &&
	    strcmp(c->driver, usb->options.kernel_driver) == 0) {
		call->error = EBUSY;
		return;
	}
	if (!usb->options.busy)
		usb->driver_bound = false;
	claim_interface(call, c->interface);
}

static void
submit(struct call *call)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(call->arg, 0,
	    sizeof(struct usbdevfs_urb), NULL);
	struct urb **at = &call->usb->urbs, *urb = calloc(1, sizeof(*urb));
	struct usbdevfs_urb *u;

	if (data == NULL || urb == NULL) {
		call->error = ENOMEM;
		free(urb);
		return;
	}
	u = (struct usbdevfs_urb *)(void *)data->data;
	if (u->buffer_length > 0) {
		UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(data,
		    offsetof(struct usbdevfs_urb, buffer),
		    (size_t)u->buffer_length, NULL);

		if (buffer != NULL)
			umockdev_ioctl_data_unref(buffer);
	}
	urb->client = g_object_ref(call->client);
	urb->data = data;
	while (*at != NULL)
		at = &(*at)->next;
	*at = urb;
}

static void
discard(struct call *call)
{
	gulong address;

	memcpy(&address, call->arg->data, sizeof(address));
	for (struct urb *u = call->usb->urbs; u != NULL; u = u->next)
		if (u->client == call->client && !u->done &&
		    u->data->client_addr == address) {
			urb_of(u)->status = -ENOENT;
			urb_of(u)->actual_length = 0;
			u->done = true;
			return;
		}
	call->error = EINVAL;
}

/* What is done already is taken before a device that is gone is missed. */
static void
reap(struct call *call)
{
	struct umock_usb *usb = call->usb;
	struct held *held = calloc(1, sizeof(*held));

	if (held == NULL) {
		call->error = ENOMEM;
		return;
	}
	held->client = g_object_ref(call->client);
	held->pointer = umockdev_ioctl_data_resolve(call->arg, 0,
	    sizeof(gpointer), NULL);
	/* Its parent has it for as long as the call lasts. */
	umockdev_ioctl_data_unref(held->pointer);
	held->until_ms = now_ms();
	if (usb->served != call->client)
		held->until_ms += HOLD_MS;
	usb->served = NULL;
	held->next = usb->held;
	usb->held = held;
	call->later = true;
}

/* Not while anybody has an interface. */
static void
set_configuration(struct call *call)
{
	for (unsigned i = 0; i < USB_DEVICE_INTERFACES_MAX; i++)
		if (driver_of(call->usb, i) != NULL)
			call->error = EBUSY;
}

/* Requests on endpoint 0 of the older libusb, which waits for each. */
static void
control(struct call *call)
{
	const size_t at = offsetof(struct usbdevfs_ctrltransfer, data);
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(call->arg, 0,
			      sizeof(struct usbdevfs_ctrltransfer), NULL),
			  *bytes = NULL;
	const struct usbdevfs_ctrltransfer *c;
	int n;

	if (data == NULL) {
		call->error = EFAULT;
		return;
	}
	c = (const struct usbdevfs_ctrltransfer *)(void *)data->data;
	if (c->wLength > 0)
		bytes = umockdev_ioctl_data_resolve(data, at, c->wLength, NULL);
	n = call->usb->device.ops->control(call->usb->device.self, data->data,
	    bytes != NULL ? bytes->data : NULL, bytes != NULL ? c->wLength : 0);
	if (n < 0)
		call->error = EPIPE;
	else
		call->result = n;
	if (bytes != NULL)
		umockdev_ioctl_data_unref(bytes);
	umockdev_ioctl_data_unref(data);
}

static void
connect_info(struct call *call)
{
	struct usbdevfs_connectinfo *info = argument(call, sizeof(*info));

	if (info != NULL)
		*info = (struct usbdevfs_connectinfo){
			.devnum = call->usb->devnum
		};
}

static void
nothing(struct call *call)
{
	(void)call;
}

static const struct {
	gulong request;
	void (*run)(struct call *call);
	bool without_device; /* works when it is unplugged */
	bool drivers;        /* changes whose the interfaces are */
} calls[] = {
	{ USBDEVFS_GET_CAPABILITIES, get_capabilities, false, false },
	{ USBDEVFS_CLAIMINTERFACE, claim, false, true },
	{ USBDEVFS_RELEASEINTERFACE, release_claim, false, true },
	{ USBDEVFS_DISCONNECT_CLAIM, disconnect_and_claim, false, true },
	{ USBDEVFS_GETDRIVER, get_driver, false, false },
	{ USBDEVFS_IOCTL, driver_ioctl, false, true },
	{ USBDEVFS_SETCONFIGURATION, set_configuration, false, false },
	{ USBDEVFS_CONTROL, control, false, false },
	{ USBDEVFS_CONNECTINFO, connect_info, false, false },
	{ USBDEVFS_SETINTERFACE, nothing, false, false },
	{ USBDEVFS_CLEAR_HALT, nothing, false, false },
	{ USBDEVFS_RESETEP, nothing, false, false },
	{ USBDEVFS_RESET, nothing, false, false },
	{ USBDEVFS_SUBMITURB, submit, false, false },
	{ USBDEVFS_DISCARDURB, discard, true, false },
	{ USBDEVFS_REAPURB, reap, true, false },
	{ USBDEVFS_REAPURBNDELAY, reap, true, false },
};

#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

static gboolean
on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer self)
{
	struct umock_usb *usb = self;
	gulong request = umockdev_ioctl_client_get_request(client);
	struct call call = { .usb = usb,
		.client = client,
		.arg = umockdev_ioctl_client_get_arg(client) };
	size_t i = 0;

	(void)handler;
	while (i < N_CALLS && calls[i].request != request)
		i++;
	if (i == N_CALLS)
		return FALSE;
	pthread_mutex_lock(usb->lock);
	/* Who still has the node of an earlier plugging holds nothing. */
	if (!calls[i].without_device &&
	    (!usb->plugged || strcmp(umockdev_ioctl_client_get_devnode(client),
				  usb->node) != 0))
		call.error = ENODEV;
	else
		calls[i].run(&call);
	if (calls[i].drivers && call.error == 0)
		show_drivers(usb);
	if (!call.later)
		umockdev_ioctl_client_complete(client,
		    call.error ? -1 : call.result, call.error);
	umock_usb_nudge(usb);
	pthread_mutex_unlock(usb->lock);
	return TRUE;
}

/* ---- Plugging ---------------------------------------------------------- */

static void
stop(const char *what, GError *error)
{
	(void)fprintf(stderr, "umock_usb: %s: %s\n", what,
	    error != NULL ? error->message : "failed");
	exit(EXIT_FAILURE);
}

void
umock_usb_plug(struct umock_usb *usb)
{
	GError *error = NULL;

	pthread_mutex_lock(usb->lock);
	usb->devnum++;
	(void)snprintf(usb->node, sizeof(usb->node), BUS "%03u", usb->devnum);
	usb->driver_bound = usb->options.kernel_driver != NULL;
	usb->device.ops->replug(usb->device.self);
	usb->plugged = true;
	pthread_mutex_unlock(usb->lock);
	/* Whoever opens the node finds it served. */
	if (!umockdev_testbed_attach_ioctl(usb->testbed, usb->node,
		usb->handler, &error))
		stop("attach", error);
	if (!umock_sysfs_add(usb->testbed, &usb->device, usb->devnum, usb->node,
		&error))
		stop("umockdev", error);
	if (usb->options.no_permission)
		umock_sysfs_forbid(usb->testbed, usb->node);
	pthread_mutex_lock(usb->lock);
	show_drivers(usb);
	pthread_mutex_unlock(usb->lock);
}

void
umock_usb_pull(struct umock_usb *usb)
{
	usb->plugged = false;
	for (struct urb *u = usb->urbs; u != NULL; u = u->next)
		if (!u->done) {
			urb_of(u)->status = -ESHUTDOWN;
			urb_of(u)->actual_length = 0;
			u->done = true;
		}
	for (unsigned i = 0; i < USB_DEVICE_INTERFACES_MAX; i++)
		drop_claim(usb, i);
	umock_usb_nudge(usb);
}

void
umock_usb_unplug(struct umock_usb *usb)
{
	GError *error = NULL;

	pthread_mutex_lock(usb->lock);
	umock_usb_pull(usb);
	pthread_mutex_unlock(usb->lock);
	umock_sysfs_remove(usb->testbed, usb->node);
	if (!umockdev_testbed_detach_ioctl(usb->testbed, usb->node, &error))
		stop("detach", error);
}

/* No call is under way any more, nor will one come. */
static void
on_unhooked(gpointer self, GClosure *closure)
{
	struct umock_usb *usb = self;

	(void)closure;
	pthread_mutex_lock(usb->lock);
	usb->unhooked = true;
	pthread_cond_broadcast(&usb->wakes);
	pthread_mutex_unlock(usb->lock);
}

struct umock_usb *
umock_usb_new(const struct usb_device *device, pthread_mutex_t *lock,
    const struct umock_usb_options *options)
{
	struct umock_usb *usb = calloc(1, sizeof(*usb));
	pthread_condattr_t attributes;

	if (usb == NULL)
		return NULL;
	usb->device = *device;
	usb->lock = lock;
	usb->options = *options;
	usb->devnum = FIRST_DEVNUM - 1;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&usb->wakes, &attributes);
	pthread_condattr_destroy(&attributes);
	usb->testbed = umockdev_testbed_new();
	usb->handler = umockdev_ioctl_base_new();
	usb->hook = g_signal_connect_data(usb->handler, "handle-ioctl",
	    G_CALLBACK(on_ioctl), usb, on_unhooked, G_CONNECT_AFTER);
	if (pthread_create(&usb->reader, NULL, reader_main, usb) != 0)
		stop("a thread", NULL);
	return usb;
}

void
umock_usb_free(struct umock_usb **usb)
{
	if (*usb == NULL)
		return;
	g_signal_handler_disconnect((*usb)->handler, (*usb)->hook);
	pthread_mutex_lock((*usb)->lock);
	(*usb)->ends = true;
	pthread_cond_broadcast(&(*usb)->wakes);
	while (!(*usb)->unhooked)
		pthread_cond_wait(&(*usb)->wakes, (*usb)->lock);
	pthread_mutex_unlock((*usb)->lock);
	pthread_join((*usb)->reader, NULL);
	forget_urbs(*usb, true);
	for (unsigned i = 0; i < USB_DEVICE_INTERFACES_MAX; i++)
		drop_claim(*usb, i);
	g_object_unref((*usb)->handler);
	g_object_unref((*usb)->testbed);
	pthread_cond_destroy(&(*usb)->wakes);
	free(*usb);
	*usb = NULL;
}
