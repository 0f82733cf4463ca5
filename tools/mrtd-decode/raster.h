/*
 * The pixels that a decoder makes, and writing them upright.
 */
#ifndef MRTD_DECODE_RASTER_H
#define MRTD_DECODE_RASTER_H

#include "picture_wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 8 bits a sample, rows without padding, as the file stores them. */
struct raster {
	uint32_t width, height;
	uint32_t channels;    /* 1 grey, 3 RGB; while decoding 2 and 4 too */
	uint32_t dpi;         /* 0 unknown */
	unsigned orientation; /* EXIF's, 1 to 8 */
	uint8_t *pixels;      /* owned */
	size_t len;
};

/* May a picture have this size? PICTURE_R_NONE if so. Before any pixel is
 * decoded. */
enum picture_reason raster_check(uint64_t width, uint64_t height,
    uint64_t max_pixels);

/* Check, and make the pixels (zeroed). dpi is then 0, orientation 1. */
enum picture_reason raster_new(struct raster *raster, uint64_t width,
    uint64_t height, uint32_t channels, uint64_t max_pixels);
void raster_free(struct raster *raster);

/* Drop an alpha channel (the last of 2 or 4), and show white through it. */
void raster_drop_alpha(struct raster *raster);

/* Width and height of the upright picture. */
void raster_upright_size(const struct raster *raster, uint32_t *out_width,
    uint32_t *out_height);

/* Dots per inch from dots per metre; 0 for a nonsense. */
uint32_t raster_dpi(double per_metre);

/* Rows of the upright picture to a function, several at a time. False when
 * it says so, or without memory. */
typedef bool (*raster_sink)(void *self, const uint8_t *bytes, size_t len);
bool raster_put_upright(const struct raster *raster, raster_sink sink,
    void *self);

#endif
