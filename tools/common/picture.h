/*
 * Hostile picture bytes to plain pixels: by the helper process mrtd-decode,
 * which has limits on memory and time and may open nothing. No picture
 * library is linked here.
 */
#ifndef MRTD_TOOL_PICTURE_H
#define MRTD_TOOL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PICTURE_FORMAT_CAP 12
#define PICTURE_WHY_CAP    160

enum picture_error {
	PICTURE_OK,
	PICTURE_UNKNOWN,   /* no format that the helper decodes */
	PICTURE_MALFORMED, /* broken, or a kind that is not decoded */
	PICTURE_TOO_LARGE, /* more bytes or pixels than the limits allow */
	PICTURE_TIMEOUT,   /* the helper took too long and was ended */
	PICTURE_MEMORY,    /* it, or this program, wanted more memory */
	PICTURE_CRASHED,   /* it ended on a signal, or said nonsense */
	PICTURE_NO_HELPER  /* it is not installed, or could not be started */
};

/* What is zero is the default. */
struct picture_limits {
	size_t input;       /* bytes of the file: 64 MiB */
	uint64_t pixels;    /* width times height: 100,000,000 */
	size_t memory;      /* address space of the helper: 1 GiB */
	unsigned cpu_s;     /* its processor time: 5 s */
	unsigned wall_ms;   /* all in all: 10,000 ms */
	const char *helper; /* its path; NULL: where it is installed */
};

/* The pixels of a face need not be many. */
#define PICTURE_FACE_PIXELS 16000000

/*
 * A picture: 8 bits a sample, rows without padding, the top row first, turned
 * upright as far as the file says how it lies. width and height are those of
 * the upright picture.
 */
struct picture {
	char format[PICTURE_FORMAT_CAP]; /* "jpeg" "png" "jpeg2000" "tiff"
	                                    "webp" "pnm" */
	uint32_t width, height;
	uint32_t channels;    /* 1 grey, 3 RGB */
	uint32_t dpi;         /* 0 unknown */
	unsigned orientation; /* EXIF's 1 to 8 that was found and undone */
	bool filtered;        /* decoded under a filter of system calls too,
	                         not under limits alone */
	uint8_t *pixels;      /* owned */
	size_t len;           /* width * height * channels */
};

/* Do the bytes begin as a picture that mrtd-decode decodes? */
bool picture_is_one(const uint8_t *bytes, size_t len);

/*
 * The name of a format that people try and that is not decoded ("PDF",
 * "HEIC", ...), and in out_advice what to do; NULL for any other bytes.
 */
const char *picture_foreign(const uint8_t *bytes, size_t len,
    const char **out_advice);

/*
 * picture_decode - bytes of a file to pixels.
 * in:  bytes   of an unknown author; borrowed for the call
 *      limits  NULL: the defaults
 * out: out     on PICTURE_OK free it with picture_free; else zeroed
 *      why     a sentence for a person, of our own words and numbers alone;
 *              empty on PICTURE_OK
 * The helper is mrtd-decode beside the running program, or in its libexec
 * folder; never one that PATH or the environment names. It gets an empty
 * environment and no open file but its own pipes. Any thread; ends no process
 * but the one that it started, and raises no SIGPIPE. A program that ignores
 * SIGCHLD cannot be told how the helper ended.
 */
enum picture_error picture_decode(const uint8_t *bytes, size_t len,
    const struct picture_limits *limits, struct picture *out,
    char why[PICTURE_WHY_CAP]);

/* Wipes and frees; zeroes the struct. Also for one that is zeroed. */
void picture_free(struct picture *picture);

#endif
