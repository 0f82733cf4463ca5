#include "crypto/iso9796.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/diag.h"
#include "crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#define CLAUSE "Doc 9303-11 6.1.2.2"

#define HEADER        0x6A
#define TRAILER_SHA1  0xBC
#define TRAILER_NAMED 0xCC
/* The lowest four bits of every block. */
#define ENDS_IN 0x0C

/* Hashes of ISO/IEC 10118-3 by their identifiers. */
struct trailer {
	uint8_t id;
	bool supported;
	enum emrtd_hash hash;
	const char *name;
};

static const struct trailer trailers[] = {
	{ 0x31, false, EMRTD_SHA1, "RIPEMD-160" },
	{ 0x32, false, EMRTD_SHA1, "RIPEMD-128" },
	{ 0x33, true, EMRTD_SHA1, "SHA-1" },
	{ 0x34, true, EMRTD_SHA256, "SHA-256" },
	{ 0x35, true, EMRTD_SHA512, "SHA-512" },
	{ 0x36, true, EMRTD_SHA384, "SHA-384" },
	{ 0x37, false, EMRTD_SHA1, "Whirlpool" },
	{ 0x38, true, EMRTD_SHA224, "SHA-224" },
	{ 0x39, false, EMRTD_SHA1, "SHA-512/224" },
	{ 0x3A, false, EMRTD_SHA1, "SHA-512/256" },
};

static enum emrtd_error
no_block(struct emrtd_diag *diag, const char *what)
{
	return emrtd_fail(diag, EMRTD_E_SIGNATURE, what, CLAUSE);
}

static enum emrtd_error
named_hash(uint8_t id, struct emrtd_diag *diag, enum emrtd_hash *out)
{
	enum emrtd_error error;

	for (size_t i = 0; i < sizeof(trailers) / sizeof(*trailers); i++) {
		if (trailers[i].id != id)
			continue;
		*out = trailers[i].hash;
		if (trailers[i].supported)
			return EMRTD_OK;
		error = emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "the signature's trailer names a hash that is none of "
		    "Active Authentication's",
		    CLAUSE);
		emrtd_diag_detail(diag, trailers[i].name);
		return error;
	}
	return no_block(diag, "the opened signature ends in no known trailer");
}

/* Takes the trailer off the end. */
static enum emrtd_error
take_trailer(struct emrtd_bytes *block, struct emrtd_diag *diag,
    enum emrtd_hash *hash)
{
	uint8_t last = block->len > 0 ? block->ptr[block->len - 1] : 0;

	if (last == TRAILER_SHA1) {
		*hash = EMRTD_SHA1;
		block->len -= 1;
		return EMRTD_OK;
	}
	if (last != TRAILER_NAMED || block->len < 2)
		return no_block(diag,
		    "the opened signature ends in no known trailer");
	block->len -= 2;
	return named_hash(block->ptr[block->len], diag, hash);
}

enum emrtd_error
emrtd_iso9796_parse(struct emrtd_bytes block, size_t bits,
    struct emrtd_diag *diag, struct emrtd_iso9796 *out)
{
	struct emrtd_bytes rest = block;
	struct emrtd_iso9796 found = { .hash = EMRTD_SHA1 };
	enum emrtd_error error;
	size_t digest_len;
	uint8_t first = 0;

	if (bits == 0 || block.len != (bits + 7) / 8)
		return emrtd_fail(diag, EMRTD_E_ARG, "width of a block", NULL);
	/* Nobody hashes M1 of broken bytes: then the block is a byte less. */
	if (bits % 8 != 0 && emrtd_u8(&rest, &first) && first == 0)
		block = rest;
	if (!emrtd_u8(&block, &first) || first != HEADER)
		return no_block(diag,
		    "the opened signature does not begin with 6A");
	error = take_trailer(&block, diag, &found.hash);
	if (error != EMRTD_OK)
		return error;
	digest_len = emrtd_hash_len(found.hash);
	if (block.len <= digest_len)
		return no_block(diag,
		    "the opened signature leaves no room for what the chip "
		    "draws");
	if (!emrtd_take(&block, block.len - digest_len, &found.m1))
		return emrtd_fail(diag, EMRTD_E_INTERNAL, NULL, NULL);
	found.digest = block;
	*out = found;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_iso9796_check(struct emrtd_crypto *crypto, struct emrtd_bytes block,
    size_t bits, struct emrtd_bytes m2, struct emrtd_diag *diag,
    enum emrtd_hash *hash)
{
	uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_iso9796 found = { .hash = EMRTD_SHA1 };
	struct emrtd_bytes parts[2];
	enum emrtd_error error;

	error = emrtd_iso9796_parse(block, bits, diag, &found);
	if (error != EMRTD_OK)
		return error;
	parts[0] = found.m1;
	parts[1] = m2;
	error = emrtd_hash(crypto, found.hash, parts, 2, digest);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "hashing a challenge", NULL);
	if (!emrtd_bytes_equal(found.digest,
		emrtd_bytes(digest, found.digest.len)))
		return emrtd_fail(diag, EMRTD_E_DIGEST,
		    "the signature is over another challenge", CLAUSE);
	*hash = found.hash;
	return EMRTD_OK;
}

/* A number that is not below n has another that is the same signature. */
static enum emrtd_error
check_range(EVP_PKEY *key, struct emrtd_bytes signature)
{
	BIGNUM *n = NULL,
	       *s = BN_bin2bn(signature.ptr, (int)signature.len, NULL);
	enum emrtd_error error = EMRTD_E_CRYPTO;

	if (s != NULL &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1)
		error = BN_cmp(s, n) < 0 ? EMRTD_OK : EMRTD_E_SIGNATURE;
	BN_free(n);
	BN_free(s);
	return error;
}

/* s^e mod n into out, as wide as n. */
static enum emrtd_error
raw_public(struct emrtd_crypto *crypto, EVP_PKEY *key,
    struct emrtd_bytes signature, uint8_t *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(emrtd_crypto_lib(crypto),
	    key, NULL);
	size_t len = signature.len;
	bool done;

	done = ctx != NULL && EVP_PKEY_encrypt_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	       EVP_PKEY_encrypt(ctx, out, &len, signature.ptr, signature.len) ==
		   1 &&
	       len == signature.len;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return done ? EMRTD_OK : EMRTD_E_CRYPTO;
}

/* block = n - block, both len bytes. */
static enum emrtd_error
negate(EVP_PKEY *key, uint8_t *block, size_t len)
{
	BIGNUM *n = NULL, *j = BN_bin2bn(block, (int)len, NULL);
	enum emrtd_error error = EMRTD_E_CRYPTO;

	if (j != NULL &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    BN_sub(j, n, j) == 1 &&
	    BN_bn2binpad(j, block, (int)len) == (int)len)
		error = EMRTD_OK;
	BN_free(n);
	BN_free(j);
	return error;
}

static enum emrtd_error
open_with(struct emrtd_crypto *crypto, EVP_PKEY *key,
    struct emrtd_bytes signature, struct emrtd_diag *diag,
    struct emrtd_out *out)
{
	uint8_t block[EMRTD_RSA_LEN_MAX] = { 0 };
	size_t len = (size_t)EVP_PKEY_get_size(key);
	enum emrtd_error error;

	if (len > sizeof(block))
		return emrtd_fail(diag, EMRTD_E_KEY, "RSA key", CLAUSE);
	if (signature.len != len)
		return no_block(diag,
		    "the signature is not as long as the key");
	error = check_range(key, signature);
	if (error == EMRTD_E_SIGNATURE)
		return no_block(diag, "the signature is not below the modulus");
	if (error == EMRTD_OK)
		error = raw_public(crypto, key, signature, block);
	if (error == EMRTD_OK && (block[len - 1] & 0x0F) != ENDS_IN)
		error = negate(key, block, len);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "opening a signature", CLAUSE);
	if (len > out->cap - out->len)
		return emrtd_fail(diag, EMRTD_E_BUFFER, "opening a signature",
		    NULL);
	emrtd_put(out, emrtd_bytes(block, len));
	return EMRTD_OK;
}

enum emrtd_error
emrtd_iso9796_open(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_bytes signature, struct emrtd_diag *diag,
    struct emrtd_out *block, size_t *bits)
{
	struct emrtd_public_key key;
	enum emrtd_error error;

	error = emrtd_public_key_parse(crypto, spki, diag, &key);
	if (error != EMRTD_OK)
		return error;
	*bits = (size_t)EVP_PKEY_get_bits(key.key);
	error = key.kind == EMRTD_KEY_RSA
		    ? open_with(crypto, key.key, signature, diag, block)
		    : emrtd_fail(diag, EMRTD_E_KEY, "no RSA key", CLAUSE);
	EVP_PKEY_free(key.key);
	return error;
}

enum emrtd_error
emrtd_iso9796_verify(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_bytes signature, struct emrtd_bytes m2,
    struct emrtd_diag *diag, enum emrtd_hash *hash)
{
	uint8_t buf[EMRTD_RSA_LEN_MAX] = { 0 };
	struct emrtd_out block = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;
	size_t bits;

	error = emrtd_iso9796_open(crypto, spki, signature, diag, &block,
	    &bits);
	if (error != EMRTD_OK)
		return error;
	return emrtd_iso9796_check(crypto, emrtd_out_bytes(&block), bits, m2,
	    diag, hash);
}
