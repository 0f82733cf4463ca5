#include "lds/security_info.h"

#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 9.2"

#define TAG_DG14     0x6E
#define TAG_SET      0x31
#define TAG_SEQUENCE 0x30
#define TAG_OID      0x06
#define TAG_INTEGER  0x02
#define TAG_OCTETS   0x04

/* The version before was never deployed, and is another protocol. */
#define PACE_VERSION 2
#define CVCA_FID     0x011C
#define CVCA_SFI     0x1C

/* INTEGER OPTIONAL at the end of an info: parameterId and keyId. */
static bool
last_integer(struct emrtd_bytes *fields, bool *has, uint32_t *out)
{
	struct emrtd_bytes content;

	if (!emrtd_tlv_optional(fields, TAG_INTEGER, &content) ||
	    !emrtd_end(fields))
		return false;
	*has = content.ptr != NULL;
	*out = 0;
	return content.ptr == NULL || emrtd_uint(content, out);
}

static bool
integer(struct emrtd_bytes *fields, uint32_t *out)
{
	struct emrtd_bytes content;

	return emrtd_tlv(fields, TAG_INTEGER, &content) &&
	       emrtd_uint(content, out);
}

/* The next object whole, when it is a SEQUENCE. */
static bool
sequence(struct emrtd_bytes *fields, struct emrtd_bytes *whole)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return emrtd_tlv_whole(fields, &tag, &value, whole) &&
	       tag == TAG_SEQUENCE;
}

/*
 * One function for each kind: the fields after the OID, into its array.
 * EMRTD_E_MALFORMED leaves it as it was.
 */
static enum emrtd_error
add_pace(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_pace_info info = { .oid = oid };
	uint32_t version;

	if (!integer(&fields, &version) ||
	    !last_integer(&fields, &info.has_parameter_id, &info.parameter_id))
		return EMRTD_E_MALFORMED;
	if (version != PACE_VERSION)
		return EMRTD_OK;
	if (out->n_pace == EMRTD_PACE_INFOS_MAX)
		return EMRTD_E_LIMIT;
	out->pace[out->n_pace++] = info;
	return EMRTD_OK;
}

static enum emrtd_error
add_pace_parameters(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_pace_parameters info = { .oid = oid };

	if (!sequence(&fields, &info.algorithm) ||
	    !last_integer(&fields, &info.has_parameter_id, &info.parameter_id))
		return EMRTD_E_MALFORMED;
	if (out->n_pace_parameters == EMRTD_PACE_PARAMETERS_MAX)
		return EMRTD_E_LIMIT;
	out->pace_parameters[out->n_pace_parameters++] = info;
	return EMRTD_OK;
}

static enum emrtd_error
add_ca(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_ca_info info = { .oid = oid };

	if (!integer(&fields, &info.version) ||
	    !last_integer(&fields, &info.has_key_id, &info.key_id))
		return EMRTD_E_MALFORMED;
	if (out->n_ca == EMRTD_CA_INFOS_MAX)
		return EMRTD_E_LIMIT;
	out->ca[out->n_ca++] = info;
	return EMRTD_OK;
}

static enum emrtd_error
add_ca_key(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_ca_key info = { .oid = oid };

	if (!sequence(&fields, &info.spki) ||
	    !last_integer(&fields, &info.has_key_id, &info.key_id))
		return EMRTD_E_MALFORMED;
	if (out->n_ca_keys == EMRTD_CA_KEYS_MAX)
		return EMRTD_E_LIMIT;
	out->ca_keys[out->n_ca_keys++] = info;
	return EMRTD_OK;
}

/* FileID: fid OCTET STRING of two bytes, sfi OCTET STRING of one OPTIONAL. */
static bool
parse_file_id(struct emrtd_bytes in, struct emrtd_ta_info *out)
{
	struct emrtd_bytes fid, sfi;

	if (!emrtd_tlv(&in, TAG_OCTETS, &fid) ||
	    !emrtd_tlv_optional(&in, TAG_OCTETS, &sfi) || !emrtd_end(&in) ||
	    !emrtd_u16(&fid, &out->cvca_fid) || !emrtd_end(&fid))
		return false;
	out->cvca_sfi = 0;
	return sfi.ptr == NULL ||
	       (emrtd_u8(&sfi, &out->cvca_sfi) && emrtd_end(&sfi));
}

static enum emrtd_error
add_ta(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_ta_info info = { .cvca_fid = CVCA_FID,
		.cvca_sfi = CVCA_SFI };
	struct emrtd_bytes file;

	(void)oid;
	if (!integer(&fields, &info.version) ||
	    !emrtd_tlv_optional(&fields, TAG_SEQUENCE, &file) ||
	    !emrtd_end(&fields) ||
	    (file.ptr != NULL && !parse_file_id(file, &info)))
		return EMRTD_E_MALFORMED;
	if (out->n_ta == EMRTD_TA_INFOS_MAX)
		return EMRTD_E_LIMIT;
	out->ta[out->n_ta++] = info;
	return EMRTD_OK;
}

static enum emrtd_error
add_aa(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_aa_info info;

	(void)oid;
	if (!integer(&fields, &info.version) ||
	    !emrtd_tlv(&fields, TAG_OID, &info.signature_algorithm) ||
	    !emrtd_end(&fields))
		return EMRTD_E_MALFORMED;
	if (out->n_aa == EMRTD_AA_INFOS_MAX)
		return EMRTD_E_LIMIT;
	out->aa[out->n_aa++] = info;
	return EMRTD_OK;
}

static enum emrtd_error
add_ef_dir(struct emrtd_bytes oid, struct emrtd_bytes fields,
    struct emrtd_security_infos *out)
{
	struct emrtd_bytes file;

	(void)oid;
	if (!emrtd_tlv(&fields, TAG_OCTETS, &file) || !emrtd_end(&fields) ||
	    out->ef_dir.ptr != NULL)
		return EMRTD_E_MALFORMED;
	out->ef_dir = file;
	return EMRTD_OK;
}

/* By object identifier; arcs are below 128, so a byte each. */
static const struct kind {
	const char *oid;
	size_t oid_len; /* bytes of the content, with the arcs below */
	enum emrtd_info_kind kind;
	enum emrtd_error (*add)(struct emrtd_bytes oid,
	    struct emrtd_bytes fields, struct emrtd_security_infos *out);
} kinds[] = {
	{ "0.4.0.127.0.7.2.2.4", 10, EMRTD_INFO_PACE, add_pace },
	{ "0.4.0.127.0.7.2.2.4", 9, EMRTD_INFO_PACE_PARAMETERS,
	    add_pace_parameters },
	{ "0.4.0.127.0.7.2.2.3", 10, EMRTD_INFO_CA, add_ca },
	{ "0.4.0.127.0.7.2.2.1.1", 9, EMRTD_INFO_CA_KEY, add_ca_key },
	{ "0.4.0.127.0.7.2.2.1.2", 9, EMRTD_INFO_CA_KEY, add_ca_key },
	{ "0.4.0.127.0.7.2.2.2", 8, EMRTD_INFO_TA, add_ta },
	{ "2.23.136.1.1.5", 6, EMRTD_INFO_AA, add_aa },
	{ "2.23.136.1.1.13", 6, EMRTD_INFO_EF_DIR, add_ef_dir },
};

static const struct kind *
kind_of(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (oid.len == kinds[i].oid_len &&
		    emrtd_oid_below(oid, kinds[i].oid))
			return &kinds[i];
	}
	return NULL;
}

enum emrtd_error
emrtd_security_infos_parse(struct emrtd_bytes infos, struct emrtd_diag *diag,
    struct emrtd_security_infos *out)
{
	memset(out, 0, sizeof(*out));
	while (!emrtd_end(&infos)) {
		enum emrtd_error error = EMRTD_OK;
		struct emrtd_bytes info, oid;
		const struct kind *kind;

		if (!emrtd_tlv(&infos, TAG_SEQUENCE, &info) ||
		    !emrtd_tlv(&info, TAG_OID, &oid))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "SecurityInfo", CLAUSE);
		out->n_infos++;
		kind = kind_of(oid);
		if (kind != NULL)
			error = kind->add(oid, info, out);
		if (error == EMRTD_E_MALFORMED)
			out->malformed |= 1u << kind->kind;
		else if (error != EMRTD_OK)
			return emrtd_fail(diag, error,
			    "number of SecurityInfos of one kind", CLAUSE);
	}
	return EMRTD_OK;
}

enum emrtd_error
emrtd_card_access_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_card_access *out)
{
	struct emrtd_security_infos infos;
	struct emrtd_bytes set;
	enum emrtd_error error;

	if (!emrtd_tlv(&file, TAG_SET, &set))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "SecurityInfos",
		    CLAUSE);
	error = emrtd_security_infos_parse(set, diag, &infos);
	if (error != EMRTD_OK)
		return error;
	if (infos.n_pace == 0 && (infos.malformed & 1u << EMRTD_INFO_PACE))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "PACEInfo",
		    "Doc 9303-11 9.2.1");
	memset(out, 0, sizeof(*out));
	memcpy(out->pace, infos.pace, sizeof(out->pace));
	out->n_pace = infos.n_pace;
	out->n_infos = infos.n_infos;
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
