/*
 * Codes of issuers and nationalities. The rows are generated from
 * data/countries.tsv by data/gen-countries, in the order of code3.
 */
#include "charset.h"
#include "mem.h"

/* After mrz.h, which it needs. */
#include "country_table.h"

#define N_COUNTRIES (sizeof(countries) / sizeof(countries[0]))

/* A code in the form of the table: letters, NULs after them. */
struct code {
	char at[4];
};

/* False unless the code is one to max letters, and fillers after them. */
static bool
read_code(const char *text, size_t max, struct code *out)
{
	size_t len = mrz_text_len(text), n = 0;

	memset(out, 0, sizeof(*out));
	if (len > max)
		return false;
	while (n < len && mrz_is_letter(text[n])) {
		out->at[n] = text[n];
		n++;
	}
	for (size_t i = n; i < len; i++)
		if (text[i] != FILLER)
			return false;
	return n > 0;
}

const struct mrz_country *
mrz_country_find(const char *code3)
{
	size_t low = 0, high = N_COUNTRIES;
	struct code code;

	if (!read_code(code3, 3, &code))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(countries[middle].code3, code.at, 4);

		if (order == 0)
			return &countries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct mrz_country *
mrz_country_find2(const char *code2)
{
	struct code code;

	if (!read_code(code2, 2, &code))
		return NULL;
	for (size_t i = 0; i < N_COUNTRIES; i++) {
		const struct mrz_country *row = &countries[i];

		if (row->kind != MRZ_COUNTRY_NOT_FOR_MRZ &&
		    memcmp(row->code2, code.at, 3) == 0)
			return row;
	}
	return NULL;
}

const struct mrz_country *
mrz_country_at(size_t i)
{
	return i < N_COUNTRIES ? &countries[i] : NULL;
}

const char *
mrz_country_version(void)
{
	return COUNTRY_VERSION;
}
