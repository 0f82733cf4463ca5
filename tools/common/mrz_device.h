/*
 * A device that reads zones by itself: a swipe or page reader on a serial line
 * (also a virtual one over USB), or one that types like a keyboard. A struct
 * mrz_device belongs to one thread; nothing here waits, so that it goes into
 * any poll loop:
 *
 *	poll(mrz_device_fd, POLLIN, mrz_device_timeout_ms), then
 *	mrz_device_take until it says MRZ_DEVICE_NOTHING.
 *
 * What comes off the line is a key to somebody's chip: all buffers are wiped
 * as soon as a document is taken or given up.
 */
#ifndef MRTD_TOOL_MRZ_DEVICE_H
#define MRTD_TOOL_MRZ_DEVICE_H

#include "exit_codes.h"
#include "options.h"

#include <mrz/mrz.h>

struct mrz_device;

enum mrz_device_event {
	MRZ_DEVICE_NOTHING = 0, /* wait for the descriptor or the timeout */
	MRZ_DEVICE_DOCUMENT,    /* a zone that its check digits vouch for */
	MRZ_DEVICE_REJECTED,    /* something was read that none vouch for */
	MRZ_DEVICE_LOST         /* unplugged or hung up: free it, open anew */
};

/* Each line with the LF that ends it, and a NUL behind the last. */
#define MRZ_SWIPE_CAP (MRZ_MAX_LINES * MRZ_LINE_CAP + 1)

/* A sentence about a device; what is longer is cut. */
#define MRZ_DEVICE_TEXT_CAP 512

/* A document, or why there is none. The caller wipes it. */
struct mrz_swipe {
	char text[MRZ_SWIPE_CAP]; /* the lines of a document; else empty */
	size_t len;
	enum mrz_format format;
	const char *how; /* the framing or keyboard layout; never NULL */
	const char *why; /* of REJECTED and LOST: a sentence; else "" */
};

/*
 * Open PATH, serial:PATH[@SPEED], elyctis:PATH[@SPEED] or
 * keyboard:PATH[@LAYOUT]. Without a kind it is what the node is: a terminal is
 * a serial line, an input device a keyboard. The line is opened for us alone,
 * the keyboard is grabbed before anything is read of it, so that no zone is
 * typed into a console; where that is refused it is an error. Anything but
 * EXIT_GOOD (EXIT_USAGE, EXIT_ENVIRONMENT, EXIT_INTERNAL) has been said on
 * standard error, and *out is NULL.
 */
enum exit_code mrz_device_open(const struct tool *tool, const char *path,
    struct mrz_device **out);

/* What is wrong with a device. */
struct mrz_device_trouble {
	bool passing; /* another program has it, it is gone again ... */
	char text[MRZ_DEVICE_TEXT_CAP];
};

/* The same for whoever tries again: nothing is said, but written down. */
enum exit_code mrz_device_try(const char *path,
    struct mrz_device_trouble *trouble, struct mrz_device **out);

/* To be polled for POLLIN; it stays that of the device. */
int mrz_device_fd(const struct mrz_device *device);

/* When to call mrz_device_take at the latest, as for poll: half a document is
 * given up after a while. -1: not before something comes. */
int mrz_device_timeout_ms(const struct mrz_device *device);

/* What has happened; *out is filled by all but MRZ_DEVICE_NOTHING. Never
 * waits, and returns however much comes. After MRZ_DEVICE_LOST it says so again and again. */
enum mrz_device_event mrz_device_take(struct mrz_device *device,
    struct mrz_swipe *out);

/* Lost, because somebody at the keyboard wanted it back. */
bool mrz_device_given_back(const struct mrz_device *device);

/* Gives the keyboard back, closes, wipes; NULL-safe, nulls. */
void mrz_device_free(struct mrz_device **device);

#endif
