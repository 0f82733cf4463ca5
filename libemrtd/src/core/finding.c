#include "core/finding.h"

#include <string.h>

static const struct emrtd_finding_info infos[EMRTD_N_FINDINGS] = {
#define ROW(id, name, clause, tests, strict, text) \
	[EMRTD_FINDING_##                          \
	    id] = { name, clause, tests, text, EMRTD_STRICT_##strict },
	EMRTD_FINDINGS(ROW)
#undef ROW
};

static const char *const policy_names[] = {
	[EMRTD_POLICY_FIELD] = "field",
	[EMRTD_POLICY_STRICT] = "strict",
};
#define N_POLICIES (sizeof(policy_names) / sizeof(*policy_names))

const struct emrtd_finding_info *
emrtd_finding_info(enum emrtd_finding_id id)
{
	static const struct emrtd_finding_info none = { "?", "", "", "?",
		EMRTD_STRICT_FAILS };

	return (unsigned)id < EMRTD_N_FINDINGS ? &infos[id] : &none;
}

const char *
emrtd_policy_name(enum emrtd_policy policy)
{
	return (unsigned)policy < N_POLICIES ? policy_names[policy] : "?";
}

bool
emrtd_policy_by_name(const char *name, enum emrtd_policy *out)
{
	for (size_t i = 0; i < N_POLICIES; i++) {
		if (strcmp(name, policy_names[i]) == 0) {
			*out = (enum emrtd_policy)i;
			return true;
		}
	}
	return false;
}

void
emrtd_finding_add(struct emrtd_findings *findings, enum emrtd_finding_id id,
    const char *detail)
{
	size_t n = 0;
	char *to;

	if (findings == NULL || (unsigned)id >= EMRTD_N_FINDINGS ||
	    findings->there[id])
		return;
	findings->there[id] = true;
	to = findings->detail[id];
	for (; detail != NULL && detail[n] != '\0' &&
	       n + 1 < EMRTD_FINDING_DETAIL_CAP;
	     n++)
		to[n] = detail[n] >= 0x20 && detail[n] <= 0x7E ? detail[n]
							       : '?';
	to[n] = '\0';
}
