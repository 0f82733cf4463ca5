/*
 * What a person is told of a verdict: which sentence for which rows, and the
 * words of the record.
 */
#include "result/result.h"
#include "test.h"

#include <string.h>

#define SET(r, id, v) ((r)->checks[EMRTD_CHECK_##id].verdict = EMRTD_##v)

static void
authentic(struct emrtd_result *r)
{
	memset(r, 0, sizeof(*r));
	r->files[EMRTD_EF_SOD].status = EMRTD_FILE_READ;
	SET(r, PA_SOD_SIGNATURE, PASSED);
	SET(r, PA_SIGNED_ATTRIBUTES, PASSED);
	SET(r, PA_CHAIN, PASSED);
	SET(r, PA_DS_VALIDITY, PASSED);
	SET(r, PA_CSCA_VALIDITY, PASSED);
	SET(r, PA_ISSUER_COUNTRY, PASSED);
	SET(r, PA_HASH_DG1, PASSED);
	SET(r, PA_HASH_DG14, PASSED);
}

static void
assert_says(const struct emrtd_result *r, const char *words)
{
	const char *reason = emrtd_result_reason(r);

	if (strstr(reason, words) == NULL)
		fail_msg("'%s' does not say '%s'", reason, words);
}

/* In the order in which they count: each wins over all behind it. */
static void
failed_data_have_the_gravest_reason(void **state)
{
	static const struct {
		enum emrtd_check_id id;
		const char *words;
	} rows[] = {
		{ EMRTD_CHECK_PA_SOD_SIGNATURE, "The signature over the data" },
		{ EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		    "The signature over the data" },
		{ EMRTD_CHECK_PA_HASH_DG1, "not the ones that were signed" },
		{ EMRTD_CHECK_PA_HASH_DG7, "not the ones that were signed" },
		{ EMRTD_CHECK_PA_HASH_DG16, "not the ones that were signed" },
		{ EMRTD_CHECK_PA_CHAIN, "No trusted state" },
		{ EMRTD_CHECK_PA_REVOCATION, "revoked" },
		{ EMRTD_CHECK_PA_ISSUER_COUNTRY, "by another state" },
		{ EMRTD_CHECK_PA_DOCUMENT_TYPE, "may sign this document" },
		{ EMRTD_CHECK_PA_DS_VALIDITY, "outside its dates" },
		{ EMRTD_CHECK_PA_CSCA_VALIDITY, "outside its dates" },
		{ EMRTD_CHECK_PA_CARD_ACCESS_COPY, "what the chip offers" },
		{ EMRTD_CHECK_PA_CARD_SECURITY, "file of its own key" },
		{ EMRTD_CHECK_PA_SIGNING_TIME, "when the signer's key" },
		{ EMRTD_CHECK_PA_CONFORMANCE, "the policy is strict" },
	};
	const size_t n = sizeof(rows) / sizeof(rows[0]);
	struct emrtd_result r;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		authentic(&r);
		for (size_t k = i; k < n; k++)
			r.checks[rows[k].id].verdict = EMRTD_FAILED;
		assert_says(&r, rows[i].words);
		authentic(&r);
		r.checks[rows[i].id].verdict = EMRTD_FAILED;
		assert_says(&r, rows[i].words);
	}
}

static void
undetermined_data_have_a_reason(void **state)
{
	struct emrtd_result r;

	(void)state;
	authentic(&r);
	SET(&r, PA_CSCA_VALIDITY, UNDETERMINED);
	assert_says(&r, "A check that authentic data need");
	SET(&r, PA_HASH_DG1, FAILED);
	assert_says(&r, "not the ones that were signed");
	SET(&r, PA_HASH_DG1, NOT_RUN);
	assert_says(&r, "DG1 was not read");
	SET(&r, PA_HASH_DG1, ABORTED);
	assert_says(&r, "DG1 was not read");
	SET(&r, PA_CHAIN, ABORTED);
	assert_says(&r, "DG1 was not read");
	SET(&r, PA_CHAIN, UNDETERMINED);
	assert_says(&r, "No trusted country certificate");
	r.files[EMRTD_DG1].status = EMRTD_FILE_READ;
	r.files[EMRTD_EF_SOD].status = EMRTD_FILE_ABSENT;
	assert_says(&r, "There is no security object");
	r.diag.error = EMRTD_E_CARD_LOST;
	assert_says(&r, "The reading ended");
}

static void
authentic_data_of_files(void **state)
{
	struct emrtd_result r;

	(void)state;
	authentic(&r);
	assert_says(&r, "files alone cannot prove");
	SET(&r, CHIP_AA, NOT_OFFERED);
	assert_says(&r, "files alone cannot prove");
	SET(&r, CHIP_AA, PASSED);
	assert_says(&r, "whether it did so now");
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_UNDETERMINED);
	/* A chip that proved itself in another way leaves it open, too. */
	SET(&r, CHIP_AA, NOT_RUN);
	SET(&r, CHIP_CA, PASSED);
	r.own_challenge = true;
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_UNDETERMINED);
	SET(&r, CHIP_AA, PASSED);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_GENUINE);
	assert_says(&r, "it is the original");
	SET(&r, CHIP_CA, FAILED);
	assert_says(&r, "failed to prove that it is the original");
}

static void
authentic_data_of_a_chip(void **state)
{
	struct emrtd_result r;

	(void)state;
	authentic(&r);
	r.on_chip = true;
	assert_says(&r, "did not give one");
	SET(&r, PA_HASH_DG14, NOT_OFFERED);
	assert_says(&r, "did not give one");
	SET(&r, PA_HASH_DG14, NOT_RUN);
	assert_says(&r, "stands in DG14");
	SET(&r, CHIP_CA, NOT_OFFERED);
	SET(&r, CHIP_AA, NOT_OFFERED);
	SET(&r, CHIP_CAM, NOT_OFFERED);
	assert_says(&r, "a copied chip would look the same");
	SET(&r, CHIP_AA, PASSED);
	assert_says(&r, "has proven that it is the original");
}

static void
words_of_the_record(void **state)
{
	(void)state;
#define IS(kind, v, word) \
	assert_string_equal(emrtd_##kind##_verdict_name(v), word)
	IS(data, EMRTD_DATA_UNDETERMINED, "undetermined");
	IS(data, EMRTD_DATA_AUTHENTIC, "authentic");
	IS(data, EMRTD_DATA_FAILED, "failed");
	IS(data, (enum emrtd_data_verdict)(EMRTD_DATA_FAILED + 1),
	    "undetermined");
	IS(chip, EMRTD_CHIP_UNDETERMINED, "undetermined");
	IS(chip, EMRTD_CHIP_GENUINE, "genuine");
	IS(chip, EMRTD_CHIP_FAILED, "failed");
	IS(chip, EMRTD_CHIP_NOT_OFFERED, "not_offered");
	IS(chip, (enum emrtd_chip_verdict)(EMRTD_CHIP_NOT_OFFERED + 1),
	    "undetermined");
	IS(overall, EMRTD_OVERALL_UNDETERMINED, "undetermined");
	IS(overall, EMRTD_OVERALL_GENUINE, "genuine");
	IS(overall, EMRTD_OVERALL_AUTHENTIC_DATA_ONLY, "authentic_data_only");
	IS(overall, EMRTD_OVERALL_FAILED, "failed");
	IS(overall, (enum emrtd_overall_verdict)(EMRTD_OVERALL_FAILED + 1),
	    "undetermined");
	IS(overall, (enum emrtd_overall_verdict)9, "undetermined");
#undef IS
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failed_data_have_the_gravest_reason),
		cmocka_unit_test(undetermined_data_have_a_reason),
		cmocka_unit_test(authentic_data_of_files),
		cmocka_unit_test(authentic_data_of_a_chip),
		cmocka_unit_test(words_of_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
