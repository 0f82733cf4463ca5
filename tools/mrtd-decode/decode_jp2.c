/*
 * JPEG 2000, by OpenJPEG. Boxes are read by jp2_header.c: the library gets the
 * codestream alone, and its code for boxes and palettes never runs.
 */
#include <openjpeg.h>
#include <string.h>

#include "decode.h"
#include "jp2_header.h"

/* The library holds 32 bits a sample, at times twice. */
#define MAX_SAMPLES 100000000u

struct source {
	const uint8_t *bytes;
	size_t len, at;
};

static OPJ_SIZE_T
on_read(void *out, OPJ_SIZE_T n, void *self)
{
	struct source *s = self;

	if (s->at >= s->len)
		return (OPJ_SIZE_T)-1;
	if (n > s->len - s->at)
		n = s->len - s->at;
	memcpy(out, s->bytes + s->at, n);
	s->at += n;
	return n;
}

static OPJ_OFF_T
on_skip(OPJ_OFF_T n, void *self)
{
	struct source *s = self;

	if (n < 0)
		return -1;
	if ((uint64_t)n > s->len - s->at)
		n = (OPJ_OFF_T)(s->len - s->at);
	s->at += (size_t)n;
	return n;
}

static OPJ_BOOL
on_seek(OPJ_OFF_T at, void *self)
{
	struct source *s = self;

	if (at < 0 || (uint64_t)at > s->len)
		return OPJ_FALSE;
	s->at = (size_t)at;
	return OPJ_TRUE;
}

static opj_stream_t *
open_stream(struct source *source)
{
	opj_stream_t *stream = opj_stream_default_create(OPJ_TRUE);

	if (stream == NULL)
		return NULL;
	opj_stream_set_read_function(stream, on_read);
	opj_stream_set_skip_function(stream, on_skip);
	opj_stream_set_seek_function(stream, on_seek);
	opj_stream_set_user_data(stream, source, NULL);
	opj_stream_set_user_data_length(stream, source->len);
	return stream;
}

/* Is what the library read what was checked? */
static bool
agrees(const opj_image_t *image, const struct jp2_header *header)
{
	return image->numcomps == header->n_components &&
	       image->x1 > image->x0 && image->y1 > image->y0 &&
	       image->x1 - image->x0 == header->width &&
	       image->y1 - image->y0 == header->height;
}

static enum picture_reason
run_codec(opj_codec_t *codec, opj_stream_t *stream,
    const struct jp2_header *header, opj_image_t **out)
{
	opj_dparameters_t parameters;

	opj_set_default_decoder_parameters(&parameters);
	if (!opj_setup_decoder(codec, &parameters) ||
	    !opj_decoder_set_strict_mode(codec, OPJ_TRUE))
		return PICTURE_R_INTERNAL;
	if (!opj_read_header(stream, codec, out) || !agrees(*out, header))
		return PICTURE_R_BROKEN;
	if (!opj_decode(codec, stream, *out) ||
	    !opj_end_decompress(codec, stream) || !agrees(*out, header))
		return PICTURE_R_BROKEN;
	return PICTURE_R_NONE;
}

/* 0 to 255 out of any depth, with or without a sign. */
static uint8_t
to_byte(int32_t value, const opj_image_comp_t *component)
{
	uint32_t top = (1u << component->prec) - 1;
	int64_t v = value;

	if (component->sgnd)
		v += (int64_t)1 << (component->prec - 1);
	if (v < 0)
		v = 0;
	if (v > top)
		v = top;
	return (uint8_t)(((uint64_t)v * 255 + top / 2) / top);
}

/* Where pixel x of the picture is in a component that has every dx-th. */
static uint32_t
sample_at(uint32_t x, uint32_t x0, uint32_t dx, uint32_t first, uint32_t n)
{
	uint64_t at = ((uint64_t)x0 + x) / dx;

	at = at < first ? 0 : at - first;
	return at >= n ? n - 1 : (uint32_t)at;
}

static void
put_component(const opj_image_t *image, uint32_t index, struct raster *out)
{
	const opj_image_comp_t *c = &image->comps[index];

	for (uint32_t y = 0; y < out->height; y++) {
		const int32_t *row = c->data + (size_t)sample_at(y, image->y0,
						   c->dy, c->y0, c->h) *
						   c->w;
		uint8_t *to = out->pixels +
			      (size_t)y * out->width * out->channels + index;

		for (uint32_t x = 0; x < out->width; x++)
			to[(size_t)x * out->channels] = to_byte(
			    row[sample_at(x, image->x0, c->dx, c->x0, c->w)],
			    c);
	}
}

static uint8_t
clamp(int32_t value)
{
	return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Luminance and two differences to red, green and blue (ITU-R BT.601, in
 * 65536ths). */
static void
ycc_to_rgb(struct raster *r)
{
	for (size_t i = 0; i + 2 < r->len; i += r->channels) {
		uint8_t *p = r->pixels + i;
		int32_t y = p[0] * 65536 + 32768, cb = p[1] - 128,
			cr = p[2] - 128;

		p[0] = clamp((y + 91881 * cr) / 65536);
		p[1] = clamp((y - 22554 * cb - 46802 * cr) / 65536);
		p[2] = clamp((y + 116130 * cb) / 65536);
	}
}

static bool
components_usable(const opj_image_t *image)
{
	for (uint32_t i = 0; i < image->numcomps; i++) {
		const opj_image_comp_t *c = &image->comps[i];

		if (c->data == NULL || c->w == 0 || c->h == 0 || c->dx == 0 ||
		    c->dy == 0 || c->prec == 0 || c->prec > 16)
			return false;
	}
	return true;
}

static enum picture_reason
to_raster(const opj_image_t *image, const struct jp2_header *header,
    uint64_t max_pixels, struct raster *out)
{
	enum picture_reason reason;
	bool ycc = header->colours == JP2_SYCC ||
		   (header->colours == JP2_UNSAID &&
		       (header->dx > 1 || header->dy > 1));

	if (!components_usable(image))
		return PICTURE_R_BROKEN;
	reason = raster_new(out, header->width, header->height,
	    header->n_components, max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	for (uint32_t i = 0; i < header->n_components; i++)
		put_component(image, i, out);
	if (ycc && header->n_components >= 3)
		ycc_to_rgb(out);
	raster_drop_alpha(out);
	out->dpi = header->dpi;
	return PICTURE_R_NONE;
}

enum picture_reason
decode_jp2(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	struct jp2_header header;
	struct source source = { 0 };
	opj_stream_t *stream;
	opj_codec_t *codec;
	opj_image_t *image = NULL;
	enum picture_reason reason;

	reason = jp2_header_read(bytes, len, max_pixels, &header);
	if (reason != PICTURE_R_NONE)
		return reason;
	if ((uint64_t)header.width * header.height >
	    MAX_SAMPLES / header.n_components)
		return PICTURE_R_MEMORY;
	source.bytes = header.codestream;
	source.len = header.codestream_len;
	stream = open_stream(&source);
	codec = opj_create_decompress(OPJ_CODEC_J2K);
	reason = stream == NULL || codec == NULL
		     ? PICTURE_R_MEMORY
		     : run_codec(codec, stream, &header, &image);
	if (reason == PICTURE_R_NONE)
		reason = to_raster(image, &header, max_pixels, out);
	opj_image_destroy(image);
	if (codec != NULL)
		opj_destroy_codec(codec);
	if (stream != NULL)
		opj_stream_destroy(stream);
	return reason;
}
