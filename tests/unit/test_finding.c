/* The table of deviations, and how they are kept. */
#include "core/finding.h"
#include "test.h"
#include "vectors.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a page of emrtd-report has room for. */
#define TESTS_MAX 16

static bool
is_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") ==
		   strlen(name) &&
	       strchr(name, '.') != NULL && strlen(name) > 5 &&
	       name[strlen(name) - 1] != '.';
}

/* LDS_A_01 to LDS_K_04, ISO7816_B_10: units of TR-03105-5.1. */
static bool
is_test_id(const char *id, size_t len)
{
	static const char *const units[] = { "LDS_", "ISO7816_" };

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(units[i]);

		if (len == n + 4 && strncmp(id, units[i], n) == 0 &&
		    id[n] >= 'A' && id[n] <= 'K' && id[n + 1] == '_' &&
		    isdigit((unsigned char)id[n + 2]) &&
		    isdigit((unsigned char)id[n + 3]))
			return true;
	}
	return false;
}

static size_t
count_tests(const char *name, const char *tests)
{
	size_t count = 0;

	while (*tests != '\0') {
		size_t len = strcspn(tests, " ");

		if (!is_test_id(tests, len))
			fail_msg("%s: '%s' is no list of test ids", name,
			    tests);
		tests += len;
		if (*tests == ' ')
			assert_true(*++tests != '\0');
		count++;
	}
	return count;
}

/* What a row claims to be about is driven, and says so, in sweep_tr03105. */
static void
tests_are_in_the_sweep(void **state)
{
	uint8_t *bytes;
	size_t len;

	(void)state;
	bytes = test_read_file("tests/vectors/tr03105_lds.tsv", &len);
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *a = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		for (const char *id = a->tests; *id != '\0';) {
			int n = (int)strcspn(id, " ");
			char row[32];

			snprintf(row, sizeof(row), "\n%.*s\t", n, id);
			if (strstr((const char *)bytes, row) == NULL)
				fail_msg("%s: the sweep has no %.*s", a->name,
				    n, id);
			id += n + (id[n] == ' ');
		}
	}
	free(bytes);
}

static void
rows_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *a = emrtd_finding_info(
		    (enum emrtd_finding_id)i);
		size_t len = strlen(a->text);

		if (!is_name(a->name))
			fail_msg("'%s' is no name", a->name);
		if (len < 12 || a->text[len - 1] == '.')
			fail_msg("%s: '%s' is no sentence without a full stop",
			    a->name, a->text);
		if (strlen(a->clause) < 8)
			fail_msg("%s has no clause", a->name);
		/* A document is refused where the test plan says so, and where
		 * a file cannot be read as what it is. */
		if (count_tests(a->name, a->tests) == 0 &&
		    a->strict == EMRTD_STRICT_FAILS &&
		    strstr(a->name, ".malformed") == NULL)
			fail_msg("%s fails, and no test wants it", a->name);
		if (count_tests(a->name, a->tests) > TESTS_MAX)
			fail_msg("%s has more than %d tests", a->name,
			    TESTS_MAX);
		for (int k = i + 1; k < EMRTD_N_FINDINGS; k++)
			assert_string_not_equal(a->name,
			    emrtd_finding_info((enum emrtd_finding_id)k)->name);
	}
	assert_string_equal(
	    emrtd_finding_info((enum emrtd_finding_id)EMRTD_N_FINDINGS)->name,
	    "?");
}

static void
policies_have_names(void **state)
{
	enum emrtd_policy policy = EMRTD_POLICY_STRICT;

	(void)state;
	assert_true(emrtd_policy_by_name("field", &policy));
	assert_int_equal(policy, EMRTD_POLICY_FIELD);
	assert_true(emrtd_policy_by_name("strict", &policy));
	assert_int_equal(policy, EMRTD_POLICY_STRICT);
	assert_false(emrtd_policy_by_name("", &policy));
	assert_false(emrtd_policy_by_name("stric", &policy));
	assert_false(emrtd_policy_by_name("STRICT", &policy));
	assert_int_equal(policy, EMRTD_POLICY_STRICT);
	assert_string_equal(emrtd_policy_name(EMRTD_POLICY_FIELD), "field");
	assert_string_equal(emrtd_policy_name(EMRTD_POLICY_STRICT), "strict");
	assert_string_equal(emrtd_policy_name((enum emrtd_policy)9), "?");
}

/* Of a kind the first stays; what a document says cannot act. */
static void
details_are_cut_and_cleaned(void **state)
{
	static struct emrtd_findings f;
	const enum emrtd_finding_id id = EMRTD_FINDING_FILE_COM_SOD;
	char longer[EMRTD_FINDING_DETAIL_CAP + 9];

	(void)state;
	memset(&f, 0, sizeof(f));
	emrtd_finding_add(&f, id, "DG\x1b[3\xff\x7f~ ");
	assert_true(f.there[id]);
	assert_string_equal(f.detail[id], "DG?[3??~ ");
	emrtd_finding_add(&f, id, "another");
	assert_string_equal(f.detail[id], "DG?[3??~ ");

	memset(&f, 0, sizeof(f));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	emrtd_finding_add(&f, id, longer);
	assert_int_equal(strlen(f.detail[id]), EMRTD_FINDING_DETAIL_CAP - 1);

	memset(&f, 0, sizeof(f));
	emrtd_finding_add(&f, id, NULL);
	assert_true(f.there[id]);
	assert_string_equal(f.detail[id], "");
	emrtd_finding_add(&f, (enum emrtd_finding_id)EMRTD_N_FINDINGS, "x");
	emrtd_finding_add(NULL, id, "x");
	for (int i = 0; i < EMRTD_N_FINDINGS; i++)
		assert_int_equal(f.there[i], i == (int)id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(tests_are_in_the_sweep),
		cmocka_unit_test(policies_have_names),
		cmocka_unit_test(details_are_cut_and_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
