#include "umock_sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICE "/devices/pci0000:00/0000:00:14.0/usb1/1-1"
#define SYSFS  "/sys" DEVICE

static void
append_text(GString *to, const char *attribute, const char *text)
{
	if (text != NULL)
		g_string_append_printf(to, "A: %s=%s\\n\n", attribute, text);
}

static void
append_hex(GString *to, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(to, "%02X", bytes[i]);
}

static bool
add_device(UMockdevTestbed *testbed, const struct usb_device *reader,
    unsigned devnum, const char *node, GError **error)
{
	uint8_t device[18], config[USB_DEVICE_CONFIG_CAP];
	static const struct {
		const char *attribute;
		uint8_t index;
	} strings[] = { { "manufacturer", USB_DEVICE_MANUFACTURER },
		{ "product", USB_DEVICE_PRODUCT },
		{ "serial", USB_DEVICE_SERIAL } };
	size_t len = reader->ops->configuration(reader->self, config);
	unsigned vendor, product;
	GString *s = g_string_new("P: " DEVICE "\n");
	bool ok;

	reader->ops->descriptor(reader->self, device);
	vendor = device[8] | (unsigned)device[9] << 8;
	product = device[10] | (unsigned)device[11] << 8;
	/* libusb-0.1 reads descriptors from the node. */
	g_string_append_printf(s, "N: bus/usb/001/%03u=", devnum);
	append_hex(s, device, sizeof(device));
	append_hex(s, config, len);
	g_string_append_printf(s,
	    "\nE: SUBSYSTEM=usb\nE: DRIVER=usb\n"
	    "E: BUSNUM=001\nE: DEVNUM=%03u\nE: DEVNAME=%s\n"
	    "E: DEVTYPE=usb_device\nE: PRODUCT=%x/%x/200\n"
	    "A: idVendor=%04x\\n\nA: idProduct=%04x\\n\n"
	    "A: bConfigurationValue=1\\n\nA: bNumConfigurations=1\\n\n"
	    "A: busnum=1\\n\nA: devnum=%u\\n\nA: speed=12\\n\n"
	    "A: bDeviceClass=00\\n\n",
	    devnum, node, vendor, product, vendor, product, devnum);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		append_text(s, strings[i].attribute,
		    reader->ops->string(reader->self, strings[i].index));
	g_string_append(s, "H: descriptors=");
	append_hex(s, device, sizeof(device));
	append_hex(s, config, len);
	g_string_append(s, "\n");
	ok = umockdev_testbed_add_from_string(testbed, s->str, error);
	g_string_free(s, TRUE);
	return ok;
}

/* pcscd looks for interfaces. c: the descriptor of one. */
static bool
add_interface(UMockdevTestbed *testbed, const uint8_t c[9], const char *name,
    GError **error)
{
	GString *s = g_string_new(NULL);
	bool ok;

	g_string_append_printf(s,
	    "P: " DEVICE "/1-1:1.%u\nE: SUBSYSTEM=usb\n"
	    "E: DEVTYPE=usb_interface\nE: INTERFACE=%u/0/0\n"
	    "A: bInterfaceNumber=%02x\\n\nA: bInterfaceClass=%02x\\n\n"
	    "A: bInterfaceSubClass=00\\n\nA: bInterfaceProtocol=00\\n\n"
	    "A: bNumEndpoints=%02x\\n\nA: bAlternateSetting= 0\\n\n",
	    c[2], c[5], c[2], c[5], c[4]);
	append_text(s, "interface", name);
	ok = umockdev_testbed_add_from_string(testbed, s->str, error);
	g_string_free(s, TRUE);
	return ok;
}

bool
umock_sysfs_add(UMockdevTestbed *testbed, const struct usb_device *device,
    unsigned devnum, const char *node, GError **error)
{
	uint8_t c[USB_DEVICE_CONFIG_CAP];
	size_t len = device->ops->configuration(device->self, c);
	bool ok = add_device(testbed, device, devnum, node, error);

	/* Interface descriptors are what begins with 9, 4. */
	for (size_t at = 0; ok && at + 9 <= len && c[at] > 0; at += c[at])
		if (c[at] == 9 && c[at + 1] == 4)
			ok = add_interface(testbed, c + at,
			    device->ops->string(device->self, c[at + 8]),
			    error);
	return ok;
}

static void
remove_one(UMockdevTestbed *testbed, const char *path)
{
	umockdev_testbed_uevent(testbed, path, "remove");
	umockdev_testbed_remove_device(testbed, path);
}

void
umock_sysfs_remove(UMockdevTestbed *testbed, const char *node)
{
	char *root = umockdev_testbed_get_root_dir(testbed);
	char *file = g_build_filename(root, node, NULL);

	for (unsigned i = 0; i < USB_DEVICE_INTERFACES_MAX; i++) {
		char *path = g_strdup_printf(SYSFS "/1-1:1.%u", i);

		/* Through the library that this runs under. */
		if (access(path, F_OK) == 0)
			remove_one(testbed, path);
		g_free(path);
	}
	remove_one(testbed, SYSFS);
	(void)unlink(file);
	g_free(file);
	g_free(root);
}

void
umock_sysfs_forbid(UMockdevTestbed *testbed, const char *node)
{
	char *root = umockdev_testbed_get_root_dir(testbed);
	char *path = g_build_filename(root, node, NULL);

	(void)chmod(path, 0);
	g_free(path);
	g_free(root);
}

void
umock_sysfs_driver(UMockdevTestbed *testbed, unsigned interface,
    const char *driver)
{
	char *root = umockdev_testbed_get_root_dir(testbed);
	char *path = g_strdup_printf("%s" SYSFS "/1-1:1.%u/driver", root,
	    interface);
	char *target = g_strdup_printf("../../../../../../bus/usb/drivers/%s",
	    driver != NULL ? driver : "");

	(void)unlink(path);
	/* An interface that is not there has no folder: no matter. */
	if (driver != NULL && symlink(target, path) != 0 && errno != ENOENT)
		perror(path);
	g_free(target);
	g_free(path);
	g_free(root);
}
