/*
 * ccid_usb.c - which readers are plugged in; taking one of them.
 */
#include "transport/ccid_usb.h"
#include "transport/ccid_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ENDPOINTS 16

/*
 * What the kernel may have bound to a CCID interface, and may be asked to let
 * go: it claims PN53x chips by their ids, ACR122U included, and reads no
 * passports with them. Anything else is somebody's for a reason.
 */
static const char *const known_drivers[] = { "pn533_usb" };

static enum emrtd_error
parse_interface(const struct libusb_interface_descriptor *d,
    struct emrtd_ccid_interface *out)
{
	struct emrtd_usb_endpoint endpoints[MAX_ENDPOINTS];
	struct emrtd_usb_interface in = {
		.number = d->bInterfaceNumber,
		.class_ = d->bInterfaceClass,
		.endpoints = endpoints,
	};

	if (d->extra_length > 0)
		in.extra = emrtd_bytes(d->extra, (size_t)d->extra_length);
	/* Where descriptors end early libusb has none, whatever they count. */
	for (; d->endpoint && in.n_endpoints < d->bNumEndpoints &&
	       in.n_endpoints < MAX_ENDPOINTS;
	     in.n_endpoints++) {
		const struct libusb_endpoint_descriptor *e =
		    &d->endpoint[in.n_endpoints];

		endpoints[in.n_endpoints] = (struct emrtd_usb_endpoint){
			.address = e->bEndpointAddress,
			.attributes = e->bmAttributes,
			.max_packet = e->wMaxPacketSize,
		};
		if (e->extra_length > 0)
			endpoints[in.n_endpoints].extra = emrtd_bytes(e->extra,
			    (size_t)e->extra_length);
	}
	return emrtd_ccid_interface_parse(&in, out);
}

static void
scan_device(libusb_device *device, struct emrtd_ccid_found *found, size_t *n)
{
	struct libusb_device_descriptor id;
	struct libusb_config_descriptor *config;
	struct emrtd_ccid_found f = { 0 };
	enum emrtd_error err;
	size_t first = *n;
	int ports;

	if (libusb_get_device_descriptor(device, &id) != 0 ||
	    id.bDeviceClass == LIBUSB_CLASS_HUB ||
	    libusb_get_active_config_descriptor(device, &config) != 0)
		return;
	f.bus = libusb_get_bus_number(device);
	f.address = libusb_get_device_address(device);
	f.configuration = config->bConfigurationValue;
	f.vendor = id.idVendor;
	f.product = id.idProduct;
	ports = libusb_get_port_numbers(device, f.ports, sizeof(f.ports));
	f.n_ports = ports > 0 ? (uint8_t)ports : 0;
	for (uint8_t i = 0; i < config->bNumInterfaces; i++) {
		if (config->interface[i].num_altsetting < 1 ||
		    *n == EMRTD_CCID_MAX_FOUND)
			continue;
		err = parse_interface(config->interface[i].altsetting,
		    &f.reader);
		if (err == EMRTD_E_NOT_FOUND)
			continue;
		f.sound = err == EMRTD_OK;
		emrtd_ccid_read_name(&f);
		found[(*n)++] = f;
	}
	libusb_free_config_descriptor(config);
	emrtd_ccid_count_slots(found + first, *n - first);
}

static int LIBUSB_CALL
on_arrival(libusb_context *context, libusb_device *device,
    libusb_hotplug_event event, void *user)
{
	struct emrtd_ccid_bus *bus = user;

	(void)context;
	(void)device;
	(void)event;
	bus->arrived = true;
	return 0;
}

static void
leave_usb(struct emrtd_ccid_bus *bus)
{
	if (bus->context)
		libusb_exit(bus->context);
	bus->context = NULL;
	bus->fds_changed = true;
}

/*
 * A context of libusb knows what it saw when it began and what udev told it
 * since. Where nobody runs udev (a small gate) only a new one sees more.
 */
static enum emrtd_error
enter_usb(struct emrtd_ccid_bus *bus)
{
	leave_usb(bus);
	bus->arrived = false;
	if (libusb_init(&bus->context) != 0) {
		bus->context = NULL;
		return EMRTD_E_NO_READER;
	}
	libusb_set_pollfd_notifiers(bus->context, emrtd_ccid_fd_added,
	    emrtd_ccid_fd_removed, bus);
	if (libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG))
		(void)libusb_hotplug_register_callback(bus->context,
		    LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED, 0,
		    LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
		    LIBUSB_HOTPLUG_MATCH_ANY, on_arrival, bus, NULL);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_ccid_bus_scan(struct emrtd_ccid_bus *bus,
    struct emrtd_ccid_found found[EMRTD_CCID_MAX_FOUND], size_t *n)
{
	libusb_device **devices;
	enum emrtd_error err;
	ssize_t n_devices;

	*n = 0;
	emrtd_ccid_bus_release(bus);
	err = enter_usb(bus);
	if (err)
		return err;
	n_devices = libusb_get_device_list(bus->context, &devices);
	if (n_devices < 0)
		return EMRTD_E_NO_READER;
	for (ssize_t i = 0; i < n_devices; i++)
		scan_device(devices[i], found, n);
	libusb_free_device_list(devices, 1);
	return EMRTD_OK;
}

/*
 * Taking one, and giving it back.
 */

static libusb_device *
find_device(struct emrtd_ccid_bus *bus, const struct emrtd_ccid_found *f)
{
	libusb_device **devices, *match = NULL;
	ssize_t n = libusb_get_device_list(bus->context, &devices);

	if (n < 0)
		return NULL;
	for (ssize_t i = 0; i < n && !match; i++)
		if (libusb_get_bus_number(devices[i]) == f->bus &&
		    libusb_get_device_address(devices[i]) == f->address)
			match = libusb_ref_device(devices[i]);
	libusb_free_device_list(devices, 1);
	return match;
}

static enum emrtd_error
error_of(int rc)
{
	switch (rc) {
	case 0:
		return EMRTD_OK;
	case LIBUSB_ERROR_ACCESS:
		return EMRTD_E_PERMISSION;
	case LIBUSB_ERROR_BUSY:
		return EMRTD_E_BUSY;
	case LIBUSB_ERROR_NO_MEM:
		return EMRTD_E_NO_MEMORY;
	default:
		return EMRTD_E_READER_LOST;
	}
}

static enum emrtd_error
open_device(struct emrtd_ccid_bus *bus, const struct emrtd_ccid_found *f)
{
	libusb_device *device = find_device(bus, f);
	int rc;

	if (!device)
		return EMRTD_E_READER_LOST;
	rc = libusb_open(device, &bus->handle);
	libusb_unref_device(device);
	if (rc != 0)
		bus->handle = NULL;
	return error_of(rc);
}

/* Lets a known driver go; *name is whose the interface is then, or "". */
static enum emrtd_error
detach_driver(struct emrtd_ccid_bus *bus, const struct emrtd_ccid_found *f,
    char *name, size_t cap)
{
	name[0] = '\0';
	if (libusb_kernel_driver_active(bus->handle, f->reader.number) != 1)
		return EMRTD_OK;
	emrtd_ccid_read_driver(f, name, cap);
	for (size_t i = 0; i < sizeof(known_drivers) / sizeof(known_drivers[0]);
	     i++) {
		if (strcmp(known_drivers[i], name) != 0)
			continue;
		if (libusb_detach_kernel_driver(bus->handle,
			f->reader.number) != 0)
			return EMRTD_E_BUSY;
		bus->detached = true;
		name[0] = '\0';
		return EMRTD_OK;
	}
	if (!name[0])
		snprintf(name, cap, "a driver without a name");
	return EMRTD_E_BUSY;
}

static enum emrtd_error
claim_interface(struct emrtd_ccid_bus *bus, const struct emrtd_ccid_found *f,
    enum emrtd_reader_trouble *trouble, char *detail, size_t cap)
{
	enum emrtd_error err;

	*trouble = EMRTD_READER_KERNEL_DRIVER;
	err = detach_driver(bus, f, detail, cap);
	if (err)
		return err;
	*trouble = EMRTD_READER_BUSY;
	err = error_of(libusb_claim_interface(bus->handle, f->reader.number));
	if (!err && !emrtd_ccid_new_transfers(bus))
		return EMRTD_E_NO_MEMORY;
	return err;
}

enum emrtd_error
emrtd_ccid_bus_claim(struct emrtd_ccid_bus *bus,
    const struct emrtd_ccid_found *found, enum emrtd_reader_trouble *trouble,
    char *detail, size_t cap)
{
	enum emrtd_error err;

	emrtd_ccid_bus_release(bus);
	snprintf(detail, cap, "/dev/bus/usb/%03u/%03u", found->bus,
	    found->address);
	*trouble = EMRTD_READER_PERMISSION;
	bus->reader = found->reader;
	err = open_device(bus, found);
	if (!err)
		err = claim_interface(bus, found, trouble, detail, cap);
	if (err)
		emrtd_ccid_bus_release(bus);
	if (!err || (err != EMRTD_E_PERMISSION && err != EMRTD_E_BUSY))
		*trouble = err ? EMRTD_READER_SILENT : EMRTD_READER_FINE;
	return err;
}

/*
 * A transfer that the kernel did not give back is freed after the device was
 * closed, which ends whatever is under way.
 */
void
emrtd_ccid_bus_release(struct emrtd_ccid_bus *bus)
{
	if (bus->handle) {
		emrtd_ccid_stop_transfers(bus);
		(void)libusb_release_interface(bus->handle, bus->reader.number);
		if (bus->detached)
			(void)libusb_attach_kernel_driver(bus->handle,
			    bus->reader.number);
		libusb_close(bus->handle);
		bus->handle = NULL;
	}
	bus->detached = false;
	emrtd_ccid_free_transfers(bus);
}

enum emrtd_error
emrtd_ccid_bus_new(const struct emrtd_wake *wake, struct emrtd_ccid_bus **out)
{
	struct emrtd_ccid_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return EMRTD_E_NO_MEMORY;
	bus->wake = wake;
	bus->fds_changed = true;
	emrtd_ccid_fill_pipe(bus);
	*out = bus;
	return EMRTD_OK;
}

void
emrtd_ccid_bus_free(struct emrtd_ccid_bus **bus)
{
	if (!*bus)
		return;
	emrtd_ccid_bus_release(*bus);
	leave_usb(*bus);
	free((*bus)->fds);
	free(*bus);
	*bus = NULL;
}
