/*
 * mrz_match.h - the printed MRZ against DG1, letter by letter.
 */
#ifndef READER_MRZ_MATCH_H
#define READER_MRZ_MATCH_H

#include "result/result.h"

/*
 * Fills result->mrz but for the keys, and sets doc.mrz_match, after DG1 was
 * parsed: passed when DG1 confirms what was printed, the doubts included;
 * else failed, or undetermined when the printed lines were not read surely.
 * optical may be NULL.
 */
void emrtd_check_mrz_match(struct emrtd_result *result,
    const struct mrz_doc *optical, const struct mrz_doubt *doubts,
    size_t n_doubts);

#endif
