/*
 * active_auth.h - Active Authentication, Doc 9303-11 6.1: was this challenge
 * signed by the key of DG15? Pure: no I/O, the challenge comes from outside.
 */
#ifndef ACCESS_ACTIVE_AUTH_H
#define ACCESS_ACTIVE_AUTH_H

#include "crypto/hash.h"

#define EMRTD_AA_CHALLENGE_LEN 8

enum emrtd_aa_scheme {
	EMRTD_AA_RSA,      /* ISO/IEC 9796-2 scheme 1 */
	EMRTD_AA_ECDSA,    /* r and s one after the other: the standard */
	EMRTD_AA_ECDSA_DER /* SEQUENCE of r and s: some chips */
};

/* How it was signed. */
struct emrtd_active_auth {
	enum emrtd_aa_scheme scheme;
	enum emrtd_hash hash;
	bool hash_found; /* ECDSA: nothing named it, it was found by trying */
};

/* "RSA" or "ECDSA". */
const char *emrtd_aa_scheme_name(enum emrtd_aa_scheme scheme);

/*
 * emrtd_active_auth_verify - EMRTD_OK only when the signature over the
 * challenge verifies with the key.
 * in:     spki       DER SubjectPublicKeyInfo, the content of DG15
 *         algorithm  for ECDSA: the content of the OID that
 *                    ActiveAuthenticationInfo in DG14 has, plain (BSI
 *                    TR-03111) or of X9.62; its hash counts, and both forms
 *                    are taken. Empty when nothing names one: the hashes of
 *                    the standard are tried in turn, since chips of some
 *                    states come without DG14. What is proven stays the same:
 *                    nobody without the key can sign under any of them. RSA
 *                    does not look at it.
 *         challenge  EMRTD_AA_CHALLENGE_LEN bytes
 * errors: EMRTD_E_ARG (length of the challenge), EMRTD_E_KEY (we can do
 *         nothing with this key, or it proves nothing: RSA below 1024 bits,
 *         an unknown curve), EMRTD_E_UNSUPPORTED (the hash of the trailer, or
 *         the algorithm),
 *         EMRTD_E_SIGNATURE, EMRTD_E_DIGEST (a signature of this key, but
 *         over another challenge)
 */
enum emrtd_error emrtd_active_auth_verify(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_bytes algorithm,
    struct emrtd_bytes challenge, struct emrtd_bytes signature,
    struct emrtd_diag *diag, struct emrtd_active_auth *how) EMRTD_MUST_USE;

/*
 * The longest signature of the key in bytes, to know how much to ask for.
 * EMRTD_E_KEY as above.
 */
enum emrtd_error emrtd_active_auth_max_len(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    size_t *out) EMRTD_MUST_USE;

#endif
