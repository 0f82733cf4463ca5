/*
 * page_shape.h - what is where on a page, and in which colours. Lengths are
 * millimetres, y grows downwards.
 */
#ifndef MRZ_DRAW_PAGE_SHAPE_H
#define MRZ_DRAW_PAGE_SHAPE_H

#include "draw.h"

/* What a field of the visual zone shows. */
enum page_value {
	PAGE_CODE,
	PAGE_STATE,
	PAGE_NUMBER,
	PAGE_SURNAME,
	PAGE_GIVEN_NAMES,
	PAGE_NATIONALITY,
	PAGE_BIRTH,
	PAGE_SEX,
	PAGE_EXPIRY,
	PAGE_OPTIONAL, /* TD1: both of them */
	PAGE_N_VALUES
};

/* The caption's baseline is at y, the value's PAGE_VALUE_DROP below. */
#define PAGE_VALUE_DROP 3.0

struct page_item {
	enum page_value value;
	double x, y, width;
};

struct page_box {
	double x, y, width, height;
};

struct page_colors {
	struct mrz_color paper;
	struct mrz_color line, line_right; /* guilloche, from left to right */
	struct mrz_color ink;              /* headings and captions */
};

#define PAGE_MAX_ITEMS 12

struct page_shape {
	struct mrz_page_geometry geometry;
	struct page_box face;
	struct page_box ghost;     /* the face again, small and pale */
	struct page_box signature; /* width 0: none */
	struct page_box chip;      /* the mark of a chip inside */
	struct page_box rosette;   /* its middle, and its two radii */
	double heading_x, heading_y, heading_cap;
	double specimen_x, specimen_y, specimen_cap, specimen_angle;
	struct page_colors colors;
	struct page_item items[PAGE_MAX_ITEMS];
	size_t n_items;
};

/* NULL for MRZ_UNKNOWN. */
const struct page_shape *page_shape(enum mrz_format format);

/*
 * page_art - everything but the text: paper, guilloche, rosette, face,
 * signature, mark of the chip. scale: pixels per millimetre.
 */
MRZ_CHECKED enum mrz_error page_art(const struct page_shape *shape,
    double scale, const struct mrz_image *face, struct mrz_image *out);

#endif
