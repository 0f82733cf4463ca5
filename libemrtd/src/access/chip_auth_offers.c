#include "access/chip_auth_offers.h"

#include "access/pace_protocols.h"
#include "core/diag.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 9.2.6"

#define VERSION_1 1

/* Documents have one key of a group of their own, if any. */
#define OWN_GROUPS_MAX 2

/*
 * Doc 9303-11 wants ids on all or on none. In the field one side alone has
 * one, or they differ: with a single key there is no doubt which is meant.
 */
static bool
belong_together(const struct emrtd_security_infos *infos,
    const struct emrtd_ca_info *info, const struct emrtd_ca_key *key)
{
	if (infos->n_ca_keys == 1 || !info->has_key_id || !key->has_key_id)
		return true;
	return info->key_id == key->key_id;
}

static void
add(struct emrtd_chip_auth_offers *out,
    const struct emrtd_chip_auth_protocol *protocol,
    const struct emrtd_agreement_key *key, const struct emrtd_ca_key *named)
{
	struct emrtd_chip_auth_key *offer;

	if (out->n == EMRTD_CHIP_AUTH_OFFERS_MAX)
		return;
	offer = &out->offers[out->n++];
	offer->protocol = protocol;
	offer->group = key->group;
	offer->public_key = emrtd_bytes(key->key.bytes, key->key.len);
	offer->has_key_id = named->has_key_id;
	offer->key_id = named->key_id;
}

static void
note(struct emrtd_chip_auth_offers *out, const struct emrtd_diag *diag)
{
	if (out->n_unusable++ == 0)
		out->unusable = *diag;
}

static const struct emrtd_chip_auth_protocol *
known(const struct emrtd_ca_info *info)
{
	return info->version == VERSION_1
		   ? emrtd_chip_auth_protocol_by_oid(info->oid)
		   : NULL;
}

/*
 * The key of PACE with Chip Authentication Mapping has the number of the
 * PACEInfo's parameters for its id (Doc 9303-11 9.2.1).
 */
static bool
is_for_cam(const struct emrtd_security_infos *infos,
    const struct emrtd_ca_key *key)
{
	for (size_t i = 0; i < infos->n_pace && key->has_key_id; i++) {
		const struct emrtd_pace_info *pace = &infos->pace[i];
		const struct emrtd_pace_protocol *p =
		    emrtd_pace_protocol_by_oid(pace->oid);

		if (p != NULL && p->mapping == EMRTD_PACE_CAM &&
		    pace->has_parameter_id && pace->parameter_id == key->key_id)
			return true;
	}
	return false;
}

/*
 * What one key is for. Is there no info that goes with it, of whatever
 * version, then 3DES (Doc 9303-11 9.2.6; documents of FR),
 * unless it is the key of a PACE mapping.
 */
static void
offers_of(const struct emrtd_security_infos *infos,
    const struct emrtd_ca_key *named, const struct emrtd_agreement_key *key,
    struct emrtd_chip_auth_offers *out)
{
	enum emrtd_group_kind kind = key->group->kind;
	bool any = false;

	for (size_t i = 0; i < infos->n_ca; i++) {
		const struct emrtd_chip_auth_protocol *p = known(&infos->ca[i]);

		if (!belong_together(infos, &infos->ca[i], named))
			continue;
		/* A protocol of the other kind is another key's. */
		if (p != NULL && p->kind != kind)
			continue;
		any = true;
		if (p != NULL)
			add(out, p, key, named);
	}
	if (!any && !is_for_cam(infos, named))
		add(out, emrtd_chip_auth_protocol_assumed(kind), key, named);
}

/* The strongest suite wins, then curves (they are faster), then the size. */
static bool
is_better(const struct emrtd_chip_auth_key *a,
    const struct emrtd_chip_auth_key *b)
{
	if (a->protocol->suite != b->protocol->suite)
		return a->protocol->suite > b->protocol->suite;
	if (a->group->kind != b->group->kind)
		return a->group->kind == EMRTD_GROUP_EC;
	return a->group->field_len > b->group->field_len;
}

/* Of equals the first in the file stays first. */
static void
sort(struct emrtd_chip_auth_offers *out)
{
	for (size_t i = 1; i < out->n; i++) {
		struct emrtd_chip_auth_key offer = out->offers[i];
		size_t at = i;

		for (; at > 0 && is_better(&offer, &out->offers[at - 1]); at--)
			out->offers[at] = out->offers[at - 1];
		out->offers[at] = offer;
	}
}

static enum emrtd_error
nothing_usable(const struct emrtd_security_infos *infos,
    const struct emrtd_chip_auth_offers *out, struct emrtd_diag *diag)
{
	unsigned ours = 1u << EMRTD_INFO_CA | 1u << EMRTD_INFO_CA_KEY;

	if (out->n_unusable > 0) {
		if (diag != NULL)
			*diag = out->unusable;
		return out->unusable.error;
	}
	if ((infos->malformed & ours) != 0)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "Chip Authentication in DG14", CLAUSE);
	if (infos->n_ca > 0)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    infos->n_ca_keys > 0
			? "the protocols of Chip Authentication in DG14"
			: "DG14 offers Chip Authentication without a key",
		    CLAUSE);
	return emrtd_fail(diag, EMRTD_E_NOT_FOUND,
	    "DG14 has no key for Chip Authentication", CLAUSE);
}

/*
 * While primes are tested nobody can cancel, and the chip that sent them need
 * not be a passport: *n_own counts those that have been.
 */
static enum emrtd_error
parse_key(struct emrtd_crypto *crypto, struct emrtd_bytes spki, size_t *n_own,
    struct emrtd_diag *diag, struct emrtd_agreement_key *out)
{
	if (emrtd_agreement_key_has_own_group(crypto, spki) &&
	    ++*n_own > OWN_GROUPS_MAX)
		return emrtd_fail(diag, EMRTD_E_LIMIT,
		    "keys in DG14 with groups of their own", CLAUSE);
	return emrtd_agreement_key_parse(crypto, spki, diag, out);
}

enum emrtd_error
emrtd_chip_auth_offers_read(struct emrtd_crypto *crypto,
    const struct emrtd_security_infos *infos, struct emrtd_diag *diag,
    struct emrtd_chip_auth_offers *out)
{
	size_t n_own = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < infos->n_ca_keys; i++) {
		const struct emrtd_ca_key *named = &infos->ca_keys[i];
		struct emrtd_diag why;
		enum emrtd_error error;

		emrtd_diag_init(&why);
		error = parse_key(crypto, named->spki, &n_own, &why,
		    &out->keys[i]);
		if (error == EMRTD_OK) {
			offers_of(infos, named, &out->keys[i], out);
			continue;
		}
		why.error = error;
		note(out, &why);
	}
	sort(out);
	return out->n > 0 ? EMRTD_OK : nothing_usable(infos, out, diag);
}
