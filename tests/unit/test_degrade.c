/* What a capture does to a picture, step by step, against what mathematics
 * says of each step. */
#include "test.h"

#include "draw/degrade.h"

#include <math.h>
#include <string.h>

#define WIDTH  80u
#define HEIGHT 48u

static const struct mrz_degrade nothing = { .scale = 1,
	.gain = 1,
	.gamma = 1,
	.white = 255 };

/* A ramp from left to right with a black bar; every channel the same. */
static void
make(unsigned channels, struct mrz_image *out)
{
	uint32_t x, y;
	unsigned c;

	assert_int_equal(mrz_image_new(WIDTH, HEIGHT, channels, 0, out),
	    MRZ_OK);
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			for (c = 0; c < channels; c++)
				out->pixels[y * out->stride + x * channels +
					    c] = (uint8_t)(x >= 30 && x < 36
							       ? 0
							       : 120 + x);
}

static void
make_flat(uint8_t level, struct mrz_image *out)
{
	uint32_t y;

	assert_int_equal(mrz_image_new(WIDTH, HEIGHT, 1, 0, out), MRZ_OK);
	for (y = 0; y < HEIGHT; y++)
		memset(out->pixels + y * out->stride, level, WIDTH);
}

static uint8_t
at(const struct mrz_image *image, uint32_t x, uint32_t y)
{
	return image->pixels[y * image->stride + (size_t)x * image->channels];
}

static void
moments(const struct mrz_image *image, double *mean, double *deviation)
{
	double sum = 0, squares = 0, n = (double)image->width * image->height;
	uint32_t x, y;

	for (y = 0; y < image->height; y++)
		for (x = 0; x < image->width; x++) {
			sum += at(image, x, y);
			squares += (double)at(image, x, y) * at(image, x, y);
		}
	*mean = sum / n;
	*deviation = sqrt(fmax(squares / n - *mean * *mean, 0));
}

static unsigned
differences(const struct mrz_image *a, const struct mrz_image *b)
{
	unsigned n = 0;
	uint32_t x, y;

	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (y = 0; y < a->height; y++)
		for (x = 0; x < a->width; x++)
			n += at(a, x, y) != at(b, x, y);
	return n;
}

static void
degrade(struct mrz_image *image, const struct mrz_degrade *how)
{
	assert_int_equal(mrz_degrade(image, how), MRZ_OK);
}

static void
test_nothing_changes_nothing(void **state)
{
	struct mrz_image a, b;

	(void)state;
	make(1, &a);
	make(1, &b);
	degrade(&a, &nothing);
	assert_int_equal(differences(&a, &b), 0);
	mrz_image_free(&a);
	mrz_image_free(&b);
}

static void
test_blur_keeps_the_mean(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image a;
	double mean, deviation, blurred, softer;

	(void)state;
	make(1, &a);
	moments(&a, &mean, &deviation);
	how.blur = 2.5;
	degrade(&a, &how);
	moments(&a, &blurred, &softer);
	assert_true(fabs(mean - blurred) < 2);
	assert_true(softer < deviation);
	/* In the middle of the bar the paper shines through from three pixels
	 * on: 23 % of the normal distribution, of a grey of 153. */
	assert_in_range(at(&a, 33, 20), 31, 42);
	mrz_image_free(&a);
}

static void
test_capture_is_smaller(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image a;
	double mean, deviation, small, unused;

	(void)state;
	make(1, &a);
	moments(&a, &mean, &deviation);
	how.scale = 0.25;
	degrade(&a, &how);
	assert_int_equal(a.width, WIDTH / 4);
	assert_int_equal(a.height, HEIGHT / 4);
	moments(&a, &small, &unused);
	assert_true(fabs(mean - small) < 3);
	mrz_image_free(&a);
}

static void
test_noise_is_as_strong_as_asked(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image a, b, c;
	double mean, deviation;

	(void)state;
	how.noise = 10;
	how.seed = 3;
	make_flat(128, &a);
	make_flat(128, &b);
	make_flat(128, &c);
	degrade(&a, &how);
	degrade(&b, &how);
	how.seed = 4;
	degrade(&c, &how);
	moments(&a, &mean, &deviation);
	assert_true(fabs(mean - 128) < 1);
	assert_true(fabs(deviation - 10) < 1);
	assert_int_equal(differences(&a, &b), 0);
	assert_true(differences(&a, &c) > WIDTH * HEIGHT / 2);
	mrz_image_free(&a);
	mrz_image_free(&b);
	mrz_image_free(&c);
}

static void
test_light_falls_off(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image a;

	(void)state;
	make_flat(200, &a);
	how.light_x = 0.5;
	degrade(&a, &how);
	assert_int_equal(at(&a, 0, 5), 200);
	assert_in_range(at(&a, WIDTH - 1, 5), 98, 104);
	mrz_image_free(&a);

	make_flat(200, &a);
	how.light_x = 0;
	how.light_y = -0.5;
	degrade(&a, &how);
	assert_in_range(at(&a, 0, 0), 98, 104);
	assert_true(at(&a, 0, HEIGHT - 1) > 190);
	mrz_image_free(&a);
}

static void
test_levels(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image a;

	(void)state;
	make_flat(255, &a);
	how.black = 50;
	how.white = 200;
	degrade(&a, &how);
	assert_int_equal(at(&a, 1, 1), 200);
	mrz_image_free(&a);

	/* (128 / 255) squared is 0.252. */
	how = nothing;
	how.gamma = 2;
	make_flat(128, &a);
	degrade(&a, &how);
	assert_int_equal(at(&a, 1, 1), 64);
	mrz_image_free(&a);

	/* With all the gain, what lies between black and white is little. */
	how = nothing;
	how.gain = 50;
	make(1, &a);
	degrade(&a, &how);
	assert_int_equal(at(&a, 33, 3), 0);
	assert_int_equal(at(&a, 60, 3), 255);
	mrz_image_free(&a);
}

/* A flat picture of a level that is a multiple of the first step passes; edges
 * do not, and the less so the lower the quality. */
static void
test_jpeg_takes_edges(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image good, bad, flat, was;

	(void)state;
	make(1, &good);
	make(1, &bad);
	make(1, &was);
	make_flat(128, &flat);
	how.jpeg = 95;
	degrade(&good, &how);
	how.jpeg = 10;
	degrade(&bad, &how);
	degrade(&flat, &how);
	assert_int_equal(at(&flat, 11, 11), 128);
	assert_true(differences(&bad, &was) > WIDTH * HEIGHT / 4);
	assert_in_range(at(&good, 33, 9), 0, 6);
	assert_in_range(at(&good, 70, 9), 186, 194);
	/* Blocks that hold no edge stay what they were, nearly. */
	assert_in_range(at(&bad, 70, 9), 175, 205);
	mrz_image_free(&good);
	mrz_image_free(&bad);
	mrz_image_free(&flat);
	mrz_image_free(&was);
}

static void
test_channels_alike(void **state)
{
	struct mrz_degrade how = nothing;
	struct mrz_image grey, color;
	uint32_t x, y;
	unsigned c;

	(void)state;
	how.blur = 1;
	how.sharpen = 1;
	how.scale = 0.5;
	how.jpeg = 60;
	make(1, &grey);
	make(3, &color);
	degrade(&grey, &how);
	degrade(&color, &how);
	for (y = 0; y < grey.height; y++)
		for (x = 0; x < grey.width; x++)
			for (c = 0; c < 3; c++)
				assert_int_equal(at(&grey, x, y),
				    color.pixels[y * color.stride + x * 3 + c]);
	mrz_image_free(&grey);
	mrz_image_free(&color);
}

static void
test_resample(void **state)
{
	static const enum mrz_filter filters[] = { MRZ_FILTER_LINEAR,
		MRZ_FILTER_CUBIC };
	struct mrz_image a, b;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		make(1, &a);
		assert_int_equal(mrz_resample(&a, 200, 31, filters[i], &b),
		    MRZ_OK);
		assert_int_equal(b.width, 200);
		assert_int_equal(b.height, 31);
		/* The middle of the bar, and a place of the ramp. */
		assert_in_range(at(&b, 82, 15), 0, 3);
		assert_in_range(at(&b, 150, 15), 178, 182);
		mrz_image_free(&b);
		mrz_image_free(&a);
	}
	make_flat(77, &a);
	assert_int_equal(mrz_resample(&a, 13, 200, MRZ_FILTER_CUBIC, &b),
	    MRZ_OK);
	assert_int_equal(at(&b, 0, 0), 77);
	assert_int_equal(at(&b, 12, 199), 77);
	mrz_image_free(&b);
	assert_int_not_equal(mrz_resample(&a, 0, 5, MRZ_FILTER_LINEAR, &b),
	    MRZ_OK);
	assert_null(b.pixels);
	assert_int_not_equal(mrz_resample(&a, 40000, 5, MRZ_FILTER_LINEAR, &b),
	    MRZ_OK);
	assert_null(b.pixels);
	assert_int_equal(mrz_resample(&a, 5, 5, (enum mrz_filter)7, &b),
	    MRZ_E_ARG);
	assert_null(b.pixels);
	mrz_image_free(&a);
}

static void
test_hostile_numbers_are_refused(void **state)
{
	static const double wrong[] = { NAN, INFINITY, -INFINITY, 1e300, -1e9 };
	static const size_t fields[] = { offsetof(struct mrz_degrade, light_x),
		offsetof(struct mrz_degrade, light_y),
		offsetof(struct mrz_degrade, spot),
		offsetof(struct mrz_degrade, blur),
		offsetof(struct mrz_degrade, scale),
		offsetof(struct mrz_degrade, noise),
		offsetof(struct mrz_degrade, sharpen),
		offsetof(struct mrz_degrade, gain),
		offsetof(struct mrz_degrade, gamma) };
	struct mrz_degrade how;
	struct mrz_image a, b;
	size_t i, j;

	(void)state;
	make(1, &a);
	make(1, &b);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (j = 0; j < sizeof(wrong) / sizeof(wrong[0]); j++) {
			how = nothing;
			memcpy((char *)&how + fields[i], &wrong[j],
			    sizeof(wrong[j]));
			assert_int_equal(mrz_degrade(&a, &how), MRZ_E_ARG);
		}
	how = nothing;
	how.jpeg = 101;
	assert_int_equal(mrz_degrade(&a, &how), MRZ_E_ARG);
	how = nothing;
	how.black = 255;
	assert_int_equal(mrz_degrade(&a, &how), MRZ_E_ARG);
	assert_int_equal(differences(&a, &b), 0);
	mrz_image_free(&a);
	mrz_image_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_changes_nothing),
		cmocka_unit_test(test_blur_keeps_the_mean),
		cmocka_unit_test(test_capture_is_smaller),
		cmocka_unit_test(test_noise_is_as_strong_as_asked),
		cmocka_unit_test(test_light_falls_off),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_jpeg_takes_edges),
		cmocka_unit_test(test_channels_alike),
		cmocka_unit_test(test_resample),
		cmocka_unit_test(test_hostile_numbers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
