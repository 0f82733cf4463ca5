/*
 * A line of an MRZ on its strip of paper: characters one by one, each at its
 * own place and with its own share of ink.
 */
#include "line.h"
#include "prng.h"

#include <math.h>
#include <string.h>

static bool
within(double value, double low, double high)
{
	/* False for what is not a number. */
	return value >= low && value <= high;
}

static bool
text_is_legal(const char *text)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
	size_t n = strlen(text);

	return n > 0 && n <= MRZ_LINE_MAX_TEXT && strspn(text, alphabet) == n;
}

static bool
line_is_legal(const struct mrz_draw_line *line)
{
	return line->text != NULL && text_is_legal(line->text) &&
	       (line->above == NULL || text_is_legal(line->above)) &&
	       (line->below == NULL || text_is_legal(line->below)) &&
	       (line->stamp == NULL || text_is_legal(line->stamp)) &&
	       within(line->cap, MRZ_LINE_MIN_CAP, MRZ_LINE_MAX_CAP) &&
	       within(line->pitch, 0.5, 2) && within(line->spacing, 1.2, 4) &&
	       within(line->weight, -0.08, 0.2) &&
	       within(line->stretch, 0.5, 2) && within(line->skew, -0.2, 0.2) &&
	       within(line->bend, -1, 1) && within(line->left, 0, 24) &&
	       within(line->right, 0, 24) && within(line->left_edge, 0, 24) &&
	       within(line->right_edge, 0, 24) && within(line->rule, 0, 1) &&
	       within(line->room, 0, 4) && within(line->shift, -1, 1) &&
	       within(line->unevenness, 0, 1) &&
	       within(line->stamp_opacity, 0, 1);
}

/* Where the characters of a line go. */
struct row {
	double x, baseline; /* of the first; the skew turns about the middle */
	double pitch;
	double middle; /* x */
	double length;
};

static enum mrz_error
draw_row(struct mrz_font *font, const struct mrz_draw_line *line,
    const struct row *row, const char *text, struct prng *prng,
    struct mrz_image *image)
{
	struct mrz_text style = { .cap_height = line->cap,
		.stretch = line->stretch,
		.angle = line->skew };
	enum mrz_error error = MRZ_OK;
	char one[2] = { 0, 0 };
	double x, off, y;
	size_t i;

	for (i = 0; text[i] != '\0' && error == MRZ_OK; i++) {
		/* How far from the middle, -1 to 1 at the ends. */
		x = row->x + (double)i * row->pitch;
		off = (x - row->middle) / (row->length / 2);
		y = row->baseline + (x - row->middle) * tan(line->skew) +
		    line->bend * line->cap * (1 - off * off);
		style.weight = line->cap *
			       (line->weight +
				   line->unevenness *
				       prng_range(prng, -0.02, 0.02));
		style.opacity = 1 - line->unevenness * prng_range(prng, 0, 0.6);
		style.color = (struct mrz_color){ line->ink, line->ink,
			line->ink };
		one[0] = text[i];
		error = mrz_font_draw(font, image, x, y, one, &style);
	}
	return error;
}

static enum mrz_error
draw_stamp(struct mrz_font *font, const struct mrz_draw_line *line,
    struct prng *prng, struct mrz_image *image)
{
	double cap = image->height * prng_range(prng, 0.5, 2.5);
	struct mrz_text style = { .cap_height = cap,
		.weight = cap * prng_range(prng, -0.02, 0.06),
		.angle = prng_range(prng, -0.6, 0.6),
		.opacity = line->stamp_opacity,
		.color = { line->stamp_ink, line->stamp_ink,
		    line->stamp_ink } };

	if (cap < MRZ_TEXT_MIN_CAP || line->stamp_opacity == 0)
		return MRZ_OK;
	return mrz_font_draw(font, image,
	    image->width * prng_range(prng, -0.1, 0.8),
	    image->height * prng_range(prng, 0.2, 1.8), line->stamp, &style);
}

static void
fill_columns(struct mrz_image *image, double from, double to, uint8_t level)
{
	double first = fmax(from, 0), end = fmin(to, image->width);
	uint32_t y;

	if (first >= end)
		return;
	for (y = 0; y < image->height; y++)
		memset(image->pixels + y * image->stride + (size_t)first, level,
		    (size_t)end - (size_t)first);
}

/* Where the paper ends on the left and on the right. */
static void
draw_edges(const struct mrz_draw_line *line, const struct row *row,
    struct mrz_image *image)
{
	double left = row->x - line->left_edge * line->cap;
	double right = row->x + row->length + line->right_edge * line->cap;
	double rule = line->rule * line->cap;

	if (line->left_edge > 0) {
		fill_columns(image, 0, left, line->beyond);
		fill_columns(image, left - rule, left, line->ink);
	}
	if (line->right_edge > 0) {
		fill_columns(image, right, image->width, line->beyond);
		fill_columns(image, right, right + rule, line->ink);
	}
}

static enum mrz_error
draw_all(struct mrz_font *font, const struct mrz_draw_line *line,
    struct row *row, struct mrz_image *image)
{
	struct prng prng = { line->seed };
	double baseline = row->baseline;
	enum mrz_error error = mrz_draw_paper(image, &line->paper);

	if (error == MRZ_OK && line->stamp != NULL)
		error = draw_stamp(font, line, &prng, image);
	draw_edges(line, row, image);
	if (error == MRZ_OK)
		error = draw_row(font, line, row, line->text, &prng, image);
	row->baseline = baseline - line->spacing * line->cap;
	if (error == MRZ_OK && line->above != NULL)
		error = draw_row(font, line, row, line->above, &prng, image);
	row->baseline = baseline + line->spacing * line->cap;
	if (error == MRZ_OK && line->below != NULL)
		error = draw_row(font, line, row, line->below, &prng, image);
	return error;
}

enum mrz_error
mrz_draw_line(struct mrz_font *font, const struct mrz_draw_line *line,
    struct mrz_image *out)
{
	struct row row;
	double width, height;
	enum mrz_error error;

	memset(out, 0, sizeof(*out));
	if (!line_is_legal(line))
		return MRZ_E_ARG;
	row.pitch = line->cap * line->pitch * mrz_font_pitch(font);
	row.length = row.pitch * (double)strlen(line->text);
	row.x = line->left * line->cap;
	row.middle = row.x + row.length / 2;
	width = row.length + (line->left + line->right) * line->cap;
	height = line->cap * (1 + 2 * line->room);
	row.baseline = line->cap * (1 + line->room + line->shift);
	error = mrz_image_new((uint32_t)lround(width), (uint32_t)lround(height),
	    1, 0, out);
	if (error != MRZ_OK)
		return error;
	error = draw_all(font, line, &row, out);
	if (error != MRZ_OK)
		mrz_image_free(out);
	return error;
}
