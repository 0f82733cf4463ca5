/*
 * chip_auth_offers.h - which Chip Authentication a chip offers by its DG14
 * (Doc 9303-11 9.2.6, 9.2.7): protocols and keys, brought together by their
 * key ids, in the order in which to try them.
 */
#ifndef ACCESS_CHIP_AUTH_OFFERS_H
#define ACCESS_CHIP_AUTH_OFFERS_H

#include "access/chip_auth.h"
#include "crypto/agreement_key.h"
#include "lds/security_info.h"

#define EMRTD_CHIP_AUTH_OFFERS_MAX 16

struct emrtd_chip_auth_offers {
	struct emrtd_agreement_key keys[EMRTD_CA_KEYS_MAX];
	/* Strongest first; they point into keys. */
	struct emrtd_chip_auth_key offers[EMRTD_CHIP_AUTH_OFFERS_MAX];
	size_t n;
	size_t n_unusable;          /* keys and protocols that we cannot use */
	struct emrtd_diag unusable; /* why, of the first of them */
};

/*
 * out borrows what infos borrows, and must not be copied or moved.
 * errors: EMRTD_E_NOT_FOUND (DG14 has neither a key for it nor a protocol),
 *         EMRTD_E_KEY (a key that is none: not in its group, or the parameters
 *         are unsound), EMRTD_E_MALFORMED, EMRTD_E_UNSUPPORTED (unknown
 *         algorithms or protocols; a protocol without a key), each of them
 *         only when nothing is left that can be used
 */
enum emrtd_error emrtd_chip_auth_offers_read(struct emrtd_crypto *crypto,
    const struct emrtd_security_infos *infos, struct emrtd_diag *diag,
    struct emrtd_chip_auth_offers *out) EMRTD_MUST_USE;

#endif
