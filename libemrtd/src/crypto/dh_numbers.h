/*
 * dh_numbers.h - the groups of RFC 5114 that Doc 9303-11 9.5.1 knows as 0 to
 * 2. For group.c.
 */
#ifndef CRYPTO_DH_NUMBERS_H
#define CRYPTO_DH_NUMBERS_H

#include <stdint.h>

extern const uint8_t emrtd_dh_1024_160_p[128];
extern const uint8_t emrtd_dh_1024_160_q[20];
extern const uint8_t emrtd_dh_1024_160_g[128];
extern const uint8_t emrtd_dh_2048_224_p[256];
extern const uint8_t emrtd_dh_2048_224_q[28];
extern const uint8_t emrtd_dh_2048_224_g[256];
extern const uint8_t emrtd_dh_2048_256_p[256];
extern const uint8_t emrtd_dh_2048_256_q[32];
extern const uint8_t emrtd_dh_2048_256_g[256];

#endif
