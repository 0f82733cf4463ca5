/*
 * suite.h - the four symmetric suites of Doc 9303-11 9.7 and 9.8: one row
 * each, with block cipher, MAC and key derivation.
 */
#ifndef CRYPTO_SUITE_H
#define CRYPTO_SUITE_H

#include "crypto/hash.h"

#define EMRTD_KEY_MAX   32
#define EMRTD_BLOCK_MAX 16
#define EMRTD_MAC_LEN   8

enum emrtd_suite_id {
	EMRTD_3DES,
	EMRTD_AES128,
	EMRTD_AES192,
	EMRTD_AES256,
	EMRTD_N_SUITES
};

struct emrtd_suite {
	enum emrtd_suite_id id;
	const char *name;     /* "3DES", "AES-128" ... */
	size_t key_len;       /* bytes of K_enc and K_mac: 16, 16, 24, 32 */
	size_t block_len;     /* 8 or 16; also the length of the SSC */
	size_t nonce_len;     /* PACE nonce s: 16, 16, 32, 32 */
	enum emrtd_hash hash; /* of the KDF: SHA-1 or SHA-256 */
	const char *cbc_name; /* OpenSSL's names */
	const char *ecb_name;
	enum emrtd_error (*mac)(struct emrtd_crypto *crypto,
	    const struct emrtd_suite *suite, const uint8_t *key,
	    const struct emrtd_bytes *parts, size_t n_parts,
	    uint8_t mac[EMRTD_MAC_LEN]);
};

/* NULL when id is outside the enum. */
const struct emrtd_suite *emrtd_suite(enum emrtd_suite_id id);

/* The counters of the KDF, Doc 9303-11 9.7.1. */
enum emrtd_kdf_counter {
	EMRTD_KDF_ENC = 1,
	EMRTD_KDF_MAC = 2,
	EMRTD_KDF_PACE = 3
};

/* suite->key_len bytes; two-key 3DES with odd parity. Secret: caller wipes. */
enum emrtd_error emrtd_kdf(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, struct emrtd_bytes secret,
    enum emrtd_kdf_counter counter, uint8_t key[EMRTD_KEY_MAX]) EMRTD_MUST_USE;

/*
 * CBC without padding; in.len is a multiple of the block; iv has block_len
 * bytes, NULL means zeros. Appends in.len bytes to out.
 */
enum emrtd_error emrtd_cbc_encrypt(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key, const uint8_t *iv,
    struct emrtd_bytes in, struct emrtd_out *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_cbc_decrypt(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key, const uint8_t *iv,
    struct emrtd_bytes in, struct emrtd_out *out) EMRTD_MUST_USE;
/* One block under ECB, for the IV of AES secure messaging. */
enum emrtd_error emrtd_encrypt_block(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key, const uint8_t *in,
    uint8_t out[EMRTD_BLOCK_MAX]) EMRTD_MUST_USE;

/*
 * The suite's MAC over n parts, 8 bytes: retail MAC (ISO 9797-1 algorithm 3)
 * with 3DES, CMAC truncated with AES. With 3DES the parts together must fill
 * whole blocks (the caller pads by method 2); AES-CMAC takes any length.
 */
enum emrtd_error emrtd_mac(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key,
    const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN]) EMRTD_MUST_USE;

/* ISO 9797-1 method 2: 80 and zeros to a whole block. */
void emrtd_pad(struct emrtd_out *out, size_t from, size_t block_len);
/* Length without the padding; false when it is wrong. Constant time. */
bool emrtd_unpad(struct emrtd_bytes in, size_t block_len, size_t *len);

#endif
