/*
 * One line image to symbols, by Tesseract's LSTM and the model of the
 * library. Nothing here knows what an MRZ is.
 */
#ifndef MRZ_OCR_RECOGNISE_H
#define MRZ_OCR_RECOGNISE_H

#include <mrz/ocr.h>

/*
 * The line image that the model is trained on, in pixels: the height is that
 * of the net's input, so that Tesseract does not scale it again. Upper edge
 * to upper edge of the cells is the pitch.
 *
 *     |<- MARGIN ->|<-PITCH->|<-PITCH->| ..        |<- MARGIN ->|
 *     +-----------------------------------------------------------+  -
 *     |               P         <        ..                       |  CAP of
 *     +-----------------------------------------------------------+  HEIGHT
 */
#define LINE_HEIGHT    36
#define LINE_CAP       24
#define LINE_PITCH     25
#define LINE_MAX_WIDTH 1600

/* Characters that may stand for one symbol, and symbols of a line. */
#define MAX_CHOICES 6
#define MAX_SYMBOLS 96

struct line_image {
	uint32_t width; /* rows without gaps, LINE_HEIGHT of them */
	uint8_t at[LINE_MAX_WIDTH * LINE_HEIGHT];
};

struct choice {
	char text;
	double p; /* 0..1 */
};

struct symbol {
	double left, right; /* in the line image */
	unsigned n;         /* choices, best first */
	struct choice choices[MAX_CHOICES];
};

struct recognised {
	unsigned n;
	struct symbol symbols[MAX_SYMBOLS];
};

struct recogniser;

/* NULL in *out, and an error, when it does not start. */
enum mrz_error mrz_recogniser_new(struct recogniser **out);
void mrz_recogniser_free(struct recogniser **recogniser);

/* False when nothing was read; out is written always. deadline_ms: 0 is none. */
bool mrz_recognise(struct recogniser *recogniser,
    const struct line_image *image, uint32_t deadline_ms,
    struct recognised *out);

#endif
