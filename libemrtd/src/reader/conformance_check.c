#include "reader/pa_steps.h"

#include "core/diag.h"

_Static_assert(EMRTD_N_FINDINGS < 1000, "their number has three digits");

/*
 * "EF.COM names other data groups: DG3; one of 12 deviations": the record has
 * all of them.
 */
static void
add_details(struct emrtd_diag *diag, const char *text, const char *detail,
    unsigned n)
{
	char digits[4] = { (char)('0' + n / 100), (char)('0' + n / 10 % 10),
		(char)('0' + n % 10), '\0' };

	emrtd_diag_detail(diag, text);
	if (*detail != '\0')
		emrtd_diag_detail(diag, ": ");
	emrtd_diag_detail(diag, detail);
	if (n < 2)
		return;
	emrtd_diag_detail(diag, "; one of ");
	emrtd_diag_detail(diag, digits + (n < 10 ? 2 : n < 100 ? 1 : 0));
	emrtd_diag_detail(diag, " deviations");
}

/* The first that counts is named. */
void
emrtd_pa_check_conformance(struct emrtd_pa *pa)
{
	struct emrtd_result *r = pa->result;
	enum emrtd_check_id id = EMRTD_CHECK_PA_CONFORMANCE;
	const struct emrtd_finding_info *worst = NULL;
	const char *detail = "";
	unsigned n = 0;
	bool fails = false;

	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *info = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		if (!r->findings.there[i])
			continue;
		n++;
		if (worst == NULL || (!fails && emrtd_finding_fails(r, info))) {
			worst = info;
			detail = r->findings.detail[i];
		}
		fails |= emrtd_finding_fails(r, info);
	}
	if (!pa->has_sod && !pa->has_signer && worst == NULL)
		return;
	emrtd_check_set(r, id, fails ? EMRTD_FAILED : EMRTD_PASSED,
	    worst == NULL ? NULL
	    : fails       ? "they are not"
			  : "they are not, and the policy tolerates it");
	if (worst == NULL)
		return;
	r->checks[id].diag.clause = worst->clause;
	add_details(&r->checks[id].diag, worst->text, detail, n);
}
