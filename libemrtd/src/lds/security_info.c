#include "lds/security_info.h"

#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 9.2.1"

#define TAG_DG14     0x6E
#define TAG_SET      0x31
#define TAG_SEQUENCE 0x30
#define TAG_OID      0x06
#define TAG_INTEGER  0x02

#define OID_PACE "0.4.0.127.0.7.2.2.4"
/*
 * Below id-PACE a PACEInfo has two arcs, mapping and cipher; one arc alone is
 * a PACEDomainParameterInfo. All arcs below 128, so a byte each.
 */
#define PACE_INFO_OID_LEN 10
/* The version before was never deployed, and is another protocol. */
#define PACE_VERSION 2

static bool
is_pace_info(struct emrtd_bytes oid)
{
	return oid.len == PACE_INFO_OID_LEN && emrtd_oid_below(oid, OID_PACE);
}

/* PACEInfo after its OID: version INTEGER, parameterId INTEGER OPTIONAL. */
static bool
parse_pace_info(struct emrtd_bytes fields, uint32_t *version,
    struct emrtd_pace_info *out)
{
	struct emrtd_bytes value, id;

	if (!emrtd_tlv(&fields, TAG_INTEGER, &value) ||
	    !emrtd_uint(value, version) ||
	    !emrtd_tlv_optional(&fields, TAG_INTEGER, &id) ||
	    !emrtd_end(&fields))
		return false;
	out->has_parameter_id = id.ptr != NULL;
	out->parameter_id = 0;
	return id.ptr == NULL || emrtd_uint(id, &out->parameter_id);
}

static enum emrtd_error
add_pace_info(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_diag *diag, struct emrtd_card_access *out)
{
	struct emrtd_pace_info info;
	uint32_t version;

	info.oid = oid;
	if (!parse_pace_info(fields, &version, &info))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "PACEInfo", CLAUSE);
	if (version != PACE_VERSION)
		return EMRTD_OK;
	if (out->n_pace == EMRTD_PACE_INFOS_MAX)
		return emrtd_fail(diag, EMRTD_E_LIMIT, "number of PACEInfos",
		    CLAUSE);
	out->pace[out->n_pace++] = info;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_card_access_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_card_access *out)
{
	struct emrtd_card_access access;
	struct emrtd_bytes infos;

	memset(&access, 0, sizeof(access));
	if (!emrtd_tlv(&file, TAG_SET, &infos))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "SecurityInfos",
		    "Doc 9303-11 9.2");
	while (!emrtd_end(&infos)) {
		struct emrtd_bytes info, oid;
		enum emrtd_error error;

		if (!emrtd_tlv(&infos, TAG_SEQUENCE, &info) ||
		    !emrtd_tlv(&info, TAG_OID, &oid))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "SecurityInfo", "Doc 9303-11 9.2");
		access.n_infos++;
		if (!is_pace_info(oid))
			continue;
		error = add_pace_info(oid, info, diag, &access);
		if (error != EMRTD_OK)
			return error;
	}
	*out = access;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_dg14_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_bytes *infos)
{
	struct emrtd_bytes body, set, rest, whole, oid;

	if (!emrtd_tlv(&file, TAG_DG14, &body) ||
	    !emrtd_tlv(&body, TAG_SET, &set) || !emrtd_end(&body))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG14",
		    "Doc 9303-10 4.7.14");
	rest = set;
	while (emrtd_security_info_next(&rest, &whole, &oid))
		continue;
	if (!emrtd_end(&rest))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "SecurityInfo in DG14", "Doc 9303-11 9.2");
	*infos = set;
	return EMRTD_OK;
}

bool
emrtd_card_access_infos(struct emrtd_bytes file, struct emrtd_bytes *infos)
{
	return emrtd_tlv(&file, TAG_SET, infos);
}

bool
emrtd_security_info_next(struct emrtd_bytes *infos, struct emrtd_bytes *whole,
    struct emrtd_bytes *oid)
{
	struct emrtd_bytes rest = *infos, info, all, id;
	uint32_t tag;

	if (!emrtd_tlv_whole(&rest, &tag, &info, &all) || tag != TAG_SEQUENCE ||
	    !emrtd_tlv(&info, TAG_OID, &id))
		return false;
	*infos = rest;
	*whole = all;
	*oid = id;
	return true;
}

bool
emrtd_security_infos_have(struct emrtd_bytes infos, const char *dotted)
{
	struct emrtd_bytes whole, oid;

	while (emrtd_security_info_next(&infos, &whole, &oid)) {
		if (emrtd_oid_below(oid, dotted))
			return true;
	}
	return false;
}

bool
emrtd_security_infos_contain(struct emrtd_bytes infos, struct emrtd_bytes whole)
{
	struct emrtd_bytes one, oid;

	while (emrtd_security_info_next(&infos, &one, &oid)) {
		if (emrtd_bytes_equal(one, whole))
			return true;
	}
	return false;
}
