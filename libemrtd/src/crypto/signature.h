/*
 * signature.h - verifying signatures over messages: RSA PKCS#1 v1.5 and PSS,
 * ECDSA, DSA. Parameters come from the signature's AlgorithmIdentifier.
 */
#ifndef CRYPTO_SIGNATURE_H
#define CRYPTO_SIGNATURE_H

#include "crypto/hash.h"

enum emrtd_signature_scheme {
	EMRTD_RSA_PKCS1,
	EMRTD_RSA_PSS,
	EMRTD_ECDSA,       /* DER SEQUENCE of r and s */
	EMRTD_ECDSA_PLAIN, /* r and s one after the other (BSI TR-03111) */
	EMRTD_DSA
};

struct emrtd_signature_alg {
	enum emrtd_signature_scheme scheme;
	enum emrtd_hash hash;
	enum emrtd_hash mgf_hash; /* PSS only */
	uint32_t salt_len;        /* PSS only */
};

/*
 * The hash of a digest AlgorithmIdentifier (what stands inside its SEQUENCE),
 * its parameters absent or NULL. EMRTD_E_UNSUPPORTED when unknown.
 */
enum emrtd_error emrtd_hash_alg_parse(struct emrtd_bytes algorithm,
    struct emrtd_diag *diag, enum emrtd_hash *out) EMRTD_MUST_USE;

/*
 * alg: from the DER AlgorithmIdentifier's content (what stands inside its
 * SEQUENCE). digest: the hash named elsewhere, for OIDs that name none
 * (rsaEncryption); NULL when there is none. A signature may be over another
 * hash than the one elsewhere (TR-03105-5.1 LDS_H_75): what is signed is what
 * counts. EMRTD_E_UNSUPPORTED when unknown.
 */
enum emrtd_error emrtd_signature_alg_parse(struct emrtd_bytes algorithm,
    const enum emrtd_hash *digest, struct emrtd_diag *diag,
    struct emrtd_signature_alg *out) EMRTD_MUST_USE;

/* What one of the two above says of an OID that they do not know: MD5 is one. */
bool emrtd_is_unknown_algorithm(const struct emrtd_diag *diag);

/*
 * spki: DER SubjectPublicKeyInfo, explicit or named curve. EMRTD_OK only when
 * the signature over the message of n parts verifies; EMRTD_E_SIGNATURE when
 * it does not, also because the key is of another kind than the algorithm;
 * EMRTD_E_KEY when the key itself is unusable.
 */
enum emrtd_error emrtd_signature_verify(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * The same by the key of an issuer of certificates: the context keeps it,
 * parsed, since it will be asked for again.
 */
enum emrtd_error emrtd_signature_verify_issuer(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag) EMRTD_MUST_USE;

/* What a signature by this key will be like. */
struct emrtd_signature_key {
	bool rsa;   /* else over an elliptic curve */
	size_t len; /* bytes of the modulus, or of r and of s each */
};

/*
 * For Active Authentication. EMRTD_E_KEY for what is no key to verify
 * signatures with; so are keys that prove nothing, curves below 224 bits, DSA
 * keys, and RSA keys for PSS alone.
 */
enum emrtd_error emrtd_signature_key_look(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    struct emrtd_signature_key *out) EMRTD_MUST_USE;

#endif
