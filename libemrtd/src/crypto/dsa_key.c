#include "crypto/dsa_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#define P_BITS_MIN 1024
#define P_BITS_MAX 4096

struct numbers {
	BIGNUM *p, *q, *g, *y;
	BIGNUM *less, *rest; /* p - 1; for results */
	BN_CTX *ctx;
};

static bool
take(EVP_PKEY *key, const char *name, BIGNUM **out)
{
	return EVP_PKEY_get_bn_param(key, name, out) == 1;
}

static bool
lengths(const struct numbers *n)
{
	int p = BN_num_bits(n->p), q = BN_num_bits(n->q);

	return p >= P_BITS_MIN && p <= P_BITS_MAX &&
	       (q == 160 || q == 224 || q == 256) && BN_is_odd(n->p);
}

/* q is prime and divides p - 1; p passes the test of Fermat with base 2. */
static bool
group(const struct numbers *n)
{
	return BN_copy(n->less, n->p) != NULL && BN_sub_word(n->less, 1) == 1 &&
	       BN_mod(n->rest, n->less, n->q, n->ctx) == 1 &&
	       BN_is_zero(n->rest) && BN_check_prime(n->q, n->ctx, NULL) == 1 &&
	       BN_set_word(n->rest, 2) == 1 &&
	       BN_mod_exp(n->rest, n->rest, n->less, n->p, n->ctx) == 1 &&
	       BN_is_one(n->rest);
}

/* Above 1, below p - 1, and of order q. */
static bool
element(const struct numbers *n, const BIGNUM *v)
{
	return !BN_is_zero(v) && !BN_is_one(v) && BN_cmp(v, n->less) < 0 &&
	       BN_mod_exp(n->rest, v, n->q, n->p, n->ctx) == 1 &&
	       BN_is_one(n->rest);
}

bool
emrtd_dsa_key_is_sound(EVP_PKEY *key)
{
	struct numbers n = { .less = BN_new(),
		.rest = BN_new(),
		.ctx = BN_CTX_new() };
	bool sound;

	sound = n.less != NULL && n.rest != NULL && n.ctx != NULL &&
		take(key, OSSL_PKEY_PARAM_FFC_P, &n.p) &&
		take(key, OSSL_PKEY_PARAM_FFC_Q, &n.q) &&
		take(key, OSSL_PKEY_PARAM_FFC_G, &n.g) &&
		take(key, OSSL_PKEY_PARAM_PUB_KEY, &n.y) && lengths(&n) &&
		group(&n) && element(&n, n.g) && element(&n, n.y);
	BN_free(n.p);
	BN_free(n.q);
	BN_free(n.g);
	BN_free(n.y);
	BN_free(n.less);
	BN_free(n.rest);
	BN_CTX_free(n.ctx);
	return sound;
}
