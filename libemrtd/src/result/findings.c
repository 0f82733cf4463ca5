/* The deviations of a result, and what its policy makes of them. */
#include "result/result.h"

#include <string.h>

enum emrtd_policy
emrtd_result_policy(const struct emrtd_result *result)
{
	return result->policy;
}

bool
emrtd_finding_fails(const struct emrtd_result *result,
    const struct emrtd_finding_info *info)
{
	return result->policy == EMRTD_POLICY_STRICT &&
	       info->strict == EMRTD_STRICT_FAILS;
}

bool
emrtd_result_finding(const struct emrtd_result *result, size_t index,
    struct emrtd_finding *out)
{
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		struct emrtd_finding whole = { .size = out->size,
			.id = (enum emrtd_finding_id)i,
			.info = emrtd_finding_info((enum emrtd_finding_id)i),
			.detail = result->findings.detail[i] };

		if (!result->findings.there[i] || index-- > 0)
			continue;
		whole.fails = emrtd_finding_fails(result, whole.info);
		memcpy(out, &whole,
		    out->size < sizeof(whole) ? out->size : sizeof(whole));
		return true;
	}
	return false;
}
