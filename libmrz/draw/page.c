/* The text of a page, and the page as a whole. */
#include "page_shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * OCR-B size 1 (ISO 1073-2): capitals 2.46 mm high, strokes of 0.35 mm, a
 * character every 2.54 mm (Doc 9303-3 4.4). The font's capital H has less
 * height above the baseline, since round ends go below it.
 */
#define ZONE_CAP     2.43
#define ZONE_PITCH   2.54
#define ZONE_WEIGHT  0.0
#define ZONE_BEARING 0.38 /* from a cell's edge to the ink of most letters */

#define CAPTION_CAP 1.15
#define VALUE_CAP   1.95
#define VALUE_TEXT  96 /* two fields of the zone, or a date in words */

#define SPECIMEN_RED        \
	{                   \
		176, 24, 36 \
	}

struct sheet {
	const struct mrz_draw_page *page;
	const struct page_shape *shape;
	struct mrz_font *zone, *text;
	struct mrz_image *image;
	double scale; /* pixels per millimetre */
};

static const char *const captions[PAGE_N_VALUES] = {
	[PAGE_CODE] = "Type / Type",
	[PAGE_STATE] = "Code / Code",
	[PAGE_NUMBER] = "Document No. / N° du document",
	[PAGE_SURNAME] = "Surname / Nom",
	[PAGE_GIVEN_NAMES] = "Given names / Prénoms",
	[PAGE_NATIONALITY] = "Nationality / Nationalité",
	[PAGE_BIRTH] = "Date of birth / Naissance",
	[PAGE_SEX] = "Sex / Sexe",
	[PAGE_EXPIRY] = "Date of expiry / Expiration",
	[PAGE_OPTIONAL] = "Optional data / Facultatif",
};

static const enum mrz_field_id fields[PAGE_N_VALUES] = {
	[PAGE_CODE] = MRZ_F_DOCUMENT_CODE,
	[PAGE_STATE] = MRZ_F_ISSUING_STATE,
	[PAGE_NUMBER] = MRZ_F_DOCUMENT_NUMBER,
	[PAGE_SURNAME] = MRZ_F_SURNAME,
	[PAGE_GIVEN_NAMES] = MRZ_F_GIVEN_NAMES,
	[PAGE_NATIONALITY] = MRZ_F_NATIONALITY,
	[PAGE_BIRTH] = MRZ_F_DATE_OF_BIRTH,
	[PAGE_SEX] = MRZ_F_SEX,
	[PAGE_EXPIRY] = MRZ_F_DATE_OF_EXPIRY,
	[PAGE_OPTIONAL] = MRZ_F_OPTIONAL_DATA,
};

/* What the first letter of the document code stands for. */
static const struct {
	char letter;
	const char *title;
} titles[] = {
	{ 'P', "PASSPORT  ·  PASSEPORT" },
	{ 'V', "VISA" },
	{ 'I', "IDENTITY CARD  ·  CARTE D’IDENTITÉ" },
	{ 'A', "TRAVEL DOCUMENT  ·  DOCUMENT DE VOYAGE" },
};

const char *
mrz_text_font_default(void)
{
	return MRTD_TEXT_FONT;
}

/* Text at millimetres, set smaller when it would be wider than width. */
static enum mrz_error
put_text(struct sheet *sheet, struct mrz_font *font, double x, double y,
    double width, const char *text, struct mrz_text style)
{
	double wide;

	style.cap_height *= sheet->scale;
	style.pitch *= sheet->scale;
	style.weight *= sheet->scale;
	wide = mrz_font_width(font, text, &style) / sheet->scale;
	if (width > 0 && wide > width)
		style.cap_height *= width / wide;
	if (style.cap_height < MRZ_TEXT_MIN_CAP)
		style.cap_height = MRZ_TEXT_MIN_CAP;
	return mrz_font_draw(font, sheet->image, x * sheet->scale,
	    y * sheet->scale, text, &style);
}

/* "12 AUG / AOÛT 1974" would be right, too: one language is enough here. */
static void
date_in_words(const struct mrz_date *date, const char *text, char *out,
    size_t cap)
{
	static const char *const months[] = { "XXX", "JAN", "FEB", "MAR", "APR",
		"MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };
	char day[3] = "XX";

	if (!date->valid) {
		snprintf(out, cap, "%s", text);
		return;
	}
	if (date->day > 0)
		snprintf(day, sizeof(day), "%02u", date->day % 100u);
	if (date->year >= 0)
		snprintf(out, cap, "%s %s %04d", day, months[date->month % 13],
		    (int)date->year);
	else if (text[0] >= '0' && text[0] <= '9')
		snprintf(out, cap, "%s %s %.2s", day, months[date->month % 13],
		    text);
	else
		snprintf(out, cap, "%s %s XXXX", day, months[date->month % 13]);
}

static void
value_text(const struct mrz_doc *doc, enum page_value value, char *out,
    size_t cap)
{
	const char *text = doc->fields[fields[value]].text;

	if (value == PAGE_BIRTH)
		date_in_words(&doc->birth, text, out, cap);
	else if (value == PAGE_EXPIRY)
		date_in_words(&doc->expiry, text, out, cap);
	else if (value == PAGE_SEX && (text[0] == '<' || text[0] == '\0'))
		snprintf(out, cap, "X");
	else if (value == PAGE_NATIONALITY && strcmp(text, "UTO") == 0)
		snprintf(out, cap, "UTOPIAN");
	else if (value == PAGE_OPTIONAL &&
		 doc->fields[MRZ_F_OPTIONAL_DATA_2].text[0] != '\0')
		snprintf(out, cap, "%s %s", text,
		    doc->fields[MRZ_F_OPTIONAL_DATA_2].text);
	else
		snprintf(out, cap, "%s", text);
}

static enum mrz_error
put_item(struct sheet *sheet, const struct page_item *item)
{
	const struct mrz_text caption = { .cap_height = CAPTION_CAP,
		.color = sheet->shape->colors.ink };
	const struct mrz_text value = { .cap_height = VALUE_CAP,
		.weight = 0.10,
		.color = { 24, 24, 30 } };
	char text[VALUE_TEXT];
	enum mrz_error error;

	value_text(sheet->page->doc, item->value, text, sizeof(text));
	if (text[0] == '\0')
		return MRZ_OK;
	error = put_text(sheet, sheet->text, item->x, item->y, item->width,
	    captions[item->value], caption);
	if (error == MRZ_OK)
		error = put_text(sheet, sheet->text, item->x,
		    item->y + PAGE_VALUE_DROP, item->width, text, value);
	explicit_bzero(text, sizeof(text));
	return error;
}

static enum mrz_error
put_heading(struct sheet *sheet)
{
	const struct page_shape *shape = sheet->shape;
	const struct mrz_field *f = sheet->page->doc->fields;
	bool utopia = strcmp(f[MRZ_F_ISSUING_STATE].text, "UTO") == 0;
	char letter = f[MRZ_F_DOCUMENT_CODE].text[0];
	const char *title = titles[3].title;
	struct mrz_text style = { .cap_height = shape->heading_cap,
		.weight = 0.05 * shape->heading_cap,
		.color = shape->colors.ink };
	double width = (shape->chip.width > 0 ? shape->chip.x
					      : shape->geometry.width - 2) -
		       shape->heading_x - 2;
	enum mrz_error error;
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (titles[i].letter == letter)
			title = titles[i].title;
	error = put_text(sheet, sheet->text, shape->heading_x, shape->heading_y,
	    width, utopia ? "UTOPIA" : "SPECIMEN", style);
	if (error != MRZ_OK)
		return error;
	style.cap_height *= 0.55;
	style.weight = 0;
	return put_text(sheet, sheet->text, shape->heading_x,
	    shape->heading_y + 1.5 * shape->heading_cap, width, title, style);
}

/* Red in white: it shows on dark clothes, also in grey. */
static enum mrz_error
put_on_face(struct sheet *sheet)
{
	const struct page_box *face = &sheet->shape->face;
	struct mrz_text style = { .cap_height = face->width / 13,
		.weight = face->width / 38,
		.opacity = 0.8,
		.color = { 255, 255, 255 } };
	double x = face->x + 0.22 * face->width;
	double y = face->y + 0.955 * face->height;
	enum mrz_error error = put_text(sheet, sheet->text, x, y, 0, "SPECIMEN",
	    style);

	if (error != MRZ_OK)
		return error;
	style.weight = face->width / 120;
	style.color = (struct mrz_color)SPECIMEN_RED;
	style.opacity = 0.9;
	return put_text(sheet, sheet->text, x, y, 0, "SPECIMEN", style);
}

static enum mrz_error
put_specimen(struct sheet *sheet)
{
	const struct page_shape *shape = sheet->shape;
	const struct mrz_text across = { .cap_height = shape->specimen_cap,
		.weight = 0.08 * shape->specimen_cap,
		.angle = shape->specimen_angle,
		.opacity = 0.16,
		.color = SPECIMEN_RED };
	enum mrz_error error = put_text(sheet, sheet->text, shape->specimen_x,
	    shape->specimen_y, 0, "SPECIMEN", across);

	return error == MRZ_OK ? put_on_face(sheet) : error;
}

static enum mrz_error
put_zone(struct sheet *sheet)
{
	const struct mrz_page_geometry *g = &sheet->shape->geometry;
	const struct mrz_doc *doc = sheet->page->doc;
	const struct mrz_text style = { .cap_height = ZONE_CAP,
		.pitch = ZONE_PITCH,
		.weight = ZONE_WEIGHT,
		.color = { 18, 18, 20 } };
	enum mrz_error error = MRZ_OK;
	double centre;
	uint32_t i;

	for (i = 0; i < doc->n_lines && error == MRZ_OK; i++) {
		centre = g->height - g->lowest_line -
			 g->line_pitch * (doc->n_lines - 1 - i);
		error = put_text(sheet, sheet->zone,
		    g->zone_left - ZONE_BEARING, centre + ZONE_CAP / 2, 0,
		    doc->lines[i], style);
	}
	return error;
}

static enum mrz_error
put_all(struct sheet *sheet)
{
	enum mrz_error error = put_heading(sheet);
	size_t i;

	for (i = 0; i < sheet->shape->n_items && error == MRZ_OK; i++)
		error = put_item(sheet, &sheet->shape->items[i]);
	if (error == MRZ_OK)
		error = put_specimen(sheet);
	if (error == MRZ_OK)
		error = put_zone(sheet);
	return error;
}

enum mrz_error
mrz_draw_page(const struct mrz_draw_page *page, struct mrz_image *out)
{
	struct sheet sheet = { .page = page, .image = out };
	const struct mrz_page_geometry *g;
	enum mrz_error error;
	uint32_t dpi;

	memset(out, 0, sizeof(*out));
	if (page->size != sizeof(*page) || page->doc == NULL)
		return MRZ_E_ARG;
	if (page->face != NULL && (page->face->width > MRZ_IMAGE_MAX_SIDE ||
				      page->face->height > MRZ_IMAGE_MAX_SIDE))
		return MRZ_E_ARG;
	dpi = page->dpi != 0 ? page->dpi : MRZ_PAGE_DPI;
	sheet.shape = page_shape(page->doc->format);
	if (sheet.shape == NULL || dpi < MRZ_PAGE_MIN_DPI ||
	    dpi > MRZ_PAGE_MAX_DPI || page->doc->n_lines > MRZ_MAX_LINES)
		return MRZ_E_ARG;
	g = &sheet.shape->geometry;
	sheet.scale = dpi / 25.4;
	error = mrz_font_open(page->zone_font, &sheet.zone);
	if (error == MRZ_OK)
		error = mrz_font_open(page->text_font != NULL
					  ? page->text_font
					  : mrz_text_font_default(),
		    &sheet.text);
	if (error == MRZ_OK)
		error = mrz_image_new((uint32_t)lround(g->width * sheet.scale),
		    (uint32_t)lround(g->height * sheet.scale), 3, dpi, out);
	if (error == MRZ_OK)
		error = page_art(sheet.shape, sheet.scale, page->face, out);
	if (error == MRZ_OK)
		error = put_all(&sheet);
	mrz_font_free(&sheet.zone);
	mrz_font_free(&sheet.text);
	if (error != MRZ_OK)
		mrz_image_free(out);
	return error;
}
