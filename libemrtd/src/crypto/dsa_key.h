/*
 * dsa_key.h - the numbers of a DSA key, FIPS 186-4 4. For files of this layer.
 */
#ifndef CRYPTO_DSA_KEY_H
#define CRYPTO_DSA_KEY_H

#include <openssl/evp.h>

#include <stdbool.h>

/*
 * p of 1024 to 4096 bits and q of 160, 224 or 256, q a prime that divides
 * p - 1, generator and key of order q. Whether p is prime is asked once only:
 * a proof would take seconds, and who chose it could as well give his private
 * key away. Not inherited parameters: a key without its own is none.
 */
bool emrtd_dsa_key_is_sound(EVP_PKEY *key);

#endif
