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
	ASSERT_NAMES(enum mrz_stage, MRZ_N_STAGES, mrz_stage_name);
}

static void
what_is_unknown_claims_nothing(void **state)
{
	struct mrz_doc doc;

	(void)state;
	assert_string_equal(mrz_verdict_name((enum mrz_verdict)99), "not_run");
	assert_string_equal(mrz_status_name((enum mrz_status)99), "rejected");
	assert_false(mrz_check_is_finding((enum mrz_check_id)99));
	assert_string_equal(mrz_stage_name(MRZ_N_STAGES), "nothing");
	assert_int_equal(mrz_error_class((enum mrz_error)99), MRZ_CLASS_USAGE);
	assert_int_equal(mrz_error_class(MRZ_N_ERRORS), MRZ_CLASS_USAGE);
	memset(&doc, 0, sizeof(doc));
	assert_string_equal(mrz_status_name(doc.status), "rejected");
	assert_string_equal(mrz_verdict_name(doc.fields[0].verdict), "not_run");
}

/* Users script these words. */
static void
words_are_those_that_are_promised(void **state)
{
	static const char *const stages[] = { "nothing", "text", "alphabet",
		"layout", "characters", "digits", "dates" };
	static const struct {
		enum mrz_protection bit;
		const char *name;
	} bits[] = {
		{ MRZ_BY_DIGIT, "digit" },
		{ MRZ_BY_COMPOSITE, "composite" },
		{ MRZ_BY_ALPHABET, "alphabet" },
		{ MRZ_BY_CODE_LIST, "code_list" },
		{ MRZ_BY_CALENDAR, "calendar" },
		{ (enum mrz_protection)0, "" },
		{ (enum mrz_protection)(MRZ_BY_DIGIT | MRZ_BY_ALPHABET), "" },
	};

	(void)state;
	for (int i = 0; i < MRZ_N_STAGES; i++)
		assert_string_equal(mrz_stage_name((enum mrz_stage)i),
		    stages[i]);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		assert_string_equal(mrz_protection_name(bits[i].bit),
		    bits[i].name);
	assert_int_equal(mrz_error_class(MRZ_OK), MRZ_CLASS_NONE);
	assert_int_equal(mrz_error_class(MRZ_E_SPACE), MRZ_CLASS_RESOURCE);
	assert_int_equal(mrz_error_class(MRZ_E_DATE), MRZ_CLASS_MALFORMED);
	assert_int_equal(mrz_error_class(MRZ_E_INTERNAL), MRZ_CLASS_INTERNAL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(what_is_unknown_claims_nothing),
		cmocka_unit_test(words_are_those_that_are_promised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
