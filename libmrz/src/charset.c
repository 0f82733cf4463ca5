#include "charset.h"

bool
mrz_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
mrz_is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

int
mrz_char_value(char c)
{
	if (mrz_is_digit(c))
		return c - '0';
	if (mrz_is_letter(c))
		return c - 'A' + 10;
	return c == FILLER ? 0 : -1;
}

size_t
mrz_text_len(const char *s)
{
	size_t n = 0;

	while (s != NULL && s[n] != '\0')
		n++;
	return n;
}

static const enum pattern field_patterns[MRZ_N_FIELDS] = {
	[MRZ_F_DOCUMENT_CODE] = PATTERN_CODE,
	[MRZ_F_ISSUING_STATE] = PATTERN_STATE,
	[MRZ_F_SURNAME] = PATTERN_NAME,
	[MRZ_F_GIVEN_NAMES] = PATTERN_NAME,
	[MRZ_F_DOCUMENT_NUMBER] = PATTERN_NUMBER,
	[MRZ_F_NATIONALITY] = PATTERN_STATE,
	[MRZ_F_DATE_OF_BIRTH] = PATTERN_BIRTH,
	[MRZ_F_SEX] = PATTERN_SEX,
	[MRZ_F_DATE_OF_EXPIRY] = PATTERN_EXPIRY,
	[MRZ_F_OPTIONAL_DATA] = PATTERN_ANY,
	[MRZ_F_OPTIONAL_DATA_2] = PATTERN_ANY,
	[MRZ_F_ADMINISTRATIVE_CODE] = PATTERN_ANY,
	[MRZ_F_VERSION] = PATTERN_ANY,
	[MRZ_F_BLANK_NUMBER] = PATTERN_ANY,
	[MRZ_F_LANGUAGE] = PATTERN_ANY,
};

enum pattern
mrz_field_pattern(enum mrz_field_id id)
{
	return field_patterns[id];
}

static const struct {
	const char *words;
	uint32_t protection;
} patterns[] = {
	[PATTERN_ANY] = { "letters, digits and fillers", 0 },
	[PATTERN_NUMBER] = { "letters, digits and fillers, not empty", 0 },
	[PATTERN_CODE] = { "a letter, then a letter, a digit or a filler",
	    MRZ_BY_ALPHABET | MRZ_BY_CODE_LIST },
	[PATTERN_STATE] = { "one to three letters of the list of codes, then "
			    "fillers",
	    MRZ_BY_ALPHABET | MRZ_BY_CODE_LIST },
	[PATTERN_NAME] = { "letters and fillers, not empty", MRZ_BY_ALPHABET },
	[PATTERN_BIRTH] = { "digits YYMMDD, fillers in pairs for unknown parts",
	    MRZ_BY_ALPHABET | MRZ_BY_CALENDAR },
	[PATTERN_EXPIRY] = { "digits YYMMDD",
	    MRZ_BY_ALPHABET | MRZ_BY_CALENDAR },
	[PATTERN_SEX] = { "M, F or a filler", MRZ_BY_ALPHABET },
};

const char *
mrz_pattern_words(enum pattern pattern)
{
	return patterns[pattern].words;
}

uint32_t
mrz_pattern_protection(enum pattern pattern)
{
	return patterns[pattern].protection;
}

/* What is wrong with s[i], which is of the alphabet. */
static enum mrz_reason
pattern_at(enum pattern pattern, const char *s, size_t i)
{
	char c = s[i];

	switch (pattern) {
	case PATTERN_ANY:
	case PATTERN_NUMBER:
		return MRZ_R_NONE;
	case PATTERN_CODE:
		return i > 0 || mrz_is_letter(c) ? MRZ_R_NONE
						 : MRZ_R_LETTER_EXPECTED;
	case PATTERN_STATE:
		if (i > 0 && c != FILLER && s[i - 1] == FILLER)
			return MRZ_R_FILLER_EXPECTED;
		if (i > 0 && c == FILLER)
			return MRZ_R_NONE;
		return mrz_is_letter(c) ? MRZ_R_NONE : MRZ_R_LETTER_EXPECTED;
	case PATTERN_NAME:
		return mrz_is_digit(c) ? MRZ_R_LETTER_EXPECTED : MRZ_R_NONE;
	case PATTERN_BIRTH:
		return mrz_is_letter(c) ? MRZ_R_DIGIT_EXPECTED : MRZ_R_NONE;
	case PATTERN_EXPIRY:
		return mrz_is_digit(c) ? MRZ_R_NONE : MRZ_R_DIGIT_EXPECTED;
	case PATTERN_SEX:
		if (c == 'X')
			return MRZ_R_SEX_X;
		return c == 'M' || c == 'F' || c == FILLER ? MRZ_R_NONE
							   : MRZ_R_SEX;
	}
	return MRZ_R_NOT_MRZ_CHARACTER;
}

enum mrz_reason
mrz_pattern_check(enum pattern pattern, const char *s, size_t len,
    size_t *offset)
{
	enum mrz_reason reason;
	bool empty = true;

	for (size_t i = 0; i < len; i++) {
		*offset = i;
		if (s[i] >= 'a' && s[i] <= 'z')
			return MRZ_R_LOWER_CASE;
		if (mrz_char_value(s[i]) < 0)
			return MRZ_R_NOT_MRZ_CHARACTER;
		reason = pattern_at(pattern, s, i);
		if (reason != MRZ_R_NONE)
			return reason;
		empty = empty && s[i] == FILLER;
	}
	*offset = 0;
	if (empty && (pattern == PATTERN_NUMBER || pattern == PATTERN_NAME))
		return MRZ_R_EMPTY_FIELD;
	return MRZ_R_NONE;
}

/* One place of a form, from *form on; *form moves to the next. */
static bool
form_allows(const char **form, char c)
{
	char place = *(*form)++;
	bool any = false;

	if (place == '9')
		return mrz_is_digit(c);
	if (place == 'X')
		return c != FILLER;
	while (**form != ']')
		any |= *(*form)++ == c;
	++*form;
	return any;
}

enum mrz_reason
mrz_form_check(const char *form, const char *s, size_t *offset)
{
	for (size_t i = 0; *form != '\0'; i++) {
		bool digit = *form == '9';

		if (form_allows(&form, s[i]))
			continue;
		*offset = i;
		return digit ? MRZ_R_DIGIT_EXPECTED : MRZ_R_FORM;
	}
	*offset = 0;
	return MRZ_R_NONE;
}
