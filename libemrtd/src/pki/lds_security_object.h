/*
 * lds_security_object.h - the hashes of the data groups, Doc 9303-10 4.6.2.3
 * (version 1) and appendix D (version 0).
 */
#ifndef PKI_LDS_SECURITY_OBJECT_H
#define PKI_LDS_SECURITY_OBJECT_H

#include "pki/sod.h"

/*
 * Fills what *out has of it. Numbers out of range, numbers that come twice
 * and hashes of another length than the algorithm's are EMRTD_E_MALFORMED.
 * A later version than 1 is taken when it looks like version 1, else it is
 * EMRTD_E_UNSUPPORTED.
 */
enum emrtd_error emrtd_lds_security_object_parse(struct emrtd_bytes content,
    struct emrtd_diag *diag, struct emrtd_sod *out) EMRTD_MUST_USE;

#endif
