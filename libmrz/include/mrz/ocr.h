/*
 * libmrz_ocr: the machine-readable zone out of a picture.
 *
 * Finds the zone, straightens its lines, reads them and says how sure it is.
 * Plain pixels in: what decodes picture files is the caller's affair, best a
 * process of its own, as pictures of strangers are hostile. Tesseract and
 * Leptonica work inside; neither shows here. The trained model is part of the
 * library: nothing is looked up in files or in the environment.
 */
#ifndef MRZ_OCR_H
#define MRZ_OCR_H

#include <mrz/mrz.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A picture with fewer pixels than this on a side cannot hold a zone; one
 * with more pixels in all is refused. */
#define MRZ_OCR_MIN_SIDE   10
#define MRZ_OCR_MIN_WIDTH  100
#define MRZ_OCR_MAX_PIXELS 100000000

/* Zones that one picture may give (two pages, both sides of a card). */
#define MRZ_OCR_MAX_ZONES 4

/*
 * Plain pixels, top row first, 8 bits a channel, upright as far as the EXIF
 * data of the file says. Borrowed for the call.
 */
struct mrz_picture {
	uint32_t size; /* sizeof(struct mrz_picture) */
	uint32_t width;
	uint32_t height;
	uint32_t channels; /* 1: grey, 3: RGB */
	size_t stride;     /* bytes from row to row, width * channels or more */
	const uint8_t *pixels;
	uint32_t dpi; /* 0: not known */
};

struct mrz_ocr_options {
	uint32_t size;        /* sizeof(struct mrz_ocr_options) */
	int32_t today;        /* day number, or MRZ_NO_DAY */
	uint32_t deadline_ms; /* for the whole call; 0: none */
};

struct mrz_box {
	int32_t x;
	int32_t y;
	int32_t width;
	int32_t height;
};

/*
 * A zone as read. doc comes from mrz_parse, and mrz_doubt has been applied:
 * it is accepted only when the readings agreed on every character, as
 * ARCHITECTURE says, or check digits refute whatever else it might be, and no
 * doubt is left.
 */
struct mrz_reading {
	uint32_t size; /* set by the library */
	struct mrz_doc doc;
	size_t n_doubts;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	unsigned
	    rotation; /* clockwise turn that made it upright: 0 90 180 270 */
	int32_t skew_mdeg; /* what was left then, in 1/1000 degree, clockwise */
	struct mrz_box box; /* of the zone, in the picture as given */
};

/* A reader of pictures. Opaque; used by one thread at a time. */
struct mrz_ocr;

/*
 * mrz_ocr_new - load the recogniser. Takes some ten milliseconds; one handle
 * reads any number of pictures.
 * out:    out  written always; NULL on error. Freed by mrz_ocr_free
 * errors: MRZ_E_NO_MEMORY, MRZ_E_INTERNAL (the recogniser refuses its model)
 * NULL is not allowed. Allocates. Switches off the messages of Leptonica in
 * this process: it would write them to stderr.
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_ocr_new(struct mrz_ocr **out);

/* mrz_ocr_free - wipe and free; sets *ocr to NULL. NULL is allowed. */
MRZ_EXPORT void mrz_ocr_free(struct mrz_ocr **ocr);

/*
 * mrz_ocr_read - every zone of a picture, in any of the four rotations, the
 * best one first.
 * in:     picture  as above
 *         options  NULL: no 'today', no deadline. The deadline is looked at
 *                  between steps; the longest, to scale a picture and find its
 *                  ink, takes a tenth of a second, and of 100 megapixels a
 *                  second
 * out:    out      room for cap readings, cap >= 1; secret, the caller wipes
 *         n_out    how many were written; 0 on error
 * returns MRZ_OK          one zone or more; their statuses are in doc
 *         MRZ_E_ARG       size not set, no pixels, channels other than 1 and
 *                         3, stride less than a row, cap of 0
 *         MRZ_E_TOO_LARGE more than MRZ_OCR_MAX_PIXELS
 *         MRZ_E_EMPTY     no zone found, too small, or the deadline passed
 *                         before one was found
 *         MRZ_E_NO_MEMORY
 * NULL is not allowed but for options. Allocates; pixels are wiped before
 * they are freed as far as this library holds them.
 * source: Doc 9303-3 4 (characters, OCR-B, print specifications)
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_ocr_read(struct mrz_ocr *ocr,
    const struct mrz_picture *picture, const struct mrz_ocr_options *options,
    struct mrz_reading *out, size_t cap, size_t *n_out);

#ifdef __cplusplus
}
#endif

#endif
