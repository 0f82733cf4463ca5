#include "lds/biometric_profile.h"

#include "lds/cbeff.h"
#include "lds/record_profile.h"

/* Doc 9303-10 4.7.2 to 4.7.4: one to nine, or none where others may be. */
#define TEMPLATES_MAX 9

/* ISO/IEC JTC 1/SC 37. */
#define OWNER 0x0101

#define TAG_ISSUERS_OWN 0x53 /* beside an empty group */

static bool
is_face(uint32_t subtype)
{
	(void)subtype;
	return true;
}

/* b2 b1: right, left; b5 to b3: thumb 1 to little finger 5; 0: not known. */
static bool
is_finger(uint32_t subtype)
{
	uint32_t hand = subtype & 3, finger = subtype >> 2;

	return subtype == 0 ||
	       ((hand == 1 || hand == 2) && finger >= 1 && finger <= 5);
}

static bool
is_iris(uint32_t subtype)
{
	return subtype <= 2;
}

/* What one data group may hold. */
static const struct group_rule {
	enum emrtd_file file;
	uint8_t tag;
	bool may_be_empty;
	bool wants_subtype;
	uint32_t type;
	bool (*is_subtype)(uint32_t subtype);
	uint16_t formats[2], constructed; /* of 19794; of 39794 */
	enum emrtd_finding_id malformed;
	void (*look_at_record)(struct emrtd_bytes record,
	    struct emrtd_findings *out);
} rules[] = {
	{ EMRTD_DG2, 0x75, false, false, 0x02, is_face, { 0x0008, 0x0008 },
	    0x002A, EMRTD_FINDING_FILE_MALFORMED_DG2, emrtd_face_profile },
	{ EMRTD_DG3, 0x63, true, true, 0x08, is_finger, { 0x0007, 0x0007 },
	    0x0029, EMRTD_FINDING_FILE_MALFORMED_DG3, emrtd_finger_profile },
	/* Rectilinear and polar. */
	{ EMRTD_DG4, 0x76, true, true, 0x10, is_iris, { 0x0009, 0x000B },
	    0x002B, EMRTD_FINDING_FILE_MALFORMED_DG4, emrtd_iris_profile },
};

/* A number of at most four bytes; false for none, or a longer one. */
static bool
number(struct emrtd_bytes in, uint32_t *out)
{
	uint8_t byte;

	if (in.len == 0 || in.len > 4)
		return false;
	*out = 0;
	while (emrtd_u8(&in, &byte))
		*out = *out << 8 | byte;
	return true;
}

static bool
is_number(struct emrtd_bytes in, size_t len, uint32_t want)
{
	uint32_t value;

	return in.len == len && number(in, &value) && value == want;
}

/* Which byte count the type has is not said: one to three. */
static bool
is_other_type(const struct group_rule *rule, struct emrtd_bytes in)
{
	uint32_t value;

	if (in.ptr == NULL)
		return false;
	return !number(in, &value) || value != rule->type;
}

static bool
is_format(const struct group_rule *rule,
    const struct emrtd_cbeff_template *template)
{
	if (template->constructed)
		return is_number(template->format, 2, rule->constructed);
	return is_number(template->format, 2, rule->formats[0]) ||
	       is_number(template->format, 2, rule->formats[1]);
}

static bool
is_bad_subtype(const struct group_rule *rule, struct emrtd_bytes in)
{
	uint32_t value;

	if (in.ptr == NULL)
		return rule->wants_subtype;
	return !number(in, &value) || !rule->is_subtype(value);
}

/* "DG3, template 2" */
static void
add(struct emrtd_findings *out, enum emrtd_finding_id id,
    const struct group_rule *rule, unsigned n)
{
	char where[] = "DG_, template _";

	where[2] = (char)('1' + (int)rule->file - (int)EMRTD_DG1);
	where[sizeof(where) - 2] = (char)('0' + n % 10);
	emrtd_finding_add(out, id, where);
}

static void
look_at_template(const struct group_rule *rule, unsigned n,
    const struct emrtd_cbeff_template *template, struct emrtd_findings *out)
{
	if (template->malformed || template->bad_header ||
	    template->block.ptr == NULL)
		add(out, rule->malformed, rule, n);
	if (!is_number(template->owner, 2, OWNER))
		add(out, EMRTD_FINDING_FILE_BIOMETRIC_OWNER, rule, n);
	if (!is_format(rule, template))
		add(out, EMRTD_FINDING_FILE_BIOMETRIC_FORMAT, rule, n);
	if (is_other_type(rule, template->type))
		add(out, EMRTD_FINDING_FILE_BIOMETRIC_TYPE, rule, n);
	if (is_bad_subtype(rule, template->subtype))
		add(out, EMRTD_FINDING_FILE_BIOMETRIC_SUBTYPE, rule, n);
	if (template->block.ptr != NULL && !template->constructed)
		rule->look_at_record(template->block, out);
}

/* An empty group has something of the issuer's in it, or beside it. */
static bool
is_empty_group(const struct group_rule *rule,
    const struct emrtd_cbeff_group *group)
{
	return rule->may_be_empty && group->claimed == 0 &&
	       (group->rest.len == 0 || group->rest.ptr[0] == TAG_ISSUERS_OWN);
}

static void
look_at_group(const struct group_rule *rule, struct emrtd_cbeff_group *group,
    struct emrtd_findings *out)
{
	struct emrtd_cbeff_template template;
	unsigned n = 0;

	if (is_empty_group(rule, group))
		return;
	while (n < TEMPLATES_MAX && emrtd_cbeff_next(group, &template)) {
		n++;
		look_at_template(rule, n, &template, out);
	}
	if (n == 0 || group->rest.len > 0)
		add(out, rule->malformed, rule, n + 1);
	if (n != group->claimed)
		add(out, EMRTD_FINDING_FILE_BIOMETRIC_COUNT, rule, n);
}

void
emrtd_biometric_profile(enum emrtd_file which, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct emrtd_cbeff_group group;

		if (rules[i].file != which)
			continue;
		if (emrtd_cbeff_open(file, rules[i].tag, NULL, &group) ==
		    EMRTD_OK)
			look_at_group(&rules[i], &group, out);
		else
			emrtd_finding_add(out, rules[i].malformed, NULL);
	}
}
