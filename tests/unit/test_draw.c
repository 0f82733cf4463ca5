/*
 * Drawing. What is wanted of a page stands here in millimetres again, read out
 * of Doc 9303 and not out of the code; PNG is decoded by libpng.
 */
#include "draw/draw.h"

#include "test.h"

#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DARK 100 /* ink; the paper and what is printed on it is above 150 */

struct want {
	const char *file;
	enum mrz_format format;
	double width, height, zone, left;
	unsigned n_lines, line_len;
	double low[3], high[3]; /* printing zones above the edge, top first */
};

/*
 * Doc 9303-4 figures 3 and 7, -7 figure 3 (same for -6): two zones of 4.3 mm
 * around 15.75 and 9.40. -5 figure 6: three zones of 2.95 mm, 4.23 mm apart.
 */
static const struct want wants[] = {
	{ "utopia", MRZ_TD3, 125, 88, 23.2, 6.0, 2, 44, { 13.6, 7.25 },
	    { 17.9, 11.55 } },
	{ "td2", MRZ_TD2, 105, 74, 23.2, 4.0, 2, 36, { 13.6, 7.25 },
	    { 17.9, 11.55 } },
	{ "mrv-a", MRZ_MRVA, 120, 80, 23.2, 4.0, 2, 44, { 13.6, 7.25 },
	    { 17.9, 11.55 } },
	{ "mrv-b", MRZ_MRVB, 105, 74, 23.2, 4.0, 2, 36, { 13.6, 7.25 },
	    { 17.9, 11.55 } },
	{ "td1", MRZ_TD1, 85.6, 54, 23.3, 5.0, 3, 30, { 14.555, 10.325, 6.095 },
	    { 17.505, 13.275, 9.045 } },
};

#define N_WANTS (sizeof(wants) / sizeof(wants[0]))

/* Allocations of the drawing code; the one that is to fail, 0: none. */
static size_t n_allocations, failing;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);

void *
__wrap_malloc(size_t size)
{
	return ++n_allocations == failing ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return ++n_allocations == failing ? NULL : __real_calloc(n, size);
}

static void
load(const char *name, struct mrz_doc *doc)
{
	const struct mrz_options options = { sizeof(options), 20780 };
	char path[512], text[4096];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/samples/mrz/%s.txt", MRTD_SOURCE_DIR,
	    name);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(mrz_parse(text, len, &options, doc), MRZ_OK);
}

static unsigned
grey_at(const struct mrz_image *image, uint32_t x, uint32_t y)
{
	const uint8_t *p = image->pixels + y * image->stride +
			   (size_t)x * image->channels;

	if (image->channels == 1)
		return p[0];
	return (299u * p[0] + 587u * p[1] + 114u * p[2]) / 1000u;
}

/* ---- Pictures --------------------------------------------------------- */

static void
sizes_are_bounded(void **state)
{
	static const struct {
		uint32_t width, height, channels;
	} refused[] = { { 0, 1, 1 }, { 1, 0, 3 }, { 1, 1, 0 }, { 1, 1, 2 },
		{ 1, 1, 4 }, { 32768, 1, 1 }, { 1, 32768, 1 },
		{ 10001, 10000, 1 }, { 32767, 32767, 3 },
		{ UINT32_MAX, UINT32_MAX, 3 }, { 65536, 65536, 1 } };
	struct mrz_image image;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		memset(&image, 0xA5, sizeof(image));
		assert_int_equal(mrz_image_new(refused[i].width,
				     refused[i].height, refused[i].channels, 0,
				     &image),
		    MRZ_E_ARG);
		assert_null(image.pixels);
		assert_int_equal(image.stride, 0);
	}
	assert_int_equal(mrz_image_new(32767, 1, 3, 300, &image), MRZ_OK);
	assert_int_equal(image.stride, 3 * 32767);
	assert_int_equal(image.pixels[image.stride - 1], 255);
	mrz_image_free(&image);
	assert_null(image.pixels);
	mrz_image_free(&image);
	mrz_image_free(NULL);
}

/* A picture in which every pixel is another one. */
static struct mrz_image
numbered(uint32_t width, uint32_t height, uint32_t channels)
{
	struct mrz_image image;
	size_t i;

	assert_int_equal(mrz_image_new(width, height, channels, 300, &image),
	    MRZ_OK);
	for (i = 0; i < image.stride * height; i++)
		image.pixels[i] = (uint8_t)(i * 37 + i / 251);
	return image;
}

static void
turning(void **state)
{
	struct mrz_image image = numbered(5, 3, 3), turned, back;

	(void)state;
	assert_int_equal(mrz_image_turn(&image, 90, &turned), MRZ_OK);
	assert_int_equal(turned.width, 3);
	assert_int_equal(turned.height, 5);
	assert_int_equal(turned.dpi, 300);
	/* Clockwise: the first row becomes the last column. */
	assert_memory_equal(turned.pixels + 3 * 2, image.pixels, 3);
	assert_memory_equal(turned.pixels + 4 * turned.stride + 3 * 2,
	    image.pixels + 3 * 4, 3);
	assert_int_equal(mrz_image_turn(&turned, 270, &back), MRZ_OK);
	assert_memory_equal(back.pixels, image.pixels, 5 * 3 * 3);
	mrz_image_free(&back);
	mrz_image_free(&turned);
	assert_int_equal(mrz_image_turn(&image, 180, &turned), MRZ_OK);
	assert_memory_equal(turned.pixels, image.pixels + 3 * 14, 3);
	mrz_image_free(&turned);
	assert_int_equal(mrz_image_turn(&image, 45, &turned), MRZ_E_ARG);
	assert_null(turned.pixels);
	mrz_image_free(&image);
}

static void
grey(void **state)
{
	struct mrz_image image;

	(void)state;
	assert_int_equal(mrz_image_new(7, 2, 3, 0, &image), MRZ_OK);
	for (size_t i = 0; i < 7u * 2; i++)
		memcpy(image.pixels + 3 * i, "\xFF\0\0", 3);
	memcpy(image.pixels + 3, "\xFF\xFF\xFF", 3);
	mrz_image_to_grey(&image);
	assert_int_equal(image.channels, 1);
	assert_int_equal(image.pixels[0], 76);
	assert_int_equal(image.pixels[1], 255);
	assert_int_equal(image.pixels[image.stride + 6], 76);
	mrz_image_to_grey(&image);
	assert_int_equal(image.pixels[0], 76);
	mrz_image_free(&image);
}

/* ---- PNG -------------------------------------------------------------- */

/* The four bytes of the type at which a chunk starts, or NULL. */
static const uint8_t *
chunk(const uint8_t *bytes, size_t len, const char *type)
{
	size_t at = 8, n;

	while (at + 12 <= len) {
		n = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
		    (size_t)bytes[at + 2] << 8 | bytes[at + 3];
		if (memcmp(bytes + at + 4, type, 4) == 0)
			return bytes + at + 4;
		at += n + 12;
	}
	return NULL;
}

static void
png_is_what_was_drawn(const struct mrz_image *image, int color_type)
{
	png_image seen = { .version = PNG_IMAGE_VERSION };
	const uint8_t *phys;
	uint8_t *bytes, *pixels;
	size_t len;
	uint32_t y;

	assert_int_equal(mrz_image_png(image, &bytes, &len), MRZ_OK);
	assert_int_equal(bytes[25], color_type);
	phys = chunk(bytes, len, "pHYs");
	if (image->dpi == 0)
		assert_null(phys);
	else
		assert_memory_equal(phys + 4,
		    image->dpi == 72 ? "\0\0\x0B\x13\0\0\x0B\x13\1"
				     : "\0\0\x2E\x23\0\0\x2E\x23\1",
		    9); /* 2835 and 11811 a metre */
	assert_int_not_equal(png_image_begin_read_from_memory(&seen, bytes,
				 len),
	    0);
	assert_int_equal(seen.width, image->width);
	assert_int_equal(seen.height, image->height);
	seen.format = image->channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
	pixels = malloc(PNG_IMAGE_SIZE(seen));
	assert_non_null(pixels);
	assert_int_not_equal(png_image_finish_read(&seen, NULL, pixels, 0,
				 NULL),
	    0);
	for (y = 0; y < image->height; y++)
		assert_memory_equal(pixels + (size_t)y * image->width *
						 image->channels,
		    image->pixels + y * image->stride,
		    (size_t)image->width * image->channels);
	free(pixels);
	free(bytes);
}

static void
png(void **state)
{
	struct mrz_image image = numbered(301, 199, 3);
	uint32_t i;

	(void)state;
	png_is_what_was_drawn(&image, 2);
	mrz_image_free(&image);
	image = numbered(97, 31, 1);
	image.dpi = 0;
	png_is_what_was_drawn(&image, 0);
	mrz_image_free(&image);
	image = numbered(1, 1, 3);
	image.dpi = 72;
	png_is_what_was_drawn(&image, 3);
	mrz_image_free(&image);
	/* 256 colours still have a palette, 257 do not. */
	assert_int_equal(mrz_image_new(257, 2, 3, 300, &image), MRZ_OK);
	for (i = 0; i < 257; i++)
		image.pixels[3 * i] = (uint8_t)(i < 256 ? i : 255);
	memset(image.pixels + image.stride, 0xFF, image.stride);
	png_is_what_was_drawn(&image, 3);
	image.pixels[0] = 0;
	image.pixels[1] = 1;
	image.pixels[3 * 256] = 0;
	png_is_what_was_drawn(&image, 2);
	mrz_image_free(&image);
}

/* ---- Text ------------------------------------------------------------- */

static size_t
ink(const struct mrz_image *image)
{
	size_t sum = 0;
	uint32_t x, y;

	for (y = 0; y < image->height; y++)
		for (x = 0; x < image->width; x++)
			sum += 255u - grey_at(image, x, y);
	return sum;
}

static void
fonts_that_are_none(void **state)
{
	struct mrz_font *font = NULL;

	(void)state;
	assert_int_equal(mrz_font_open("/no/such/font", &font), MRZ_E_FONT);
	assert_null(font);
	assert_int_equal(mrz_font_open("/dev/null", &font), MRZ_E_FONT);
	assert_int_equal(mrz_font_open(MRTD_SOURCE_DIR "/README.md", &font),
	    MRZ_E_FONT);
	mrz_font_free(&font);
	mrz_font_free(NULL);
}

static void
text_that_is_refused(void **state)
{
	static const char *const broken[] = { "\x80", "\xC3", "\xC0\xAF",
		"\xED\xA0\x80", "\xF5\x80\x80\x80", "a\xE2\x82", "\xE0\x80\xAF",
		"\xFF", "\xF4\x90\x80\x80" };
	const struct mrz_text fine = { .cap_height = 20 };
	struct mrz_text style;
	struct mrz_image image;
	struct mrz_font *font;
	size_t i;

	(void)state;
	assert_int_equal(mrz_font_open(NULL, &font), MRZ_OK);
	assert_int_equal(mrz_image_new(50, 50, 1, 0, &image), MRZ_OK);
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		assert_int_equal(mrz_font_draw(font, &image, 5, 40, broken[i],
				     &fine),
		    MRZ_E_ARG);
		assert_true(mrz_font_width(font, broken[i], &fine) == 0);
	}
	for (i = 0; i < 9; i++) {
		style = fine;
		switch (i) {
		case 0:
			style.cap_height = 0;
			break;
		case 1:
			style.cap_height = 2001;
			break;
		case 2:
			style.cap_height = (double)NAN;
			break;
		case 3:
			style.pitch = -1;
			break;
		case 4:
			style.pitch = 1e9;
			break;
		case 5:
			style.weight = 11;
			break;
		case 6:
			style.angle = (double)INFINITY;
			break;
		case 7:
			style.opacity = 1.5;
			break;
		default:
			style.stretch = 100;
			break;
		}
		assert_int_equal(mrz_font_draw(font, &image, 5, 40, "A",
				     &style),
		    MRZ_E_ARG);
	}
	assert_int_equal(mrz_font_draw(font, &image, (double)NAN, 40, "A",
			     &fine),
	    MRZ_E_ARG);
	assert_int_equal(ink(&image), 0);
	mrz_image_free(&image);
	mrz_font_free(&font);
}

/* Far outside it costs nothing; at the edges it is cut, and stays inside. */
static void
text_at_the_edges(void **state)
{
	const struct mrz_text style = { .cap_height = 30, .weight = 3 };
	static const double far[] = { -1e300, -1e9, -40, -3, 0, 35, 60, 100,
		1e9, 1e300 };
	struct mrz_image image;
	struct mrz_font *font;
	size_t i, j;

	(void)state;
	assert_int_equal(mrz_font_open(NULL, &font), MRZ_OK);
	assert_int_equal(mrz_image_new(64, 64, 3, 0, &image), MRZ_OK);
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		for (j = 0; j < sizeof(far) / sizeof(far[0]); j++)
			assert_int_equal(mrz_font_draw(font, &image, far[i],
					     far[j], "<8W\xC2\xB0", &style),
			    MRZ_OK);
	assert_true(ink(&image) > 0);
	mrz_image_free(&image);
	mrz_font_free(&font);
}

static void
text_is_drawn(void **state)
{
	struct mrz_text style = { .cap_height = 30, .pitch = 33.25 };
	struct mrz_image plain, bold, grey_one;
	struct mrz_font *font;

	(void)state;
	assert_int_equal(mrz_font_open(NULL, &font), MRZ_OK);
	assert_true(mrz_font_width(font, "P<UTO", &style) == 5 * 33.25);
	assert_int_equal(mrz_image_new(200, 60, 3, 0, &plain), MRZ_OK);
	assert_int_equal(mrz_image_new(200, 60, 3, 0, &bold), MRZ_OK);
	assert_int_equal(mrz_image_new(200, 60, 1, 0, &grey_one), MRZ_OK);
	assert_int_equal(mrz_font_draw(font, &plain, 5.5, 45.25, "P<UTO",
			     &style),
	    MRZ_OK);
	assert_int_equal(mrz_font_draw(font, &grey_one, 5.5, 45.25, "P<UTO",
			     &style),
	    MRZ_OK);
	assert_int_equal(ink(&plain), ink(&grey_one));
	style.weight = 2;
	assert_int_equal(mrz_font_draw(font, &bold, 5.5, 45.25, "P<UTO",
			     &style),
	    MRZ_OK);
	/* Strokes of OCR-B are a seventh of the capitals: 4 and 6 pixels. */
	assert_true(ink(&bold) > ink(&plain) * 13 / 10);
	assert_true(ink(&bold) < ink(&plain) * 17 / 10);
	mrz_image_free(&plain);
	mrz_image_free(&bold);
	mrz_image_free(&grey_one);
	mrz_font_free(&font);
}

/* A quarter turn clockwise: the same ink, from top to bottom. */
static void
text_turns(void **state)
{
	struct mrz_text style = { .cap_height = 30 };
	struct mrz_image lying, standing, turned;
	struct mrz_font *font;
	size_t i, differ = 0;

	(void)state;
	assert_int_equal(mrz_font_open(NULL, &font), MRZ_OK);
	assert_int_equal(mrz_image_new(120, 60, 1, 0, &lying), MRZ_OK);
	assert_int_equal(mrz_image_new(60, 120, 1, 0, &standing), MRZ_OK);
	assert_int_equal(mrz_font_draw(font, &lying, 10, 45, "7LF", &style),
	    MRZ_OK);
	style.angle = acos(0);
	assert_int_equal(mrz_font_draw(font, &standing, 60 - 45, 10, "7LF",
			     &style),
	    MRZ_OK);
	assert_int_equal(mrz_image_turn(&lying, 90, &turned), MRZ_OK);
	assert_true(ink(&lying) > 100000);
	for (i = 0; i < 60 * 120; i++)
		differ += abs(turned.pixels[i] - standing.pixels[i]) > 12;
	assert_true(differ < 60);
	mrz_image_free(&lying);
	mrz_image_free(&standing);
	mrz_image_free(&turned);
	mrz_font_free(&font);
}

/* ---- Pages ------------------------------------------------------------ */

struct rows {
	double left, right, low, high; /* mm; of the ink */
	bool any;
};

/* The ink between two heights above the bottom edge. */
static struct rows
ink_between(const struct mrz_image *image, double low, double high)
{
	double mm = 25.4 / image->dpi, height = image->height * mm;
	struct rows rows = { 1e9, -1e9, 1e9, -1e9, false };
	uint32_t x, y;

	for (y = 0; y < image->height; y++) {
		double up = height - (y + 0.5) * mm;

		if (up < low || up > high)
			continue;
		for (x = 0; x < image->width; x++) {
			if (grey_at(image, x, y) >= DARK)
				continue;
			rows.any = true;
			rows.left = fmin(rows.left, x * mm);
			rows.right = fmax(rows.right, (x + 1) * mm);
			rows.low = fmin(rows.low, up - mm / 2);
			rows.high = fmax(rows.high, up + mm / 2);
		}
	}
	return rows;
}

/* Each line is in its printing zone, and nothing dark is outside of them. */
static void
check_zone(const struct mrz_image *image, const struct want *want)
{
	double pixel = 25.4 / image->dpi, below = 0, width;
	struct rows rows;
	unsigned i;

	for (i = want->n_lines; i-- > 0;) {
		assert_false(ink_between(image, below, want->low[i]).any);
		rows = ink_between(image, want->low[i], want->high[i]);
		assert_true(rows.any);
		below = want->high[i];
		/* Capitals of 2.46 mm at least, digits of 2.66 at most; a soft
		 * edge takes a pixel or lends one. */
		assert_true(rows.high - rows.low > 2.4 - 2 * pixel);
		assert_true(rows.high - rows.low < 2.75 + 2 * pixel);
		assert_true(fabs(rows.left - want->left) < 1.0);
		width = (want->line_len - 1) * 2.54 + 1.7;
		assert_true(fabs(rows.right - rows.left - width) < 0.6);
		assert_true(rows.right < want->width - 2.0);
	}
	assert_false(ink_between(image, below, want->zone).any);
}

/* Doc 9303-3 4.11: a print contrast signal of at least 0.6, everywhere. */
static void
check_paper(const struct mrz_image *image, const struct want *want)
{
	uint32_t from = image->height -
			(uint32_t)floor(
			    want->low[want->n_lines - 1] * image->dpi / 25.4);
	uint32_t x, y;

	for (y = from; y < image->height; y++)
		for (x = 0; x < image->width; x++)
			assert_true(grey_at(image, x, y) > 18 / (1 - 0.6) * 4);
}

/* SPECIMEN, which is red on pale paper, is above the zone and not in it. */
static void
check_specimen(const struct mrz_image *image, const struct want *want)
{
	uint32_t top = image->height -
		       (uint32_t)floor((want->zone - 0.5) * image->dpi / 25.4);
	size_t above = 0;
	const uint8_t *p;
	uint32_t x, y;

	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++) {
			p = image->pixels + y * image->stride + 3 * (size_t)x;
			if (p[0] < 200 || p[0] < p[1] + 16)
				continue;
			assert_true(y < top);
			above++;
		}
	}
	assert_true(above * 150 > (size_t)image->width * top);
}

static void
pages(void **state)
{
	static const uint32_t dpis[] = { 72, 100, 150, 203, 300, 600 };
	struct mrz_draw_page page = { .size = sizeof(page) };
	struct mrz_image image;
	struct mrz_doc doc;
	size_t i, j;

	(void)state;
	for (i = 0; i < N_WANTS; i++) {
		load(wants[i].file, &doc);
		assert_int_equal(doc.format, wants[i].format);
		page.doc = &doc;
		for (j = 0; j < sizeof(dpis) / sizeof(dpis[0]); j++) {
			page.dpi = dpis[j];
			assert_int_equal(mrz_draw_page(&page, &image), MRZ_OK);
			assert_int_equal(image.channels, 3);
			assert_int_equal(image.dpi, dpis[j]);
			assert_true(fabs(image.width * 25.4 / dpis[j] -
					 wants[i].width) < 0.5);
			assert_true(fabs(image.height * 25.4 / dpis[j] -
					 wants[i].height) < 0.5);
			/* Thin strokes are no longer dark below this. */
			if (dpis[j] >= 150)
				check_zone(&image, &wants[i]);
			check_paper(&image, &wants[i]);
			check_specimen(&image, &wants[i]);
			mrz_image_free(&image);
		}
	}
}

static void
pages_that_are_refused(void **state)
{
	static const uint32_t dpis[] = { 1, 71, 1201, 100000, UINT32_MAX };
	struct mrz_draw_page page = { .size = sizeof(page) };
	struct mrz_image image;
	struct mrz_doc doc;
	size_t i;

	(void)state;
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_ARG);
	load("utopia", &doc);
	page.doc = &doc;
	for (i = 0; i < sizeof(dpis) / sizeof(dpis[0]); i++) {
		page.dpi = dpis[i];
		assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_ARG);
		assert_null(image.pixels);
	}
	page.dpi = 0;
	page.size = 4;
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_ARG);
	page.size = sizeof(page);
	page.zone_font = "/no/such/font";
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_FONT);
	page.zone_font = NULL;
	page.text_font = "/no/such/font";
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_FONT);
	assert_null(image.pixels);
	page.text_font = NULL;
	doc.format = MRZ_UNKNOWN;
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_ARG);
	doc.format = MRZ_N_FORMATS;
	assert_int_equal(mrz_draw_page(&page, &image), MRZ_E_ARG);
	assert_null(mrz_page_geometry(MRZ_UNKNOWN));
}

/* The same page twice is the same bytes; another face changes the face. */
static void
pages_come_again(void **state)
{
	struct mrz_image face = numbered(40, 30, 1), once, twice, other;
	struct mrz_draw_page page = { .size = sizeof(page), .dpi = 100 };
	struct mrz_doc doc;
	uint32_t zone;

	(void)state;
	load("utopia", &doc);
	page.doc = &doc;
	assert_int_equal(mrz_draw_page(&page, &once), MRZ_OK);
	assert_int_equal(mrz_draw_page(&page, &twice), MRZ_OK);
	assert_memory_equal(once.pixels, twice.pixels,
	    once.stride * once.height);
	page.face = &face;
	assert_int_equal(mrz_draw_page(&page, &other), MRZ_OK);
	assert_memory_not_equal(once.pixels, other.pixels,
	    once.stride * once.height);
	zone = (uint32_t)floor(23 * 100 / 25.4);
	assert_memory_equal(once.pixels + (once.height - zone) * once.stride,
	    other.pixels + (once.height - zone) * once.stride,
	    zone * once.stride);
	mrz_image_free(&once);
	mrz_image_free(&twice);
	mrz_image_free(&other);
	mrz_image_free(&face);
}

/* Draw, turn, encode, while the n-th allocation fails. */
static enum mrz_error
draw_and_encode(const struct mrz_draw_page *page)
{
	struct mrz_image image = { 0 }, turned = { 0 };
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum mrz_error error = mrz_draw_page(page, &image);

	if (error == MRZ_OK)
		error = mrz_image_turn(&image, 90, &turned);
	if (error == MRZ_OK)
		error = mrz_image_png(&turned, &bytes, &len);
	assert_true((error == MRZ_OK) == (bytes != NULL));
	free(bytes);
	mrz_image_free(&image);
	mrz_image_free(&turned);
	return error;
}

/* An error each time, no leak (the address sanitizer looks), until nothing
 * is left that could fail. */
static void
without_memory(void **state)
{
	struct mrz_draw_page page = { .size = sizeof(page), .dpi = 72 };
	enum mrz_error error = MRZ_E_NO_MEMORY;
	struct mrz_doc doc;
	size_t n;

	(void)state;
	load("td1", &doc);
	page.doc = &doc;
	for (n = 1; error == MRZ_E_NO_MEMORY && n < 100; n++) {
		n_allocations = 0;
		failing = n;
		error = draw_and_encode(&page);
	}
	failing = 0;
	assert_int_equal(error, MRZ_OK);
	assert_true(n > 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(turning),
		cmocka_unit_test(grey),
		cmocka_unit_test(png),
		cmocka_unit_test(fonts_that_are_none),
		cmocka_unit_test(text_that_is_refused),
		cmocka_unit_test(text_at_the_edges),
		cmocka_unit_test(text_is_drawn),
		cmocka_unit_test(text_turns),
		cmocka_unit_test(pages),
		cmocka_unit_test(pages_that_are_refused),
		cmocka_unit_test(pages_come_again),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
