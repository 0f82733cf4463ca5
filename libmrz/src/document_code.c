/*
 * Document codes: what the first two characters say. The rows are generated
 * from data/document_codes.tsv by data/gen-document-codes.
 */
#include "charset.h"

/* After mrz.h, which it needs. */
#include "document_code_table.h"

#define N_CODES (sizeof(document_codes) / sizeof(document_codes[0]))

/* A row's '?', and a second character that is not there. */
#define ANY_SECOND '?'
#define NO_SECOND  '\0'

static const struct mrz_document_code *
find(uint32_t formats, char first, char second)
{
	for (size_t i = 0; i < N_CODES; i++) {
		const struct mrz_document_code *row = &document_codes[i];

		if (row->code[0] == first && row->code[1] == second &&
		    (row->formats & formats) != 0)
			return row;
	}
	return NULL;
}

/* Whether '?' may stand for it: passports have letters, others digits too. */
static bool
may_be_any(char first, char second)
{
	return second == NO_SECOND ? first != 'P'
				   : mrz_is_letter(second) ||
					 (mrz_is_digit(second) && first != 'P');
}

const struct mrz_document_code *
mrz_document_code_find(enum mrz_format format, const char *code)
{
	size_t len = mrz_text_len(code);
	uint32_t formats = UINT32_MAX;
	const struct mrz_document_code *row;
	char second;

	if (len < 1 || len > 2 || (unsigned)format >= MRZ_N_FORMATS)
		return NULL;
	if (format != MRZ_UNKNOWN)
		formats = 1u << format;
	second = len == 1 || code[1] == FILLER ? NO_SECOND : code[1];
	if (second == ANY_SECOND)
		return NULL;
	row = find(formats, code[0], second);
	if (row == NULL && may_be_any(code[0], second))
		row = find(formats, code[0], ANY_SECOND);
	return row;
}

const struct mrz_document_code *
mrz_document_code_at(size_t i)
{
	return i < N_CODES ? &document_codes[i] : NULL;
}

const char *
mrz_document_code_version(void)
{
	return DOCUMENT_CODE_VERSION;
}
