/*
 * What one letter of a name may become in the MRZ: lookups in the tables that
 * data/gen-transliteration writes.
 */
#ifndef MRZ_SPELLING_H
#define MRZ_SPELLING_H

#include <mrz/mrz.h>

#define SPELLING_MAX 4 /* letters that one letter becomes */

/* When a spelling applies. */
enum spelling_when {
	SPELL_FIRST, /* the standard's first value; the first row of a letter */
	SPELL_UMLAUT_PLAIN, /* these four: as enum mrz_spelling says */
	SPELL_UMLAUT_XX,
	SPELL_RING_PLAIN,
	SPELL_TILDE_XX,
	SPELL_BE, /* in that language */
	SPELL_BG,
	SPELL_MK,
	SPELL_SR,
	SPELL_UK,
	SPELL_UK_FIRST, /* in Ukrainian, as the first letter of a component */
	SPELL_END,      /* as the last letter of a component */
	SPELL_ALLAH,    /* as the last letter of Allah at such a place */
	SPELL_ALSO,     /* never written, but taken in comparisons */
	N_SPELLINGS
};

/* Rows of one letter follow one another. */
struct spelling {
	uint16_t code;
	uint8_t when;
	char text[SPELLING_MAX + 1];
};

enum mark {
	MARK_NO,    /* a letter, or unknown */
	MARK_NONE,  /* does not count at all, some letters too */
	MARK_OMIT,  /* punctuation that is left out */
	MARK_BLANK, /* parts components */
	MARK_COMMA,
	MARK_DOUBLE /* repeats the letter before it */
};

/* The rows of a letter, *n of them; NULL if the tables do not have it. */
const struct spelling *mrz_spellings(uint32_t code, size_t *n);

/* Whether it is an exception of that language. */
bool mrz_spelling_of_language(uint8_t when, enum mrz_language language);

enum mark mrz_mark_of(uint32_t code);

/*
 * The letters of the tables (or A-Z) that a code point stands for: itself, its
 * capital, the letter without marks that change nothing, the parts of a
 * ligature. Returns how many, up to SPELLING_MAX; 0 if it stands for none.
 */
size_t mrz_fold(uint32_t code, uint16_t out[SPELLING_MAX]);

/* The letter that a letter becomes by a mark that follows it; 0 if the mark
 * changes nothing. */
uint16_t mrz_compose(uint32_t base, uint32_t mark);

#endif
