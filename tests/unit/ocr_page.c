#include "ocr_page.h"

#include "test.h"

#include <string.h>

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
