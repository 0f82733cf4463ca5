#include "core/builder.h"
#include "crypto/internal.h"

#include <limits.h>

static const uint8_t zero_iv[EMRTD_BLOCK_MAX];

enum emrtd_error
emrtd_run_cipher(const EVP_CIPHER *cipher, bool encrypt, const uint8_t *key,
    const uint8_t *iv, struct emrtd_bytes in, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	enum emrtd_error error = EMRTD_E_CRYPTO;
	int n = 0;

	if (ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_CipherUpdate(ctx, out, &n, in.ptr, (int)in.len) == 1 &&
	    (size_t)n == in.len)
		error = EMRTD_OK;
	EVP_CIPHER_CTX_free(ctx); /* wipes the key schedule */
	return error;
}

static enum emrtd_error
run_cbc(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    bool encrypt, const uint8_t *key, const uint8_t *iv, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	enum emrtd_error error;
	size_t mark = out->len;
	uint8_t *at;

	if (in.len % suite->block_len != 0 || in.len > INT_MAX)
		return EMRTD_E_ARG;
	if (in.len == 0)
		return EMRTD_OK;
	at = emrtd_put_space(out, in.len);
	if (at == NULL)
		return EMRTD_E_BUFFER;
	error = emrtd_run_cipher(crypto->cbc[suite->id], encrypt, key,
	    iv == NULL ? zero_iv : iv, in, at);
	if (error != EMRTD_OK)
		emrtd_out_rewind(out, mark);
	return error;
}

enum emrtd_error
emrtd_cbc_encrypt(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const uint8_t *key, const uint8_t *iv, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	return run_cbc(crypto, suite, true, key, iv, in, out);
}

enum emrtd_error
emrtd_cbc_decrypt(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const uint8_t *key, const uint8_t *iv, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	return run_cbc(crypto, suite, false, key, iv, in, out);
}

enum emrtd_error
emrtd_encrypt_block(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const uint8_t *key, const uint8_t *in,
    uint8_t out[EMRTD_BLOCK_MAX])
{
	return emrtd_run_cipher(crypto->ecb[suite->id], true, key, NULL,
	    emrtd_bytes(in, suite->block_len), out);
}
