/*
 * dh_parameters.h - DH domain parameters of keys, RFC 3279 2.3.3 and PKCS #3:
 * a known group, or one that is sound. For files of this layer.
 */
#ifndef CRYPTO_DH_PARAMETERS_H
#define CRYPTO_DH_PARAMETERS_H

#include "crypto/group.h"

/* Of p and q; more would cost seconds, less can be broken. */
#define EMRTD_DH_P_BITS_MIN 1024
#define EMRTD_DH_P_BITS_MAX (8 * EMRTD_FIELD_MAX)
#define EMRTD_DH_Q_BITS_MIN 160

/* The row of the table with these p and g, and q unless NULL. Or NULL. */
const struct emrtd_group *emrtd_group_by_dh_numbers(struct emrtd_bytes p,
    struct emrtd_bytes g, const struct emrtd_bytes *q);

/*
 * Makes a group of p, g and q, which it borrows, and looks whether it is
 * sound: both primes in the bounds above, q a divisor of p - 1, g of order q.
 * EMRTD_E_KEY if not. Costs half a second at most (4096 bits, all of it good).
 */
enum emrtd_error emrtd_group_of_dh_numbers(struct emrtd_crypto *crypto,
    struct emrtd_bytes p, struct emrtd_bytes q, struct emrtd_bytes g,
    struct emrtd_group *out) EMRTD_MUST_USE;

/* (p - 1) / 2 into q, which has room for p. */
enum emrtd_error emrtd_dh_half(struct emrtd_bytes p, uint8_t *q,
    struct emrtd_bytes *out) EMRTD_MUST_USE;

#endif
