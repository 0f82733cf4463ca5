/*
 * ec_parameters.h - ECParameters of keys, RFC 5480 2.1.1 and RFC 3279 2.3.5:
 * which of the known curves they mean. A curve that the owner of a key chose
 * himself would make the key no proof of anything. For files of this layer.
 */
#ifndef CRYPTO_EC_PARAMETERS_H
#define CRYPTO_EC_PARAMETERS_H

#include "crypto/group.h"

/*
 * parameters: the whole object. A named curve is looked up; field,
 * coefficients, generator, order and cofactor of an explicit one are compared
 * as integers (some states write leading zeros or leave the cofactor out)
 * with those of the curves of the table. NULL when there is none.
 */
const struct emrtd_group *emrtd_group_by_ec_parameters(
    struct emrtd_crypto *crypto, struct emrtd_bytes parameters);

/*
 * The same, and curves that are known to sign alone; 'ops' and 'id' of such a
 * row mean nothing.
 */
const struct emrtd_group *emrtd_signing_curve(struct emrtd_crypto *crypto,
    struct emrtd_bytes parameters);
const struct emrtd_group *emrtd_curve_by_oid(struct emrtd_bytes oid);
/* Bits of the prime, of a curve that need not be known; 0 when malformed. */
size_t emrtd_ec_parameters_bits(struct emrtd_bytes parameters);

/*
 * Doc 9303-12 4.1.6 has no curves below 224 bits. What a state signed with one
 * was signed; a chip that proves itself with one today proves nothing.
 */
bool emrtd_curve_may_prove(const struct emrtd_group *curve);

#endif
