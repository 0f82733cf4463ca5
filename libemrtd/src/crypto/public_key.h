/*
 * public_key.h - SubjectPublicKeyInfo to OpenSSL's key. For files of this
 * layer.
 *
 * Elliptic curves are known ones only: a named curve is looked up, explicit
 * domain parameters are compared as integers with those of the known curves
 * and then replaced by the name. A key on a curve that its owner chose would
 * be no proof of anything.
 */
#ifndef CRYPTO_PUBLIC_KEY_H
#define CRYPTO_PUBLIC_KEY_H

#include "crypto/internal.h"

enum emrtd_key_kind {
	EMRTD_KEY_RSA,
	EMRTD_KEY_RSA_PSS, /* may verify PSS alone */
	EMRTD_KEY_EC,
	EMRTD_KEY_DSA
};

struct emrtd_public_key {
	EVP_PKEY *key; /* EVP_PKEY_free by the caller */
	enum emrtd_key_kind kind;
	size_t order_len;              /* EC: bytes of r and of s */
	bool may_prove;                /* EC: not on one of the weak curves */
	struct emrtd_bytes pss_params; /* RSA_PSS: SEQUENCE; NULL if absent */
};

/*
 * EMRTD_E_KEY for a key that is malformed, of another kind, on an unknown
 * curve, not on its curve, an RSA key below 1024 bits or with an exponent that
 * is even or 1, or a DSA key outside the group of its own parameters.
 */
enum emrtd_error emrtd_public_key_parse(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    struct emrtd_public_key *out) EMRTD_MUST_USE;

#endif
