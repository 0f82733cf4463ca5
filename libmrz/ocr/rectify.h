/*
 * A line of print in the picture to a line image for the recogniser: turned
 * upright, straightened, pitch and height as the model wants them, contrast
 * evened out.
 */
#ifndef MRZ_OCR_RECTIFY_H
#define MRZ_OCR_RECTIFY_H

#include "locate.h"
#include "recognise.h"

/* How a line image is made: readings of the same line differ in it, so that
 * what they agree on is not an accident of the sampling. */
struct style {
	double pitch; /* pixels of the line image from cell to cell */
	double cap;   /* pixels of the line image for the capitals */
	double shift; /* how far the line is moved down, in pixels */
	double black; /* what becomes black and what white, of the range */
	double white; /* from ink (0) to ground (1) */
};

/* The zone as it is in the frame turned by another 180 degrees; width and
 * height are those of the frame. */
void mrz_zone_flip(struct print_zone *zone, double width, double height);

/* A place of the frame in the picture, whose width and height are given. */
void mrz_frame_to_picture(unsigned rotation, double width, double height,
    double *x, double *y);

/*
 * Cells first .. first + n - 1 of a line, each one pitch wide; cell 'first'
 * begins at the left edge of the image.
 */
void mrz_rectify(const struct pyramid *pyramid, unsigned rotation,
    const struct print_line *line, int first, unsigned n,
    const struct style *style, struct line_image *out);

#endif
