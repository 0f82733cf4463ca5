/*
 * card_pace.h - the chip's side of PACE, Doc 9303-11 4.4: step functions, bytes
 * in, bytes out. Each takes the data of a GENERAL AUTHENTICATE command and
 * appends the data of its response.
 *
 *   7C{}            -> 7C{80 encrypted nonce}
 *   7C{81 map key}  -> 7C{82 map key}   integrated mapping: 81 nonce, 82 empty
 *   7C{83 key}      -> 7C{84 key}
 *   7C{85 token}    -> 7C{86 token}     8A beside it: chip authentication
 *
 * The sister of access/pace.h, written apart from it: the two share groups,
 * ciphers, R(s, t) and the input of the token, no step and no decision.
 */
#ifndef CARD_CARD_PACE_H
#define CARD_CARD_PACE_H

#include "access/keys.h"
#include "access/pace_protocols.h"
#include "sm/sm.h"

#include <emrtd/random.h>

/* All secret; emrtd_card_pace_wipe. */
struct emrtd_card_pace {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_suite *suite;
	const struct emrtd_group *group;
	unsigned step; /* 0: not begun; else the next of steps 1 to 4 */
	uint8_t k_pi[EMRTD_KEY_MAX];
	uint8_t nonce[EMRTD_KEY_MAX];
	uint8_t map_private[EMRTD_FIELD_MAX];
	struct emrtd_element generator, public_key, peer_key;
	uint8_t private_key[EMRTD_FIELD_MAX];
	/* Of Chip Authentication Mapping, order_len bytes. */
	bool has_static_key;
	uint8_t static_key[EMRTD_FIELD_MAX];
	uint8_t k_enc[EMRTD_KEY_MAX];
	uint8_t k_mac[EMRTD_KEY_MAX];
};

/*
 * After MSE:Set AT. static_key: the chip's private key for Chip Authentication
 * Mapping, order_len bytes; NULL for other mappings, and for a forger that has
 * none and leaves DO'8A' out.
 * errors: EMRTD_E_UNSUPPORTED (a protocol that is not for this group)
 */
enum emrtd_error emrtd_card_pace_begin(struct emrtd_card_pace *pace,
    struct emrtd_crypto *crypto, const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group, const struct emrtd_password *password,
    const uint8_t *static_key) EMRTD_MUST_USE;

/*
 * The next step, whichever it is. Draws from random: the nonce; the mapping
 * key; the ephemeral key. After the last one sm is live, with SSC 0.
 * errors: EMRTD_E_STATE (not begun, or over), EMRTD_E_MALFORMED,
 *         EMRTD_E_KEY (a key that is none, or equal to ours),
 *         EMRTD_E_TOKEN (wrong password). All of them end the attempt.
 */
enum emrtd_error emrtd_card_pace_step(struct emrtd_card_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes command,
    const struct emrtd_random *random, struct emrtd_out *out,
    struct emrtd_sm *sm) EMRTD_MUST_USE;

void emrtd_card_pace_wipe(struct emrtd_card_pace *pace);

#endif
