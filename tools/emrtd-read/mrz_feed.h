/*
 * mrz_feed.h - where --watch has its MRZs from: standard input, a command, or
 * a device that reads zones. Whatever comes is hostile, and a secret: it is
 * wiped as soon as it is taken or refused.
 */
#ifndef EMRTD_READ_MRZ_FEED_H
#define EMRTD_READ_MRZ_FEED_H

#include "document_read.h"

struct mrz_feed;

enum mrz_feed_event {
	MRZ_FEED_NOTHING = 0,
	MRZ_FEED_MRZ,      /* *out is it; the caller wipes it */
	MRZ_FEED_REJECTED, /* something that opens no chip; it has been said */
	MRZ_FEED_END       /* of standard input */
};

/*
 * source: "-" is standard input; a device is what begins with /dev/, serial:,
 * elyctis: or keyboard:; everything else is a command for the shell, run anew
 * when it has ended. A device that is not there is waited for. Lines are
 * records of mrz-read --json, or those of a zone as printed. Anything but
 * EXIT_GOOD has been said, and *out is NULL.
 */
enum exit_code mrz_feed_open(const struct read_choices *choices,
    const char *source, struct mrz_feed **out);

/* The next event, or nothing after that time. */
enum mrz_feed_event mrz_feed_next(struct mrz_feed *feed, uint32_t timeout_ms,
    struct document_mrz *out);

/* Forget all that has come. True if there was something. Never waits. */
bool mrz_feed_discard(struct mrz_feed *feed);

/* Ends the command, closes, wipes; NULL-safe, nulls. */
void mrz_feed_free(struct mrz_feed **feed);

#endif
