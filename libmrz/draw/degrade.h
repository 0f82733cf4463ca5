/*
 * degrade.h - what happens to a document on its way through a camera or a
 * scanner: uneven light, lens, pixels, noise, sharpening, JPEG, levels.
 */
#ifndef MRZ_DRAW_DEGRADE_H
#define MRZ_DRAW_DEGRADE_H

#include "draw.h"

#define MRZ_DEGRADE_MAX_BLUR 12.0

/* In this order. All zero but scale (1), gain (1), gamma (1) and white (255)
 * changes nothing. */
struct mrz_degrade {
	double light_x, light_y; /* light lost towards right, bottom; -0.9..0.9;
				  * less than 0: left, top */
	double spot;    /* light lost in a round stain somewhere; 0..0.9 */
	double blur;    /* deviation, pixels; 0..MRZ_DEGRADE_MAX_BLUR */
	double scale;   /* captured at this size; 0.02..1 */
	double noise;   /* deviation, grey levels; 0..80 */
	double sharpen; /* 0..4: what scanners add to edges */
	double gain;    /* contrast about the middle of its greys; 1..50, where
			 * little but black and white is left */
	double gamma;   /* 0.2..5 */
	uint8_t black, white; /* what becomes of the ends; black < white */
	unsigned jpeg;        /* quality 1..100; 0: no JPEG */
	uint64_t seed;        /* of noise and stain */
};

/*
 * mrz_degrade - change the picture so; its size becomes the captured one. The
 * channels of an RGB picture are treated alike, each by itself.
 * errors: MRZ_E_ARG (a number out of the bounds above), MRZ_E_NO_MEMORY; the
 *         picture is untouched then
 */
MRZ_CHECKED enum mrz_error mrz_degrade(struct mrz_image *image,
    const struct mrz_degrade *how);

enum mrz_filter {
	MRZ_FILTER_LINEAR,
	MRZ_FILTER_CUBIC /* Catmull-Rom */
};

/*
 * mrz_resample - a copy in another size. When it becomes smaller the filter
 * grows, so that every pixel counts.
 * errors: MRZ_E_ARG (no such filter, or size), MRZ_E_TOO_LARGE,
 *         MRZ_E_NO_MEMORY; then out is all zero
 */
MRZ_CHECKED enum mrz_error mrz_resample(const struct mrz_image *image,
    uint32_t width, uint32_t height, enum mrz_filter filter,
    struct mrz_image *out);

/* ---- Inside: planes of floats ----------------------------------------- */

struct plane {
	uint32_t width, height;
	float *values; /* row by row, grey levels */
};

/* plane_new - MRZ_E_NO_MEMORY; values are zero. plane_free - zeroes it. */
MRZ_CHECKED enum mrz_error plane_new(uint32_t width, uint32_t height,
    struct plane *out);
void plane_free(struct plane *plane);

/* plane_resample, plane_blur - into a new plane; plane_jpeg - what a JPEG of
 * that quality (1..100) leaves of it, in place. */
MRZ_CHECKED enum mrz_error plane_resample(const struct plane *in,
    uint32_t width, uint32_t height, enum mrz_filter filter, struct plane *out);
MRZ_CHECKED enum mrz_error plane_blur(const struct plane *in, double deviation,
    struct plane *out);
void plane_jpeg(struct plane *plane, unsigned quality);

#endif
