/*
 * Codes of issuers and nationalities. The rows are generated from
 * data/countries.tsv by data/gen-countries, in the order of code3;
 * those in force have a table of their own.
 */
#include "charset.h"
#include "mem.h"

/* After mrz.h, which it needs. */
#include "country_table.h"

#define N_COUNTRIES (sizeof(countries) / sizeof(countries[0]))
#define N_OTHER     (sizeof(other_countries) / sizeof(other_countries[0]))

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

static const struct mrz_country *
find(const struct mrz_country *rows, size_t n, const struct code *code)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(rows[middle].code3, code->at, 4);

		if (order == 0)
			return &rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct mrz_country *
mrz_country_find(const char *code3)
{
	const struct mrz_country *row;
	struct code code;

	if (!read_code(code3, 3, &code))
		return NULL;
	row = find(countries, N_COUNTRIES, &code);
	if (row == NULL)
		row = find(other_countries, N_OTHER, &code);
	return row;
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
	if (i < N_COUNTRIES)
		return &countries[i];
	i -= N_COUNTRIES;
	return i < N_OTHER ? &other_countries[i] : NULL;
}

const char *
mrz_country_version(void)
{
	return COUNTRY_VERSION;
}
