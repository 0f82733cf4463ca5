#include "pki/sod_profile.h"

#include "core/ber.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/key_size.h"

#include <string.h>

#define TAG_SEQUENCE 0x30
#define TAG_OID      0x06
#define TAG_NULL     0x05

/* Doc 9303-10 4.6.2.2, table 37. */
#define SIGNED_DATA_VERSION 3
/* RFC 5652 5.3: by the kind of the signer identifier. */
#define SIGNER_BY_NAME   1
#define SIGNER_BY_KEY_ID 3

#define DG1_AND_DG2     (1u << 1 | 1u << 2)
#define DIGESTS_MAX     32
#define LDS_VERSION_LEN 4
#define LDS_1_8         "0108"

/* What the questions below look at. */
struct look {
	const struct emrtd_sod *sod;
	const struct emrtd_certificate *signer; /* or NULL */
	char detail[EMRTD_FINDING_DETAIL_CAP];
	bool named;
	struct emrtd_signature_alg signature;
	bool has_signature; /* it was parsed */
	/* The list of digest algorithms of SignedData. */
	bool list_names_signer, list_has_unknown;
};

/* The detail is a text, as far as there is room. */
static void
say_bytes(struct look *look, struct emrtd_bytes text)
{
	size_t n = text.len < sizeof(look->detail) ? text.len
						   : sizeof(look->detail) - 1;

	memcpy(look->detail, text.ptr, n);
	look->detail[n] = '\0';
}

/* ... or the OID of an algorithm. */
static void
say_oid(struct look *look, struct emrtd_bytes oid)
{
	char text[EMRTD_OID_TEXT_CAP];

	emrtd_oid_text(oid, text);
	say_bytes(look, emrtd_bytes_text(text));
}

/* "version 4"; a number of at most ten digits. */
static void
say_version(struct look *look, uint32_t version)
{
	char digits[10];
	size_t n = sizeof(digits), len = strlen("version ");

	do {
		digits[--n] = (char)('0' + version % 10);
		version /= 10;
	} while (version > 0);
	memcpy(look->detail, "version ", len);
	memcpy(&look->detail[len], &digits[n], sizeof(digits) - n);
	look->detail[len + sizeof(digits) - n] = '\0';
}

static bool
content_type(struct look *look)
{
	if (look->sod->standard_content_type)
		return false;
	say_oid(look, look->sod->cms.content_type);
	return true;
}

/* 4.6.2.2 wants DER of issuers; no test of the TR does: noted. */
static bool
not_der(struct look *look)
{
	return !look->sod->is_der ||
	       emrtd_ber_form(look->sod->cms.content) != EMRTD_BER_DER;
}

static bool
version(struct look *look)
{
	say_version(look, look->sod->cms.version);
	return look->sod->cms.version != SIGNED_DATA_VERSION;
}

static bool
digest_list(struct look *look)
{
	return !look->list_names_signer;
}

static bool
digest_unknown(struct look *look)
{
	return look->list_has_unknown;
}

static bool
signer_version(struct look *look)
{
	const struct emrtd_cms *cms = &look->sod->cms;

	say_version(look, cms->signer_version);
	return cms->signer_version != (cms->signer_key_id.ptr != NULL
					      ? SIGNER_BY_KEY_ID
					      : SIGNER_BY_NAME);
}

static bool
signer_id(struct look *look)
{
	return look->signer != NULL && !look->named;
}

static bool
no_certificate(struct look *look)
{
	return look->sod->cms.n_certificates == 0;
}

static bool
several_certificates(struct look *look)
{
	return look->sod->cms.n_certificates > 1 ||
	       look->sod->cms.has_other_certificates;
}

static bool
crls(struct look *look)
{
	return look->sod->cms.has_crls;
}

static bool
unsigned_attributes(struct look *look)
{
	return look->sod->cms.has_unsigned_attributes;
}

static bool
signing_time(struct look *look)
{
	return look->sod->cms.odd_signing_time;
}

/*
 * DER orders the elements of a SET OF by their bytes. Neither is the beginning
 * of the other, as both are whole objects.
 */
static bool
ascending(struct emrtd_bytes a, struct emrtd_bytes b)
{
	return memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len) <= 0;
}

/* Noted, as not_der is: RFC 5652 5.3 wants DER here above all. */
static bool
attributes_order(struct look *look)
{
	struct emrtd_bytes in = look->sod->cms.signed_attributes, set, value;
	struct emrtd_bytes last = { NULL, 0 }, whole;
	uint32_t tag;

	if (!emrtd_tlv_any(&in, &tag, &set))
		return true;
	while (emrtd_tlv_whole(&set, &tag, &value, &whole)) {
		if (last.ptr != NULL && !ascending(last, whole))
			return true;
		last = whole;
	}
	return false;
}

static bool
lds_version(struct look *look)
{
	say_version(look, look->sod->lds_version);
	return look->sod->lds_version > 1;
}

static bool
lds_text_is(const struct emrtd_sod *sod, const char *text)
{
	return emrtd_bytes_equal(sod->lds_text, emrtd_bytes_text(text));
}

/* Above 1.8, four digits. */
static bool
lds_text_is_later(const struct emrtd_sod *sod)
{
	struct emrtd_bytes text = sod->lds_text, rest = text;
	uint8_t digit;

	while (emrtd_u8(&rest, &digit)) {
		if (digit < '0' || digit > '9')
			return false;
	}
	return text.len == LDS_VERSION_LEN &&
	       memcmp(text.ptr, LDS_1_8, LDS_VERSION_LEN) > 0;
}

/* Version 0 has none; version 1 is that of LDS 1.8 and what comes later. */
static bool
version_info(struct look *look)
{
	const struct emrtd_sod *sod = look->sod;

	if (sod->lds_text.ptr != NULL)
		say_bytes(look, sod->lds_text);
	if (sod->lds_version != 1)
		return sod->lds_version == 0 && sod->lds_text.ptr != NULL;
	return sod->lds_text.ptr == NULL ||
	       (!lds_text_is(sod, LDS_1_8) && !lds_text_is_later(sod));
}

/* Our reading: what a later version adds is not ours to refuse. */
static bool
later_lds(struct look *look)
{
	const struct emrtd_sod *sod = look->sod;

	if (sod->lds_text.ptr != NULL)
		say_bytes(look, sod->lds_text);
	return sod->lds_version > 0 && sod->lds_text.ptr != NULL &&
	       lds_text_is_later(sod);
}

/* Our reading: the standard numbers the entries and does not order them. */
static bool
unsorted_hashes(struct look *look)
{
	return look->sod->unsorted;
}

static bool
mandatory_hashes(struct look *look)
{
	return (look->sod->data_groups & DG1_AND_DG2) != DG1_AND_DG2;
}

static bool
has_null(struct emrtd_bytes algorithm)
{
	struct emrtd_bytes oid, null;

	return emrtd_tlv(&algorithm, TAG_OID, &oid) &&
	       emrtd_tlv(&algorithm, TAG_NULL, &null);
}

/* 4.6.2.3, note 2; a reader has to take both. */
static bool
digest_null(struct look *look)
{
	return has_null(look->sod->dg_hash_algorithm) ||
	       has_null(look->sod->cms.digest_algorithm);
}

/* RFC 8017 A.2.4 wants the NULL, RFC 5758 3.1 and 3.2 forbid it. */
static bool
signature_parameters(struct look *look)
{
	bool null = has_null(look->sod->cms.signature_algorithm);

	if (!look->has_signature || look->signature.scheme == EMRTD_RSA_PSS)
		return false;
	return null != (look->signature.scheme == EMRTD_RSA_PKCS1);
}

static bool
two_hashes(struct look *look)
{
	return look->has_signature &&
	       look->signature.hash != look->sod->cms.digest;
}

static bool
mask_hash(struct look *look)
{
	return look->has_signature && look->signature.scheme == EMRTD_RSA_PSS &&
	       look->signature.mgf_hash != look->signature.hash;
}

static bool
sha1(struct look *look)
{
	return look->sod->dg_hash == EMRTD_SHA1 ||
	       look->sod->cms.digest == EMRTD_SHA1 ||
	       (look->has_signature && look->signature.hash == EMRTD_SHA1);
}

static bool
weak_key(struct look *look)
{
	return look->signer != NULL && emrtd_key_is_weak(look->signer->spki);
}

static const struct {
	enum emrtd_finding_id id;
	bool (*deviates)(struct look *look);
} rows[] = {
	{ EMRTD_FINDING_SOD_CONTENT_TYPE, content_type },
	{ EMRTD_FINDING_SOD_NOT_DER, not_der },
	{ EMRTD_FINDING_SOD_VERSION, version },
	{ EMRTD_FINDING_SOD_DIGEST_LIST, digest_list },
	{ EMRTD_FINDING_SOD_DIGEST_UNKNOWN, digest_unknown },
	{ EMRTD_FINDING_SOD_SIGNER_VERSION, signer_version },
	{ EMRTD_FINDING_SOD_SIGNER_ID, signer_id },
	{ EMRTD_FINDING_SOD_NO_CERTIFICATE, no_certificate },
	{ EMRTD_FINDING_SOD_SEVERAL_CERTIFICATES, several_certificates },
	{ EMRTD_FINDING_SOD_CRLS, crls },
	{ EMRTD_FINDING_SOD_UNSIGNED_ATTRIBUTES, unsigned_attributes },
	{ EMRTD_FINDING_SOD_SIGNING_TIME, signing_time },
	{ EMRTD_FINDING_SOD_ATTRIBUTES_ORDER, attributes_order },
	{ EMRTD_FINDING_SOD_LDS_VERSION, lds_version },
	{ EMRTD_FINDING_SOD_VERSION_INFO, version_info },
	{ EMRTD_FINDING_SOD_LATER_LDS, later_lds },
	{ EMRTD_FINDING_SOD_UNSORTED_HASHES, unsorted_hashes },
	{ EMRTD_FINDING_SOD_MANDATORY_HASHES, mandatory_hashes },
	{ EMRTD_FINDING_SOD_DIGEST_NULL, digest_null },
	{ EMRTD_FINDING_SOD_SIGNATURE_PARAMETERS, signature_parameters },
	{ EMRTD_FINDING_SOD_TWO_HASHES, two_hashes },
	{ EMRTD_FINDING_SOD_MASK_HASH, mask_hash },
	{ EMRTD_FINDING_SOD_SHA1, sha1 },
	{ EMRTD_FINDING_SOD_WEAK_KEY, weak_key },
};

/*
 * The list of digest algorithms. A hash that we do not know, MD5 for one, is
 * told whether it was used or not.
 */
static void
look_at_digests(struct look *look)
{
	struct emrtd_bytes list = look->sod->cms.digest_algorithms, algorithm;

	for (unsigned n = 0;
	     n < DIGESTS_MAX && emrtd_tlv(&list, TAG_SEQUENCE, &algorithm);
	     n++) {
		enum emrtd_hash hash;

		if (emrtd_hash_alg_parse(algorithm, NULL, &hash) != EMRTD_OK)
			look->list_has_unknown = true;
		else if (hash == look->sod->cms.digest)
			look->list_names_signer = true;
	}
	/* What cannot be walked to its end is no list of algorithms. */
	look->list_has_unknown |= !emrtd_end(&list);
}

void
emrtd_sod_profile(const struct emrtd_sod *sod,
    const struct emrtd_certificate *signer, bool named,
    struct emrtd_findings *out)
{
	struct look look = { .sod = sod, .signer = signer, .named = named };

	look_at_digests(&look);
	look.has_signature =
	    emrtd_signature_alg_parse(sod->cms.signature_algorithm,
		&sod->cms.digest, NULL, &look.signature) == EMRTD_OK;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		look.detail[0] = '\0';
		if (rows[i].deviates(&look))
			emrtd_finding_add(out, rows[i].id, look.detail);
	}
}
