/*
 * Elements that no honest peer sends, one by one; and the ones that honest
 * peers send now and then: with leading zeros.
 */
#include "crypto/group.h"
#include "emrtd_test.h"
#include "group_walk.h"

#include <openssl/ec.h>
#include <openssl/objects.h>

static struct emrtd_crypto *crypto;

#define FOR_EACH_GROUP(g)                                           \
	for (size_t g##_i = 0; g##_i < emrtd_group_count() &&       \
			       (g = emrtd_group_at(g##_i)) != NULL; \
	     g##_i++)

static EC_GROUP *
curve_of(const struct emrtd_group *g)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(OBJ_sn2nid(g->ossl_name));

	assert_non_null(curve);
	return curve;
}

static BIGNUM *
number_of(struct emrtd_bytes bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);

	assert_non_null(n);
	return n;
}

/* A private key of the group; not a short one. */
static const uint8_t *
some_private(const struct emrtd_group *g, uint8_t key[EMRTD_FIELD_MAX])
{
	memset(key, 0, EMRTD_FIELD_MAX);
	memset(key + 1, 0x5A, g->order_len - 1);
	return key;
}

static void
assert_refused(const struct emrtd_group *g, struct emrtd_bytes peer)
{
	uint8_t key[EMRTD_FIELD_MAX];
	struct emrtd_element shared;

	assert_error(emrtd_group_check(crypto, g, peer), EMRTD_E_KEY);
	assert_error(emrtd_group_agree(crypto, g, some_private(g, key), peer,
			 &shared),
	    EMRTD_E_KEY);
}

/* x and y, which may be any numbers below 256^field_len. */
static struct emrtd_bytes
point_of(const struct emrtd_group *g, const BIGNUM *x, const BIGNUM *y,
    uint8_t buf[EMRTD_ELEMENT_MAX])
{
	int len = (int)g->field_len;

	buf[0] = 4;
	assert_int_equal(BN_bn2binpad(x, buf + 1, len), len);
	assert_int_equal(BN_bn2binpad(y, buf + 1 + len, len), len);
	return emrtd_bytes(buf, 1 + 2 * g->field_len);
}

/* The numbers of a curve, and variables. */
struct numbers {
	EC_GROUP *curve;
	BN_CTX *ctx;
	BIGNUM *p, *a, *b, *x, *y, *right;
};

static struct numbers
numbers_of(const struct emrtd_group *g)
{
	struct numbers n = { curve_of(g), BN_CTX_new(), BN_new(), BN_new(),
		BN_new(), BN_new(), BN_new(), BN_new() };

	assert_int_equal(EC_GROUP_get_curve(n.curve, n.p, n.a, n.b, NULL), 1);
	return n;
}

static void
numbers_free(struct numbers *n)
{
	BIGNUM *all[] = { n->p, n->a, n->b, n->x, n->y, n->right };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		BN_free(all[i]);
	BN_CTX_free(n->ctx);
	EC_GROUP_free(n->curve);
}

/* right = x^3 + a*x + b */
static void
right_side(struct numbers *n)
{
	BN_mod_sqr(n->right, n->x, n->p, n->ctx);
	BN_mod_add(n->right, n->right, n->a, n->p, n->ctx);
	BN_mod_mul(n->right, n->right, n->x, n->p, n->ctx);
	BN_mod_add(n->right, n->right, n->b, n->p, n->ctx);
}

/* The first x from 'start' whose right side is a square, or is none. */
static void
find_x(struct numbers *n, unsigned start, bool square)
{
	BN_set_word(n->x, start);
	for (;; BN_add_word(n->x, 1)) {
		right_side(n);
		if (BN_kronecker(n->right, n->p, n->ctx) == (square ? 1 : -1))
			return;
	}
}

static void
no_point_at_all(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	FOR_EACH_GROUP(g)
	{
		uint8_t buf[EMRTD_ELEMENT_MAX] = { 0 };

		if (g->kind != EMRTD_GROUP_EC)
			continue;
		/* infinity as SEC 1 writes it, at full length, and 04 00.. */
		assert_refused(g, emrtd_bytes(buf, 1));
		assert_refused(g, emrtd_bytes(buf, 1 + 2 * g->field_len));
		buf[0] = 4;
		assert_refused(g, emrtd_bytes(buf, 1 + 2 * g->field_len));
		memset(buf + 1, 0xFF, 2 * g->field_len);
		assert_refused(g, emrtd_bytes(buf, 1 + 2 * g->field_len));
		assert_refused(g, emrtd_bytes(NULL, 0));
	}
}

/* Numbers of which only the curve, or the form, is wrong. */
static void
points_elsewhere(void **state)
{
	const struct emrtd_group *g, *other;
	uint8_t buf[EMRTD_ELEMENT_MAX];

	(void)state;
	FOR_EACH_GROUP(g)
	{
		struct numbers n;

		if (g->kind != EMRTD_GROUP_EC)
			continue;
		n = numbers_of(g);
		/* the twist: x of no point, y^2 = -(x^3 + ax + b), or any */
		find_x(&n, 1, false);
		if (BN_mod_word(n.p, 4) == 3) {
			BN_sub(n.y, n.p, n.right);
			assert_non_null(BN_mod_sqrt(n.y, n.y, n.p, n.ctx));
		} else {
			BN_set_word(n.y, 7);
		}
		assert_refused(g, point_of(g, n.x, n.y, buf));
		/* another b: of order 2 there; the curve has no such point */
		find_x(&n, 2, true);
		BN_zero(n.y);
		assert_refused(g, point_of(g, n.x, n.y, buf));
		/* the right x, y + 1 */
		assert_non_null(BN_mod_sqrt(n.y, n.right, n.p, n.ctx));
		assert_ok(
		    emrtd_group_check(crypto, g, point_of(g, n.x, n.y, buf)));
		BN_add_word(n.y, 1);
		assert_refused(g, point_of(g, n.x, n.y, buf));
		BN_sub_word(n.y, 1);
		/* x + p is the same number, but no coordinate; where it fits */
		BN_add(n.x, n.x, n.p);
		if ((size_t)BN_num_bytes(n.x) <= g->field_len)
			assert_refused(g, point_of(g, n.x, n.y, buf));
		numbers_free(&n);
		/* generators of the other curves */
		FOR_EACH_GROUP(other)
		{
			EC_GROUP *curve;
			size_t len;

			if (other->kind != EMRTD_GROUP_EC || other == g)
				continue;
			curve = curve_of(other);
			len = EC_POINT_point2oct(curve,
			    EC_GROUP_get0_generator(curve),
			    POINT_CONVERSION_UNCOMPRESSED, buf, sizeof(buf),
			    NULL);
			assert_refused(g, emrtd_bytes(buf, len));
			EC_GROUP_free(curve);
		}
	}
}

/* Compressed and hybrid ones, every length but the right one. */
static void
points_in_other_forms(void **state)
{
	const struct emrtd_group *g;
	uint8_t buf[EMRTD_ELEMENT_MAX] = { 0 };

	(void)state;
	FOR_EACH_GROUP(g)
	{
		static const point_conversion_form_t forms[] = {
			POINT_CONVERSION_COMPRESSED, POINT_CONVERSION_HYBRID
		};
		EC_GROUP *curve;
		size_t len = 1 + 2 * g->field_len;

		if (g->kind != EMRTD_GROUP_EC)
			continue;
		curve = curve_of(g);
		for (size_t i = 0; i < 2; i++) {
			size_t got = EC_POINT_point2oct(curve,
			    EC_GROUP_get0_generator(curve), forms[i], buf,
			    sizeof(buf), NULL);

			assert_true(got > 0);
			assert_refused(g, emrtd_bytes(buf, got));
		}
		EC_POINT_point2oct(curve, EC_GROUP_get0_generator(curve),
		    POINT_CONVERSION_UNCOMPRESSED, buf, sizeof(buf), NULL);
		for (size_t n = 0; n < len + 3; n++) {
			if (n != len)
				assert_refused(g, emrtd_bytes(buf, n));
		}
		EC_GROUP_free(curve);
	}
}

/* ---- DH ------------------------------------------------------------------- */

static void
assert_number_refused(const struct emrtd_group *g, const BIGNUM *y)
{
	uint8_t buf[EMRTD_ELEMENT_MAX + 8];
	int len = BN_bn2bin(y, buf);

	assert_refused(g, emrtd_bytes(buf, (size_t)len));
	if ((size_t)len < g->field_len) {
		assert_int_equal(BN_bn2binpad(y, buf, (int)g->field_len),
		    g->field_len);
		assert_refused(g, emrtd_bytes(buf, g->field_len));
	}
}

static void
numbers_at_the_edges(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	FOR_EACH_GROUP(g)
	{
		BIGNUM *y, *p;

		if (g->kind != EMRTD_GROUP_DH)
			continue;
		p = number_of(g->p);
		y = BN_new();
		for (unsigned i = 0; i < 2; i++) {
			BN_set_word(y, i);
			assert_number_refused(g, y);
			/* p, p + 1 */
			BN_add(y, y, p);
			assert_number_refused(g, y);
		}
		BN_sub(y, p, BN_value_one());
		assert_number_refused(g, y);
		/* g + p is g, if it fits; g + 256^n is longer */
		BN_free(y);
		y = number_of(g->g);
		BN_set_bit(y, (int)(8 * g->field_len));
		assert_number_refused(g, y);
		assert_refused(g, emrtd_bytes(NULL, 0));
		BN_free(y);
		BN_free(p);
	}
}

/* Zeros in front of g up to the length of p, and one more. */
static void
lengths_of_numbers(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	FOR_EACH_GROUP(g)
	{
		uint8_t buf[EMRTD_ELEMENT_MAX + 1] = { 0 };

		if (g->kind != EMRTD_GROUP_DH)
			continue;
		assert_int_equal(g->g.len, g->field_len);
		memcpy(buf + 1, g->g.ptr, g->g.len);
		assert_ok(emrtd_group_check(crypto, g, g->g));
		assert_refused(g, emrtd_bytes(buf, g->field_len + 1));
	}
}

/* x^((p-1)/r) is of order r, a small factor of the cofactor. */
static void
numbers_outside_the_subgroup(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	FOR_EACH_GROUP(g)
	{
		BN_CTX *ctx = BN_CTX_new();
		BIGNUM *p, *q, *e = BN_new(), *y = BN_new();
		unsigned n_orders = 0, n = 0;

		if (g->kind != EMRTD_GROUP_DH) {
			BN_free(e);
			BN_free(y);
			BN_CTX_free(ctx);
			continue;
		}
		p = number_of(g->p);
		q = number_of(g->q);
		for (BN_ULONG r = 2; r < 3000; r++) {
			BN_sub(e, p, BN_value_one());
			if (BN_div_word(e, r) != 0)
				continue;
			BN_set_word(y, 5);
			BN_mod_exp(y, y, e, p, ctx);
			if (BN_is_one(y))
				continue;
			assert_number_refused(g, y);
			n_orders++;
		}
		assert_true(n_orders > 0);
		/* small numbers, judged by Euler's criterion for q */
		for (BN_ULONG small = 2; small < 50; small++) {
			BN_set_word(y, small);
			BN_mod_exp(e, y, q, p, ctx);
			if (BN_is_one(e))
				continue;
			assert_number_refused(g, y);
			n++;
		}
		assert_true(n > 0);
		BN_free(p);
		BN_free(q);
		BN_free(e);
		BN_free(y);
		BN_CTX_free(ctx);
	}
}

/* ---- Leading zeros -------------------------------------------------------- */

/* Z of both sides, in both directions, and the keys that come of it. */
static void
assert_agreement(const struct emrtd_group *g, const uint8_t *ours,
    const uint8_t *theirs, struct emrtd_element *z)
{
	struct emrtd_element our_key, their_key, other;

	assert_ok(emrtd_group_public_key(crypto, g, NULL, ours, &our_key));
	assert_ok(emrtd_group_public_key(crypto, g, NULL, theirs, &their_key));
	assert_ok(emrtd_group_agree(crypto, g, ours,
	    emrtd_element_wire(g, &their_key), z));
	assert_ok(emrtd_group_agree(crypto, g, theirs,
	    emrtd_element_wire(g, &our_key), &other));
	assert_bytes(emrtd_bytes(z->bytes, z->len),
	    emrtd_bytes(other.bytes, other.len));
	assert_int_equal(emrtd_shared_secret(g, z).len, g->field_len);
}

static void
leading_zeros(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	FOR_EACH_GROUP(g)
	{
		struct group_walk *walk = group_walk_new(g);
		uint8_t ours[EMRTD_FIELD_MAX], theirs[EMRTD_FIELD_MAX];
		size_t x = g->kind == EMRTD_GROUP_EC ? 1 : 0;
		struct emrtd_element key, z, back;
		struct emrtd_bytes wire;

		/* of the secret */
		some_private(g, theirs);
		assert_ok(
		    emrtd_group_public_key(crypto, g, NULL, theirs, &key));
		group_walk_to_zero(walk, &key, 1000, x, ours);
		assert_agreement(g, ours, theirs, &z);
		assert_int_equal(emrtd_shared_secret(g, &z).ptr[0], 0);
		/* of a public key: x, then y; on the wire and back */
		for (size_t at = x; at < 2 * g->field_len; at += g->field_len) {
			group_walk_to_zero(walk, NULL, 2000, at, theirs);
			assert_agreement(g, ours, theirs, &z);
			assert_ok(emrtd_group_public_key(crypto, g, NULL,
			    theirs, &key));
			assert_int_equal(key.bytes[at], 0);
			wire = emrtd_element_wire(g, &key);
			if (g->kind == EMRTD_GROUP_DH)
				assert_true(wire.len < g->field_len &&
					    wire.ptr[0] != 0);
			assert_true(emrtd_element_read(g, wire, &back));
			assert_bytes(emrtd_bytes(back.bytes, back.len),
			    emrtd_bytes(key.bytes, key.len));
			if (g->kind == EMRTD_GROUP_DH)
				break;
		}
		group_walk_free(walk);
	}
}

static int
setup(void **state)
{
	return setup_crypto_in(&crypto, state);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_point_at_all),
		cmocka_unit_test(points_elsewhere),
		cmocka_unit_test(points_in_other_forms),
		cmocka_unit_test(numbers_at_the_edges),
		cmocka_unit_test(lengths_of_numbers),
		cmocka_unit_test(numbers_outside_the_subgroup),
		cmocka_unit_test(leading_zeros),
	};

	return cmocka_run_group_tests(tests, setup, teardown_crypto);
}
