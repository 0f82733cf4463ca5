#include "flat_zone.h"

#include <string.h>

void
flat_zone_of(const struct mrz_doc *doc, struct flat_zone *out)
{
	out->len = 0;
	for (size_t i = 0; i < doc->n_lines; i++) {
		memcpy(out->text + out->len, doc->lines[i], doc->line_len[i]);
		out->len += doc->line_len[i];
	}
}

size_t
flat_zone_offset(const struct mrz_doc *doc, size_t line, size_t column)
{
	size_t at = column - 1;

	for (size_t i = 0; i + 1 < line; i++)
		at += doc->line_len[i];
	return at;
}

bool
flat_zone_correct_digits(struct mrz_doc *doc, const struct mrz_options *options)
{
	struct flat_zone zone;

	for (int round = 0; round < 2; round++) {
		flat_zone_of(doc, &zone);
		for (size_t i = 0; i < doc->n_checks; i++) {
			const struct mrz_check *check = &doc->checks[i];

			if ((check->reason == MRZ_R_CHECK_DIGIT ||
				check->reason == MRZ_R_NO_CHECK_DIGIT) &&
			    check->computed != '\0')
				zone.text[flat_zone_offset(doc,
				    check->place.line, check->place.column)] =
				    check->computed;
		}
		if (mrz_parse(zone.text, zone.len, options, doc) != MRZ_OK)
			return false;
	}
	return true;
}
