#include "reader/pa_steps.h"

#include "core/diag.h"

/* The first that counts is named; the record has all of them. */
void
emrtd_pa_check_conformance(struct emrtd_pa *pa)
{
	struct emrtd_result *r = pa->result;
	enum emrtd_check_id id = EMRTD_CHECK_PA_CONFORMANCE;
	const struct emrtd_finding_info *worst = NULL;
	bool fails = false;

	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *info = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		if (!r->findings.there[i])
			continue;
		if (worst == NULL || (!fails && emrtd_finding_fails(r, info)))
			worst = info;
		fails |= emrtd_finding_fails(r, info);
	}
	if (!pa->has_sod && !pa->has_signer && worst == NULL)
		return;
	emrtd_check_set(r, id, fails ? EMRTD_FAILED : EMRTD_PASSED,
	    worst != NULL ? worst->text : NULL);
	if (worst != NULL)
		r->checks[id].diag.clause = worst->clause;
}
