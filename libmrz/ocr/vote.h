/*
 * Several readings of one zone to one text and its doubts.
 */
#ifndef MRZ_OCR_VOTE_H
#define MRZ_OCR_VOTE_H

#include "cells.h"

#define MAX_READINGS 5

/* Recognisers of two kinds, so that they do not err alike: cells one by one
 * (glyph.c), and whole lines (recognise.c). */
enum reader {
	READ_GLYPHS,
	READ_LINE,
	N_READERS
};

/* Readings of the lines of a zone; cell i of every line stands above cell i
 * of the next, and BESIDE cells more than the zone seems to have are at each
 * end. */
struct ballot {
	unsigned n_lines;
	unsigned n_readings;
	enum reader readers[MAX_READINGS];
	struct cells votes[MAX_READINGS][MRZ_MAX_LINES];
};

/* A layout, and in which cell of the ballot its first column is. */
struct fit {
	enum mrz_format format;
	unsigned first;
	double score; /* mean logarithm of the probability per place: <= 0 */
};

/* The layout that fits best; MRZ_UNKNOWN when none has so many lines. */
struct fit mrz_vote_fit(const struct ballot *ballot);

/*
 * The text that the readings agree on most, checked and with its doubts.
 * out: doc, n_doubts and doubts are written.
 */
void mrz_vote(const struct ballot *ballot, const struct fit *fit, int32_t today,
    struct mrz_reading *out);

#endif
