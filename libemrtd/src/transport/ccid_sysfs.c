/*
 * ccid_sysfs.c - what the kernel knows of a reader: names and drivers. Files
 * of sysfs may be read by whoever may not open the device.
 */
#include "transport/ccid_bus.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
read_word(const char *path, char *out, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, cap - 1) : -1;
	char *p;

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	for (p = out; *p != '\0' && *p != '\n'; p++)
		if (*p < 0x20 || *p > 0x7E)
			*p = '?';
	*p = '\0';
}

/* "/sys/bus/usb/devices/1-4.2" and, of an interface, ":1.0/"; then a name. */
static void
sys_path(const struct emrtd_ccid_found *f, bool of_interface, const char *file,
    char *out, size_t cap)
{
	size_t n;

	n = (size_t)snprintf(out, cap, "/sys/bus/usb/devices/%u-", f->bus);
	for (uint8_t i = 0; i < f->n_ports && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, i ? ".%u" : "%u",
		    f->ports[i]);
	if (of_interface && n < cap)
		n += (size_t)snprintf(out + n, cap - n, ":%u.%u",
		    f->configuration, f->reader.number);
	if (n < cap)
		snprintf(out + n, cap - n, "/%s", file);
}

/*
 * Names from sysfs: the kernel has read them already, and whoever may not
 * open the device may read those. The interface's tells two of a dual reader
 * apart.
 */
void
emrtd_ccid_read_name(struct emrtd_ccid_found *f)
{
	char path[128], product[64], own[64];

	sys_path(f, false, "product", path, sizeof(path));
	read_word(path, product, sizeof(product));
	sys_path(f, true, "interface", path, sizeof(path));
	read_word(path, own, sizeof(own));
	if (own[0] && strcmp(own, product) != 0)
		snprintf(f->name, sizeof(f->name), "%s%s%s", product,
		    product[0] ? " " : "", own);
	else
		snprintf(f->name, sizeof(f->name), "%s", product);
}

/* The driver of the kernel that holds the interface, or "". */
void
emrtd_ccid_read_driver(const struct emrtd_ccid_found *f, char *out, size_t cap)
{
	char path[128], target[256], *slash;
	ssize_t n;

	sys_path(f, true, "driver", path, sizeof(path));
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(out, cap, "%s", slash ? slash + 1 : target);
}
