/*
 * What the rules make of a document when all cryptography agrees: every
 * signature verifies and the hash of anything is zeros (open_signature.c).
 * Input: document_of_input.h. It is judged under both policies, twice, and
 * without trust; whatever the files say,
 *
 *   the same input gives the same rows and deviations;
 *   a row that failed in the field fails under strict, one that passed under
 *   strict passes in the field, and both know the same deviations;
 *   authentic data have passed every row that they need, and failed none but
 *   those that no data hang on;
 *   nothing is authentic to who trusts nobody.
 */
#include "document_of_input.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As docs/CHECKS.md has them, whatever the library's own table says. */
static const enum emrtd_check_id needed[] = {
	EMRTD_CHECK_PA_SOD_SIGNATURE,
	EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
	EMRTD_CHECK_PA_CHAIN,
	EMRTD_CHECK_PA_DS_VALIDITY,
	EMRTD_CHECK_PA_CSCA_VALIDITY,
	EMRTD_CHECK_PA_ISSUER_COUNTRY,
	EMRTD_CHECK_PA_HASH_DG1,
};

static bool
bears_on_data(enum emrtd_check_id id)
{
	return strncmp(emrtd_check_info(id)->name, "pa.", 3) == 0 &&
	       id != EMRTD_CHECK_PA_COM_SOD;
}

static enum emrtd_verdict
row(const struct emrtd_result *result, size_t id)
{
	return emrtd_result_check(result, (enum emrtd_check_id)id)->verdict;
}

static struct emrtd_result *
judge(const struct document_input *input, enum emrtd_policy policy,
    const struct emrtd_trust *trust)
{
	struct emrtd_verify_options options = input->options;
	struct emrtd_result *result;

	options.policy = policy;
	options.trust = trust;
	fuzz_require(
	    emrtd_verify_files(fuzz_ctx_once(), &options, &result) == EMRTD_OK);
	fuzz_require(emrtd_result_policy(result) == policy);
	return result;
}

static void
check_authentic(const struct emrtd_result *result)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		fuzz_require(row(result, needed[i]) == EMRTD_PASSED);
	for (size_t i = 0; i < EMRTD_N_CHECKS; i++)
		fuzz_require(!bears_on_data((enum emrtd_check_id)i) ||
			     row(result, i) != EMRTD_FAILED);
}

/* What one result must be, whatever it was made of. */
static void
check_one(const struct document_input *input, const struct emrtd_result *result)
{
	struct emrtd_bytes dg2 = emrtd_result_file(result, EMRTD_DG2);
	enum emrtd_data_verdict data = emrtd_result_data(result);
	struct emrtd_face face;

	if (data == EMRTD_DATA_AUTHENTIC)
		check_authentic(result);
	if (emrtd_result_chip(result) == EMRTD_CHIP_GENUINE)
		fuzz_require(input->options.challenge != NULL &&
			     data == EMRTD_DATA_AUTHENTIC);
	if (emrtd_result_overall(result) == EMRTD_OVERALL_GENUINE)
		fuzz_require(emrtd_result_chip(result) == EMRTD_CHIP_GENUINE);
	if (emrtd_result_face(result, &face))
		fuzz_require(
		    face.image.ptr >= dg2.ptr &&
		    face.image.ptr + face.image.len <= dg2.ptr + dg2.len);
	fuzz_check_record(result, input->mode);
}

static void
check_same_findings(const struct emrtd_result *a, const struct emrtd_result *b)
{
	struct emrtd_finding x = { .size = sizeof(x) },
			     y = { .size = sizeof(y) };
	size_t i = 0;

	while (emrtd_result_finding(a, i, &x)) {
		fuzz_require(emrtd_result_finding(b, i, &y) && x.id == y.id);
		i++;
	}
	fuzz_require(!emrtd_result_finding(b, i, &y));
}

static void
check_same(const struct emrtd_result *a, const struct emrtd_result *b)
{
	for (size_t i = 0; i < EMRTD_N_CHECKS; i++)
		fuzz_require(row(a, i) == row(b, i));
	check_same_findings(a, b);
}

/* Strict is never better. */
static void
check_policies(const struct emrtd_result *field,
    const struct emrtd_result *strict)
{
	for (size_t i = 0; i < EMRTD_N_CHECKS; i++) {
		if (row(field, i) == EMRTD_FAILED)
			fuzz_require(row(strict, i) == EMRTD_FAILED);
		if (row(strict, i) == EMRTD_PASSED)
			fuzz_require(row(field, i) == EMRTD_PASSED);
	}
	check_same_findings(field, strict);
	if (emrtd_result_data(field) == EMRTD_DATA_FAILED)
		fuzz_require(emrtd_result_data(strict) == EMRTD_DATA_FAILED);
	if (emrtd_result_data(strict) == EMRTD_DATA_AUTHENTIC)
		fuzz_require(emrtd_result_data(field) == EMRTD_DATA_AUTHENTIC);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_result *field, *again, *strict, *alone;
	struct document_input input;

	if (!document_of_input(emrtd_bytes(data, size), fuzz_ctx_once(),
		&input))
		return 0;
	field = judge(&input, EMRTD_POLICY_FIELD, input.trust);
	again = judge(&input, EMRTD_POLICY_FIELD, input.trust);
	strict = judge(&input, EMRTD_POLICY_STRICT, input.trust);
	alone = judge(&input, EMRTD_POLICY_FIELD, NULL);
	check_one(&input, field);
	check_one(&input, strict);
	check_same(field, again);
	check_policies(field, strict);
	fuzz_require(emrtd_result_data(alone) != EMRTD_DATA_AUTHENTIC);
	emrtd_result_free(&field);
	emrtd_result_free(&again);
	emrtd_result_free(&strict);
	emrtd_result_free(&alone);
	document_input_free(&input);
	return 0;
}
