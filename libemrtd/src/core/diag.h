/*
 * diag.h - filling a struct emrtd_diag. Every function takes NULL.
 */
#ifndef CORE_DIAG_H
#define CORE_DIAG_H

#include <emrtd/bytes.h>

/*
 * Sets error, what and clause (static strings or NULL), clears the rest, and
 * returns error, so that 'return emrtd_fail(...)' reads as one thought.
 */
enum emrtd_error emrtd_fail(struct emrtd_diag *diag, enum emrtd_error error,
    const char *what, const char *clause) EMRTD_MUST_USE;
/* Adds to 'detail'; bytes outside printable ASCII become '?'. */
void emrtd_diag_detail(struct emrtd_diag *diag, const char *text);
void emrtd_diag_detail_bytes(struct emrtd_diag *diag, struct emrtd_bytes text);
void emrtd_diag_sw(struct emrtd_diag *diag, uint16_t sw);
void emrtd_diag_at(struct emrtd_diag *diag, uint32_t tag, size_t offset);

#endif
