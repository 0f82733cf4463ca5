#include "core/cursor.h"
#include "core/wipe.h"
#include "crypto/internal.h"

#include <openssl/core_names.h>
#include <string.h>

#define DES_BLOCK 8
#define DES_KEY   8
#define CHUNK     512 /* bytes of CBC output held at a time */

/* The last block of a CBC encryption over all parts, which fill blocks. */
static enum emrtd_error
cbc_last_block(const EVP_CIPHER *cipher, const uint8_t *key,
    const struct emrtd_bytes *parts, size_t n_parts, uint8_t last[DES_BLOCK])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	enum emrtd_error error = EMRTD_E_CRYPTO;
	uint8_t chunk[CHUNK + DES_BLOCK];
	struct emrtd_bytes rest, piece;
	static const uint8_t zero_iv[DES_BLOCK];
	int n;

	if (ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_EncryptInit_ex2(ctx, cipher, key, zero_iv, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1)
		goto out;
	for (size_t i = 0; i < n_parts; i++) {
		rest = parts[i];
		while (emrtd_take(&rest, rest.len < CHUNK ? rest.len : CHUNK,
			   &piece) &&
		       piece.len > 0) {
			if (EVP_EncryptUpdate(ctx, chunk, &n, piece.ptr,
				(int)piece.len) != 1)
				goto out;
			if (n >= DES_BLOCK)
				memcpy(last, chunk + n - DES_BLOCK, DES_BLOCK);
		}
	}
	/* Without padding this fails when a part of a block is left over. */
	if (EVP_EncryptFinal_ex(ctx, chunk, &n) == 1)
		error = EMRTD_OK;
out:
	emrtd_wipe(chunk, sizeof(chunk));
	EVP_CIPHER_CTX_free(ctx);
	return error;
}

/*
 * ISO 9797-1 MAC algorithm 3: single DES in CBC mode under the first half of
 * the key, then one decryption under the second and one encryption under the
 * first. Two-key 3DES with equal halves is single DES.
 */
enum emrtd_error
emrtd_retail_mac(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const uint8_t *key, const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN])
{
	uint8_t k1[2 * DES_KEY], k2[2 * DES_KEY];
	uint8_t chain[DES_BLOCK], block[DES_BLOCK];
	struct emrtd_bytes in = { chain, sizeof(chain) };
	const EVP_CIPHER *ecb = crypto->ecb[suite->id];
	enum emrtd_error error;
	size_t total = 0;

	for (size_t i = 0; i < n_parts; i++)
		total += parts[i].len;
	if (total == 0 || total % DES_BLOCK != 0)
		return EMRTD_E_ARG;
	for (size_t i = 0; i < 2; i++) {
		memcpy(k1 + i * DES_KEY, key, DES_KEY);
		memcpy(k2 + i * DES_KEY, key + DES_KEY, DES_KEY);
	}
	error = cbc_last_block(crypto->cbc[suite->id], k1, parts, n_parts,
	    chain);
	if (error == EMRTD_OK)
		error = emrtd_run_cipher(ecb, false, k2, NULL, in, block);
	in.ptr = block;
	if (error == EMRTD_OK)
		error = emrtd_run_cipher(ecb, true, k1, NULL, in, mac);
	emrtd_wipe(k1, sizeof(k1));
	emrtd_wipe(k2, sizeof(k2));
	emrtd_wipe(chain, sizeof(chain));
	emrtd_wipe(block, sizeof(block));
	return error;
}

enum emrtd_error
emrtd_cmac(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const uint8_t *key, const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t mac[EMRTD_MAC_LEN])
{
	char name[16];
	OSSL_PARAM params[2];
	enum emrtd_error error = EMRTD_E_CRYPTO;
	uint8_t full[EMRTD_BLOCK_MAX];
	EVP_MAC_CTX *ctx;
	size_t n;

	memcpy(name, suite->cbc_name, strlen(suite->cbc_name) + 1);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER,
	    name, 0);
	params[1] = OSSL_PARAM_construct_end();
	ctx = EVP_MAC_CTX_new(crypto->cmac);
	if (ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_MAC_init(ctx, key, suite->key_len, params) != 1)
		goto out;
	for (size_t i = 0; i < n_parts; i++) {
		if (parts[i].len > 0 &&
		    EVP_MAC_update(ctx, parts[i].ptr, parts[i].len) != 1)
			goto out;
	}
	if (EVP_MAC_final(ctx, full, &n, sizeof(full)) == 1 &&
	    n == sizeof(full)) {
		memcpy(mac, full, EMRTD_MAC_LEN);
		error = EMRTD_OK;
	}
out:
	emrtd_wipe(full, sizeof(full));
	EVP_MAC_CTX_free(ctx);
	return error;
}
