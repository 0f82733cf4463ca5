/* The multiplicative groups modulo p, and their subgroups of order q. */
#include "core/builder.h"
#include "core/cursor.h"
#include "core/wipe.h"
#include "crypto/group_ops.h"
#include "crypto/internal.h"

#include <openssl/err.h>
#include <string.h>

/* OpenSSL's objects of one computation; all of them may hold secrets. */
struct work {
	const struct emrtd_group *row;
	BN_CTX *ctx;
	BN_MONT_CTX *mont;
	BIGNUM *p, *q, *g;
	BIGNUM *k;    /* an exponent */
	BIGNUM *in;   /* an element from outside */
	BIGNUM *part; /* an intermediate value */
	BIGNUM *out;
};

static void
work_end(struct work *w)
{
	BN_clear_free(w->out);
	BN_clear_free(w->part);
	BN_clear_free(w->in);
	BN_clear_free(w->k);
	BN_free(w->g);
	BN_free(w->q);
	BN_free(w->p);
	BN_MONT_CTX_free(w->mont);
	BN_CTX_free(w->ctx);
	ERR_pop_to_mark(); /* the program's own errors stay */
}

static BIGNUM *
number(struct emrtd_bytes bytes)
{
	return BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);
}

static enum emrtd_error
work_begin(struct work *w, struct emrtd_crypto *crypto,
    const struct emrtd_group *row)
{
	memset(w, 0, sizeof(*w));
	w->row = row;
	ERR_set_mark();
	w->ctx = BN_CTX_secure_new_ex(crypto->lib);
	w->mont = BN_MONT_CTX_new();
	w->p = number(row->p);
	w->q = number(row->q);
	w->g = number(row->g);
	w->k = BN_secure_new();
	w->in = BN_secure_new();
	w->part = BN_secure_new();
	w->out = BN_secure_new();
	if (w->ctx == NULL || w->mont == NULL || w->p == NULL || w->q == NULL ||
	    w->g == NULL || w->k == NULL || w->in == NULL || w->part == NULL ||
	    w->out == NULL)
		return EMRTD_E_NO_MEMORY;
	BN_set_flags(w->k, BN_FLG_CONSTTIME);
	return BN_MONT_CTX_set(w->mont, w->p, w->ctx) == 1 ? EMRTD_OK
							   : EMRTD_E_CRYPTO;
}

static enum emrtd_error
set_number(BIGNUM *n, struct emrtd_bytes bytes)
{
	return BN_bin2bn(bytes.ptr, (int)bytes.len, n) == NULL
		   ? EMRTD_E_NO_MEMORY
		   : EMRTD_OK;
}

/* 1 < y < p - 1; p is odd, so p - 1 differs from p in its last bit. */
static bool
is_in_range(const struct work *w, const BIGNUM *y)
{
	BIGNUM *last = BN_dup(w->p);
	bool in_range = last != NULL && BN_clear_bit(last, 0) == 1 &&
			BN_cmp(y, BN_value_one()) > 0 && BN_cmp(y, last) < 0;

	BN_free(last);
	return in_range;
}

/* A number from outside: in range, and of order q. */
static enum emrtd_error
set_peer(struct work *w, struct emrtd_bytes bytes)
{
	enum emrtd_error error;

	if (bytes.len == 0 || bytes.len > w->row->field_len)
		return EMRTD_E_KEY;
	error = set_number(w->in, bytes);
	if (error != EMRTD_OK)
		return error;
	if (!is_in_range(w, w->in))
		return EMRTD_E_KEY;
	if (BN_mod_exp_mont(w->part, w->in, w->q, w->p, w->ctx, w->mont) != 1)
		return EMRTD_E_CRYPTO;
	return BN_is_one(w->part) ? EMRTD_OK : EMRTD_E_KEY;
}

/*
 * A generator that a mapping made: in the subgroup by the way it was made,
 * and secret, so that nothing is computed with it that need not be.
 */
static enum emrtd_error
set_generator(struct work *w, const struct emrtd_element *generator)
{
	if (generator == NULL)
		return BN_copy(w->in, w->g) == NULL ? EMRTD_E_NO_MEMORY
						    : EMRTD_OK;
	if (generator->len != w->row->field_len)
		return EMRTD_E_KEY;
	return set_number(w->in, emrtd_bytes(generator->bytes, generator->len));
}

/* base^k mod p; its time depends on the lengths of p and of k alone. */
static enum emrtd_error
power(struct work *w, BIGNUM *r, const BIGNUM *base)
{
	return BN_mod_exp_mont_consttime(r, base, w->k, w->p, w->ctx,
		   w->mont) == 1
		   ? EMRTD_OK
		   : EMRTD_E_CRYPTO;
}

static enum emrtd_error
get_number(struct work *w, const BIGNUM *n, struct emrtd_element *out)
{
	if (!is_in_range(w, n))
		return EMRTD_E_KEY;
	if (BN_bn2binpad(n, out->bytes, (int)w->row->field_len) < 0)
		return EMRTD_E_CRYPTO;
	out->len = w->row->field_len;
	return EMRTD_OK;
}

static enum emrtd_error
dh_keypair(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const struct emrtd_element *generator, const struct emrtd_random *random,
    uint8_t *private_key, struct emrtd_element *public_key)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_generator(&w, generator);
	if (error == EMRTD_OK)
		error = random == NULL
			    ? set_number(w.k,
				  emrtd_bytes(private_key, group->order_len))
			    : emrtd_draw_scalar(w.q, random, private_key,
				  group->order_len, w.k);
	if (error == EMRTD_OK)
		error = power(&w, w.out, w.in);
	if (error == EMRTD_OK)
		error = get_number(&w, w.out, public_key);
	work_end(&w);
	return error;
}

static enum emrtd_error
dh_agree(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const uint8_t *private_key, struct emrtd_bytes peer,
    struct emrtd_element *shared)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_peer(&w, peer);
	if (error != EMRTD_OK || private_key == NULL)
		goto out;
	error = set_number(w.k, emrtd_bytes(private_key, group->order_len));
	if (error == EMRTD_OK)
		error = power(&w, w.out, w.in);
	if (error == EMRTD_OK)
		error = get_number(&w, w.out, shared);
out:
	work_end(&w);
	return error;
}

/* r = a * b mod p, without a division. */
static enum emrtd_error
times(struct work *w, BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
	return BN_to_montgomery(r, a, w->mont, w->ctx) == 1 &&
		       BN_mod_mul_montgomery(r, r, b, w->mont, w->ctx) == 1
		   ? EMRTD_OK
		   : EMRTD_E_CRYPTO;
}

static enum emrtd_error
dh_map_generic(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes nonce, const struct emrtd_element *h,
    struct emrtd_element *generator)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_generator(&w, h);
	if (error == EMRTD_OK)
		error = set_number(w.k, nonce);
	if (error == EMRTD_OK)
		error = power(&w, w.part, w.g);
	if (error == EMRTD_OK)
		error = times(&w, w.out, w.part, w.in);
	if (error == EMRTD_OK)
		error = get_number(&w, w.out, generator);
	work_end(&w);
	return error;
}

/*
 * r^((p-1)/q) mod p. The exponent is no secret, the base is: whoever learns
 * about it can try passwords at home.
 */
static enum emrtd_error
dh_map_integrated(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes r, struct emrtd_element *generator)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = emrtd_reduce(w.in, r, w.mont, w.p, w.ctx);
	if (error == EMRTD_OK && (BN_clear_bit(w.p, 0) != 1 ||
				     BN_div(w.k, NULL, w.p, w.q, w.ctx) != 1 ||
				     BN_set_bit(w.p, 0) != 1))
		error = EMRTD_E_CRYPTO;
	if (error == EMRTD_OK)
		error = power(&w, w.out, w.in);
	if (error == EMRTD_OK)
		error = get_number(&w, w.out, generator);
	work_end(&w);
	return error;
}

/* Doc 9303-11 9.4.1: no leading zeros; zero itself is no element. */
static struct emrtd_bytes
dh_wire(const struct emrtd_group *group, const struct emrtd_element *element)
{
	struct emrtd_bytes rest = emrtd_bytes(element->bytes, element->len);
	struct emrtd_bytes wire = rest;
	uint8_t first;

	(void)group;
	while (emrtd_u8(&rest, &first) && first == 0)
		wire = rest;
	return wire;
}

static bool
dh_read(const struct emrtd_group *group, struct emrtd_bytes wire,
    struct emrtd_element *out)
{
	struct emrtd_out full = emrtd_out(out->bytes, sizeof(out->bytes));

	if (wire.len == 0 || wire.len > group->field_len)
		return false;
	emrtd_put_fill(&full, 0, group->field_len - wire.len);
	emrtd_put(&full, wire);
	out->len = full.len;
	return !full.bad;
}

const struct emrtd_group_ops emrtd_group_dh = {
	.keypair = dh_keypair,
	.agree = dh_agree,
	.map_generic = dh_map_generic,
	.map_integrated = dh_map_integrated,
	.wire = dh_wire,
	.read = dh_read,
};
