/*
 * key_size.h - how strong a public key claims to be, and whether two are one,
 * from their DER alone.
 */
#ifndef CRYPTO_KEY_SIZE_H
#define CRYPTO_KEY_SIZE_H

#include <emrtd/bytes.h>

enum emrtd_key_family {
	EMRTD_FAMILY_RSA,
	EMRTD_FAMILY_DSA,
	EMRTD_FAMILY_EC
};

struct emrtd_key_size {
	enum emrtd_key_family family;
	size_t bits; /* of the modulus, of p, of the curve's field */
};

/*
 * spki: DER SubjectPublicKeyInfo. False for what is malformed or of another
 * kind. Says nothing about whether the key is usable, and is cheap.
 */
bool emrtd_key_size(struct emrtd_bytes spki, struct emrtd_key_size *out);
/*
 * Less than what is recommended today: 2048 bits for RSA and DSA, 256 for
 * curves (Doc 9303-12 4.1.6; TR-03116-2 for the curves). Unknown keys are not.
 */
bool emrtd_key_is_weak(struct emrtd_bytes spki);
/*
 * Does one private key belong to both? The same key has many encodings: points
 * compressed or not, curves named or explicit, RSA for PSS alone or not,
 * parameters left out. By the modulus, DSA's y, the point's x (which a point
 * shares with its negative, whose private key is known just as well).
 */
bool emrtd_key_is_same(struct emrtd_bytes spki_a, struct emrtd_bytes spki_b);

#endif
