#include "shop_keys.h"

#include "der_tree.h"
#include "test.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 60
#define NAME_CAP 48

static struct {
	char name[NAME_CAP];
	EVP_PKEY *key;
} keys[KEYS_MAX];

struct hash {
	const char *name, *oid, *md;
	/* The last arcs of the signature algorithms; NULL: there is none. */
	const char *pkcs1, *ecdsa, *plain, *dsa;
};

static const struct hash hashes[] = {
	{ "md5", ".1.2.840.113549.2.5", "MD5", "4", NULL, NULL, NULL },
	{ "sha1", ".1.3.14.3.2.26", "SHA1", "5", "1", "1",
	    ".1.2.840.10040.4.3" },
	{ "sha224", ".2.16.840.1.101.3.4.2.4", "SHA224", "14", "3.1", "2",
	    ".2.16.840.1.101.3.4.3.1" },
	{ "sha256", ".2.16.840.1.101.3.4.2.1", "SHA256", "11", "3.2", "3",
	    ".2.16.840.1.101.3.4.3.2" },
	{ "sha384", ".2.16.840.1.101.3.4.2.2", "SHA384", "12", "3.3", "4",
	    NULL },
	{ "sha512", ".2.16.840.1.101.3.4.2.3", "SHA512", "13", "3.4", "5",
	    NULL },
};

static const struct hash *
find_hash(const char *name)
{
	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		if (strcmp(hashes[i].name, name) == 0)
			return &hashes[i];
	}
	fail_msg("no hash %s", name);
	return NULL;
}

/* The part after the hyphen: "sha256" of "pss-sha256". */
static const struct hash *
hash_of(const char *algorithm)
{
	const char *hyphen = strchr(algorithm, '-');

	assert_non_null(hyphen);
	return find_hash(hyphen + 1);
}

static bool
is_scheme(const char *algorithm, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncmp(algorithm, scheme, n) == 0 && algorithm[n] == '-';
}

static EVP_PKEY *
make_ec(const char *curve, bool is_explicit)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, curve), 1);
	assert_int_equal(EVP_PKEY_CTX_set_ec_param_enc(ctx,
			     is_explicit ? OPENSSL_EC_EXPLICIT_CURVE
					 : OPENSSL_EC_NAMED_CURVE),
	    1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static void
move_number(EVP_PKEY *from, const char *name, OSSL_PARAM_BLD *to,
    BIGNUM *kept[], size_t *n)
{
	assert_int_equal(EVP_PKEY_get_bn_param(from, name, &kept[*n]), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(to, name, kept[*n]), 1);
	++*n;
}

/*
 * DSA over a group that RFC 5114 has published, as searching for one takes
 * seconds: p of 2,048 bits with q of 224 or 256; with q of 160, p of 1,024.
 * A key of Diffie and Hellman in the group of order q is one of DSA.
 */
static EVP_PKEY *
make_dsa(int bits)
{
	static const char *const numbers[] = { "p", "q", "g", "pub", "priv" };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DHX", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *kept[5] = { NULL };
	EVP_PKEY *dh = NULL, *key = NULL;
	OSSL_PARAM *params;
	size_t n = 0;

	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx,
			     bits == 160   ? "dh_1024_160"
			     : bits == 224 ? "dh_2048_224"
					   : "dh_2048_256"),
	    1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &dh), 1);
	EVP_PKEY_CTX_free(ctx);
	while (n < sizeof(numbers) / sizeof(numbers[0]))
		move_number(dh, numbers[n], build, kept, &n);
	params = OSSL_PARAM_BLD_to_param(build);
	ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params),
	    1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(dh);
	while (n > 0)
		BN_free(kept[--n]);
	return key;
}

static EVP_PKEY *
make_key(const char *name)
{
	char kind[NAME_CAP];

	(void)snprintf(kind, sizeof(kind), "%s", name);
	kind[strcspn(kind, ":")] = '\0';
	if (strncmp(kind, "rsa", 3) == 0)
		return EVP_RSA_gen((unsigned)atoi(kind + 3));
	if (strncmp(kind, "dsa", 3) == 0)
		return make_dsa(atoi(kind + 3));
	if (strncmp(kind, "explicit-", 9) == 0)
		return make_ec(kind + 9, true);
	return make_ec(kind, false);
}

static EVP_PKEY *
keep(const char *name, EVP_PKEY *key)
{
	for (size_t i = 0; i < KEYS_MAX; i++) {
		if (keys[i].key != NULL)
			continue;
		assert_non_null(key);
		assert_true(strlen(name) < NAME_CAP);
		(void)snprintf(keys[i].name, NAME_CAP, "%s", name);
		keys[i].key = key;
		return key;
	}
	fail_msg("more than %d keys", KEYS_MAX);
	return NULL;
}

static EVP_PKEY *
key_by_name(const char *name)
{
	for (size_t i = 0; i < KEYS_MAX && keys[i].key != NULL; i++) {
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].key;
	}
	return keep(name, make_key(name));
}

void
shop_key_adopt(const char *name, struct emrtd_bytes pem)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);

	(void)keep(name, PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL));
	BIO_free(bio);
}

void
shop_keys_free(void)
{
	for (size_t i = 0; i < KEYS_MAX; i++)
		EVP_PKEY_free(keys[i].key);
	memset(keys, 0, sizeof(keys));
}

struct emrtd_bytes
shop_spki(const char *name)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key_by_name(name), &der);
	struct emrtd_bytes copy;

	assert_true(len > 0);
	copy = der_copy(emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	return copy;
}

struct emrtd_bytes
shop_key_id(const char *name)
{
	struct der_node *spki = der_parse(shop_spki(name));
	struct der_node **bits = der_find(&spki, "1");
	struct emrtd_bytes content;

	assert_non_null(bits);
	content = der_content(*bits);
	return shop_hash("sha1", emrtd_bytes(content.ptr + 1, content.len - 1));
}

const char *
shop_hash_oid(const char *hash)
{
	return find_hash(hash)->oid;
}

struct emrtd_bytes
shop_hash(const char *hash, struct emrtd_bytes data)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	assert_int_equal(EVP_Digest(data.ptr, data.len, digest, &len,
			     EVP_get_digestbyname(find_hash(hash)->md), NULL),
	    1);
	return der_copy(emrtd_bytes(digest, len));
}

static int
salt_of(const struct hash *hash)
{
	return EVP_MD_get_size(EVP_get_digestbyname(hash->md));
}

const char *
shop_algorithm(const char *algorithm)
{
	const struct hash *h = hash_of(algorithm);
	char text[300] = "";

	if (is_scheme(algorithm, "pkcs1"))
		(void)snprintf(text, sizeof(text),
		    "(30 .1.2.840.113549.1.1.%s 0500)", h->pkcs1);
	else if (is_scheme(algorithm, "rsa"))
		return "(30 .1.2.840.113549.1.1.1 0500)";
	else if (is_scheme(algorithm, "pss"))
		(void)snprintf(text, sizeof(text),
		    "(30 .1.2.840.113549.1.1.10 (30 (A0 (30 %s 0500)) (A1 (30 "
		    ".1.2.840.113549.1.1.8 (30 %s 0500))) (A2 (02 %02X))))",
		    h->oid, h->oid, (unsigned)salt_of(h));
	else if (is_scheme(algorithm, "ecdsa"))
		(void)snprintf(text, sizeof(text), "(30 .1.2.840.10045.4.%s)",
		    h->ecdsa);
	else if (is_scheme(algorithm, "plain"))
		(void)snprintf(text, sizeof(text),
		    "(30 .0.4.0.127.0.7.1.1.4.1.%s)", h->plain);
	else if (is_scheme(algorithm, "dsa"))
		(void)snprintf(text, sizeof(text), "(30 %s)", h->dsa);
	else
		fail_msg("no algorithm %s", algorithm);
	return der_copy_text(text);
}

/* r and s of the same length each, without any wrapping. */
static struct emrtd_bytes
plain_of(EVP_PKEY *key, const uint8_t *der, size_t len)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	uint8_t *out = der_alloc(2 * half);

	assert_non_null(sig);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, (int)half) > 0);
	assert_true(
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + half, (int)half) > 0);
	ECDSA_SIG_free(sig);
	return emrtd_bytes(out, 2 * half);
}

struct emrtd_bytes
shop_sign(const char *algorithm, const char *name, struct emrtd_bytes data)
{
	const struct hash *hash = hash_of(algorithm);
	EVP_PKEY *key = key_by_name(name);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx;
	size_t len = 0;
	uint8_t *out;

	assert_int_equal(EVP_DigestSignInit(md, &ctx,
			     EVP_get_digestbyname(hash->md), NULL, key),
	    1);
	if (is_scheme(algorithm, "pss")) {
		assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx,
				RSA_PKCS1_PSS_PADDING) > 0);
		assert_true(
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt_of(hash)) > 0);
	}
	assert_int_equal(EVP_DigestSign(md, NULL, &len, data.ptr, data.len), 1);
	out = der_alloc(len);
	assert_int_equal(EVP_DigestSign(md, out, &len, data.ptr, data.len), 1);
	EVP_MD_CTX_free(md);
	return is_scheme(algorithm, "plain") ? plain_of(key, out, len)
					     : emrtd_bytes(out, len);
}

size_t
shop_rsa_len(const char *key)
{
	return (size_t)EVP_PKEY_get_size(key_by_name(key));
}

struct emrtd_bytes
shop_sign_block(const char *key, struct emrtd_bytes block)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key_by_name(key), NULL);
	size_t len = block.len;
	uint8_t *out = der_alloc(len);

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) > 0);
	assert_int_equal(EVP_PKEY_sign(ctx, out, &len, block.ptr, block.len),
	    1);
	EVP_PKEY_CTX_free(ctx);
	return emrtd_bytes(out, len);
}
