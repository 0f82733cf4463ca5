/*
 * hash.h - SHA-1 and SHA-2.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "crypto/crypto.h"

#define EMRTD_HASH_MAX 64

enum emrtd_hash {
	EMRTD_SHA1,
	EMRTD_SHA224,
	EMRTD_SHA256,
	EMRTD_SHA384,
	EMRTD_SHA512,
	EMRTD_N_HASHES
};

/* Digest length in bytes; "SHA-256" and the like. */
size_t emrtd_hash_len(enum emrtd_hash hash);
const char *emrtd_hash_name(enum emrtd_hash hash);
/* The hash that an AlgorithmIdentifier's OID content names. */
bool emrtd_hash_by_oid(struct emrtd_bytes oid, enum emrtd_hash *out);
const char *emrtd_hash_oid(enum emrtd_hash hash);

/* Hash of n parts, one after the other; out has emrtd_hash_len bytes. */
enum emrtd_error emrtd_hash(struct emrtd_crypto *crypto, enum emrtd_hash hash,
    const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t out[EMRTD_HASH_MAX]) EMRTD_MUST_USE;

#endif
