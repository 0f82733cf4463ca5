#include "pki/lds_security_object.h"

#include "core/diag.h"
#include "core/tlv.h"

#define CLAUSE "Doc 9303-10 4.6.2.3"

#define TAG_SEQUENCE  0x30
#define TAG_INTEGER   0x02
#define TAG_OCTETS    0x04
#define TAG_PRINTABLE 0x13

#define DG_MAX       16
#define LAST_VERSION 1

static bool
parse_hash_entry(struct emrtd_bytes in, struct emrtd_sod *out)
{
	struct emrtd_bytes number, digest;
	uint32_t dg;

	if (!emrtd_tlv(&in, TAG_INTEGER, &number) || !emrtd_uint(number, &dg) ||
	    dg < 1 || dg > DG_MAX || !emrtd_tlv(&in, TAG_OCTETS, &digest) ||
	    !emrtd_end(&in) || digest.len != emrtd_hash_len(out->dg_hash) ||
	    (out->data_groups & 1u << dg) != 0)
		return false;
	if (out->data_groups >> dg != 0)
		out->unsorted = true;
	out->dg_digest[dg] = digest;
	out->data_groups |= 1u << dg;
	return true;
}

/* In any order: there are issuers that do not sort them. */
static bool
parse_hashes(struct emrtd_bytes list, struct emrtd_sod *out)
{
	struct emrtd_bytes entry;

	while (!emrtd_end(&list)) {
		if (!emrtd_tlv(&list, TAG_SEQUENCE, &entry) ||
		    !parse_hash_entry(entry, out))
			return false;
	}
	return out->data_groups != 0;
}

/*
 * LDS and Unicode version. Version 1 is there for them; whether both go
 * together is for a profile to say.
 */
static bool
parse_version_info(struct emrtd_bytes in, struct emrtd_sod *out)
{
	struct emrtd_bytes info;

	if (emrtd_end(&in))
		return true;
	return emrtd_tlv(&in, TAG_SEQUENCE, &info) && emrtd_end(&in) &&
	       emrtd_tlv(&info, TAG_PRINTABLE, &out->lds_text) &&
	       emrtd_tlv(&info, TAG_PRINTABLE, &out->unicode_text) &&
	       emrtd_end(&info);
}

/* A later version may end in something that we do not know. */
static enum emrtd_error
fail_version_info(uint32_t version, struct emrtd_diag *diag)
{
	if (version > LAST_VERSION)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "version of the LDS Security Object", CLAUSE);
	return emrtd_fail(diag, EMRTD_E_MALFORMED,
	    "version information of the LDS Security Object", CLAUSE);
}

enum emrtd_error
emrtd_lds_security_object_parse(struct emrtd_bytes content,
    struct emrtd_diag *diag, struct emrtd_sod *out)
{
	struct emrtd_bytes body, version, list;
	enum emrtd_error error;

	if (!emrtd_tlv(&content, TAG_SEQUENCE, &body) || !emrtd_end(&content) ||
	    !emrtd_tlv(&body, TAG_INTEGER, &version) ||
	    !emrtd_uint(version, &out->lds_version))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "LDS Security Object", CLAUSE);
	if (!emrtd_tlv(&body, TAG_SEQUENCE, &out->dg_hash_algorithm) ||
	    !emrtd_tlv(&body, TAG_SEQUENCE, &list))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "LDS Security Object", CLAUSE);
	error = emrtd_hash_alg_parse(out->dg_hash_algorithm, diag,
	    &out->dg_hash);
	if (error != EMRTD_OK)
		return error;
	if (!parse_hashes(list, out))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "hashes of the LDS Security Object", CLAUSE);
	if (!parse_version_info(body, out))
		return fail_version_info(out->lds_version, diag);
	return EMRTD_OK;
}
