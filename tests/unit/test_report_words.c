/* No check, file or verdict of the library is without plain words. */
#include "report_words.h"
#include "test.h"

#include <emrtd/lds.h>

#include <string.h>

static void
checks_have_words(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		const char *id = emrtd_check_info((enum emrtd_check_id)i)->name;
		const struct report_check_words *words = report_check_words(
		    report_text(id));

		assert_non_null(words);
		assert_string_equal(words->id, id);
		assert_true(strlen(words->title) > 0);
		assert_true(strlen(words->passed) > 0);
		assert_true(strlen(words->failed) > 0);
		assert_true(strlen(words->undetermined) > 0);
		/* Words of our own go into the page as they are. */
		assert_null(strpbrk(words->title, "<>&\""));
		assert_null(strpbrk(words->passed, "<>&\""));
		assert_null(strpbrk(words->failed, "<>&\""));
		assert_null(strpbrk(words->undetermined, "<>&\""));
		assert_int_not_equal(report_group_of(report_text(id)),
		    GROUP_OTHER);
	}
	assert_null(report_check_words(report_text("pa.hash.dg17")));
	assert_int_equal(report_group_of(report_text("next.year")),
	    GROUP_OTHER);
	assert_int_equal(report_group_of((struct report_text){ .ptr = NULL }),
	    GROUP_OTHER);
}

/* A title says which check it is. */
static void
titles_differ(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		for (int k = 0; k < i; k++) {
			enum emrtd_check_id a = (enum emrtd_check_id)i;
			enum emrtd_check_id b = (enum emrtd_check_id)k;

			assert_string_not_equal(
			    report_check_words(
				report_text(emrtd_check_info(a)->name))
				->title,
			    report_check_words(
				report_text(emrtd_check_info(b)->name))
				->title);
		}
	}
}

/* What passed alone is green; what nobody looked at is grey. */
static void
verdicts_look_as_they_are(void **state)
{
	(void)state;
	for (int i = 0; i <= EMRTD_ABORTED; i++) {
		enum emrtd_verdict v = (enum emrtd_verdict)i;
		const struct report_verdict_words *words = report_verdict_words(
		    v);

		assert_int_equal(strcmp(words->css, "good") == 0,
		    v == EMRTD_PASSED);
		assert_int_equal(strcmp(words->css, "bad") == 0,
		    v == EMRTD_FAILED || v == EMRTD_ABORTED);
		assert_int_equal(strcmp(words->icon, "check") == 0,
		    v == EMRTD_PASSED);
	}
	assert_string_equal(report_verdict_words((enum emrtd_verdict)99)->css,
	    "none");
}

static void
files_have_words(void **state)
{
	static const char *const reserved[] = { "EF.DG6", "EF.DG8", "EF.DG9",
		"EF.DG10" };

	(void)state;
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		const char *name = emrtd_file_name((enum emrtd_file)i);
		bool may_lack = false;

		for (size_t k = 0; k < sizeof(reserved) / sizeof(*reserved);
		     k++)
			may_lack |= strcmp(name, reserved[k]) == 0;
		assert_true(
		    may_lack || report_file_words(report_text(name)) != NULL);
	}
}

/* Errors after which a headline alone does not say what to do. */
static void
errors_have_advice(void **state)
{
	static const enum emrtd_error errors[] = { EMRTD_E_ACCESS_BLOCKED,
		EMRTD_E_LAST_TRY, EMRTD_E_ACCESS_POLICY, EMRTD_E_NO_PASSWORD,
		EMRTD_E_NO_READER, EMRTD_E_BUSY, EMRTD_E_DEADLINE, EMRTD_E_MAC,
		EMRTD_E_SM_PLAIN };

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		assert_non_null(report_error_advice(
		    report_text(emrtd_error_name(errors[i]))));
	assert_null(report_error_advice(report_text("SIGNATURE")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_have_words),
		cmocka_unit_test(titles_differ),
		cmocka_unit_test(verdicts_look_as_they_are),
		cmocka_unit_test(files_have_words),
		cmocka_unit_test(errors_have_advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
