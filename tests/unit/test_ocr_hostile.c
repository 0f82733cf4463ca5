#include "ocr_page.h"

#include "ocr/recognise.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"

/* None of what follows is a document. */
static void
expect_none(const struct mrz_picture *picture)
{
	static struct mrz_reading out[MRZ_OCR_MAX_ZONES];
	size_t n = 99;
	enum mrz_error error = mrz_ocr_read(ocr_reader, picture, NULL, out,
	    N_ELEMENTS(out), &n);

	if (error != MRZ_OK) {
		assert_int_equal(error, MRZ_E_EMPTY);
		assert_int_equal(n, 0);
		return;
	}
	assert_in_range(n, 1, N_ELEMENTS(out));
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(out[i].doc.status, MRZ_ACCEPTED);
}

static void
paint_white(uint8_t *at, uint32_t width, uint32_t height)
{
	memset(at, 255, (size_t)width * height);
}

static void
paint_black(uint8_t *at, uint32_t width, uint32_t height)
{
	memset(at, 0, (size_t)width * height);
}

static void
paint_noise(uint8_t *at, uint32_t width, uint32_t height)
{
	uint32_t random = 7;

	for (size_t i = 0; i < (size_t)width * height; i++) {
		random = random * 1664525u + 1013904223u;
		at[i] = (uint8_t)(random >> 24);
	}
}

/* Lines of boxes of one pitch: what the search is after, but no print. */
static void
paint_boxes(uint8_t *at, uint32_t width, uint32_t height)
{
	memset(at, 255, (size_t)width * height);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			if (x % 20 < 12 && y % 45 < 18)
				at[(size_t)y * width + x] = 0;
}

/* Rows of short words of one pitch: hundreds of lines that might be one. */
static void
paint_words(uint8_t *at, uint32_t width, uint32_t height)
{
	memset(at, 255, (size_t)width * height);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			if (y % 10 < 7 && x % 10 < 7 &&
			    (x / 10 + y / 10 * 5) % 18 < 15)
				at[(size_t)y * width + x] = 0;
}

static void
paint_stripes(uint8_t *at, uint32_t width, uint32_t height)
{
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			at[(size_t)y * width + x] = x / 7 % 2 ? 255 : 0;
}

static void
paint_ramp(uint8_t *at, uint32_t width, uint32_t height)
{
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			at[(size_t)y * width + x] = (uint8_t)(x ^ y);
}

static void
test_no_document(void **state)
{
	static void (*const paints[])(uint8_t *, uint32_t,
	    uint32_t) = { paint_white, paint_black, paint_noise, paint_boxes,
		paint_words, paint_stripes, paint_ramp };
	static const uint32_t sizes[][2] = { { 640, 480 }, { 480, 640 },
		{ 100, 10 }, { 10, 100 }, { 4000, 10 }, { 101, 99 },
		{ 1000, 45 }, { 10, 3000 } };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(paints); i++) {
		for (size_t k = 0; k < N_ELEMENTS(sizes); k++) {
			struct mrz_picture picture = { sizeof(picture),
				sizes[k][0], sizes[k][1], 1, sizes[k][0], NULL,
				0 };
			uint8_t *at = malloc((size_t)sizes[k][0] * sizes[k][1]);

			assert_non_null(at);
			paints[i](at, sizes[k][0], sizes[k][1]);
			picture.pixels = at;
			expect_none(&picture);
			free(at);
		}
	}
}

/* Fields of a picture that no caller should pass, and what they give. The
 * pixels are one row: nothing behind them is read. */
static void
test_arguments(void **state)
{
	static const uint8_t row[600];
	static const struct mrz_picture good = { sizeof(good), 200, 1, 1, 200,
		row, 0 };
	static struct mrz_reading out;
	struct mrz_ocr_options options = { sizeof(options), MRZ_NO_DAY, 0 };
	struct mrz_picture bad[8];
	size_t n = 99;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad); i++)
		bad[i] = good;
	bad[0].size = 0;
	bad[1].pixels = NULL;
	bad[2].channels = 0;
	bad[3].channels = 2;
	bad[4].channels = 4;
	bad[5].stride = 199;
	bad[6].channels = 3; /* a row of 600 bytes in a stride of 200 */
	bad[7].width = UINT32_MAX;
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		assert_int_equal(mrz_ocr_read(ocr_reader, &bad[i], NULL, &out,
				     1, &n),
		    MRZ_E_ARG);
		assert_int_equal(n, 0);
	}
	assert_int_equal(mrz_ocr_read(ocr_reader, &good, NULL, &out, 0, &n),
	    MRZ_E_ARG);
	options.size = 1;
	assert_int_equal(mrz_ocr_read(ocr_reader, &good, &options, &out, 1, &n),
	    MRZ_E_ARG);
	assert_int_equal(mrz_ocr_read(ocr_reader, &good, NULL, &out, 1, &n),
	    MRZ_E_EMPTY);
}

static void
test_huge_claims(void **state)
{
	static const uint8_t row[1];
	static const uint32_t sizes[][2] = { { UINT32_MAX, UINT32_MAX },
		{ 10001, 10000 }, { UINT32_MAX, 1 }, { 65536, 65536 } };
	static struct mrz_reading out;
	size_t n;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(sizes); i++) {
		struct mrz_picture picture = { sizeof(picture), sizes[i][0],
			sizes[i][1], 3, SIZE_MAX, row, 0 };

		assert_int_equal(mrz_ocr_read(ocr_reader, &picture, NULL, &out,
				     1, &n),
		    MRZ_E_TOO_LARGE);
	}
}

/* A page of which rows stand farther apart than they are long. */
static void
test_stride(void **state)
{
	static struct mrz_reading plain, wide;
	struct mrz_image image;
	struct mrz_picture picture;
	size_t row, stride, n;
	uint8_t *at;

	(void)state;
	ocr_page(OCR_TD2, 200, 0, &image);
	picture = ocr_picture(&image);
	assert_int_equal(mrz_ocr_read(ocr_reader, &picture, NULL, &plain, 1,
			     &n),
	    MRZ_OK);
	row = (size_t)image.width * image.channels;
	stride = row + 13;
	at = malloc(stride * image.height);
	assert_non_null(at);
	memset(at, 0x55, stride * image.height);
	for (uint32_t y = 0; y < image.height; y++)
		memcpy(at + y * stride, image.pixels + y * image.stride, row);
	picture.pixels = at;
	picture.stride = stride;
	assert_int_equal(mrz_ocr_read(ocr_reader, &picture, NULL, &wide, 1, &n),
	    MRZ_OK);
	for (unsigned i = 0; i < 2; i++)
		assert_string_equal(wide.doc.lines[i], plain.doc.lines[i]);
	assert_memory_equal(&wide.box, &plain.box, sizeof(wide.box));
	free(at);
	mrz_image_free(&image);
}

/* A millisecond is not enough to find anything, and ends the call. */
static void
test_deadline(void **state)
{
	static struct mrz_reading out;
	struct mrz_ocr_options options = { sizeof(options), MRZ_NO_DAY, 1 };
	struct mrz_image image;
	struct mrz_picture picture;
	size_t n = 99;

	(void)state;
	ocr_page(OCR_TD3, 600, 0, &image);
	picture = ocr_picture(&image);
	assert_int_equal(mrz_ocr_read(ocr_reader, &picture, &options, &out, 1,
			     &n),
	    MRZ_E_EMPTY);
	assert_int_equal(n, 0);
	mrz_image_free(&image);
}

/* The recogniser alone: line images of every width, of nothing. */
static void
test_line_widths(void **state)
{
	static struct line_image line;
	static struct recognised symbols;
	struct recogniser *recogniser;

	(void)state;
	assert_int_equal(mrz_recogniser_new(&recogniser), MRZ_OK);
	for (uint32_t width = 0; width <= LINE_MAX_WIDTH + 1;
	     width += width < 60 ? 1 : 97) {
		line.width = width;
		memset(line.at, width % 2 ? 0 : 255, sizeof(line.at));
		mrz_recognise(recogniser, &line, 0, &symbols);
		assert_true(symbols.n <= MAX_SYMBOLS);
	}
	mrz_recogniser_free(&recogniser);
	mrz_recogniser_free(&recogniser);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_document),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_huge_claims),
		cmocka_unit_test(test_stride),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_line_widths),
	};

	return cmocka_run_group_tests(tests, ocr_begin, ocr_end);
}
