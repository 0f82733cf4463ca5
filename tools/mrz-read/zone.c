#include "zone.h"

size_t
zone_n_doubts(const struct zone *zone)
{
	size_t n = zone->reading != NULL ? zone->reading->n_doubts : 0;

	return n < MRZ_MAX_DOUBTS ? n : MRZ_MAX_DOUBTS;
}

const struct mrz_doubt *
zone_doubts(const struct zone *zone)
{
	return zone->reading != NULL ? zone->reading->doubts : NULL;
}

char
zone_character(const struct zone *zone, const struct mrz_doubt *doubt)
{
	const struct mrz_doc *doc = zone->doc;

	if (doubt->line < 1 || doubt->line > doc->n_lines ||
	    doubt->column < 1 ||
	    doubt->column > doc->line_len[doubt->line - 1] ||
	    doubt->column > MRZ_MAX_LINE_LEN)
		return '?';
	return doc->lines[doubt->line - 1][doubt->column - 1];
}
