/*
 * sod_make.h - EF.SOD: CMS SignedData over the LDS Security Object,
 * Doc 9303-10 4.6.2 and RFC 5652.
 */
#ifndef CARD_SOD_MAKE_H
#define CARD_SOD_MAKE_H

#include "card/issuer_key.h"

#define EMRTD_SOD_MAKE_DGS_MAX 16

/* Hashes of data groups, numbers ascending. */
struct emrtd_sod_plan {
	bool lds_1_8;
	enum emrtd_hash hash;
	unsigned numbers[EMRTD_SOD_MAKE_DGS_MAX];
	uint8_t digests[EMRTD_SOD_MAKE_DGS_MAX][EMRTD_HASH_MAX];
	size_t n;
	int64_t signing_time;
	struct emrtd_bytes certificate; /* of the signer, DER */
	bool old_version;               /* as in struct emrtd_cms_plan */
};

enum emrtd_error emrtd_make_sod(struct emrtd_crypto *crypto,
    const struct emrtd_sod_plan *plan, const struct emrtd_issuer_key *signer,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
