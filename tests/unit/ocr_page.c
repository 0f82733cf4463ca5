#include "ocr_page.h"

#include "test.h"

#include <math.h>
#include <string.h>

struct mrz_ocr *ocr_reader;

int
ocr_begin(void **state)
{
	(void)state;
	return mrz_ocr_new(&ocr_reader) == MRZ_OK ? 0 : -1;
}

int
ocr_end(void **state)
{
	(void)state;
	mrz_ocr_free(&ocr_reader);
	return ocr_reader == NULL ? 0 : -1;
}

void
ocr_page(const char *text, uint32_t dpi, unsigned turn, struct mrz_image *out)
{
	struct mrz_doc doc;
	struct mrz_draw_page page = { .size = sizeof(page),
		.doc = &doc,
		.dpi = dpi };
	struct mrz_image upright;

	assert_int_equal(mrz_parse(text, strlen(text), NULL, &doc), MRZ_OK);
	assert_int_equal(mrz_draw_page(&page, &upright), MRZ_OK);
	assert_int_equal(mrz_image_turn(&upright, turn, out), MRZ_OK);
	mrz_image_free(&upright);
}

/* Between four pixels; grey outside. */
static uint8_t
between(const struct mrz_image *image, double x, double y, uint32_t channel)
{
	size_t step = image->channels;
	const uint8_t *at;
	double up, low;

	if (x < 0 || y < 0 || x >= image->width - 1.0 ||
	    y >= image->height - 1.0)
		return 120;
	at = image->pixels + (size_t)y * image->stride + (size_t)x * step +
	     channel;
	x -= floor(x);
	y -= floor(y);
	up = at[0] + (at[step] - at[0]) * x;
	at += image->stride;
	low = at[0] + (at[step] - at[0]) * x;
	return (uint8_t)(up + (low - up) * y + 0.5);
}

void
ocr_skew(const struct mrz_image *image, double degrees, struct mrz_image *out)
{
	double angle = degrees * 3.14159265 / 180, c = cos(angle),
	       s = sin(angle);
	uint32_t width = (uint32_t)(image->width * c + image->height * fabs(s));
	uint32_t height = (uint32_t)(image->height * c +
				     image->width * fabs(s));

	assert_int_equal(mrz_image_new(width, height, image->channels,
			     image->dpi, out),
	    MRZ_OK);
	for (uint32_t i = 0; i < height; i++) {
		for (uint32_t k = 0; k < width; k++) {
			double x = k - width / 2.0, y = i - height / 2.0;
			double u = x * c + y * s + image->width / 2.0;
			double v = y * c - x * s + image->height / 2.0;

			for (uint32_t j = 0; j < out->channels; j++)
				out->pixels[i * out->stride +
					    k * out->channels + j] =
				    between(image, u, v, j);
		}
	}
}

struct mrz_picture
ocr_picture(const struct mrz_image *image)
{
	struct mrz_picture picture = { .size = sizeof(picture),
		.width = image->width,
		.height = image->height,
		.channels = image->channels,
		.stride = image->stride,
		.pixels = image->pixels,
		.dpi = image->dpi };

	return picture;
}

bool
ocr_same(const struct mrz_doc *doc, const char *text)
{
	for (uint32_t i = 0; i < doc->n_lines; i++) {
		size_t len = strlen(doc->lines[i]);

		if (strncmp(doc->lines[i], text, len) != 0 || text[len] != '\n')
			return false;
		text += len + 1;
	}
	return *text == '\0';
}
