/*
 * crypto.h - the only door to OpenSSL's EVP.
 *
 * A struct emrtd_crypto owns an OSSL_LIB_CTX with the default provider and no
 * configuration file (hardened hosts forbid SHA-1 and small keys that real
 * states still use: we verify and report), and fetches every algorithm at
 * creation: what is missing is an error that names it. Used by one thread at
 * a time.
 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include <emrtd/bytes.h>

struct emrtd_crypto;

enum emrtd_error emrtd_crypto_new(struct emrtd_diag *diag,
    struct emrtd_crypto **out) EMRTD_MUST_USE;
void emrtd_crypto_free(struct emrtd_crypto **crypto);

#endif
