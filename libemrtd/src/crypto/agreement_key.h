/*
 * agreement_key.h - the public keys that a chip agrees on keys with (DG14,
 * EF.CardSecurity), and the domain parameters that it writes out: which group
 * they are of, and whether they are in it.
 *
 * Doc 9303-11 9.5: standardised parameters by their number; curves by name or
 * written out, then compared as integers with the known ones; DH parameters
 * of X9.42 or PKCS #3. Curves that are not known are refused, since nobody
 * can count their points in passing; primes can be tested, and are.
 */
#ifndef CRYPTO_AGREEMENT_KEY_H
#define CRYPTO_AGREEMENT_KEY_H

#include "crypto/group.h"

/*
 * Borrows from the bytes that it was parsed of, and points into itself: never
 * copied, nor moved.
 */
struct emrtd_agreement_key {
	struct emrtd_group own;
	const struct emrtd_group *group; /* of the table, or &own */
	struct emrtd_element key;
	uint8_t own_q[EMRTD_FIELD_MAX]; /* where PKCS #3 gives none */
};

/*
 * emrtd_agreement_key_parse - a SubjectPublicKeyInfo, checked to be a key of
 * a known group, or of a sound one of its own.
 *
 *   ecPublicKey                  named or explicit curve   point
 *   standardizedDomainParameters INTEGER, the id           point or INTEGER
 *   dhpublicnumber               SEQUENCE of p, g, q ...   INTEGER
 *   dhKeyAgreement               SEQUENCE of p, g ...      INTEGER
 *
 * Points may be compressed. PKCS #3 gives no q: that of a known p and g, else
 * (p - 1) / 2, so that p must be a safe prime.
 * errors: EMRTD_E_KEY with the clause, and EMRTD_E_NO_MEMORY
 */
enum emrtd_error emrtd_agreement_key_parse(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    struct emrtd_agreement_key *out) EMRTD_MUST_USE;

/*
 * Does it write out DH parameters that are no known group's? To test 4096 bits
 * takes more than half a second: not for every key that a chip may send.
 */
bool emrtd_agreement_key_has_own_group(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki);

/*
 * The row of the table that an AlgorithmIdentifier (the whole SEQUENCE) means,
 * for PACEDomainParameterInfo. NULL when it means none: other parameters could
 * be made so that the password leaks, and Doc 9303-11 4.4.1 wants them known
 * to be secure.
 */
const struct emrtd_group *emrtd_group_by_parameters(struct emrtd_crypto *crypto,
    struct emrtd_bytes algorithm);

#endif
