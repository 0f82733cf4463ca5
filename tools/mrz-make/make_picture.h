/*
 * The page of a document as a file of PNG.
 */
#ifndef MRZ_MAKE_PICTURE_H
#define MRZ_MAKE_PICTURE_H

#include "exit_codes.h"
#include "options.h"

#include <mrz/mrz.h>

/* Dots per inch that a page can have. */
#define MAKE_MIN_DPI 72
#define MAKE_MAX_DPI 1200

struct make_picture {
	const char *path; /* NULL: none is wanted; "-": standard output */
	const char *face; /* a picture file, or NULL */
	uint32_t dpi;     /* 0: 300 */
	unsigned rotate;  /* clockwise: 0, 90, 180, 270 */
	bool grey;
	bool force; /* overwrite */
};

/* Anything but EXIT_GOOD has been said. */
enum exit_code make_picture(const struct tool *tool,
    const struct make_picture *picture, const struct mrz_doc *doc);

#endif
