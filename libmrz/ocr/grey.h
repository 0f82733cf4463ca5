/*
 * Grey pixels of one picture, and the sampling of them.
 */
#ifndef MRZ_OCR_GREY_H
#define MRZ_OCR_GREY_H

#include <mrz/ocr.h>

/* Rows without gaps; 0 is black. */
struct grey_plane {
	uint32_t width;
	uint32_t height;
	uint8_t *at;
};

/*
 * The picture and halves of it: level i has 1 / 2^i of the width. What has
 * fewer pixels for a character than the recogniser wants is read from level
 * 0, what has more from the level that comes nearest: no stroke is skipped.
 */
#define MAX_LEVELS 5
struct pyramid {
	unsigned n;
	struct grey_plane level[MAX_LEVELS];
};

/*
 * How colours become grey. Most print behind a zone is coloured, the zone
 * itself black: of a colour's channels the brightest tells ink from ground.
 */
enum grey_kind {
	GREY_LUMA,
	GREY_BRIGHTEST
};

/* False when there is no memory; free what there is all the same. The
 * arguments have been checked. */
bool mrz_pyramid_build(const struct mrz_picture *picture, enum grey_kind kind,
    struct pyramid *out);
/* Wipes and frees; zeroed memory is fine. */
void mrz_pyramid_free(struct pyramid *pyramid);

/* Overwrites memory in a way that the compiler keeps. */
void mrz_ocr_wipe(void *ptr, size_t len);

/* The grey at a place of level 0 (pixel centres at .5), between the pixels
 * by their distance, from the level that fits step (pixels of level 0 from
 * one sample to the next). Outside the picture: its edge. */
uint8_t mrz_pyramid_sample(const struct pyramid *pyramid, double x, double y,
    double step);

#endif
