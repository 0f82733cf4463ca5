/*
 * The point encoding of Doc 9303-11 appendix B.2, in affine coordinates:
 *
 *   alpha = -t^2
 *   x2 = -b/a * (1 + 1/d),  d = alpha + alpha^2
 *   x3 = alpha * x2
 *   h2 = x2^3 + a*x2 + b,   u = t^3 * h2
 *   A = h2^(p-1-(p+1)/4)
 *   (x2, A*h2) if A^2 * h2 = 1, else (x3, A*u)
 *
 * Exactly one of the two is a point. Which one, and every number on the way,
 * follows from the nonces s, which is encrypted with the password alone, and
 * t, which travels in clear: a clock that tells them apart lets an
 * eavesdropper try passwords at home. So both are computed and one is chosen
 * by a mask; a difference is a product with p-1 and an inverse a power, since
 * OpenSSL's subtraction and inversion branch. What is left is that OpenSSL
 * drops leading zeros: of bytes that it reads, which costs or saves a
 * nanosecond, and words of a number, after which it multiplies by another
 * routine. That takes one number in 2^64, on secp521r1, whose first word has
 * nine bits, one in 512. Nonces are never used again, so an eavesdropper
 * would have to see these nanoseconds in the answers of a chip, which come
 * after milliseconds, from enough sessions with one document.
 */
#include "core/wipe.h"
#include "crypto/group_ops.h"
#include "crypto/internal.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#define FIELD_LEN_MAX 66

/* A curve's field; once something failed, ok is false and stays so. */
struct field {
	BN_CTX *ctx;
	BN_MONT_CTX *mont;
	BIGNUM *p, *a, *b, *one, *minus_one; /* all but p in Montgomery form */
	size_t len;
	bool ok;
};

static void
set(struct field *f, int ok)
{
	f->ok = f->ok && ok == 1;
}

static BIGNUM *
variable(struct field *f)
{
	BIGNUM *n = BN_CTX_get(f->ctx);

	set(f, n != NULL);
	return n;
}

static void
mul(struct field *f, BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
	if (f->ok)
		set(f, BN_mod_mul_montgomery(r, a, b, f->mont, f->ctx));
}

static void
add(struct field *f, BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
	if (f->ok)
		set(f, BN_mod_add_quick(r, a, b, f->p));
}

static void
enter(struct field *f, BIGNUM *n)
{
	if (f->ok)
		set(f, BN_to_montgomery(n, n, f->mont, f->ctx));
}

static void
leave(struct field *f, BIGNUM *n)
{
	if (f->ok)
		set(f, BN_from_montgomery(n, n, f->mont, f->ctx));
}

/* BN_mod_exp_mont_consttime takes and gives numbers in plain form. */
static void
power(struct field *f, BIGNUM *r, const BIGNUM *a, const BIGNUM *exponent)
{
	if (f->ok)
		set(f, BN_copy(r, a) != NULL);
	leave(f, r);
	if (f->ok)
		set(f, BN_mod_exp_mont_consttime(r, r, exponent, f->p, f->ctx,
			   f->mont));
	enter(f, r);
}

/* r = x^3 + a*x + b */
static void
right_side(struct field *f, BIGNUM *r, const BIGNUM *x)
{
	mul(f, r, x, x);
	add(f, r, r, f->a);
	mul(f, r, r, x);
	add(f, r, r, f->b);
}

/* Out of Montgomery form, at full length. */
static void
bytes_of(struct field *f, BIGNUM *n, uint8_t *out)
{
	leave(f, n);
	if (f->ok)
		set(f, BN_bn2binpad(n, out, (int)f->len) == (int)f->len);
}

/* out = first ? a : b */
static void
choose(bool first, const uint8_t *a, const uint8_t *b, size_t n, uint8_t *out)
{
	uint8_t mask = (uint8_t)(0 - (unsigned)first);

	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)((a[i] & mask) | (b[i] & (uint8_t)~mask));
}

/* x2 and alpha out of t. */
static void
first_x(struct field *f, const BIGNUM *t, BIGNUM *alpha, BIGNUM *x2)
{
	BIGNUM *d = variable(f), *exponent = variable(f);

	mul(f, alpha, t, t);
	mul(f, alpha, alpha, f->minus_one);
	mul(f, d, alpha, alpha);
	add(f, d, d, alpha);
	/* x2 = -b * (1 + d) * (a * d)^(p-2) */
	if (f->ok)
		set(f, BN_copy(exponent, f->p) != NULL &&
			   BN_sub_word(exponent, 2) == 1);
	mul(f, x2, d, f->a);
	power(f, x2, x2, exponent);
	add(f, d, d, f->one);
	mul(f, x2, x2, d);
	mul(f, x2, x2, f->b);
	mul(f, x2, x2, f->minus_one);
}

/* A = h^(p-1-(p+1)/4) */
static void
inverse_root(struct field *f, BIGNUM *r, const BIGNUM *h)
{
	BIGNUM *exponent = variable(f), *quarter = variable(f);

	if (f->ok)
		set(f, BN_copy(quarter, f->p) != NULL &&
			   BN_add_word(quarter, 1) == 1 &&
			   BN_rshift(quarter, quarter, 2) == 1 &&
			   BN_copy(exponent, f->p) != NULL &&
			   BN_sub_word(exponent, 1) == 1 &&
			   BN_sub(exponent, exponent, quarter) == 1);
	power(f, r, h, exponent);
}

/* t in Montgomery form; point: x y */
static void
encode(struct field *f, const BIGNUM *t, uint8_t *point)
{
	uint8_t x2[FIELD_LEN_MAX], y2[FIELD_LEN_MAX], x3[FIELD_LEN_MAX],
	    y3[FIELD_LEN_MAX], square[FIELD_LEN_MAX],
	    one[FIELD_LEN_MAX] = { 0 };
	BIGNUM *alpha = variable(f), *x = variable(f), *h = variable(f),
	       *root = variable(f), *y = variable(f), *check = variable(f);
	bool first;

	first_x(f, t, alpha, x);
	right_side(f, h, x);
	inverse_root(f, root, h);
	mul(f, check, root, root);
	mul(f, check, check, h);
	mul(f, alpha, alpha, x); /* x3 */
	mul(f, h, h, root);      /* y2 */
	mul(f, y, t, t);
	mul(f, y, y, t);
	mul(f, y, y, h); /* y3 = t^3 * h2 * A */
	bytes_of(f, x, x2);
	bytes_of(f, h, y2);
	bytes_of(f, alpha, x3);
	bytes_of(f, y, y3);
	bytes_of(f, check, square);
	if (f->ok) {
		one[f->len - 1] = 1;
		first = emrtd_const_equal(square, one, f->len);
		choose(first, x2, x3, f->len, point);
		choose(first, y2, y3, f->len, point + f->len);
	}
	emrtd_wipe(x2, sizeof(x2));
	emrtd_wipe(y2, sizeof(y2));
	emrtd_wipe(x3, sizeof(x3));
	emrtd_wipe(y3, sizeof(y3));
	emrtd_wipe(square, sizeof(square));
}

static void
field_begin(struct field *f, struct emrtd_crypto *crypto,
    const struct emrtd_group *group)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name_ex(crypto->lib, NULL,
	    OBJ_sn2nid(group->ossl_name));

	memset(f, 0, sizeof(*f));
	f->ok = curve != NULL;
	f->len = group->field_len;
	f->ctx = BN_CTX_secure_new_ex(crypto->lib);
	f->mont = BN_MONT_CTX_new();
	set(f, f->ctx != NULL && f->mont != NULL);
	if (f->ctx == NULL)
		goto out;
	BN_CTX_start(f->ctx);
	f->p = variable(f);
	f->a = variable(f);
	f->b = variable(f);
	f->one = variable(f);
	f->minus_one = variable(f);
	if (f->ok)
		set(f,
		    EC_GROUP_get_curve(curve, f->p, f->a, f->b, f->ctx) == 1 &&
			BN_MONT_CTX_set(f->mont, f->p, f->ctx) == 1 &&
			BN_one(f->one) == 1 &&
			BN_sub(f->minus_one, f->p, f->one) == 1);
	enter(f, f->a);
	enter(f, f->b);
	enter(f, f->one);
	enter(f, f->minus_one);
out:
	EC_GROUP_free(curve);
}

static void
field_end(struct field *f)
{
	if (f->ctx != NULL)
		BN_CTX_end(f->ctx);
	BN_MONT_CTX_free(f->mont);
	BN_CTX_free(f->ctx); /* wipes what was taken out of it */
}

/*
 * t = 0, 1 or p-1 have no encoding; what the formulas make of them need not
 * be a point.
 */
enum emrtd_error
emrtd_point_encode(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes r, struct emrtd_element *generator)
{
	enum emrtd_error error = EMRTD_E_CRYPTO;
	struct field f;
	BIGNUM *t;

	ERR_set_mark();
	field_begin(&f, crypto, group);
	if (!f.ok || f.len > FIELD_LEN_MAX)
		goto out;
	t = variable(&f);
	if (!f.ok)
		goto out;
	error = emrtd_reduce(t, r, f.mont, f.p, f.ctx);
	if (error != EMRTD_OK)
		goto out;
	enter(&f, t);
	generator->bytes[0] = 0x04;
	generator->len = 1 + 2 * f.len;
	encode(&f, t, generator->bytes + 1);
	if (!f.ok) {
		error = EMRTD_E_CRYPTO;
		goto out;
	}
	error = emrtd_group_check(crypto, group,
	    emrtd_bytes(generator->bytes, generator->len));
out:
	if (error != EMRTD_OK)
		emrtd_wipe(generator, sizeof(*generator));
	field_end(&f);
	ERR_pop_to_mark();
	return error;
}
