#include "crypto/rsa_key.h"

#include "core/tlv.h"
#include "crypto/spki.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#define TAG_SEQUENCE 0x30

#define BITS_MIN 1024
/* OpenSSL refuses to compute with longer ones. */
#define LEN_MAX 2048

static BIGNUM *
number(struct emrtd_bytes octets)
{
	return BN_bin2bn(octets.ptr, (int)octets.len, NULL);
}

static EVP_PKEY *
import(struct emrtd_crypto *crypto, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(emrtd_crypto_lib(crypto),
	    "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL)
		return NULL;
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
make(struct emrtd_crypto *crypto, const BIGNUM *n, const BIGNUM *e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (build != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		key = import(crypto, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return key;
}

EVP_PKEY *
emrtd_rsa_key(struct emrtd_crypto *crypto, struct emrtd_bytes in)
{
	struct emrtd_bytes body, modulus, exponent;
	EVP_PKEY *key = NULL;
	BIGNUM *n, *e;

	if (!emrtd_tlv(&in, TAG_SEQUENCE, &body) || !emrtd_end(&in) ||
	    !emrtd_positive(&body, &modulus) ||
	    !emrtd_positive(&body, &exponent) || !emrtd_end(&body) ||
	    modulus.len > LEN_MAX || exponent.len > LEN_MAX)
		return NULL;
	n = number(modulus);
	e = number(exponent);
	if (n != NULL && e != NULL && BN_num_bits(n) >= BITS_MIN &&
	    BN_is_odd(e) && !BN_is_one(e))
		key = make(crypto, n, e);
	BN_free(n);
	BN_free(e);
	return key;
}
