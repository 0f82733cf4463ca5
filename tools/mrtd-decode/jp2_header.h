/*
 * What a JPEG 2000 file says about itself, read by our own code before any
 * library sees it: its boxes down to the codestream, and the SIZ segment that
 * a codestream begins with.
 */
#ifndef MRTD_DECODE_JP2_HEADER_H
#define MRTD_DECODE_JP2_HEADER_H

#include "picture_wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JP2_MAX_COMPONENTS 4

enum jp2_colours {
	JP2_UNSAID,
	JP2_SRGB,
	JP2_GREY,
	JP2_SYCC
};

struct jp2_header {
	const uint8_t *codestream; /* a view */
	size_t codestream_len;
	enum jp2_colours colours;
	uint32_t dpi; /* 0 unknown */
	uint32_t width, height;
	uint32_t n_components;
	uint32_t dx, dy; /* the largest sub-sampling of a component */
};

/*
 * A file (its boxes) or a bare codestream. Size, components (1 to 4, of 1 to
 * 16 bits, sub-sampled by 4 at most) and number of tiles are then within
 * limits; a palette is refused.
 * source: ISO/IEC 15444-1 A.5.1 (SIZ), annex I (boxes)
 */
enum picture_reason jp2_header_read(const uint8_t *bytes, size_t len,
    uint64_t max_pixels, struct jp2_header *out);

#endif
