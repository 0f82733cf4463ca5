/*
 * aa_key.h - the chip's key for Active Authentication: made when the document
 * is issued, signs challenges. Calls OpenSSL, in a library context of its own.
 */
#ifndef CARD_AA_KEY_H
#define CARD_AA_KEY_H

#include "card/card.h"
#include "crypto/hash.h"

#define EMRTD_AA_RSA_BITS_MIN 1024
#define EMRTD_AA_RSA_BITS_MAX 4096
#define EMRTD_AA_SPKI_CAP     1024
/* Of an RSA key of the greatest length, or a curve's r and s in DER. */
#define EMRTD_AA_SIGNATURE_CAP (EMRTD_AA_RSA_BITS_MAX / 8)

struct emrtd_aa_key;

/*
 * emrtd_aa_key_new - makes a key as the profile wants it: kind "rsa-BITS",
 * BITS from 1024 to 4096, or "ecdsa-CURVE" with a curve of Doc 9303-11 table
 * 12 ("ecdsa-P-256", "ecdsa-brainpoolP320r1"); hash by its name, NULL: SHA-256.
 * errors: EMRTD_E_ARG (unknown kind or hash), EMRTD_E_NO_MEMORY,
 *         EMRTD_E_CRYPTO
 */
enum emrtd_error emrtd_aa_key_new(const struct emrtd_card_aa *how,
    struct emrtd_diag *diag, struct emrtd_aa_key **out) EMRTD_MUST_USE;
/* NULL-safe, leaves NULL. */
void emrtd_aa_key_free(struct emrtd_aa_key **key);
/* Would emrtd_aa_key_new take it? Makes no key. */
bool emrtd_aa_key_is_known(const struct emrtd_card_aa *how);

/* Appends the SubjectPublicKeyInfo, which is the content of DG15. */
enum emrtd_error emrtd_aa_key_spki(const struct emrtd_aa_key *key,
    struct emrtd_out *out) EMRTD_MUST_USE;
/*
 * The signature algorithm for ActiveAuthenticationInfo in DG14, dotted; NULL
 * when there is none to write (RSA).
 */
const char *emrtd_aa_key_algorithm(const struct emrtd_aa_key *key);
/* Appends the signature over the challenge; M1 of RSA comes from random. */
enum emrtd_error emrtd_aa_key_sign(const struct emrtd_aa_key *key,
    struct emrtd_bytes challenge, const struct emrtd_random *random,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
