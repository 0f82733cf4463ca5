/*
 * What the checks add up to. A false 'authentic' or 'genuine' lets a forged
 * passport through, so every row is tried with every verdict, by its public
 * name: the rules here are docs/CHECKS.md and design, not the code's table.
 */
#include "core/diag.h"
#include "data.h"
#include "result/result.h"
#include "test.h"

#include <string.h>

static const enum emrtd_verdict all_verdicts[] = { EMRTD_NOT_RUN, EMRTD_PASSED,
	EMRTD_FAILED, EMRTD_NOT_OFFERED, EMRTD_UNDETERMINED, EMRTD_ABORTED };
#define N_VERDICTS (sizeof(all_verdicts) / sizeof(*all_verdicts))

/* Without each of these nobody can call data authentic. */
static const char *const needed[] = { "pa.sod_signature",
	"pa.signed_attributes", "pa.chain", "pa.ds_validity",
	"pa.csca_validity", "pa.issuer_country", "pa.hash.dg1" };

static bool
is_needed(const char *name)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (strcmp(name, needed[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_pa(const char *name)
{
	return strncmp(name, "pa.", 3) == 0;
}

/* A document like most: DG1 and DG2 read and signed, a chip without proof. */
static void
good(struct emrtd_result *r)
{
	memset(r, 0, sizeof(*r));
	r->on_chip = true;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		const char *name =
		    emrtd_check_info((enum emrtd_check_id)i)->name;

		r->checks[i].verdict = is_needed(name) ? EMRTD_PASSED
						       : EMRTD_NOT_OFFERED;
	}
	r->checks[EMRTD_CHECK_PA_HASH_DG2].verdict = EMRTD_PASSED;
}

static void
zero_is_undetermined(void **state)
{
	struct emrtd_result r;

	(void)state;
	memset(&r, 0, sizeof(r));
	assert_int_equal(emrtd_result_data(&r), EMRTD_DATA_UNDETERMINED);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_UNDETERMINED);
	assert_int_equal(emrtd_result_overall(&r), EMRTD_OVERALL_UNDETERMINED);
	assert_false(emrtd_result_any_failed(&r));
}

static void
good_is_authentic_data_only(void **state)
{
	struct emrtd_result r;

	(void)state;
	good(&r);
	assert_int_equal(emrtd_result_data(&r), EMRTD_DATA_AUTHENTIC);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_NOT_OFFERED);
	assert_int_equal(emrtd_result_overall(&r),
	    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
}

/* What one row says of the data, all others being good. */
static enum emrtd_data_verdict
expected_data(const char *name, enum emrtd_verdict v)
{
	/* EF.COM is an unsigned index: its faults are told, no more. */
	if (!is_pa(name) || strcmp(name, "pa.com_sod") == 0)
		return EMRTD_DATA_AUTHENTIC;
	if (v == EMRTD_FAILED)
		return EMRTD_DATA_FAILED;
	if (is_needed(name))
		return v == EMRTD_PASSED ? EMRTD_DATA_AUTHENTIC
					 : EMRTD_DATA_UNDETERMINED;
	return v == EMRTD_UNDETERMINED || v == EMRTD_ABORTED
		   ? EMRTD_DATA_UNDETERMINED
		   : EMRTD_DATA_AUTHENTIC;
}

static void
every_row_with_every_verdict(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		const char *name =
		    emrtd_check_info((enum emrtd_check_id)i)->name;

		for (size_t k = 0; k < N_VERDICTS; k++) {
			struct emrtd_result r;

			good(&r);
			r.checks[i].verdict = all_verdicts[k];
			if (emrtd_result_data(&r) !=
			    expected_data(name, all_verdicts[k]))
				fail_msg("%s %s: data %s", name,
				    emrtd_verdict_name(all_verdicts[k]),
				    emrtd_data_verdict_name(
					emrtd_result_data(&r)));
			assert_int_equal(emrtd_result_any_failed(&r),
			    all_verdicts[k] == EMRTD_FAILED);
		}
	}
}

static enum emrtd_chip_verdict
expected_chip(const enum emrtd_verdict v[3], bool authentic)
{
	size_t passed = 0, failed = 0, not_offered = 0;

	for (size_t i = 0; i < 3; i++) {
		passed += v[i] == EMRTD_PASSED;
		failed += v[i] == EMRTD_FAILED;
		not_offered += v[i] == EMRTD_NOT_OFFERED;
	}
	if (failed > 0)
		return EMRTD_CHIP_FAILED;
	if (passed > 0)
		return authentic ? EMRTD_CHIP_GENUINE : EMRTD_CHIP_UNDETERMINED;
	return not_offered == 3 ? EMRTD_CHIP_NOT_OFFERED
				: EMRTD_CHIP_UNDETERMINED;
}

/* All combinations of the three proofs, with and without authentic data. */
static void
chip_needs_a_proof_over_authentic_data(void **state)
{
	(void)state;
	for (size_t n = 0; n < N_VERDICTS * N_VERDICTS * N_VERDICTS * 2; n++) {
		enum emrtd_verdict v[3] = {
			all_verdicts[n % N_VERDICTS],
			all_verdicts[n / N_VERDICTS % N_VERDICTS],
			all_verdicts[n / N_VERDICTS / N_VERDICTS % N_VERDICTS]
		};
		bool authentic = n < N_VERDICTS * N_VERDICTS * N_VERDICTS;
		struct emrtd_result r;
		enum emrtd_overall_verdict all;

		good(&r);
		r.checks[EMRTD_CHECK_CHIP_CA].verdict = v[0];
		r.checks[EMRTD_CHECK_CHIP_AA].verdict = v[1];
		r.checks[EMRTD_CHECK_CHIP_CAM].verdict = v[2];
		if (!authentic)
			r.checks[EMRTD_CHECK_PA_CHAIN].verdict =
			    EMRTD_UNDETERMINED;
		all = emrtd_result_overall(&r);
		assert_int_equal(emrtd_result_chip(&r),
		    expected_chip(v, authentic));
		if (all == EMRTD_OVERALL_GENUINE ||
		    all == EMRTD_OVERALL_AUTHENTIC_DATA_ONLY)
			assert_true(authentic);
		if (all == EMRTD_OVERALL_GENUINE)
			assert_int_equal(emrtd_result_chip(&r),
			    EMRTD_CHIP_GENUINE);
	}
}

static void
failed_wins(void **state)
{
	struct emrtd_result r;

	(void)state;
	good(&r);
	r.checks[EMRTD_CHECK_CHIP_CA].verdict = EMRTD_PASSED;
	assert_int_equal(emrtd_result_overall(&r), EMRTD_OVERALL_GENUINE);
	r.checks[EMRTD_CHECK_CHIP_AA].verdict = EMRTD_FAILED;
	assert_int_equal(emrtd_result_overall(&r), EMRTD_OVERALL_FAILED);
	good(&r);
	r.checks[EMRTD_CHECK_PA_HASH_DG2].verdict = EMRTD_FAILED;
	assert_int_equal(emrtd_result_overall(&r), EMRTD_OVERALL_FAILED);
}

/* The document's own dates change neither verdict. */
static void
expiry_is_a_check_of_its_own(void **state)
{
	struct emrtd_result r;

	(void)state;
	good(&r);
	r.checks[EMRTD_CHECK_DOC_VALIDITY].verdict = EMRTD_FAILED;
	assert_int_equal(emrtd_result_overall(&r),
	    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
	assert_true(emrtd_result_any_failed(&r));
}

/* What was not seen any more may be forged. */
static void
an_early_end_is_never_authentic(void **state)
{
	struct emrtd_result r;

	(void)state;
	good(&r);
	r.diag.error = EMRTD_E_CARD_LOST;
	assert_int_equal(emrtd_result_data(&r), EMRTD_DATA_UNDETERMINED);
	r.checks[EMRTD_CHECK_PA_HASH_DG1].verdict = EMRTD_FAILED;
	assert_int_equal(emrtd_result_data(&r), EMRTD_DATA_FAILED);
}

static void
every_outcome_has_a_reason(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		for (size_t k = 0; k < N_VERDICTS; k++) {
			struct emrtd_result r;
			char reason[EMRTD_REASON_CAP];

			good(&r);
			r.checks[i].verdict = all_verdicts[k];
			assert_true(strlen(emrtd_result_reason(&r)) > 20);
			emrtd_result_check_reason(&r, (enum emrtd_check_id)i,
			    reason);
			assert_int_equal(reason[0] == '\0',
			    all_verdicts[k] == EMRTD_PASSED);
		}
	}
}

/* One sentence, or what was being done, what it came to, and details. */
static void
reasons_of_parts(void **state)
{
	static const struct {
		const char *what, *detail;
		enum emrtd_error error;
		uint16_t sw;
		const char *want;
	} rows[] = {
		{ "a certificate", "", EMRTD_OK, 0, "a certificate" },
		{ "a certificate", "of DG2", EMRTD_OK, 0,
		    "a certificate: of DG2" },
		{ "a file", "too long", EMRTD_E_MALFORMED, 0x6A82,
		    "a file: malformed data: too long (status word 6A82)" },
		{ NULL, "", EMRTD_E_REVOKED, 0, "the certificate was revoked" },
		{ NULL, "the signer was revoked on 2026-05-20", EMRTD_E_REVOKED,
		    0, "the signer was revoked on 2026-05-20" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_result r;
		struct emrtd_diag diag;
		char reason[EMRTD_REASON_CAP];

		good(&r);
		assert_int_equal(emrtd_fail(&diag, rows[i].error, rows[i].what,
				     NULL),
		    rows[i].error);
		emrtd_diag_detail(&diag, rows[i].detail);
		emrtd_diag_sw(&diag, rows[i].sw);
		emrtd_check_set_diag(&r, EMRTD_CHECK_PA_CHAIN, EMRTD_FAILED,
		    &diag);
		emrtd_result_check_reason(&r, EMRTD_CHECK_PA_CHAIN, reason);
		assert_string_equal(reason, rows[i].want);
	}
}

static void
names_are_unique_and_whole(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		const struct emrtd_check_info *a = emrtd_check_info(
		    (enum emrtd_check_id)i);

		assert_true(strlen(a->name) > 4 && strlen(a->title) > 4 &&
			    strlen(a->clause) > 4);
		for (int k = i + 1; k < EMRTD_N_CHECKS; k++)
			assert_string_not_equal(a->name,
			    emrtd_check_info((enum emrtd_check_id)k)->name);
	}
	assert_string_equal(
	    emrtd_check_info((enum emrtd_check_id)EMRTD_N_CHECKS)->name, "?");
	assert_string_equal(emrtd_verdict_name((enum emrtd_verdict)99),
	    "not_run");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_is_undetermined),
		cmocka_unit_test(good_is_authentic_data_only),
		cmocka_unit_test(every_row_with_every_verdict),
		cmocka_unit_test(chip_needs_a_proof_over_authentic_data),
		cmocka_unit_test(failed_wins),
		cmocka_unit_test(expiry_is_a_check_of_its_own),
		cmocka_unit_test(an_early_end_is_never_authentic),
		cmocka_unit_test(every_outcome_has_a_reason),
		cmocka_unit_test(reasons_of_parts),
		cmocka_unit_test(names_are_unique_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
