/* What stands in a page: text of anybody, and a face written anew. */
#include "html.h"
#include "picture.h"
#include "report_face.h"
#include "test.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

#define OUT_CAP 4096

/* What html_text makes of len bytes. */
static const char *
escaped(const char *text, size_t len, size_t max, const char *secret)
{
	static char out[OUT_CAP];
	struct html html = { .file = fmemopen(out, sizeof(out), "w") };

	assert_non_null(html.file);
	if (secret != NULL)
		html_add_secret(&html, report_text(secret));
	html_text(&html, (struct report_text){ .ptr = text, .len = len }, max);
	assert_int_equal(fclose(html.file), 0);
	return out;
}

static void
expect(const char *text, const char *want)
{
	assert_string_equal(escaped(text, strlen(text), HTML_LONG, NULL), want);
}

static void
markup_is_text(void **state)
{
	(void)state;
	expect("", "");
	expect("ERIKSSON ANNA", "ERIKSSON ANNA");
	expect("<script>alert('x')</script>",
	    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	expect("\" onload=\"x", "&quot; onload=&quot;x");
	expect("&lt;", "&amp;lt;");
	expect("Müller \xe6\x9d\x8e", "Müller \xe6\x9d\x8e");
}

static void
acting_characters_show(void **state)
{
	/* Overrides, isolates, zero width, soft hyphen, tags, fillers. */
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "a\xe2\x80\xae"
		  "b",
		    "a[U+202E]b" },
		{ "\xe2\x81\xa6", "[U+2066]" },
		{ "\xe2\x80\x8b", "[U+200B]" },
		{ "\xc2\xad", "[U+00AD]" },
		{ "\xef\xbb\xbf", "[U+FEFF]" },
		{ "\xf3\xa0\x81\x81", "[U+E0041]" },
		{ "\xe3\x85\xa4", "[U+3164]" },
		{ "\x1b[31m", "[U+001B][31m" },
		{ "a\nb\tc", "a[U+000A]b[U+0009]c" },
		{ "\x7f", "[U+007F]" },
		{ "\xc2\x9b", "[U+009B]" },
		/* Three marks may stand on a letter, more may not. */
		{ "A\xcc\x81\xcc\x82\xcc\x83\xcc\x84",
		    "A\xcc\x81\xcc\x82\xcc\x83[U+0304]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(cases[i].text, cases[i].want);
	assert_string_equal(escaped("a\0b", 3, 9, NULL), "a[U+0000]b");
}

static void
broken_utf8_shows(void **state)
{
	(void)state;
	expect("\xff\xfe", "[0xFF][0xFE]");
	expect("\xc0\xbc", "[0xC0][0xBC]"); /* '<' the long way */
	expect("\xe2\x80", "[0xE2][0x80]");
	expect("\xf5\x80\x80\x80", "[0xF5][0x80][0x80][0x80]");
	expect("\xed\xa0\x80", "[U+D800]");
}

static void
long_text_is_cut(void **state)
{
	static char text[10000];

	(void)state;
	memset(text, 'W', sizeof(text));
	assert_string_equal(escaped(text, sizeof(text), 3, NULL),
	    "WWW&hellip; [9997 more characters, not shown]");
	assert_string_equal(escaped(text, 3, 3, NULL), "WWW");
	/* A character of several bytes is not cut in two. */
	assert_string_equal(escaped("\xc3\xa4\xc3\xb6", 4, 1, NULL),
	    "\xc3\xa4&hellip; [1 more characters, not shown]");
}

static void
secrets_are_blotted_out(void **state)
{
	static const char text[] = "for ERIKSSON (eriksson), <b>";

	(void)state;
	assert_string_equal(escaped(text, strlen(text), 99, "ERIKSSON"),
	    "for [redacted] ([redacted]), &lt;b&gt;");
	/* At the cut, too: no half of it. */
	assert_string_equal(escaped(text, strlen(text), 5, "ERIKSSON"),
	    "for [redacted]&hellip; [16 more characters, not shown]");
	assert_string_equal(escaped("of an ERIKSSO", 13, 99, "ERIKSSON"),
	    "of an ERIKSSO");
	/* Too short to be searched for. */
	assert_string_equal(escaped("CN=A", 4, 99, "CN="), "CN=A");
}

static void
base64_is_that_of_rfc4648(void **state)
{
	static const char *const want[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	static char out[OUT_CAP];

	(void)state;
	for (size_t n = 0; n < sizeof(want) / sizeof(want[0]); n++) {
		struct html html = { .file = fmemopen(out, sizeof(out), "w") };

		memset(out, 0, sizeof(out));
		html_base64(&html, (const uint8_t *)"foobar", n);
		assert_int_equal(fclose(html.file), 0);
		assert_string_equal(out, want[n]);
	}
}

/* The pixels of a PNG as libpng reads them. */
static uint8_t *
read_png(const struct report_face *face, unsigned format, unsigned *width,
    unsigned *height)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	uint8_t *pixels;

	assert_int_equal(png_image_begin_read_from_memory(&image, face->png,
			     face->png_len),
	    1);
	image.format = format;
	*width = image.width;
	*height = image.height;
	pixels = malloc(PNG_IMAGE_SIZE(image));
	assert_non_null(pixels);
	assert_int_equal(png_image_finish_read(&image, NULL, pixels, 0, NULL),
	    1);
	return pixels;
}

static void
small_faces_keep_their_pixels(void **state)
{
	uint8_t rgb[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6, 7,
		8, 9 };
	struct picture picture = { .width = 3,
		.height = 2,
		.channels = 3,
		.pixels = rgb };
	struct report_face face = { .state = FACE_NONE };
	unsigned width, height;
	uint8_t *pixels;

	(void)state;
	assert_true(report_face_encode(&picture, &face));
	assert_int_equal(face.state, FACE_SHOWN);
	pixels = read_png(&face, PNG_FORMAT_RGB, &width, &height);
	assert_int_equal(width, 3);
	assert_int_equal(height, 2);
	assert_memory_equal(pixels, rgb, sizeof(rgb));
	free(pixels);
	report_face_free(&face);
	assert_null(face.png);
}

/* Two halves, black and white, stay two halves. */
static void
large_faces_shrink(void **state)
{
	enum {
		WIDTH = 1250,
		HEIGHT = 2500
	};
	uint8_t *grey = malloc((size_t)WIDTH * HEIGHT), *pixels;
	struct picture picture = { .width = WIDTH,
		.height = HEIGHT,
		.channels = 1,
		.pixels = grey };
	struct report_face face = { .state = FACE_NONE };
	unsigned width, height;

	(void)state;
	assert_non_null(grey);
	memset(grey, 0, (size_t)WIDTH * HEIGHT / 2);
	memset(grey + (size_t)WIDTH * HEIGHT / 2, 200,
	    (size_t)WIDTH * HEIGHT / 2);
	assert_true(report_face_encode(&picture, &face));
	pixels = read_png(&face, PNG_FORMAT_GRAY, &width, &height);
	assert_int_equal(width, FACE_MAX / 2);
	assert_int_equal(height, FACE_MAX);
	for (size_t i = 0; i < (size_t)width * height; i++)
		assert_int_equal(pixels[i],
		    i < (size_t)width * height / 2 ? 0 : 200);
	free(pixels);
	free(grey);
	report_face_free(&face);
}

/* A line of a million pixels is a face of one row. */
static void
odd_shapes_have_pixels(void **state)
{
	uint8_t *grey = calloc(1, 1000000);
	struct picture picture = { .width = 1000000,
		.height = 1,
		.channels = 1,
		.pixels = grey };
	struct report_face face = { .state = FACE_NONE };

	(void)state;
	assert_non_null(grey);
	assert_true(report_face_encode(&picture, &face));
	assert_int_equal(face.width, FACE_MAX);
	assert_int_equal(face.height, 1);
	report_face_free(&face);
	free(grey);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_text),
		cmocka_unit_test(acting_characters_show),
		cmocka_unit_test(broken_utf8_shows),
		cmocka_unit_test(long_text_is_cut),
		cmocka_unit_test(secrets_are_blotted_out),
		cmocka_unit_test(base64_is_that_of_rfc4648),
		cmocka_unit_test(small_faces_keep_their_pixels),
		cmocka_unit_test(large_faces_shrink),
		cmocka_unit_test(odd_shapes_have_pixels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
