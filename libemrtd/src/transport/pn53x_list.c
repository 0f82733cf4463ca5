#include "transport/pn53x_list.h"

#include "transport/isodep.h"
#include "transport/reader_table.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICES_MAX 512

/* A number that sysfs gives as text; false when there is none. */
static bool
attribute(const char *folder, const char *name, int base, unsigned long *out)
{
	char path[PATH_MAX], text[16], *end;
	FILE *file;
	bool good;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >=
	    (int)sizeof(path))
		return false;
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	good = fgets(text, sizeof(text), file) != NULL;
	fclose(file);
	if (!good)
		return false;
	*out = strtoul(text, &end, base);
	return end != text && (*end == '\n' || *end == '\0') &&
	       *out <= UINT16_MAX;
}

/* Who holds the first interface: a driver's name, or "". */
static void
driver_of(const char *folder, const char *name, char *out, size_t cap)
{
	char path[PATH_MAX], link[PATH_MAX];
	const char *last;
	ssize_t n = -1;

	out[0] = '\0';
	if (snprintf(path, sizeof(path), "%s/%s:1.0/driver", folder, name) <
	    (int)sizeof(path))
		n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return;
	link[n] = '\0';
	last = strrchr(link, '/');
	snprintf(out, cap, "%.*s", (int)cap - 1,
	    last != NULL ? last + 1 : link);
}

#if EMRTD_HAVE_NFC
/* A program that has it through the kernel's usbfs, or a driver. */
static void
judge(struct emrtd_reader_info *reader, const char *driver, const char *node)
{
	if (strcmp(driver, "usbfs") == 0) {
		reader->trouble = EMRTD_READER_BUSY;
	} else if (driver[0] != '\0') {
		reader->trouble = EMRTD_READER_KERNEL_DRIVER;
		snprintf(reader->detail, sizeof(reader->detail),
		    "held by %.32s", driver);
	} else if (access(node, R_OK | W_OK) != 0 && errno == EACCES) {
		reader->trouble = EMRTD_READER_PERMISSION;
		snprintf(reader->detail, sizeof(reader->detail), "%s", node);
	} else {
		reader->extended = true;
		reader->max_command = EMRTD_ISODEP_COMMAND_MAX;
		reader->max_response = EMRTD_ISODEP_RESPONSE_MAX;
	}
}
#else
static void
judge(struct emrtd_reader_info *reader, const char *driver, const char *node)
{
	reader->uri[0] = '\0';
	reader->trouble = EMRTD_READER_UNREAD;
	snprintf(reader->detail, sizeof(reader->detail), "USB device %s%s%.32s",
	    node, driver[0] != '\0' ? ", held by " : "", driver);
}
#endif

static void
show(const char *folder, const char *name, emrtd_see_reader *see, void *self)
{
	struct emrtd_reader_info reader = { .size = sizeof(reader) };
	unsigned long vendor, product, bus, device;
	const struct emrtd_reader_row *row;
	char driver[64], node[64];

	if (!attribute(folder, "idVendor", 16, &vendor) ||
	    !attribute(folder, "idProduct", 16, &product) ||
	    !attribute(folder, "busnum", 10, &bus) ||
	    !attribute(folder, "devnum", 10, &device))
		return;
	row = emrtd_reader_row((uint16_t)vendor, (uint16_t)product, -1);
	if (row == NULL || row->kind != EMRTD_ROW_PN53X)
		return;
	snprintf(reader.uri, sizeof(reader.uri), "nfc:pn53x_usb:%03lu:%03lu",
	    bus, device);
	snprintf(reader.name, sizeof(reader.name), "%s", row->name);
	snprintf(reader.driver, sizeof(reader.driver), "nfc");
	reader.vendor = row->vendor;
	reader.product = row->product;
	reader.contactless = true;
	snprintf(node, sizeof(node), "/dev/bus/usb/%03lu/%03lu", bus, device);
	driver_of(folder, name, driver, sizeof(driver));
	judge(&reader, driver, node);
	see(self, &reader);
}

/* The names that sysfs gives devices: 1-1.4, not usb1 and not 1-1:1.0. */
static bool
is_device(const char *name)
{
	return name[0] >= '0' && name[0] <= '9' && strchr(name, ':') == NULL;
}

enum emrtd_error
emrtd_pn53x_list_in(const char *devices, emrtd_see_reader *see, void *self)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	unsigned n = 0;
	DIR *dir = opendir(devices);

	/* No USB here: no reader. */
	if (dir == NULL)
		return EMRTD_OK;
	while ((entry = readdir(dir)) != NULL && n++ < DEVICES_MAX) {
		if (!is_device(entry->d_name) ||
		    snprintf(folder, sizeof(folder), "%s/%s", devices,
			entry->d_name) >= (int)sizeof(folder))
			continue;
		show(folder, entry->d_name, see, self);
	}
	closedir(dir);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_pn53x_list(emrtd_see_reader *see, void *self)
{
	return emrtd_pn53x_list_in("/sys/bus/usb/devices", see, self);
}
