#include "glyph_samples.h"

#include "line_recipe.h"
#include "ocr/ink.h"
#include "ocr/print_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIN_LENGTH 30
/* Cells before and behind the line, which hold no character. */
#define MARGIN 2

/* Any character anywhere: the net is to learn shapes, not documents. */
static void
random_text(struct prng *prng, char *text, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		text[i] =
		    prng_chance(prng, 0.1)
			? '<'
			: mrz_glyph_classes[prng_below(prng, GLYPH_NOTHING)];
	text[n] = '\0';
}

static bool
add_cell(const struct line_image *image, const struct style *style,
    unsigned cell, unsigned class, struct glyph_samples *out)
{
	struct glyph_sample *sample;
	float ink[GLYPH_INPUTS];

	if (out->n == out->cap) {
		size_t cap = out->cap > 0 ? 2 * out->cap : 4096;
		void *at = realloc(out->at, cap * sizeof(*out->at));

		if (at == NULL)
			return false;
		out->at = at;
		out->cap = cap;
	}
	sample = &out->at[out->n++];
	sample->class = (uint8_t) class;
	mrz_glyph_cut(image, style, cell, ink);
	for (unsigned i = 0; i < GLYPH_INPUTS; i++)
		sample->ink[i] = (uint8_t)(ink[i] * 255 + 0.5f);
	return true;
}

/* Sizes and contrasts around those that mrz_ocr_read takes. */
static struct style
random_style(struct prng *prng)
{
	struct style style = { prng_range(prng, 23, 26.5),
		prng_range(prng, 21.5, 25.5), prng_range(prng, -1.2, 1.2), 0,
		1 };

	if (prng_chance(prng, 0.5))
		style.black = prng_range(prng, 0, 0.15);
	if (prng_chance(prng, 0.5))
		style.white = prng_range(prng, 0.85, 1);
	return style;
}

static enum mrz_error
cut_line(struct prng *prng, const struct pyramid *pyramid,
    const struct print_line *line, const char *text, struct glyph_samples *out)
{
	static struct line_image image;
	struct style style = random_style(prng);
	unsigned n = (unsigned)strlen(text);

	mrz_rectify(pyramid, 0, line, -MARGIN, n + 2 * MARGIN, &style, &image);
	for (unsigned i = MARGIN - 1; i <= MARGIN + n; i++) {
		unsigned class = GLYPH_NOTHING;

		if (i >= MARGIN && i < MARGIN + n)
			class = (unsigned)(strchr(mrz_glyph_classes,
					       text[i - MARGIN]) -
					   mrz_glyph_classes);
		if (!add_cell(&image, &style, i, class, out))
			return MRZ_E_NO_MEMORY;
	}
	return MRZ_OK;
}

/* The line in the middle, if all of it was found. */
static const struct print_line *
middle_line(const struct print_lines *lines, unsigned n, double height)
{
	for (size_t i = 0; i < lines->n; i++)
		if (lines->at[i].n_cells == (int)n &&
		    fabs(lines->at[i].y0 - height / 2) < 0.2 * height)
			return &lines->at[i];
	return NULL;
}

static enum mrz_error
sample_image(struct prng *prng, const struct mrz_image *image, const char *text,
    struct glyph_samples *out)
{
	struct mrz_picture picture = { .size = sizeof(picture),
		.width = image->width,
		.height = image->height,
		.channels = image->channels,
		.stride = image->stride,
		.pixels = image->pixels };
	enum mrz_error error = MRZ_E_NO_MEMORY;
	const struct print_line *line;
	struct print_lines lines;
	struct marks marks = { 0 };
	struct pyramid pyramid;

	if (mrz_pyramid_build(&picture, GREY_LUMA, &pyramid) &&
	    mrz_marks_find(&pyramid, 1600, &marks) &&
	    mrz_print_lines_find(&marks, 0, &lines)) {
		line = middle_line(&lines, (unsigned)strlen(text),
		    image->height);
		error = line == NULL
			    ? MRZ_OK
			    : cut_line(prng, &pyramid, line, text, out);
	}
	mrz_marks_free(&marks);
	mrz_pyramid_free(&pyramid);
	return error;
}

enum mrz_error
glyph_samples_make(uint64_t seed, double least, unsigned lines,
    struct mrz_font *const *fonts, unsigned n_fonts, struct glyph_samples *out)
{
	struct prng prng = { seed };

	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < lines; i++) {
		char text[3][MRZ_LINE_CAP];
		unsigned n = MIN_LENGTH + prng_below(&prng, MRZ_MAX_LINE_LEN -
								MIN_LENGTH + 1);
		double hardness = prng_range(&prng, least, 1);
		struct mrz_image image;
		enum mrz_error error;

		for (unsigned k = 0; k < 3; k++)
			random_text(&prng, text[k], n);
		error = recipe_line(&prng, fonts, n_fonts, text[0],
		    prng_chance(&prng, 0.5) ? text[1] : NULL,
		    prng_chance(&prng, 0.5) ? text[2] : NULL, hardness, &image);
		if (error == MRZ_OK)
			error = sample_image(&prng, &image, text[0], out);
		mrz_image_free(&image);
		if (error != MRZ_OK)
			return error;
	}
	return MRZ_OK;
}
