#include "transport/pn53x_list.h"

#include "transport/reader_table.h"

#include <dirent.h>
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

/* The kernel's driver of the first interface; false when there is none. */
static bool
has_driver(const char *folder, const char *name, const char *driver)
{
	char path[PATH_MAX], link[PATH_MAX];
	const char *last;
	ssize_t n;

	if (snprintf(path, sizeof(path), "%s/%s:1.0/driver", folder, name) >=
	    (int)sizeof(path))
		return false;
	n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return false;
	link[n] = '\0';
	last = strrchr(link, '/');
	return strcmp(last != NULL ? last + 1 : link, driver) == 0;
}

static void
show(const char *folder, const char *name, emrtd_see_reader *see, void *self)
{
	struct emrtd_reader_info reader = { .size = sizeof(reader) };
	unsigned long vendor, product, bus, device;
	const struct emrtd_reader_row *row;

	if (!attribute(folder, "idVendor", 16, &vendor) ||
	    !attribute(folder, "idProduct", 16, &product) ||
	    !attribute(folder, "busnum", 10, &bus) ||
	    !attribute(folder, "devnum", 10, &device))
		return;
	row = emrtd_reader_row((uint16_t)vendor, (uint16_t)product, -1);
	if (row == NULL || row->kind != EMRTD_ROW_PN53X)
		return;
	snprintf(reader.name, sizeof(reader.name), "%s", row->name);
	snprintf(reader.driver, sizeof(reader.driver), "nfc");
	reader.vendor = row->vendor;
	reader.product = row->product;
	reader.contactless = true;
	reader.trouble = EMRTD_READER_UNREAD;
	snprintf(reader.detail, sizeof(reader.detail),
	    "USB device %03lu.%03lu%s", bus, device,
	    has_driver(folder, name, "pn533_usb")
		? ", which the kernel's pn533_usb holds"
		: "");
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
