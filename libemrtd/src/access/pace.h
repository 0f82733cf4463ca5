/*
 * pace.h - PACE, Doc 9303-11 4.4: step functions of the reader. Each takes the
 * response of the step before (the data of GENERAL AUTHENTICATE, 7C ...) and
 * appends the data of the next command.
 *
 *   MSE:Set AT             80 OID  83 password  [84 parameter id]
 *   GENERAL AUTHENTICATE 1 7C{}           -> 7C{80 encrypted nonce}
 *   GENERAL AUTHENTICATE 2 7C{81 mapping} -> 7C{82 mapping}  (see pace_map.h)
 *   GENERAL AUTHENTICATE 3 7C{83 key}     -> 7C{84 key}
 *   GENERAL AUTHENTICATE 4 7C{85 token}   -> 7C{86 token ...}
 *
 * A key is a point, uncompressed, or a number without leading zeros. Beside
 * the chip's token there may be names of certification authorities (87, 88),
 * which are not looked at, and 8A with chip authentication mapping.
 */
#ifndef ACCESS_PACE_H
#define ACCESS_PACE_H

#include "access/keys.h"
#include "access/pace_map.h"
#include "sm/sm.h"

#include <emrtd/random.h>

/*
 * The chip chooses the length of the nonce (see pace_map.h); 8 bytes under
 * 3DES have been seen. We take up to this many.
 */
#define EMRTD_PACE_NONCE_MAX 64

/* All secret; emrtd_pace_wipe. The fields are for tests and traces. */
struct emrtd_pace {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_suite *suite;
	const struct emrtd_group *group;
	const struct emrtd_pace_map *map;
	uint8_t parameter_id; /* what the chip calls the group */
	bool send_parameter_id;
	enum emrtd_password_kind password_kind;
	unsigned step; /* next step; a call out of order is EMRTD_E_STATE */
	uint8_t k_pi[EMRTD_KEY_MAX];
	uint8_t nonce[EMRTD_PACE_NONCE_MAX];
	size_t nonce_len;
	uint8_t map_nonce[EMRTD_KEY_MAX]; /* t of the integrated mapping */
	uint8_t map_private[EMRTD_FIELD_MAX];
	struct emrtd_element map_public, map_peer, generator;
	uint8_t private_key[EMRTD_FIELD_MAX];
	struct emrtd_element public_key, peer_key;
	uint8_t shared[EMRTD_FIELD_MAX]; /* Z at full field length */
	uint8_t k_enc[EMRTD_KEY_MAX];
	uint8_t k_mac[EMRTD_KEY_MAX];
};

/*
 * Chip Authentication Mapping: what the chip says to prove that the mapping
 * key comes from its static key. Filled by emrtd_pace_finish.
 */
struct emrtd_pace_cam {
	const struct emrtd_group *group; /* NULL: another mapping was run */
	struct emrtd_element map_public_ic;
	uint8_t data[EMRTD_FIELD_MAX]; /* CA_IC, decrypted and unpadded */
	size_t len;                    /* 0: the chip gave no proof */
	enum emrtd_error error;        /* and why */
};

/*
 * In every step: EMRTD_E_STATE out of order, EMRTD_E_MALFORMED for another
 * tag, length or trailing bytes, EMRTD_E_KEY for a key that is not in the
 * group, its neutral element, or equal to the one that we sent. Every failure wipes the whole
 * struct, and all later steps fail with EMRTD_E_STATE.
 *
 * send_parameter_id: put DO'84' into MSE:Set AT (needed when the chip has
 * several sets; harmless elsewhere, but see the chips that refuse it). Its
 * value is group->id unless the caller then sets pace->parameter_id.
 * EMRTD_E_UNSUPPORTED: the protocol is not for this group.
 */
enum emrtd_error emrtd_pace_begin(struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group, bool send_parameter_id,
    const struct emrtd_password *password) EMRTD_MUST_USE;
/* Data of MSE:Set AT. */
enum emrtd_error emrtd_pace_set_at(const struct emrtd_pace *pace,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* Step 1: 7C00. */
enum emrtd_error emrtd_pace_get_nonce(struct emrtd_pace *pace,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* Step 2: decrypts the nonce, draws the mapping key. */
enum emrtd_error emrtd_pace_map(struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes response,
    const struct emrtd_random *random, struct emrtd_diag *diag,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* Step 3: maps the generator, draws the ephemeral key. */
enum emrtd_error emrtd_pace_agree(struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes response,
    const struct emrtd_random *random, struct emrtd_diag *diag,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* Step 4: session keys, our token. */
enum emrtd_error emrtd_pace_authenticate(struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes response,
    struct emrtd_diag *diag, struct emrtd_out *out) EMRTD_MUST_USE;
/*
 * Checks the chip's token in constant time (EMRTD_E_TOKEN) and starts secure
 * messaging with SSC 0. With chip authentication mapping DO'8A' is opened into
 * cam; that it is missing or bad is no failure of PACE (the password was
 * right, the keys are good) but one of the chip's proof. With the other
 * mappings it may not be there (4.4.5), and cam is left empty.
 * cam: NULL is allowed, for a caller that does not ask for the proof.
 */
enum emrtd_error emrtd_pace_finish(struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes response,
    struct emrtd_diag *diag, struct emrtd_sm *sm,
    struct emrtd_pace_cam *cam) EMRTD_MUST_USE;
void emrtd_pace_wipe(struct emrtd_pace *pace);

/*
 * The token of Doc 9303-11 4.4.3.4: MAC(K_mac, 7F49{06 OID, 84|86 key}), 84
 * for a number, 86 for a point. Shared with the chip's side.
 */
enum emrtd_error emrtd_pace_token(struct emrtd_crypto *crypto,
    const struct emrtd_pace_protocol *protocol, const struct emrtd_group *group,
    const uint8_t *k_mac, const struct emrtd_element *key,
    uint8_t token[EMRTD_MAC_LEN]) EMRTD_MUST_USE;

/*
 * DO'8A' (ptr NULL when absent) into cam, for emrtd_pace_finish: never fails,
 * but sets cam->error.
 */
void emrtd_pace_cam_open(const struct emrtd_pace *pace,
    struct emrtd_crypto *crypto, struct emrtd_bytes data,
    struct emrtd_pace_cam *cam);

/*
 * Doc 9303-11 4.4.3.5.2: CA_IC * PK_IC = PK_Map,IC. Says that this chip holds
 * the private key; whose key it is, its signed file says. Constant time.
 * errors: EMRTD_E_TOKEN (it does not), EMRTD_E_STATE (no CAM), EMRTD_E_KEY (chip_key is none of the
 *         group that PACE was run in), cam->error when the chip gave no proof
 */
enum emrtd_error emrtd_pace_cam_verify(struct emrtd_crypto *crypto,
    const struct emrtd_pace_cam *cam, const struct emrtd_group *group,
    const struct emrtd_element *chip_key) EMRTD_MUST_USE;

#endif
