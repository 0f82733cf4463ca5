/*
 * Conformance: tests/vectors/tr03105_lds.tsv, what a test laboratory shows an
 * inspection system. 'success' is authentic under strict and no check that
 * failed; 'fail' is a check that failed: undetermined is not enough.
 *
 *	sweep_tr03105 [--write] [--only ID] [--table FILE]
 */
#include "shop.h"
#include "sweep_run.h"
#include "sweep_table.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define TABLE "tests/vectors/tr03105_lds.tsv"

#define TESTS 215 /* of LDS_A to LDS_K, and one of revocation */

enum column {
	ID,
	WANTED,
	BY,
	BASE,
	SIGNED,
	EDITS,
	STRICT,
	FIELD,
	FINDINGS,
	TITLE,
	REMARK,
	N_COLUMNS
};

static void
run_row(char **c, enum emrtd_policy policy, struct shop_outcome *out)
{
	enum shop_signing signing = strcmp(c[SIGNED], "nobody") == 0
					? SHOP_NOBODY
					: SHOP_ISSUER;

	if (strncmp(c[BASE], "chip", 4) == 0)
		shop_read_chip(c[BASE], c[EDITS], policy, out);
	else
		shop_verify(shop_make(c[BASE], c[EDITS], signing, NULL), policy,
		    out);
}

/* What the TR wants, by the outcome under strict. */
static bool
is_as_wanted(const char *wanted, const struct shop_outcome *strict)
{
	if (strcmp(wanted, "success") == 0)
		return strict->data == EMRTD_DATA_AUTHENTIC &&
		       !strict->any_failed;
	assert_string_equal(wanted, "fail");
	return strict->any_failed;
}

/* The finding that says that it is for this test was found. */
static bool
is_told_by(const char *id, const char *findings)
{
	bool claimed = false;

	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *info = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		if (!shop_is_in(info->tests, id))
			continue;
		claimed = true;
		if (shop_is_in(findings, info->name))
			return true;
	}
	return !claimed;
}

static void
complain(unsigned *n_bad, char **c, const char *what,
    const struct shop_outcome *strict, const struct shop_outcome *field)
{
	++*n_bad;
	print_message("%s (%s, %s): %s: strict \"%s\", field \"%s\", \"%s\"\n",
	    c[ID], c[TITLE], c[WANTED], what, strict->text, field->text,
	    strict->findings);
}

static void
check_row(struct sweep_table *table, unsigned *n_bad)
{
	static struct shop_outcome strict, field;
	char **c = table->columns;
	bool differs = strncmp(c[REMARK], "differs: ", 9) == 0;
	unsigned before;

	if (strcmp(c[WANTED], "deleted") == 0) {
		sweep_put(table);
		return;
	}
	run_row(c, EMRTD_POLICY_STRICT, &strict);
	run_row(c, EMRTD_POLICY_FIELD, &field);
	before = *n_bad;
	if (is_as_wanted(c[WANTED], &strict) == differs)
		complain(n_bad, c,
		    differs ? "is as wanted, and the remark says that it "
			      "differs"
			    : "is not as wanted",
		    &strict, &field);
	/* A policy that is strict forgives nothing that the field does not. */
	if (strict.data == EMRTD_DATA_AUTHENTIC &&
	    field.data != EMRTD_DATA_AUTHENTIC)
		complain(n_bad, c, "strict is milder", &strict, &field);
	if (strcmp(c[ID], "LDS_H_69") == 0 &&
	    (strict.face_shown || field.face_shown))
		complain(n_bad, c, "a forged face was decoded", &strict,
		    &field);
	/* A file that cannot be parsed at all fails its check before. */
	if (!is_told_by(c[ID], strict.findings) &&
	    (strict.data == EMRTD_DATA_AUTHENTIC ||
		strcmp(strict.text, "failed pa.conformance") == 0))
		complain(n_bad, c, "not told by the finding that is for it",
		    &strict, &field);
	if (table->out == NULL &&
	    (strcmp(c[STRICT], strict.text) != 0 ||
		strcmp(c[FIELD], field.text) != 0 ||
		!shop_has_all(c[FINDINGS], strict.findings)))
		complain(n_bad, c, "the table has another outcome", &strict,
		    &field);
	/* What must not be is never written down as if it were right. */
	if (*n_bad == before) {
		c[STRICT] = strict.text;
		c[FIELD] = field.text;
		c[FINDINGS] = strict.findings;
	}
	sweep_put(table);
}

static void
test_rows(void **state)
{
	struct sweep_table table;
	unsigned n_bad = 0;

	(void)state;
	sweep_open(&table, sweep_run.table != NULL ? sweep_run.table : TABLE,
	    sweep_run.write);
	while (sweep_next(&table, N_COLUMNS)) {
		const char *id = table.columns[ID];

		sweep_at(id);
		if (sweep_run.only == NULL || strcmp(sweep_run.only, id) == 0)
			check_row(&table, &n_bad);
		der_release();
	}
	sweep_at("");
	assert_int_equal(table.n_rows, TESTS);
	sweep_close(&table);
	assert_int_equal(n_bad, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	if (!sweep_arguments(argc, argv))
		return 2;
	return cmocka_run_group_tests(tests, NULL, sweep_tear_down);
}
