/*
 * A name in UTF-8 as the letters that the tables know, and what parts them.
 */
#ifndef MRZ_LETTERS_H
#define MRZ_LETTERS_H

#include "spelling.h"

/* No name is longer; the longest name field has 39 places. */
#define LETTERS_MAX      256
#define LETTERS_MAX_TEXT 4096 /* bytes */

/* Codes below those of letters. Of several in a row the greatest counts. */
enum {
	PART_OMITTED = 1, /* an apostrophe, a full stop */
	PART_COMPONENTS,  /* a blank, a hyphen */
	PART_COMMA,
	PART_IDENTIFIERS, /* two fillers, or where the given names begin */
	PART_DOUBLE,      /* shadda: the letter before it twice */
	N_PARTS
};

/* The scripts of the tables, by the first code points of their blocks. What
 * lies below CYRILLIC, and from LATIN_2 on, is Latin. */
#define CYRILLIC 0x0400
#define ARABIC   0x0600
#define LATIN_2  0x1E00

/* What a letter is in its component; omitted punctuation does not end one. */
enum {
	LETTER_FIRST = 1,
	LETTER_LAST = 2,
	LETTER_ALLAH = 4,     /* the heh of Allah, last in its component */
	LETTER_SECONDARY = 8, /* offset counts the secondary identifier */
};

struct letter {
	uint16_t code;
	uint16_t offset; /* of its first byte */
	uint8_t flags;
};

struct letters {
	size_t n;
	bool comma, identifiers; /* there is such a part between letters */
	struct letter at[LETTERS_MAX];
};

/*
 * Add a text to letters. False if it cannot be read; problem then says why.
 * flags is 0 or LETTER_SECONDARY: PART_IDENTIFIERS then goes before it.
 */
bool mrz_letters_add(struct letters *letters, const char *utf8, size_t len,
    uint8_t flags, struct mrz_text_problem *problem);

/* After the last text: drop parts at the end, flag the letters. */
void mrz_letters_end(struct letters *letters);

bool mrz_is_part(uint16_t code);

bool mrz_is_arabic(uint16_t code);

#endif
