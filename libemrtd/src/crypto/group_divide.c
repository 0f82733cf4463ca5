/* Private keys of a curve divided by one another. */
#include "core/wipe.h"
#include "crypto/group_ops.h"
#include "crypto/internal.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

struct work {
	EC_GROUP *group;
	BN_CTX *ctx;
	BIGNUM *a, *b, *exponent;
};

static void
work_end(struct work *w)
{
	BN_clear_free(w->a);
	BN_clear_free(w->b);
	BN_free(w->exponent);
	BN_CTX_free(w->ctx);
	EC_GROUP_free(w->group);
	ERR_pop_to_mark();
}

static enum emrtd_error
work_begin(struct work *w, struct emrtd_crypto *crypto,
    const struct emrtd_group *row)
{
	memset(w, 0, sizeof(*w));
	ERR_set_mark();
	if (row->kind != EMRTD_GROUP_EC)
		return EMRTD_E_UNSUPPORTED;
	w->group = EC_GROUP_new_by_curve_name_ex(crypto->lib, NULL,
	    OBJ_sn2nid(row->ossl_name));
	if (w->group == NULL)
		return EMRTD_E_ALGORITHM;
	w->ctx = BN_CTX_secure_new_ex(crypto->lib);
	w->a = BN_secure_new();
	w->b = BN_secure_new();
	w->exponent = BN_dup(EC_GROUP_get0_order(w->group));
	if (w->ctx == NULL || w->a == NULL || w->b == NULL ||
	    w->exponent == NULL)
		return EMRTD_E_NO_MEMORY;
	return EMRTD_OK;
}

/* The order n is prime: 1 / b is b^(n-2), which takes the same for every b. */
static enum emrtd_error
divide(struct work *w, const uint8_t *a, const uint8_t *b, size_t len,
    uint8_t *out)
{
	const BIGNUM *n = EC_GROUP_get0_order(w->group);

	if (BN_bin2bn(a, (int)len, w->a) == NULL ||
	    BN_bin2bn(b, (int)len, w->b) == NULL)
		return EMRTD_E_NO_MEMORY;
	if (BN_is_zero(w->b))
		return EMRTD_E_KEY;
	BN_set_flags(w->b, BN_FLG_CONSTTIME);
	if (BN_sub_word(w->exponent, 2) != 1 ||
	    BN_mod_exp_mont_consttime(w->b, w->b, w->exponent, n, w->ctx,
		NULL) != 1 ||
	    BN_mod_mul(w->a, w->a, w->b, n, w->ctx) != 1 ||
	    BN_bn2binpad(w->a, out, (int)len) != (int)len)
		return EMRTD_E_CRYPTO;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_group_divide(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const uint8_t *a, const uint8_t *b, uint8_t out[EMRTD_FIELD_MAX])
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = divide(&w, a, b, group->order_len, out);
	if (error != EMRTD_OK)
		emrtd_wipe(out, EMRTD_FIELD_MAX);
	work_end(&w);
	return error;
}
