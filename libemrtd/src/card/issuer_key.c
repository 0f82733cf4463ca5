#include "card/issuer_key.h"

#include "core/builder.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define OID_RSA_PSS "1.2.840.113549.1.1.10"
#define OID_MGF1    "1.2.840.113549.1.1.8"

/* One row for each enum emrtd_card_key, in its order. */
static const struct kind {
	const char *name;
	const char *curve; /* NULL: RSA */
	unsigned bits;
	bool pss;
	enum emrtd_hash hash;
	const char *digest;    /* OpenSSL's name of hash */
	const char *algorithm; /* OID of the signature; PSS has its own form */
} kinds[EMRTD_CARD_N_KEYS] = {
	{ "rsa-2048-pkcs1", NULL, 2048, false, EMRTD_SHA256, "SHA256",
	    "1.2.840.113549.1.1.11" },
	{ "rsa-2048-pss", NULL, 2048, true, EMRTD_SHA256, "SHA256",
	    OID_RSA_PSS },
	{ "rsa-3072-pss", NULL, 3072, true, EMRTD_SHA256, "SHA256",
	    OID_RSA_PSS },
	{ "ecdsa-p256", "prime256v1", 256, false, EMRTD_SHA256, "SHA256",
	    "1.2.840.10045.4.3.2" },
	{ "ecdsa-p384", "secp384r1", 384, false, EMRTD_SHA384, "SHA384",
	    "1.2.840.10045.4.3.3" },
	{ "ecdsa-brainpoolP256r1", "brainpoolP256r1", 256, false, EMRTD_SHA256,
	    "SHA256", "1.2.840.10045.4.3.2" },
	{ "ecdsa-brainpoolP384r1", "brainpoolP384r1", 384, false, EMRTD_SHA384,
	    "SHA384", "1.2.840.10045.4.3.3" },
};

struct emrtd_issuer_key {
	const struct kind *kind;
	OSSL_LIB_CTX *context;
	EVP_PKEY *pkey;
};

bool
emrtd_card_key_by_name(const char *name, enum emrtd_card_key *out)
{
	for (size_t i = 0; i < EMRTD_CARD_N_KEYS; i++) {
		if (strcmp(name, kinds[i].name) == 0) {
			*out = (enum emrtd_card_key)i;
			return true;
		}
	}
	return false;
}

static enum emrtd_error
create(enum emrtd_card_key kind, struct emrtd_issuer_key **out)
{
	struct emrtd_issuer_key *key;

	if ((unsigned)kind >= EMRTD_CARD_N_KEYS)
		return EMRTD_E_ARG;
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return EMRTD_E_NO_MEMORY;
	key->kind = &kinds[kind];
	key->context = OSSL_LIB_CTX_new();
	*out = key;
	if (key->context == NULL) {
		emrtd_issuer_key_free(out);
		return EMRTD_E_NO_MEMORY;
	}
	return EMRTD_OK;
}

void
emrtd_issuer_key_free(struct emrtd_issuer_key **key)
{
	if (*key == NULL)
		return;
	EVP_PKEY_free((*key)->pkey);
	OSSL_LIB_CTX_free((*key)->context);
	free(*key);
	*key = NULL;
}

enum emrtd_error
emrtd_issuer_key_new(enum emrtd_card_key kind, bool explicit_curve,
    struct emrtd_diag *diag, struct emrtd_issuer_key **out)
{
	struct emrtd_issuer_key *key = NULL;
	enum emrtd_error error = create(kind, &key);

	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "making a signature key", NULL);
	if (key->kind->curve == NULL)
		key->pkey = EVP_PKEY_Q_keygen(key->context, NULL, "RSA",
		    (size_t)key->kind->bits);
	else
		key->pkey = EVP_PKEY_Q_keygen(key->context, NULL, "EC",
		    key->kind->curve);
	if (key->pkey == NULL ||
	    (key->kind->curve != NULL && explicit_curve &&
		EVP_PKEY_set_utf8_string_param(key->pkey,
		    OSSL_PKEY_PARAM_EC_ENCODING,
		    OSSL_PKEY_EC_ENCODING_EXPLICIT) != 1)) {
		emrtd_issuer_key_free(&key);
		return emrtd_fail(diag, EMRTD_E_CRYPTO,
		    "making a signature key", NULL);
	}
	*out = key;
	return EMRTD_OK;
}

static bool
is_of_kind(const EVP_PKEY *pkey, const struct kind *kind)
{
	char group[64] = "";

	if (kind->curve == NULL)
		return EVP_PKEY_is_a(pkey, "RSA") &&
		       EVP_PKEY_get_bits(pkey) == (int)kind->bits;
	return EVP_PKEY_is_a(pkey, "EC") &&
	       EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
	       strcmp(group, kind->curve) == 0;
}

/* A PEM with a passphrase must not end in a question on the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

enum emrtd_error
emrtd_issuer_key_load(enum emrtd_card_key kind, struct emrtd_bytes pem,
    struct emrtd_diag *diag, struct emrtd_issuer_key **out)
{
	struct emrtd_issuer_key *key = NULL;
	enum emrtd_error error;
	BIO *bio;

	if (pem.len > INT32_MAX)
		return emrtd_fail(diag, EMRTD_E_ARG,
		    "the CSCA's key cannot be read", NULL);
	error = create(kind, &key);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "the CSCA's key", NULL);
	bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio != NULL)
		key->pkey = PEM_read_bio_PrivateKey_ex(bio, NULL, no_passphrase,
		    NULL, key->context, NULL);
	BIO_free(bio);
	if (key->pkey == NULL || !is_of_kind(key->pkey, key->kind)) {
		error = key->pkey == NULL ? EMRTD_E_MALFORMED : EMRTD_E_KEY;
		emrtd_issuer_key_free(&key);
		return emrtd_fail(diag, error, "the CSCA's key", NULL);
	}
	*out = key;
	return EMRTD_OK;
}

enum emrtd_hash
emrtd_issuer_key_hash(const struct emrtd_issuer_key *key)
{
	return key->kind->hash;
}

/* SEQUENCE { OID } or, for RSA, SEQUENCE { OID, NULL }. */
static void
put_algorithm(struct emrtd_out *out, const char *oid, bool null)
{
	size_t mark = emrtd_open(out, 0x30);

	emrtd_put_oid(out, oid);
	if (null)
		emrtd_put_tlv_head(out, 0x05, 0);
	emrtd_close(out, mark);
}

/* RSASSA-PSS-params: hash, MGF1 with it, salt as long as the hash. */
static void
put_pss(struct emrtd_out *out, enum emrtd_hash hash)
{
	size_t algorithm = emrtd_open(out, 0x30), parameters, at, mgf;

	emrtd_put_oid(out, OID_RSA_PSS);
	parameters = emrtd_open(out, 0x30);
	at = emrtd_open(out, 0xA0);
	put_algorithm(out, emrtd_hash_oid(hash), true);
	emrtd_close(out, at);
	at = emrtd_open(out, 0xA1);
	mgf = emrtd_open(out, 0x30);
	emrtd_put_oid(out, OID_MGF1);
	put_algorithm(out, emrtd_hash_oid(hash), true);
	emrtd_close(out, mgf);
	emrtd_close(out, at);
	at = emrtd_open(out, 0xA2);
	emrtd_put_tlv_head(out, 0x02, 1);
	emrtd_put_u8(out, (uint8_t)emrtd_hash_len(hash));
	emrtd_close(out, at);
	emrtd_close(out, parameters);
	emrtd_close(out, algorithm);
}

void
emrtd_issuer_key_algorithm(const struct emrtd_issuer_key *key,
    struct emrtd_out *out)
{
	if (key->kind->pss)
		put_pss(out, key->kind->hash);
	else
		put_algorithm(out, key->kind->algorithm,
		    key->kind->curve == NULL);
}

enum emrtd_error
emrtd_issuer_key_spki(const struct emrtd_issuer_key *key, struct emrtd_out *out)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key->pkey, &der);

	if (len <= 0)
		return EMRTD_E_CRYPTO;
	emrtd_put(out, emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_issuer_explicit_curve(const char *name, struct emrtd_out *out)
{
	OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
	EVP_PKEY *any = EVP_PKEY_Q_keygen(context, NULL, "EC", name);
	struct emrtd_bytes spki, algorithm;
	unsigned char *der = NULL;
	int len = -1;

	if (any != NULL &&
	    EVP_PKEY_set_utf8_string_param(any, OSSL_PKEY_PARAM_EC_ENCODING,
		OSSL_PKEY_EC_ENCODING_EXPLICIT) == 1)
		len = i2d_PUBKEY(any, &der);
	EVP_PKEY_free(any);
	OSSL_LIB_CTX_free(context);
	if (len <= 0)
		return EMRTD_E_CRYPTO;
	spki = emrtd_bytes(der, (size_t)len);
	if (emrtd_der(&spki, 0x30, &spki) && emrtd_der(&spki, 0x30, &algorithm))
		emrtd_put_tlv(out, 0x30, algorithm);
	OPENSSL_free(der);
	return EMRTD_OK;
}

static bool
set_padding(EVP_PKEY_CTX *ctx, const struct kind *kind)
{
	if (!kind->pss)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) ==
		   1;
}

enum emrtd_error
emrtd_issuer_key_sign(const struct emrtd_issuer_key *key,
    struct emrtd_bytes message, struct emrtd_out *out)
{
	uint8_t signature[EMRTD_ISSUER_SIGNATURE_CAP];
	size_t len = sizeof(signature);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;
	enum emrtd_error error = EMRTD_E_CRYPTO;

	if (md == NULL)
		return EMRTD_E_NO_MEMORY;
	if (EVP_DigestSignInit_ex(md, &ctx, key->kind->digest, key->context,
		NULL, key->pkey, NULL) != 1 ||
	    !set_padding(ctx, key->kind) ||
	    EVP_DigestSign(md, signature, &len, message.ptr, message.len) != 1)
		goto out;
	emrtd_put(out, emrtd_bytes(signature, len));
	error = out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
out:
	EVP_MD_CTX_free(md);
	return error;
}

/* What a memory BIO holds, appended to out. Frees the BIO. */
static enum emrtd_error
drain(BIO *bio, bool written, struct emrtd_out *out)
{
	char *text = NULL;
	long len;

	if (bio == NULL)
		return EMRTD_E_NO_MEMORY;
	len = BIO_get_mem_data(bio, &text);
	if (written && len > 0)
		emrtd_put(out, emrtd_bytes((const uint8_t *)text, (size_t)len));
	BIO_free(bio);
	if (!written || len <= 0)
		return EMRTD_E_CRYPTO;
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_issuer_key_pem(const struct emrtd_issuer_key *key, struct emrtd_out *out)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	return drain(bio,
	    bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL,
			       NULL, 0, NULL, NULL) == 1,
	    out);
}

enum emrtd_error
emrtd_issuer_certificate_pem(struct emrtd_bytes der, struct emrtd_out *out)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return drain(bio,
	    bio != NULL && der.len <= INT32_MAX &&
		PEM_write_bio(bio, PEM_STRING_X509, "", der.ptr,
		    (long)der.len) > 0,
	    out);
}

/* NULL when it is none. What decodes badly OpenSSL frees and makes NULL. */
static X509 *
read_certificate(const struct emrtd_issuer_key *key, struct emrtd_bytes in)
{
	X509 *x = X509_new_ex(key->context, NULL);
	const unsigned char *p = in.ptr;
	bool read = false;
	BIO *bio;

	if (x != NULL && in.len > 0 && in.len <= INT32_MAX) {
		if (in.ptr[0] == 0x30) {
			read = d2i_X509(&x, &p, (long)in.len) != NULL;
		} else if ((bio = BIO_new_mem_buf(in.ptr, (int)in.len)) !=
			   NULL) {
			read = PEM_read_bio_X509(bio, &x, no_passphrase,
				   NULL) != NULL;
			BIO_free(bio);
		}
	}
	if (read)
		return x;
	X509_free(x);
	return NULL;
}

static enum emrtd_error
copy_ca(X509 *x, struct emrtd_issuer_ca *ca, struct emrtd_out *out)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(x);
	unsigned char *name = NULL, *der = NULL;
	int name_len = i2d_X509_NAME(X509_get_subject_name(x), &name);
	int len = i2d_X509(x, &der);
	struct emrtd_out to = emrtd_out(ca->name, sizeof(ca->name));

	if (name_len > 0)
		emrtd_put(&to, emrtd_bytes(name, (size_t)name_len));
	ca->name_len = to.len;
	if (len > 0)
		emrtd_put(out, emrtd_bytes(der, (size_t)len));
	OPENSSL_free(name);
	OPENSSL_free(der);
	if (name_len <= 0 || len <= 0 || id == NULL ||
	    ASN1_STRING_length(id) != EMRTD_ISSUER_KEY_ID_LEN)
		return EMRTD_E_CERTIFICATE;
	memcpy(ca->key_id, ASN1_STRING_get0_data(id), sizeof(ca->key_id));
	return to.bad || out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_issuer_ca_load(const struct emrtd_issuer_key *key,
    struct emrtd_bytes certificate, struct emrtd_diag *diag,
    struct emrtd_issuer_ca *ca, struct emrtd_out *out)
{
	X509 *x = read_certificate(key, certificate);
	enum emrtd_error error;

	if (x == NULL)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "the CSCA's certificate", NULL);
	error = EMRTD_E_KEY;
	if (X509_check_private_key(x, key->pkey) == 1)
		error = copy_ca(x, ca, out);
	X509_free(x);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "the CSCA's certificate",
		    "Doc 9303-12 7.1");
	return EMRTD_OK;
}
