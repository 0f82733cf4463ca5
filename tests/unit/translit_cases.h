/*
 * tests/vectors/transliteration.txt: what its lines share. Their form is told
 * in their first comment.
 */
#ifndef MRTD_TRANSLIT_CASES_H
#define MRTD_TRANSLIT_CASES_H

#include "test.h"

#include <mrz/mrz.h>

#define TRANSLIT_CASES "tests/vectors/transliteration.txt"
#define TRANSLIT_CAP   512

/* Blanks for underscores. */
void translit_text(const char *word, char out[TRANSLIT_CAP]);

/* The options that a word asks for; fails the test if there are none. */
struct mrz_transliterate_options translit_options(const char *word);

/* One code point as UTF-8 with a NUL; returns how many bytes. */
size_t translit_put(uint32_t code, char out[5]);

/* Transliterate a text that must be good. */
void translit_good(const char *text,
    const struct mrz_transliterate_options *options, char out[MRZ_MAX_NAME]);

#endif
