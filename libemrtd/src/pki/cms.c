#include "pki/cms.h"

#include "core/ber.h"
#include "core/builder.h"
#include "core/civil.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "pki/chain.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE      "RFC 5652 5.1"
#define CLAUSE_SI   "RFC 5652 5.3"
#define CLAUSE_ATTR "RFC 5652 11"

#define TAG_SEQUENCE    0x30
#define TAG_SET         0x31
#define TAG_INTEGER     0x02
#define TAG_BITS        0x03
#define TAG_OCTETS      0x04
#define TAG_OID         0x06
#define TAG_EXPLICIT_0  0xA0
#define TAG_CERTS       0xA0
#define TAG_CRLS        0xA1
#define TAG_SID_KEY_ID  0x80
#define TAG_SIGNED_ATTR 0xA0
#define TAG_OTHER_ATTR  0xA1

#define OID_SIGNED_DATA    "1.2.840.113549.1.7.2"
#define OID_CONTENT_TYPE   "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define OID_SIGNING_TIME   "1.2.840.113549.1.9.5"

#define TAG_GENERALIZED_TIME 0x18
/* RFC 5652 11.3: until 2049 a time is a UTCTime. */
#define YEAR_2050 2524608000

#define ATTRIBUTES_MAX 32
/* Certificates of one name and number that are tried. */
#define STORE_SIGNERS_MAX 16
/* EF.SOD of one certificate is some 2,000 bytes; chips hold 64 kB. */
#define BER_FILE_MAX 65536

enum emrtd_error
emrtd_cms_definite(struct emrtd_bytes file, const char *what,
    struct emrtd_diag *diag, uint8_t **copy, struct emrtd_bytes *out,
    enum emrtd_ber_form *form)
{
	struct emrtd_out definite;
	enum emrtd_error error;

	*copy = NULL;
	*out = file;
	*form = emrtd_ber_form(file);
	if (*form != EMRTD_BER_INDEFINITE)
		return EMRTD_OK;
	if (file.len > BER_FILE_MAX)
		return emrtd_fail(diag, EMRTD_E_LIMIT, what, CLAUSE);
	definite = emrtd_out(malloc(file.len + EMRTD_BER_GROWTH),
	    file.len + EMRTD_BER_GROWTH);
	if (definite.ptr == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	error = emrtd_ber_definite(file, &definite);
	if (error != EMRTD_OK) {
		free(definite.ptr);
		error = emrtd_fail(diag, error, what, CLAUSE);
		emrtd_diag_detail(diag, "in indefinite lengths");
		return error;
	}
	*copy = definite.ptr;
	*out = emrtd_out_bytes(&definite);
	return EMRTD_OK;
}

/* The one value of an attribute that must have one; false if it came before. */
static bool
single_value(struct emrtd_bytes values, uint32_t tag, struct emrtd_bytes *out)
{
	return out->ptr == NULL && emrtd_tlv(&values, tag, out) &&
	       emrtd_end(&values);
}

/* Whoever signed it meant a time by it; none of our own checks needs it. */
static void
signing_time(struct emrtd_bytes values, struct emrtd_cms *out)
{
	struct emrtd_bytes value;
	uint32_t tag;

	if (out->has_signing_time || out->odd_signing_time ||
	    !emrtd_tlv_any(&values, &tag, &value) || !emrtd_end(&values) ||
	    !emrtd_instant_x509(tag, value, &out->signing_time)) {
		out->has_signing_time = false;
		out->odd_signing_time = true;
		return;
	}
	out->has_signing_time = true;
	out->odd_signing_time = tag == TAG_GENERALIZED_TIME &&
				out->signing_time < YEAR_2050;
}

static bool
parse_attributes(struct emrtd_bytes in, struct emrtd_cms *out)
{
	for (unsigned n = 0; !emrtd_end(&in); n++) {
		struct emrtd_bytes attribute, oid, values;
		bool good = true;

		if (n == ATTRIBUTES_MAX ||
		    !emrtd_tlv(&in, TAG_SEQUENCE, &attribute) ||
		    !emrtd_tlv(&attribute, TAG_OID, &oid) ||
		    !emrtd_tlv(&attribute, TAG_SET, &values) ||
		    !emrtd_end(&attribute))
			return false;
		if (emrtd_oid_is(oid, OID_CONTENT_TYPE))
			good = single_value(values, TAG_OID,
			    &out->attribute_content_type);
		else if (emrtd_oid_is(oid, OID_MESSAGE_DIGEST))
			good = single_value(values, TAG_OCTETS,
			    &out->attribute_digest);
		else if (emrtd_oid_is(oid, OID_SIGNING_TIME))
			signing_time(values, out);
		if (!good)
			return false;
	}
	return out->attribute_content_type.ptr != NULL &&
	       out->attribute_digest.ptr != NULL;
}

/* issuerAndSerialNumber, or [0] subjectKeyIdentifier. */
static bool
parse_sid(struct emrtd_bytes *in, struct emrtd_cms *out)
{
	struct emrtd_bytes sid, name;
	uint32_t tag;

	if (!emrtd_tlv_any(in, &tag, &sid))
		return false;
	if (tag == TAG_SID_KEY_ID) {
		out->signer_key_id = sid;
		return true;
	}
	return tag == TAG_SEQUENCE &&
	       emrtd_tlv_whole(&sid, &tag, &name, &out->signer_issuer) &&
	       tag == TAG_SEQUENCE &&
	       emrtd_tlv(&sid, TAG_INTEGER, &out->signer_serial) &&
	       emrtd_end(&sid);
}

/* [0] IMPLICIT, kept with its tag: the signature covers it as a SET. */
static bool
parse_signed_attributes(struct emrtd_bytes *in, struct emrtd_cms *out)
{
	struct emrtd_bytes attributes;
	uint32_t tag;

	return emrtd_tlv_whole(in, &tag, &attributes,
		   &out->signed_attributes) &&
	       tag == TAG_SIGNED_ATTR && parse_attributes(attributes, out);
}

static enum emrtd_error
parse_signer_info(struct emrtd_bytes in, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	struct emrtd_bytes version, others;
	uint32_t tag;

	if (!emrtd_tlv(&in, TAG_INTEGER, &version) ||
	    !emrtd_uint(version, &out->signer_version) ||
	    !parse_sid(&in, out) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, &out->digest_algorithm))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "SignerInfo",
		    CLAUSE_SI);
	if (emrtd_tlv_peek(&in, &tag) && tag != TAG_SIGNED_ATTR)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "SignerInfo without signed attributes", CLAUSE_SI);
	if (!parse_signed_attributes(&in, out))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "signed attributes",
		    CLAUSE_ATTR);
	if (!emrtd_tlv(&in, TAG_SEQUENCE, &out->signature_algorithm) ||
	    !emrtd_tlv(&in, TAG_OCTETS, &out->signature) ||
	    !emrtd_tlv_optional(&in, TAG_OTHER_ATTR, &others) ||
	    !emrtd_end(&in))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "signature in SignerInfo", CLAUSE_SI);
	out->has_unsigned_attributes = others.ptr != NULL;
	return emrtd_hash_alg_parse(out->digest_algorithm, diag, &out->digest);
}

static enum emrtd_error
parse_signer_infos(struct emrtd_bytes set, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	struct emrtd_bytes info;

	if (!emrtd_tlv(&set, TAG_SEQUENCE, &info))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "signerInfos",
		    CLAUSE);
	if (!emrtd_end(&set))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "more than one signer", "Doc 9303-10 4.6.2.2");
	return parse_signer_info(info, diag, out);
}

/* Certificates of X.509; attribute certificates and the like are skipped. */
static enum emrtd_error
parse_certificates(struct emrtd_bytes set, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	while (!emrtd_end(&set)) {
		struct emrtd_bytes value, whole;
		uint32_t tag;

		if (!emrtd_tlv_whole(&set, &tag, &value, &whole))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "certificates of SignedData", CLAUSE);
		if (tag != TAG_SEQUENCE) {
			out->has_other_certificates = true;
			continue;
		}
		if (out->n_certificates == EMRTD_CMS_CERTIFICATES_MAX)
			return emrtd_fail(diag, EMRTD_E_LIMIT,
			    "number of certificates in SignedData", CLAUSE);
		out->certificates[out->n_certificates++] = whole;
	}
	return EMRTD_OK;
}

static bool
parse_encapsulated(struct emrtd_bytes in, struct emrtd_cms *out)
{
	struct emrtd_bytes outer;

	return emrtd_tlv(&in, TAG_OID, &out->content_type) &&
	       emrtd_tlv(&in, TAG_EXPLICIT_0, &outer) && emrtd_end(&in) &&
	       emrtd_tlv(&outer, TAG_OCTETS, &out->content) &&
	       emrtd_end(&outer);
}

static enum emrtd_error
parse_signed_data(struct emrtd_bytes in, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	struct emrtd_bytes version, content, certs, crls, signers;
	enum emrtd_error error;

	/* Versions other than 3 occur, and nothing depends on them. */
	if (!emrtd_tlv(&in, TAG_INTEGER, &version) ||
	    !emrtd_uint(version, &out->version) ||
	    !emrtd_tlv(&in, TAG_SET, &out->digest_algorithms) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, &content) ||
	    !parse_encapsulated(content, out) ||
	    !emrtd_tlv_optional(&in, TAG_CERTS, &certs) ||
	    !emrtd_tlv_optional(&in, TAG_CRLS, &crls) ||
	    !emrtd_tlv(&in, TAG_SET, &signers) || !emrtd_end(&in))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "SignedData",
		    CLAUSE);
	out->has_crls = crls.ptr != NULL;
	error = parse_certificates(certs, diag, out);
	if (error != EMRTD_OK)
		return error;
	return parse_signer_infos(signers, diag, out);
}

static enum emrtd_error
parse_content_info(struct emrtd_bytes in, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	struct emrtd_bytes body, oid, outer, data;

	if (!emrtd_tlv(&in, TAG_SEQUENCE, &body) || !emrtd_end(&in) ||
	    !emrtd_tlv(&body, TAG_OID, &oid) ||
	    !emrtd_oid_is(oid, OID_SIGNED_DATA) ||
	    !emrtd_tlv(&body, TAG_EXPLICIT_0, &outer) || !emrtd_end(&body) ||
	    !emrtd_tlv(&outer, TAG_SEQUENCE, &data) || !emrtd_end(&outer))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "ContentInfo of SignedData", "RFC 5652 3");
	return parse_signed_data(data, diag, out);
}

enum emrtd_error
emrtd_cms_parse(struct emrtd_bytes content_info, struct emrtd_diag *diag,
    struct emrtd_cms *out)
{
	struct emrtd_cms cms;
	enum emrtd_error error;

	memset(&cms, 0, sizeof(cms));
	error = parse_content_info(content_info, diag, &cms);
	if (error == EMRTD_OK)
		*out = cms;
	else if (emrtd_ber_is_indefinite(content_info))
		error = emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "SignedData in indefinite lengths", "ISO/IEC 8825-1 8.1.3");
	return error;
}

/* The identifier by method (1) of RFC 5280 4.2.1.2: SHA-1 of the key's bits. */
static bool
is_hash_of_key(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_bytes id)
{
	struct emrtd_bytes body, algorithm, bits;
	uint8_t hash[EMRTD_HASH_MAX], unused;

	return emrtd_tlv(&spki, TAG_SEQUENCE, &body) &&
	       emrtd_tlv(&body, TAG_SEQUENCE, &algorithm) &&
	       emrtd_tlv(&body, TAG_BITS, &bits) && emrtd_u8(&bits, &unused) &&
	       emrtd_hash(crypto, EMRTD_SHA1, &bits, 1, hash) == EMRTD_OK &&
	       emrtd_bytes_equal(id,
		   emrtd_bytes(hash, emrtd_hash_len(EMRTD_SHA1)));
}

bool
emrtd_cms_names(const struct emrtd_cms *cms, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *c)
{
	if (cms->signer_key_id.ptr == NULL)
		return emrtd_bytes_equal(cms->signer_serial, c->serial) &&
		       emrtd_name_equal(cms->signer_issuer, c->issuer);
	if (c->subject_key_id.ptr != NULL)
		return emrtd_bytes_equal(cms->signer_key_id, c->subject_key_id);
	return is_hash_of_key(crypto, c->spki, cms->signer_key_id);
}

/*
 * A SOD may leave its signer's certificate out, Doc 9303-10 appendix D. Of
 * several that bear its name the one whose key has signed: what is there for
 * paths only, anybody may have made.
 */
static bool
signer_of_store(const struct emrtd_cms *cms, struct emrtd_crypto *crypto,
    const struct emrtd_trust *trust, struct emrtd_certificate *out)
{
	const struct emrtd_certificate *first = NULL, *c;

	if (cms->n_certificates > 0 || trust == NULL)
		return false;
	for (size_t n = 0; n < STORE_SIGNERS_MAX; n++) {
		c = emrtd_trust_signer(trust, cms->signer_issuer,
		    cms->signer_serial, cms->signer_key_id, n);
		if (c == NULL)
			break;
		if (first == NULL)
			first = c;
		if (emrtd_cms_verify_signature(cms, crypto, c, NULL) ==
		    EMRTD_OK) {
			*out = *c;
			return true;
		}
	}
	if (first != NULL)
		*out = *first;
	return first != NULL;
}

enum emrtd_error
emrtd_cms_signer(const struct emrtd_cms *cms, struct emrtd_crypto *crypto,
    const struct emrtd_trust *trust, struct emrtd_diag *diag,
    struct emrtd_certificate *out)
{
	bool only = cms->n_certificates == 1;

	for (size_t i = 0; i < cms->n_certificates; i++) {
		struct emrtd_certificate c;
		enum emrtd_error error;

		error = emrtd_certificate_parse(cms->certificates[i], diag, &c);
		if (error != EMRTD_OK && only)
			return error;
		if (error == EMRTD_OK &&
		    (only || emrtd_cms_names(cms, crypto, &c))) {
			*out = c;
			return EMRTD_OK;
		}
	}
	if (signer_of_store(cms, crypto, trust, out))
		return EMRTD_OK;
	return emrtd_fail(diag, EMRTD_E_NOT_FOUND, "certificate of the signer",
	    CLAUSE_SI);
}

enum emrtd_error
emrtd_cms_verify_attributes(const struct emrtd_cms *cms,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag)
{
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error error;

	if (!emrtd_bytes_equal(cms->content_type, cms->attribute_content_type))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "signed content type is not that of the content",
		    "RFC 5652 11.1");
	error = emrtd_hash(crypto, cms->digest, &cms->content, 1, digest);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "hashing the signed content",
		    NULL);
	if (!emrtd_bytes_equal(cms->attribute_digest,
		emrtd_bytes(digest, emrtd_hash_len(cms->digest))))
		return emrtd_fail(diag, EMRTD_E_DIGEST,
		    "signed hash is not that of the content", "RFC 5652 11.2");
	return EMRTD_OK;
}

enum emrtd_error
emrtd_cms_verify_signature(const struct emrtd_cms *cms,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag)
{
	/* RFC 5652 5.4: signed as a SET, whatever tag stands in the file. */
	static const uint8_t set_tag = TAG_SET;
	struct emrtd_bytes parts[2] = { { &set_tag, 1 }, { NULL, 0 } };
	struct emrtd_signature_alg alg;
	enum emrtd_error error;
	uint8_t tag;

	parts[1] = cms->signed_attributes;
	if (!emrtd_u8(&parts[1], &tag))
		return emrtd_fail(diag, EMRTD_E_ARG, "signed attributes",
		    CLAUSE_SI);
	error = emrtd_signature_alg_parse(cms->signature_algorithm,
	    &cms->digest, diag, &alg);
	if (error != EMRTD_OK)
		return error;
	return emrtd_signature_verify(crypto, &alg, signer->spki, parts, 2,
	    cms->signature, diag);
}
