/*
 * Text by FreeType: outlines without hinting, placed at fractions of a pixel,
 * and blended into a picture. Hinting would move strokes to whole pixels, and
 * make the same text another picture at every size.
 */
#include "draw.h"
#include "luma.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EM_PIXELS_MAX 16000.0 /* FreeType's sizes are 26.6 in 32 bits */

struct mrz_font {
	FT_Library library;
	FT_Face face;
	double cap;   /* of 'H', in ems */
	double pitch; /* of 'H', in ems */
};

const char *
mrz_font_default(void)
{
	return MRTD_OCRB_FONT;
}

static enum mrz_error
error_of(FT_Error error)
{
	if (error == 0)
		return MRZ_OK;
	return error == FT_Err_Out_Of_Memory ? MRZ_E_NO_MEMORY : MRZ_E_FONT;
}

/* What sizes are reckoned from: the capital H. */
static enum mrz_error
measure(struct mrz_font *font)
{
	FT_Error error = FT_Load_Char(font->face, 'H', FT_LOAD_NO_SCALE);
	double em = font->face->units_per_EM;
	FT_BBox box;

	if (error != 0)
		return error_of(error);
	if (font->face->glyph->format != FT_GLYPH_FORMAT_OUTLINE || em < 1)
		return MRZ_E_FONT;
	FT_Outline_Get_CBox(&font->face->glyph->outline, &box);
	font->cap = (double)box.yMax / em;
	font->pitch = (double)font->face->glyph->metrics.horiAdvance / em;
	return font->cap > 0.1 && font->pitch > 0.1 ? MRZ_OK : MRZ_E_FONT;
}

enum mrz_error
mrz_font_open(const char *path, struct mrz_font **out)
{
	struct mrz_font *font = calloc(1, sizeof(*font));
	enum mrz_error error;

	*out = NULL;
	if (font == NULL)
		return MRZ_E_NO_MEMORY;
	error = error_of(FT_Init_FreeType(&font->library));
	if (error == MRZ_OK)
		error = error_of(FT_New_Face(font->library,
		    path != NULL ? path : mrz_font_default(), 0, &font->face));
	if (error == MRZ_OK)
		error = FT_IS_SCALABLE(font->face) ? measure(font) : MRZ_E_FONT;
	if (error != MRZ_OK) {
		mrz_font_free(&font);
		return error;
	}
	*out = font;
	return MRZ_OK;
}

void
mrz_font_free(struct mrz_font **font)
{
	if (font == NULL || *font == NULL)
		return;
	/* Frees its faces, too. */
	if ((*font)->library != NULL)
		FT_Done_FreeType((*font)->library);
	free(*font);
	*font = NULL;
}

double
mrz_font_pitch(const struct mrz_font *font)
{
	return font->pitch / font->cap;
}

/*
 * One character of UTF-8, shortest form only; false at the end of the text
 * (*out is 0) and where it is not UTF-8 (*out is not).
 */
static bool
next_character(const unsigned char **text, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = *text;
	unsigned more = *s < 0x80 ? 0 : *s < 0xE0 ? 1 : *s < 0xF0 ? 2 : 3;
	uint32_t c = more == 0 ? *s : *s & (0x3Fu >> more);
	unsigned i;

	*out = UINT32_MAX;
	if ((*s >= 0x80 && *s < 0xC2) || *s > 0xF4)
		return false;
	for (i = 1; i <= more; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return false;
		c = c << 6 | (s[i] & 0x3Fu);
	}
	if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return false;
	*out = c;
	*text = s + 1 + more;
	return c != 0;
}

static bool
is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	uint32_t c;

	while (next_character(&at, &c))
		;
	return c == 0;
}

static bool
style_is_legal(const struct mrz_font *font, const struct mrz_text *style)
{
	/* Each comparison is false for what is not a number. */
	return style->cap_height >= MRZ_TEXT_MIN_CAP &&
	       style->cap_height <= MRZ_TEXT_MAX_CAP &&
	       style->cap_height / font->cap <= EM_PIXELS_MAX &&
	       style->pitch >= 0 && style->pitch <= 4 * style->cap_height &&
	       fabs(style->weight) <= MRZ_TEXT_MAX_WEIGHT * style->cap_height &&
	       (style->stretch == 0 ||
		   (style->stretch >= 0.25 && style->stretch <= 4)) &&
	       fabs(style->angle) <= 7 && style->opacity >= 0 &&
	       style->opacity <= 1;
}

/* A character that has no glyph has the empty box, glyph 0. */
static enum mrz_error
load_glyph(struct mrz_font *font, uint32_t c)
{
	FT_Error error = FT_Load_Char(font->face, c,
	    FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP);

	if (error != 0)
		return error_of(error);
	return font->face->glyph->format == FT_GLYPH_FORMAT_OUTLINE
		   ? MRZ_OK
		   : MRZ_E_FONT;
}

static enum mrz_error
set_size(struct mrz_font *font, const struct mrz_text *style)
{
	double em = style->cap_height / font->cap * 64;

	return error_of(FT_Set_Char_Size(font->face, 0, lround(em), 72, 72));
}

static double
stretch_of(const struct mrz_text *style)
{
	return style->stretch == 0 ? 1 : style->stretch;
}

static double
advance_of(const struct mrz_font *font, const struct mrz_text *style)
{
	if (style->pitch > 0)
		return style->pitch;
	/* Linear: not rounded to whole pixels. */
	return (double)font->face->glyph->linearHoriAdvance / 65536 *
	       stretch_of(style);
}

double
mrz_font_width(struct mrz_font *font, const char *text,
    const struct mrz_text *style)
{
	const unsigned char *at = (const unsigned char *)text;
	double width = 0;
	uint32_t c;

	if (!style_is_legal(font, style) || !is_utf8(text) ||
	    set_size(font, style) != MRZ_OK)
		return 0;
	while (next_character(&at, &c)) {
		if (load_glyph(font, c) != MRZ_OK)
			return 0;
		width += advance_of(font, style);
	}
	return width;
}

static void
blend(uint8_t *pixel, unsigned paint, unsigned cover)
{
	*pixel = (uint8_t)((*pixel * (255 - cover) + paint * cover + 127) /
			   255);
}

/* The glyph's coverage, its top left corner at (left, top), cut to fit. */
static void
blend_bitmap(struct mrz_image *image, const FT_Bitmap *bitmap, long left,
    long top, const struct mrz_text *style)
{
	const unsigned paint[3] = { style->color.r, style->color.g,
		style->color.b };
	double opacity = style->opacity == 0 ? 1 : style->opacity;
	unsigned strength = (unsigned)lround(opacity * 255), c, cover;
	const uint8_t *from;
	uint8_t *pixel;
	long x, y;

	for (y = 0; y < (long)bitmap->rows; y++) {
		if (top + y < 0 || top + y >= (long)image->height)
			continue;
		from = bitmap->buffer + y * bitmap->pitch;
		for (x = 0; x < (long)bitmap->width; x++) {
			cover = (from[x] * strength + 127) / 255;
			if (cover == 0 || left + x < 0 ||
			    left + x >= (long)image->width)
				continue;
			pixel = image->pixels +
				(size_t)(top + y) * image->stride +
				(size_t)(left + x) * image->channels;
			if (image->channels == 1) {
				blend(pixel, luma(style->color), cover);
				continue;
			}
			for (c = 0; c < 3; c++)
				blend(pixel + c, paint[c], cover);
		}
	}
}

/* True when no part of a glyph at (x, y) can be inside: nothing to draw. */
static bool
is_outside(const struct mrz_image *image, double x, double y, double reach)
{
	return !(x > -reach && y > -reach && x < image->width + reach &&
		 y < image->height + reach);
}

/* The loaded glyph with its origin at (x, y). */
static enum mrz_error
draw_glyph(struct mrz_font *font, struct mrz_image *image, double x, double y,
    const struct mrz_text *style)
{
	FT_GlyphSlot slot = font->face->glyph;
	FT_Pos bold = lround(style->weight * 64);
	double cosine = cos(style->angle), sine = sin(style->angle);
	double stretch = stretch_of(style), left = floor(x), top = floor(y);
	FT_Matrix turn = { lround(cosine * stretch * 65536),
		lround(sine * 65536), -lround(sine * stretch * 65536),
		lround(cosine * 65536) };
	FT_Error error = 0;

	if (is_outside(image, x, y, 8 * style->cap_height))
		return MRZ_OK;
	if (bold != 0) {
		error = FT_Outline_Embolden(&slot->outline, bold);
		/* It grows to the right and upwards: back to the middle. */
		FT_Outline_Translate(&slot->outline, -bold / 2, -bold / 2);
	}
	if (error != 0)
		return error_of(error);
	FT_Outline_Transform(&slot->outline, &turn);
	FT_Outline_Translate(&slot->outline, lround((x - left) * 64),
	    -lround((y - top) * 64));
	error = FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL);
	if (error != 0)
		return error_of(error);
	blend_bitmap(image, &slot->bitmap, (long)left + slot->bitmap_left,
	    (long)top - slot->bitmap_top, style);
	return MRZ_OK;
}

enum mrz_error
mrz_font_draw(struct mrz_font *font, struct mrz_image *image, double x,
    double y, const char *text, const struct mrz_text *style)
{
	const unsigned char *at = (const unsigned char *)text;
	double advance = 0, cosine, sine;
	enum mrz_error error;
	uint32_t c;

	if (!style_is_legal(font, style) || !isfinite(x) || !isfinite(y) ||
	    !is_utf8(text))
		return MRZ_E_ARG;
	cosine = cos(style->angle);
	sine = sin(style->angle);
	error = set_size(font, style);
	while (error == MRZ_OK && next_character(&at, &c)) {
		error = load_glyph(font, c);
		if (error != MRZ_OK)
			break;
		error = draw_glyph(font, image, x + advance * cosine,
		    y + advance * sine, style);
		advance += advance_of(font, style);
	}
	return error;
}
