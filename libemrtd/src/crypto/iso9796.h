/*
 * iso9796.h - digital signature scheme 1 of ISO/IEC 9796-2 with a message that
 * is recovered in part, as Doc 9303-11 6.1.2.2 uses it for Active
 * Authentication. The opened signature is as wide as the modulus:
 *
 *	6A | M1 (what the chip drew) | H(M1 || M2) | BC or id CC
 *
 * M2, the challenge, is not in it. M1 fills what header, hash and trailer
 * leave, so there is one form and nothing to stuff: any other header, a short
 * M1 or a signature of another width than the modulus is refused.
 */
#ifndef CRYPTO_ISO9796_H
#define CRYPTO_ISO9796_H

#include "crypto/hash.h"

#define EMRTD_RSA_LEN_MAX 2048 /* bytes: OpenSSL ends at 16,384 bits */

/* Views into the opened block. */
struct emrtd_iso9796 {
	enum emrtd_hash hash;
	struct emrtd_bytes m1, digest;
};

/*
 * block: an opened signature, as wide as the modulus of 'bits' bits. Where
 * that is no whole number of bytes, a first byte 00 is passed over.
 * errors: EMRTD_E_SIGNATURE (it is no such block), EMRTD_E_UNSUPPORTED (its
 *         trailer names a hash that Doc 9303 does not have; diag.detail says
 *         which)
 */
enum emrtd_error emrtd_iso9796_parse(struct emrtd_bytes block, size_t bits,
    struct emrtd_diag *diag, struct emrtd_iso9796 *out) EMRTD_MUST_USE;

/*
 * Does the block vouch for this m2? parse, hash and compare.
 * errors: as above; EMRTD_E_DIGEST (a block, but of another message)
 */
enum emrtd_error emrtd_iso9796_check(struct emrtd_crypto *crypto,
    struct emrtd_bytes block, size_t bits, struct emrtd_bytes m2,
    struct emrtd_diag *diag, enum emrtd_hash *hash) EMRTD_MUST_USE;

/*
 * Opens a signature: J = s^e mod n, and n - J when J does not end in C; both
 * signature functions of the standard, B.4 and B.6. Appends the block in the
 * modulus' own width.
 * spki:   DER SubjectPublicKeyInfo of an RSA key
 * errors: EMRTD_E_KEY (no RSA key, below 1024 bits, exponent 1 or even),
 *         EMRTD_E_SIGNATURE (of another width than the modulus, not below it)
 */
enum emrtd_error emrtd_iso9796_open(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_bytes signature,
    struct emrtd_diag *diag, struct emrtd_out *block,
    size_t *bits) EMRTD_MUST_USE;

/* Open and check. EMRTD_OK only when the signature is the key's over m2. */
enum emrtd_error emrtd_iso9796_verify(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_bytes signature,
    struct emrtd_bytes m2, struct emrtd_diag *diag,
    enum emrtd_hash *hash) EMRTD_MUST_USE;

#endif
