/*
 * What a record means for whoever decides at a desk: one headline. It is
 * never better than the rows of checks allow, whatever the record claims.
 */
#ifndef MRTD_TOOL_REPORT_JUDGE_H
#define MRTD_TOOL_REPORT_JUDGE_H

#include "report_record.h"

enum report_tone {
	TONE_NONE,  /* grey: nothing is known */
	TONE_GOOD,  /* green */
	TONE_DOUBT, /* amber: look closer */
	TONE_BAD    /* red */
};

struct report_headline {
	enum report_tone tone;
	const char *icon;     /* id of a symbol */
	const char *word;     /* read across a room */
	const char *under;    /* what the word is about */
	const char *sentence; /* NULL: the record's own */
	const char *next;     /* what to do */
};

const struct report_headline *report_judge(const struct report_record *record);

/* What in the record contradicts itself; NULL when it is sound. */
const char *report_contradiction(const struct report_record *record);

/* Data that somebody vouches for; never better than the headline. */
enum emrtd_data_verdict report_data(const struct report_record *record);

/* Nothing is against the document but its form; and the record is sound. */
bool report_only_form_failed(const struct report_record *record);

/* Rows that count against the document: failed, or cut off. */
bool report_is_bad(enum emrtd_verdict verdict);

#endif
