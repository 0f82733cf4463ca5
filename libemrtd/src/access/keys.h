/*
 * keys.h - passwords, and the keys derived from them.
 */
#ifndef ACCESS_KEYS_H
#define ACCESS_KEYS_H

#include "crypto/suite.h"

#include <emrtd/access.h>

#define EMRTD_SEED_LEN 16

/*
 * K_seed of BAC, Doc 9303-11 9.7.2: the first 16 bytes of
 * SHA-1(MRZ information). password->kind must be EMRTD_PASSWORD_MRZ.
 */
enum emrtd_error emrtd_bac_seed(struct emrtd_crypto *crypto,
    const struct emrtd_password *password,
    uint8_t seed[EMRTD_SEED_LEN]) EMRTD_MUST_USE;

/*
 * K_pi of PACE, Doc 9303-11 9.7.3: KDF(SHA-1(MRZ information), 3) or,
 * of CAN, PIN and PUK, KDF(digits, 3); suite->key_len bytes, secret.
 */
enum emrtd_error emrtd_pace_password_key(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const struct emrtd_password *password,
    uint8_t key[EMRTD_KEY_MAX]) EMRTD_MUST_USE;

#endif
