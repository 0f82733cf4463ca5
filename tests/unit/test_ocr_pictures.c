#include "ocr_page.h"

#include "test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture.h"
#include "data.h"

#define HELPER MRTD_BINARY_DIR "/bin/mrtd-decode"

/* A file to pixels, the way the product does it. */
static void
load(const char *path, struct mrz_image *out)
{
	struct test_bytes bytes = test_file(path);
	struct picture_limits limits = { .helper = HELPER };
	struct picture picture;
	char why[PICTURE_WHY_CAP];

	assert_non_null(bytes.ptr);
	if (picture_decode(bytes.ptr, bytes.len, &limits, &picture, why) !=
	    PICTURE_OK)
		fail_msg("%s: %s", path, why);
	assert_int_equal(mrz_image_new(picture.width, picture.height,
			     picture.channels, picture.dpi, out),
	    MRZ_OK);
	for (uint32_t y = 0; y < picture.height; y++)
		memcpy(out->pixels + y * out->stride,
		    picture.pixels +
			(size_t)y * picture.width * picture.channels,
		    (size_t)picture.width * picture.channels);
	picture_free(&picture);
	test_bytes_free(&bytes);
}

/* The best reading; false when there is none. */
static bool
read_image(const struct mrz_image *image, struct mrz_reading *out)
{
	struct mrz_picture picture = ocr_picture(image);
	size_t n;

	return mrz_ocr_read(ocr_reader, &picture, NULL, out, 1, &n) == MRZ_OK;
}

/* Exact and accepted; the reading lasts until the next one. */
static const struct mrz_reading *
expect_text(const struct mrz_image *image, const char *text, const char *name)
{
	static struct mrz_reading reading;

	if (!read_image(image, &reading))
		fail_msg("%s: nothing found", name);
	if (!ocr_same(&reading.doc, text))
		fail_msg("%s: read as\n%s\n%s\n%s", name, reading.doc.lines[0],
		    reading.doc.lines[1], reading.doc.lines[2]);
	if (reading.doc.status != MRZ_ACCEPTED)
		fail_msg("%s: %s, %zu doubts, the first %u:%u", name,
		    mrz_status_name(reading.doc.status), reading.n_doubts,
		    reading.doubts[0].line, reading.doubts[0].column);
	return &reading;
}

/* Each sample beside its text, as it lies and turned in one other way, which
 * differs from sample to sample: exact and accepted. */
static void
test_samples(void **state)
{
	DIR *folder = opendir(MRTD_SOURCE_DIR "/samples/pictures");
	struct dirent *entry;
	unsigned seen = 0;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		char path[512];
		char *dot = strrchr(entry->d_name, '.');
		struct test_bytes text;
		struct mrz_image image;

		if (dot == NULL ||
		    (strcmp(dot, ".png") != 0 && strcmp(dot, ".jpg") != 0))
			continue;
		snprintf(path, sizeof(path), "%s/samples/pictures/%s",
		    MRTD_SOURCE_DIR, entry->d_name);
		load(path, &image);
		dot = strrchr(path, '.');
		snprintf(dot, sizeof(path) - (size_t)(dot - path), ".txt");
		text = test_file(path);
		assert_non_null(text.ptr);
		text.ptr[text.len] = '\0';
		for (unsigned i = 0; i < 2; i++) {
			unsigned turn = i * 90 * (1 + seen % 3);
			struct mrz_image turned;

			assert_int_equal(mrz_image_turn(&image, turn, &turned),
			    MRZ_OK);
			(void)expect_text(&turned, (char *)text.ptr,
			    entry->d_name);
			mrz_image_free(&turned);
		}
		test_bytes_free(&text);
		mrz_image_free(&image);
		seen++;
	}
	closedir(folder);
	assert_true(seen >= 5);
}

/* Drawn pages: which way they lie is found, and where their zone is. */
static void
test_rotation_and_box(void **state)
{
	static const char *const texts[] = { OCR_TD1, OCR_TD2, OCR_TD3,
		OCR_MRVA, OCR_MRVB };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
		for (unsigned turn = 0; turn < 360; turn += 90) {
			const struct mrz_reading *reading;
			struct mrz_image image;
			uint32_t middle_x, middle_y;

			ocr_page(texts[i], 300, turn, &image);
			reading = expect_text(&image, texts[i], "a drawn page");
			assert_int_equal(reading->rotation, (360 - turn) % 360);
			assert_in_range(reading->skew_mdeg + 500, 0, 1000);
			/* The zone is the foot of the page. */
			middle_x = (uint32_t)(reading->box.x +
					      reading->box.width / 2);
			middle_y = (uint32_t)(reading->box.y +
					      reading->box.height / 2);
			if (turn == 0)
				assert_true(middle_y > image.height / 2);
			if (turn == 90)
				assert_true(middle_x < image.width / 2);
			if (turn == 180)
				assert_true(middle_y < image.height / 2);
			if (turn == 270)
				assert_true(middle_x > image.width / 2);
			mrz_image_free(&image);
		}
	}
}

/* A page that lies askew is read as well, and by how much is said. Past five
 * degrees some doubt may be left. */
static void
expect_skew(const struct mrz_image *image, const char *text, double degrees)
{
	static struct mrz_reading reading;
	struct mrz_image askew;

	ocr_skew(image, degrees, &askew);
	assert_true(read_image(&askew, &reading));
	assert_true(ocr_same(&reading.doc, text));
	if (fabs(degrees) < 5)
		assert_int_equal(reading.doc.status, MRZ_ACCEPTED);
	assert_int_equal(reading.rotation, 0);
	assert_true(fabs(reading.skew_mdeg - degrees * 1000) < 300);
	mrz_image_free(&askew);
}

/* The third line of a card begins the farthest aside. */
static void
test_skew(void **state)
{
	static const struct {
		const char *text;
		double degrees[4];
	} pages[] = { { OCR_TD3, { -10, -4, 1.5, 8 } },
		{ OCR_TD1, { -9, -7, 4, 9 } } };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pages); i++) {
		struct mrz_image image;

		ocr_page(pages[i].text, 300, 0, &image);
		for (size_t k = 0; k < N_ELEMENTS(pages[i].degrees); k++)
			expect_skew(&image, pages[i].text, pages[i].degrees[k]);
		mrz_image_free(&image);
	}
}

/* One picture of the list: it may be read wrongly, but not accepted so. */
static void
check_row(char *row, unsigned *exact, unsigned *seen)
{
	static struct mrz_reading reading;
	char path[512], text[3 * (MRZ_MAX_LINE_LEN + 1) + 1] = "";
	char *cells[8] = { NULL }, *rest = row;
	struct mrz_image image;
	size_t n = 0, used = 0;

	while (
	    n < N_ELEMENTS(cells) && (cells[n] = strsep(&rest, "\t\n")) != NULL)
		n++;
	assert_true(n >= 3);
	for (size_t i = 3; i < n && cells[i][0] != '\0'; i++) {
		assert_true(strlen(cells[i]) <= MRZ_MAX_LINE_LEN);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s\n", cells[i]);
	}
	snprintf(path, sizeof(path), "%s/../shared/images/%s", MRTD_SOURCE_DIR,
	    cells[0]);
	load(path, &image);
	(*seen)++;
	if (read_image(&image, &reading)) {
		bool same = ocr_same(&reading.doc, text);

		*exact += same;
		if (!same && reading.doc.status == MRZ_ACCEPTED)
			fail_msg("%s: accepted as\n%s\n%s\n%s", cells[0],
			    reading.doc.lines[0], reading.doc.lines[1],
			    reading.doc.lines[2]);
	}
	mrz_image_free(&image);
}

static void
test_shared_pictures(void **state)
{
	char path[512], row[600];
	unsigned exact = 0, seen = 0;
	FILE *list;

	(void)state;
	test_shared_path(path, sizeof(path), "images/ground-truth.tsv");
	list = fopen(path, "r");
	assert_non_null(list);
	while (fgets(row, sizeof(row), list) != NULL)
		if (row[0] != '#')
			check_row(row, &exact, &seen);
	fclose(list);
	print_message("%u of %u pictures are read exactly\n", exact, seen);
	assert_true(seen > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_rotation_and_box),
		cmocka_unit_test(test_skew),
		cmocka_unit_test(test_shared_pictures),
	};

	return cmocka_run_group_tests(tests, ocr_begin, ocr_end);
}
