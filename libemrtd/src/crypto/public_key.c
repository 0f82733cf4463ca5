#include "crypto/public_key.h"

#include "core/cursor.h"
#include "core/diag.h"
#include "core/oid.h"
#include "crypto/dsa_key.h"
#include "crypto/ec_parameters.h"
#include "crypto/rsa_key.h"
#include "crypto/spki.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include <limits.h>

#define RSA_BITS_MIN 1024

/* An exponent of 1 would make every message its own signature. */
static bool
rsa_is_sound(EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	bool sound;

	if (EVP_PKEY_get_bits(key) < RSA_BITS_MIN ||
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		return false;
	sound = BN_is_odd(e) && !BN_is_one(e);
	BN_free(e);
	return sound;
}

static EVP_PKEY *
decode(struct emrtd_crypto *crypto, const struct emrtd_spki *spki,
    bool (*is_sound)(EVP_PKEY *key))
{
	const unsigned char *p = spki->whole.ptr;
	EVP_PKEY *key;

	if (spki->whole.len > LONG_MAX)
		return NULL;
	key = d2i_PUBKEY_ex(NULL, &p, (long)spki->whole.len,
	    emrtd_crypto_lib(crypto), NULL);
	if (key == NULL)
		return NULL;
	if (is_sound(key))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static enum emrtd_error
parse_rsa(struct emrtd_crypto *crypto, const struct emrtd_spki *spki,
    struct emrtd_public_key *out)
{
	out->key = emrtd_rsa_key(crypto, spki->key);
	return out->key != NULL ? EMRTD_OK : EMRTD_E_KEY;
}

static enum emrtd_error
parse_rsa_pss(struct emrtd_crypto *crypto, const struct emrtd_spki *spki,
    struct emrtd_public_key *out)
{
	out->key = decode(crypto, spki, rsa_is_sound);
	out->pss_params = spki->algorithm.parameters;
	return out->key != NULL && EVP_PKEY_is_a(out->key, "RSA-PSS")
		   ? EMRTD_OK
		   : EMRTD_E_KEY;
}

/* OpenSSL checks that the point is on the curve. */
static EVP_PKEY *
ec_key(struct emrtd_crypto *crypto, const struct emrtd_group *curve,
    struct emrtd_bytes point)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(emrtd_crypto_lib(crypto),
	    "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM params[3];

	if (ctx == NULL)
		return NULL;
	/* OSSL_PARAM has no const; the import does not write. */
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
	    (char *)(uintptr_t)curve->ossl_name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
	    (void *)(uintptr_t)point.ptr, point.len);
	params[2] = OSSL_PARAM_construct_end();
	if (EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* The point: compressed or not; the infinite one is a single zero. */
static enum emrtd_error
parse_ec(struct emrtd_crypto *crypto, const struct emrtd_spki *spki,
    struct emrtd_public_key *out)
{
	const struct emrtd_group *curve = emrtd_signing_curve(crypto,
	    spki->algorithm.parameters);
	struct emrtd_bytes rest = spki->key;
	uint8_t form;

	if (curve == NULL || !emrtd_u8(&rest, &form) || form < 0x02 ||
	    form > 0x04)
		return EMRTD_E_KEY;
	out->order_len = curve->order_len;
	out->may_prove = emrtd_curve_may_prove(curve);
	out->key = ec_key(crypto, curve, spki->key);
	return out->key != NULL ? EMRTD_OK : EMRTD_E_KEY;
}

static enum emrtd_error
parse_dsa(struct emrtd_crypto *crypto, const struct emrtd_spki *spki,
    struct emrtd_public_key *out)
{
	out->key = decode(crypto, spki, emrtd_dsa_key_is_sound);
	return out->key != NULL && EVP_PKEY_is_a(out->key, "DSA") ? EMRTD_OK
								  : EMRTD_E_KEY;
}

struct kind_row {
	const char *oid;
	enum emrtd_key_kind kind;
	enum emrtd_error (*parse)(struct emrtd_crypto *crypto,
	    const struct emrtd_spki *spki, struct emrtd_public_key *out);
};

static const struct kind_row kinds[] = {
	{ "1.2.840.113549.1.1.1", EMRTD_KEY_RSA, parse_rsa },
	{ "1.2.840.113549.1.1.10", EMRTD_KEY_RSA_PSS, parse_rsa_pss },
	{ "1.2.840.10045.2.1", EMRTD_KEY_EC, parse_ec },
	{ "1.2.840.10040.4.1", EMRTD_KEY_DSA, parse_dsa },
};

static const struct kind_row *
find_kind(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (emrtd_oid_is(oid, kinds[i].oid))
			return &kinds[i];
	}
	return NULL;
}

enum emrtd_error
emrtd_public_key_parse(struct emrtd_crypto *crypto, struct emrtd_bytes in,
    struct emrtd_diag *diag, struct emrtd_public_key *out)
{
	struct emrtd_public_key key = { .kind = EMRTD_KEY_RSA };
	const struct kind_row *kind;
	char text[EMRTD_OID_TEXT_CAP];
	enum emrtd_error error;
	struct emrtd_spki spki;

	if (!emrtd_spki_parse(in, &spki))
		return emrtd_fail(diag, EMRTD_E_KEY, "SubjectPublicKeyInfo",
		    "RFC 5280 4.1.2.7");
	kind = find_kind(spki.algorithm.oid);
	if (kind == NULL) {
		error = emrtd_fail(diag, EMRTD_E_KEY, "kind of public key",
		    "Doc 9303-12 4.1.6");
		emrtd_oid_text(spki.algorithm.oid, text);
		emrtd_diag_detail(diag, text);
		return error;
	}
	error = kind->parse(crypto, &spki, &key);
	if (error != EMRTD_OK) {
		EVP_PKEY_free(key.key);
		return emrtd_fail(diag, error, "public key",
		    "Doc 9303-12 4.1.6");
	}
	key.kind = kind->kind;
	*out = key;
	return EMRTD_OK;
}
