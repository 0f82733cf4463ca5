/*
 * bac.h - Basic Access Control, Doc 9303-11 4.3: step functions, bytes in,
 * bytes out; the reader does the exchange, randomness is passed in.
 *
 *   GET CHALLENGE           -> RND.IC (8)
 *   EXTERNAL AUTHENTICATE   E(RND.IFD || RND.IC || K.IFD) || MAC (40)
 *                           -> E(RND.IC || RND.IFD || K.IC) || MAC (40)
 */
#ifndef ACCESS_BAC_H
#define ACCESS_BAC_H

#include "access/keys.h"
#include "sm/sm.h"

#include <emrtd/random.h>

#define EMRTD_BAC_RND_LEN  8
#define EMRTD_BAC_KEY_LEN  16
#define EMRTD_BAC_DATA_LEN 40

/* All secret; emrtd_bac_wipe. */
struct emrtd_bac {
	unsigned step; /* next step; a call out of order is EMRTD_E_STATE */
	uint8_t k_enc[EMRTD_KEY_MAX];
	uint8_t k_mac[EMRTD_KEY_MAX];
	uint8_t rnd_ifd[EMRTD_BAC_RND_LEN];
	uint8_t rnd_ic[EMRTD_BAC_RND_LEN];
	uint8_t k_ifd[EMRTD_BAC_KEY_LEN];
	uint8_t answer[2 * EMRTD_BAC_RND_LEN + EMRTD_BAC_KEY_LEN];
};

enum emrtd_error emrtd_bac_begin(struct emrtd_bac *bac,
    struct emrtd_crypto *crypto,
    const struct emrtd_password *password) EMRTD_MUST_USE;
/*
 * challenge: what GET CHALLENGE returned; EMRTD_E_MALFORMED unless 8 bytes.
 * Draws rnd_ifd, then k_ifd. Appends the 40 bytes of EXTERNAL AUTHENTICATE.
 */
enum emrtd_error emrtd_bac_command(struct emrtd_bac *bac,
    struct emrtd_crypto *crypto, struct emrtd_bytes challenge,
    const struct emrtd_random *random, struct emrtd_out *out) EMRTD_MUST_USE;
/*
 * response: 40 bytes. Checks MAC, RND.IC and RND.IFD; starts secure messaging
 * and wipes bac, as every failure does.
 * errors: EMRTD_E_MALFORMED, EMRTD_E_MAC, EMRTD_E_TOKEN (right MAC over other
 *         randoms: an answer of another session)
 */
enum emrtd_error emrtd_bac_finish(struct emrtd_bac *bac,
    struct emrtd_crypto *crypto, struct emrtd_bytes response,
    struct emrtd_sm *sm) EMRTD_MUST_USE;
void emrtd_bac_wipe(struct emrtd_bac *bac);

#endif
