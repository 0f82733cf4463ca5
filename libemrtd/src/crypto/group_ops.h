/*
 * group_ops.h - what the arithmetic of elliptic curves and of prime fields
 * offers alike. For files of this layer; contracts as in group.h.
 */
#ifndef CRYPTO_GROUP_OPS_H
#define CRYPTO_GROUP_OPS_H

#include "crypto/group.h"

#include <openssl/bn.h>

struct emrtd_group_ops {
	/* The private key is drawn from random, or given if that is NULL. */
	enum emrtd_error (*keypair)(struct emrtd_crypto *crypto,
	    const struct emrtd_group *group,
	    const struct emrtd_element *generator,
	    const struct emrtd_random *random, uint8_t *private_key,
	    struct emrtd_element *public_key);
	/* Without a private key peer is checked, and nothing computed. */
	enum emrtd_error (*agree)(struct emrtd_crypto *crypto,
	    const struct emrtd_group *group, const uint8_t *private_key,
	    struct emrtd_bytes peer, struct emrtd_element *shared);
	enum emrtd_error (*map_generic)(struct emrtd_crypto *crypto,
	    const struct emrtd_group *group, struct emrtd_bytes nonce,
	    const struct emrtd_element *h, struct emrtd_element *generator);
	enum emrtd_error (*map_integrated)(struct emrtd_crypto *crypto,
	    const struct emrtd_group *group, struct emrtd_bytes r,
	    struct emrtd_element *generator);
	struct emrtd_bytes (*wire)(const struct emrtd_group *group,
	    const struct emrtd_element *element);
	bool (*read)(const struct emrtd_group *group, struct emrtd_bytes wire,
	    struct emrtd_element *out);
};

extern const struct emrtd_group_ops emrtd_group_ec;
extern const struct emrtd_group_ops emrtd_group_dh;

/* Appendix B; p is 3 modulo 4. In group_im.c. */
enum emrtd_error emrtd_point_encode(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes r,
    struct emrtd_element *generator) EMRTD_MUST_USE;

/*
 * A point out of a key file, compressed or not, checked and uncompressed. In
 * group_ec.c.
 */
enum emrtd_error emrtd_point_parse(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes bytes,
    struct emrtd_element *out) EMRTD_MUST_USE;

/*
 * A private key from 1 to order - 1, in bytes (len of them) and in k; see
 * emrtd_group_keypair. In scalar.c.
 */
enum emrtd_error emrtd_draw_scalar(const BIGNUM *order,
    const struct emrtd_random *random, uint8_t *bytes, size_t len,
    BIGNUM *k) EMRTD_MUST_USE;

/*
 * sum = bytes mod p in a time that depends on lengths alone; mont is of p. In
 * reduce.c.
 */
enum emrtd_error emrtd_reduce(BIGNUM *sum, struct emrtd_bytes bytes,
    BN_MONT_CTX *mont, const BIGNUM *p, BN_CTX *ctx) EMRTD_MUST_USE;

#endif
