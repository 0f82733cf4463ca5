/*
 * A search for repairs: what may stand where, what was found, and how much was
 * tried. repair.c begins and judges it, repair_search.c tries.
 */
#ifndef MRZ_REPAIR_SEARCH_H
#define MRZ_REPAIR_SEARCH_H

#include "repair.h"

/* Check digits of a layout that the filter for pairs looks at. */
#define MAX_ROWS 8

/* The rest is for proving and describing what was found. */
#define SEARCH_WORK (MRZ_REPAIR_WORK - 600)

/* All changes that may be tried. */
#define MAX_TRIES (ZONE_CAP * MAX_LOOK_ALIKES)

struct alternatives {
	bool weighted; /* not from the table */
	uint8_t n;
	struct look_alike at[MAX_LOOK_ALIKES];
};

/* A change that does something to the checks, and may be one of two. */
struct effect {
	uint8_t at, alternative;
	bool goes_first; /* see try_on_top */
	bool unveils;    /* goes first for that */
	char printed[MAX_ROWS];
	char computed[MAX_ROWS];
};

/* Places that must change. */
struct wrong {
	size_t n; /* counted up to MRZ_MAX_CHANGES + 1 */
	uint8_t at[MRZ_MAX_CHANGES];
	struct zone_text filled; /* with a legal character at each */
};

struct search {
	const struct mrz_options *options;
	struct mrz_repair *out;
	struct zone_text zone;
	struct mrz_doc base;
	struct mrz_doc probe; /* the last parse */
	unsigned work;
	struct alternatives alternatives[ZONE_CAP];
	bool alone[ZONE_CAP][MAX_LOOK_ALIKES]; /* enough by itself */
	struct wrong wrong;
	size_t n_rows;
	uint8_t rows[MAX_ROWS];
	size_t n_effects;
	struct effect effects[MAX_TRIES];
};

_Static_assert(ZONE_CAP <= UINT8_MAX, "a place does not fit into a byte");

/*
 * Every change of one place and of two, or beyond the bound the closest one,
 * that makes the zone verify: into candidates and n_found of s->out, the
 * cheapest first. Of a candidate, field and wrong_class are left to tell.
 * Before: options, out, zone, base and alternatives are there, the rest zero.
 */
void mrz_repair_search(struct search *s);

/* There was more to try than is allowed. */
bool mrz_repair_search_ended_early(const struct search *s);

#endif
