/*
 * One document after the other from a device.
 */
#ifndef MRZ_READ_READ_DEVICE_H
#define MRZ_READ_READ_DEVICE_H

#include "exit_codes.h"
#include "options.h"

/* What to do with the lines of a document; they are wiped afterwards. False:
 * no more, self has said why. */
typedef bool (*device_taker)(void *self, char *text, size_t len);

struct device_reading {
	const struct tool_common *common;
	const char *path;
	const char *layout;  /* NULL: not given */
	unsigned long count; /* 0: until a signal comes */
	int output;          /* when nobody reads it any more, it is over */
	device_taker take;
	void *self;
};

/*
 * EXIT_GOOD after count documents, and after a signal (INT, TERM, HUP) if no
 * count was given and there was a document; EXIT_LOST after one that came
 * before, and when the device or the reader of the output is gone; else as
 * mrz_device_open. All has been said on standard error.
 */
enum exit_code read_device(const struct tool *tool,
    const struct device_reading *reading);

#endif
