#include "core/builder.h"
#include "core/oid.h"
#include "crypto/agreement_key.h"
#include "emrtd_test.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <stdlib.h>

#define EC_KEY       "1.2.840.10045.2.1"
#define STANDARDISED "0.4.0.127.0.7.1.2"
#define X942         "1.2.840.10046.2.1"
#define PKCS3        "1.2.840.113549.1.3.1"

#define N_GROUPS 14

static struct emrtd_crypto *crypto;

/* A SubjectPublicKeyInfo in the making. */
struct made {
	uint8_t buf[4096];
	struct emrtd_out out;
	uint8_t algorithm_buf[2048];
	struct emrtd_out algorithm;
};

static void
put_number(struct emrtd_out *out, const BIGNUM *n, unsigned zeros)
{
	uint8_t buf[1024];
	struct emrtd_out content = emrtd_out(buf, sizeof(buf));
	int len = BN_num_bytes(n);

	/* a sign octet where DER wants one, and more where a state does */
	emrtd_put_fill(&content, 0,
	    zeros + (len == 0 || BN_num_bits(n) % 8 == 0));
	BN_bn2bin(n, emrtd_put_space(&content, (size_t)len + (len == 0)));
	assert_false(content.bad);
	emrtd_put_tlv(out, 0x02,
	    emrtd_bytes(content.ptr, content.len - (len == 0)));
}

static BIGNUM *
bn(struct emrtd_bytes bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);

	assert_non_null(n);
	return n;
}

/* AlgorithmIdentifier: the OID, and parameters as a whole object. */
static void
begin_algorithm(struct made *m, const char *oid, struct emrtd_bytes parameters)
{
	size_t mark;

	m->algorithm = emrtd_out(m->algorithm_buf, sizeof(m->algorithm_buf));
	mark = emrtd_open(&m->algorithm, 0x30);
	emrtd_put_oid(&m->algorithm, oid);
	emrtd_put(&m->algorithm, parameters);
	emrtd_close(&m->algorithm, mark);
	assert_false(m->algorithm.bad);
}

static struct emrtd_bytes
end_spki(struct made *m, struct emrtd_bytes key)
{
	size_t mark, bits;

	m->out = emrtd_out(m->buf, sizeof(m->buf));
	mark = emrtd_open(&m->out, 0x30);
	emrtd_put(&m->out, emrtd_out_bytes(&m->algorithm));
	bits = emrtd_open(&m->out, 0x03);
	emrtd_put_u8(&m->out, 0);
	emrtd_put(&m->out, key);
	emrtd_close(&m->out, bits);
	emrtd_close(&m->out, mark);
	assert_false(m->out.bad);
	return emrtd_out_bytes(&m->out);
}

/* ---- The known groups in every form --------------------------------------- */

static EC_GROUP *
curve_of(const struct emrtd_group *g)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(OBJ_sn2nid(g->ossl_name));

	assert_non_null(curve);
	return curve;
}

static bool
form_named(const struct emrtd_group *g, struct made *m)
{
	uint8_t buf[32];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	if (g->kind != EMRTD_GROUP_EC)
		return false;
	emrtd_put_oid(&out, g->oid);
	begin_algorithm(m, EC_KEY, emrtd_out_bytes(&out));
	return true;
}

static bool
form_explicit(const struct emrtd_group *g, struct made *m)
{
	unsigned char *der = NULL;
	EC_GROUP *curve;
	int len;

	if (g->kind != EMRTD_GROUP_EC)
		return false;
	curve = curve_of(g);
	EC_GROUP_set_asn1_flag(curve, OPENSSL_EC_EXPLICIT_CURVE);
	len = i2d_ECPKParameters(curve, &der);
	assert_true(len > 100);
	begin_algorithm(m, EC_KEY, emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	EC_GROUP_free(curve);
	return true;
}

static bool
form_standardised(const struct emrtd_group *g, struct made *m)
{
	uint8_t id[3] = { 0x02, 0x01, g->id };

	begin_algorithm(m, STANDARDISED, emrtd_bytes(id, sizeof(id)));
	return true;
}

/* p, g and q or none, with leading zeros; then whatever bytes follow. */
static void
dh_algorithm(struct made *m, const char *oid, const BIGNUM *p, const BIGNUM *g,
    const BIGNUM *q, unsigned zeros, struct emrtd_bytes rest)
{
	uint8_t buf[2048];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	size_t mark = emrtd_open(&out, 0x30);

	put_number(&out, p, zeros);
	put_number(&out, g, zeros);
	if (q != NULL)
		put_number(&out, q, zeros);
	emrtd_put(&out, rest);
	emrtd_close(&out, mark);
	begin_algorithm(m, oid, emrtd_out_bytes(&out));
}

static bool
known_dh(const struct emrtd_group *row, struct made *m, bool x942,
    unsigned zeros, struct emrtd_bytes rest)
{
	BIGNUM *p, *q, *g;

	if (row->kind != EMRTD_GROUP_DH)
		return false;
	p = bn(row->p);
	q = bn(row->q);
	g = bn(row->g);
	dh_algorithm(m, x942 ? X942 : PKCS3, p, g, x942 ? q : NULL, zeros,
	    rest);
	BN_free(p);
	BN_free(q);
	BN_free(g);
	return true;
}

static bool
form_x942(const struct emrtd_group *g, struct made *m)
{
	return known_dh(g, m, true, 0, emrtd_bytes(NULL, 0));
}

/* A cofactor and how p was found may follow; leading zeros as states do it. */
static bool
form_x942_long(const struct emrtd_group *g, struct made *m)
{
	static const uint8_t rest[] = { 0x02, 0x01, 0x05, 0x30, 0x07, 0x03,
		0x02, 0x00, 0xAA, 0x02, 0x01, 0x07 };

	return known_dh(g, m, true, 3, emrtd_bytes(rest, sizeof(rest)));
}

static bool
form_pkcs3(const struct emrtd_group *g, struct made *m)
{
	return known_dh(g, m, false, 0, emrtd_bytes(NULL, 0));
}

static bool
form_pkcs3_long(const struct emrtd_group *g, struct made *m)
{
	static const uint8_t bits[] = { 0x02, 0x02, 0x01, 0x00 };

	return known_dh(g, m, false, 1, emrtd_bytes(bits, sizeof(bits)));
}

typedef bool (*form_fn)(const struct emrtd_group *g, struct made *m);

static const form_fn forms[] = { form_named, form_explicit, form_standardised,
	form_x942, form_x942_long, form_pkcs3, form_pkcs3_long };

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

/* As it stands in the BIT STRING. */
static struct emrtd_bytes
encode_key(const struct emrtd_group *g, const struct emrtd_element *key,
    uint8_t *buf, size_t cap)
{
	struct emrtd_out out = emrtd_out(buf, cap);
	BIGNUM *y;

	if (g->kind == EMRTD_GROUP_EC)
		return emrtd_bytes(key->bytes, key->len);
	y = bn(emrtd_bytes(key->bytes, key->len));
	put_number(&out, y, 0);
	BN_free(y);
	return emrtd_out_bytes(&out);
}

/* A key of the group, of the private key 1234...: any will do. */
static void
some_key(const struct emrtd_group *g, struct emrtd_element *key)
{
	uint8_t k[EMRTD_FIELD_MAX] = { 0 };

	memset(k + 1, 0x35, g->order_len - 1);
	assert_ok(emrtd_group_public_key(crypto, g, NULL, k, key));
}

static enum emrtd_error
parse(struct emrtd_bytes spki, struct emrtd_agreement_key *out)
{
	struct emrtd_diag diag;
	enum emrtd_error error;

	emrtd_diag_init(&diag);
	error = emrtd_agreement_key_parse(crypto, spki, &diag, out);
	assert_int_equal(diag.error, error);
	if (error != EMRTD_OK) {
		assert_non_null(diag.what);
		assert_non_null(diag.clause);
	}
	return error;
}

static void
assert_refused(struct emrtd_bytes spki)
{
	struct emrtd_agreement_key key;

	assert_error(parse(spki, &key), EMRTD_E_KEY);
}

static void
known_groups_in_every_form(void **state)
{
	static struct made m;
	struct emrtd_agreement_key got;
	struct emrtd_element key;
	uint8_t buf[1024];
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);

		some_key(g, &key);
		for (size_t f = 0; f < N_FORMS; f++) {
			if (!forms[f](g, &m))
				continue;
			n++;
			assert_ok(parse(end_spki(&m, encode_key(g, &key, buf,
							 sizeof(buf))),
			    &got));
			assert_ptr_equal(got.group, g);
			assert_bytes(emrtd_bytes(got.key.bytes, got.key.len),
			    emrtd_bytes(key.bytes, key.len));
			assert_ptr_equal(emrtd_group_by_parameters(crypto,
					     emrtd_out_bytes(&m.algorithm)),
			    g);
		}
	}
	assert_int_equal(n, 3 * 5 + 11 * 3);
}

/* A byte of the algorithm changed, dropped or added: no known group. */
static void
parameters_that_are_not_quite(void **state)
{
	static struct made m;
	static uint8_t copy[2048];
	struct emrtd_bytes a;

	(void)state;
	for (size_t f = 0; f < N_FORMS; f++) {
		for (size_t i = 0; i < emrtd_group_count(); i += 5) {
			const struct emrtd_group *g = emrtd_group_at(i);

			if (forms[f] == form_standardised || !forms[f](g, &m))
				continue;
			a = emrtd_out_bytes(&m.algorithm);
			memcpy(copy, a.ptr, a.len);
			for (size_t at = 4; at < a.len; at += 7) {
				const struct emrtd_group *found;

				copy[at] ^= 0x01;
				found = emrtd_group_by_parameters(crypto,
				    emrtd_bytes(copy, a.len));
				/* what follows q, a version */
				if (found != NULL)
					assert_ptr_equal(found, g);
				assert_null(emrtd_group_by_parameters(crypto,
				    emrtd_bytes(copy, at)));
				copy[at] ^= 0x01;
			}
			copy[a.len] = 0;
			assert_null(emrtd_group_by_parameters(crypto,
			    emrtd_bytes(copy, a.len + 1)));
		}
	}
}

/* ---- Real chips ----------------------------------------------------------- */

static void
real_chips(void **state)
{
	enum {
		SUITE,
		SPKI,
		ID,
		PRIVATE,
		PUBLIC,
		K_ENC,
		K_MAC
	};
	struct vectors *vectors = vectors_open("tests/vectors/chip_keys.txt");
	struct vector v;
	unsigned n = 0;

	(void)state;
	for (; vectors_next(vectors, &v); n++) {
		const struct emrtd_suite *suite = suite_by_name(v.words[SUITE]);
		uint8_t spki[1024], private_key[EMRTD_FIELD_MAX];
		uint8_t key[EMRTD_KEY_MAX], want[EMRTD_ELEMENT_MAX];
		struct emrtd_agreement_key chip;
		struct emrtd_element element;
		struct emrtd_bytes z;

		assert_ok(
		    parse(hex_bytes(v.words[SPKI], spki, sizeof(spki)), &chip));
		assert_int_equal(chip.group->id, atoi(v.words[ID]));
		assert_int_equal(vector_hex(v.words[PRIVATE], private_key,
				     sizeof(private_key)),
		    chip.group->order_len);
		assert_ok(emrtd_group_public_key(crypto, chip.group, NULL,
		    private_key, &element));
		assert_bytes(emrtd_element_wire(chip.group, &element),
		    hex_bytes(v.words[PUBLIC], want, sizeof(want)));
		assert_ok(emrtd_group_agree(crypto, chip.group, private_key,
		    emrtd_bytes(chip.key.bytes, chip.key.len), &element));
		z = emrtd_shared_secret(chip.group, &element);
		assert_ok(emrtd_kdf(crypto, suite, z, EMRTD_KDF_ENC, key));
		assert_bytes(emrtd_bytes(key, suite->key_len),
		    hex_bytes(v.words[K_ENC], want, sizeof(want)));
		assert_ok(emrtd_kdf(crypto, suite, z, EMRTD_KDF_MAC, key));
		assert_bytes(emrtd_bytes(key, suite->key_len),
		    hex_bytes(v.words[K_MAC], want, sizeof(want)));
	}
	assert_int_equal(n, 4);
	vectors_close(vectors);
}

/* ---- Parameters of the chip's own ------------------------------------------- */

struct numbers {
	BIGNUM *p, *g, *q;
};

static void
numbers_free(struct numbers *n)
{
	BN_free(n->p);
	BN_free(n->g);
	BN_free(n->q);
}

/* RFC 3526 or 7919: p a safe prime, g = 2 of order (p - 1) / 2. */
static struct numbers
safe_prime(BIGNUM *(*prime)(BIGNUM *))
{
	struct numbers n = { prime(NULL), BN_new(), BN_new() };

	assert_int_equal(BN_set_word(n.g, 2), 1);
	assert_int_equal(BN_rshift1(n.q, n.p), 1);
	return n;
}

/* p and q of RFC 5114 2.1 with another generator, its square. */
static struct numbers
other_generator(void)
{
	const struct emrtd_group *row = emrtd_group_by_id(0);
	struct numbers n = { bn(row->p), bn(row->g), bn(row->q) };
	BN_CTX *ctx = BN_CTX_new();

	assert_int_equal(BN_mod_sqr(n.g, n.g, n.p, ctx), 1);
	BN_CTX_free(ctx);
	return n;
}

/* The SubjectPublicKeyInfo with y as the key. */
static struct emrtd_bytes
dh_spki(struct made *m, bool x942, const struct numbers *n, const BIGNUM *y)
{
	uint8_t buf[1024];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	dh_algorithm(m, x942 ? X942 : PKCS3, n->p, n->g, x942 ? n->q : NULL, 0,
	    emrtd_bytes(NULL, 0));
	put_number(&out, y, 0);
	return end_spki(m, emrtd_out_bytes(&out));
}

/* Both sides of an agreement over it: a key of ours, the chip's being g. */
static void
assert_works(const struct numbers *n, bool x942)
{
	static struct made m;
	struct emrtd_agreement_key chip;
	struct emrtd_element public_key, shared;
	uint8_t k[EMRTD_FIELD_MAX] = { 0 };

	assert_ok(parse(dh_spki(&m, x942, n, n->g), &chip));
	assert_ptr_equal(chip.group, &chip.own);
	assert_int_equal(chip.group->id, EMRTD_GROUP_NO_ID);
	assert_int_equal(chip.group->field_len, BN_num_bytes(n->p));
	assert_int_equal(chip.group->order_len, BN_num_bytes(n->q));
	/* PACE takes known parameters alone */
	assert_null(
	    emrtd_group_by_parameters(crypto, emrtd_out_bytes(&m.algorithm)));
	k[chip.group->order_len - 1] = 5;
	assert_ok(
	    emrtd_group_public_key(crypto, chip.group, NULL, k, &public_key));
	/* g is the public key of 1: the secret is our own public key */
	assert_ok(emrtd_group_agree(crypto, chip.group, k,
	    emrtd_bytes(chip.key.bytes, chip.key.len), &shared));
	assert_int_equal(shared.len, BN_num_bytes(n->p));
	assert_memory_equal(shared.bytes, public_key.bytes, shared.len);
}

static void
sound_parameters_of_its_own(void **state)
{
	struct numbers n = safe_prime(BN_get_rfc3526_prime_2048);

	(void)state;
	assert_works(&n, true);
	assert_works(&n, false);
	numbers_free(&n);
	n = safe_prime(BN_get_rfc3526_prime_4096);
	assert_works(&n, false);
	numbers_free(&n);
	n = other_generator();
	assert_works(&n, true);
	numbers_free(&n);
}

static void
assert_unsound(bool x942, const struct numbers *n)
{
	static struct made m;

	assert_refused(dh_spki(&m, x942, n, n->g));
}

/* Each with one number changed. */
static void
unsound_parameters(void **state)
{
	struct numbers good = other_generator(), n;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *last = BN_new(), *odd = BN_new();

	(void)state;
	/* g of order 1 and 2, and out of the subgroup: 2 is */
	assert_int_equal(BN_sub(last, good.p, BN_value_one()), 1);
	n = good;
	n.g = last;
	assert_unsound(true, &n);
	assert_int_equal(BN_set_word(last, 1), 1);
	assert_unsound(true, &n);
	assert_int_equal(BN_set_word(last, 2), 1);
	assert_unsound(true, &n);
	/* q that does not divide; too short, though it divides; composite */
	n = good;
	n.q = odd;
	assert_int_equal(BN_add(odd, good.q, BN_value_one()), 1);
	assert_unsound(true, &n);
	assert_int_equal(BN_set_word(odd, 3), 1);
	assert_unsound(true, &n);
	assert_int_equal(BN_rshift1(odd, good.p), 1);
	assert_unsound(true, &n);
	/* without q p would have to be a safe prime */
	assert_unsound(false, &good);
	/* p even; p and q composite by their smallest factor */
	n = safe_prime(BN_get_rfc3526_prime_2048);
	assert_int_equal(BN_add_word(n.p, 1), 1);
	assert_unsound(false, &n);
	assert_int_equal(BN_add_word(n.p, 1), 1);
	assert_unsound(false, &n);
	numbers_free(&n);
	/* below and above the bounds */
	n = safe_prime(BN_get_rfc2409_prime_768);
	assert_unsound(false, &n);
	assert_unsound(true, &n);
	numbers_free(&n);
	n = safe_prime(BN_get_rfc3526_prime_6144);
	assert_unsound(false, &n);
	assert_unsound(true, &n);
	numbers_free(&n);
	BN_free(last);
	BN_free(odd);
	numbers_free(&good);
	BN_CTX_free(ctx);
}

/* 2^k mod p of RFC 3526 is in the subgroup, p - 2^k is not. */
static void
dh_keys_that_are_none(void **state)
{
	static struct made m;
	struct numbers n = safe_prime(BN_get_rfc3526_prime_2048);
	struct emrtd_agreement_key key;
	BIGNUM *y = BN_new();
	static const uint8_t not_integers[][4] = { { 0x04, 0x01, 0x02, 0 },
		{ 0x02, 0x01, 0x82, 0 }, { 0x02, 0x00, 0, 0 },
		{ 0x02, 0x01, 0x04, 0x00 } };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(BN_set_word(y, i), 1);
		assert_refused(dh_spki(&m, false, &n, y));
	}
	assert_int_equal(BN_set_word(y, 4), 1);
	assert_ok(parse(dh_spki(&m, false, &n, y), &key));
	for (unsigned i = 0; i < 4; i++) {
		/* the last one is 4 with a byte after it */
		assert_refused(end_spki(&m,
		    emrtd_bytes(not_integers[i], 4 - (i == 2) * 2)));
	}
	assert_int_equal(BN_sub(y, n.p, y), 1);
	assert_refused(dh_spki(&m, false, &n, y));
	for (int i = -1; i < 2; i++) {
		assert_non_null(BN_copy(y, n.p));
		assert_int_equal(i < 0 ? BN_sub_word(y, 1)
				       : BN_add_word(y, (BN_ULONG)i),
		    1);
		assert_refused(dh_spki(&m, false, &n, y));
	}
	/* p + 4 is 4, and longer than p times 256 */
	assert_int_equal(BN_add_word(y, 3), 1);
	assert_refused(dh_spki(&m, false, &n, y));
	assert_int_equal(BN_lshift(y, n.p, 8), 1);
	assert_int_equal(BN_add_word(y, 4), 1);
	assert_refused(dh_spki(&m, false, &n, y));
	BN_free(y);
	numbers_free(&n);
}

/* ---- Curves --------------------------------------------------------------- */

/* Explicit parameters out of OpenSSL's curve, written by hand. */
struct curve_numbers {
	BIGNUM *p, *a, *b, *order, *cofactor;
	uint8_t generator[EMRTD_ELEMENT_MAX];
	size_t generator_len;
	bool no_cofactor;
	unsigned zeros;
};

static void
put_octets(struct emrtd_out *out, const BIGNUM *n, size_t len)
{
	uint8_t buf[128];

	assert_int_equal(BN_bn2binpad(n, buf, (int)len), len);
	emrtd_put_tlv(out, 0x04, emrtd_bytes(buf, len));
}

static void
explicit_curve(struct made *m, const struct curve_numbers *c)
{
	uint8_t buf[1024];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	size_t mark = emrtd_open(&out, 0x30), inner;
	size_t len = (size_t)BN_num_bytes(c->p) + c->zeros;

	put_number(&out, BN_value_one(), c->zeros);
	inner = emrtd_open(&out, 0x30);
	emrtd_put_oid(&out, "1.2.840.10045.1.1");
	put_number(&out, c->p, c->zeros);
	emrtd_close(&out, inner);
	inner = emrtd_open(&out, 0x30);
	put_octets(&out, c->a, len);
	put_octets(&out, c->b, len);
	emrtd_close(&out, inner);
	emrtd_put_tlv(&out, 0x04, emrtd_bytes(c->generator, c->generator_len));
	put_number(&out, c->order, c->zeros);
	if (!c->no_cofactor)
		put_number(&out, c->cofactor, c->zeros);
	emrtd_close(&out, mark);
	begin_algorithm(m, EC_KEY, emrtd_out_bytes(&out));
}

static struct curve_numbers
numbers_of(const EC_GROUP *curve, point_conversion_form_t form)
{
	struct curve_numbers c = { .p = BN_new(),
		.a = BN_new(),
		.b = BN_new(),
		.order = BN_dup(EC_GROUP_get0_order(curve)),
		.cofactor = BN_dup(EC_GROUP_get0_cofactor(curve)) };

	assert_int_equal(EC_GROUP_get_curve(curve, c.p, c.a, c.b, NULL), 1);
	c.generator_len = EC_POINT_point2oct(curve,
	    EC_GROUP_get0_generator(curve), form, c.generator,
	    sizeof(c.generator), NULL);
	return c;
}

static void
curve_free(struct curve_numbers *c)
{
	BN_free(c->p);
	BN_free(c->a);
	BN_free(c->b);
	BN_free(c->order);
	BN_free(c->cofactor);
}

static const struct emrtd_group *
found(const struct curve_numbers *c)
{
	static struct made m;

	explicit_curve(&m, c);
	return emrtd_group_by_parameters(crypto, emrtd_out_bytes(&m.algorithm));
}

/* Leading zeros, no cofactor, a compressed generator: the same curve. */
static void
explicit_curves(void **state)
{
	(void)state;
	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);
		struct curve_numbers c;
		EC_GROUP *curve;

		if (g->kind != EMRTD_GROUP_EC)
			continue;
		curve = curve_of(g);
		c = numbers_of(curve, POINT_CONVERSION_COMPRESSED);
		assert_ptr_equal(found(&c), g);
		curve_free(&c);
		c = numbers_of(curve, POINT_CONVERSION_UNCOMPRESSED);
		for (c.zeros = 0; c.zeros < 3; c.zeros++)
			assert_ptr_equal(found(&c), g);
		c.zeros = 0;
		c.no_cofactor = true;
		assert_ptr_equal(found(&c), g);
		c.no_cofactor = false;
		/* one number changed: another curve, or none */
		for (unsigned which = 0; which < 5; which++) {
			BIGNUM *n[] = { c.p, c.a, c.b, c.order, c.cofactor };

			assert_int_equal(BN_add_word(n[which], 2), 1);
			assert_null(found(&c));
			assert_int_equal(BN_sub_word(n[which], 2), 1);
		}
		c.generator[c.generator_len - 1] ^= 1;
		assert_null(found(&c));
		curve_free(&c);
		EC_GROUP_free(curve);
	}
}

/* Sound, but of no use to whoever cannot count its points. */
static void
a_curve_that_we_do_not_know(void **state)
{
	static struct made m;
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_secp256k1);
	struct curve_numbers c = numbers_of(curve,
	    POINT_CONVERSION_UNCOMPRESSED);
	static const uint8_t oid[] = { 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00,
		0x0A };

	(void)state;
	explicit_curve(&m, &c);
	assert_refused(end_spki(&m, emrtd_bytes(c.generator, c.generator_len)));
	begin_algorithm(&m, EC_KEY, emrtd_bytes(oid, sizeof(oid)));
	assert_refused(end_spki(&m, emrtd_bytes(c.generator, c.generator_len)));
	curve_free(&c);
	EC_GROUP_free(curve);
}

static void
ids_that_are_reserved(void **state)
{
	static struct made m;
	uint8_t id[4] = { 0x02, 0x01 };

	(void)state;
	for (unsigned i = 3; i < 256; i++) {
		if (emrtd_group_by_id(i) != NULL)
			continue;
		id[2] = (uint8_t)i;
		begin_algorithm(&m, STANDARDISED, emrtd_bytes(id, 3));
		assert_refused(end_spki(&m, emrtd_bytes(id, 3)));
	}
	/* 269 is 13 for whoever looks at the last byte */
	id[1] = 2;
	id[2] = 1;
	id[3] = 13;
	begin_algorithm(&m, STANDARDISED, emrtd_bytes(id, 4));
	assert_refused(end_spki(&m, emrtd_bytes(id, 3)));
}

/* Points: compressed ones are taken, whatever is none is not. */
static void
points(void **state)
{
	static struct made m;
	uint8_t bytes[EMRTD_ELEMENT_MAX + 2] = { 0 };

	(void)state;
	for (size_t i = 0; i < emrtd_group_count(); i++) {
		const struct emrtd_group *g = emrtd_group_at(i);
		struct emrtd_agreement_key got;
		struct emrtd_element key;

		if (!form_named(g, &m))
			continue;
		some_key(g, &key);
		memcpy(bytes, key.bytes, key.len);
		bytes[0] = 2 + (key.bytes[key.len - 1] & 1);
		assert_ok(
		    parse(end_spki(&m, emrtd_bytes(bytes, 1 + g->field_len)),
			&got));
		assert_bytes(emrtd_bytes(got.key.bytes, got.key.len),
		    emrtd_bytes(key.bytes, key.len));
		for (unsigned form = 0; form < 256; form++) {
			bytes[0] = (uint8_t)form;
			if (form != 4)
				assert_refused(
				    end_spki(&m, emrtd_bytes(bytes, key.len)));
			if (form != 2 && form != 3)
				assert_refused(end_spki(&m,
				    emrtd_bytes(bytes, 1 + g->field_len)));
		}
		bytes[0] = 4;
		for (size_t n = 0; n < key.len + 2; n++) {
			if (n != key.len)
				assert_refused(
				    end_spki(&m, emrtd_bytes(bytes, n)));
		}
		bytes[key.len - 1] ^= 1;
		assert_refused(end_spki(&m, emrtd_bytes(bytes, key.len)));
	}
}

/* Cut anywhere, or with something after it. */
static void
broken_keys(void **state)
{
	static struct made m;
	const struct emrtd_group *g = emrtd_group_by_id(13);
	struct emrtd_bytes spki;
	struct emrtd_element key;
	static const uint8_t rsa[] = { 0x05, 0x00 };

	(void)state;
	some_key(g, &key);
	for (size_t f = 0; f < 3; f++) {
		assert_true(forms[f](g, &m));
		spki = end_spki(&m, emrtd_bytes(key.bytes, key.len));
		for (size_t n = 0; n < spki.len; n++)
			assert_refused(emrtd_bytes(spki.ptr, n));
		m.buf[spki.len] = 0;
		assert_refused(emrtd_bytes(spki.ptr, spki.len + 1));
	}
	begin_algorithm(&m, EC_KEY, emrtd_bytes(NULL, 0));
	assert_refused(end_spki(&m, emrtd_bytes(key.bytes, key.len)));
	begin_algorithm(&m, "1.2.840.113549.1.1.1",
	    emrtd_bytes(rsa, sizeof(rsa)));
	assert_refused(end_spki(&m, emrtd_bytes(key.bytes, key.len)));
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
		cmocka_unit_test(known_groups_in_every_form),
		cmocka_unit_test(parameters_that_are_not_quite),
		cmocka_unit_test(real_chips),
		cmocka_unit_test(sound_parameters_of_its_own),
		cmocka_unit_test(unsound_parameters),
		cmocka_unit_test(dh_keys_that_are_none),
		cmocka_unit_test(explicit_curves),
		cmocka_unit_test(a_curve_that_we_do_not_know),
		cmocka_unit_test(ids_that_are_reserved),
		cmocka_unit_test(points),
		cmocka_unit_test(broken_keys),
	};

	return cmocka_run_group_tests(tests, setup, teardown_crypto);
}
