/*
 * rsa_key.h - RSAPublicKey, RFC 8017 A.1.1, to OpenSSL's key. By our own parser:
 * OpenSSL 3 tries its decoders in turn, which takes longer than verifying a
 * signature with the key. For files of this layer.
 */
#ifndef CRYPTO_RSA_KEY_H
#define CRYPTO_RSA_KEY_H

#include "crypto/internal.h"

/*
 * NULL for what is malformed, a modulus of less than 1024 bits, or an exponent
 * that is even or 1, with which every message would be its own signature.
 */
EVP_PKEY *emrtd_rsa_key(struct emrtd_crypto *crypto,
    struct emrtd_bytes rsa_public_key);

#endif
