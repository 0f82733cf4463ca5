/*
 * TIFF 6.0, little-endian, one strip a page:
 *
 *   "II" 42 first | pixels, page, next | pixels, page, next | ...
 *
 * first and next are offsets of pages (directories of fields); the last is 0.
 */
#include "tiff_pages.h"

#include <string.h>

#define SHORT 3u
#define LONG  4u

#define MAX_FILE (1L << 30)

static void
put(struct tiff_pages *tiff, const void *bytes, size_t n)
{
	if (fwrite(bytes, 1, n, tiff->file) != n)
		tiff->bad = true;
}

static void
put_number(struct tiff_pages *tiff, uint32_t value, unsigned n)
{
	uint8_t bytes[4];
	unsigned i;

	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	put(tiff, bytes, n);
}

static void
put_field(struct tiff_pages *tiff, unsigned tag, unsigned type, uint32_t value)
{
	put_number(tiff, tag, 2);
	put_number(tiff, type, 2);
	put_number(tiff, 1, 4);
	put_number(tiff, value, 4);
}

static long
position(struct tiff_pages *tiff)
{
	long at = ftell(tiff->file);

	if (at < 0 || at > MAX_FILE)
		tiff->bad = true;
	return tiff->bad ? 0 : at;
}

/* Writes the offset of what comes next into the place that waits for it. */
static void
set_link(struct tiff_pages *tiff, long next)
{
	if (fseek(tiff->file, tiff->link, SEEK_SET) != 0)
		tiff->bad = true;
	put_number(tiff, (uint32_t)next, 4);
	if (fseek(tiff->file, 0, SEEK_END) != 0)
		tiff->bad = true;
}

void
tiff_begin(struct tiff_pages *tiff, FILE *file)
{
	memset(tiff, 0, sizeof(*tiff));
	tiff->file = file;
	put(tiff, "II", 2);
	put_number(tiff, 42, 2);
	tiff->link = 4;
	put_number(tiff, 0, 4);
}

void
tiff_add(struct tiff_pages *tiff, const struct mrz_image *image)
{
	long pixels = position(tiff), page;
	uint32_t y;

	if (tiff->bad)
		return;
	for (y = 0; y < image->height; y++)
		put(tiff, image->pixels + y * image->stride, image->width);
	if (position(tiff) % 2 != 0)
		put_number(tiff, 0, 1);
	page = position(tiff);
	set_link(tiff, page);
	put_number(tiff, 9, 2);
	put_field(tiff, 256, LONG, image->width);
	put_field(tiff, 257, LONG, image->height);
	put_field(tiff, 258, SHORT, 8); /* bits */
	put_field(tiff, 259, SHORT, 1); /* no compression */
	put_field(tiff, 262, SHORT, 1); /* 0 is black */
	put_field(tiff, 273, LONG, (uint32_t)pixels);
	put_field(tiff, 277, SHORT, 1); /* samples of a pixel */
	put_field(tiff, 278, LONG, image->height);
	put_field(tiff, 279, LONG, image->width * image->height);
	tiff->link = position(tiff);
	put_number(tiff, 0, 4);
}

bool
tiff_end(struct tiff_pages *tiff)
{
	if (fflush(tiff->file) != 0)
		tiff->bad = true;
	return !tiff->bad;
}
