/*
 * tests/vectors/mrz_specimens.txt and mrz_names.txt as structures; the form
 * of their lines is told in their first comment.
 */
#ifndef MRTD_MRZ_CASES_H
#define MRTD_MRZ_CASES_H

#include <mrz/mrz.h>

#include "vectors.h"

#define MRZ_TEST_TODAY 20780 /* 2026-11-23 */
#define MRZ_TEXT_CAP   160

struct mrz_case {
	enum mrz_format format;
	bool accepted;
	const char *failed; /* "check_digit.composite,..." or "-" */
	const char *rule;
	char text[MRZ_TEXT_CAP]; /* lines parted by LF */
	char values[MRZ_N_FIELDS][MRZ_FIELD_CAP];
};

/* The next case, valid until the next call. */
bool mrz_case_next(struct vectors *vectors, struct mrz_case *out);

/* Blanks for underscores, nothing for "-"; fails the test if too long. */
void mrz_case_value(const char *word, char *out, size_t cap);

/* Parse with MRZ_TEST_TODAY; the error must be MRZ_OK. */
void mrz_parse_ok(const char *text, size_t len, struct mrz_doc *out);

/* Values of a document as mrz_build takes them. The date of birth has its
 * fillers again, in birth (7 bytes). */
void mrz_fields_of(const struct mrz_doc *doc, char *birth,
    struct mrz_fields *out);

#endif
