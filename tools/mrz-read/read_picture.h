/*
 * The zones of a picture: decoded by mrtd-decode, read by libmrz_ocr.
 */
#ifndef MRZ_READ_READ_PICTURE_H
#define MRZ_READ_READ_PICTURE_H

#include "exit_codes.h"
#include "ocr_load.h"
#include "options.h"
#include "picture.h"

/* Zeroed at first; one for all pictures of a run. */
struct picture_reader {
	struct ocr *ocr; /* loaded with the first picture */
};

struct picture_zones {
	struct picture picture;
	size_t n;
	struct mrz_reading readings[MRZ_OCR_MAX_ZONES];
	unsigned decode_ms, read_ms;
};

/*
 * A picture (picture_is_one) to zones. EXIT_GOOD, also when there is no zone
 * in it; EXIT_MALFORMED when it cannot be decoded; EXIT_ENVIRONMENT when a
 * program or library for pictures is missing. Anything but EXIT_GOOD has been
 * said on standard error. picture_zones_free in any case.
 */
enum exit_code picture_reader_read(struct picture_reader *reader,
    const struct tool *tool, const char *source, const uint8_t *bytes,
    size_t len, int32_t today, struct picture_zones *out);
void picture_reader_free(struct picture_reader *reader);

/* Wipes: a face and a key are in it. */
void picture_zones_free(struct picture_zones *zones);

#endif
