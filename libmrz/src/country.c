/*
 * Codes of issuers and nationalities. The rows are generated from
 * data/countries.tsv by data/gen-countries, in the order of code3.
 */
#include "charset.h"

/* After mrz.h, which it needs. */
#include "country_table.h"

#define N_COUNTRIES (sizeof(countries) / sizeof(countries[0]))

/* -1, 0 or 1; b may end with fillers. */
static int
compare(const char *a, const char *b)
{
	for (size_t i = 0;; i++) {
		char x = a[i], y = b[i] == FILLER ? '\0' : b[i];

		if (x != y)
			return x < y ? -1 : 1;
		if (x == '\0')
			return 0;
	}
}

const struct mrz_country *
mrz_country_find(const char *code3)
{
	size_t low = 0, high = N_COUNTRIES;

	if (code3 == NULL)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(countries[middle].code3, code3);

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
	if (code2 == NULL || code2[0] == '\0')
		return NULL;
	for (size_t i = 0; i < N_COUNTRIES; i++) {
		const struct mrz_country *row = &countries[i];

		if (row->kind != MRZ_COUNTRY_NOT_FOR_MRZ &&
		    compare(row->code2, code2) == 0)
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
