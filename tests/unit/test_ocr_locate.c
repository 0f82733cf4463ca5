#include "ocr_page.h"

#include "ocr/locate.h"
#include "ocr/print_line.h"
#include "ocr/rectify.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

static const struct {
	const char *text;
	enum mrz_format format;
} pages[] = {
	{ OCR_TD1, MRZ_TD1 },
	{ OCR_TD2, MRZ_TD2 },
	{ OCR_TD3, MRZ_TD3 },
	{ OCR_MRVA, MRZ_MRVA },
	{ OCR_MRVB, MRZ_MRVB },
};

static void
load(const struct mrz_image *image, struct pyramid *pyramid)
{
	struct mrz_picture picture = ocr_picture(image);

	assert_true(mrz_pyramid_build(&picture, GREY_LUMA, pyramid));
}

/* Where the page has its zone, by the geometry that it was drawn by. */
static void
check_zone(const struct print_zone *zone, enum mrz_format format, double dpi,
    double height)
{
	const struct mrz_page_geometry *at = mrz_page_geometry(format);
	unsigned len = mrz_format_line_len(format);
	double mm = dpi / 25.4, pitch = 2.54 * mm;

	assert_int_equal(zone->n_lines, mrz_format_lines(format));
	for (unsigned i = 0; i < zone->n_lines; i++) {
		const struct print_line *line = &zone->lines[i];
		double up = at->lowest_line +
			    (zone->n_lines - 1 - i) * at->line_pitch;

		assert_int_equal(line->n_cells, len);
		assert_true(fabs(line->x0 - at->zone_left * mm - pitch / 2) <
			    0.25 * pitch);
		assert_true(fabs(mrz_line_x(line, len - 1) - line->x0 -
				 (len - 1) * pitch) < 0.25 * pitch);
		assert_true(fabs(line->y0 - (height - up * mm)) < 0.2 * pitch);
		assert_true(line->regular > 0.9);
	}
}

static void
test_every_layout(void **state)
{
	static const uint32_t dpis[] = { 100, 200, 300, 600 };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pages); i++) {
		for (size_t k = 0; k < N_ELEMENTS(dpis); k++) {
			struct mrz_image image;
			struct pyramid pyramid;
			struct print_zone zones[MAX_ZONES];
			size_t n;

			ocr_page(pages[i].text, dpis[k], 0, &image);
			load(&image, &pyramid);
			assert_true(mrz_locate(&pyramid, 1600, 0, zones, &n));
			assert_true(n > 0);
			assert_int_equal(zones[0].rotation, 0);
			check_zone(&zones[0], pages[i].format, dpis[k],
			    image.height);
			mrz_pyramid_free(&pyramid);
			mrz_image_free(&image);
		}
	}
}

/* Whichever way the page lies: the zone in the frame of its rotation, flipped
 * where it stands on its head, is that of the upright page. */
static void
test_every_rotation(void **state)
{
	(void)state;
	for (unsigned turn = 0; turn < 360; turn += 90) {
		struct mrz_image image;
		struct pyramid pyramid;
		struct print_zone zones[MAX_ZONES];
		double width, height;
		size_t n;

		ocr_page(OCR_TD3, 300, turn, &image);
		load(&image, &pyramid);
		assert_true(mrz_locate(&pyramid, 1600, 0, zones, &n));
		assert_true(n > 0);
		assert_int_equal(zones[0].rotation, turn % 180);
		width = turn % 180 ? image.height : image.width;
		height = turn % 180 ? image.width : image.height;
		/* To make it upright, it is turned the rest of the way. */
		if (zones[0].rotation != (360 - turn) % 360)
			mrz_zone_flip(&zones[0], width, height);
		assert_int_equal(zones[0].rotation, (360 - turn) % 360);
		check_zone(&zones[0], MRZ_TD3, 300, height);
		mrz_pyramid_free(&pyramid);
		mrz_image_free(&image);
	}
}

/* Frame and picture: the corners of a picture of 300 x 200. */
static void
test_frame(void **state)
{
	static const struct {
		unsigned rotation;
		double frame[2], picture[2];
	} corners[] = {
		{ 0, { 10, 20 }, { 10, 20 } },
		{ 90, { 0, 0 }, { 0, 200 } }, /* 200 wide, 300 high */
		{ 90, { 200, 300 }, { 300, 0 } },
		{ 180, { 0, 0 }, { 300, 200 } },
		{ 270, { 0, 0 }, { 300, 0 } },
		{ 270, { 200, 300 }, { 0, 200 } },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(corners); i++) {
		double x = corners[i].frame[0], y = corners[i].frame[1];

		mrz_frame_to_picture(corners[i].rotation, 300, 200, &x, &y);
		assert_true(fabs(x - corners[i].picture[0]) < 1e-9);
		assert_true(fabs(y - corners[i].picture[1]) < 1e-9);
	}
}

/* The darkest of the rows of a cell that hold capitals, and the lightest of
 * those above them. */
static void
look_at_cell(const struct line_image *line, unsigned cell, int *ink, int *above)
{
	*ink = 255;
	*above = 255;
	for (unsigned x = cell * LINE_PITCH; x < (cell + 1) * LINE_PITCH; x++) {
		for (unsigned y = 0; y < LINE_HEIGHT; y++) {
			int value = line->at[y * line->width + x];

			if (y >= 7 && y < LINE_HEIGHT - 7 && value < *ink)
				*ink = value;
			if (y < 4 && value < *above)
				*above = value;
		}
	}
}

static void
test_line_image(void **state)
{
	static const struct style style = { LINE_PITCH, LINE_CAP, 0, 0, 1 };
	static struct line_image line;
	struct mrz_image image;
	struct pyramid pyramid;
	struct print_zone zones[MAX_ZONES];
	size_t n;

	(void)state;
	ocr_page(OCR_TD3, 300, 0, &image);
	load(&image, &pyramid);
	assert_true(mrz_locate(&pyramid, 1600, 0, zones, &n));
	assert_true(n > 0);
	for (unsigned i = 0; i < 2; i++) {
		mrz_rectify(&pyramid, 0, &zones[0].lines[i], -1, 46, &style,
		    &line);
		assert_int_equal(line.width, 46 * LINE_PITCH);
		for (unsigned cell = 1; cell <= 44; cell++) {
			int ink, above;

			look_at_cell(&line, cell, &ink, &above);
			assert_true(ink < 90);
			assert_true(above > 140);
		}
	}
	mrz_pyramid_free(&pyramid);
	mrz_image_free(&image);
}

/* No zone: text of another kind is no line of one pitch, dirt is none. */
static void
test_nothing(void **state)
{
	struct mrz_image image;
	struct pyramid pyramid;
	struct print_zone zones[MAX_ZONES];
	uint32_t random = 1;
	size_t n;

	(void)state;
	assert_int_equal(mrz_image_new(900, 700, 1, 0, &image), MRZ_OK);
	load(&image, &pyramid);
	assert_true(mrz_locate(&pyramid, 1600, 0, zones, &n));
	assert_int_equal(n, 0);
	mrz_pyramid_free(&pyramid);
	for (size_t i = 0; i < image.stride * image.height; i++) {
		random = random * 1664525u + 1013904223u;
		image.pixels[i] = (uint8_t)(random >> 24);
	}
	load(&image, &pyramid);
	assert_true(mrz_locate(&pyramid, 1600, 0, zones, &n));
	assert_true(n <= MAX_ZONES);
	mrz_pyramid_free(&pyramid);
	mrz_image_free(&image);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_layout),
		cmocka_unit_test(test_every_rotation),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_line_image),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
