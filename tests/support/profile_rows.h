/*
 * Files for the tests of profiles. A file is written as text: bytes in
 * hexadecimal, and TAG( ... ) for a data object whose length is counted. A row
 * is one edit of the text of a good file, and what must be found then.
 */
#ifndef MRTD_PROFILE_ROWS_H
#define MRTD_PROFILE_ROWS_H

#include "core/finding.h"
#include "data.h"

#define NO_FINDING EMRTD_N_FINDINGS

struct profile_row {
	const char *id;        /* of TR-03105-5.1, or what it is about */
	const char *from, *to; /* in the text; NULL: as it is */
	int longer;            /* what the outer length is wrong by */
	enum emrtd_finding_id finding;
};

/* Fails the test for text that is none. */
struct test_bytes test_tlv_text(const char *text);

/* Every row finds what it says, and nothing else. */
void run_profile_rows(const char *good, const struct profile_row *rows,
    size_t n_rows,
    void (*profile)(struct emrtd_bytes file, struct emrtd_findings *out));

/* Fails the test unless exactly this one is there. */
void assert_only_finding(const struct emrtd_findings *findings,
    enum emrtd_finding_id want, const char *what);

#endif
