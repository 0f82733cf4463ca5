/*
 * finding.h - the deviations of one document, as they are found. Whoever looks
 * for them adds them here and decides nothing: see <emrtd/finding.h>.
 */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include <emrtd/finding.h>

#define EMRTD_FINDING_DETAIL_CAP 64

struct emrtd_findings {
	bool there[EMRTD_N_FINDINGS];
	/* Of the first of its kind; printable ASCII, may be empty. */
	char detail[EMRTD_N_FINDINGS][EMRTD_FINDING_DETAIL_CAP];
};

/*
 * detail: what or where, NULL for none; other bytes than printable ASCII
 * become '?', and it is cut to fit. NULL for findings is allowed: nobody wants
 * to know.
 */
void emrtd_finding_add(struct emrtd_findings *findings,
    enum emrtd_finding_id id, const char *detail);

#endif
