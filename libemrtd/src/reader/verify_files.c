/* The verification of a reading, on files that somebody else read. */
#include "reader/context.h"
#include "reader/mrz_match.h"
#include "reader/passive_auth.h"
#include "reader/prove_aa.h"

#include "core/cursor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Callers of before have no more than the first of them. */
static size_t
count_files(const struct emrtd_verify_options *options)
{
	return options->n_files != 0 ? options->n_files : EMRTD_DG16 + 1;
}

static enum emrtd_error
copy_file(struct emrtd_result *result, struct emrtd_crypto *crypto,
    enum emrtd_file file, struct emrtd_bytes bytes)
{
	uint8_t *copy;

	if (bytes.len == 0)
		return EMRTD_OK;
	copy = malloc(bytes.len);
	if (copy == NULL)
		return EMRTD_E_NO_MEMORY;
	memcpy(copy, bytes.ptr, bytes.len);
	return emrtd_result_set_file(result, crypto, file, copy, bytes.len);
}

static void
set_access_rows(struct emrtd_result *result)
{
	for (int i = EMRTD_CHECK_ACCESS_PACE; i <= EMRTD_CHECK_ACCESS_SM; i++)
		emrtd_check_set(result, (enum emrtd_check_id)i, EMRTD_NOT_RUN,
		    "these are files, not a chip");
}

/* Options grew: older callers' ends; what they did not have is zero. */
static bool
take_options(const struct emrtd_verify_options *options,
    struct emrtd_verify_options *out)
{
	static const size_t ends[] = {
		sizeof(struct emrtd_verify_options),
		offsetof(struct emrtd_verify_options, n_files),
		offsetof(struct emrtd_verify_options, policy),
		offsetof(struct emrtd_verify_options, aa_challenge),
		offsetof(struct emrtd_verify_options, doubts),
	};

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (options->size < ends[i])
			continue;
		memcpy(out, options, ends[i]);
		return true;
	}
	return false;
}

/*
 * What the chip signed. A signature over another challenge than the
 * verifier's own is an old recording.
 */
static enum emrtd_error
take_evidence(struct emrtd_ctx *ctx, struct emrtd_result *result,
    const struct emrtd_verify_options *options)
{
	struct emrtd_bytes own = emrtd_bytes(options->challenge,
	    EMRTD_CHALLENGE_LEN);

	if (options->aa_challenge.len == 0 && options->aa_signature.len == 0)
		return EMRTD_OK;
	if (!emrtd_evidence_signature(result, options->aa_challenge,
		options->aa_signature))
		return EMRTD_E_ARG;
	if (options->challenge != NULL &&
	    !emrtd_bytes_equal(own, options->aa_challenge)) {
		emrtd_proof_set(result, EMRTD_PROOF_AA, EMRTD_FAILED,
		    "the chip signed another challenge than the verifier's "
		    "own: this may be an old recording");
		return EMRTD_OK;
	}
	if (emrtd_aa_judge(ctx, result) == EMRTD_OK)
		result->own_challenge = options->challenge != NULL;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_verify_files(struct emrtd_ctx *ctx,
    const struct emrtd_verify_options *options, struct emrtd_result **out)
{
	struct emrtd_verify_options o;
	struct emrtd_result *result;
	enum emrtd_error e;
	int64_t start;

	if (ctx == NULL || options == NULL || out == NULL ||
	    !take_options(options, &o) || o.files == NULL ||
	    (unsigned)o.policy > EMRTD_POLICY_STRICT ||
	    o.n_files > EMRTD_N_FILES)
		return EMRTD_E_ARG;
	e = emrtd_result_new(ctx, o.at, &result);
	if (e != EMRTD_OK)
		return e;
	result->policy = o.policy;
	start = ctx->clock.now_us(ctx->clock.self);
	for (size_t i = 0; i < count_files(&o) && e == EMRTD_OK; i++)
		e = copy_file(result, ctx->crypto, (enum emrtd_file)i,
		    o.files[i]);
	if (e == EMRTD_OK)
		e = take_evidence(ctx, result, &o);
	if (e != EMRTD_OK) {
		emrtd_result_free(&result);
		return e;
	}
	/* Whose document it is, and whose face: the rest may be left out. */
	result->wanted = 1u << 1 | 1u << 2;
	set_access_rows(result);
	emrtd_passive_auth(ctx, result, o.trust);
	emrtd_check_mrz_match(result, o.optical, o.doubts, o.n_doubts);
	result->total_us = ctx->clock.now_us(ctx->clock.self) - start;
	*out = result;
	return EMRTD_OK;
}
