/*
 * line_recipe.h - how bad the lines to train on are.
 */
#ifndef MRZ_LINE_RECIPE_H
#define MRZ_LINE_RECIPE_H

#include "draw/draw.h"
#include "draw/prng.h"

/*
 * recipe_line - a line of text on its paper, captured and cut out as
 * libmrz_ocr would hand it to Tesseract, grey.
 * in:     fonts   n_fonts of them, the first the most used
 *         above, below  neighbours, or NULL
 *         hardness  how bad at most; 0: as from a good scanner, to 1: the
 *                   whole range
 * errors: those of mrz_draw_line, mrz_degrade, mrz_resample
 */
MRZ_CHECKED enum mrz_error recipe_line(struct prng *prng,
    struct mrz_font *const *fonts, unsigned n_fonts, const char *text,
    const char *above, const char *below, double hardness,
    struct mrz_image *out);

#endif
