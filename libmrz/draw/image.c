/* Pictures in memory. Every size is bounded before anything is multiplied. */
#include "draw.h"
#include "luma.h"

#include <stdlib.h>
#include <string.h>

enum mrz_error
mrz_image_new(uint32_t width, uint32_t height, uint32_t channels, uint32_t dpi,
    struct mrz_image *out)
{
	size_t stride;

	memset(out, 0, sizeof(*out));
	if (width == 0 || height == 0 || width > MRZ_IMAGE_MAX_SIDE ||
	    height > MRZ_IMAGE_MAX_SIDE ||
	    width > MRZ_IMAGE_MAX_PIXELS / height ||
	    (channels != 1 && channels != 3))
		return MRZ_E_ARG;
	/* At most 3 * 32,767 bytes a row, and 300 million in all. */
	stride = (size_t)width * channels;
	out->pixels = malloc(stride * height);
	if (out->pixels == NULL)
		return MRZ_E_NO_MEMORY;
	memset(out->pixels, 0xFF, stride * height);
	out->width = width;
	out->height = height;
	out->channels = channels;
	out->stride = stride;
	out->dpi = dpi;
	return MRZ_OK;
}

void
mrz_image_free(struct mrz_image *image)
{
	if (image == NULL)
		return;
	if (image->pixels != NULL) {
		explicit_bzero(image->pixels, image->stride * image->height);
		free(image->pixels);
	}
	memset(image, 0, sizeof(*image));
}

/* Rows keep their stride, and with it their room. */
void
mrz_image_to_grey(struct mrz_image *image)
{
	struct mrz_color color;
	uint32_t x, y;
	uint8_t *row;

	if (image->channels != 3)
		return;
	for (y = 0; y < image->height; y++) {
		row = image->pixels + y * image->stride;
		for (x = 0; x < image->width; x++) {
			color.r = row[3 * (size_t)x];
			color.g = row[3 * (size_t)x + 1];
			color.b = row[3 * (size_t)x + 2];
			row[x] = luma(color);
		}
	}
	image->channels = 1;
}

/* Where pixel (x, y) of the turned picture comes from. */
static const uint8_t *
turned_from(const struct mrz_image *image, unsigned degrees, uint32_t x,
    uint32_t y)
{
	uint32_t sx = x, sy = y;

	if (degrees == 90) {
		sx = y;
		sy = image->height - 1 - x;
	} else if (degrees == 180) {
		sx = image->width - 1 - x;
		sy = image->height - 1 - y;
	} else if (degrees == 270) {
		sx = image->width - 1 - y;
		sy = x;
	}
	return image->pixels + sy * image->stride +
	       (size_t)sx * image->channels;
}

enum mrz_error
mrz_image_turn(const struct mrz_image *image, unsigned degrees,
    struct mrz_image *out)
{
	bool lying = degrees == 90 || degrees == 270;
	enum mrz_error error;
	uint32_t x, y;

	memset(out, 0, sizeof(*out));
	if (degrees != 0 && degrees != 180 && !lying)
		return MRZ_E_ARG;
	error = mrz_image_new(lying ? image->height : image->width,
	    lying ? image->width : image->height, image->channels, image->dpi,
	    out);
	if (error != MRZ_OK)
		return error;
	for (y = 0; y < out->height; y++) {
		for (x = 0; x < out->width; x++) {
			memcpy(out->pixels + y * out->stride +
				   (size_t)x * out->channels,
			    turned_from(image, degrees, x, y), out->channels);
		}
	}
	return MRZ_OK;
}
