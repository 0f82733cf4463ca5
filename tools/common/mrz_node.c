#include "mrz_node.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define INPUT_MAJOR 13 /* documented in the kernel's list of devices */
#define MAX_PARENTS 8

enum mrz_reader_kind {
	MRZ_READER_SERIAL,
	MRZ_READER_ELYCTIS,
	MRZ_READER_KEYBOARD
};

struct mrz_reader_row {
	uint16_t vendor, product;
	bool any_product;
	enum mrz_reader_kind kind;
	bool verified;
	const char *name;
};

#include "mrz_reader_rows.h"

static bool
read_id(const char *folder, const char *file, uint16_t *out)
{
	char path[PATH_MAX + 16], text[8] = "", *end;
	unsigned long value;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 4)
		return false;
	value = strtoul(text, &end, 16);
	if (end != text + 4)
		return false;
	*out = (uint16_t)value;
	return true;
}

/* Of the USB device that a node belongs to: some folders above its own. */
static bool
usb_id(dev_t node, uint16_t *vendor, uint16_t *product)
{
	char link[64], folder[PATH_MAX];

	snprintf(link, sizeof(link), "/sys/dev/char/%u:%u", major(node),
	    minor(node));
	if (realpath(link, folder) == NULL)
		return false;
	for (unsigned i = 0; i < MAX_PARENTS; i++) {
		char *slash = strrchr(folder, '/');

		if (read_id(folder, "idVendor", vendor) &&
		    read_id(folder, "idProduct", product))
			return true;
		if (slash == NULL || slash == folder)
			return false;
		*slash = '\0';
	}
	return false;
}

static bool
is_elyctis(dev_t node)
{
	uint16_t vendor, product;

	if (!usb_id(node, &vendor, &product))
		return false;
	for (size_t i = 0;
	     i < sizeof(mrz_reader_rows) / sizeof(mrz_reader_rows[0]); i++) {
		const struct mrz_reader_row *row = &mrz_reader_rows[i];

		if (row->kind == MRZ_READER_ELYCTIS && row->vendor == vendor &&
		    (row->any_product || row->product == product))
			return true;
	}
	return false;
}

enum mrz_node_kind
mrz_node_kind(const char *path, int fd)
{
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISCHR(status.st_mode))
		return MRZ_NODE_NONE;
	if (major(status.st_rdev) == INPUT_MAJOR)
		return MRZ_NODE_KEYBOARD;
	if (!isatty(fd))
		return MRZ_NODE_NONE;
	return is_elyctis(status.st_rdev) ? MRZ_NODE_ELYCTIS : MRZ_NODE_SERIAL;
}
