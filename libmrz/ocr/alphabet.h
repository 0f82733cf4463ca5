/*
 * Which characters may stand where in a layout, and which of them look alike
 * in OCR-B.
 */
#ifndef MRZ_OCR_ALPHABET_H
#define MRZ_OCR_ALPHABET_H

#include <mrz/ocr.h>

/* May the character stand there? line and column from 0. */
bool mrz_place_allows(enum mrz_format format, unsigned line, unsigned column,
    char c);

/* Does only a digit (or a filler) stand there, which a check digit covers? */
bool mrz_place_is_digit(enum mrz_format format, unsigned line, unsigned column);

/* The characters that c is taken for when print or picture are poor, likest
 * first; "" if there is none. */
const char *mrz_look_alikes(char c);

/* Is it the same shape but for its width (O and 0, I and 1)? The layout then
 * settles which it is. */
bool mrz_same_shape(char a, char b);

#endif
