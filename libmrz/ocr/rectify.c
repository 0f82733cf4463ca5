#include "rectify.h"

#include <math.h>
#include <string.h>

#include "print_line.h"

static void
flip_line(struct print_line *line, double width, double height)
{
	int last = line->n_cells - 1;
	struct print_line old = *line;

	line->x0 = width - mrz_line_x(&old, last);
	line->y0 = height - mrz_line_y(&old, last);
	line->dx = old.dx + 2 * old.bend * last;
	line->bend = -old.bend;
}

void
mrz_zone_flip(struct print_zone *zone, double width, double height)
{
	unsigned n = zone->n_lines;

	for (unsigned i = 0; i < n; i++)
		flip_line(&zone->lines[i], width, height);
	for (unsigned i = 0; i < n / 2; i++) {
		struct print_line line = zone->lines[i];

		zone->lines[i] = zone->lines[n - 1 - i];
		zone->lines[n - 1 - i] = line;
	}
	zone->rotation = (zone->rotation + 180) % 360;
}

void
mrz_frame_to_picture(unsigned rotation, double width, double height, double *x,
    double *y)
{
	double u = *x, v = *y;

	switch (rotation) {
	case 90:
		*x = v;
		*y = height - u;
		break;
	case 180:
		*x = width - u;
		*y = height - v;
		break;
	case 270:
		*x = width - v;
		*y = u;
		break;
	default:
		break;
	}
}

static void
sample(const struct pyramid *pyramid, unsigned rotation,
    const struct print_line *line, int first, const struct style *style,
    struct line_image *out)
{
	double width = pyramid->level[0].width;
	double height = pyramid->level[0].height;
	double slope = line->dy / line->dx;
	double scale = line->cap / style->cap;
	double step_x = line->dx / style->pitch;
	double step = step_x > scale ? step_x : scale;

	for (uint32_t i = 0; i < out->width; i++) {
		double cell = first - 0.5 + (i + 0.5) / style->pitch;
		double mid_x = mrz_line_x(line, cell);
		double mid_y = mrz_line_y(line, cell);

		for (uint32_t j = 0; j < LINE_HEIGHT; j++) {
			double down = (j + 0.5 - LINE_HEIGHT / 2.0 -
					  style->shift) *
				      scale;
			double x = mid_x - slope * down, y = mid_y + down;

			mrz_frame_to_picture(rotation, width, height, &x, &y);
			out->at[j * out->width + i] =
			    mrz_pyramid_sample(pyramid, x, y, step);
		}
	}
}

/* The value that a part of the pixels of columns from .. to - 1 is below. */
static double
quantile(const struct line_image *image, uint32_t from, uint32_t to,
    double part)
{
	uint32_t counts[256] = { 0 }, sum = 0, all = (to - from) * LINE_HEIGHT;
	int value = 0;

	for (uint32_t j = 0; j < LINE_HEIGHT; j++)
		for (uint32_t i = from; i < to; i++)
			counts[image->at[j * image->width + i]]++;
	for (; value < 255; value++) {
		sum += counts[value];
		if (sum > part * all)
			break;
	}
	return value;
}

/* Light falls unevenly, so the ground is measured around each cell; ink and
 * ground darken in the same proportion. */
#define AROUND      3
#define MAX_COLUMNS (LINE_MAX_WIDTH / 16)

static void
even_out(struct line_image *image, const struct style *style)
{
	double dark = quantile(image, 0, image->width, 0.03);
	double light = quantile(image, 0, image->width, 0.7);
	double ground[MAX_COLUMNS + 2];
	uint32_t block = LINE_PITCH, n = image->width / block;

	if (n > MAX_COLUMNS)
		n = MAX_COLUMNS;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t from = k > AROUND ? (k - AROUND) * block : 0;
		uint32_t to = (k + AROUND + 1) * block;

		if (to > image->width)
			to = image->width;
		ground[k] = quantile(image, from, to, 0.7);
	}
	for (uint32_t i = 0; i < image->width && n > 0; i++) {
		uint32_t k = i / block < n ? i / block : n - 1;
		double bright = ground[k] > 1 ? ground[k] : 1;
		double ink = light > 0 ? dark * bright / light : dark;
		double range = bright - ink > 8 ? bright - ink : 8;

		for (uint32_t j = 0; j < LINE_HEIGHT; j++) {
			uint8_t *at = &image->at[j * image->width + i];
			double v = (*at - ink) / range;

			v = (v - style->black) / (style->white - style->black);
			v = v < 0 ? 0 : v > 1 ? 1 : v;
			*at = (uint8_t)(15 + v * 225);
		}
	}
}

void
mrz_rectify(const struct pyramid *pyramid, unsigned rotation,
    const struct print_line *line, int first, unsigned n,
    const struct style *style, struct line_image *out)
{
	uint32_t width = (uint32_t)(n * style->pitch);

	out->width = width < LINE_MAX_WIDTH ? width : LINE_MAX_WIDTH;
	sample(pyramid, rotation, line, first, style, out);
	even_out(out, style);
}
