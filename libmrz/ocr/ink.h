/*
 * The outlines of ink in a picture: what is darker than its surroundings, as
 * boxes of connected pixels.
 */
#ifndef MRZ_OCR_INK_H
#define MRZ_OCR_INK_H

#include "grey.h"

#define MAX_MARKS 30000

/* One connected piece of ink, in pixels of the picture. */
struct mark {
	double x, y; /* centre */
	double width, height;
};

struct marks {
	size_t n;
	struct mark *at; /* from malloc, freed by mrz_marks_free */
};

/*
 * Marks that may be characters, in the picture scaled so that its longer side
 * has 'side' pixels. False when there is no memory.
 */
bool mrz_marks_find(const struct pyramid *pyramid, unsigned side,
    struct marks *out);
void mrz_marks_free(struct marks *marks);

#endif
