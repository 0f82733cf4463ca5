/*
 * feed_lines.h - one MRZ after the other out of a stream of bytes: a record
 * mrz-read/1 a line, or the lines of a zone. Pure; hostile bytes are bounded,
 * and wiped as soon as they are taken or refused.
 */
#ifndef EMRTD_READ_FEED_LINES_H
#define EMRTD_READ_FEED_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FEED_LINE_CAP (256u << 10) /* records of pictures have about 20 KiB */
#define FEED_HALF_MS  500 /* the lines of a zone come this close together */

struct feed_lines {
	size_t len;       /* bytes that are here and not taken yet */
	size_t zone;      /* of them, lines of a zone that is not whole */
	unsigned n_lines; /* so many */
	int64_t zone_ms;  /* when the last of them came */
	bool skipping;    /* up to the end of a line that is too long */
	char bytes[FEED_LINE_CAP];
};

enum feed_found {
	FEED_NONE = 0, /* wants more bytes */
	FEED_MRZ,      /* *out_len bytes at lines->bytes */
	FEED_NO_MRZ    /* a line that is none, or half a zone */
};

/* Where to read to, and how many bytes at most: never 0. */
char *feed_lines_room(struct feed_lines *lines, size_t *out_cap);
/* That many came. */
void feed_lines_add(struct feed_lines *lines, size_t n);
/* No more will come: a last line may lack its end, and has one then. False
 * when there is no such line. */
bool feed_lines_end(struct feed_lines *lines);
/*
 * What there is. After FEED_MRZ and before anything else, feed_lines_drop of
 * *out_len. now_ms: monotonic.
 */
enum feed_found feed_lines_next(struct feed_lines *lines, int64_t now_ms,
    size_t *out_len);
void feed_lines_drop(struct feed_lines *lines, size_t n);
/* All of it, and the rest of a line that has begun. True if there was any. */
bool feed_lines_forget(struct feed_lines *lines);

#endif
