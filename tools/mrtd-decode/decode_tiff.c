/* The first page of a TIFF, by libtiff. */
#include <stdio.h>
#include <string.h>

#include <tiffio.h>

#include "decode.h"

#define MAX_BLOCK    (512 << 20) /* of one allocation by libtiff */
#define MAX_PARTS    1000000u    /* strips or tiles */
#define MAX_CHANNELS 5           /* CMYK and alpha */

struct tiff {
	const uint8_t *bytes;
	size_t len, at;
	bool ran_out;
};

static tmsize_t
on_read(thandle_t self, void *out, tmsize_t n)
{
	struct tiff *t = self;

	if (n < 0)
		return -1;
	if ((size_t)n > t->len - t->at) {
		t->ran_out = true;
		n = (tmsize_t)(t->len - t->at);
	}
	memcpy(out, t->bytes + t->at, (size_t)n);
	t->at += (size_t)n;
	return n;
}

static tmsize_t
on_write(thandle_t self, void *bytes, tmsize_t n)
{
	(void)self;
	(void)bytes;
	(void)n;
	return -1;
}

static toff_t
on_seek(thandle_t self, toff_t offset, int from)
{
	struct tiff *t = self;
	uint64_t base = from == SEEK_CUR   ? t->at
			: from == SEEK_END ? t->len
					   : 0;

	if (offset > UINT64_MAX - base)
		return (toff_t)-1;
	if (base + offset > t->len) {
		/* A read from there has to find nothing. */
		t->ran_out = true;
		t->at = t->len;
	} else {
		t->at = (size_t)(base + offset);
	}
	return base + offset;
}

static int
on_close(thandle_t self)
{
	(void)self;
	return 0;
}

static toff_t
on_size(thandle_t self)
{
	const struct tiff *t = self;

	return t->len;
}

static int
on_message(TIFF *tiff, void *self, const char *module, const char *format,
    va_list arguments)
{
	(void)tiff;
	(void)self;
	(void)module;
	(void)format;
	(void)arguments;
	return 1;
}

static TIFF *
open_tiff(struct tiff *t)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFF *tiff;

	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetMaxSingleMemAlloc(options, MAX_BLOCK);
	TIFFOpenOptionsSetErrorHandlerExtR(options, on_message, NULL);
	TIFFOpenOptionsSetWarningHandlerExtR(options, on_message, NULL);
	/* m: it maps nothing */
	tiff = TIFFClientOpenExt("", "rm", t, on_read, on_write, on_seek,
	    on_close, on_size, NULL, NULL, options);
	TIFFOpenOptionsFree(options);
	return tiff;
}

/* The rest are rare, and more code for hostile bytes. */
static const uint16_t packings[] = { COMPRESSION_NONE, COMPRESSION_CCITTRLE,
	COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4, COMPRESSION_LZW,
	COMPRESSION_JPEG, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
	COMPRESSION_PACKBITS };

static bool
packing_is_read(uint16_t packing)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		if (packings[i] == packing)
			return true;
	}
	return false;
}

static enum picture_reason
check(TIFF *tiff, uint64_t max_pixels, uint32_t *out_width,
    uint32_t *out_height)
{
	uint16_t packing = COMPRESSION_NONE, samples = 1, bits = 1;
	enum picture_reason reason;

	if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, out_width) ||
	    !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, out_height))
		return PICTURE_R_NO_SIZE;
	reason = raster_check(*out_width, *out_height, max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &packing);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
	if (!packing_is_read(packing))
		return PICTURE_R_PACKING;
	if (samples > MAX_CHANNELS || bits > 16)
		return PICTURE_R_SAMPLES;
	return PICTURE_R_NONE;
}

/* Each part of the page has bytes; libtiff would take zeros for what has
 * none. */
static enum picture_reason
check_parts(TIFF *tiff)
{
	uint32_t n = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff)
				       : TIFFNumberOfStrips(tiff);

	if (n > MAX_PARTS)
		return PICTURE_R_PARTS;
	for (uint32_t i = 0; i < n; i++) {
		if (TIFFGetStrileByteCount(tiff, i) == 0)
			return PICTURE_R_CUT;
	}
	return PICTURE_R_NONE;
}

static uint32_t
dpi(TIFF *tiff)
{
	uint16_t unit = RESUNIT_INCH;
	float resolution = 0;

	if (!TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &resolution))
		return 0;
	TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
	if (unit == RESUNIT_INCH)
		return raster_dpi((double)resolution / 0.0254);
	return unit == RESUNIT_CENTIMETER ? raster_dpi((double)resolution * 100)
					  : 0;
}

static bool
is_grey(TIFF *tiff)
{
	uint16_t photometric = PHOTOMETRIC_RGB;

	TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
	return photometric == PHOTOMETRIC_MINISWHITE ||
	       photometric == PHOTOMETRIC_MINISBLACK;
}

/* Four bytes a pixel, alpha multiplied in, to grey or RGB over white; in
 * place. */
static void
shrink(struct raster *r, bool grey)
{
	size_t n = (size_t)r->width * r->height;
	uint8_t *out = r->pixels;

	for (size_t i = 0; i < n; i++) {
		uint32_t pixel, white;

		memcpy(&pixel, r->pixels + 4 * i, sizeof(pixel));
		white = 255 - TIFFGetA(pixel);
		for (unsigned j = 0; j < (grey ? 1 : 3); j++) {
			uint32_t value = (pixel >> (8 * j) & 255) + white;

			*out++ = (uint8_t)(value > 255 ? 255 : value);
		}
	}
	r->channels = grey ? 1 : 3;
	r->len = n * r->channels;
}

static enum picture_reason
read_page(TIFF *tiff, uint64_t max_pixels, struct raster *out)
{
	uint32_t width = 0, height = 0;
	enum picture_reason reason;
	TIFFRGBAImage image;
	char text[1024];
	uint16_t lies = ORIENTATION_TOPLEFT;
	void *pixels;
	int good;

	reason = check(tiff, max_pixels, &width, &height);
	if (reason != PICTURE_R_NONE)
		return reason;
	reason = check_parts(tiff);
	if (reason != PICTURE_R_NONE)
		return reason;
	if (!TIFFRGBAImageOK(tiff, text))
		return PICTURE_R_COLOURS;
	reason = raster_new(out, width, height, 4, max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	if (!TIFFRGBAImageBegin(&image, tiff, 1, text))
		return PICTURE_R_BROKEN;
	/* As it is stored: it is turned upright with all other formats. */
	image.req_orientation = image.orientation;
	pixels = out->pixels;
	good = TIFFRGBAImageGet(&image, pixels, width, height);
	TIFFRGBAImageEnd(&image);
	if (!good)
		return PICTURE_R_BROKEN;
	shrink(out, is_grey(tiff));
	TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &lies);
	out->orientation = lies >= 1 && lies <= 8 ? lies : 1;
	out->dpi = dpi(tiff);
	return PICTURE_R_NONE;
}

enum picture_reason
decode_tiff(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	struct tiff source = { bytes, len, 0, false };
	enum picture_reason reason;
	TIFF *tiff = open_tiff(&source);

	if (tiff == NULL)
		return source.ran_out ? PICTURE_R_CUT : PICTURE_R_BROKEN;
	reason = read_page(tiff, max_pixels, out);
	TIFFClose(tiff);
	if (reason == PICTURE_R_BROKEN && source.ran_out)
		reason = PICTURE_R_CUT;
	return reason;
}
