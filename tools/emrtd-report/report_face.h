/*
 * The face: bytes of DG2, decoded in another process, scaled down, and
 * written anew as PNG. What the chip sent never stands in the page.
 */
#ifndef MRTD_TOOL_REPORT_FACE_H
#define MRTD_TOOL_REPORT_FACE_H

#include "report_judge.h"
#include "report_record.h"

/* Twice what is shown, for screens and printers that show more. */
#define FACE_MAX 600

enum face_state {
	FACE_NONE,     /* nobody handed one over */
	FACE_SHOWN,    /* png is there */
	FACE_WITHHELD, /* it is not the one that was signed */
	FACE_REDACTED,
	FACE_BROKEN /* why says what is wrong */
};

struct report_face {
	enum face_state state;
	uint8_t *png;
	size_t png_len;
	unsigned width, height;
	char why[200]; /* our own words */
};

/* False without memory. Free with report_face_free in any case. */
bool report_face_make(const struct report_record *record,
    const struct report_input *input, struct report_face *out);
void report_face_free(struct report_face *face);

/*
 * Scale plain pixels down to FACE_MAX, if larger, and write them as PNG.
 * False without memory.
 */
struct picture;
bool report_face_encode(const struct picture *picture, struct report_face *out);

#endif
