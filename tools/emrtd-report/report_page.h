/*
 * The page of one reading: a function of the record's text and of the face as
 * received.
 */
#ifndef MRTD_TOOL_REPORT_PAGE_H
#define MRTD_TOOL_REPORT_PAGE_H

#include <emrtd/bytes.h>

#include <stdbool.h>
#include <stdio.h>

/* A record with a portrait of some MiB in base64. */
#define REPORT_RECORD_CAP (8u << 20)
/* Values in it: each takes memory, many times its text. So many are in the
 * record of a file of 700 zones of which one was picked. */
#define REPORT_VALUES_MAX 100000
#define REPORT_DEPTH_MAX  32

#define REPORT_WHY_CAP 160

enum report_error {
	REPORT_OK,
	REPORT_MALFORMED, /* no JSON, or no record that has a page */
	REPORT_MEMORY
};

struct report_input {
	struct emrtd_bytes record; /* emrtd-read/1 or emrtd-verify/1 */
	/* EF.DG2 as received. Empty: the portrait in the record, if any. */
	struct emrtd_bytes dg2;
	bool redact; /* nothing that tells whose document it is */
};

/*
 * report_page - write the page to a stream that keeps nothing unwiped.
 * The record is hostile: what it lacks or says twice makes the page say so,
 * and never a verdict better. REPORT_MALFORMED writes nothing, and why says
 * what is wrong (without quoting the record). Starts the process mrtd-decode
 * for the face. Call after keys are wiped.
 */
enum report_error report_page(const struct report_input *input, FILE *out,
    char why[REPORT_WHY_CAP]);

/*
 * The path that the record has for EF.DG2, as a string to be freed; NULL when
 * there is none. Whoever wrote the record chose it.
 */
char *report_dg2_path(struct emrtd_bytes record);

#endif
