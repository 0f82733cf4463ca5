#include "read_picture.h"

#include <string.h>
#include <time.h>

/* Of one picture; far more than any takes. */
#define DEADLINE_MS 60000

static unsigned
ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)((now.tv_sec - start->tv_sec) * 1000 +
			  (now.tv_nsec - start->tv_nsec) / 1000000);
}

static enum exit_code
decode(const struct tool *tool, const char *source, const uint8_t *bytes,
    size_t len, struct picture_zones *out)
{
	char why[PICTURE_WHY_CAP];
	struct timespec start;
	enum picture_error error;

	clock_gettime(CLOCK_MONOTONIC, &start);
	error = picture_decode(bytes, len, NULL, &out->picture, why);
	out->decode_ms = ms_since(&start);
	if (error == PICTURE_OK)
		return EXIT_GOOD;
	tool_error(tool, "%s: %s", source, why);
	return error == PICTURE_NO_HELPER ? EXIT_ENVIRONMENT : EXIT_MALFORMED;
}

static enum exit_code
read_zones(struct ocr *ocr, const struct tool *tool, const char *source,
    int32_t today, struct picture_zones *out)
{
	const struct picture *decoded = &out->picture;
	struct mrz_picture picture = { .size = sizeof(picture),
		.width = decoded->width,
		.height = decoded->height,
		.channels = decoded->channels,
		.pixels = decoded->pixels,
		.stride = (size_t)decoded->width * decoded->channels,
		.dpi = decoded->dpi };
	struct mrz_ocr_options options = { sizeof(options), today,
		DEADLINE_MS };
	struct timespec start;
	enum mrz_error error;

	clock_gettime(CLOCK_MONOTONIC, &start);
	error = ocr_read(ocr, &picture, &options, out->readings,
	    MRZ_OCR_MAX_ZONES, &out->n);
	out->read_ms = ms_since(&start);
	if (error == MRZ_E_EMPTY)
		out->n = 0;
	if (error == MRZ_OK || error == MRZ_E_EMPTY)
		return EXIT_GOOD;
	out->n = 0;
	tool_error(tool, "%s: %s", source, mrz_error_text(error));
	return error == MRZ_E_TOO_LARGE   ? EXIT_MALFORMED
	       : error == MRZ_E_NO_MEMORY ? EXIT_ENVIRONMENT
					  : EXIT_INTERNAL;
}

enum exit_code
picture_reader_read(struct picture_reader *reader, const struct tool *tool,
    const char *source, const uint8_t *bytes, size_t len, int32_t today,
    struct picture_zones *out)
{
	char why[OCR_WHY_CAP];
	enum exit_code code;

	memset(out, 0, sizeof(*out));
	if (reader->ocr == NULL)
		reader->ocr = ocr_load(why);
	if (reader->ocr == NULL) {
		tool_error(tool, "%s: %s", source, why);
		return EXIT_ENVIRONMENT;
	}
	code = decode(tool, source, bytes, len, out);
	return code != EXIT_GOOD
		   ? code
		   : read_zones(reader->ocr, tool, source, today, out);
}

void
picture_reader_free(struct picture_reader *reader)
{
	ocr_free(&reader->ocr);
}

void
picture_zones_free(struct picture_zones *zones)
{
	picture_free(&zones->picture);
	explicit_bzero(zones, sizeof(*zones));
}
