/*
 * watch_outcome.h - what a reading of --watch comes to: was it the MRZ of the
 * chip that lay there?
 */
#ifndef EMRTD_READ_WATCH_OUTCOME_H
#define EMRTD_READ_WATCH_OUTCOME_H

#include "document_read.h"
#include "watch.h"

/*
 * error is what ended the reading; result may be NULL. WATCH_MISMATCH when the
 * chip refused the MRZ; when it was read, and DG1 is not what is printed
 * (lines of two documents may open a chip, since no check digit covers the
 * name); and when a chip that is open to everybody gave data groups that
 * nothing joins to the MRZ.
 */
enum watch_outcome watch_outcome_of(const struct document_mrz *mrz,
    const struct emrtd_result *result, enum emrtd_error error);

#endif
