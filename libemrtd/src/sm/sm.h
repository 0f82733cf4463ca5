/*
 * sm.h - secure messaging, Doc 9303-11 9.8: protecting one command and
 * unprotecting its response.
 *
 * Command:   0C INS P1 P2 Lc [87|85 cryptogram] [97 Le] 8E MAC 00
 * Response:  [87|85 cryptogram] 99 02 SW 8E 08 MAC SW
 *
 * The MAC is over the bytes received, never over re-encoded ones. Any failure
 * and any unprotected answer ends the keys: they are wiped, 'live' is false,
 * and every later call fails with EMRTD_E_STATE. Nothing is ever sent twice
 * under one send sequence counter.
 */
#ifndef SM_SM_H
#define SM_SM_H

#include "apdu/apdu.h"
#include "crypto/suite.h"

struct emrtd_sm {
	const struct emrtd_suite *suite;
	uint8_t k_enc[EMRTD_KEY_MAX];
	uint8_t k_mac[EMRTD_KEY_MAX];
	uint8_t ssc[EMRTD_BLOCK_MAX]; /* block_len bytes, big-endian */
	bool live;
};

/* Keys are copied. ssc has suite->block_len bytes; NULL means zero (PACE). */
void emrtd_sm_init(struct emrtd_sm *sm, const struct emrtd_suite *suite,
    const uint8_t *k_enc, const uint8_t *k_mac, const uint8_t *ssc);
/* Wipes the keys and ends the session. */
void emrtd_sm_end(struct emrtd_sm *sm);

/*
 * The protected form of a plain command, encoded, ready to send. Extended
 * length when command->extended, or when it does not fit a short one.
 * work: scratch for the padded data, at least command->data.len + 64 bytes
 * free; wiped before return. Once the counter has moved, a failure ends the
 * session too. EMRTD_E_ARG (too long for any APDU) leaves it as it was.
 */
enum emrtd_error emrtd_sm_protect(struct emrtd_crypto *crypto,
    struct emrtd_sm *sm, const struct emrtd_command *command,
    struct emrtd_out *work, struct emrtd_out *out) EMRTD_MUST_USE;

/*
 * The plain data (appended to out) and status word of a protected response
 * with its outer status word. odd_ins: a DO'85' instead of a DO'87' is
 * expected. The inner word of DO'99' counts; the outer one, which no MAC
 * covers, must be the same. out has room for the cryptogram, up to a block
 * more than the data. Every error ends the session: EMRTD_E_SM_PLAIN (a bare
 * status word or clear data; diag->sw is set), EMRTD_E_SM_FORMAT (an object
 * missing, twice, out of order or behind the end; status words that differ),
 * EMRTD_E_MAC, EMRTD_E_PADDING, EMRTD_E_BUFFER.
 */
enum emrtd_error emrtd_sm_unprotect(struct emrtd_crypto *crypto,
    struct emrtd_sm *sm, struct emrtd_bytes response, bool odd_ins,
    struct emrtd_diag *diag, struct emrtd_out *out,
    uint16_t *sw) EMRTD_MUST_USE;

/*
 * Primitives, shared with the chip's side.
 */
void emrtd_sm_count(struct emrtd_sm *sm); /* SSC + 1, wraps */
/* MAC over SSC || up to six parts, padded: header block and objects. */
enum emrtd_error emrtd_sm_mac(struct emrtd_crypto *crypto,
    const struct emrtd_sm *sm, const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN]) EMRTD_MUST_USE;
/* CBC over whole blocks, IV by suite: zeros, or E(K_enc, SSC) for AES. */
enum emrtd_error emrtd_sm_encrypt(struct emrtd_crypto *crypto,
    const struct emrtd_sm *sm, struct emrtd_bytes in,
    struct emrtd_out *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_sm_decrypt(struct emrtd_crypto *crypto,
    const struct emrtd_sm *sm, struct emrtd_bytes in,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
