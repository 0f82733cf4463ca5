#include "crypto/hash.h"

#include "core/oid.h"
#include "crypto/internal.h"

struct hash_row {
	const char *name; /* the standard's, and OpenSSL's */
	const char *oid;
	size_t len;
};

static const struct hash_row hashes[EMRTD_N_HASHES] = {
	[EMRTD_SHA1] = { "SHA-1", "1.3.14.3.2.26", 20 },
	[EMRTD_SHA224] = { "SHA-224", "2.16.840.1.101.3.4.2.4", 28 },
	[EMRTD_SHA256] = { "SHA-256", "2.16.840.1.101.3.4.2.1", 32 },
	[EMRTD_SHA384] = { "SHA-384", "2.16.840.1.101.3.4.2.2", 48 },
	[EMRTD_SHA512] = { "SHA-512", "2.16.840.1.101.3.4.2.3", 64 },
};

size_t
emrtd_hash_len(enum emrtd_hash hash)
{
	return (unsigned)hash < EMRTD_N_HASHES ? hashes[hash].len : 0;
}

const char *
emrtd_hash_name(enum emrtd_hash hash)
{
	return (unsigned)hash < EMRTD_N_HASHES ? hashes[hash].name : "?";
}

const char *
emrtd_hash_oid(enum emrtd_hash hash)
{
	return (unsigned)hash < EMRTD_N_HASHES ? hashes[hash].oid : NULL;
}

bool
emrtd_hash_by_oid(struct emrtd_bytes oid, enum emrtd_hash *out)
{
	for (unsigned i = 0; i < EMRTD_N_HASHES; i++) {
		if (emrtd_oid_is(oid, hashes[i].oid)) {
			*out = (enum emrtd_hash)i;
			return true;
		}
	}
	return false;
}

enum emrtd_error
emrtd_hash(struct emrtd_crypto *crypto, enum emrtd_hash hash,
    const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t out[EMRTD_HASH_MAX])
{
	const EVP_MD *md = emrtd_crypto_md(crypto, hash);
	enum emrtd_error error = EMRTD_E_CRYPTO;
	EVP_MD_CTX *ctx;

	if (md == NULL)
		return EMRTD_E_ARG;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		goto out;
	for (size_t i = 0; i < n_parts; i++) {
		if (EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len) != 1)
			goto out;
	}
	if (EVP_DigestFinal_ex(ctx, out, NULL) == 1)
		error = EMRTD_OK;
out:
	EVP_MD_CTX_free(ctx);
	return error;
}
