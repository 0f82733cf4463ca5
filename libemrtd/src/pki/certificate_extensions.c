#include "pki/certificate_extensions.h"

#include "core/civil.h"
#include "core/oid.h"
#include "core/tlv.h"

#define TAG_SEQUENCE         0x30
#define TAG_BOOLEAN          0x01
#define TAG_INTEGER          0x02
#define TAG_BITS             0x03
#define TAG_OCTETS           0x04
#define TAG_OID              0x06
#define TAG_GENERALIZED_TIME 0x18
#define TAG_AKI_KEY_ID       0x80
#define TAG_PERIOD_FROM      0x80
#define TAG_PERIOD_UNTIL     0x81

#define OID_ANY_PURPOSE "2.5.29.37.0"

#define EXTENSIONS_MAX 64

static bool
boolean(struct emrtd_bytes content, bool *out)
{
	if (content.len != 1)
		return false;
	*out = content.ptr[0] != 0;
	return true;
}

static bool
is_negative(struct emrtd_bytes integer)
{
	return integer.len > 0 && (integer.ptr[0] & 0x80) != 0;
}

static bool
parse_basic_constraints(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes body, flag, path_len;

	if (!emrtd_tlv(&value, TAG_SEQUENCE, &body) || !emrtd_end(&value) ||
	    !emrtd_tlv_optional(&body, TAG_BOOLEAN, &flag) ||
	    !emrtd_tlv_optional(&body, TAG_INTEGER, &path_len) ||
	    !emrtd_end(&body))
		return false;
	out->has_basic_constraints = true;
	out->has_path_len = path_len.ptr != NULL;
	if (out->has_path_len && !emrtd_uint(path_len, &out->path_len))
		out->path_len = is_negative(path_len) ? 0 : UINT32_MAX;
	return flag.ptr == NULL || boolean(flag, &out->is_ca);
}

/* Bit 0 of KeyUsage is the most significant of the first octet. */
static bool
parse_key_usage(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes bits;
	uint8_t unused, octet;

	if (!emrtd_tlv(&value, TAG_BITS, &bits) || !emrtd_end(&value) ||
	    !emrtd_u8(&bits, &unused) || unused > 7 || bits.len > 2)
		return false;
	for (unsigned base = 0; emrtd_u8(&bits, &octet); base += 8) {
		for (unsigned i = 0; i < 8; i++) {
			if ((octet & 0x80u >> i) != 0)
				out->key_usage |= (uint16_t)(1u << (base + i));
		}
	}
	out->has_key_usage = true;
	return true;
}

/* Whether for any purpose: one that is named limits the key to what is named. */
static bool
parse_extended_key_usage(struct emrtd_bytes value,
    struct emrtd_certificate *out)
{
	struct emrtd_bytes list, oid;

	if (!emrtd_tlv(&value, TAG_SEQUENCE, &list) || !emrtd_end(&value) ||
	    emrtd_end(&list))
		return false;
	out->has_extended_key_usage = true;
	out->any_purpose = true;
	while (!emrtd_end(&list)) {
		if (!emrtd_tlv(&list, TAG_OID, &oid))
			return false;
		if (!emrtd_oid_is(oid, OID_ANY_PURPOSE))
			out->any_purpose = false;
	}
	return true;
}

static bool
parse_subject_key_id(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes id;

	if (emrtd_tlv(&value, TAG_OCTETS, &id) && emrtd_end(&value))
		out->subject_key_id = id;
	return true;
}

static bool
parse_authority_key_id(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes body, id;

	if (emrtd_tlv(&value, TAG_SEQUENCE, &body) && emrtd_end(&value) &&
	    emrtd_tlv(&body, TAG_AKI_KEY_ID, &id))
		out->authority_key_id = id;
	return true;
}

/* The times are tagged [0] and [1] in place of GeneralizedTime. */
static bool
parse_key_period(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes body, from, until;
	int64_t first = INT64_MIN, last = INT64_MAX;

	if (!emrtd_tlv(&value, TAG_SEQUENCE, &body) || !emrtd_end(&value) ||
	    !emrtd_tlv_optional(&body, TAG_PERIOD_FROM, &from) ||
	    !emrtd_tlv_optional(&body, TAG_PERIOD_UNTIL, &until) ||
	    !emrtd_end(&body) ||
	    (from.ptr != NULL &&
		!emrtd_instant_x509(TAG_GENERALIZED_TIME, from, &first)) ||
	    (until.ptr != NULL &&
		!emrtd_instant_x509(TAG_GENERALIZED_TIME, until, &last)))
		return true;
	out->has_key_period = true;
	out->key_from = first;
	out->key_until = last;
	return true;
}

static bool
parse_name_change(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	(void)value;
	out->has_name_change = true;
	return true;
}

static bool
parse_document_types(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	out->document_types = value;
	return true;
}

static bool
parse_test_marker(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	(void)value;
	out->is_test = true;
	return true;
}

/* What changes nothing for us: knowing it is enough. */
static bool
ignore(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	(void)value;
	(void)out;
	return true;
}

struct extension_row {
	const char *oid;
	bool (*parse)(struct emrtd_bytes value, struct emrtd_certificate *out);
	bool refuse_critical; /* no certificate of ours has it critical */
};

static const struct extension_row extensions[] = {
	[EMRTD_EXT_SUBJECT_KEY_ID] = { "2.5.29.14", parse_subject_key_id,
	    false },
	[EMRTD_EXT_KEY_USAGE] = { "2.5.29.15", parse_key_usage, false },
	[EMRTD_EXT_KEY_PERIOD] = { "2.5.29.16", parse_key_period, false },
	[EMRTD_EXT_SUBJECT_ALT_NAME] = { "2.5.29.17", ignore, false },
	[EMRTD_EXT_ISSUER_ALT_NAME] = { "2.5.29.18", ignore, false },
	[EMRTD_EXT_BASIC_CONSTRAINTS] = { "2.5.29.19", parse_basic_constraints,
	    false },
	[EMRTD_EXT_CRL_POINTS] = { "2.5.29.31", ignore, false },
	[EMRTD_EXT_POLICIES] = { "2.5.29.32", ignore, false },
	[EMRTD_EXT_AUTHORITY_KEY_ID] = { "2.5.29.35", parse_authority_key_id,
	    false },
	/* Critical, it is a master list signer's or the like. */
	[EMRTD_EXT_EXTENDED_KEY_USAGE] = { "2.5.29.37",
	    parse_extended_key_usage, true },
	[EMRTD_EXT_NAME_CHANGE] = { "2.23.136.1.1.6.1", parse_name_change,
	    false },
	[EMRTD_EXT_DOCUMENT_TYPES] = { "2.23.136.1.1.6.2", parse_document_types,
	    false },
	[EMRTD_EXT_TEST_MARKER] = { EMRTD_OID_TEST_MARKER, parse_test_marker,
	    false },
};

#define N_EXTENSIONS (sizeof(extensions) / sizeof(extensions[0]))

static size_t
find_extension(struct emrtd_bytes oid)
{
	size_t i = 0;

	while (i < N_EXTENSIONS && !emrtd_oid_is(oid, extensions[i].oid))
		i++;
	return i;
}

static bool
take_extension(struct emrtd_bytes *list, struct emrtd_bytes *oid,
    bool *critical, struct emrtd_bytes *value)
{
	struct emrtd_bytes in, flag;

	*critical = false;
	return emrtd_tlv(list, TAG_SEQUENCE, &in) &&
	       emrtd_tlv(&in, TAG_OID, oid) &&
	       emrtd_tlv_optional(&in, TAG_BOOLEAN, &flag) &&
	       emrtd_tlv(&in, TAG_OCTETS, value) && emrtd_end(&in) &&
	       (flag.ptr == NULL || boolean(flag, critical));
}

bool
emrtd_certificate_extension(const struct emrtd_certificate *certificate,
    const char *oid, bool *critical, struct emrtd_bytes *value)
{
	struct emrtd_bytes list = certificate->extensions, id;

	while (take_extension(&list, &id, critical, value)) {
		if (emrtd_oid_is(id, oid))
			return true;
	}
	return false;
}

static bool
parse_extension(struct emrtd_bytes *list, struct emrtd_certificate *out)
{
	struct emrtd_bytes oid, value;
	bool critical;
	size_t row;

	if (!take_extension(list, &oid, &critical, &value))
		return false;
	row = find_extension(oid);
	if (critical &&
	    (row == N_EXTENSIONS || extensions[row].refuse_critical))
		out->unknown_critical = true;
	if (row == N_EXTENSIONS)
		return true;
	if ((out->present & 1u << row) != 0) /* none may come twice */
		return false;
	out->present |= 1u << row;
	if (critical)
		out->critical |= 1u << row;
	return extensions[row].parse(value, out);
}

bool
emrtd_certificate_parse_extensions(struct emrtd_bytes in,
    struct emrtd_certificate *out)
{
	struct emrtd_bytes list;

	if (!emrtd_tlv(&in, TAG_SEQUENCE, &list) || !emrtd_end(&in))
		return false;
	out->extensions = list;
	for (unsigned n = 0; !emrtd_end(&list); n++) {
		if (n == EXTENSIONS_MAX || !parse_extension(&list, out))
			return false;
	}
	return true;
}
