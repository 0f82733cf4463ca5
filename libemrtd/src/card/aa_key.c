#include "card/aa_key.h"

#include "core/builder.h"
#include "core/diag.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define RSA_PREFIX   "rsa-"
#define ECDSA_PREFIX "ecdsa-"

#define HEADER        0x6A
#define TRAILER_SHA1  0xBC
#define TRAILER_NAMED 0xCC

struct curve {
	const char *name, *ossl_name;
	size_t order_len;
};

/* Those of 192 bits are for keys that no reader accepts. */
static const struct curve curves[] = {
	{ "P-192", "prime192v1", 24 },
	{ "P-224", "secp224r1", 28 },
	{ "P-256", "prime256v1", 32 },
	{ "P-384", "secp384r1", 48 },
	{ "P-521", "secp521r1", 66 },
	{ "brainpoolP192r1", "brainpoolP192r1", 24 },
	{ "brainpoolP224r1", "brainpoolP224r1", 28 },
	{ "brainpoolP256r1", "brainpoolP256r1", 32 },
	{ "brainpoolP320r1", "brainpoolP320r1", 40 },
	{ "brainpoolP384r1", "brainpoolP384r1", 48 },
	{ "brainpoolP512r1", "brainpoolP512r1", 64 },
};

/* One row for each hash: the second byte of the trailer, and algorithms. */
static const struct hash_row {
	enum emrtd_hash hash;
	uint8_t trailer;
	const char *ossl_name;
	const char *plain, *x962; /* OIDs of ECDSA with it */
} hash_rows[] = {
	{ EMRTD_SHA1, 0x33, "SHA1", "0.4.0.127.0.7.1.1.4.1.1",
	    "1.2.840.10045.4.1" },
	{ EMRTD_SHA224, 0x38, "SHA224", "0.4.0.127.0.7.1.1.4.1.2",
	    "1.2.840.10045.4.3.1" },
	{ EMRTD_SHA256, 0x34, "SHA256", "0.4.0.127.0.7.1.1.4.1.3",
	    "1.2.840.10045.4.3.2" },
	{ EMRTD_SHA384, 0x36, "SHA384", "0.4.0.127.0.7.1.1.4.1.4",
	    "1.2.840.10045.4.3.3" },
	{ EMRTD_SHA512, 0x35, "SHA512", "0.4.0.127.0.7.1.1.4.1.5",
	    "1.2.840.10045.4.3.4" },
};

struct emrtd_aa_key {
	const struct curve *curve; /* NULL: RSA */
	const struct hash_row *hash;
	bool long_trailer, der;
	OSSL_LIB_CTX *context;
	EVP_PKEY *pkey;
};

static const struct hash_row *
find_hash(const char *name)
{
	if (name == NULL)
		name = emrtd_hash_name(EMRTD_SHA256);
	for (size_t i = 0; i < sizeof(hash_rows) / sizeof(*hash_rows); i++) {
		if (strcmp(name, emrtd_hash_name(hash_rows[i].hash)) == 0)
			return &hash_rows[i];
	}
	return NULL;
}

static const struct curve *
find_curve(const char *kind)
{
	size_t prefix = strlen(ECDSA_PREFIX);

	if (kind == NULL || strncmp(kind, ECDSA_PREFIX, prefix) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++) {
		if (strcmp(kind + prefix, curves[i].name) == 0)
			return &curves[i];
	}
	return NULL;
}

/* 0 when the kind is no RSA key of a length that we make. */
static unsigned
rsa_bits(const char *kind)
{
	size_t prefix = strlen(RSA_PREFIX);
	unsigned bits = 0;

	if (kind == NULL || strncmp(kind, RSA_PREFIX, prefix) != 0)
		return 0;
	for (const char *p = kind + prefix; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || bits > EMRTD_AA_RSA_BITS_MAX)
			return 0;
		bits = 10 * bits + (unsigned)(*p - '0');
	}
	return bits < EMRTD_AA_RSA_BITS_MIN || bits > EMRTD_AA_RSA_BITS_MAX
		   ? 0
		   : bits;
}

bool
emrtd_aa_key_is_known(const struct emrtd_card_aa *how)
{
	return find_hash(how->hash) != NULL &&
	       (rsa_bits(how->kind) != 0 || find_curve(how->kind) != NULL);
}

static EVP_PKEY *
generate(const struct emrtd_aa_key *key, unsigned bits)
{
	if (key->curve != NULL)
		return EVP_PKEY_Q_keygen(key->context, NULL, "EC",
		    key->curve->ossl_name);
	return EVP_PKEY_Q_keygen(key->context, NULL, "RSA", (size_t)bits);
}

enum emrtd_error
emrtd_aa_key_new(const struct emrtd_card_aa *how, struct emrtd_diag *diag,
    struct emrtd_aa_key **out)
{
	struct emrtd_aa_key *key;

	if (!emrtd_aa_key_is_known(how))
		return emrtd_fail(diag, EMRTD_E_ARG,
		    "kind or hash of the Active Authentication key", NULL);
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	key->curve = find_curve(how->kind);
	key->hash = find_hash(how->hash);
	key->long_trailer = how->long_trailer;
	key->der = how->der;
	key->context = OSSL_LIB_CTX_new();
	if (key->context != NULL)
		key->pkey = generate(key, rsa_bits(how->kind));
	if (key->pkey == NULL) {
		emrtd_aa_key_free(&key);
		return emrtd_fail(diag, EMRTD_E_CRYPTO,
		    "making the Active Authentication key", NULL);
	}
	*out = key;
	return EMRTD_OK;
}

void
emrtd_aa_key_free(struct emrtd_aa_key **key)
{
	if (*key == NULL)
		return;
	EVP_PKEY_free((*key)->pkey);
	OSSL_LIB_CTX_free((*key)->context);
	free(*key);
	*key = NULL;
}

enum emrtd_error
emrtd_aa_key_spki(const struct emrtd_aa_key *key, struct emrtd_out *out)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key->pkey, &der);

	if (len <= 0)
		return EMRTD_E_CRYPTO;
	emrtd_put(out, emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

const char *
emrtd_aa_key_algorithm(const struct emrtd_aa_key *key)
{
	if (key->curve == NULL)
		return NULL;
	return key->der ? key->hash->x962 : key->hash->plain;
}

/* Hash of up to two parts with the key's hash. */
static bool
digest(const struct emrtd_aa_key *key, struct emrtd_bytes a,
    struct emrtd_bytes b, uint8_t out[EMRTD_HASH_MAX])
{
	EVP_MD *md = EVP_MD_fetch(key->context, key->hash->ossl_name, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done;

	done = md != NULL && ctx != NULL &&
	       EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
	       EVP_DigestUpdate(ctx, a.ptr, a.len) == 1 &&
	       EVP_DigestUpdate(ctx, b.ptr, b.len) == 1 &&
	       EVP_DigestFinal_ex(ctx, out, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return done;
}

/*
 * 6A | M1 | H(M1 || challenge) | trailer, in whole bytes that stay below the
 * modulus: where its length in bits is none, after a byte 00.
 */
static enum emrtd_error
make_block(const struct emrtd_aa_key *key, struct emrtd_bytes challenge,
    const struct emrtd_random *random, struct emrtd_out *block)
{
	int bits = EVP_PKEY_get_bits(key->pkey);
	size_t len = (size_t)EVP_PKEY_get_size(key->pkey);
	size_t hash_len = emrtd_hash_len(key->hash->hash), m1_len;
	bool one = key->hash->hash == EMRTD_SHA1 && !key->long_trailer;
	size_t around = 1 + hash_len + (one ? 1 : 2) + (bits % 8 != 0 ? 1 : 0);
	uint8_t hash[EMRTD_HASH_MAX], *m1;
	enum emrtd_error e;

	if (len <= around)
		return EMRTD_E_KEY;
	m1_len = len - around;
	if (bits % 8 != 0)
		emrtd_put_u8(block, 0);
	emrtd_put_u8(block, HEADER);
	m1 = emrtd_put_space(block, m1_len);
	if (m1 == NULL)
		return EMRTD_E_BUFFER;
	e = random->fill(random->self, m1, m1_len);
	if (e != EMRTD_OK)
		return e;
	if (!digest(key, emrtd_bytes(m1, m1_len), challenge, hash))
		return EMRTD_E_CRYPTO;
	emrtd_put(block, emrtd_bytes(hash, hash_len));
	if (!one)
		emrtd_put_u8(block, key->hash->trailer);
	emrtd_put_u8(block, one ? TRAILER_SHA1 : TRAILER_NAMED);
	return block->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

static enum emrtd_error
sign_rsa(const struct emrtd_aa_key *key, struct emrtd_bytes challenge,
    const struct emrtd_random *random, struct emrtd_out *out)
{
	uint8_t buf[EMRTD_AA_SIGNATURE_CAP], signature[EMRTD_AA_SIGNATURE_CAP];
	struct emrtd_out block = emrtd_out(buf, sizeof(buf));
	size_t len = sizeof(signature);
	EVP_PKEY_CTX *ctx;
	enum emrtd_error e = make_block(key, challenge, random, &block);

	if (e != EMRTD_OK)
		return e;
	ctx = EVP_PKEY_CTX_new_from_pkey(key->context, key->pkey, NULL);
	if (ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_decrypt(ctx, signature, &len, block.ptr, block.len) == 1)
		emrtd_put(out, emrtd_bytes(signature, len));
	else
		e = EMRTD_E_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	return e == EMRTD_OK && out->bad ? EMRTD_E_BUFFER : e;
}

/* r and s one after the other, each as long as the curve's order. */
static enum emrtd_error
put_plain(struct emrtd_bytes der, size_t order_len, struct emrtd_out *out)
{
	const unsigned char *p = der.ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	uint8_t *room = emrtd_put_space(out, 2 * order_len);
	enum emrtd_error e = EMRTD_E_CRYPTO;

	if (room == NULL)
		e = EMRTD_E_BUFFER;
	else if (sig != NULL &&
		 BN_bn2binpad(ECDSA_SIG_get0_r(sig), room, (int)order_len) >
		     0 &&
		 BN_bn2binpad(ECDSA_SIG_get0_s(sig), room + order_len,
		     (int)order_len) > 0)
		e = EMRTD_OK;
	ECDSA_SIG_free(sig);
	return e;
}

static enum emrtd_error
sign_ecdsa(const struct emrtd_aa_key *key, struct emrtd_bytes challenge,
    struct emrtd_out *out)
{
	uint8_t hash[EMRTD_HASH_MAX], der[EMRTD_AA_SIGNATURE_CAP];
	size_t len = sizeof(der);
	EVP_PKEY_CTX *ctx;
	bool done;

	if (!digest(key, challenge, emrtd_bytes(challenge.ptr, 0), hash))
		return EMRTD_E_CRYPTO;
	ctx = EVP_PKEY_CTX_new_from_pkey(key->context, key->pkey, NULL);
	done = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	       EVP_PKEY_sign(ctx, der, &len, hash,
		   emrtd_hash_len(key->hash->hash)) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!done)
		return EMRTD_E_CRYPTO;
	if (!key->der)
		return put_plain(emrtd_bytes(der, len), key->curve->order_len,
		    out);
	emrtd_put(out, emrtd_bytes(der, len));
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_aa_key_sign(const struct emrtd_aa_key *key, struct emrtd_bytes challenge,
    const struct emrtd_random *random, struct emrtd_out *out)
{
	return key->curve == NULL ? sign_rsa(key, challenge, random, out)
				  : sign_ecdsa(key, challenge, out);
}
