/*
 * Mappings against a second computation, written as the standard writes it
 * and with OpenSSL's ordinary arithmetic.
 */
#include "crypto/group.h"
#include "emrtd_test.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/sha.h>

#define N_RANDOM 60

static struct emrtd_crypto *crypto;

/* R(s,t) is at most 64 bits and a block longer than p, at least 64 bits. */
#define R_MAX (EMRTD_FIELD_MAX + 64)

/* Bytes that look random, the same in every run. */
static struct emrtd_bytes
some_r(unsigned seed, size_t len, uint8_t buf[R_MAX])
{
	uint8_t in[8] = { (uint8_t)seed, (uint8_t)(seed >> 8) };

	for (size_t at = 0; at < len; at += SHA256_DIGEST_LENGTH) {
		uint8_t digest[SHA256_DIGEST_LENGTH];
		size_t n = len - at < sizeof(digest) ? len - at
						     : sizeof(digest);

		in[7] = (uint8_t)(at / SHA256_DIGEST_LENGTH);
		SHA256(in, sizeof(in), digest);
		memcpy(buf + at, digest, n);
	}
	return emrtd_bytes(buf, len);
}

/* Appendix B.2 step by step; which of the two candidates it was. */
static unsigned
encode(const struct emrtd_group *g, struct emrtd_bytes r,
    struct emrtd_element *out)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(OBJ_sn2nid(g->ossl_name));
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p, *a, *b, *t, *alpha, *x2, *x3, *h2, *h3, *y;
	unsigned which;

	BN_CTX_start(ctx);
	p = BN_CTX_get(ctx);
	a = BN_CTX_get(ctx);
	b = BN_CTX_get(ctx);
	t = BN_CTX_get(ctx);
	alpha = BN_CTX_get(ctx);
	x2 = BN_CTX_get(ctx);
	x3 = BN_CTX_get(ctx);
	h2 = BN_CTX_get(ctx);
	h3 = BN_CTX_get(ctx);
	y = BN_CTX_get(ctx);
	assert_int_equal(EC_GROUP_get_curve(curve, p, a, b, ctx), 1);
	BN_bin2bn(r.ptr, (int)r.len, t);
	BN_nnmod(t, t, p, ctx);
	/* alpha = -t^2 */
	BN_mod_sqr(alpha, t, p, ctx);
	BN_sub(alpha, p, alpha);
	/* x2 = -b/a (1 + 1/(alpha + alpha^2)), x3 = alpha x2 */
	BN_mod_sqr(x2, alpha, p, ctx);
	BN_mod_add(x2, x2, alpha, p, ctx);
	assert_non_null(BN_mod_inverse(x2, x2, p, ctx));
	BN_add_word(x2, 1);
	BN_mod_mul(x2, x2, b, p, ctx);
	assert_non_null(BN_mod_inverse(y, a, p, ctx));
	BN_mod_mul(x2, x2, y, p, ctx);
	BN_sub(x2, p, x2);
	BN_mod_mul(x3, alpha, x2, p, ctx);
	/* h = x^3 + ax + b */
	BN_mod_sqr(h2, x2, p, ctx);
	BN_mod_add(h2, h2, a, p, ctx);
	BN_mod_mul(h2, h2, x2, p, ctx);
	BN_mod_add(h2, h2, b, p, ctx);
	which = BN_kronecker(h2, p, ctx) == 1 ? 2 : 3;
	/* A = h2^(p-1-(p+1)/4) */
	BN_copy(h3, p);
	BN_add_word(h3, 1);
	BN_rshift(h3, h3, 2);
	BN_sub(h3, p, h3);
	BN_sub_word(h3, 1);
	BN_mod_exp(y, h2, h3, p, ctx);
	BN_mod_mul(y, y, h2, p, ctx);
	if (which == 3) {
		/* U = t^3 h2 */
		for (unsigned i = 0; i < 3; i++)
			BN_mod_mul(y, y, t, p, ctx);
	}
	out->len = 1 + 2 * g->field_len;
	out->bytes[0] = 4;
	BN_bn2binpad(which == 2 ? x2 : x3, out->bytes + 1, (int)g->field_len);
	BN_bn2binpad(y, out->bytes + 1 + g->field_len, (int)g->field_len);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	EC_GROUP_free(curve);
	return which;
}

static void
point_encoding(void **state)
{
	const struct emrtd_group *g;
	unsigned n_groups = 0;

	(void)state;
	for (size_t i = 0; (g = emrtd_group_at(i)) != NULL; i++) {
		unsigned n[4] = { 0 };

		if (g->kind != EMRTD_GROUP_EC || !emrtd_group_can_im(g))
			continue;
		n_groups++;
		for (unsigned k = 0; k < N_RANDOM; k++) {
			struct emrtd_element want, got;
			uint8_t buf[R_MAX];
			/* from shorter than p to longer than two of it */
			size_t len = k < 20 ? g->field_len + 8 + k
					    : 3 * (size_t)k;
			struct emrtd_bytes r = some_r(k, len, buf);

			n[encode(g, r, &want)]++;
			assert_ok(
			    emrtd_group_map_integrated(crypto, g, r, &got));
			assert_bytes(emrtd_bytes(got.bytes, got.len),
			    emrtd_bytes(want.bytes, want.len));
		}
		/* both candidates were met */
		assert_true(n[2] > N_RANDOM / 5 && n[3] > N_RANDOM / 5);
	}
	assert_int_equal(n_groups, 10);
}

/* t = 0 and 1 have no encoding, P-224 has none at all. */
static void
no_point_to_encode(void **state)
{
	const struct emrtd_group *g;

	(void)state;
	for (size_t i = 0; (g = emrtd_group_at(i)) != NULL; i++) {
		struct emrtd_element out;
		uint8_t r[EMRTD_FIELD_MAX] = { 0 };

		if (g->kind != EMRTD_GROUP_EC)
			continue;
		if (!emrtd_group_can_im(g)) {
			assert_string_equal(g->name, "secp224r1");
			assert_error(emrtd_group_map_integrated(crypto, g,
					 emrtd_bytes(r, 64), &out),
			    EMRTD_E_UNSUPPORTED);
			continue;
		}
		/* 0: A * U is 0, and (0, 0) is no point, unless b is a square */
		memset(&out, 0, sizeof(out));
		if (emrtd_group_map_integrated(crypto, g, emrtd_bytes(r, 64),
			&out) == EMRTD_OK)
			assert_ok(emrtd_group_check(crypto, g,
			    emrtd_bytes(out.bytes, out.len)));
		r[63] = 1;
		if (emrtd_group_map_integrated(crypto, g, emrtd_bytes(r, 64),
			&out) == EMRTD_OK)
			assert_ok(emrtd_group_check(crypto, g,
			    emrtd_bytes(out.bytes, out.len)));
	}
}

static BIGNUM *
number_of(struct emrtd_bytes bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);

	assert_non_null(n);
	return n;
}

/* g^s * h and r^((p-1)/q). */
static void
dh_mappings(void **state)
{
	const struct emrtd_group *row;
	unsigned n_groups = 0;

	(void)state;
	for (size_t i = 0; (row = emrtd_group_at(i)) != NULL; i++) {
		BIGNUM *p, *q, *g, *s = BN_new(), *r = BN_new(), *h = BN_new();
		BN_CTX *ctx = BN_CTX_new();

		if (row->kind != EMRTD_GROUP_DH)
			goto next;
		n_groups++;
		p = number_of(row->p);
		q = number_of(row->q);
		g = number_of(row->g);
		for (unsigned k = 0; k < 12; k++) {
			struct emrtd_element got, h_element;
			uint8_t buf[R_MAX], want[EMRTD_FIELD_MAX];
			int len = (int)row->field_len;
			struct emrtd_bytes nonce = some_r(k, 8 + 4 * k, buf);

			BN_bin2bn(nonce.ptr, (int)nonce.len, s);
			BN_set_word(h, 1000 + k);
			BN_mod_exp(h, g, h, p, ctx);
			h_element.len = row->field_len;
			BN_bn2binpad(h, h_element.bytes, len);
			BN_mod_exp(r, g, s, p, ctx);
			BN_mod_mul(r, r, h, p, ctx);
			BN_bn2binpad(r, want, len);
			assert_ok(emrtd_group_map_generic(crypto, row, nonce,
			    &h_element, &got));
			assert_bytes(emrtd_bytes(got.bytes, got.len),
			    emrtd_bytes(want, row->field_len));
			/* from a byte to more than twice p */
			nonce = some_r(k, k == 0 ? 1 : 48 * (size_t)k, buf);
			BN_bin2bn(nonce.ptr, (int)nonce.len, r);
			BN_nnmod(r, r, p, ctx);
			BN_sub(s, p, BN_value_one());
			BN_div(s, NULL, s, q, ctx);
			BN_mod_exp(r, r, s, p, ctx);
			BN_bn2binpad(r, want, len);
			assert_ok(emrtd_group_map_integrated(crypto, row, nonce,
			    &got));
			assert_bytes(emrtd_bytes(got.bytes, got.len),
			    emrtd_bytes(want, row->field_len));
			assert_ok(emrtd_group_check(crypto, row,
			    emrtd_bytes(got.bytes, got.len)));
		}
		BN_free(p);
		BN_free(q);
		BN_free(g);
	next:
		BN_free(s);
		BN_free(r);
		BN_free(h);
		BN_CTX_free(ctx);
	}
	assert_int_equal(n_groups, 3);
}

/* What would map to 1, or to 0, is no generator. */
static void
dh_mappings_to_nothing(void **state)
{
	const struct emrtd_group *row;

	(void)state;
	for (size_t i = 0; (row = emrtd_group_at(i)) != NULL; i++) {
		struct emrtd_element out, h = { .len = row->field_len };
		static const uint8_t one[16] = { [15] = 1 };
		uint8_t r[EMRTD_FIELD_MAX] = { 0 };
		BIGNUM *p, *g;

		if (row->kind != EMRTD_GROUP_DH)
			continue;
		for (unsigned n = 0; n < 2; n++) {
			r[15] = (uint8_t)n;
			assert_error(emrtd_group_map_integrated(crypto, row,
					 emrtd_bytes(r, 16), &out),
			    EMRTD_E_KEY);
		}
		/* p - 1 is of order 2, p + 1 is 1 */
		memcpy(r, row->p.ptr, row->p.len);
		r[row->p.len - 1] ^= 1;
		assert_error(emrtd_group_map_integrated(crypto, row,
				 emrtd_bytes(r, row->p.len), &out),
		    EMRTD_E_KEY);
		assert_error(emrtd_group_map_integrated(crypto, row, row->p,
				 &out),
		    EMRTD_E_KEY);
		/* g^1 * h, h the inverse of g */
		p = number_of(row->p);
		g = number_of(row->g);
		assert_non_null(BN_mod_inverse(g, g, p, NULL));
		BN_bn2binpad(g, h.bytes, (int)row->field_len);
		assert_error(emrtd_group_map_generic(crypto, row,
				 emrtd_bytes(one, sizeof(one)), &h, &out),
		    EMRTD_E_KEY);
		BN_free(p);
		BN_free(g);
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
		cmocka_unit_test(point_encoding),
		cmocka_unit_test(no_point_to_encode),
		cmocka_unit_test(dh_mappings),
		cmocka_unit_test(dh_mappings_to_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown_crypto);
}
