/*
 * prove_aa.h - Active Authentication, Doc 9303-11 6.1: the chip signs a
 * challenge with the key of DG15.
 */
#ifndef READER_PROVE_AA_H
#define READER_PROVE_AA_H

#include "reader/context.h"

struct emrtd_session;

/*
 * Asks the chip, when DG15 was read and EF.SOD names it; sets the proof and
 * keeps the evidence. EMRTD_OK also when the chip refuses, signs wrongly or
 * was not asked: that stands in the proof. An error ends the reading: the link
 * or the session is gone.
 */
enum emrtd_error emrtd_session_prove_aa(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Sets the proof from the evidence and the files in the result: PASSED,
 * FAILED, or UNDETERMINED when we cannot compute it. Offline as well as on
 * the chip, the same bytes give the same answer. EMRTD_OK for PASSED alone.
 */
enum emrtd_error emrtd_aa_judge(struct emrtd_ctx *ctx,
    struct emrtd_result *result) EMRTD_MUST_USE;

#endif
