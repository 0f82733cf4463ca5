#include "picture_kind.h"

#include "picture.h"

#include <string.h>

/* A format announces itself by bytes at two places at most. */
struct magic {
	enum picture_format format;
	const char *name, *advice; /* of one that is not decoded */
	size_t len;
	const char *bytes;
	size_t at2, len2;
	const char *bytes2;
};

#define CONVERT "save it as PNG or JPEG"

static const struct magic magics[] = {
	{ PICTURE_JPEG, NULL, NULL, 3, "\xFF\xD8\xFF", 0, 0, "" },
	{ PICTURE_PNG, NULL, NULL, 8, "\x89PNG\r\n\x1A\n", 0, 0, "" },
	{ PICTURE_JPEG2000, NULL, NULL, 12, "\0\0\0\x0CjP  \r\n\x87\n", 0, 0,
	    "" },
	{ PICTURE_JPEG2000, NULL, NULL, 4, "\xFF\x4F\xFF\x51", 0, 0, "" },
	{ PICTURE_TIFF, NULL, NULL, 4, "II*\0", 0, 0, "" },
	{ PICTURE_TIFF, NULL, NULL, 4, "MM\0*", 0, 0, "" },
	{ PICTURE_TIFF, NULL, NULL, 4, "II+\0", 0, 0, "" },
	{ PICTURE_TIFF, NULL, NULL, 4, "MM\0+", 0, 0, "" },
	{ PICTURE_WEBP, NULL, NULL, 4, "RIFF", 8, 4, "WEBP" },
	{ PICTURE_NO_FORMAT, "PDF", "save its page as PNG (pdftoppm -png)", 4,
	    "%PDF", 0, 0, "" },
	{ PICTURE_NO_FORMAT, "HEIC", CONVERT, 0, "", 4, 8, "ftypheic" },
	{ PICTURE_NO_FORMAT, "HEIC", CONVERT, 0, "", 4, 8, "ftypheix" },
	{ PICTURE_NO_FORMAT, "HEIF", CONVERT, 0, "", 4, 8, "ftypmif1" },
	{ PICTURE_NO_FORMAT, "AVIF", CONVERT, 0, "", 4, 8, "ftypavif" },
	/* Any other brand: what some telephones write, and moving pictures. */
	{ PICTURE_NO_FORMAT, "HEIF and video", CONVERT, 0, "", 4, 4, "ftyp" },
	{ PICTURE_NO_FORMAT, "GIF", CONVERT, 4, "GIF8", 0, 0, "" },
	/* Two letters alone would take an MRZ of Bermuda's for one. */
	{ PICTURE_NO_FORMAT, "BMP", CONVERT, 2, "BM", 6, 4, "\0\0\0\0" },
	{ PICTURE_NO_FORMAT, "JPEG XL", CONVERT, 12, "\0\0\0\x0CJXL \r\n\x87\n",
	    0, 0, "" },
	{ PICTURE_NO_FORMAT, "JPEG XL", CONVERT, 2, "\xFF\x0A", 0, 0, "" },
	{ PICTURE_NO_FORMAT, "Photoshop", CONVERT, 4, "8BPS", 0, 0, "" },
	{ PICTURE_NO_FORMAT, "JPEG-LS", CONVERT, 3, "\xFF\xD8\xF7", 0, 0, "" },
};

static const struct magic *
find(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		const struct magic *m = &magics[i];

		if (len >= m->len && len >= m->at2 + m->len2 &&
		    memcmp(bytes, m->bytes, m->len) == 0 &&
		    memcmp(bytes + m->at2, m->bytes2, m->len2) == 0)
			return m;
	}
	return NULL;
}

/* "P4\n", "P6 ", "P5#": a digit and what ends a word. */
static bool
is_pnm(const uint8_t *bytes, size_t len)
{
	return len >= 3 && bytes[0] == 'P' && bytes[1] >= '1' &&
	       bytes[1] <= '6' && bytes[2] != '\0' &&
	       strchr(" \t\r\n#", bytes[2]) != NULL;
}

enum picture_format
picture_format_of(const uint8_t *bytes, size_t len)
{
	const struct magic *magic;

	if (len == 0)
		return PICTURE_NO_FORMAT;
	magic = find(bytes, len);
	if (magic != NULL)
		return magic->format;
	return is_pnm(bytes, len) ? PICTURE_PNM : PICTURE_NO_FORMAT;
}

const char *
picture_format_name(enum picture_format format)
{
#define NAME(name, text) [name] = text,
	static const char *const names[PICTURE_N_FORMATS] = { PICTURE_FORMATS(
	    NAME) };
#undef NAME

	return format < PICTURE_N_FORMATS ? names[format] : "";
}

const char *
picture_reason_text(unsigned reason)
{
#define TEXT(name, text) [name] = text,
	static const char *const texts[PICTURE_N_REASONS] = { PICTURE_REASONS(
	    TEXT) };
#undef TEXT

	return reason < PICTURE_N_REASONS ? texts[reason] : "";
}

bool
picture_is_one(const uint8_t *bytes, size_t len)
{
	return picture_format_of(bytes, len) != PICTURE_NO_FORMAT;
}

const char *
picture_foreign(const uint8_t *bytes, size_t len, const char **out_advice)
{
	const struct magic *magic = len > 0 ? find(bytes, len) : NULL;

	if (magic == NULL || magic->name == NULL)
		return NULL;
	*out_advice = magic->advice;
	return magic->name;
}
