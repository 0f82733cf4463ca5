/*
 * What a device node is: the kind of reader behind it.
 */
#ifndef MRTD_TOOL_MRZ_NODE_H
#define MRTD_TOOL_MRZ_NODE_H

#include <stdint.h>
#include <sys/types.h>

enum mrz_node_kind {
	MRZ_NODE_NONE, /* neither a serial line nor an input device */
	MRZ_NODE_SERIAL,
	MRZ_NODE_ELYCTIS,
	MRZ_NODE_KEYBOARD
};

/*
 * By the node (fd is open on it), and for what a serial line speaks by the USB
 * id that the kernel shows in sysfs and udev/readers.tbl. Nothing is sent and
 * nothing is guessed from bytes.
 */
enum mrz_node_kind mrz_node_kind(const char *path, int fd);

#endif
