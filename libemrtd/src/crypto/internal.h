/*
 * internal.h - what a crypto context holds. For files of this layer, and for
 * pki where it hands OpenSSL's library context to X.509 functions.
 */
#ifndef CRYPTO_INTERNAL_H
#define CRYPTO_INTERNAL_H

#include "crypto/suite.h"

#include <openssl/evp.h>
#include <openssl/provider.h>

struct emrtd_crypto {
	OSSL_LIB_CTX *lib;
	OSSL_PROVIDER *provider;
	EVP_MD *md[EMRTD_N_HASHES];
	EVP_CIPHER *cbc[EMRTD_N_SUITES];
	EVP_CIPHER *ecb[EMRTD_N_SUITES];
	EVP_MAC *cmac;
	struct emrtd_key_cache *issuer_keys; /* key_cache.h */
};

/* Borrowed until emrtd_crypto_free. */
OSSL_LIB_CTX *emrtd_crypto_lib(struct emrtd_crypto *crypto);
/* Borrowed likewise; NULL when hash is outside the enum. */
const EVP_MD *emrtd_crypto_md(struct emrtd_crypto *crypto,
    enum emrtd_hash hash);

/*
 * in.len is a multiple of the block; out has room for as many bytes. iv is
 * NULL for ECB.
 */
enum emrtd_error emrtd_run_cipher(const EVP_CIPHER *cipher, bool encrypt,
    const uint8_t *key, const uint8_t *iv, struct emrtd_bytes in,
    uint8_t *out) EMRTD_MUST_USE;

/* The MAC functions of the suites' rows. */
enum emrtd_error emrtd_retail_mac(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key,
    const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN]) EMRTD_MUST_USE;
enum emrtd_error emrtd_cmac(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key,
    const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN]) EMRTD_MUST_USE;

#endif
