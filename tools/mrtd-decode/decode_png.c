/* PNG, by libpng. */
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "exif.h"

#define CHUNK_MEMORY (8u << 20) /* of one ancillary chunk */
#define MAX_CHUNKS   100

struct png {
	png_structp png;
	png_infop info;
	const uint8_t *bytes;
	size_t len;
	uint64_t max_pixels;
	enum picture_reason reason; /* of an error, BROKEN if it has none */
	struct raster *out;
};

static void
on_error(png_structp png, png_const_charp text)
{
	(void)text;
	longjmp(png_jmpbuf(png), 1);
}

static void
on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void
on_read(png_structp png, png_bytep out, size_t n)
{
	struct png *p = png_get_io_ptr(png);

	if (n > p->len) {
		p->reason = PICTURE_R_CUT;
		png_error(png, "cut");
	}
	memcpy(out, p->bytes, n);
	p->bytes += n;
	p->len -= n;
}

static void *
on_malloc(png_structp png, png_alloc_size_t size)
{
	struct png *p = png_get_mem_ptr(png);
	void *block = malloc(size);

	if (block == NULL)
		p->reason = PICTURE_R_MEMORY;
	return block;
}

static void
on_free(png_structp png, void *block)
{
	(void)png;
	free(block);
}

/* Nothing of these is used, some can grow a thousandfold. */
static const uint8_t unread[] = "iCCP\0iTXt\0zTXt\0tEXt\0sPLT\0pCAL\0sCAL\0"
				"hIST\0sBIT";

static void
set_limits(struct png *p)
{
	png_set_user_limits(p->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_chunk_malloc_max(p->png, CHUNK_MEMORY);
	png_set_chunk_cache_max(p->png, MAX_CHUNKS);
	png_set_keep_unknown_chunks(p->png, PNG_HANDLE_CHUNK_NEVER, unread,
	    sizeof(unread) / 5);
}

/* Whatever it was: 8 bits, grey or RGB, alpha behind it if there was any. */
static uint32_t
normalise(struct png *p)
{
	png_set_expand(p->png);
	png_set_scale_16(p->png);
	(void)png_set_interlace_handling(p->png);
	png_read_update_info(p->png, p->info);
	return png_get_channels(p->png, p->info);
}

static unsigned
orientation(struct png *p)
{
	png_uint_32 len = 0;
	png_bytep bytes = NULL;

	if (png_get_eXIf_1(p->png, p->info, &len, &bytes) == 0)
		return 1;
	return exif_orientation(bytes, len);
}

/* Leaves by longjmp on any error. */
static enum picture_reason
read_picture(struct png *p)
{
	enum picture_reason reason;
	uint32_t width, height, channels;
	int passes;

	set_limits(p);
	png_read_info(p->png, p->info);
	width = png_get_image_width(p->png, p->info);
	height = png_get_image_height(p->png, p->info);
	reason = raster_check(width, height, p->max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	passes = png_get_interlace_type(p->png, p->info) == PNG_INTERLACE_NONE
		     ? 1
		     : 7;
	channels = normalise(p);
	if (channels < 1 || channels > 4 ||
	    png_get_bit_depth(p->png, p->info) != 8)
		return PICTURE_R_SAMPLES;
	reason = raster_new(p->out, width, height, channels, p->max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	for (int pass = 0; pass < passes; pass++) {
		for (uint32_t y = 0; y < height; y++)
			png_read_row(p->png,
			    p->out->pixels + (size_t)y * width * channels,
			    NULL);
	}
	png_read_end(p->png, p->info);
	p->out->orientation = orientation(p);
	p->out->dpi = raster_dpi(png_get_x_pixels_per_meter(p->png, p->info));
	return PICTURE_R_NONE;
}

enum picture_reason
decode_png(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	struct png *p = calloc(1, sizeof(*p));
	enum picture_reason reason = PICTURE_R_MEMORY;

	if (p == NULL)
		return PICTURE_R_MEMORY;
	*p = (struct png){ .bytes = bytes,
		.len = len,
		.out = out,
		.max_pixels = max_pixels,
		.reason = PICTURE_R_BROKEN };
	p->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, NULL, on_error,
	    on_warning, p, on_malloc, on_free);
	if (p->png != NULL)
		p->info = png_create_info_struct(p->png);
	if (p->info != NULL) {
		png_set_read_fn(p->png, p, on_read);
		if (setjmp(png_jmpbuf(p->png)) == 0)
			p->reason = read_picture(p);
		reason = p->reason;
	}
	if (p->png != NULL)
		png_destroy_read_struct(&p->png, &p->info, NULL);
	free(p);
	if (reason == PICTURE_R_NONE)
		raster_drop_alpha(out);
	return reason;
}
