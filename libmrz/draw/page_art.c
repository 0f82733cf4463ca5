/*
 * What is on a page beside text, by Cairo. Lines are in pale colours: the
 * zone has to keep a contrast of 0.6 (Doc 9303-3 4.11), and a reader is not to
 * trip over the background.
 */
#include "page_shape.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI         3.14159265358979323846
#define LINE_WIDTH 0.09 /* mm */
#define WAVE_STEP  2.3  /* mm */
#define PETALS     11

static void
set_color(cairo_t *cr, struct mrz_color color, double alpha)
{
	cairo_set_source_rgba(cr, color.r / 255.0, color.g / 255.0,
	    color.b / 255.0, alpha);
}

/* A gradient over the width of the page, made the source. */
static void
set_rainbow(cairo_t *cr, const struct page_shape *shape, struct mrz_color a,
    struct mrz_color b, double alpha)
{
	cairo_pattern_t *pattern = cairo_pattern_create_linear(0, 0,
	    shape->geometry.width, 0);

	cairo_pattern_add_color_stop_rgba(pattern, 0.15, a.r / 255.0,
	    a.g / 255.0, a.b / 255.0, alpha);
	cairo_pattern_add_color_stop_rgba(pattern, 0.85, b.r / 255.0,
	    b.g / 255.0, b.b / 255.0, alpha);
	cairo_set_source(cr, pattern);
	cairo_pattern_destroy(pattern);
}

/* One wave from edge to edge around y. */
static void
wave(cairo_t *cr, const struct page_shape *shape, double y, double height,
    double length, double phase)
{
	int i, n = (int)(2 * shape->geometry.width) + 2;
	double x, bend;

	for (i = -2; i <= n; i++) {
		x = 0.5 * i;
		bend = sin(2 * PI * x / length + phase) +
		       0.45 * sin(2 * PI * x / (length * 0.37) - 2 * phase);
		if (x < 0)
			cairo_move_to(cr, x, y + height * bend);
		else
			cairo_line_to(cr, x, y + height * bend);
	}
}

/* Two bundles of waves that cross each other, all over the page. */
static void
draw_waves(cairo_t *cr, const struct page_shape *shape, double alpha)
{
	double y;
	int i;

	cairo_set_line_width(cr, LINE_WIDTH);
	for (i = -1; WAVE_STEP * (i - 1) < shape->geometry.height; i++) {
		y = WAVE_STEP * i;
		wave(cr, shape, y, 1.9, 41, 0.24 * i);
		wave(cr, shape, y + WAVE_STEP / 2, -1.9, 41, 0.24 * i);
	}
	set_rainbow(cr, shape, shape->colors.line, shape->colors.line_right,
	    alpha);
	cairo_stroke(cr);
}

/* Ribbons under the heading and above the zone. */
static void
draw_ribbon(cairo_t *cr, const struct page_shape *shape, double y)
{
	int i;

	cairo_set_line_width(cr, LINE_WIDTH);
	for (i = 0; i < 7; i++)
		wave(cr, shape, y, 0.52, 9.5, i * 2 * PI / 7);
	set_rainbow(cr, shape, shape->colors.line_right, shape->colors.line,
	    0.55);
	cairo_stroke(cr);
}

static void
draw_rosette(cairo_t *cr, const struct page_shape *shape)
{
	const struct page_box *box = &shape->rosette;
	double turn, radius, swing, at;
	int i, j;

	cairo_set_line_width(cr, LINE_WIDTH);
	for (i = 0; i < 9; i++) {
		radius = (box->width + box->height) / 2;
		swing = (box->width - box->height) / 2 * (0.3 + 0.7 * i / 8);
		for (j = 0; j <= 720; j++) {
			turn = 2 * PI * j / 720;
			at = radius + swing * cos(PETALS * turn + 0.35 * i);
			cairo_line_to(cr, box->x + at * cos(turn),
			    box->y + 0.78 * at * sin(turn));
		}
		cairo_close_path(cr);
	}
	set_rainbow(cr, shape, shape->colors.line, shape->colors.line_right,
	    0.42);
	cairo_stroke(cr);
}

/* Head and shoulders of nobody, for a page without a picture. */
static void
draw_nobody(cairo_t *cr, const struct page_shape *shape, double alpha)
{
	const struct page_box *box = &shape->face;

	cairo_rectangle(cr, 0, 0, 1, 1);
	cairo_set_source_rgba(cr, 0.86, 0.89, 0.92, alpha);
	cairo_fill(cr);
	set_color(cr, shape->colors.ink, 0.5 * alpha);
	cairo_save(cr);
	cairo_translate(cr, 0.5, 0.44);
	cairo_scale(cr, 0.21, 0.27 * box->width / box->height);
	cairo_arc(cr, 0, 0, 1, 0, 2 * PI);
	cairo_restore(cr);
	cairo_fill(cr);
	cairo_move_to(cr, 0.1, 1);
	cairo_curve_to(cr, 0.1, 0.74, 0.3, 0.71, 0.5, 0.71);
	cairo_curve_to(cr, 0.7, 0.71, 0.9, 0.74, 0.9, 1);
	cairo_close_path(cr);
	cairo_fill(cr);
}

/* The picture as a surface of Cairo's own memory; NULL without it. */
static cairo_surface_t *
surface_of(const struct mrz_image *image)
{
	cairo_surface_t *surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)image->width, (int)image->height);
	const uint8_t *from;
	uint8_t *bytes;
	uint32_t x, y, pixel, g, b;

	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return NULL;
	}
	bytes = cairo_image_surface_get_data(surface);
	g = image->channels == 3 ? 1 : 0;
	b = image->channels == 3 ? 2 : 0;
	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++) {
			from = image->pixels + y * image->stride +
			       (size_t)x * image->channels;
			pixel = (uint32_t)from[0] << 16 |
				(uint32_t)from[g] << 8 | from[b];
			memcpy(bytes +
				   (size_t)y *
				       (size_t)cairo_image_surface_get_stride(
					   surface) +
				   (size_t)x * 4,
			    &pixel, 4);
		}
	}
	cairo_surface_mark_dirty(surface);
	return surface;
}

static void
wipe_surface(cairo_surface_t *surface)
{
	explicit_bzero(cairo_image_surface_get_data(surface),
	    (size_t)cairo_image_surface_get_stride(surface) *
		(size_t)cairo_image_surface_get_height(surface));
	cairo_surface_destroy(surface);
}

/* The picture fills the unit square's box, cut at its sides, never bent. */
static enum mrz_error
draw_picture(cairo_t *cr, const struct page_shape *shape,
    const struct mrz_image *face, double alpha)
{
	double wide = shape->face.width / shape->face.height;
	double scale = face->width < wide * face->height
			   ? 1.0 / face->width
			   : 1.0 / (wide * face->height);
	cairo_surface_t *surface = surface_of(face);

	if (surface == NULL)
		return MRZ_E_NO_MEMORY;
	cairo_rectangle(cr, 0, 0, 1, 1);
	cairo_clip(cr);
	cairo_translate(cr, 0.5, 0.5);
	cairo_scale(cr, scale, scale * wide);
	cairo_set_source_surface(cr, surface, -(double)face->width / 2,
	    -(double)face->height / 2);
	cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
	cairo_paint_with_alpha(cr, alpha);
	cairo_set_source_rgb(cr, 0, 0, 0);
	wipe_surface(surface);
	return MRZ_OK;
}

/* The face, and a pale small one as pages have it at their right. */
static enum mrz_error
draw_face(cairo_t *cr, const struct page_shape *shape,
    const struct page_box *box, const struct mrz_image *face, double alpha)
{
	enum mrz_error error = MRZ_OK;

	cairo_save(cr);
	cairo_translate(cr, box->x, box->y);
	cairo_scale(cr, box->width, box->height);
	if (face != NULL)
		error = draw_picture(cr, shape, face, alpha);
	else
		draw_nobody(cr, shape, alpha);
	cairo_restore(cr);
	return error;
}

/* A signature that says nothing. */
static void
draw_signature(cairo_t *cr, const struct page_box *box)
{
	static const double strokes[][6] = {
		{ 0.02, 0.20, 0.10, -0.35, 0.16, 0.05 },
		{ 0.20, 0.45, 0.06, 1.05, 0.12, 0.72 },
		{ 0.18, 0.40, 0.22, 0.30, 0.26, 0.52 },
		{ 0.28, 0.70, 0.32, 0.38, 0.36, 0.48 },
		{ 0.40, 0.60, 0.40, 0.72, 0.46, 0.46 },
		{ 0.50, 0.28, 0.52, -0.10, 0.50, 0.30 },
		{ 0.49, 0.66, 0.54, 0.74, 0.58, 0.50 },
		{ 0.62, 0.36, 0.60, 0.74, 0.66, 0.60 },
		{ 0.72, 0.44, 0.74, 0.62, 0.80, 0.50 },
		{ 0.88, 0.36, 0.92, 0.58, 1.00, 0.34 },
	};
	size_t i;

	cairo_save(cr);
	cairo_translate(cr, box->x, box->y);
	cairo_move_to(cr, 0, 0.62 * box->height);
	for (i = 0; i < sizeof(strokes) / sizeof(strokes[0]); i++)
		cairo_curve_to(cr, strokes[i][0] * box->width,
		    strokes[i][1] * box->height, strokes[i][2] * box->width,
		    strokes[i][3] * box->height, strokes[i][4] * box->width,
		    strokes[i][5] * box->height);
	cairo_restore(cr);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_line_width(cr, 0.32);
	cairo_set_source_rgb(cr, 0.11, 0.15, 0.36);
	cairo_stroke(cr);
}

/* The mark of a chip inside: a bar, parted around a ring. */
static void
draw_chip(cairo_t *cr, const struct page_shape *shape)
{
	const struct page_box *box = &shape->chip;
	double x = box->x + box->width / 2, y = box->y + box->height / 2;
	double radius = box->height * 0.27, bar = box->height * 0.13;

	cairo_set_line_width(cr, bar);
	cairo_rectangle(cr, box->x, box->y, box->width, box->height);
	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, radius, 0, 2 * PI);
	cairo_move_to(cr, box->x, y);
	cairo_line_to(cr, x - radius, y);
	cairo_move_to(cr, x + radius, y);
	cairo_line_to(cr, box->x + box->width, y);
	set_color(cr, shape->colors.ink, 0.85);
	cairo_stroke(cr);
}

static enum mrz_error
draw_all(cairo_t *cr, const struct page_shape *shape,
    const struct mrz_image *face)
{
	const struct mrz_page_geometry *g = &shape->geometry;
	double top = g->height - g->zone_height;
	enum mrz_error error;

	set_color(cr, shape->colors.paper, 1);
	cairo_paint(cr);
	cairo_save(cr);
	cairo_rectangle(cr, 0, 0, g->width, top);
	cairo_clip(cr);
	draw_waves(cr, shape, 0.30);
	draw_rosette(cr, shape);
	draw_ribbon(cr, shape, top - 0.4);
	cairo_restore(cr);
	cairo_save(cr);
	cairo_rectangle(cr, 0, top, g->width, g->zone_height);
	cairo_clip(cr);
	draw_waves(cr, shape, 0.16);
	cairo_restore(cr);
	error = draw_face(cr, shape, &shape->face, face, 1);
	if (error == MRZ_OK && shape->ghost.width > 0)
		error = draw_face(cr, shape, &shape->ghost, face, 0.30);
	if (shape->signature.width > 0)
		draw_signature(cr, &shape->signature);
	if (shape->chip.width > 0)
		draw_chip(cr, shape);
	return error;
}

/* 86 levels a channel: no eye sees the difference, and a PNG of them is a
 * third smaller. */
static uint8_t
level(uint32_t value)
{
	value = ((value & 0xFF) + 1) / 3 * 3;
	return (uint8_t)(value > 255 ? 255 : value);
}

static void
copy_out(cairo_surface_t *surface, struct mrz_image *out)
{
	const uint8_t *bytes = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	uint32_t x, y, pixel;
	uint8_t *to;

	for (y = 0; y < out->height; y++) {
		for (x = 0; x < out->width; x++) {
			memcpy(&pixel, bytes + y * stride + (size_t)x * 4, 4);
			to = out->pixels + y * out->stride + (size_t)x * 3;
			to[0] = level(pixel >> 16);
			to[1] = level(pixel >> 8);
			to[2] = level(pixel);
		}
	}
}

enum mrz_error
page_art(const struct page_shape *shape, double scale,
    const struct mrz_image *face, struct mrz_image *out)
{
	cairo_surface_t *surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)out->width, (int)out->height);
	enum mrz_error error = MRZ_E_NO_MEMORY;
	cairo_t *cr;

	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return error;
	}
	cr = cairo_create(surface);
	cairo_scale(cr, scale, scale);
	error = draw_all(cr, shape, face);
	if (error == MRZ_OK && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		error = MRZ_E_NO_MEMORY;
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (error == MRZ_OK)
		copy_out(surface, out);
	wipe_surface(surface);
	return error;
}
