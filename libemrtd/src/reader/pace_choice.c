#include "reader/pace_choice.h"

#include "crypto/agreement_key.h"

/* Doc 9303-11 9.5.1: these are numbers of the standard, never of a chip. */
#define STANDARD_IDS 32

/* Bits of strength, roughly: enough to compare two groups by. */
static size_t
strength(const struct emrtd_group *group)
{
	if (group->kind == EMRTD_GROUP_EC)
		return 4 * group->field_len;
	return group->field_len < 256 ? 80 : 112;
}

static bool
is_better(const struct emrtd_pace_choice *a, const struct emrtd_pace_choice *b)
{
	const struct emrtd_pace_protocol *p = a->protocol, *q = b->protocol;
	bool p_proves = p->mapping == EMRTD_PACE_CAM;

	if (q == NULL)
		return true;
	if (p_proves != (q->mapping == EMRTD_PACE_CAM))
		return p_proves;
	if (p->suite != q->suite)
		return p->suite > q->suite;
	if (strength(a->group) != strength(b->group))
		return strength(a->group) > strength(b->group);
	return p->ecdh && !q->ecdh;
}

/* "id-PACE-ECDH-GM" of "id-PACE-ECDH-GM-AES-CBC-CMAC-128": one arc less. */
static bool
is_parent(struct emrtd_bytes parent, struct emrtd_bytes oid)
{
	return oid.len > 0 && parent.len == oid.len - 1 &&
	       emrtd_bytes_equal(parent, emrtd_bytes(oid.ptr, oid.len - 1));
}

/*
 * What the chip writes out for this PACEInfo: by its number, or without one
 * when it is the only one.
 */
static const struct emrtd_group *
written_out(struct emrtd_crypto *crypto,
    const struct emrtd_security_infos *infos,
    const struct emrtd_pace_info *info)
{
	const struct emrtd_pace_parameters *found = NULL;

	for (size_t i = 0; i < infos->n_pace_parameters; i++) {
		const struct emrtd_pace_parameters *p =
		    &infos->pace_parameters[i];

		if (!is_parent(p->oid, info->oid))
			continue;
		if (info->has_parameter_id &&
		    (!p->has_parameter_id ||
			p->parameter_id != info->parameter_id))
			continue;
		if (found != NULL)
			return NULL;
		found = p;
	}
	return found != NULL
		   ? emrtd_group_by_parameters(crypto, found->algorithm)
		   : NULL;
}

static const struct emrtd_group *
group_of(struct emrtd_crypto *crypto, const struct emrtd_security_infos *infos,
    const struct emrtd_pace_info *info)
{
	if (info->has_parameter_id && info->parameter_id < STANDARD_IDS)
		return emrtd_group_by_id(info->parameter_id);
	if (info->has_parameter_id && info->parameter_id > UINT8_MAX)
		return NULL; /* no room for it in MSE:Set AT */
	return written_out(crypto, infos, info);
}

bool
emrtd_pace_choose(struct emrtd_crypto *crypto,
    const struct emrtd_security_infos *infos, struct emrtd_pace_choice *out)
{
	struct emrtd_pace_choice best = { 0 };

	for (size_t i = 0; i < infos->n_pace; i++) {
		const struct emrtd_pace_info *info = &infos->pace[i];
		struct emrtd_pace_choice c = {
			.protocol = emrtd_pace_protocol_by_oid(info->oid),
			.group = group_of(crypto, infos, info),
			.has_parameter_id = info->has_parameter_id,
			.parameter_id = (uint8_t)info->parameter_id,
		};

		if (c.protocol != NULL && c.group != NULL &&
		    emrtd_pace_protocol_fits(c.protocol, c.group) &&
		    is_better(&c, &best))
			best = c;
	}
	best.is_ambiguous = infos->n_pace > 1 || infos->n_pace_parameters > 1;
	*out = best;
	return best.protocol != NULL;
}
