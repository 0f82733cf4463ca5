#include "raster.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SIDE 1000000u /* no scanner, no camera */
#define MAX_DPI  100000.0
#define BAND     32u /* upright rows at a time: a cache line is read once */

enum picture_reason
raster_check(uint64_t width, uint64_t height, uint64_t max_pixels)
{
	if (width == 0 || height == 0)
		return PICTURE_R_NO_SIZE;
	if (width > MAX_SIDE || height > MAX_SIDE ||
	    width * height > max_pixels)
		return PICTURE_R_SIZE;
	return PICTURE_R_NONE;
}

enum picture_reason
raster_new(struct raster *raster, uint64_t width, uint64_t height,
    uint32_t channels, uint64_t max_pixels)
{
	enum picture_reason reason = raster_check(width, height, max_pixels);

	if (reason != PICTURE_R_NONE)
		return reason;
	memset(raster, 0, sizeof(*raster));
	raster->width = (uint32_t)width;
	raster->height = (uint32_t)height;
	raster->channels = channels;
	raster->orientation = 1;
	if (width * height > SIZE_MAX / channels)
		return PICTURE_R_MEMORY;
	raster->len = (size_t)(width * height) * channels;
	raster->pixels = calloc(1, raster->len);
	return raster->pixels != NULL ? PICTURE_R_NONE : PICTURE_R_MEMORY;
}

void
raster_free(struct raster *raster)
{
	free(raster->pixels);
	memset(raster, 0, sizeof(*raster));
}

void
raster_drop_alpha(struct raster *raster)
{
	size_t n = (size_t)raster->width * raster->height;
	uint32_t from = raster->channels, to = from - 1;
	const uint8_t *in = raster->pixels;
	uint8_t *out = raster->pixels;

	if (from != 2 && from != 4)
		return;
	for (size_t i = 0; i < n; i++, in += from) {
		unsigned alpha = in[to];

		for (uint32_t j = 0; j < to; j++)
			*out++ = (uint8_t)((in[j] * alpha +
					       255 * (255 - alpha) + 127) /
					   255);
	}
	raster->channels = to;
	raster->len = n * to;
}

uint32_t
raster_dpi(double per_metre)
{
	double dpi = per_metre * 0.0254;

	/* Also false for what is no number. */
	return dpi >= 1 && dpi <= MAX_DPI ? (uint32_t)(dpi + 0.5) : 0;
}

/* Where the upright pixel (x, y) is stored: x and y change places, then the
 * column or the row counts from the other end. */
static const struct {
	bool swap, flip_column, flip_row;
} turns[9] = {
	[1] = { false, false, false },
	[2] = { false, true, false },
	[3] = { false, true, true },
	[4] = { false, false, true },
	[5] = { true, false, false },
	[6] = { true, false, true },
	[7] = { true, true, true },
	[8] = { true, true, false },
};

void
raster_upright_size(const struct raster *r, uint32_t *out_width,
    uint32_t *out_height)
{
	bool swap = turns[r->orientation].swap;

	*out_width = swap ? r->height : r->width;
	*out_height = swap ? r->width : r->height;
}

/* The upright rows from first on, n of them. */
static void
turn_band(const struct raster *r, uint32_t first, uint32_t n, uint32_t width,
    uint8_t *out)
{
	bool swap = turns[r->orientation].swap;

	for (uint32_t x = 0; x < width; x++) {
		for (uint32_t i = 0; i < n; i++) {
			uint32_t column = swap ? first + i : x;
			uint32_t row = swap ? x : first + i;
			const uint8_t *in;

			if (turns[r->orientation].flip_column)
				column = r->width - 1 - column;
			if (turns[r->orientation].flip_row)
				row = r->height - 1 - row;
			in = r->pixels +
			     ((size_t)row * r->width + column) * r->channels;
			memcpy(out + ((size_t)i * width + x) * r->channels, in,
			    r->channels);
		}
	}
}

bool
raster_put_upright(const struct raster *r, raster_sink sink, void *self)
{
	uint32_t width, height;
	uint8_t *band;
	bool good = true;

	if (r->orientation <= 1)
		return sink(self, r->pixels, r->len);
	raster_upright_size(r, &width, &height);
	band = malloc((size_t)BAND * width * r->channels);
	if (band == NULL)
		return false;
	for (uint32_t y = 0; good && y < height; y += BAND) {
		uint32_t n = height - y < BAND ? height - y : BAND;

		turn_band(r, y, n, width, band);
		good = sink(self, band, (size_t)n * width * r->channels);
	}
	free(band);
	return good;
}
