/*
 * What a check says, in words for a person.
 */
#ifndef MRZ_READ_SENTENCE_H
#define MRZ_READ_SENTENCE_H

#include <mrz/mrz.h>

#define SENTENCE_CAP 256

/* Empty if the check passed and there is nothing to add. */
const char *check_sentence(const struct mrz_doc *doc,
    const struct mrz_check *check, char text[SENTENCE_CAP]);

#endif
