/*
 * watch.h - one document after the other on the same reader: which step comes
 * next. No reader, no MRZ and no clock of its own: all of that is in the world
 * that it is given, so that a test can be one.
 *
 *              lay            swipe              read           take away
 *	EMPTY ------> LAID -----------> READING ---------> DONE ----------> EMPTY
 *	      swipe            lay
 *	EMPTY ------> SWIPED ---------> READING
 *
 * The MRZ is in the world, and at most one: it is wiped when its document was
 * read or taken away, when no document comes, and when another comes.
 */
#ifndef EMRTD_READ_WATCH_H
#define EMRTD_READ_WATCH_H

#include <emrtd/transport.h>

#include <stdbool.h>
#include <stdint.h>

#define WATCH_MRZ_MS      30000 /* an MRZ waits so long for its document */
#define WATCH_LOOK_MS     100   /* the longest wait for one thing alone */
#define WATCH_RETRY_MS    500   /* between looks for a reader that is gone */
#define WATCH_REFUSED_MAX 16    /* of the feed in a row, then it pauses */
#define WATCH_GIVE_UP     3     /* such looks, then it is opened anew */

enum watch_outcome {
	WATCH_READ,     /* as far as the chip went: see checks and error */
	WATCH_MISMATCH, /* the MRZ does not open this chip */
	WATCH_LOST,     /* document or reader gone in the middle, deadline */
	WATCH_NO_MRZ,   /* taken away before an MRZ came */
	WATCH_CANCELLED,
	WATCH_FAILED, /* what else ended the reading: see error */
	WATCH_N_OUTCOMES
};

/* "read", "mrz_chip_mismatch" ... as in docs/JSON.md */
const char *watch_outcome_name(enum watch_outcome outcome);

enum watch_feed {
	WATCH_FEED_NOTHING,
	WATCH_FEED_MRZ,      /* the world has it now, and no other */
	WATCH_FEED_REJECTED, /* something that is none; it has been said */
	WATCH_FEED_END       /* none will ever come */
};

/* What is said, in words for a person. */
enum watch_say {
	WATCH_SAY_NOTHING,
	WATCH_SAY_BEGIN,    /* lay a document down, or swipe */
	WATCH_SAY_SWIPE,    /* it lies there: swipe */
	WATCH_SAY_LAY,      /* swiped: lay it down */
	WATCH_SAY_LEAVE,    /* both: reading */
	WATCH_SAY_REPLACED, /* a second MRZ: the first is forgotten */
	WATCH_SAY_LATE,     /* no document came */
	WATCH_SAY_EARLY,    /* an MRZ while another document lies there */
	WATCH_SAY_UNREAD,   /* taken away without an MRZ */
	WATCH_SAY_TAKE,     /* done: take it away */
	WATCH_SAY_WRONG,    /* mismatch: take it away */
	WATCH_SAY_AGAIN,    /* it moved: take it away, and again */
	WATCH_SAY_FAILED,   /* it could not be read: take it away */
	WATCH_SAY_NO_READER,
	WATCH_SAY_READER_BACK,
	WATCH_N_SAYS
};

struct watch_world {
	void *self;
	int64_t (*now_ms)(void *self); /* monotonic */
	void (*pause)(void *self, uint32_t ms);
	/* As wait of a transport. */
	enum emrtd_error (*presence)(void *self, enum emrtd_presence want,
	    uint32_t timeout_ms);
	/* A reader that is gone: try to open it anew. */
	enum emrtd_error (*reopen)(void *self);
	enum watch_feed (*feed)(void *self, uint32_t timeout_ms);
	/* Whatever the feed has by now is nobody's. True if there was any. */
	bool (*discard)(void *self);
	void (*wipe)(void *self); /* the MRZ that the world has */
	/* Read with that MRZ, and write the line. */
	enum watch_outcome (*read)(void *self, unsigned number);
	/* Write the line of a document that was not read. */
	void (*unread)(void *self, unsigned number, enum watch_outcome outcome,
	    enum emrtd_error error);
	void (*say)(void *self, enum watch_say what, enum emrtd_error error);
	bool (*stopped)(void *self);
};

/* Until stopped, until the feed has ended, or for 'count' documents when that
 * is not 0. Returns how many lines were written. */
unsigned watch_run(const struct watch_world *world, unsigned count);

#endif
