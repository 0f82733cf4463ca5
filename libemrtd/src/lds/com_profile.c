#include "lds/com_profile.h"

#include "core/cursor.h"

/* LDS 1.7 and 1.8, "aabb"; Unicode 4.0.0, "aabbcc". */
static const char *const lds_versions[] = { "0107", "0108" };
static const char unicode_version[] = "040000";

#define MANDATORY_GROUPS (1u << 1 | 1u << 2)

static bool
has_unknown_lds(const struct emrtd_com *com)
{
	for (size_t i = 0; i < sizeof(lds_versions) / sizeof(*lds_versions);
	     i++) {
		if (emrtd_bytes_equal(com->lds_version,
			emrtd_bytes_text(lds_versions[i])))
			return false;
	}
	return true;
}

static bool
has_other_unicode(const struct emrtd_com *com)
{
	return !emrtd_bytes_equal(com->unicode_version,
	    emrtd_bytes_text(unicode_version));
}

static bool
lacks_mandatory(const struct emrtd_com *com)
{
	return (com->data_groups & MANDATORY_GROUPS) != MANDATORY_GROUPS;
}

static bool
has_unknown_tag(const struct emrtd_com *com)
{
	return com->n_unknown_tags > 0;
}

static const struct rule {
	enum emrtd_finding_id finding;
	bool (*deviates)(const struct emrtd_com *com);
} rules[] = {
	{ EMRTD_FINDING_FILE_COM_LDS_VERSION, has_unknown_lds },
	{ EMRTD_FINDING_FILE_COM_UNICODE_VERSION, has_other_unicode },
	{ EMRTD_FINDING_FILE_COM_MANDATORY_GROUPS, lacks_mandatory },
	{ EMRTD_FINDING_FILE_COM_UNKNOWN_TAG, has_unknown_tag },
};

void
emrtd_com_profile(const struct emrtd_com *com, struct emrtd_findings *out)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].deviates(com))
			emrtd_finding_add(out, rules[i].finding, NULL);
	}
}
