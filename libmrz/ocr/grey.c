#include "grey.h"

#include <stdlib.h>
#include <string.h>

void
mrz_ocr_wipe(void *ptr, size_t len)
{
	volatile uint8_t *at = ptr;

	while (len > 0)
		at[--len] = 0;
}

static bool
plane_new(uint32_t width, uint32_t height, struct grey_plane *out)
{
	out->at = malloc((size_t)width * height);
	if (out->at == NULL)
		return false;
	out->width = width;
	out->height = height;
	return true;
}

static uint8_t
luma(const uint8_t *rgb)
{
	return (uint8_t)((rgb[0] * 77u + rgb[1] * 151u + rgb[2] * 28u) >> 8);
}

static uint8_t
brightest(const uint8_t *rgb)
{
	uint8_t most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];

	return most > rgb[2] ? most : rgb[2];
}

static void
fill(const struct mrz_picture *picture, enum grey_kind kind,
    struct grey_plane *out)
{
	uint8_t (*grey)(const uint8_t *) = kind == GREY_LUMA ? luma : brightest;

	for (uint32_t y = 0; y < picture->height; y++) {
		const uint8_t *row = picture->pixels + y * picture->stride;
		uint8_t *to = out->at + (size_t)y * out->width;

		if (picture->channels == 1) {
			memcpy(to, row, picture->width);
			continue;
		}
		for (uint32_t x = 0; x < picture->width; x++)
			to[x] = grey(row + 3 * (size_t)x);
	}
}

/* Means of two by two; an odd last row or column is left out. */
static void
halve(const struct grey_plane *from, struct grey_plane *to)
{
	for (uint32_t y = 0; y < to->height; y++) {
		const uint8_t *a = from->at + 2 * (size_t)y * from->width;
		const uint8_t *b = a + from->width;
		uint8_t *row = to->at + (size_t)y * to->width;

		for (uint32_t x = 0; x < to->width; x++)
			row[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] +
					       b[2 * x + 1] + 2) /
					   4);
	}
}

bool
mrz_pyramid_build(const struct mrz_picture *picture, enum grey_kind kind,
    struct pyramid *out)
{
	memset(out, 0, sizeof(*out));
	if (!plane_new(picture->width, picture->height, &out->level[0]))
		return false;
	fill(picture, kind, &out->level[0]);
	out->n = 1;
	while (out->n < MAX_LEVELS) {
		const struct grey_plane *from = &out->level[out->n - 1];

		if (from->width < 64 || from->height < 64)
			break;
		if (!plane_new(from->width / 2, from->height / 2,
			&out->level[out->n]))
			return false;
		halve(from, &out->level[out->n]);
		out->n++;
	}
	return true;
}

void
mrz_pyramid_free(struct pyramid *pyramid)
{
	for (size_t i = 0; i < MAX_LEVELS; i++) {
		struct grey_plane *plane = &pyramid->level[i];

		if (plane->at != NULL)
			mrz_ocr_wipe(plane->at,
			    (size_t)plane->width * plane->height);
		free(plane->at);
	}
	memset(pyramid, 0, sizeof(*pyramid));
}

/* The pixel at or before a place, the one after it, and how much of it. */
struct pair {
	uint32_t first;
	uint32_t second;
	double part;
};

static struct pair
neighbours(double at, uint32_t n)
{
	struct pair pair = { 0, 0, 0 };

	at -= 0.5;
	if (!(at > 0))
		return pair;
	if (at >= n - 1) {
		pair.first = pair.second = n - 1;
		return pair;
	}
	pair.first = (uint32_t)at;
	pair.second = pair.first + 1;
	pair.part = at - pair.first;
	return pair;
}

uint8_t
mrz_pyramid_sample(const struct pyramid *pyramid, double x, double y,
    double step)
{
	unsigned i = 0;
	const struct grey_plane *plane;
	const uint8_t *a, *b;
	struct pair h, v;
	double up, low;

	for (; i + 1 < pyramid->n && step > 1.5; i++) {
		x /= 2;
		y /= 2;
		step /= 2;
	}
	plane = &pyramid->level[i];
	h = neighbours(x, plane->width);
	v = neighbours(y, plane->height);
	a = plane->at + (size_t)v.first * plane->width;
	b = plane->at + (size_t)v.second * plane->width;
	up = a[h.first] + (a[h.second] - a[h.first]) * h.part;
	low = b[h.first] + (b[h.second] - b[h.first]) * h.part;
	return (uint8_t)(up + (low - up) * v.part + 0.5);
}
