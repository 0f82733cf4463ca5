/*
 * passive_auth.h - Passive Authentication over the files of a result, Doc
 * 9303-11 5.1: does the state that it names vouch for this data?
 */
#ifndef READER_PASSIVE_AUTH_H
#define READER_PASSIVE_AUTH_H

#include "reader/context.h"

/*
 * Parses DG1, DG2, EF.COM and EF.SOD of the result and sets every pa.* and
 * doc.* row but doc.mrz_match, and the chip.* rows that the SOD decides. trust
 * may be NULL.
 */
void emrtd_passive_auth(struct emrtd_ctx *ctx, struct emrtd_result *result,
    const struct emrtd_trust *trust);

/* DG1's issuing state; NULL when DG1 or the code is not known. */
const struct mrz_country *emrtd_pa_issuing_state(
    const struct emrtd_result *result);

#endif
