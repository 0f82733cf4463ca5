/*
 * curve.h - the curves over which documents are signed. For files of this
 * layer.
 */
#ifndef CRYPTO_CURVE_H
#define CRYPTO_CURVE_H

#include "crypto/internal.h"

struct emrtd_curve {
	const char *oid;
	const char *ossl_name;
	size_t order_len; /* bytes of r, of s, and of a private key */
};

/* Rows of the table, for tests and lists; NULL at the end. */
const struct emrtd_curve *emrtd_curve_at(size_t index);
/* oid: content of the OBJECT IDENTIFIER. NULL when unknown. */
const struct emrtd_curve *emrtd_curve_by_oid(struct emrtd_bytes oid);
/*
 * The known curve whose field, coefficients, generator, order and cofactor
 * are those of explicit ECParameters (content of the SEQUENCE), compared as
 * integers: some states write leading zeros. NULL when there is none.
 */
const struct emrtd_curve *emrtd_curve_by_parameters(struct emrtd_crypto *crypto,
    struct emrtd_bytes parameters);

#endif
