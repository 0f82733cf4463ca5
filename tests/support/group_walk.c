#include "group_walk.h"

#include "test.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <string.h>

#define MAX_STEPS 20000 /* one in 256 is found: never reached */

struct group_walk {
	const struct emrtd_group *row;
	BN_CTX *ctx;
	EC_GROUP *curve; /* NULL for DH */
	EC_POINT *point, *step;
	BIGNUM *p, *number, *factor, *k;
};

static BIGNUM *
number_of(struct emrtd_bytes bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);

	assert_non_null(n);
	return n;
}

struct group_walk *
group_walk_new(const struct emrtd_group *group)
{
	struct group_walk *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->row = group;
	w->ctx = BN_CTX_new();
	w->k = BN_new();
	if (group->kind == EMRTD_GROUP_EC) {
		w->curve = EC_GROUP_new_by_curve_name(
		    OBJ_sn2nid(group->ossl_name));
		assert_non_null(w->curve);
		w->point = EC_POINT_new(w->curve);
		w->step = EC_POINT_new(w->curve);
	} else {
		w->p = number_of(group->p);
		w->number = BN_new();
		w->factor = BN_new();
	}
	return w;
}

void
group_walk_free(struct group_walk *w)
{
	EC_POINT_free(w->step);
	EC_POINT_free(w->point);
	EC_GROUP_free(w->curve);
	BN_free(w->factor);
	BN_free(w->number);
	BN_free(w->p);
	BN_free(w->k);
	BN_CTX_free(w->ctx);
	free(w);
}

static void
begin(struct group_walk *w, const struct emrtd_element *base)
{
	if (w->curve != NULL) {
		if (base == NULL)
			EC_POINT_copy(w->step,
			    EC_GROUP_get0_generator(w->curve));
		else
			assert_int_equal(EC_POINT_oct2point(w->curve, w->step,
					     base->bytes, base->len, w->ctx),
			    1);
		assert_int_equal(EC_POINT_mul(w->curve, w->point, NULL, w->step,
				     w->k, w->ctx),
		    1);
		return;
	}
	BN_free(w->factor);
	w->factor = number_of(
	    base == NULL ? w->row->g : emrtd_bytes(base->bytes, base->len));
	assert_int_equal(BN_mod_exp(w->number, w->factor, w->k, w->p, w->ctx),
	    1);
}

static void
next(struct group_walk *w)
{
	if (w->curve != NULL)
		assert_int_equal(EC_POINT_add(w->curve, w->point, w->point,
				     w->step, w->ctx),
		    1);
	else
		assert_int_equal(BN_mod_mul(w->number, w->number, w->factor,
				     w->p, w->ctx),
		    1);
	assert_int_equal(BN_add_word(w->k, 1), 1);
}

static void
element(const struct group_walk *w, struct emrtd_element *out)
{
	out->len = w->row->field_len;
	if (w->curve != NULL)
		out->len = EC_POINT_point2oct(w->curve, w->point,
		    POINT_CONVERSION_UNCOMPRESSED, out->bytes,
		    sizeof(out->bytes), w->ctx);
	else
		assert_int_equal(BN_bn2binpad(w->number, out->bytes,
				     (int)out->len),
		    out->len);
}

void
group_walk_to_zero(struct group_walk *w, const struct emrtd_element *base,
    uint64_t start, size_t offset, uint8_t private_key[EMRTD_FIELD_MAX])
{
	struct emrtd_element at;

	assert_int_equal(BN_set_word(w->k, (BN_ULONG)start), 1);
	begin(w, base);
	for (unsigned i = 0; i < MAX_STEPS; i++) {
		element(w, &at);
		if (at.bytes[offset] == 0) {
			assert_int_equal(BN_bn2binpad(w->k, private_key,
					     (int)w->row->order_len),
			    w->row->order_len);
			return;
		}
		next(w);
	}
	fail_msg("no zero in %u steps", MAX_STEPS);
}
