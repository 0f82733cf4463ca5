/*
 * lds_security_object.h - the hashes of the data groups, Doc 9303-10 4.6.2.3
 * (version 1) and appendix D (version 0).
 */
#ifndef PKI_LDS_SECURITY_OBJECT_H
#define PKI_LDS_SECURITY_OBJECT_H

#include "pki/sod.h"

/*
 * Fills lds_version, dg_hash, dg_digest and data_groups of *out. Numbers out
 * of range, numbers that come twice and hashes of another length than the
 * algorithm's are EMRTD_E_MALFORMED.
 */
enum emrtd_error emrtd_lds_security_object_parse(struct emrtd_bytes content,
    struct emrtd_diag *diag, struct emrtd_sod *out) EMRTD_MUST_USE;

#endif
