#include "test.h"

#include <mrz/mrz.h>
#include <string.h>

/* Each number of an enum has a name of its own; a number outside has one
 * that claims nothing. */
#define ASSERT_NAMES(type, count, function)                   \
	do {                                                  \
		for (int i = 0; i < (int)(count); i++) {      \
			const char *name = function((type)i); \
			assert_non_null(name);                \
			assert_true(strlen(name) > 0);        \
			for (int j = 0; j < i; j++)           \
				assert_string_not_equal(name, \
				    function((type)j));       \
		}                                             \
		assert_non_null(function((type)(count)));     \
		assert_non_null(function((type)-1));          \
	} while (0)

static void
names_are_unique(void **state)
{
	(void)state;
	ASSERT_NAMES(enum mrz_error, MRZ_N_ERRORS, mrz_error_name);
	ASSERT_NAMES(enum mrz_error, MRZ_N_ERRORS, mrz_error_text);
	ASSERT_NAMES(enum mrz_verdict, MRZ_N_VERDICTS, mrz_verdict_name);
	ASSERT_NAMES(enum mrz_status, MRZ_N_STATUSES, mrz_status_name);
	ASSERT_NAMES(enum mrz_reason, MRZ_N_REASONS, mrz_reason_name);
	ASSERT_NAMES(enum mrz_field_id, MRZ_N_FIELDS, mrz_field_name);
	ASSERT_NAMES(enum mrz_check_id, MRZ_N_CHECKS, mrz_check_name);
}

static void
what_is_unknown_claims_nothing(void **state)
{
	struct mrz_doc doc;

	(void)state;
	assert_string_equal(mrz_verdict_name((enum mrz_verdict)99), "not_run");
	assert_string_equal(mrz_status_name((enum mrz_status)99), "rejected");
	assert_false(mrz_check_is_finding((enum mrz_check_id)99));
	assert_int_equal(mrz_error_class((enum mrz_error)99), MRZ_CLASS_USAGE);
	memset(&doc, 0, sizeof(doc));
	assert_string_equal(mrz_status_name(doc.status), "rejected");
	assert_string_equal(mrz_verdict_name(doc.fields[0].verdict), "not_run");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(what_is_unknown_claims_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
