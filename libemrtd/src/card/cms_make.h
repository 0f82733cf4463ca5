/*
 * cms_make.h - CMS SignedData by a Document Signer (RFC 5652): the frame of
 * EF.SOD and of EF.CardSecurity.
 */
#ifndef CARD_CMS_MAKE_H
#define CARD_CMS_MAKE_H

#include "card/issuer_key.h"

struct emrtd_cms_plan {
	const char *content_type; /* OID of what is signed, dotted */
	struct emrtd_bytes content;
	int64_t signing_time;
	struct emrtd_bytes certificate; /* of the signer, DER */
	bool old_version;               /* 1, where the standards want 3 */
};

/* Appends ContentInfo { signedData }. */
enum emrtd_error emrtd_make_signed_data(struct emrtd_crypto *crypto,
    const struct emrtd_cms_plan *plan, const struct emrtd_issuer_key *signer,
    struct emrtd_out *out) EMRTD_MUST_USE;

/* SEQUENCE { OID } of a hash, parameters absent, as RFC 5754 2 wants it. */
void emrtd_put_hash_algorithm(struct emrtd_out *out, enum emrtd_hash hash);

#endif
