/*
 * Keys and signatures of the workshop, by OpenSSL alone. Keys are made once a
 * program and kept until shop_keys_free.
 */
#ifndef SWEEP_SHOP_KEYS_H
#define SWEEP_SHOP_KEYS_H

#include <emrtd/bytes.h>

/*
 * name: kind and label, such as "rsa2048:ds", "P-256:ds", or with explicit
 * parameters "explicit-brainpoolP256r1:ds", or "dsa224:ds" (by the bits of q).
 */
/* SubjectPublicKeyInfo, and the SHA-1 over the key's bits. In the arena. */
struct emrtd_bytes shop_spki(const char *name);
struct emrtd_bytes shop_key_id(const char *name);
/* A private key in PEM that somebody else has made, under a name. */
void shop_key_adopt(const char *name, struct emrtd_bytes pem);
void shop_keys_free(void);

/*
 * algorithm: "pkcs1-sha256", "rsa-sha256" (the same under the key's own OID),
 * "pss-sha256", "ecdsa-sha256", "plain-sha256" (BSI), "dsa-sha256"; sha1,
 * sha224, sha256, sha384, sha512, md5.
 */
/* AlgorithmIdentifier in the notation of der_text. */
const char *shop_algorithm(const char *algorithm);
/* The OID of a hash such as "sha256", dotted, with a dot before it. */
const char *shop_hash_oid(const char *hash);
struct emrtd_bytes shop_hash(const char *hash, struct emrtd_bytes data);
struct emrtd_bytes shop_sign(const char *algorithm, const char *key,
    struct emrtd_bytes data);
/* RSA without any padding: what the public key makes of it is the block. */
struct emrtd_bytes shop_sign_block(const char *key, struct emrtd_bytes block);
size_t shop_rsa_len(const char *key);

#endif
