/*
 * group.h - the groups of PACE and Chip Authentication (Doc 9303-11 9.5.1,
 * table 12) and the arithmetic that they need: elliptic curves, and the
 * multiplicative groups of RFC 5114.
 *
 * An element of a group is a public key as it travels: a point uncompressed
 * (04 x y), coordinates at the full length of the field; or a number, here
 * always at the full length of p. Private keys are big-endian at the full
 * length of the order. Every element that comes from outside is checked to be
 * in the group, and not its neutral one.
 */
#ifndef CRYPTO_GROUP_H
#define CRYPTO_GROUP_H

#include "crypto/crypto.h"

#include <emrtd/random.h>

#define EMRTD_FIELD_MAX   512 /* a prime of 4096 bits */
#define EMRTD_ELEMENT_MAX 512 /* P-521 has 133 */

enum emrtd_group_kind {
	EMRTD_GROUP_EC,
	EMRTD_GROUP_DH
};

/* Parameters that stand in no table have no id of it. */
#define EMRTD_GROUP_NO_ID 0xFF

/* A row of the table: ids 0 to 2 and 8 to 18. */
struct emrtd_group {
	uint8_t id;
	enum emrtd_group_kind kind;
	const char *name;      /* "brainpoolP256r1" as in Doc 9303 */
	const char *ossl_name; /* name of OpenSSL's built-in group */
	size_t field_len;      /* bytes of a coordinate, or of p */
	size_t order_len;      /* bytes of a private key */
};

/* NULL when the id is reserved. */
const struct emrtd_group *emrtd_group_by_id(uint32_t id);
/* Rows of the table, for tests and lists. */
const struct emrtd_group *emrtd_group_at(size_t index);
size_t emrtd_group_count(void);

/* An element or generator; .len is 1 + 2 * field_len, or field_len. */
struct emrtd_element {
	uint8_t bytes[EMRTD_ELEMENT_MAX];
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
    const struct emrtd_group *group, const struct emrtd_element *generator,
    const struct emrtd_random *random, uint8_t private_key[EMRTD_FIELD_MAX],
    struct emrtd_element *public_key) EMRTD_MUST_USE;

/*
 * private_key * peer as an element. EMRTD_E_KEY when peer is not in the group,
 * or the product is its neutral element. Secret: the caller wipes.
 */
enum emrtd_error emrtd_group_agree(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const uint8_t *private_key,
    struct emrtd_bytes peer, struct emrtd_element *shared) EMRTD_MUST_USE;

/*
 * Z, from which keys are derived: the x coordinate of a point, at full field
 * length (FE2OS).
 */
struct emrtd_bytes emrtd_shared_secret(const struct emrtd_group *group,
    const struct emrtd_element *element);

/*
 * Generic mapping, Doc 9303-11 4.4.3.3.1: s * G + H. EMRTD_E_KEY when the
 * result is at infinity. generator is secret: the caller wipes.
 */
enum emrtd_error emrtd_group_map_generic(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes nonce,
    const struct emrtd_element *h,
    struct emrtd_element *generator) EMRTD_MUST_USE;

#endif
