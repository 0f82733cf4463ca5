/*
 * Plain words for what a record names: tables, one row a name. A name that is
 * not in a table has no row, and is shown as it is.
 */
#ifndef MRTD_TOOL_REPORT_WORDS_H
#define MRTD_TOOL_REPORT_WORDS_H

#include "html.h"

#include <emrtd/result.h>

enum report_group {
	GROUP_DOCUMENT,
	GROUP_DATA,
	GROUP_CHIP,
	GROUP_ACCESS,
	GROUP_OTHER, /* ids of a later version */
	REPORT_N_GROUPS
};

/* What a check asks, and what each answer means. */
struct report_check_words {
	const char *id;
	const char *title;
	const char *passed;
	const char *failed;
	const char *undetermined;
};

const char *report_group_title(enum report_group group);
const char *report_group_about(enum report_group group);
enum report_group report_group_of(struct report_text id);

/* NULL for an id without words. */
const struct report_check_words *report_check_words(struct report_text id);

/* How a verdict looks and reads. */
struct report_verdict_words {
	const char *css;  /* class of a row */
	const char *icon; /* id of a symbol */
	const char *word;
};
const struct report_verdict_words *report_verdict_words(
    enum emrtd_verdict verdict);

/* NULL when there is no row. */
const char *report_phase_words(struct report_text name);
const char *report_file_words(struct report_text name);
const char *report_status_words(struct report_text status);
/* What to do about an error, by its name. */
const char *report_error_advice(struct report_text code);

#endif
