/*
 * What the checks add up to. Two verdicts, never one: whether the data are
 * authentic, and whether the chip is; the table says which row bears on what.
 */
#include "result/result.h"

/* Rows that authentic data need, and rows that only speak by failing. */
enum weight {
	IGNORED = 0,
	NEEDED,
	VETO
};

static const enum weight data_weight[EMRTD_N_CHECKS] = {
	[EMRTD_CHECK_PA_SOD_SIGNATURE] = NEEDED,
	[EMRTD_CHECK_PA_SIGNED_ATTRIBUTES] = NEEDED,
	[EMRTD_CHECK_PA_CHAIN] = NEEDED,
	[EMRTD_CHECK_PA_DS_VALIDITY] = NEEDED,
	[EMRTD_CHECK_PA_CSCA_VALIDITY] = NEEDED,
	[EMRTD_CHECK_PA_ISSUER_COUNTRY] = NEEDED,
	/* Without DG1 nobody knows whose document it is. */
	[EMRTD_CHECK_PA_HASH_DG1] = NEEDED,
	[EMRTD_CHECK_PA_HASH_DG2] = VETO,
	[EMRTD_CHECK_PA_HASH_DG3] = VETO,
	[EMRTD_CHECK_PA_HASH_DG4] = VETO,
	[EMRTD_CHECK_PA_HASH_DG5] = VETO,
	[EMRTD_CHECK_PA_HASH_DG6] = VETO,
	[EMRTD_CHECK_PA_HASH_DG7] = VETO,
	[EMRTD_CHECK_PA_HASH_DG8] = VETO,
	[EMRTD_CHECK_PA_HASH_DG9] = VETO,
	[EMRTD_CHECK_PA_HASH_DG10] = VETO,
	[EMRTD_CHECK_PA_HASH_DG11] = VETO,
	[EMRTD_CHECK_PA_HASH_DG12] = VETO,
	[EMRTD_CHECK_PA_HASH_DG13] = VETO,
	[EMRTD_CHECK_PA_HASH_DG14] = VETO,
	[EMRTD_CHECK_PA_HASH_DG15] = VETO,
	[EMRTD_CHECK_PA_HASH_DG16] = VETO,
	[EMRTD_CHECK_PA_REVOCATION] = VETO,
	[EMRTD_CHECK_PA_DOCUMENT_TYPE] = VETO,
	[EMRTD_CHECK_PA_CARD_ACCESS_COPY] = VETO,
	[EMRTD_CHECK_PA_CARD_SECURITY] = VETO,
	[EMRTD_CHECK_PA_SIGNING_TIME] = VETO,
	[EMRTD_CHECK_PA_CONFORMANCE] = VETO,
};

static const enum emrtd_check_id chip_proofs[] = {
	EMRTD_CHECK_CHIP_CA,
	EMRTD_CHECK_CHIP_AA,
	EMRTD_CHECK_CHIP_CAM,
};
#define N_CHIP_PROOFS (sizeof(chip_proofs) / sizeof(*chip_proofs))

enum emrtd_data_verdict
emrtd_result_data(const struct emrtd_result *result)
{
	/* What a reading that ended early did not see may be forged. */
	enum emrtd_data_verdict data = result->diag.error == EMRTD_OK
					   ? EMRTD_DATA_AUTHENTIC
					   : EMRTD_DATA_UNDETERMINED;

	for (size_t i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_verdict v = result->checks[i].verdict;

		if (data_weight[i] == IGNORED)
			continue;
		if (v == EMRTD_FAILED)
			return EMRTD_DATA_FAILED;
		/* A veto row may be silent, but not undecided. */
		if (data_weight[i] == NEEDED
			? v != EMRTD_PASSED
			: v == EMRTD_UNDETERMINED || v == EMRTD_ABORTED)
			data = EMRTD_DATA_UNDETERMINED;
	}
	return data;
}

/*
 * On a chip every proof is of now. Files may be a recording, however right the
 * signature in it: unless the verifier has chosen the challenge itself.
 */
static bool
is_of_now(const struct emrtd_result *result)
{
	return result->on_chip ||
	       (result->own_challenge &&
		   result->checks[EMRTD_CHECK_CHIP_AA].verdict == EMRTD_PASSED);
}

/*
 * One proof suffices, one failure condemns, and no proof counts while the
 * data are not authentic: the chip's key is among them.
 */
enum emrtd_chip_verdict
emrtd_result_chip(const struct emrtd_result *result)
{
	bool passed = false, offered = false;

	for (size_t i = 0; i < N_CHIP_PROOFS; i++) {
		enum emrtd_verdict v = result->checks[chip_proofs[i]].verdict;

		if (v == EMRTD_FAILED)
			return EMRTD_CHIP_FAILED;
		passed |= v == EMRTD_PASSED;
		offered |= v != EMRTD_NOT_OFFERED;
	}
	if (passed && is_of_now(result) &&
	    emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC)
		return EMRTD_CHIP_GENUINE;
	return offered ? EMRTD_CHIP_UNDETERMINED : EMRTD_CHIP_NOT_OFFERED;
}

enum emrtd_overall_verdict
emrtd_result_overall(const struct emrtd_result *result)
{
	enum emrtd_data_verdict data = emrtd_result_data(result);
	enum emrtd_chip_verdict chip = emrtd_result_chip(result);

	if (data == EMRTD_DATA_FAILED || chip == EMRTD_CHIP_FAILED)
		return EMRTD_OVERALL_FAILED;
	if (data != EMRTD_DATA_AUTHENTIC || chip == EMRTD_CHIP_UNDETERMINED)
		return EMRTD_OVERALL_UNDETERMINED;
	return chip == EMRTD_CHIP_GENUINE ? EMRTD_OVERALL_GENUINE
					  : EMRTD_OVERALL_AUTHENTIC_DATA_ONLY;
}

bool
emrtd_result_any_failed(const struct emrtd_result *result)
{
	for (size_t i = 0; i < EMRTD_N_CHECKS; i++) {
		if (result->checks[i].verdict == EMRTD_FAILED)
			return true;
	}
	return false;
}

/* Why the data are undetermined: the first row that a person can act on. */
static const char *
undetermined_data_reason(const struct emrtd_result *result)
{
	const struct emrtd_check *c = result->checks;

	if (result->diag.error != EMRTD_OK)
		return "The reading ended before the data could be judged.";
	if (result->files[EMRTD_EF_SOD].status != EMRTD_FILE_READ)
		return "There is no security object (EF.SOD) that would vouch "
		       "for the data.";
	if (c[EMRTD_CHECK_PA_CHAIN].verdict == EMRTD_UNDETERMINED)
		return "No trusted country certificate (CSCA) fits the "
		       "signer: nobody known vouches for the data.";
	if (c[EMRTD_CHECK_PA_HASH_DG1].verdict != EMRTD_PASSED)
		return "DG1 was not read: the signature says nothing without "
		       "it.";
	if (c[EMRTD_CHECK_PA_REVOCATION].verdict == EMRTD_UNDETERMINED)
		return "The data are as they were signed, but whether the "
		       "signer's certificate was revoked is not known.";
	return "A check that authentic data need could not be decided.";
}

/* Why the data failed: the first row that did, in the order of weight. */
static const char *
failed_data_reason(const struct emrtd_result *result)
{
	static const struct {
		enum emrtd_check_id first, last;
		const char *reason;
	} rows[] = {
		{ EMRTD_CHECK_PA_SOD_SIGNATURE,
		    EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		    "The signature over the data is wrong: they are forged or "
		    "damaged." },
		{ EMRTD_CHECK_PA_HASH_DG1, EMRTD_CHECK_PA_HASH_DG16,
		    "The data are not the ones that were signed: they are "
		    "forged or damaged." },
		{ EMRTD_CHECK_PA_CHAIN, EMRTD_CHECK_PA_CHAIN,
		    "No trusted state has certified the signer of the data." },
		{ EMRTD_CHECK_PA_REVOCATION, EMRTD_CHECK_PA_REVOCATION,
		    "The certificate of the signer, or of one who vouches for "
		    "it, was revoked." },
		{ EMRTD_CHECK_PA_ISSUER_COUNTRY, EMRTD_CHECK_PA_ISSUER_COUNTRY,
		    "The data are signed, but by another state than the one "
		    "that they name." },
		{ EMRTD_CHECK_PA_DOCUMENT_TYPE, EMRTD_CHECK_PA_DOCUMENT_TYPE,
		    "The data are signed, but not by one who may sign this "
		    "document." },
		{ EMRTD_CHECK_PA_DS_VALIDITY, EMRTD_CHECK_PA_CSCA_VALIDITY,
		    "The data are as they were signed, but a certificate is "
		    "outside its dates." },
		{ EMRTD_CHECK_PA_CARD_ACCESS_COPY,
		    EMRTD_CHECK_PA_CARD_ACCESS_COPY,
		    "The data are as they were signed, but somebody may have "
		    "changed what the chip offers." },
		{ EMRTD_CHECK_PA_CARD_SECURITY, EMRTD_CHECK_PA_CARD_SECURITY,
		    "The data are as they were signed, but the chip's file of "
		    "its own key is not." },
		{ EMRTD_CHECK_PA_SIGNING_TIME, EMRTD_CHECK_PA_SIGNING_TIME,
		    "The data are signed, but at a time when the signer's key "
		    "was not in use." },
		{ EMRTD_CHECK_PA_CONFORMANCE, EMRTD_CHECK_PA_CONFORMANCE,
		    "The data are as they were signed, but not as the "
		    "standards "
		    "want them, and the policy is strict." },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (size_t k = rows[i].first; k <= rows[i].last; k++) {
			if (result->checks[k].verdict == EMRTD_FAILED)
				return rows[i].reason;
		}
	}
	return "A check that authentic data need has failed.";
}

const char *
emrtd_result_reason(const struct emrtd_result *result)
{
	switch (emrtd_result_overall(result)) {
	case EMRTD_OVERALL_GENUINE:
		return "The data are as the issuing state signed them, and "
		       "the chip has proven that it is the original.";
	case EMRTD_OVERALL_FAILED:
		if (emrtd_result_data(result) == EMRTD_DATA_FAILED)
			return failed_data_reason(result);
		return "The chip failed to prove that it is the original.";
	case EMRTD_OVERALL_AUTHENTIC_DATA_ONLY:
		return "The data are as the issuing state signed them, but "
		       "the chip offers no proof of its own: a copied chip "
		       "would look the same.";
	case EMRTD_OVERALL_UNDETERMINED:
		break;
	}
	if (emrtd_result_data(result) != EMRTD_DATA_AUTHENTIC)
		return undetermined_data_reason(result);
	if (!result->on_chip &&
	    result->checks[EMRTD_CHECK_CHIP_AA].verdict == EMRTD_PASSED)
		return "The data are as the issuing state signed them, and the "
		       "chip has signed a challenge; whether it did so now "
		       "only the one who chose the challenge can tell.";
	if (!result->on_chip)
		return "The data are as the issuing state signed them; files "
		       "alone cannot prove which chip they came from.";
	if (result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict == EMRTD_NOT_RUN)
		return "The data are as the issuing state signed them; what "
		       "proof the chip could give stands in DG14, which was "
		       "not read.";
	return "The data are as the issuing state signed them; the chip "
	       "offers a proof of its own, but did not give one that could be "
	       "judged.";
}

const char *
emrtd_data_verdict_name(enum emrtd_data_verdict v)
{
	static const char *const names[] = {
		[EMRTD_DATA_UNDETERMINED] = "undetermined",
		[EMRTD_DATA_AUTHENTIC] = "authentic",
		[EMRTD_DATA_FAILED] = "failed",
	};

	return (unsigned)v < sizeof(names) / sizeof(*names) ? names[v]
							    : "undetermined";
}

const char *
emrtd_chip_verdict_name(enum emrtd_chip_verdict v)
{
	static const char *const names[] = {
		[EMRTD_CHIP_UNDETERMINED] = "undetermined",
		[EMRTD_CHIP_GENUINE] = "genuine",
		[EMRTD_CHIP_FAILED] = "failed",
		[EMRTD_CHIP_NOT_OFFERED] = "not_offered",
	};

	return (unsigned)v < sizeof(names) / sizeof(*names) ? names[v]
							    : "undetermined";
}

const char *
emrtd_overall_verdict_name(enum emrtd_overall_verdict v)
{
	static const char *const names[] = {
		[EMRTD_OVERALL_UNDETERMINED] = "undetermined",
		[EMRTD_OVERALL_GENUINE] = "genuine",
		[EMRTD_OVERALL_AUTHENTIC_DATA_ONLY] = "authentic_data_only",
		[EMRTD_OVERALL_FAILED] = "failed",
	};

	return (unsigned)v < sizeof(names) / sizeof(*names) ? names[v]
							    : "undetermined";
}
