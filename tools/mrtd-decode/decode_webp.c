/* WebP, by libwebp. */
#include <string.h>
#include <webp/decode.h>

#include "decode.h"
#include "exif.h"

#define MAX_CHUNKS 1000

static uint32_t
little_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[1] << 8 | bytes[0];
}

/*
 * "RIFF", 4 bytes length of what follows, "WEBP", then chunks: 4 bytes name,
 * 4 bytes length, that many bytes, one more if the length is odd. The
 * directory of EXIF is one; some writers leave "Exif\0\0" in front of it.
 */
static unsigned
orientation(const uint8_t *bytes, size_t len)
{
	size_t at = 12;

	for (unsigned i = 0; i < MAX_CHUNKS && len - at >= 8; i++) {
		const uint8_t *body = bytes + at + 8;
		uint32_t n = little_endian(bytes + at + 4);

		if (n > len - at - 8)
			return 1;
		if (memcmp(bytes + at, "EXIF", 4) == 0) {
			unsigned found = exif_orientation_app1(body, n);

			return found != 0 ? found : exif_orientation(body, n);
		}
		at += 8 + (size_t)n;
		if ((n & 1) != 0 && at < len)
			at++;
	}
	return 1;
}

static enum picture_reason
reason_of(VP8StatusCode status)
{
	switch (status) {
	case VP8_STATUS_OK:
		return PICTURE_R_NONE;
	case VP8_STATUS_OUT_OF_MEMORY:
		return PICTURE_R_MEMORY;
	case VP8_STATUS_NOT_ENOUGH_DATA:
	case VP8_STATUS_SUSPENDED:
		return PICTURE_R_CUT;
	default:
		return PICTURE_R_BROKEN;
	}
}

enum picture_reason
decode_webp(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	enum picture_reason reason;
	WebPDecoderConfig config;

	if (len < 12 || little_endian(bytes + 4) > len - 8)
		return PICTURE_R_CUT;
	if (!WebPInitDecoderConfig(&config))
		return PICTURE_R_INTERNAL;
	reason = reason_of(WebPGetFeatures(bytes, len, &config.input));
	if (reason != PICTURE_R_NONE)
		return reason;
	if (config.input.has_animation)
		return PICTURE_R_ANIMATED;
	if (config.input.width < 0 || config.input.height < 0)
		return PICTURE_R_NO_SIZE;
	reason = raster_new(out, (uint64_t)config.input.width,
	    (uint64_t)config.input.height, config.input.has_alpha ? 4 : 3,
	    max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	config.output.colorspace = config.input.has_alpha ? MODE_RGBA
							  : MODE_RGB;
	config.output.is_external_memory = 1;
	config.output.u.RGBA.rgba = out->pixels;
	config.output.u.RGBA.stride = (int)(out->width * out->channels);
	config.output.u.RGBA.size = out->len;
	reason = reason_of(WebPDecode(bytes, len, &config));
	WebPFreeDecBuffer(&config.output);
	if (reason != PICTURE_R_NONE)
		return reason;
	raster_drop_alpha(out);
	out->orientation = orientation(bytes, len);
	return PICTURE_R_NONE;
}
