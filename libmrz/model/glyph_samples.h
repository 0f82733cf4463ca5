/*
 * Cells of drawn lines, found and straightened as libmrz_ocr does it, with the
 * characters that stand in them: what the net of glyph.c learns from.
 */
#ifndef MRZ_GLYPH_SAMPLES_H
#define MRZ_GLYPH_SAMPLES_H

#include "draw/draw.h"
#include "draw/prng.h"
#include "ocr/glyph.h"

struct glyph_sample {
	uint8_t class;
	uint8_t ink[GLYPH_INPUTS]; /* 255 is 1 */
};

struct glyph_samples {
	size_t n, cap;
	struct glyph_sample *at; /* from malloc */
};

/*
 * glyph_samples_make - the cells of so many lines of at least that hardness
 * (0..1, see line_recipe.h); lines in which the search does not find every
 * cell are left out.
 * errors: MRZ_E_NO_MEMORY, and those of drawing. Free at in any case.
 */
MRZ_CHECKED enum mrz_error glyph_samples_make(uint64_t seed, double least,
    unsigned lines, struct mrz_font *const *fonts, unsigned n_fonts,
    struct glyph_samples *out);

#endif
