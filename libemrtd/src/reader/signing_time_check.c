/*
 * signing_time_check.c - was the document signed while its signer might? What
 * the signer says itself proves nothing against a thief of its key; it tells
 * documents that were issued wrongly.
 */
#include "reader/pa_steps.h"

#include "core/civil.h"
#include "core/diag.h"

#define CLAUSE          "Doc 9303-12 4.1.1"
#define SECONDS_PER_DAY 86400

static void
set(struct emrtd_pa *pa, enum emrtd_verdict verdict, const char *what,
    int64_t instant)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_SIGNING_TIME;
	struct emrtd_check *check = &pa->result->checks[id];
	char text[EMRTD_RFC3339_CAP];

	emrtd_check_set(pa->result, id, verdict, what);
	if (verdict == EMRTD_FAILED)
		check->diag.error = EMRTD_E_VALIDITY;
	check->diag.clause = CLAUSE;
	emrtd_instant_text(instant, text);
	emrtd_diag_detail(&check->diag, text);
}

/* By the signed attribute of EF.SOD. */
static void
check_signed_time(struct emrtd_pa *pa)
{
	const struct emrtd_certificate *c = &pa->signer;
	int64_t t = pa->sod.cms.signing_time;
	bool strict = pa->result->policy == EMRTD_POLICY_STRICT;

	if (t < c->not_before || t > c->not_after)
		set(pa, EMRTD_FAILED,
		    "signed outside the dates of the signer's certificate", t);
	else if (c->has_key_period && (t < c->key_from || t > c->key_until))
		set(pa, strict ? EMRTD_FAILED : EMRTD_UNDETERMINED,
		    "signed outside the usage period of the signer's key", t);
	else
		emrtd_check_set(pa->result, EMRTD_CHECK_PA_SIGNING_TIME,
		    EMRTD_PASSED, NULL);
}

/*
 * By the date of issue. States date a document when it is applied for, and sign
 * it when it is made, perhaps with a newer key: too early is a deviation, too
 * late cannot be.
 */
static void
check_issue_date(struct emrtd_pa *pa, int32_t day)
{
	int64_t first = (int64_t)day * SECONDS_PER_DAY;
	int64_t last = first + SECONDS_PER_DAY - 1;
	const struct emrtd_certificate *c = &pa->signer;

	if (first > c->not_after) {
		set(pa, EMRTD_FAILED,
		    "issued after the signer's certificate expired", first);
		return;
	}
	if (last < c->not_before ||
	    (c->has_key_period && (last < c->key_from || first > c->key_until)))
		emrtd_finding_add(&pa->result->findings,
		    EMRTD_FINDING_DS_ISSUE_DATE, NULL);
	emrtd_check_set(pa->result, EMRTD_CHECK_PA_SIGNING_TIME, EMRTD_PASSED,
	    NULL);
}

void
emrtd_pa_check_signing_time(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_SIGNING_TIME;
	const struct emrtd_result *r = pa->result;
	struct emrtd_dg12 dg12;

	if (!pa->has_sod || !pa->has_signer)
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "the signer is not known");
	else if (pa->sod.cms.has_signing_time)
		check_signed_time(pa);
	else if (r->checks[EMRTD_CHECK_PA_HASH_DG12].verdict == EMRTD_PASSED &&
		 emrtd_dg12_parse(emrtd_pa_content(r, EMRTD_DG12), NULL,
		     &dg12) == EMRTD_OK &&
		 dg12.has_issue_day)
		check_issue_date(pa, dg12.issue_day);
	else
		emrtd_check_set(pa->result, id, EMRTD_NOT_OFFERED,
		    "the document does not say when it was signed");
}
