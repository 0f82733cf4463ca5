/*
 * key_cache.h - the public keys of issuers, parsed. A state signs all its
 * documents with a few keys, and parsing one costs as much as half a signature.
 * Public data only. For files of this layer.
 */
#ifndef CRYPTO_KEY_CACHE_H
#define CRYPTO_KEY_CACHE_H

#include "crypto/public_key.h"

struct emrtd_key_cache;

/* Empty; NULL without memory. */
struct emrtd_key_cache *emrtd_key_cache_new(void);
void emrtd_key_cache_free(struct emrtd_key_cache *cache);

/*
 * As emrtd_public_key_parse, except that out->key is another reference to the
 * one that is kept: the caller frees it likewise. Views in *out hold until the
 * next call.
 */
enum emrtd_error emrtd_key_cache_get(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    struct emrtd_public_key *out) EMRTD_MUST_USE;

#endif
