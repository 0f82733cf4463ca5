/* Lines of an MRZ drawn for training: where the ink is, and that the same
 * seeds give the same pixels. */
#include "test.h"

#include "draw/line.h"
#include "draw/prng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct mrz_font *font;

/* Black on white paper, 20 pixels high, half a cap height around it. */
static struct mrz_draw_line
plain(const char *text)
{
	return (struct mrz_draw_line){ .text = text,
		.cap = 20,
		.pitch = 1,
		.spacing = 1.5,
		.stretch = 1,
		.left = 1,
		.right = 1,
		.room = 0.5,
		.ink = 0,
		.paper = { .level = 255 } };
}

static unsigned
dark_in(const struct mrz_image *image, uint32_t left, uint32_t right,
    uint32_t top, uint32_t bottom)
{
	unsigned n = 0;
	uint32_t x, y;

	for (y = top; y < bottom; y++)
		for (x = left; x < right; x++)
			n += image->pixels[y * image->stride + x] < 128;
	return n;
}

static void
draw(const struct mrz_draw_line *line, struct mrz_image *out)
{
	assert_int_equal(mrz_draw_line(font, line, out), MRZ_OK);
	assert_int_equal(out->channels, 1);
}

static bool
same(const struct mrz_image *a, const struct mrz_image *b)
{
	uint32_t y;

	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (y = 0; y < a->height; y++)
		if (memcmp(a->pixels + y * a->stride, b->pixels + y * b->stride,
			a->width) != 0)
			return false;
	return true;
}

static void
test_ink_is_in_every_cell(void **state)
{
	static const char text[] =
	    "P<UTO0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<<<";
	struct mrz_draw_line line = plain(text);
	struct mrz_image image;
	double pitch = 20 * mrz_font_pitch(font);
	uint32_t left, right;
	size_t i;

	(void)state;
	draw(&line, &image);
	assert_int_equal(image.height, 40);
	assert_int_equal(image.width, lround(44 * pitch + 40));
	for (i = 0; i < strlen(text); i++) {
		left = (uint32_t)(20 + (double)i * pitch);
		right = (uint32_t)(20 + (double)(i + 1) * pitch);
		assert_true(dark_in(&image, left, right, 10, 31) > 20);
		/* Above and below the capitals there is paper. */
		assert_int_equal(dark_in(&image, left, right, 0, 7), 0);
		assert_int_equal(dark_in(&image, left, right, 34, 40), 0);
	}
	assert_int_equal(dark_in(&image, 0, 19, 0, 40), 0);
	assert_int_equal(dark_in(&image, image.width - 19, image.width, 0, 40),
	    0);
	mrz_image_free(&image);
}

static void
test_shapes_differ(void **state)
{
	static const char *const twins[][2] = { { "O", "0" }, { "I", "1" },
		{ "S", "5" }, { "B", "8" }, { "Z", "2" }, { "G", "6" },
		{ "K", "<" }, { "P", "F" }, { "N", "M" } };
	struct mrz_draw_line line;
	struct mrz_image a, b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		line = plain(twins[i][0]);
		draw(&line, &a);
		line = plain(twins[i][1]);
		draw(&line, &b);
		assert_false(same(&a, &b));
		mrz_image_free(&a);
		mrz_image_free(&b);
	}
}

static void
test_neighbours_are_cut_off(void **state)
{
	struct mrz_draw_line line = plain("<<<<<<");
	struct mrz_image image;

	(void)state;
	line.above = "HHHHHH";
	line.below = "EEEEEE";
	line.room = 1;
	draw(&line, &image);
	/* Baselines 30 pixels apart: 10 of each neighbour are seen. */
	assert_true(dark_in(&image, 0, image.width, 0, 10) > 100);
	assert_int_equal(dark_in(&image, 0, image.width, 12, 18), 0);
	assert_true(dark_in(&image, 0, image.width, 20, 40) > 100);
	assert_true(dark_in(&image, 0, image.width, 51, 60) > 100);
	mrz_image_free(&image);
}

static void
test_paper_ends(void **state)
{
	struct mrz_draw_line line = plain("H");
	struct mrz_image image;
	uint32_t right;

	(void)state;
	line.left = 3;
	line.left_edge = 2;
	line.right = 3;
	line.right_edge = 1;
	line.rule = 0.1;
	line.beyond = 99;
	draw(&line, &image);
	right = image.width - 40;
	assert_int_equal(image.pixels[0], 99);
	assert_int_equal(image.pixels[image.width - 1], 99);
	assert_int_equal(dark_in(&image, 0, 18, 0, 40), 18 * 40);
	/* The rule, two pixels, and paper again. */
	assert_int_equal(image.pixels[18], 0);
	assert_int_equal(image.pixels[19], 0);
	assert_int_equal(dark_in(&image, 20, 58, 0, 40), 0);
	assert_int_equal(dark_in(&image, right + 3, image.width, 0, 40),
	    (image.width - right - 3) * 40);
	assert_int_equal(dark_in(&image, right - 15, right - 1, 0, 40), 0);
	mrz_image_free(&image);
}

static void
test_skew_and_weight(void **state)
{
	struct mrz_draw_line line = plain("11111111111111111111");
	struct mrz_image image;
	uint32_t half;
	unsigned thin, bold;

	(void)state;
	draw(&line, &image);
	thin = dark_in(&image, 0, image.width, 0, image.height);
	mrz_image_free(&image);
	line.weight = 0.1;
	draw(&line, &image);
	bold = dark_in(&image, 0, image.width, 0, image.height);
	mrz_image_free(&image);
	assert_true(bold > thin + thin / 4);

	/* Clockwise: the left end rises, the right end falls. */
	line = plain("HHHHHHHHHHHHHHHHHHHH");
	line.skew = 0.05;
	line.room = 1;
	draw(&line, &image);
	half = image.width / 2;
	assert_true(dark_in(&image, 0, half, 0, 20) >
		    4 * dark_in(&image, half, image.width, 0, 20));
	mrz_image_free(&image);
}

static void
test_same_seed_same_pixels(void **state)
{
	struct mrz_draw_line line = plain("I<UTOD231458907<<<<<<<<<<<<<<<");
	struct mrz_image a, b, c, d;

	(void)state;
	line.unevenness = 1;
	line.stamp = "SPECIMEN";
	line.stamp_opacity = 0.5;
	line.paper.level = 200;
	line.paper.guilloche = 60;
	line.paper.mottle = 20;
	line.paper.grain = 5;
	line.paper.seed = 7;
	line.seed = 9;
	draw(&line, &a);
	draw(&line, &b);
	line.paper.seed = 8;
	draw(&line, &c);
	line.paper.seed = 7;
	line.seed = 10;
	draw(&line, &d);
	assert_true(same(&a, &b));
	assert_false(same(&a, &c));
	assert_false(same(&a, &d));
	mrz_image_free(&a);
	mrz_image_free(&b);
	mrz_image_free(&c);
	mrz_image_free(&d);
}

static void
refuse(const struct mrz_draw_line *line)
{
	static const struct mrz_image none;
	struct mrz_image out;

	memset(&out, 0xAA, sizeof(out));
	assert_int_equal(mrz_draw_line(font, line, &out), MRZ_E_ARG);
	assert_memory_equal(&out, &none, sizeof(out));
}

static void
test_hostile_numbers_are_refused(void **state)
{
	static const double wrong[] = { NAN, INFINITY, -INFINITY, 1e300, -1e9 };
	static const size_t fields[] = { offsetof(struct mrz_draw_line, cap),
		offsetof(struct mrz_draw_line, pitch),
		offsetof(struct mrz_draw_line, spacing),
		offsetof(struct mrz_draw_line, weight),
		offsetof(struct mrz_draw_line, stretch),
		offsetof(struct mrz_draw_line, skew),
		offsetof(struct mrz_draw_line, bend),
		offsetof(struct mrz_draw_line, left),
		offsetof(struct mrz_draw_line, right),
		offsetof(struct mrz_draw_line, left_edge),
		offsetof(struct mrz_draw_line, right_edge),
		offsetof(struct mrz_draw_line, rule),
		offsetof(struct mrz_draw_line, room),
		offsetof(struct mrz_draw_line, shift),
		offsetof(struct mrz_draw_line, unevenness),
		offsetof(struct mrz_draw_line, stamp_opacity),
		offsetof(struct mrz_draw_line, paper.guilloche),
		offsetof(struct mrz_draw_line, paper.mottle),
		offsetof(struct mrz_draw_line, paper.grain) };
	struct mrz_draw_line line;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (j = 0; j < sizeof(wrong) / sizeof(wrong[0]); j++) {
			line = plain("ABC");
			memcpy((char *)&line + fields[i], &wrong[j],
			    sizeof(wrong[j]));
			refuse(&line);
		}
}

static void
test_hostile_texts_are_refused(void **state)
{
	static const char *const wrong[] = {
		NULL, "", "abc", "A B", "A\xC3\x9C",
		"0123456789012345678901234567890123456789012345678901234567890"
	};
	struct mrz_draw_line line;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		line = plain(wrong[i]);
		refuse(&line);
		if (wrong[i] == NULL)
			continue;
		line = plain("ABC");
		line.above = wrong[i];
		refuse(&line);
		line.above = NULL;
		line.below = wrong[i];
		refuse(&line);
		line.below = NULL;
		line.stamp = wrong[i];
		refuse(&line);
	}
}

static void
test_paper_wants_grey(void **state)
{
	struct mrz_paper paper = { .level = 200 };
	struct mrz_image image;

	(void)state;
	assert_int_equal(mrz_image_new(4, 4, 3, 0, &image), MRZ_OK);
	assert_int_equal(mrz_draw_paper(&image, &paper), MRZ_E_ARG);
	assert_int_equal(image.pixels[0], 255);
	mrz_image_free(&image);
}

/* The first numbers of splitmix64 for seed 1234567, as published. */
static void
test_prng_is_splitmix64(void **state)
{
	struct prng prng = { 1234567 };

	(void)state;
	assert_true(prng_next(&prng) == UINT64_C(6457827717110365317));
	assert_true(prng_next(&prng) == UINT64_C(3203168211198807973));
	assert_true(prng_next(&prng) == UINT64_C(9817491932198370423));
	assert_int_equal(prng_below(&prng, 0), 0);
}

static void
test_prng_spreads(void **state)
{
	struct prng prng = { 1 };
	double sum = 0, squares = 0, v;
	unsigned seen[7] = { 0 }, i;

	(void)state;
	for (i = 0; i < 7000; i++) {
		seen[prng_below(&prng, 7)]++;
		v = prng_normal(&prng);
		sum += v;
		squares += v * v;
		v = prng_range(&prng, -3, 5);
		assert_true(v >= -3 && v < 5);
	}
	for (i = 0; i < 7; i++)
		assert_in_range(seen[i], 850, 1150);
	assert_true(fabs(sum / 7000) < 0.05);
	assert_true(fabs(squares / 7000 - 1) < 0.1);
	assert_false(prng_chance(&prng, 0));
	assert_true(prng_chance(&prng, 1));
}

static int
open_font(void **state)
{
	(void)state;
	return mrz_font_open(NULL, &font) == MRZ_OK ? 0 : -1;
}

static int
close_font(void **state)
{
	(void)state;
	mrz_font_free(&font);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ink_is_in_every_cell),
		cmocka_unit_test(test_shapes_differ),
		cmocka_unit_test(test_neighbours_are_cut_off),
		cmocka_unit_test(test_paper_ends),
		cmocka_unit_test(test_skew_and_weight),
		cmocka_unit_test(test_same_seed_same_pixels),
		cmocka_unit_test(test_hostile_numbers_are_refused),
		cmocka_unit_test(test_hostile_texts_are_refused),
		cmocka_unit_test(test_paper_wants_grey),
		cmocka_unit_test(test_prng_is_splitmix64),
		cmocka_unit_test(test_prng_spreads),
	};

	return cmocka_run_group_tests(tests, open_font, close_font);
}
