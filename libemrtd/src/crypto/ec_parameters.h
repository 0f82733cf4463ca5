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

/* Doc 9303-12 4.1.6: curves of 192 bits are too weak to sign. */
bool emrtd_group_may_sign(const struct emrtd_group *group);

#endif
