/*
 * The MRZ alphabet, and the patterns of its fields: which character may stand
 * at which place of a field.
 */
#ifndef MRZ_CHARSET_H
#define MRZ_CHARSET_H

#include <mrz/mrz.h>

#define FILLER '<'

bool mrz_is_digit(char c);
bool mrz_is_letter(char c);

/* 0..35, '<' is 0; -1 for anything else. */
int mrz_char_value(char c);

/* Length of s up to its NUL; 0 for NULL. */
size_t mrz_text_len(const char *s);

enum pattern {
	PATTERN_ANY,    /* letters, digits, fillers */
	PATTERN_NUMBER, /* the same, but not fillers alone */
	PATTERN_CODE,   /* a letter, then anything */
	PATTERN_STATE,  /* one to three letters, then fillers */
	PATTERN_NAME,   /* letters and fillers, not fillers alone */
	PATTERN_BIRTH,  /* digits and fillers */
	PATTERN_EXPIRY, /* digits */
	PATTERN_SEX     /* M, F or a filler */
};

/* The pattern of a field; surname stands for the whole name field. */
enum pattern mrz_field_pattern(enum mrz_field_id id);

/* What a pattern asks for, in words; and what it protects a field with (bits
 * of enum mrz_protection). */
const char *mrz_pattern_words(enum pattern pattern);
uint32_t mrz_pattern_protection(enum pattern pattern);

/* MRZ_R_NONE, or what is wrong first and at which offset. */
enum mrz_reason mrz_pattern_check(enum pattern pattern, const char *s,
    size_t len, size_t *offset);

/* The same for a form (layout.h) and as many characters of the alphabet as it
 * has places. */
enum mrz_reason mrz_form_check(const char *form, const char *s, size_t *offset);

#endif
