/*
 * draw.h - drawing documents: pictures in memory, text in OCR-B, data pages.
 *
 * For samples, training and tests; not installed. Lengths are pixels as
 * doubles unless their name says otherwise, y grows downwards. The same call
 * gives the same bytes: no clock, no random numbers, no hinting, no font but
 * the file that was opened. Everything may be called from any thread; a
 * font is used by one at a time.
 */
#ifndef MRZ_DRAW_H
#define MRZ_DRAW_H

#include <mrz/mrz.h>

/* ---- Pictures --------------------------------------------------------- */

#define MRZ_IMAGE_MAX_SIDE   32767
#define MRZ_IMAGE_MAX_PIXELS (100u * 1000 * 1000)

/*
 * Top row first, channels interleaved: 1 is grey, 3 is RGB. Pixel x of row y
 * is at pixels + y * stride + x * channels. dpi 0: not known.
 */
struct mrz_image {
	uint32_t width, height, channels;
	size_t stride;
	uint8_t *pixels;
	uint32_t dpi;
};

struct mrz_color {
	uint8_t r, g, b;
};

/*
 * mrz_image_new - a picture of its own memory, white.
 * errors: MRZ_E_ARG (a side is 0, the limits above, channels is neither 1 nor
 *         3), MRZ_E_NO_MEMORY; then out is all zero
 * mrz_image_free - wipes, frees and zeroes it; NULL-safe, and harmless for one
 * that is zeroed.
 * mrz_image_to_grey - in place; the stride stays.
 */
MRZ_CHECKED enum mrz_error mrz_image_new(uint32_t width, uint32_t height,
    uint32_t channels, uint32_t dpi, struct mrz_image *out);
void mrz_image_free(struct mrz_image *image);
void mrz_image_to_grey(struct mrz_image *image);

/*
 * mrz_image_turn - a copy turned clockwise by 0, 90, 180 or 270 degrees.
 * errors: MRZ_E_ARG, MRZ_E_NO_MEMORY
 */
MRZ_CHECKED enum mrz_error mrz_image_turn(const struct mrz_image *image,
    unsigned degrees, struct mrz_image *out);

/*
 * mrz_image_png - the picture as a PNG file, its resolution in pHYs when dpi
 * is not 0. With at most 256 colours it has a palette. The caller frees *out
 * (which is a face or an MRZ, so wipe it first).
 * errors: MRZ_E_NO_MEMORY
 */
MRZ_CHECKED enum mrz_error mrz_image_png(const struct mrz_image *image,
    uint8_t **out, size_t *out_len);

/* ---- Text ------------------------------------------------------------- */

struct mrz_font;

/* Where Debian has OCR-B (package fonts-ocr-b); mrz_font_open(NULL, ..) takes
 * this. The build may say otherwise: MRTD_OCRB_FONT. */
const char *mrz_font_default(void);

/*
 * mrz_font_open - a font file of any kind that FreeType reads.
 * errors: MRZ_E_FONT (there is no such file, or it is no scalable font),
 *         MRZ_E_NO_MEMORY; then *out is NULL
 * mrz_font_free - NULL-safe, sets *font to NULL.
 */
MRZ_CHECKED enum mrz_error mrz_font_open(const char *path,
    struct mrz_font **out);
void mrz_font_free(struct mrz_font **font);

#define MRZ_TEXT_MIN_CAP    2.0
#define MRZ_TEXT_MAX_CAP    2000.0
#define MRZ_TEXT_MAX_WEIGHT 0.5 /* of the cap height */

struct mrz_text {
	double cap_height; /* of 'H', baseline to top */
	double pitch;      /* from one character to the next; 0: the font's */
	double weight;     /* added to the width of strokes; may be < 0 */
	double stretch;    /* widens glyphs; 0 is 1 */
	double angle;      /* radians, clockwise, about the start */
	double opacity;    /* 0 is 1: opaque */
	struct mrz_color color;
};

/*
 * mrz_font_draw - draw UTF-8 text, its baseline starting at (x, y), both with
 * fractions. The left edge of the first character's cell is at x. What falls
 * outside of the picture is cut off; a character that the font lacks is drawn
 * as its empty box.
 * errors: MRZ_E_ARG (a size out of bounds, not a number, text not UTF-8),
 *         MRZ_E_FONT (a glyph cannot be drawn), MRZ_E_NO_MEMORY
 *
 * mrz_font_width - how far the text goes with its advances; 0 for wrong sizes
 * or text.
 * mrz_font_pitch - the advance of 'H' for a cap height of 1: OCR-B printed
 * with a pitch of 2.54 mm has a cap height of 2.54 mm / mrz_font_pitch().
 */
MRZ_CHECKED enum mrz_error mrz_font_draw(struct mrz_font *font,
    struct mrz_image *image, double x, double y, const char *text,
    const struct mrz_text *style);
double mrz_font_width(struct mrz_font *font, const char *text,
    const struct mrz_text *style);
double mrz_font_pitch(const struct mrz_font *font);

/* ---- Data pages ------------------------------------------------------- */

#define MRZ_PAGE_MIN_DPI 72
#define MRZ_PAGE_MAX_DPI 1200
#define MRZ_PAGE_DPI     300

/*
 * Where the zone is on the paper, in millimetres. The left edge of the first
 * character is at zone_left; the middle of the capitals of the lowest line is
 * lowest_line above the bottom edge, the next one line_pitch higher.
 */
struct mrz_page_geometry {
	double width, height;
	double zone_height;
	double zone_left;
	double lowest_line, line_pitch;
};

struct mrz_draw_page {
	uint32_t size; /* sizeof(struct mrz_draw_page) */
	const struct mrz_doc *doc;
	const struct mrz_image *face; /* NULL: the outline of nobody */
	uint32_t dpi;                 /* 0: MRZ_PAGE_DPI */
	const char *zone_font;        /* NULL: mrz_font_default() */
	const char *text_font;        /* NULL: mrz_text_font_default() */
};

/* Where Debian has the typeface of the visual zone (fonts-dejavu-core). */
const char *mrz_text_font_default(void);

/*
 * mrz_page_geometry - NULL for MRZ_UNKNOWN. Lives as long as the program.
 * source: Doc 9303-4 2.1 and figures 3 and 7; -5 2.1 and figure 6; -6 2.1 and
 *         figure 6; -7 2.1, 5.1 and figure 3. The height of the middle line of
 *         TD1 (11.8 mm) is what we read out of its figure
 */
const struct mrz_page_geometry *mrz_page_geometry(enum mrz_format format);

/*
 * mrz_draw_page - the page of a document as a picture in colour: the lines of
 * the zone as they are in doc, right or wrong, and a visual zone with the
 * fields in words. TD1 is drawn from its back, where the zone is. It
 * is a page of Utopia with SPECIMEN across it, whatever the fields say: the
 * name of a real state is never written out.
 * in:     page  doc must have a format; names that do not fit are set smaller
 * errors: MRZ_E_ARG (no format, dpi out of bounds, size not set, a side of the
 *         face above MRZ_IMAGE_MAX_SIDE), MRZ_E_FONT, MRZ_E_NO_MEMORY; then
 *         out is all zero
 * Somebody's data: free out with mrz_image_free, which wipes.
 */
MRZ_CHECKED enum mrz_error mrz_draw_page(const struct mrz_draw_page *page,
    struct mrz_image *out);

#endif
