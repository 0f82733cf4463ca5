/*
 * group.h - the groups of PACE and Chip Authentication (Doc 9303-11 9.5.1,
 * table 12) and the arithmetic that they need: elliptic curves, and the
 * multiplicative groups of RFC 5114.
 *
 * An element of a group is a public key at full length: a point uncompressed
 * (04 x y), coordinates at the length of the field; or a number at the length
 * of p. Private keys are big-endian at the full length of the order. Every
 * element that comes from outside is checked to be in the group, and not its
 * neutral one.
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

struct emrtd_group_ops; /* the arithmetic of a kind */

/*
 * A row of the table, ids 0 to 2 and 8 to 18, or the caller's own: DH
 * parameters that emrtd_group_check_dh has found sound.
 */
struct emrtd_group {
	uint8_t id;
	enum emrtd_group_kind kind;
	const char *name;      /* "brainpoolP256r1" as in Doc 9303 */
	const char *ossl_name; /* name of OpenSSL's built-in group, or NULL */
	size_t field_len;      /* bytes of a coordinate, or of p */
	size_t order_len;      /* bytes of a private key */
	const struct emrtd_group_ops *ops;
	const char *oid;            /* of the named curve; NULL for DH */
	struct emrtd_bytes p, q, g; /* DH: borrowed, without leading zeros */
};

/* NULL when the id is reserved. */
const struct emrtd_group *emrtd_group_by_id(uint32_t id);
/* oid: content of the OBJECT IDENTIFIER of a named curve. NULL if unknown. */
const struct emrtd_group *emrtd_group_by_oid(struct emrtd_bytes oid);
/* Rows of the table, for tests and lists. */
const struct emrtd_group *emrtd_group_at(size_t index);
size_t emrtd_group_count(void);

/* An element or generator; .len is 1 + 2 * field_len, or field_len. */
struct emrtd_element {
	uint8_t bytes[EMRTD_ELEMENT_MAX];
	size_t len;
};

/*
 * How an element travels in a data object, Doc 9303-11 9.4: a point as it is,
 * a number without leading zeros. Borrows from the element.
 */
struct emrtd_bytes emrtd_element_wire(const struct emrtd_group *group,
    const struct emrtd_element *element);
/*
 * Back to full length: a point must have it, and be uncompressed; a number may
 * have leading zeros, up to the length of p. False otherwise; whether it is in
 * the group is for emrtd_group_check.
 */
bool emrtd_element_read(const struct emrtd_group *group,
    struct emrtd_bytes wire, struct emrtd_element *out);

/*
 * EMRTD_E_KEY unless this, as it travels, is an element of the group and not
 * the neutral one. EC: on the curve, every curve being of prime order.
 * DH: 1 < y < p - 1 and y^q = 1.
 */
enum emrtd_error emrtd_group_check(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes wire) EMRTD_MUST_USE;

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
 * The public key of a private key of order_len bytes. EMRTD_E_KEY when it is
 * the neutral element.
 */
enum emrtd_error emrtd_group_public_key(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const struct emrtd_element *generator,
    const uint8_t *private_key,
    struct emrtd_element *public_key) EMRTD_MUST_USE;

/*
 * private_key * peer as an element; peer as it travels or at full length.
 * EMRTD_E_KEY when peer is not in the group, or the product is its neutral
 * element. Secret: the caller wipes.
 */
enum emrtd_error emrtd_group_agree(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const uint8_t *private_key,
    struct emrtd_bytes peer, struct emrtd_element *shared) EMRTD_MUST_USE;

/*
 * Z, from which keys are derived: the x coordinate of a point at full field
 * length (FE2OS), or the number at the length of p.
 */
struct emrtd_bytes emrtd_shared_secret(const struct emrtd_group *group,
    const struct emrtd_element *element);

/*
 * Generic mapping, Doc 9303-11 4.4.3.3.1: s * G + H, or g^s * h. EMRTD_E_KEY
 * when the result is the neutral element. generator is secret: the caller
 * wipes.
 */
enum emrtd_error emrtd_group_map_generic(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes nonce,
    const struct emrtd_element *h,
    struct emrtd_element *generator) EMRTD_MUST_USE;

/* Integrated mapping needs a field whose p is 3 modulo 4: P-224 has none. */
bool emrtd_group_can_im(const struct emrtd_group *group);
/*
 * Integrated mapping, Doc 9303-11 4.4.3.3.2: r is the output of R(s,t) before
 * it is reduced. EC: the point encoding of appendix B; DH: r^((p-1)/q).
 * EMRTD_E_UNSUPPORTED where emrtd_group_can_im is false; EMRTD_E_KEY when the
 * result is no generator. r and generator are secret: the caller wipes.
 */
enum emrtd_error emrtd_group_map_integrated(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes r,
    struct emrtd_element *generator) EMRTD_MUST_USE;

/*
 * a / b modulo the order of a curve, each order_len bytes; b is not zero. For
 * the chip's side of Chip Authentication Mapping. Secret: the caller wipes.
 */
enum emrtd_error emrtd_group_divide(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const uint8_t *a, const uint8_t *b,
    uint8_t out[EMRTD_FIELD_MAX]) EMRTD_MUST_USE;

#endif
