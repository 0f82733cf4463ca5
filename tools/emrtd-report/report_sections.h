/* The parts of the page, in their order. */
#ifndef MRTD_TOOL_REPORT_SECTIONS_H
#define MRTD_TOOL_REPORT_SECTIONS_H

#include "day.h"
#include "report_face.h"
#include "report_judge.h"
#include "report_record.h"
#include "report_words.h"

struct report_view {
	struct html html;
	const struct report_record *record;
	const struct report_headline *headline;
	const struct report_face *face;
	enum emrtd_data_verdict data; /* not better than the headline */
	bool redact;
	char days[4][DAY_TEXT_CAP]; /* birth and expiry, to be redacted */
};

void report_banner(struct report_view *view);
void report_holder(struct report_view *view);
void report_mrz(struct report_view *view);
void report_checks(struct report_view *view);
void report_deviations(struct report_view *view);
void report_certificates(struct report_view *view);
void report_evidence(struct report_view *view);
void report_files(struct report_view *view);
void report_timing(struct report_view *view);
void report_technical(struct report_view *view);

/* <svg> of a symbol; it says nothing that words beside it do not. */
void report_icon(struct report_view *view, const char *name, const char *css);
/* <section> with its heading; </section> is the caller's. */
void report_section(struct report_view *view, const char *id,
    const char *title);
/* "12 Aug 1974"; an em dash for MRZ_NO_DAY. */
void report_day(struct report_view *view, int32_t day);
/* A row of a <dl>; an em dash when there is no text. */
void report_row(struct report_view *view, const char *label,
    struct report_text text);
/* What redaction took away. */
void report_redacted(struct report_view *view);

#endif
