/*
 * cvca.h - EF.CVCA, BSI TR-03110-3 A.1.3: which certification authorities a
 * terminal's certificates may come from. Nobody signs it.
 *
 *	42 { newest } [42 { the one before }] 00 ... 00
 */
#ifndef LDS_CVCA_H
#define LDS_CVCA_H

#include "core/cursor.h"
#include "core/finding.h"

#define EMRTD_CAR_LEN_MAX 16

/* Certification authority references; views. The second may be empty. */
struct emrtd_cvca {
	struct emrtd_bytes car[2];
	size_t n_cars;
};

/* EMRTD_E_NOT_FOUND for nothing but zeros, EMRTD_E_MALFORMED. */
enum emrtd_error emrtd_cvca_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_cvca *out) EMRTD_MUST_USE;

void emrtd_cvca_profile(struct emrtd_bytes file, struct emrtd_findings *out);

#endif
