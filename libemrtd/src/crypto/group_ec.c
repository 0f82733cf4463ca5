/* The elliptic curves. */
#include "crypto/group_ops.h"
#include "crypto/internal.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#define EVEN         0x02 /* compressed, by the last bit of y */
#define ODD          0x03
#define UNCOMPRESSED 0x04

/* OpenSSL's objects of one computation; all of them may hold secrets. */
struct work {
	const struct emrtd_group *row;
	EC_GROUP *group;
	BN_CTX *ctx;
	BIGNUM *k;      /* a scalar */
	EC_POINT *in;   /* a point from outside */
	EC_POINT *part; /* an intermediate one */
	EC_POINT *out;
};

static void
work_end(struct work *w)
{
	EC_POINT_clear_free(w->out);
	EC_POINT_clear_free(w->part);
	EC_POINT_clear_free(w->in);
	BN_clear_free(w->k);
	BN_CTX_free(w->ctx);
	EC_GROUP_free(w->group);
	ERR_pop_to_mark(); /* the program's own errors stay */
}

/* The same curve, generator and order, without what OpenSSL knows by name. */
static EC_GROUP *
without_name(const EC_GROUP *named, BN_CTX *ctx)
{
	const EC_POINT *generator = EC_GROUP_get0_generator(named);
	EC_GROUP *group = NULL;
	EC_POINT *g = NULL;
	BIGNUM *p, *a, *b, *x, *y;
	bool ok = false;

	BN_CTX_start(ctx);
	p = BN_CTX_get(ctx);
	a = BN_CTX_get(ctx);
	b = BN_CTX_get(ctx);
	x = BN_CTX_get(ctx);
	y = BN_CTX_get(ctx);
	if (y == NULL || EC_GROUP_get_curve(named, p, a, b, ctx) != 1 ||
	    EC_POINT_get_affine_coordinates(named, generator, x, y, ctx) != 1)
		goto out;
	group = EC_GROUP_new_curve_GFp(p, a, b, ctx);
	if (group != NULL)
		g = EC_POINT_new(group);
	ok = g != NULL &&
	     EC_POINT_set_affine_coordinates(group, g, x, y, ctx) == 1 &&
	     EC_GROUP_set_generator(group, g, EC_GROUP_get0_order(named),
		 EC_GROUP_get0_cofactor(named)) == 1;
out:
	BN_CTX_end(ctx);
	EC_POINT_free(g);
	if (ok)
		return group;
	EC_GROUP_free(group);
	return NULL;
}

/*
 * OpenSSL multiplies faster on P-224, P-256 and P-521, but gives memory back
 * with the scalar in it (3.0: test_secrets finds it). Its general way, which
 * it takes for curves without a name, wipes.
 */
static EC_GROUP *
new_group(struct emrtd_crypto *crypto, const struct emrtd_group *row,
    BN_CTX *ctx)
{
	EC_GROUP *named = EC_GROUP_new_by_curve_name_ex(crypto->lib, NULL,
	    OBJ_sn2nid(row->ossl_name));
	EC_GROUP *group = named == NULL ? NULL : without_name(named, ctx);

	EC_GROUP_free(named);
	return group;
}

static enum emrtd_error
work_begin(struct work *w, struct emrtd_crypto *crypto,
    const struct emrtd_group *row)
{
	memset(w, 0, sizeof(*w));
	w->row = row;
	ERR_set_mark();
	w->ctx = BN_CTX_secure_new_ex(crypto->lib);
	if (w->ctx == NULL)
		return EMRTD_E_NO_MEMORY;
	w->group = new_group(crypto, row, w->ctx);
	if (w->group == NULL)
		return EMRTD_E_ALGORITHM;
	w->k = BN_secure_new();
	w->in = EC_POINT_new(w->group);
	w->part = EC_POINT_new(w->group);
	w->out = EC_POINT_new(w->group);
	if (w->k == NULL || w->in == NULL || w->part == NULL || w->out == NULL)
		return EMRTD_E_NO_MEMORY;
	/* Multiplication by k then takes the same steps for every k. */
	BN_set_flags(w->k, BN_FLG_CONSTTIME);
	return EMRTD_OK;
}

static enum emrtd_error
set_scalar(struct work *w, struct emrtd_bytes bytes)
{
	return BN_bin2bn(bytes.ptr, (int)bytes.len, w->k) == NULL
		   ? EMRTD_E_NO_MEMORY
		   : EMRTD_OK;
}

static bool
is_uncompressed(const struct emrtd_group *row, struct emrtd_bytes bytes)
{
	return bytes.len == 1 + 2 * row->field_len &&
	       bytes.ptr[0] == UNCOMPRESSED;
}

static bool
is_compressed(const struct emrtd_group *row, struct emrtd_bytes bytes)
{
	return bytes.len == 1 + row->field_len &&
	       (bytes.ptr[0] == EVEN || bytes.ptr[0] == ODD);
}

/* EC_POINT_oct2point checks the equation; we ask for it all the same. */
static enum emrtd_error
decode_point(struct work *w, EC_POINT *p, struct emrtd_bytes bytes)
{
	if (EC_POINT_oct2point(w->group, p, bytes.ptr, bytes.len, w->ctx) !=
		1 ||
	    EC_POINT_is_at_infinity(w->group, p) != 0 ||
	    EC_POINT_is_on_curve(w->group, p, w->ctx) != 1)
		return EMRTD_E_KEY;
	return EMRTD_OK;
}

static enum emrtd_error
set_point(struct work *w, EC_POINT *p, struct emrtd_bytes bytes)
{
	return is_uncompressed(w->row, bytes) ? decode_point(w, p, bytes)
					      : EMRTD_E_KEY;
}

static enum emrtd_error
get_point(struct work *w, const EC_POINT *p, struct emrtd_element *out)
{
	if (EC_POINT_is_at_infinity(w->group, p) != 0)
		return EMRTD_E_KEY;
	out->len = EC_POINT_point2oct(w->group, p,
	    POINT_CONVERSION_UNCOMPRESSED, out->bytes, sizeof(out->bytes),
	    w->ctx);
	return out->len == 1 + 2 * w->row->field_len ? EMRTD_OK
						     : EMRTD_E_CRYPTO;
}

/* k * p; without p, k times the group's own generator. */
static enum emrtd_error
multiply(struct work *w, EC_POINT *r, const EC_POINT *p)
{
	int ok = p == NULL ? EC_POINT_mul(w->group, r, w->k, NULL, NULL, w->ctx)
			   : EC_POINT_mul(w->group, r, NULL, p, w->k, w->ctx);

	return ok == 1 ? EMRTD_OK : EMRTD_E_CRYPTO;
}

static enum emrtd_error
ec_keypair(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const struct emrtd_element *generator, const struct emrtd_random *random,
    uint8_t *private_key, struct emrtd_element *public_key)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK && generator != NULL)
		error = set_point(&w, w.in,
		    emrtd_bytes(generator->bytes, generator->len));
	if (error == EMRTD_OK)
		error = random == NULL
			    ? set_scalar(&w,
				  emrtd_bytes(private_key, group->order_len))
			    : emrtd_draw_scalar(EC_GROUP_get0_order(w.group),
				  random, private_key, group->order_len, w.k);
	if (error == EMRTD_OK)
		error = multiply(&w, w.out, generator == NULL ? NULL : w.in);
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, public_key);
	work_end(&w);
	return error;
}

static enum emrtd_error
ec_agree(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const uint8_t *private_key, struct emrtd_bytes peer,
    struct emrtd_element *shared)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_point(&w, w.in, peer);
	if (error != EMRTD_OK || private_key == NULL)
		goto out;
	error = set_scalar(&w, emrtd_bytes(private_key, group->order_len));
	if (error == EMRTD_OK)
		error = multiply(&w, w.out, w.in);
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, shared);
out:
	work_end(&w);
	return error;
}

static enum emrtd_error
ec_map_generic(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes nonce, const struct emrtd_element *h,
    struct emrtd_element *generator)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_point(&w, w.in, emrtd_bytes(h->bytes, h->len));
	if (error == EMRTD_OK)
		error = set_scalar(&w, nonce);
	if (error == EMRTD_OK)
		error = multiply(&w, w.part, NULL);
	if (error == EMRTD_OK &&
	    EC_POINT_add(w.group, w.out, w.part, w.in, w.ctx) != 1)
		error = EMRTD_E_CRYPTO;
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, generator);
	work_end(&w);
	return error;
}

static struct emrtd_bytes
ec_wire(const struct emrtd_group *group, const struct emrtd_element *element)
{
	(void)group;
	return emrtd_bytes(element->bytes, element->len);
}

static bool
ec_read(const struct emrtd_group *group, struct emrtd_bytes wire,
    struct emrtd_element *out)
{
	if (!is_uncompressed(group, wire))
		return false;
	memcpy(out->bytes, wire.ptr, wire.len);
	out->len = wire.len;
	return true;
}

enum emrtd_error
emrtd_point_parse(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes bytes, struct emrtd_element *out)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = is_uncompressed(group, bytes) ||
				is_compressed(group, bytes)
			    ? decode_point(&w, w.in, bytes)
			    : EMRTD_E_KEY;
	if (error == EMRTD_OK)
		error = get_point(&w, w.in, out);
	work_end(&w);
	return error;
}

const struct emrtd_group_ops emrtd_group_ec = {
	.keypair = ec_keypair,
	.agree = ec_agree,
	.map_generic = ec_map_generic,
	.map_integrated = emrtd_point_encode,
	.wire = ec_wire,
	.read = ec_read,
};
