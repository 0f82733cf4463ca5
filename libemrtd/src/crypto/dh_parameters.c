#include "crypto/dh_parameters.h"

#include "core/cursor.h"
#include "crypto/group_ops.h"
#include "crypto/internal.h"

#include <openssl/err.h>
#include <string.h>

/*
 * Rounds of the test of Miller and Rabin: a number that a liar chose passes
 * with 2^-40, one try for each time that he comes with a chip; and a document
 * whose key is vouched for is not made by him. OpenSSL's own count, up to 128,
 * would let eight keys of one chip cost half a minute.
 */
#define ROUNDS 20

const struct emrtd_group *
emrtd_group_by_dh_numbers(struct emrtd_bytes p, struct emrtd_bytes g,
    const struct emrtd_bytes *q)
{
	const struct emrtd_group *row;

	for (size_t i = 0; (row = emrtd_group_at(i)) != NULL; i++) {
		if (row->kind == EMRTD_GROUP_DH &&
		    emrtd_bytes_equal(row->p, p) &&
		    emrtd_bytes_equal(row->g, g) &&
		    (q == NULL || emrtd_bytes_equal(row->q, *q)))
			return row;
	}
	return NULL;
}

/* One computation; nothing in it is secret. */
struct work {
	BN_CTX *ctx;
	BN_GENCB *counter;
	BIGNUM *p, *q, *g, *n;
};

/* Called after each round, counted from 0, and before the first with -1. */
static int
count_rounds(int what, int round, BN_GENCB *counter)
{
	int *rounds = BN_GENCB_get_arg(counter);

	if (what == 1 && round >= 0)
		*rounds = round + 1;
	return *rounds < ROUNDS;
}

static bool
is_prime(const struct work *w, const BIGNUM *n)
{
	int rounds = 0, verdict;

	BN_GENCB_set(w->counter, count_rounds, &rounds);
	verdict = BN_check_prime(n, w->ctx, w->counter);
	return verdict == 1 || (verdict < 0 && rounds >= ROUNDS);
}

static bool
has_bits(const BIGNUM *n, int min, int max)
{
	return BN_num_bits(n) >= min && BN_num_bits(n) <= max;
}

/* The cheap questions first; w->n is p - 1 meanwhile. */
static bool
is_sound(const struct work *w)
{
	BIGNUM *rest = BN_CTX_get(w->ctx), *one = BN_CTX_get(w->ctx);

	return one != NULL &&
	       has_bits(w->p, EMRTD_DH_P_BITS_MIN, EMRTD_DH_P_BITS_MAX) &&
	       has_bits(w->q, EMRTD_DH_Q_BITS_MIN, EMRTD_DH_P_BITS_MAX) &&
	       BN_is_odd(w->p) && BN_is_odd(w->q) &&
	       BN_sub(w->n, w->p, BN_value_one()) == 1 &&
	       BN_cmp(w->g, BN_value_one()) > 0 && BN_cmp(w->g, w->n) < 0 &&
	       BN_mod(rest, w->n, w->q, w->ctx) == 1 && BN_is_zero(rest) &&
	       BN_mod_exp(one, w->g, w->q, w->p, w->ctx) == 1 &&
	       BN_is_one(one) && is_prime(w, w->q) && is_prime(w, w->p);
}

enum emrtd_error
emrtd_group_of_dh_numbers(struct emrtd_crypto *crypto, struct emrtd_bytes p,
    struct emrtd_bytes q, struct emrtd_bytes g, struct emrtd_group *out)
{
	enum emrtd_error error = EMRTD_E_NO_MEMORY;
	struct work w = { 0 };

	if (p.len > EMRTD_FIELD_MAX || q.len > p.len || g.len > p.len)
		return EMRTD_E_KEY;
	ERR_set_mark();
	w.ctx = BN_CTX_new_ex(crypto->lib);
	w.counter = BN_GENCB_new();
	w.p = BN_bin2bn(p.ptr, (int)p.len, NULL);
	w.q = BN_bin2bn(q.ptr, (int)q.len, NULL);
	w.g = BN_bin2bn(g.ptr, (int)g.len, NULL);
	w.n = BN_new();
	if (w.ctx == NULL || w.counter == NULL || w.p == NULL || w.q == NULL ||
	    w.g == NULL || w.n == NULL)
		goto out;
	BN_CTX_start(w.ctx);
	error = is_sound(&w) ? EMRTD_OK : EMRTD_E_KEY;
	BN_CTX_end(w.ctx);
	if (error != EMRTD_OK)
		goto out;
	memset(out, 0, sizeof(*out));
	out->id = EMRTD_GROUP_NO_ID;
	out->kind = EMRTD_GROUP_DH;
	out->name = "explicit DH parameters";
	out->field_len = p.len;
	out->order_len = q.len;
	out->ops = &emrtd_group_dh;
	out->p = p;
	out->q = q;
	out->g = g;
out:
	BN_free(w.n);
	BN_free(w.g);
	BN_free(w.q);
	BN_free(w.p);
	BN_GENCB_free(w.counter);
	BN_CTX_free(w.ctx);
	ERR_pop_to_mark(); /* the program's own errors stay */
	return error;
}

enum emrtd_error
emrtd_dh_half(struct emrtd_bytes p, uint8_t *q, struct emrtd_bytes *out)
{
	BIGNUM *n;
	int len;

	if (p.len == 0 || p.len > EMRTD_FIELD_MAX)
		return EMRTD_E_KEY;
	n = BN_bin2bn(p.ptr, (int)p.len, NULL);
	if (n == NULL || BN_rshift1(n, n) != 1) {
		BN_free(n);
		return EMRTD_E_NO_MEMORY;
	}
	len = BN_bn2bin(n, q);
	BN_free(n);
	*out = emrtd_bytes(q, (size_t)len);
	return EMRTD_OK;
}
