#include "make_picture.h"

#include "draw/draw.h"
#include "io.h"
#include "picture.h"

#include <stdlib.h>
#include <string.h>

#define FACE_CAP (16u << 20)

_Static_assert(MAKE_MIN_DPI == MRZ_PAGE_MIN_DPI &&
		   MAKE_MAX_DPI == MRZ_PAGE_MAX_DPI,
    "the option allows what the drawing allows");

static enum exit_code
read_face(const struct tool *tool, const char *path, struct picture *out)
{
	const struct picture_limits limits = { .pixels = PICTURE_FACE_PIXELS };
	enum exit_code code = EXIT_GOOD;
	char why[PICTURE_WHY_CAP] = "";
	enum picture_error error;
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum io_result io = io_read(path, FACE_CAP, &bytes, &len);

	if (io != IO_OK) {
		tool_error(tool, "%s: %s", path, io_text(io));
		return EXIT_ENVIRONMENT;
	}
	error = picture_decode(bytes, len, &limits, out, why);
	if (error != PICTURE_OK) {
		tool_error(tool, "%s: %s", path, why);
		code = error == PICTURE_NO_HELPER ? EXIT_ENVIRONMENT
						  : EXIT_MALFORMED;
	} else if (out->width > MRZ_IMAGE_MAX_SIDE ||
		   out->height > MRZ_IMAGE_MAX_SIDE) {
		tool_error(tool, "%s: a side has more than %d pixels", path,
		    MRZ_IMAGE_MAX_SIDE);
		picture_free(out);
		code = EXIT_MALFORMED;
	}
	explicit_bzero(bytes, len);
	free(bytes);
	return code;
}

static enum exit_code
say_error(const struct tool *tool, enum mrz_error error)
{
	if (error == MRZ_E_FONT) {
		tool_error(tool,
		    "a typeface is missing or broken: %s (Debian package "
		    "fonts-ocr-b) or %s (fonts-dejavu-core)",
		    mrz_font_default(), mrz_text_font_default());
		return EXIT_ENVIRONMENT;
	}
	tool_error(tool, "drawing: %s", mrz_error_text(error));
	return error == MRZ_E_NO_MEMORY ? EXIT_ENVIRONMENT : EXIT_INTERNAL;
}

/* Draw, turn, encode. On MRZ_OK the caller wipes and frees *out. */
static enum mrz_error
make_png(const struct make_picture *picture, const struct mrz_doc *doc,
    const struct mrz_image *face, uint8_t **out, size_t *out_len)
{
	const struct mrz_draw_page page = { .size = sizeof(page),
		.doc = doc,
		.face = face,
		.dpi = picture->dpi };
	struct mrz_image drawn = { 0 }, turned = { 0 };
	enum mrz_error error = mrz_draw_page(&page, &drawn);

	if (error == MRZ_OK && picture->grey)
		mrz_image_to_grey(&drawn);
	if (error == MRZ_OK)
		error = mrz_image_turn(&drawn, picture->rotate, &turned);
	if (error == MRZ_OK)
		error = mrz_image_png(&turned, out, out_len);
	mrz_image_free(&drawn);
	mrz_image_free(&turned);
	return error;
}

enum exit_code
make_picture(const struct tool *tool, const struct make_picture *picture,
    const struct mrz_doc *doc)
{
	struct picture face = { 0 };
	struct mrz_image image = { 0 };
	enum exit_code code = EXIT_GOOD;
	enum mrz_error error;
	uint8_t *png = NULL;
	size_t len = 0;
	enum io_result io;

	if (mrz_page_geometry(doc->format) == NULL) {
		tool_error(tool,
		    "--png: there is a page for the layouts of Doc 9303 "
		    "alone, and none for %s",
		    mrz_format_name(doc->format));
		return EXIT_USAGE;
	}
	if (picture->face != NULL) {
		code = read_face(tool, picture->face, &face);
		if (code != EXIT_GOOD)
			return code;
		image.width = face.width;
		image.height = face.height;
		image.channels = face.channels;
		image.stride = (size_t)face.width * face.channels;
		image.pixels = face.pixels;
	}
	error = make_png(picture, doc, face.pixels != NULL ? &image : NULL,
	    &png, &len);
	picture_free(&face);
	if (error != MRZ_OK)
		return say_error(tool, error);
	io = io_write(picture->path, png, len, picture->force);
	if (io != IO_OK) {
		tool_error(tool, "%s: %s", picture->path, io_text(io));
		code = EXIT_ENVIRONMENT;
	}
	explicit_bzero(png, len);
	free(png);
	return code;
}
