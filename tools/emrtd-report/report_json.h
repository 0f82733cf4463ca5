/*
 * Steps of reading a record: each takes one member of one type, and notes as
 * a defect what is not so. Views live as long as the tree.
 */
#ifndef MRTD_TOOL_REPORT_JSON_H
#define MRTD_TOOL_REPORT_JSON_H

#include "html.h"
#include "report_page.h"

#include <emrtd/result.h>

#include <jansson.h>

struct report_reader {
	unsigned n_defects;
	const char *first_defect;
};

enum report_need {
	WANTED,   /* there, and not null */
	NULLABLE, /* there, null or not */
	OPTIONAL  /* left out, null, or there */
};

/*
 * Text to a tree whose memory is wiped when it is freed. Counts values and
 * depth first, so that a small text cannot ask for much memory. An object is
 * at its top.
 */
enum report_error report_json_load(struct emrtd_bytes text, json_t **out,
    char why[REPORT_WHY_CAP]);

void report_defect(struct report_reader *r, const char *what);

/* NULL when there is none, or it is no object. */
const json_t *report_json_object(struct report_reader *r, const json_t *object,
    const char *key, enum report_need need);
/* An array of at most max items; a longer one is a defect. */
const json_t *report_json_array(struct report_reader *r, const json_t *object,
    const char *key, size_t max);
const json_t *report_json_maybe_array(struct report_reader *r,
    const json_t *object, const char *key, size_t max);
/* Items to look at: not more than max. */
size_t report_json_size(const json_t *array, size_t max);

/* A string, or {"hex": string}. */
struct report_text report_json_text(struct report_reader *r,
    const json_t *object, const char *key, enum report_need need);
struct report_text report_json_item(struct report_reader *r,
    const json_t *array, size_t i, const char *what);

/* From 0 to max; 0 when it is not. */
int64_t report_json_int(struct report_reader *r, const json_t *object,
    const char *key, int64_t max);
/* The same, or -1 for null and for what is left out. */
int64_t report_json_maybe_int(struct report_reader *r, const json_t *object,
    const char *key, int64_t max);
/* "1974-08-12" as a day, null as MRZ_NO_DAY. */
int32_t report_json_day(struct report_reader *r, const json_t *object,
    const char *key);
int32_t report_json_instant_day(struct report_reader *r,
    struct report_text text);

/* Words of the verdicts; an unknown one is a defect and good for nothing. */
enum emrtd_verdict report_json_verdict(struct report_reader *r,
    const json_t *check);
enum emrtd_data_verdict report_json_data(struct report_reader *r,
    const json_t *root);
enum emrtd_chip_verdict report_json_chip(struct report_reader *r,
    const json_t *root);
enum emrtd_overall_verdict report_json_overall(struct report_reader *r,
    const json_t *root);

#endif
