/*
 * group.h - standardised domain parameters (Doc 9303-11 9.5.1, table 12) and
 * the arithmetic that PACE and Chip Authentication need on them.
 *
 * Points are uncompressed (04 x y), coordinates and private keys big-endian
 * at the full length of the field or of the order. Every point that comes from
 * outside is checked to be on the curve and not at infinity.
 */
#ifndef CRYPTO_GROUP_H
#define CRYPTO_GROUP_H

#include "crypto/crypto.h"

#include <emrtd/random.h>

#define EMRTD_FIELD_MAX 66 /* P-521 */
#define EMRTD_POINT_MAX (1 + 2 * EMRTD_FIELD_MAX)

/* A row of the table of standardised curves, ids 8 to 18. */
struct emrtd_group {
	uint8_t id;
	const char *name;      /* "brainpoolP256r1" as in Doc 9303 */
	const char *ossl_name; /* name of OpenSSL's built-in group */
	size_t field_len;      /* bytes of a coordinate */
	size_t order_len;      /* bytes of a private key */
};

/* NULL when the id is reserved, or names a DH group (0 to 2). */
const struct emrtd_group *emrtd_group_by_id(uint32_t id);
/* Rows of the table, for tests and lists. */
const struct emrtd_group *emrtd_group_at(size_t index);
size_t emrtd_group_count(void);

/* A point or generator; .len is 1 + 2 * field_len. */
struct emrtd_point {
	uint8_t bytes[EMRTD_POINT_MAX];
	size_t len;
};

/*
 * A key pair on a generator: NULL is the group's own, otherwise the mapped
 * one. The private key is drawn uniformly from 1 to n-1 out of 'random':
 * order_len bytes are read, the excess bits of the first byte cleared, and
 * drawn again when out of range, so that a recorded private key replays.
 * private_key: order_len bytes, secret, the caller wipes.
 */
enum emrtd_error emrtd_group_keypair(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const struct emrtd_point *generator,
    const struct emrtd_random *random, uint8_t private_key[EMRTD_FIELD_MAX],
    struct emrtd_point *public_key) EMRTD_MUST_USE;

/*
 * private_key * peer as a point. EMRTD_E_KEY when peer is not a point of the
 * curve, or the product is at infinity. Secret: the caller wipes.
 */
enum emrtd_error emrtd_group_agree(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const uint8_t *private_key,
    struct emrtd_bytes peer, struct emrtd_point *shared) EMRTD_MUST_USE;

/* The x coordinate of a point at full field length (FE2OS). */
struct emrtd_bytes emrtd_point_x(const struct emrtd_group *group,
    const struct emrtd_point *point);

/*
 * Generic mapping, Doc 9303-11 4.4.3.3.1: s * G + H. EMRTD_E_KEY when the
 * result is at infinity. generator is secret: the caller wipes.
 */
enum emrtd_error emrtd_group_map_generic(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes nonce,
    const struct emrtd_point *h, struct emrtd_point *generator) EMRTD_MUST_USE;

#endif
