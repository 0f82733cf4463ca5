/*
 * make-lines - lines to train or to measure a model on, as pages of TIFF files
 * with the box files that Tesseract's lstm.train reads. scripts/train-ocr
 * calls it.
 */
#include "line_recipe.h"
#include "tiff_pages.h"
#include "zone_text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINES    1000000ul
#define PER_FILE     50ul /* Tesseract rewrites its file with each page */
#define ODDNESS      0.45 /* of full hardness, see zone_text.h */
#define MAX_FONTS    8u
#define MAX_PATH_LEN 4000u
#define EXIT_USAGE   2
#define EXIT_TROUBLE 3

struct job {
	const char *prefix;
	unsigned long seed, lines, percent;
	unsigned n_fonts;
	struct mrz_font *fonts[MAX_FONTS];
};

static const char help[] =
    "usage: make-lines PREFIX SEED LINES HARDNESS [FONT]...\n"
    "Writes PREFIX-0000.tif, PREFIX-0000.box, ...: LINES lines, 50 to a file.\n"
    "HARDNESS is 0 (zones as from a good scanner) to 100 (as bad as pictures\n"
    "get, and nearly half of the lines no zones). The first FONT is used most\n"
    "(default: OCR-B).\n";

static bool
parse_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' &&
	       *out <= max;
}

static bool
parse_job(int argc, char **argv, struct job *job)
{
	if (argc < 5 || argc - 5 > (int)MAX_FONTS ||
	    strlen(argv[1]) > MAX_PATH_LEN)
		return false;
	job->prefix = argv[1];
	return parse_number(argv[2], ULONG_MAX, &job->seed) &&
	       parse_number(argv[3], MAX_LINES, &job->lines) &&
	       parse_number(argv[4], 100, &job->percent);
}

static bool
open_fonts(int argc, char **argv, struct job *job)
{
	const char *path;

	do {
		path = argc > 5 ? argv[5 + job->n_fonts] : NULL;
		if (mrz_font_open(path, &job->fonts[job->n_fonts]) != MRZ_OK) {
			fprintf(stderr, "make-lines: no font in %s\n",
			    path != NULL ? path : mrz_font_default());
			return false;
		}
		job->n_fonts++;
	} while ((int)job->n_fonts + 5 < argc);
	return true;
}

/* One line, drawn and written. Each has a seed of its own, so that a line is
 * the same whatever came before. */
static bool
add_line(const struct job *job, unsigned long line, unsigned long page,
    struct tiff_pages *tiff, FILE *box)
{
	struct prng prng = { job->seed << 20 ^ line };
	char zone[MRZ_MAX_LINES][MRZ_LINE_CAP];
	struct mrz_image image;
	double hardness = (double)job->percent / 100;
	enum mrz_error error;
	unsigned n, i;

	(void)prng_next(&prng);
	n = zone_lines(&prng, ODDNESS * hardness, zone);
	i = prng_below(&prng, n);
	error = recipe_line(&prng, job->fonts, job->n_fonts, zone[i],
	    i > 0 ? zone[i - 1] : NULL, i + 1 < n ? zone[i + 1] : NULL,
	    hardness, &image);
	if (error != MRZ_OK) {
		fprintf(stderr, "make-lines: line %lu: %s\n", line,
		    mrz_error_text(error));
		return false;
	}
	tiff_add(tiff, &image);
	/* The box of a line of text, and the one that ends it. */
	fprintf(box, "WordStr 0 0 %u %u %lu #%s\n\t 0 0 %u %u %lu\n",
	    image.width, image.height, page, zone[i], image.width, image.height,
	    page);
	mrz_image_free(&image);
	return true;
}

static FILE *
open_part(const struct job *job, unsigned long part, const char *suffix)
{
	char path[MAX_PATH_LEN + 32];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s-%04lu.%s", job->prefix, part,
	    suffix);
	file = fopen(path, "wb");
	if (file == NULL)
		fprintf(stderr, "make-lines: %s: %s\n", path, strerror(errno));
	return file;
}

static bool
write_part(const struct job *job, unsigned long part)
{
	FILE *pages = open_part(job, part, "tif");
	FILE *box = open_part(job, part, "box");
	struct tiff_pages tiff;
	unsigned long i, first = part * PER_FILE;
	bool ok = pages != NULL && box != NULL;

	if (ok)
		tiff_begin(&tiff, pages);
	for (i = 0; ok && i < PER_FILE && first + i < job->lines; i++)
		ok = add_line(job, first + i, i, &tiff, box);
	if (ok && (!tiff_end(&tiff) || fflush(box) != 0)) {
		fprintf(stderr, "make-lines: cannot write: %s\n",
		    strerror(errno));
		ok = false;
	}
	if (pages != NULL && fclose(pages) != 0)
		ok = false;
	if (box != NULL && fclose(box) != 0)
		ok = false;
	return ok;
}

int
main(int argc, char **argv)
{
	struct job job = { 0 };
	unsigned long part;
	bool ok;

	if (!parse_job(argc, argv, &job)) {
		fputs(help, stderr);
		return EXIT_USAGE;
	}
	ok = open_fonts(argc, argv, &job);
	for (part = 0; ok && part * PER_FILE < job.lines; part++)
		ok = write_part(&job, part);
	while (job.n_fonts > 0)
		mrz_font_free(&job.fonts[--job.n_fonts]);
	return ok ? EXIT_SUCCESS : EXIT_TROUBLE;
}
