/*
 * The lines of a document one after the other, as DG1 has them, to change and
 * to parse again.
 */
#ifndef MRTD_TEST_FLAT_ZONE_H
#define MRTD_TEST_FLAT_ZONE_H

#include <mrz/mrz.h>

struct flat_zone {
	size_t len;
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
};

/* On one line a blank at the end of a part of it is not the end of a line. */
void flat_zone_of(const struct mrz_doc *doc, struct flat_zone *out);

/* Where a line and column, from 1, lie in it. */
size_t flat_zone_offset(const struct mrz_doc *doc, size_t line, size_t column);

/*
 * The right digit in every place where one was computed: mutation alone hardly
 * ever finds zones that are accepted. The composite digit covers the others, so
 * that it takes two rounds. False if no layout fits any more.
 */
bool flat_zone_correct_digits(struct mrz_doc *doc,
    const struct mrz_options *options);

#endif
