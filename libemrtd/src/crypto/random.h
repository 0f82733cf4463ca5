/*
 * random.h - the random source of a crypto context: OpenSSL's private DRBG.
 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "crypto/crypto.h"

#include <emrtd/random.h>

/* A source that borrows crypto. */
struct emrtd_random emrtd_random_system(struct emrtd_crypto *crypto);

#endif
