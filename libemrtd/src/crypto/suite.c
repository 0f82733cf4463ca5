#include "crypto/suite.h"

#include "core/builder.h"
#include "core/wipe.h"
#include "crypto/internal.h"

#include <string.h>

/* Doc 9303-11 9.7.1 for keys and hashes, 9.8.6 for ciphers and MACs. */
static const struct emrtd_suite suites[EMRTD_N_SUITES] = {
	[EMRTD_3DES] = { EMRTD_3DES, "3DES", 16, 8, 16, EMRTD_SHA1,
	    "DES-EDE-CBC", "DES-EDE-ECB", emrtd_retail_mac },
	[EMRTD_AES128] = { EMRTD_AES128, "AES-128", 16, 16, 16, EMRTD_SHA1,
	    "AES-128-CBC", "AES-128-ECB", emrtd_cmac },
	[EMRTD_AES192] = { EMRTD_AES192, "AES-192", 24, 16, 32, EMRTD_SHA256,
	    "AES-192-CBC", "AES-192-ECB", emrtd_cmac },
	[EMRTD_AES256] = { EMRTD_AES256, "AES-256", 32, 16, 32, EMRTD_SHA256,
	    "AES-256-CBC", "AES-256-ECB", emrtd_cmac },
};

const struct emrtd_suite *
emrtd_suite(enum emrtd_suite_id id)
{
	return (unsigned)id < EMRTD_N_SUITES ? &suites[id] : NULL;
}

/* The lowest bit of each byte makes the number of ones odd (FIPS 46-3). */
static void
set_odd_parity(uint8_t *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned ones = key[i] >> 1;

		ones ^= ones >> 4;
		ones ^= ones >> 2;
		ones ^= ones >> 1;
		key[i] = (uint8_t)((key[i] & 0xFE) | (~ones & 1));
	}
}

enum emrtd_error
emrtd_kdf(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    struct emrtd_bytes secret, enum emrtd_kdf_counter counter,
    uint8_t key[EMRTD_KEY_MAX])
{
	uint8_t c[4] = { 0, 0, 0, (uint8_t)counter };
	struct emrtd_bytes parts[] = { secret, { c, sizeof(c) } };
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error error;

	error = emrtd_hash(crypto, suite->hash, parts, 2, digest);
	if (error == EMRTD_OK) {
		memcpy(key, digest, suite->key_len);
		if (suite->id == EMRTD_3DES)
			set_odd_parity(key, suite->key_len);
	}
	emrtd_wipe(digest, sizeof(digest));
	return error;
}

enum emrtd_error
emrtd_mac(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const uint8_t *key, const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN])
{
	return suite->mac(crypto, suite, key, parts, n_parts, mac);
}

void
emrtd_pad(struct emrtd_out *out, size_t from, size_t block_len)
{
	size_t used;

	emrtd_put_u8(out, 0x80);
	if (out->bad)
		return;
	used = (out->len - from) % block_len;
	if (used != 0)
		emrtd_put_fill(out, 0, block_len - used);
}

/* All ones when a == b, else zero; a and b below 256. */
static unsigned
mask_equal(unsigned a, unsigned b)
{
	return 0U - (((a ^ b) - 1) >> 31);
}

bool
emrtd_unpad(struct emrtd_bytes in, size_t block_len, size_t *len)
{
	volatile unsigned seeking = ~0U, bad = 0, pad = 0;

	if (in.len == 0 || in.len % block_len != 0)
		return false;
	for (size_t i = 0; i < block_len; i++) {
		unsigned b = in.ptr[in.len - 1 - i];
		unsigned mark = mask_equal(b, 0x80);

		bad |= seeking & ~mark & ~mask_equal(b, 0);
		pad |= seeking & mark & (unsigned)(i + 1);
		seeking &= ~mark;
	}
	if ((bad | seeking) != 0)
		return false;
	*len = in.len - pad;
	return true;
}
