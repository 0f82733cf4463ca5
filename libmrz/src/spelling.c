#include "spelling.h"

#include "charset.h"
#include "mem.h"

struct fold {
	uint16_t from, to;
};

struct expansion {
	uint16_t from, to[SPELLING_MAX]; /* unused ones are 0 */
};

struct composition {
	uint16_t base, mark, to;
};

struct mark_range {
	uint16_t from, to;
	uint8_t kind;
};

/* After the types, which it needs. */
#include "transliteration_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/*
 * Each table is in the order of the code point that each of its rows begins
 * with: the first row whose code point is not below code, or n.
 */
static size_t
lower_bound(const void *table, size_t n, size_t row_size, uint32_t code)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint16_t at;

		memcpy(&at, (const char *)table + middle * row_size,
		    sizeof(at));
		if (at < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct spelling *
mrz_spellings(uint32_t code, size_t *n)
{
	size_t first = lower_bound(spellings, COUNT(spellings),
	    sizeof(spellings[0]), code);
	size_t end = first;

	while (end < COUNT(spellings) && spellings[end].code == code)
		end++;
	*n = end - first;
	return end > first ? &spellings[first] : NULL;
}

enum mark
mrz_mark_of(uint32_t code)
{
	for (size_t i = 0; i < COUNT(mark_ranges); i++)
		if (code >= mark_ranges[i].from && code <= mark_ranges[i].to)
			return (enum mark)mark_ranges[i].kind;
	return MARK_NO;
}

static size_t
fold_table(uint32_t code, uint16_t out[SPELLING_MAX])
{
	size_t i = lower_bound(folds, COUNT(folds), sizeof(folds[0]), code);
	size_t n = 0;

	if (i < COUNT(folds) && folds[i].from == code) {
		out[0] = folds[i].to;
		return 1;
	}
	i = lower_bound(expansions, COUNT(expansions), sizeof(expansions[0]),
	    code);
	if (i == COUNT(expansions) || expansions[i].from != code)
		return 0;
	while (n < SPELLING_MAX && expansions[i].to[n] != 0) {
		out[n] = expansions[i].to[n];
		n++;
	}
	return n;
}

size_t
mrz_fold(uint32_t code, uint16_t out[SPELLING_MAX])
{
	size_t n;

	if (code >= 'a' && code <= 'z')
		code = code - 'a' + 'A';
	if ((code >= 'A' && code <= 'Z') || mrz_spellings(code, &n) != NULL) {
		out[0] = (uint16_t)code;
		return 1;
	}
	return fold_table(code, out);
}

uint16_t
mrz_compose(uint32_t base, uint32_t mark)
{
	for (size_t i = 0; i < COUNT(compositions); i++)
		if (compositions[i].base == base &&
		    compositions[i].mark == mark)
			return compositions[i].to;
	return 0;
}
