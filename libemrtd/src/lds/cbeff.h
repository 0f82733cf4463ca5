/*
 * cbeff.h - the biometric templates of DG2, DG3 and DG4, Doc 9303-10 4.7.2 to
 * 4.7.4 (CBEFF, ISO/IEC 7816-11):
 *
 *	75 | 63 | 76 { 7F61 { 02 n, n x 7F60 { A1 { header }, block } } }
 *	block: 5F2E of ISO/IEC 19794, or 7F2E (39794)
 *
 * Walked as tolerantly as chips of some states need it; what the walk passes
 * over shows in the structures. All bytes are views.
 */
#ifndef LDS_CBEFF_H
#define LDS_CBEFF_H

#include "core/cursor.h"

#define EMRTD_TAG_BLOCK             0x5F2E
#define EMRTD_TAG_BLOCK_CONSTRUCTED 0x7F2E

struct emrtd_cbeff_group {
	uint32_t claimed;            /* how many templates there should be */
	struct emrtd_bytes rest;     /* what has not been walked yet */
	struct emrtd_bytes trailing; /* behind the group, in the data group */
};

/* One 7F60. Objects that are not there have a NULL ptr. */
struct emrtd_cbeff_template {
	struct emrtd_bytes type, subtype, owner, format; /* 81, 82, 87, 88 */
	bool has_header, bad_header;
	struct emrtd_bytes block;
	bool constructed; /* the block is a 7F2E */
	bool malformed;   /* what is no data object stands in it */
};

/* EMRTD_E_MALFORMED also without the number of templates. */
enum emrtd_error emrtd_cbeff_open(struct emrtd_bytes file, uint32_t tag,
    struct emrtd_diag *diag, struct emrtd_cbeff_group *out) EMRTD_MUST_USE;
/* The next template; false at the end, and at what is no template. */
bool emrtd_cbeff_next(struct emrtd_cbeff_group *group,
    struct emrtd_cbeff_template *out);

#endif
