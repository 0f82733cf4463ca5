/*
 * line.h - one line of an MRZ on a strip of printed paper, as a camera finds
 * it: pattern of the paper, uneven print, neighbours cut off, a stamp across.
 */
#ifndef MRZ_DRAW_LINE_H
#define MRZ_DRAW_LINE_H

#include "draw.h"

#define MRZ_LINE_MIN_CAP  4.0
#define MRZ_LINE_MAX_CAP  120.0
#define MRZ_LINE_MAX_TEXT 60 /* characters */

/*
 * The paper: waves of fine lines (guilloche), blotches and grain on its grey.
 * Each says how far it goes from the grey, in grey levels, 0..255; 0 is plain.
 */
struct mrz_paper {
	uint8_t level;
	double guilloche;
	double mottle; /* blotches of some pixels */
	double grain;  /* of single pixels */
	uint64_t seed; /* which waves */
};

/*
 * Lengths are in cap heights, unless they say otherwise.
 */
struct mrz_draw_line {
	const char *text;  /* what is to be read */
	const char *above; /* neighbours; NULL: none */
	const char *below;
	double cap;         /* pixels */
	double pitch;       /* times the font's; 0.5 to 2 */
	double spacing;     /* baseline to baseline; 1.2 to 4 */
	double weight;      /* added to strokes; -0.08 to 0.2 */
	double stretch;     /* of glyphs; 0.5 to 2 */
	double skew;        /* radians, clockwise; up to 0.2 */
	double bend;        /* how far the middle of the line sags; up to 1 */
	double left, right; /* beside the text; 0 to 24 */
	double left_edge, right_edge; /* where the paper ends there, from the
				       * text; 0 to 24, 0: it does not */
	double rule;       /* width of a dark line along these edges; 0 to 1 */
	uint8_t beyond;    /* grey level of what lies past them */
	double room;       /* paper above and below the capitals; 0 to 4 */
	double shift;      /* of the text from the middle, down; up to 1 */
	double unevenness; /* of the print, 0 to 1 */
	uint8_t ink;       /* grey level */
	const char *stamp; /* text across it, NULL: none */
	double stamp_opacity;
	uint8_t stamp_ink;
	struct mrz_paper paper;
	uint64_t seed; /* of unevenness and of where the stamp lies */
};

/*
 * mrz_draw_paper - cover a grey picture with such paper.
 * errors: MRZ_E_ARG (the picture not grey, a number not within 0..255)
 */
MRZ_CHECKED enum mrz_error mrz_draw_paper(struct mrz_image *image,
    const struct mrz_paper *paper);

/*
 * mrz_draw_line - a grey picture of the line. The same values give the same
 * pixels.
 * out:    out  new; its height is cap * (1 + 2 * room). Freed by the caller
 * errors: MRZ_E_ARG (a number out of the bounds above, a character that is
 *         not of the MRZ alphabet, text empty or too long), MRZ_E_FONT,
 *         MRZ_E_TOO_LARGE, MRZ_E_NO_MEMORY; then out is all zero
 */
MRZ_CHECKED enum mrz_error mrz_draw_line(struct mrz_font *font,
    const struct mrz_draw_line *line, struct mrz_image *out);

#endif
