#include "pki/certificate_profile.h"

#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/key_size.h"
#include "pki/chain_rules.h"

#include <string.h>

#define OID_COMMON_NAME "2.5.4.3"
#define OID_COUNTRY     "2.5.4.6"

#define TAG_SEQUENCE    0x30
#define TAG_SET         0x31
#define TAG_OID         0x06
#define TAG_PRINTABLE   0x13
#define TAG_UTC_TIME    0x17
#define TAG_GENERALIZED 0x18

#define SERIAL_MAX 20
#define Y2050      INT64_C(2524608000)

#define VERSION_3         2
#define DIGITAL_SIGNATURE (1u << 0)
#define CSCA_USAGE        (1u << 5 | 1u << 6) /* keyCertSign, cRLSign */

/* A certificate, and the one that signed it or NULL. */
struct seen {
	const struct emrtd_certificate *c, *issuer;
};

static bool
has(const struct emrtd_certificate *c, enum emrtd_extension extension)
{
	return (c->present & 1u << extension) != 0;
}

static bool
not_critical(const struct emrtd_certificate *c, enum emrtd_extension extension)
{
	return has(c, extension) && (c->critical & 1u << extension) == 0;
}

/* ---- Fields, table 5 --------------------------------------------------- */

static bool
odd_version(const struct seen *s)
{
	return s->c->version != VERSION_3;
}

static bool
odd_serial(const struct seen *s)
{
	struct emrtd_bytes n = s->c->serial;

	if (n.len == 0 || n.len > SERIAL_MAX || (n.ptr[0] & 0x80) != 0)
		return true;
	if (n.ptr[0] != 0)
		return false;
	return n.len == 1 || (n.ptr[1] & 0x80) == 0;
}

/* The country as two upper case letters in a PrintableString. */
static bool
good_country(uint32_t tag, struct emrtd_bytes value)
{
	if (tag != TAG_PRINTABLE || value.len != 2)
		return false;
	return value.ptr[0] >= 'A' && value.ptr[0] <= 'Z' &&
	       value.ptr[1] >= 'A' && value.ptr[1] <= 'Z';
}

static bool
odd_one_name(struct emrtd_bytes name)
{
	struct emrtd_bytes sets, set, pair, oid, value;
	bool country = false, common_name = false;
	uint32_t tag;

	if (!emrtd_tlv(&name, TAG_SEQUENCE, &sets))
		return true;
	while (emrtd_tlv(&sets, TAG_SET, &set)) {
		while (emrtd_tlv(&set, TAG_SEQUENCE, &pair)) {
			if (!emrtd_tlv(&pair, TAG_OID, &oid) ||
			    !emrtd_tlv_any(&pair, &tag, &value))
				return true;
			common_name |= emrtd_oid_is(oid, OID_COMMON_NAME);
			if (!emrtd_oid_is(oid, OID_COUNTRY))
				continue;
			if (country || !good_country(tag, value))
				return true;
			country = true;
		}
	}
	return !country || !common_name;
}

static bool
odd_names(const struct seen *s)
{
	return odd_one_name(s->c->issuer) || odd_one_name(s->c->subject);
}

static bool
odd_time(struct emrtd_bytes *in, int64_t instant)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return !emrtd_tlv_any(in, &tag, &value) ||
	       tag != (instant < Y2050 ? TAG_UTC_TIME : TAG_GENERALIZED);
}

static bool
odd_validity(const struct seen *s)
{
	struct emrtd_bytes in = s->c->validity;

	return odd_time(&in, s->c->not_before) ||
	       odd_time(&in, s->c->not_after);
}

static bool
has_unique_id(const struct seen *s)
{
	return s->c->has_unique_id;
}

/* MD5, for one: whether the signature holds, nobody can say. */
static bool
odd_algorithm(const struct seen *s)
{
	struct emrtd_signature_alg alg;
	struct emrtd_diag diag;

	return emrtd_signature_alg_parse(s->c->object.algorithm, NULL, &diag,
		   &alg) != EMRTD_OK &&
	       emrtd_is_unknown_algorithm(&diag);
}

static bool
over_sha1(const struct seen *s)
{
	struct emrtd_signature_alg alg;

	return emrtd_signature_alg_parse(s->c->object.algorithm, NULL, NULL,
		   &alg) == EMRTD_OK &&
	       alg.hash == EMRTD_SHA1;
}

static bool
weak_key(const struct seen *s)
{
	return emrtd_key_is_weak(s->c->spki);
}

/* ---- Extensions, table 6 ----------------------------------------------- */

static bool
other_issuer(const struct seen *s)
{
	return s->issuer != NULL &&
	       !emrtd_name_equal(s->c->issuer, s->issuer->subject);
}

static bool
no_authority_key_id(const struct seen *s)
{
	return !has(s->c, EMRTD_EXT_AUTHORITY_KEY_ID);
}

static bool
empty_authority_key_id(const struct seen *s)
{
	return has(s->c, EMRTD_EXT_AUTHORITY_KEY_ID) &&
	       s->c->authority_key_id.len == 0;
}

static bool
other_authority_key_id(const struct seen *s)
{
	return s->issuer != NULL && s->c->authority_key_id.len > 0 &&
	       s->issuer->subject_key_id.len > 0 &&
	       !emrtd_bytes_equal(s->c->authority_key_id,
		   s->issuer->subject_key_id);
}

static bool
no_subject_key_id(const struct seen *s)
{
	return s->c->subject_key_id.len == 0;
}

static bool
no_key_usage(const struct seen *s)
{
	return !s->c->has_key_usage;
}

static bool
key_usage_not_critical(const struct seen *s)
{
	return not_critical(s->c, EMRTD_EXT_KEY_USAGE);
}

static bool
more_key_usage(const struct seen *s)
{
	return (s->c->key_usage & ~DIGITAL_SIGNATURE) != 0;
}

static bool
odd_ca_usage(const struct seen *s)
{
	return s->c->key_usage != CSCA_USAGE ||
	       not_critical(s->c, EMRTD_EXT_KEY_USAGE);
}

static bool
has_basic_constraints(const struct seen *s)
{
	return s->c->has_basic_constraints;
}

static bool
odd_ca_constraints(const struct seen *s)
{
	return !s->c->is_ca || !s->c->has_path_len || s->c->path_len != 0 ||
	       not_critical(s->c, EMRTD_EXT_BASIC_CONSTRAINTS);
}

static bool
has_extended_key_usage(const struct seen *s)
{
	return s->c->has_extended_key_usage;
}

static bool
no_key_period(const struct seen *s)
{
	return !s->c->has_key_period;
}

static bool
no_crl_point(const struct seen *s)
{
	return !has(s->c, EMRTD_EXT_CRL_POINTS);
}

static bool
no_alt_name(const struct seen *s)
{
	return !has(s->c, EMRTD_EXT_SUBJECT_ALT_NAME) ||
	       !has(s->c, EMRTD_EXT_ISSUER_ALT_NAME);
}

static bool
no_document_types(const struct seen *s)
{
	return s->c->document_types.ptr == NULL;
}

/* ---- Tables ------------------------------------------------------------ */

struct row {
	enum emrtd_finding_id finding;
	bool (*deviates)(const struct seen *s);
};

static const struct row signer_rows[] = {
	{ EMRTD_FINDING_DS_VERSION, odd_version },
	{ EMRTD_FINDING_DS_SERIAL, odd_serial },
	{ EMRTD_FINDING_DS_NAME, odd_names },
	{ EMRTD_FINDING_DS_ISSUER, other_issuer },
	{ EMRTD_FINDING_DS_VALIDITY, odd_validity },
	{ EMRTD_FINDING_DS_NO_AUTHORITY_KEY_ID, no_authority_key_id },
	{ EMRTD_FINDING_DS_AUTHORITY_KEY_ID, empty_authority_key_id },
	{ EMRTD_FINDING_DS_OTHER_KEY_ID, other_authority_key_id },
	{ EMRTD_FINDING_DS_NO_KEY_USAGE, no_key_usage },
	{ EMRTD_FINDING_DS_KEY_USAGE_NOT_CRITICAL, key_usage_not_critical },
	{ EMRTD_FINDING_DS_KEY_USAGE_BITS, more_key_usage },
	{ EMRTD_FINDING_DS_BASIC_CONSTRAINTS, has_basic_constraints },
	{ EMRTD_FINDING_DS_EXTENDED_KEY_USAGE, has_extended_key_usage },
	{ EMRTD_FINDING_DS_NO_KEY_PERIOD, no_key_period },
	{ EMRTD_FINDING_DS_NO_CRL_POINT, no_crl_point },
	{ EMRTD_FINDING_DS_NO_ALT_NAME, no_alt_name },
	{ EMRTD_FINDING_DS_NO_DOCUMENT_TYPES, no_document_types },
	{ EMRTD_FINDING_DS_UNIQUE_ID, has_unique_id },
	{ EMRTD_FINDING_DS_SHA1, over_sha1 },
	{ EMRTD_FINDING_DS_ALGORITHM, odd_algorithm },
};

static const struct row csca_rows[] = {
	{ EMRTD_FINDING_CSCA_VERSION, odd_version },
	{ EMRTD_FINDING_CSCA_SERIAL, odd_serial },
	{ EMRTD_FINDING_CSCA_NAME, odd_names },
	{ EMRTD_FINDING_CSCA_VALIDITY, odd_validity },
	{ EMRTD_FINDING_CSCA_NO_SUBJECT_KEY_ID, no_subject_key_id },
	{ EMRTD_FINDING_CSCA_KEY_USAGE, odd_ca_usage },
	{ EMRTD_FINDING_CSCA_BASIC_CONSTRAINTS, odd_ca_constraints },
	{ EMRTD_FINDING_CSCA_EXTENDED_KEY_USAGE, has_extended_key_usage },
	{ EMRTD_FINDING_CSCA_NO_KEY_PERIOD, no_key_period },
	{ EMRTD_FINDING_CSCA_NO_CRL_POINT, no_crl_point },
	{ EMRTD_FINDING_CSCA_NO_ALT_NAME, no_alt_name },
	{ EMRTD_FINDING_CSCA_UNIQUE_ID, has_unique_id },
	{ EMRTD_FINDING_CSCA_SHA1, over_sha1 },
	{ EMRTD_FINDING_CSCA_WEAK_KEY, weak_key },
};

static void
look(const struct row *rows, size_t n, const struct seen *s,
    struct emrtd_findings *out)
{
	char name[EMRTD_NAME_CAP] = "";

	for (size_t i = 0; i < n; i++) {
		if (!rows[i].deviates(s))
			continue;
		if (name[0] == '\0')
			emrtd_name_text(s->c->subject, name);
		emrtd_finding_add(out, rows[i].finding, name);
	}
}

#define N(rows) (sizeof(rows) / sizeof((rows)[0]))

void
emrtd_certificate_profile_signer(const struct emrtd_certificate *signer,
    const struct emrtd_certificate *issuer, struct emrtd_findings *out)
{
	struct seen s = { signer, issuer };

	look(signer_rows, N(signer_rows), &s, out);
}

void
emrtd_certificate_profile_csca(const struct emrtd_certificate *csca,
    struct emrtd_findings *out)
{
	struct seen s = { csca, NULL };

	look(csca_rows, N(csca_rows), &s, out);
}
