/*
 * bench_pages FOLDER N - N pages with random holders, each as a capture of
 * some quality, for bench-ocr: 0001.png and so on, and truth.tsv with a row
 * (file, line, line, ..) for each. The same pages every time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/degrade.h"
#include "draw/draw.h"

static uint64_t seed = 20260101;

static uint32_t
below(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static double
between(double low, double high)
{
	return low + (high - low) * below(1000) / 999;
}

static void
word(char *out, unsigned least, unsigned most)
{
	unsigned n = least + below(most - least + 1);

	while (n-- > 0)
		*out++ = (char)('A' + below(26));
	*out = '\0';
}

static void
number(char *out)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (unsigned i = 0; i < 9; i++)
		*out++ = set[below(2) ? below(36) : 26 + below(10)];
	*out = '\0';
}

static void
holder(enum mrz_format format, char lines[MRZ_MAX_LINES][MRZ_LINE_CAP])
{
	char surname[16], given[24], id[10], birth[7], expiry[7];
	const char *state;
	bool visa = format == MRZ_MRVA || format == MRZ_MRVB;
	struct mrz_fields fields = { .size = sizeof(fields) };
	struct mrz_problem problem;

	word(surname, 3, 12);
	word(given, 2, 9);
	given[strlen(given) + 1] = '\0';
	given[strlen(given)] = ' ';
	word(given + strlen(given), 2, 8);
	number(id);
	snprintf(birth, sizeof(birth), "%02u%02u%02u", below(100),
	    1 + below(12), 1 + below(28));
	snprintf(expiry, sizeof(expiry), "%02u%02u%02u", 26 + below(10),
	    1 + below(12), 1 + below(28));
	/* Any state of the list; its code is what is read. */
	for (;;) {
		const struct mrz_country *row = mrz_country_at(below(240));

		if (row == NULL || row->kind != MRZ_COUNTRY_ISO)
			continue;
		state = row->code3;
		break;
	}
	fields.text[MRZ_F_DOCUMENT_CODE] = visa                ? "V"
					   : format == MRZ_TD3 ? "P"
							       : "I";
	fields.text[MRZ_F_ISSUING_STATE] = state;
	fields.text[MRZ_F_SURNAME] = surname;
	fields.text[MRZ_F_GIVEN_NAMES] = given;
	fields.text[MRZ_F_DOCUMENT_NUMBER] = id;
	fields.text[MRZ_F_NATIONALITY] = state;
	fields.text[MRZ_F_DATE_OF_BIRTH] = birth;
	fields.text[MRZ_F_SEX] = below(2) ? "M" : "F";
	fields.text[MRZ_F_DATE_OF_EXPIRY] = expiry;
	if (mrz_build(format, &fields, lines, &problem) != MRZ_OK) {
		fprintf(stderr, "bench_pages: field %d cannot be built\n",
		    (int)problem.field);
		exit(1);
	}
}

/* From a scanner's to that of a small and poor copy. */
static struct mrz_degrade
quality(unsigned i, unsigned n)
{
	double worse = n > 1 ? (double)i / (n - 1) : 0;
	struct mrz_degrade how = { .scale = 1 - 0.65 * worse,
		.gain = 1,
		.blur = between(0, 2.2) * worse,
		.noise = between(0, 14) * worse,
		.light_x = between(-0.4, 0.4) * worse,
		.light_y = between(-0.3, 0.3) * worse,
		.jpeg = (unsigned)(95 - 55 * worse),
		.gamma = between(0.8, 1.3),
		.black = (uint8_t)(50 * worse),
		.white = (uint8_t)(255 - 40 * worse),
		.seed = i };

	return how;
}

static void
page(const char *folder, FILE *list, unsigned i, unsigned n)
{
	enum mrz_format format = (enum mrz_format)(MRZ_TD1 + i % 5);
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP] = { "" }, name[32], path[512];
	char text[3 * MRZ_LINE_CAP + 1] = "";
	size_t used = 0;
	struct mrz_degrade how = quality(i, n);
	struct mrz_doc doc;
	struct mrz_draw_page draw = { .size = sizeof(draw), .doc = &doc };
	struct mrz_image image;
	uint8_t *png;
	size_t len;
	FILE *file;

	snprintf(name, sizeof(name), "%04u.png", i);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	holder(format, lines);
	fprintf(list, "%s", name);
	for (unsigned k = 0; k < mrz_format_lines(format); k++) {
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s\n", lines[k]);
		fprintf(list, "\t%s", lines[k]);
	}
	fputc('\n', list);
	file = fopen(path, "wb");
	if (file == NULL ||
	    mrz_parse(text, strlen(text), NULL, &doc) != MRZ_OK ||
	    mrz_draw_page(&draw, &image) != MRZ_OK ||
	    mrz_degrade(&image, &how) != MRZ_OK ||
	    mrz_image_png(&image, &png, &len) != MRZ_OK ||
	    fwrite(png, 1, len, file) != len || fclose(file) != 0) {
		fprintf(stderr, "bench_pages: %s failed\n", path);
		exit(1);
	}
	free(png);
	mrz_image_free(&image);
}

int
main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	char path[512];
	FILE *list;

	if (n == 0) {
		fputs("usage: bench_pages FOLDER N\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "%s/truth.tsv", argv[1]);
	list = fopen(path, "w");
	if (list == NULL) {
		perror(path);
		return 3;
	}
	for (unsigned i = 0; i < n; i++)
		page(argv[1], list, i, n);
	return fclose(list) == 0 ? 0 : 3;
}
