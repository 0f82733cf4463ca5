/*
 * chip_auth.h - Chip Authentication version 1, Doc 9303-11 6.2: step functions
 * of the reader, bytes in, bytes out; randomness is passed in.
 *
 *   3DES  MSE:Set KAT           91 ephemeral key  [84 key id]
 *   any   MSE:Set AT            80 OID  [84 key id]
 *         GENERAL AUTHENTICATE  7C{80 ephemeral key}  ->  7C{}
 *
 * What comes back proves nothing: the chip has shown that it owns the private
 * key when its first answer verifies under the new keys. Until then there is
 * no proof, and the caller has to look whether the key is one that a state has
 * signed.
 */
#ifndef ACCESS_CHIP_AUTH_H
#define ACCESS_CHIP_AUTH_H

#include "access/chip_auth_protocols.h"
#include "sm/sm.h"

#include <emrtd/random.h>

/* 91 and 84 around the longest key, and what 7C{80} takes. */
#define EMRTD_CHIP_AUTH_DATA_MAX (EMRTD_ELEMENT_MAX + 32)

/* A key of the chip as DG14 has it, for one protocol. Borrows. */
struct emrtd_chip_auth_key {
	const struct emrtd_chip_auth_protocol *protocol;
	const struct emrtd_group *group; /* of the protocol's kind */
	struct emrtd_bytes public_key;   /* an element of the group */
	bool has_key_id;
	uint32_t key_id;
};

/* All secret but the public key; emrtd_chip_auth_wipe. */
struct emrtd_chip_auth {
	struct emrtd_chip_auth_key key;
	unsigned step; /* a call out of order is EMRTD_E_STATE */
	struct emrtd_element public_key; /* ours, ephemeral */
	uint8_t k_enc[EMRTD_KEY_MAX], k_mac[EMRTD_KEY_MAX];
};

/*
 * Draws the ephemeral key and agrees on the session keys; the private key and
 * the shared secret are gone when it returns. What 'key' points to must live
 * as long as ca.
 * errors: EMRTD_E_ARG (the protocol is for another kind of group), EMRTD_E_KEY
 *         (the chip's key is not in the group, or weak), those of the random
 *         source; all of them wipe.
 */
enum emrtd_error emrtd_chip_auth_begin(struct emrtd_chip_auth *ca,
    struct emrtd_crypto *crypto, const struct emrtd_chip_auth_key *key,
    const struct emrtd_random *random) EMRTD_MUST_USE;

/*
 * Data of the commands; EMRTD_E_STATE before begin or after finish. Only the
 * 3DES protocols have MSE:Set KAT (else EMRTD_E_ARG).
 */
enum emrtd_error emrtd_chip_auth_set_kat(const struct emrtd_chip_auth *ca,
    struct emrtd_out *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_chip_auth_set_at(const struct emrtd_chip_auth *ca,
    struct emrtd_out *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_chip_auth_authenticate(const struct emrtd_chip_auth *ca,
    struct emrtd_out *out) EMRTD_MUST_USE;

/*
 * The answer of GENERAL AUTHENTICATE: 7C00, or nothing at all. Whatever else
 * is EMRTD_E_MALFORMED, and ca is wiped.
 */
enum emrtd_error emrtd_chip_auth_answer(struct emrtd_chip_auth *ca,
    struct emrtd_bytes response) EMRTD_MUST_USE;

/*
 * The keys of the session that follows, with SSC 0; whatever keys sm held
 * before are wiped, and so is ca. EMRTD_E_STATE before begin.
 */
enum emrtd_error emrtd_chip_auth_finish(struct emrtd_chip_auth *ca,
    struct emrtd_sm *sm) EMRTD_MUST_USE;

void emrtd_chip_auth_wipe(struct emrtd_chip_auth *ca);

#endif
