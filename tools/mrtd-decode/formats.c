#include "decode.h"

#include "picture_kind.h"

#include <string.h>

static decode_function *const decoders[PICTURE_N_FORMATS] = {
	[PICTURE_JPEG] = decode_jpeg,
	[PICTURE_PNG] = decode_png,
	[PICTURE_JPEG2000] = decode_jp2,
	[PICTURE_TIFF] = decode_tiff,
	[PICTURE_WEBP] = decode_webp,
	[PICTURE_PNM] = decode_pnm,
};

enum picture_reason
decode_picture(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    enum picture_format *out_format, struct raster *out)
{
	enum picture_format format = picture_format_of(bytes, len);
	enum picture_reason reason;

	memset(out, 0, sizeof(*out));
	*out_format = format;
	if (len == 0)
		return PICTURE_R_EMPTY;
	if (decoders[format] == NULL)
		return PICTURE_R_NO_FORMAT;
	reason = decoders[format](bytes, len, max_pixels, out);
	if (reason != PICTURE_R_NONE)
		raster_free(out);
	return reason;
}
