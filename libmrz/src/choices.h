/*
 * What may stand at each place of a zone: the character as read, and the
 * alternatives of a doubt. Hostile doubts are made harmless here.
 */
#ifndef MRZ_CHOICES_H
#define MRZ_CHOICES_H

#include "layout.h"

#define MAX_CHOICES (1 + MRZ_MAX_ALTERNATIVES)

/* Distinct characters of the MRZ alphabet, the one that was read first if it
 * is one; costs are not negative. */
struct cell {
	uint8_t n;
	char text[MAX_CHOICES];
	int16_t cost[MAX_CHOICES];
};

struct choices {
	struct cell at[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];
};

/* layout is that of doc. A choice that would make it another layout (V, the
 * visas; the head of a national layout) is left out. */
void mrz_choices(const struct layout *layout, const struct mrz_doc *doc,
    const struct mrz_doubt *doubts, size_t n, struct choices *out);

const struct cell *mrz_choices_at(const struct choices *choices,
    struct span span);

/* The cost of a character there, -1 if it is none of the choices. */
int32_t mrz_cell_cost(const struct cell *cell, char c);

/*
 * Every text that some neighbouring cells can make, one after the other: at
 * most MAX_CHOICES^n, so n is small.
 */
#define MAX_WALK 6

struct walk {
	const struct cell *cells;
	size_t n; /* 1..MAX_WALK */
	uint8_t at[MAX_WALK];
	bool started;
};

/* walk: cells and n set, the rest zero. text gets n characters, no NUL. False
 * when there is no further one. */
bool mrz_walk(struct walk *walk, char text[MAX_WALK], int32_t *cost);

#endif
