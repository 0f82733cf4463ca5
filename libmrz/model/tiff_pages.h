/*
 * tiff_pages.h - grey pictures as the pages of one TIFF file, uncompressed.
 */
#ifndef MRZ_TIFF_PAGES_H
#define MRZ_TIFF_PAGES_H

#include "draw/draw.h"

#include <stdio.h>

struct tiff_pages {
	FILE *file;
	long link; /* where the offset of the next page belongs */
	bool bad;  /* a write failed, or the file grew too large */
};

/*
 * tiff_begin - start a file that is open for writing and can seek; borrowed
 * until tiff_end. tiff_add - one more page; its picture is grey. tiff_end -
 * true when all was written; the caller closes the file.
 */
void tiff_begin(struct tiff_pages *tiff, FILE *file);
void tiff_add(struct tiff_pages *tiff, const struct mrz_image *image);
bool tiff_end(struct tiff_pages *tiff);

#endif
