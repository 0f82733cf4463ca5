/*
 * The first recogniser: one cell of a straightened line to one character, by
 * a small neural net of our own. Lines of one pitch come as cells, so nothing
 * has to be cut up or aligned, and what is dropped or read twice elsewhere
 * cannot be here.
 */
#ifndef MRZ_OCR_GLYPH_H
#define MRZ_OCR_GLYPH_H

#include "cells.h"
#include "rectify.h"

/* A cell as the net sees it: so many pixels of a line image that reaches a
 * little into the neighbours and above and below the capitals. */
#define GLYPH_WIDTH  20
#define GLYPH_HEIGHT 20
#define GLYPH_INPUTS (GLYPH_WIDTH * GLYPH_HEIGHT)
#define GLYPH_HIDDEN 128
/* The 37 characters of the alphabet, and one more: no character. */
#define GLYPH_CLASSES 38
#define GLYPH_NOTHING 37

/* Taken off the inputs, so that there is something to multiply in paper. */
#define GLYPH_MIDDLE 0.35f
/* Below zero the hidden units pass little on, but not nothing: training does
 * not get stuck. */
#define GLYPH_LEAK 0.01f

struct glyph_net {
	float hidden[GLYPH_HIDDEN][GLYPH_INPUTS];
	float hidden_bias[GLYPH_HIDDEN];
	float output[GLYPH_CLASSES][GLYPH_HIDDEN];
	float output_bias[GLYPH_CLASSES];
};

/* Nets trained on other lines from another start, which err elsewhere. */
#define GLYPH_NETS 2

/*
 * The file of the nets: one after the other, each with a magic and then every
 * number of the struct above in its order as 16 bits, two's complement, low
 * byte first, in 1 / GLYPH_UNIT.
 */
#define GLYPH_MAGIC "mrzglyf1"
#define GLYPH_UNIT  2048
#define GLYPH_NUMBERS \
	(GLYPH_HIDDEN * (GLYPH_INPUTS + 1) + GLYPH_CLASSES * (GLYPH_HIDDEN + 1))
#define GLYPH_NET_LEN (sizeof(GLYPH_MAGIC) - 1 + 2 * GLYPH_NUMBERS)

/* Characters by class: letters, digits, the filler. */
extern const char mrz_glyph_classes[GLYPH_NOTHING + 1];

/* False when it is not such a file. */
bool mrz_glyph_load(const uint8_t *bytes, size_t len,
    struct glyph_net out[GLYPH_NETS]);

/* Cell i of a line image as the net takes it: 0 is paper, 1 is ink. */
void mrz_glyph_cut(const struct line_image *image, const struct style *style,
    unsigned i, float out[GLYPH_INPUTS]);

/* The hidden units for a cell, and what the cell may be by them:
 * probabilities of the classes, their sum is 1. */
void mrz_glyph_hidden(const struct glyph_net *net, const float in[GLYPH_INPUTS],
    float hidden[GLYPH_HIDDEN]);
void mrz_glyph_classify(const struct glyph_net *net,
    const float hidden[GLYPH_HIDDEN], float out[GLYPH_CLASSES]);

/* n cells, the first at the left edge of the image. */
void mrz_glyph_read(const struct glyph_net *net, const struct line_image *image,
    const struct style *style, unsigned n, struct cells *out);

#endif
