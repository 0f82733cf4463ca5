#include "crypto/group.h"
#include "emrtd_test.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <stdlib.h>

/* One line of group.txt. */
struct sum {
	const struct emrtd_group *group;
	const char *const *words; /* after the id */
	struct emrtd_crypto *crypto;
};

static BIGNUM *
order_of(const struct emrtd_group *g)
{
	EC_GROUP *curve;
	BIGNUM *order;

	if (g->kind == EMRTD_GROUP_DH)
		return BN_bin2bn(g->q.ptr, (int)g->q.len, NULL);
	curve = EC_GROUP_new_by_curve_name(OBJ_sn2nid(g->ossl_name));
	assert_non_null(curve);
	order = BN_dup(EC_GROUP_get0_order(curve));
	EC_GROUP_free(curve);
	return order;
}

/* Reduced modulo the order: the same public key. */
static const uint8_t *
private_key(const struct sum *s, const char *hex, uint8_t key[EMRTD_FIELD_MAX])
{
	const struct emrtd_group *g = s->group;
	BIGNUM *k = NULL, *order = order_of(g);
	BN_CTX *ctx = BN_CTX_new();

	assert_true(BN_hex2bn(&k, hex) > 0);
	assert_int_equal(BN_mod(k, k, order, ctx), 1);
	assert_int_equal(BN_bn2binpad(k, key, (int)g->order_len), g->order_len);
	BN_free(k);
	BN_free(order);
	BN_CTX_free(ctx);
	return key;
}

static void
read_element(const struct sum *s, const char *hex, struct emrtd_element *out)
{
	uint8_t buf[EMRTD_ELEMENT_MAX + 1];
	struct emrtd_bytes wire = hex_bytes(hex, buf, sizeof(buf));

	assert_true(emrtd_element_read(s->group, wire, out));
	assert_ok(emrtd_group_check(s->crypto, s->group, wire));
}

static void
assert_element(const struct sum *s, const struct emrtd_element *got,
    const char *hex)
{
	struct emrtd_element want;

	read_element(s, hex, &want);
	assert_bytes(emrtd_bytes(got->bytes, got->len),
	    emrtd_bytes(want.bytes, want.len));
}

/* Out of a random source, and given. */
static void
check_public(const struct sum *s, const struct emrtd_element *generator,
    const char *private_hex, const char *public_hex)
{
	uint8_t key[EMRTD_FIELD_MAX], drawn[EMRTD_FIELD_MAX];
	struct tape tape = { { private_key(s, private_hex, key),
	    s->group->order_len } };
	struct emrtd_random random = tape_random(&tape);
	struct emrtd_element out;

	assert_ok(
	    emrtd_group_public_key(s->crypto, s->group, generator, key, &out));
	assert_element(s, &out, public_hex);
	assert_ok(emrtd_group_keypair(s->crypto, s->group, generator, &random,
	    drawn, &out));
	assert_memory_equal(drawn, key, s->group->order_len);
	assert_element(s, &out, public_hex);
}

static void
own_generator(const struct sum *s)
{
	check_public(s, NULL, s->words[0], s->words[1]);
}

static void
mapped_generator(const struct sum *s)
{
	struct emrtd_element generator;

	read_element(s, s->words[0], &generator);
	check_public(s, &generator, s->words[1], s->words[2]);
}

static void
agree(const struct sum *s)
{
	uint8_t key[EMRTD_FIELD_MAX], buf[EMRTD_ELEMENT_MAX];
	struct emrtd_element peer, out;

	read_element(s, s->words[1], &peer);
	assert_ok(emrtd_group_agree(s->crypto, s->group,
	    private_key(s, s->words[0], key), emrtd_bytes(peer.bytes, peer.len),
	    &out));
	assert_bytes(emrtd_shared_secret(s->group, &out),
	    hex_bytes(s->words[2], buf, sizeof(buf)));
}

static void
generic(const struct sum *s)
{
	uint8_t buf[EMRTD_ELEMENT_MAX];
	struct emrtd_element h, out;

	read_element(s, s->words[1], &h);
	assert_ok(emrtd_group_map_generic(s->crypto, s->group,
	    hex_bytes(s->words[0], buf, sizeof(buf)), &h, &out));
	assert_element(s, &out, s->words[2]);
}

static void
integrated(const struct sum *s)
{
	uint8_t buf[EMRTD_ELEMENT_MAX];
	struct emrtd_element out;

	assert_ok(emrtd_group_map_integrated(s->crypto, s->group,
	    hex_bytes(s->words[0], buf, sizeof(buf)), &out));
	assert_element(s, &out, s->words[1]);
}

static const struct row {
	const char *name;
	size_t n_words;
	void (*run)(const struct sum *s);
	unsigned n_groups; /* that have a case of it */
} rows[] = {
	{ "public", 4, own_generator, 14 },
	{ "on", 5, mapped_generator, 14 },
	{ "agree", 5, agree, 14 },
	{ "generic", 5, generic, 14 },
	{ "integrated", 4, integrated, 13 },
};

static void
every_case(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vectors *vectors = vectors_open(
		    "tests/vectors/group.txt");
		bool seen[32] = { false };
		struct vector v;
		unsigned n = 0;

		while (vectors_next(vectors, &v)) {
			struct sum s = { NULL, v.words + 2, *state };

			if (strcmp(v.words[0], rows[i].name) != 0)
				continue;
			assert_int_equal(v.n_words, rows[i].n_words);
			s.group = emrtd_group_by_id((uint32_t)atoi(v.words[1]));
			assert_non_null(s.group);
			n += !seen[s.group->id];
			seen[s.group->id] = true;
			rows[i].run(&s);
		}
		assert_int_equal(n, rows[i].n_groups);
		vectors_close(vectors);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
