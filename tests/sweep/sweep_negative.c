/*
 * The negative sweep: tests/vectors/pa_negative.tsv, a document with one thing
 * wrong a row. Whatever else the table says, none of them is authentic. And
 * pa_positive.tsv, of which all are in the field: a sweep that refused
 * everything would prove nothing.
 *
 *	sweep_negative [--write] [--only ID] [--table FILE]
 */
#include "data.h"
#include "shop.h"
#include "sweep_run.h"
#include "sweep_table.h"
#include "test.h"

#include <string.h>

#define NEGATIVE "tests/vectors/pa_negative.tsv"
#define POSITIVE "tests/vectors/pa_positive.tsv"

/* Fewer than these would be a sweep that has lost rows. */
#define NEGATIVE_MIN 380
#define POSITIVE_MIN 80

enum column {
	ID,
	BASE,
	SIGNED,
	EDITS,
	FIELD,
	STRICT,
	FINDINGS,
	N_COLUMNS
};

static enum shop_signing
signing_of(const char *word)
{
	if (strcmp(word, "issuer") == 0)
		return SHOP_ISSUER;
	if (strcmp(word, "hashes") == 0)
		return SHOP_HASHES;
	if (strcmp(word, "nobody") == 0)
		return SHOP_NOBODY;
	fail_msg("nobody is called %s", word);
	return SHOP_NOBODY;
}

/* Each base as it is issued: if this were not good, nothing would be. */
static void
test_bases(void **state)
{
	unsigned n_bad = 0;
	const char *base;

	(void)state;
	for (size_t i = 0; (base = shop_base_at(i)) != NULL; i++) {
		struct shop *shop = shop_make(base, "-", SHOP_ISSUER, NULL);

		for (int policy = 0; policy <= EMRTD_POLICY_STRICT; policy++) {
			struct shop_outcome out;

			shop_verify(shop, (enum emrtd_policy)policy, &out);
			if (out.data == EMRTD_DATA_AUTHENTIC &&
			    strcmp(out.findings, "-") == 0)
				continue;
			n_bad++;
			print_message("%s, %s: %s; %s\n", base,
			    emrtd_policy_name((enum emrtd_policy)policy),
			    out.text, out.findings);
		}
		der_release();
	}
	assert_int_equal(n_bad, 0);
}

static void
compare(const char *id, const char *what, const char *want, const char *got,
    bool same, unsigned *n_bad)
{
	if (same)
		return;
	++*n_bad;
	print_message("%s, %s: want \"%s\", got \"%s\"\n", id, what, want, got);
}

/* A good document has no deviations but those that its row is about. */
static bool
are_found(const char *path, const char *want, const char *got)
{
	return strcmp(path, POSITIVE) == 0 ? strcmp(want, got) == 0
					   : shop_has_all(want, got);
}

/* What holds whatever the table says. */
static bool
is_of_its_table(const char *path, const struct shop_outcome *field,
    const struct shop_outcome *strict)
{
	/* A policy that is strict forgives nothing that the field does not. */
	if (strict->data == EMRTD_DATA_AUTHENTIC &&
	    field->data != EMRTD_DATA_AUTHENTIC)
		return false;
	return (field->data == EMRTD_DATA_AUTHENTIC) ==
	       (strcmp(path, POSITIVE) == 0);
}

static void
check_row(struct sweep_table *table, unsigned *n_bad)
{
	static struct shop_outcome field, strict;
	char **c = table->columns;
	enum shop_signing signing = signing_of(c[SIGNED]);
	struct shop *good = NULL, *bad;
	bool lawful;

	if (signing == SHOP_HASHES)
		good = shop_make(c[BASE], "-", SHOP_ISSUER, NULL);
	bad = shop_make(c[BASE], c[EDITS], signing, good);

	shop_verify(bad, EMRTD_POLICY_FIELD, &field);
	shop_verify(bad, EMRTD_POLICY_STRICT, &strict);
	lawful = is_of_its_table(table->path, &field, &strict);
	if (!lawful) {
		++*n_bad;
		print_message("%s MUST NOT BE: field %s, strict %s, %s\n",
		    c[ID], field.text, strict.text, field.findings);
	}
	if (table->out == NULL) {
		compare(c[ID], "field", c[FIELD], field.text,
		    strcmp(c[FIELD], field.text) == 0, n_bad);
		compare(c[ID], "strict", c[STRICT], strict.text,
		    strcmp(c[STRICT], strict.text) == 0, n_bad);
		compare(c[ID], "findings", c[FINDINGS], strict.findings,
		    are_found(table->path, c[FINDINGS], strict.findings),
		    n_bad);
	}
	/* What must not be is never written down as if it were right. */
	if (lawful) {
		c[FIELD] = field.text;
		c[STRICT] = strict.text;
		c[FINDINGS] = strict.findings;
	}
	sweep_put(table);
}

static void
run_table(const char *path, unsigned rows_min)
{
	struct sweep_table table;
	unsigned n_bad = 0, n_run = 0;

	sweep_open(&table, path, sweep_run.write);
	while (sweep_next(&table, N_COLUMNS)) {
		const char *id = table.columns[ID];

		sweep_at(id);
		if (sweep_run.only != NULL && strcmp(sweep_run.only, id) != 0)
			continue;
		check_row(&table, &n_bad);
		n_run++;
		der_release();
	}
	sweep_at("");
	sweep_close(&table);
	print_message("%s: %u documents\n", path, n_run);
	assert_int_equal(n_bad, 0);
	if (sweep_run.only == NULL)
		assert_true(n_run >= rows_min);
}

/* Whose bytes are changed one by one, and under which policy. */
struct victim {
	const char *base; /* NULL: of each base */
	const char *artifact, *edits;
	enum emrtd_policy policy;
	/* Parts that no signature covers, parted by blanks. */
	const char *uncovered;
};

static const struct victim victims[] = {
	/* The certificate of the signer is in it. */
	{ NULL, "sod", "-", EMRTD_POLICY_FIELD,
	    "version digests siversion sid" },
	{ "ecdsa-named", "cs", "use files=com dg1 dg2 dg14 dg15 access cs",
	    EMRTD_POLICY_FIELD, "version digests siversion sid" },
	/* Who breaks a list that revokes gains no list that does not. */
	{ "rsa-pkcs1", "crl",
	    "use revoked=(30 (30 (02 1234) (17 '260520000000Z')))",
	    EMRTD_POLICY_STRICT, "" },
};

static bool
is_uncovered(struct shop_artifact *artifact, const char *parts, size_t at)
{
	const char *rest = parts, *part;

	while ((part = shop_next_word(&rest)) != NULL) {
		struct der_node **node = shop_target(artifact, part, "");
		size_t start;

		assert_non_null(node);
		assert_true(der_offset(artifact->root, *node, &start));
		if (at >= start && at - start < der_encode(*node).len)
			return true;
	}
	return false;
}

/* A bit of every byte. */
static unsigned
flip_bits(const char *base, const struct victim *v)
{
	struct shop *shop = shop_make(base, v->edits, SHOP_ISSUER, NULL);
	struct shop_artifact *artifact = shop_artifact(shop, v->artifact);
	struct emrtd_bytes good = shop_encoded(artifact);
	uint8_t *bytes = der_alloc(good.len);
	static struct shop_outcome out;
	unsigned n_bad = 0;

	memcpy(bytes, good.ptr, good.len);
	artifact->raw = emrtd_bytes(bytes, good.len);
	for (size_t i = 0; i < good.len; i++) {
		bytes[i] ^= (uint8_t)(1u << (i % 8));
		artifact->has_raw = true;
		shop_verify(shop, v->policy, &out);
		artifact->has_raw = false;
		bytes[i] ^= (uint8_t)(1u << (i % 8));
		if (out.data != EMRTD_DATA_AUTHENTIC ||
		    is_uncovered(artifact, v->uncovered, i))
			continue;
		n_bad++;
		print_message("%s: AUTHENTIC with another byte %zu of %s\n",
		    base, i, v->artifact);
	}
	return n_bad;
}

static void
test_every_byte(void **state)
{
	unsigned n_bad = 0;
	const char *base;

	(void)state;
	for (size_t i = 0; (base = shop_base_at(i)) != NULL; i++) {
		for (size_t k = 0; k < N_ELEMENTS(victims); k++) {
			const char *own = victims[k].base;

			if (sweep_run.only == NULL &&
			    (own == NULL || strcmp(own, base) == 0))
				n_bad += flip_bits(base, &victims[k]);
			der_release();
		}
	}
	assert_int_equal(n_bad, 0);
}

static void
test_negative(void **state)
{
	(void)state;
	run_table(sweep_run.table != NULL ? sweep_run.table : NEGATIVE,
	    NEGATIVE_MIN);
}

static void
test_positive(void **state)
{
	(void)state;
	run_table(POSITIVE, POSITIVE_MIN);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bases),
		cmocka_unit_test(test_positive),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_every_byte),
	};

	if (!sweep_arguments(argc, argv))
		return 2;
	return cmocka_run_group_tests(tests, NULL, sweep_tear_down);
}
