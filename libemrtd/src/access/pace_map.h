/*
 * pace_map.h - the mappings of PACE, Doc 9303-11 4.4.3.3: how nonces become a
 * generator. A row each, with what the reader sends in step 2 (DO'81') and
 * what it makes of the answer (DO'82').
 *
 *   GM   81 public key  82 public key   s * G + H
 *   CAM  as GM; the chip's key is proven to come from its static key later
 *   IM   81 nonce t     82 (empty)      f(R(s, t))
 *
 * R(s, t) is shared with the chip's side, which has its own steps.
 */
#ifndef ACCESS_PACE_MAP_H
#define ACCESS_PACE_MAP_H

#include "access/pace_protocols.h"

#include <emrtd/random.h>

struct emrtd_pace;

struct emrtd_pace_map {
	const char *name; /* "GM" */
	/* NULL: every group. */
	bool (*can)(const struct emrtd_group *group);
	/*
	 * Doc 9303-11 4.4.3.3 lets the chip choose the length of the nonce, any
	 * multiple of the block; the integrated mapping ties it to the key's.
	 */
	bool any_nonce_len;
	bool has_proof; /* DO'8A' belongs beside the token */
	/* Draws; *data is a view into pace. */
	enum emrtd_error (*offer)(struct emrtd_pace *pace,
	    struct emrtd_crypto *crypto, const struct emrtd_random *random,
	    struct emrtd_bytes *data);
	/* pace->generator, of the chip's answer. */
	enum emrtd_error (*map)(struct emrtd_pace *pace,
	    struct emrtd_crypto *crypto, struct emrtd_bytes answer);
};

/* Never NULL for a value of the enum. */
const struct emrtd_pace_map *emrtd_pace_map_row(
    enum emrtd_pace_mapping mapping);

/*
 * A public key of the chip at full length, as far as it has the form of one.
 * EMRTD_E_KEY when it has not, or is our own: Doc 9303-11 4.4.1.
 */
enum emrtd_error emrtd_pace_take_peer(const struct emrtd_group *group,
    struct emrtd_bytes wire, const struct emrtd_element *ours,
    struct emrtd_element *out) EMRTD_MUST_USE;

/* Bytes of R for the longest field: 64 bits more than p, in whole nonces. */
#define EMRTD_PACE_R_MAX (EMRTD_FIELD_MAX + 8 + EMRTD_KEY_MAX)

/*
 * R(s, t) of Doc 9303-11 4.4.3.3.2 before it is reduced modulo p: as many
 * nonces' lengths as p and 64 bits want. s has suite->nonce_len bytes, t
 * suite->key_len. Appends to out; secret.
 * errors: EMRTD_E_ARG (lengths), EMRTD_E_BUFFER
 */
enum emrtd_error emrtd_pace_r(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const struct emrtd_group *group,
    struct emrtd_bytes s, struct emrtd_bytes t,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
