/*
 * Deviations and what the policies make of them: a deviation never makes a
 * verdict better, and strict is never better than field.
 */
#include "reader/pa_steps.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static const enum emrtd_verdict all_verdicts[] = { EMRTD_NOT_RUN, EMRTD_PASSED,
	EMRTD_FAILED, EMRTD_NOT_OFFERED, EMRTD_UNDETERMINED, EMRTD_ABORTED };
#define N_VERDICTS (sizeof(all_verdicts) / sizeof(*all_verdicts))

/* Every row that bears on the data passed. */
static void
sound(struct emrtd_result *r, enum emrtd_policy policy)
{
	memset(r, 0, sizeof(*r));
	r->policy = policy;
	r->on_chip = true;
	for (int i = 0; i < EMRTD_N_CHECKS; i++)
		r->checks[i].verdict = EMRTD_PASSED;
	r->checks[EMRTD_CHECK_PA_CONFORMANCE].verdict = EMRTD_NOT_RUN;
}

static void
judge(struct emrtd_result *r)
{
	struct emrtd_pa pa = { .result = r,
		.has_sod = true,
		.has_signer = true };

	emrtd_pa_check_conformance(&pa);
}

static enum emrtd_verdict
conformance(const struct emrtd_result *r)
{
	return r->checks[EMRTD_CHECK_PA_CONFORMANCE].verdict;
}

/* How good it is to whoever stands at the gate. */
static int
worth(const struct emrtd_result *r)
{
	static const int by_overall[] = {
		[EMRTD_OVERALL_FAILED] = 0,
		[EMRTD_OVERALL_UNDETERMINED] = 1,
		[EMRTD_OVERALL_AUTHENTIC_DATA_ONLY] = 2,
		[EMRTD_OVERALL_GENUINE] = 3,
	};
	static const int by_data[] = {
		[EMRTD_DATA_FAILED] = 0,
		[EMRTD_DATA_UNDETERMINED] = 1,
		[EMRTD_DATA_AUTHENTIC] = 2,
	};

	return 10 * by_data[emrtd_result_data(r)] +
	       by_overall[emrtd_result_overall(r)];
}

static void
each_finding_by_itself(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		enum emrtd_finding_id id = (enum emrtd_finding_id)i;
		const struct emrtd_finding_info *info = emrtd_finding_info(id);
		bool fails = info->strict == EMRTD_STRICT_FAILS;
		struct emrtd_finding f = { .size = sizeof(f) };
		struct emrtd_result r;
		char reason[EMRTD_REASON_CAP];

		sound(&r, EMRTD_POLICY_FIELD);
		emrtd_finding_add(&r.findings, id, "here");
		judge(&r);
		assert_int_equal(conformance(&r), EMRTD_PASSED);
		assert_int_equal(emrtd_result_data(&r), EMRTD_DATA_AUTHENTIC);
		assert_true(emrtd_result_finding(&r, 0, &f));
		assert_int_equal(f.id, id);
		assert_false(f.fails);
		emrtd_result_check_reason(&r, EMRTD_CHECK_PA_CONFORMANCE,
		    reason);
		assert_ptr_equal(strstr(reason, "they are not, and the policy "
						"tolerates it: "),
		    reason);
		assert_non_null(strstr(reason, info->text));
		assert_string_equal(reason + strlen(reason) - 6, ": here");
		assert_ptr_equal(
		    r.checks[EMRTD_CHECK_PA_CONFORMANCE].diag.clause,
		    info->clause);

		sound(&r, EMRTD_POLICY_STRICT);
		emrtd_finding_add(&r.findings, id, NULL);
		judge(&r);
		assert_int_equal(conformance(&r),
		    fails ? EMRTD_FAILED : EMRTD_PASSED);
		assert_int_equal(emrtd_result_data(&r),
		    fails ? EMRTD_DATA_FAILED : EMRTD_DATA_AUTHENTIC);
		assert_true(emrtd_result_finding(&r, 0, &f));
		assert_int_equal(f.fails, fails);
		assert_false(emrtd_result_finding(&r, 1, &f));
		emrtd_result_check_reason(&r, EMRTD_CHECK_PA_CONFORMANCE,
		    reason);
		assert_string_equal(reason + strlen(reason) -
					strlen(info->text),
		    info->text);
		if (fails)
			assert_non_null(strstr(emrtd_result_reason(&r),
			    "the policy is strict"));
	}
}

static void
none_is_conformant(void **state)
{
	struct emrtd_pa pa = { 0 };
	struct emrtd_result r;
	struct emrtd_finding f = { .size = sizeof(f) };

	(void)state;
	for (int policy = 0; policy <= EMRTD_POLICY_STRICT; policy++) {
		sound(&r, (enum emrtd_policy)policy);
		judge(&r);
		assert_int_equal(conformance(&r), EMRTD_PASSED);
		assert_null(r.checks[EMRTD_CHECK_PA_CONFORMANCE].diag.what);
		assert_false(emrtd_result_finding(&r, 0, &f));
		/* Nothing was looked at: nothing is said of it. */
		sound(&r, (enum emrtd_policy)policy);
		pa.result = &r;
		emrtd_pa_check_conformance(&pa);
		assert_int_equal(conformance(&r), EMRTD_NOT_RUN);
	}
}

/* The first that fails is named before the first that is only told. */
static void
the_worst_is_named(void **state)
{
	struct emrtd_result r;
	char reason[EMRTD_REASON_CAP], count[40];
	unsigned n = 0;

	(void)state;
	sound(&r, EMRTD_POLICY_STRICT);
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		emrtd_finding_add(&r.findings, (enum emrtd_finding_id)i, NULL);
		n++;
		judge(&r);
		emrtd_result_check_reason(&r, EMRTD_CHECK_PA_CONFORMANCE,
		    reason);
		snprintf(count, sizeof(count), "; one of %u deviations", n);
		if (n == 1)
			assert_null(strstr(reason, "one of"));
		else
			assert_non_null(strstr(reason, count));
	}
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *info = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		if (info->strict != EMRTD_STRICT_FAILS)
			continue;
		assert_ptr_equal(strstr(reason, info->text),
		    reason + strlen("they are not: "));
		return;
	}
	fail();
}

static unsigned
draw(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

/* Any rows, mostly good ones, and any deviations. */
static void
any_result(struct emrtd_result *r, uint64_t *seed)
{
	sound(r, EMRTD_POLICY_FIELD);
	r->on_chip = draw(seed, 2);
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		if (draw(seed, 40) == 0)
			r->checks[i].verdict =
			    all_verdicts[draw(seed, N_VERDICTS)];
	}
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		if (draw(seed, EMRTD_N_FINDINGS) == 0)
			emrtd_finding_add(&r->findings,
			    (enum emrtd_finding_id)i, NULL);
	}
}

static void
no_policy_and_no_finding_makes_it_better(void **state)
{
	static struct emrtd_result field, strict, more;
	uint64_t seed = 9303;
	unsigned n_worse = 0, n_authentic = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		enum emrtd_finding_id id = (enum emrtd_finding_id)draw(&seed,
		    EMRTD_N_FINDINGS);

		any_result(&field, &seed);
		strict = field;
		strict.policy = EMRTD_POLICY_STRICT;
		judge(&field);
		judge(&strict);
		assert_true(worth(&strict) <= worth(&field));
		n_worse += worth(&strict) < worth(&field);
		n_authentic += emrtd_result_data(&strict) ==
			       EMRTD_DATA_AUTHENTIC;

		more = field;
		emrtd_finding_add(&more.findings, id, "one more");
		judge(&more);
		assert_int_equal(worth(&more), worth(&field));
		more = strict;
		emrtd_finding_add(&more.findings, id, "one more");
		judge(&more);
		assert_true(worth(&more) <= worth(&strict));
	}
	/* Both sides of the rule were seen. */
	assert_true(n_worse > 1000 && n_authentic > 1000);
}

/* A row that conformance does not decide says the same under both. */
static void
every_row_under_both_policies(void **state)
{
	static struct emrtd_result field, strict;

	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		for (size_t k = 0; k < N_VERDICTS; k++) {
			sound(&field, EMRTD_POLICY_FIELD);
			field.checks[i].verdict = all_verdicts[k];
			strict = field;
			strict.policy = EMRTD_POLICY_STRICT;
			judge(&field);
			judge(&strict);
			assert_int_equal(worth(&strict), worth(&field));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_finding_by_itself),
		cmocka_unit_test(none_is_conformant),
		cmocka_unit_test(the_worst_is_named),
		cmocka_unit_test(no_policy_and_no_finding_makes_it_better),
		cmocka_unit_test(every_row_under_both_policies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
