#include "reader/pa_steps.h"
#include "reader/revocation_look.h"

#define SECONDS_PER_DAY 86400

/* By the signed attribute, else by the date of issue in DG12. */
static void
find_signing_time(const struct emrtd_pa *pa, struct emrtd_revocation_look *out)
{
	const struct emrtd_result *r = pa->result;
	struct emrtd_bytes file = emrtd_pa_content(r, EMRTD_DG12);
	struct emrtd_dg12 dg12;

	if (pa->has_sod && pa->sod.cms.has_signing_time) {
		out->has_signing_time = true;
		out->signing_time = pa->sod.cms.signing_time;
	} else if (r->checks[EMRTD_CHECK_PA_HASH_DG12].verdict ==
		       EMRTD_PASSED &&
		   emrtd_dg12_parse(file, NULL, &dg12) == EMRTD_OK &&
		   dg12.has_issue_day) {
		out->has_signing_time = true;
		/* At the latest: the hour is not known. */
		out->signing_time = ((int64_t)dg12.issue_day + 1) *
					SECONDS_PER_DAY -
				    1;
	}
}

void
emrtd_pa_check_revocation(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_REVOCATION;
	struct emrtd_revocation_look look = { .trust = pa->trust,
		.crypto = pa->ctx->crypto,
		.signer = &pa->signer,
		.chain = &pa->chain,
		.at = pa->result->at };
	enum emrtd_verdict verdict;
	struct emrtd_diag diag;
	enum emrtd_error e;

	if (!pa->has_signer || pa->chain.n == 0) {
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "it is not known who vouches for the signer");
		return;
	}
	find_signing_time(pa, &look);
	e = emrtd_revocation_look(&look, &diag, &pa->result->revocation);
	/* Most states publish no list, or nobody has fetched it. */
	if (e == EMRTD_E_NOT_FOUND && pa->result->policy == EMRTD_POLICY_FIELD)
		verdict = EMRTD_NOT_RUN;
	else
		verdict = emrtd_verdict_of(e);
	emrtd_check_set_diag(pa->result, id, verdict, &diag);
}
