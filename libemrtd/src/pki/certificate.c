#include "pki/certificate.h"

#include "core/civil.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE     "RFC 5280 4.1"
#define CLAUSE_EXT "RFC 5280 4.2"

#define TAG_SEQUENCE    0x30
#define TAG_BOOLEAN     0x01
#define TAG_INTEGER     0x02
#define TAG_BITS        0x03
#define TAG_OCTETS      0x04
#define TAG_OID         0x06
#define TAG_VERSION     0xA0
#define TAG_ISSUER_UID  0x81
#define TAG_SUBJECT_UID 0x82
#define TAG_EXTENSIONS  0xA3
#define TAG_AKI_KEY_ID  0x80

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
parse_basic_constraints(struct emrtd_bytes value, struct emrtd_certificate *out)
{
	struct emrtd_bytes body, flag, path_len;

	if (!emrtd_tlv(&value, TAG_SEQUENCE, &body) || !emrtd_end(&value) ||
	    !emrtd_tlv_optional(&body, TAG_BOOLEAN, &flag) ||
	    !emrtd_tlv_optional(&body, TAG_INTEGER, &path_len) ||
	    !emrtd_end(&body))
		return false;
	out->has_basic_constraints = true;
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
	{ "2.5.29.14", parse_subject_key_id, false },
	{ "2.5.29.15", parse_key_usage, false },
	{ "2.5.29.16", ignore, false }, /* private key usage period */
	{ "2.5.29.17", ignore, false }, /* subject alternative name */
	{ "2.5.29.18", ignore, false }, /* issuer alternative name */
	{ "2.5.29.19", parse_basic_constraints, false },
	{ "2.5.29.31", ignore, false }, /* CRL distribution points */
	{ "2.5.29.32", ignore, false }, /* certificate policies */
	{ "2.5.29.35", parse_authority_key_id, false },
	/* Critical, it is a master list signer's or the like. */
	{ "2.5.29.37", parse_extended_key_usage, true },
	{ "2.23.136.1.1.6.1", ignore, false }, /* name change */
	{ "2.23.136.1.1.6.2", ignore, false }, /* document types */
	{ EMRTD_OID_TEST_MARKER, parse_test_marker, false },
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

/* *seen: bit n for row n, because none may come twice. */
static bool
parse_extension(struct emrtd_bytes in, uint32_t *seen,
    struct emrtd_certificate *out)
{
	struct emrtd_bytes oid, flag, value;
	bool critical = false;
	size_t row;

	if (!emrtd_tlv(&in, TAG_OID, &oid) ||
	    !emrtd_tlv_optional(&in, TAG_BOOLEAN, &flag) ||
	    !emrtd_tlv(&in, TAG_OCTETS, &value) || !emrtd_end(&in) ||
	    (flag.ptr != NULL && !boolean(flag, &critical)))
		return false;
	row = find_extension(oid);
	if (critical &&
	    (row == N_EXTENSIONS || extensions[row].refuse_critical))
		out->unknown_critical = true;
	if (row == N_EXTENSIONS)
		return true;
	if ((*seen & 1u << row) != 0)
		return false;
	*seen |= 1u << row;
	return extensions[row].parse(value, out);
}

static bool
parse_extensions(struct emrtd_bytes in, struct emrtd_certificate *out)
{
	struct emrtd_bytes list, extension;
	uint32_t seen = 0;

	if (!emrtd_tlv(&in, TAG_SEQUENCE, &list) || !emrtd_end(&in))
		return false;
	for (unsigned n = 0; !emrtd_end(&list); n++) {
		if (n == EXTENSIONS_MAX ||
		    !emrtd_tlv(&list, TAG_SEQUENCE, &extension) ||
		    !parse_extension(extension, &seen, out))
			return false;
	}
	return true;
}

static bool
parse_time(struct emrtd_bytes *in, int64_t *out)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return emrtd_tlv_any(in, &tag, &value) &&
	       emrtd_instant_x509(tag, value, out);
}

static bool
parse_validity(struct emrtd_bytes in, struct emrtd_certificate *out)
{
	return parse_time(&in, &out->not_before) &&
	       parse_time(&in, &out->not_after) && emrtd_end(&in);
}

/* The next object, a SEQUENCE, with its tag and length. */
static bool
whole_sequence(struct emrtd_bytes *in, struct emrtd_bytes *whole)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return emrtd_tlv_whole(in, &tag, &value, whole) && tag == TAG_SEQUENCE;
}

/* From the version to the public key; *rest is what follows. */
static bool
parse_tbs(struct emrtd_bytes in, struct emrtd_certificate *out,
    struct emrtd_bytes *algorithm, struct emrtd_bytes *rest)
{
	struct emrtd_bytes version, validity;

	if (!emrtd_tlv_optional(&in, TAG_VERSION, &version) ||
	    !emrtd_tlv(&in, TAG_INTEGER, &out->serial) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, algorithm) ||
	    !whole_sequence(&in, &out->issuer) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, &validity) ||
	    !parse_validity(validity, out) ||
	    !whole_sequence(&in, &out->subject) ||
	    !whole_sequence(&in, &out->spki))
		return false;
	*rest = in;
	return true;
}

static bool
parse_tbs_end(struct emrtd_bytes in, struct emrtd_certificate *out)
{
	struct emrtd_bytes uid, list;

	return emrtd_tlv_optional(&in, TAG_ISSUER_UID, &uid) &&
	       emrtd_tlv_optional(&in, TAG_SUBJECT_UID, &uid) &&
	       emrtd_tlv_optional(&in, TAG_EXTENSIONS, &list) &&
	       emrtd_end(&in) &&
	       (list.ptr == NULL || parse_extensions(list, out));
}

/* The signed part, the algorithm and the signature. */
static bool
parse_frame(struct emrtd_bytes body, struct emrtd_certificate *out,
    struct emrtd_bytes *tbs)
{
	struct emrtd_bytes bits;
	uint32_t tag;
	uint8_t unused;

	if (!emrtd_tlv_whole(&body, &tag, tbs, &out->tbs) ||
	    tag != TAG_SEQUENCE ||
	    !emrtd_tlv(&body, TAG_SEQUENCE, &out->signature_algorithm) ||
	    !emrtd_tlv(&body, TAG_BITS, &bits) || !emrtd_end(&body) ||
	    !emrtd_u8(&bits, &unused) || unused != 0)
		return false;
	out->signature = bits;
	return true;
}

enum emrtd_error
emrtd_certificate_parse(struct emrtd_bytes der, struct emrtd_diag *diag,
    struct emrtd_certificate *out)
{
	struct emrtd_bytes rest = der, body, tbs, algorithm, tail;
	struct emrtd_certificate c;

	memset(&c, 0, sizeof(c));
	c.der = der;
	if (!emrtd_tlv(&rest, TAG_SEQUENCE, &body) ||
	    !parse_frame(body, &c, &tbs))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "certificate",
		    CLAUSE);
	if (!emrtd_end(&rest))
		return emrtd_fail(diag, EMRTD_E_TRAILING, "certificate",
		    CLAUSE);
	if (!parse_tbs(tbs, &c, &algorithm, &tail))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "signed part of a certificate", CLAUSE);
	/* The algorithm outside is not signed; the copy inside is. */
	if (!emrtd_bytes_equal(algorithm, c.signature_algorithm))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "a certificate with two signature algorithms",
		    "RFC 5280 4.1.1.2");
	if (!parse_tbs_end(tail, &c))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "extensions of a certificate", CLAUSE_EXT);
	*out = c;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_certificate_verify(const struct emrtd_certificate *certificate,
    struct emrtd_crypto *crypto, struct emrtd_bytes issuer_spki,
    struct emrtd_diag *diag)
{
	struct emrtd_signature_alg alg;
	enum emrtd_error error;

	error = emrtd_signature_alg_parse(certificate->signature_algorithm,
	    NULL, diag, &alg);
	if (error != EMRTD_OK)
		return error;
	return emrtd_signature_verify(crypto, &alg, issuer_spki,
	    &certificate->tbs, 1, certificate->signature, diag);
}

enum emrtd_error
emrtd_certificate_check_dates(const struct emrtd_certificate *certificate,
    int64_t at, struct emrtd_diag *diag)
{
	bool early = at < certificate->not_before;
	char text[EMRTD_RFC3339_CAP];
	enum emrtd_error error;

	if (!early && at <= certificate->not_after)
		return EMRTD_OK;
	emrtd_instant_text(early ? certificate->not_before
				 : certificate->not_after,
	    text);
	error = emrtd_fail(diag, EMRTD_E_VALIDITY, NULL, NULL);
	emrtd_diag_detail(diag,
	    early ? "not valid before " : "not valid after ");
	emrtd_diag_detail(diag, text);
	return error;
}
