#include "pki/certificate.h"

#include "core/civil.h"
#include "core/diag.h"
#include "core/tlv.h"
#include "pki/certificate_extensions.h"

#include <string.h>

#define CLAUSE     "RFC 5280 4.1"
#define CLAUSE_EXT "RFC 5280 4.2"

#define TAG_SEQUENCE    0x30
#define TAG_INTEGER     0x02
#define TAG_VERSION     0xA0
#define TAG_ISSUER_UID  0x81
#define TAG_SUBJECT_UID 0x82
#define TAG_EXTENSIONS  0xA3

static bool
parse_validity(struct emrtd_bytes in, struct emrtd_certificate *out)
{
	out->validity = in;
	return emrtd_x509_time(&in, &out->not_before) &&
	       emrtd_x509_time(&in, &out->not_after) && emrtd_end(&in);
}

/* From the version to the public key; *rest is what follows. */
static bool
parse_tbs(struct emrtd_bytes in, struct emrtd_certificate *out,
    struct emrtd_bytes *algorithm, struct emrtd_bytes *rest)
{
	struct emrtd_bytes version, validity, number;

	if (!emrtd_tlv_optional(&in, TAG_VERSION, &version) ||
	    !emrtd_tlv(&in, TAG_INTEGER, &out->serial) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, algorithm) ||
	    !emrtd_whole_sequence(&in, &out->issuer) ||
	    !emrtd_tlv(&in, TAG_SEQUENCE, &validity) ||
	    !parse_validity(validity, out) ||
	    !emrtd_whole_sequence(&in, &out->subject) ||
	    !emrtd_whole_sequence(&in, &out->spki))
		return false;
	*rest = in;
	return version.ptr == NULL ||
	       (emrtd_tlv(&version, TAG_INTEGER, &number) &&
		   emrtd_end(&version) && emrtd_uint(number, &out->version));
}

static bool
parse_tbs_end(struct emrtd_bytes in, struct emrtd_certificate *out)
{
	struct emrtd_bytes issuer, subject, list;

	if (!emrtd_tlv_optional(&in, TAG_ISSUER_UID, &issuer) ||
	    !emrtd_tlv_optional(&in, TAG_SUBJECT_UID, &subject) ||
	    !emrtd_tlv_optional(&in, TAG_EXTENSIONS, &list) || !emrtd_end(&in))
		return false;
	out->has_unique_id = issuer.ptr != NULL || subject.ptr != NULL;
	return list.ptr == NULL ||
	       emrtd_certificate_parse_extensions(list, out);
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
	    !emrtd_signed_object(body, &c.object, &tbs))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "certificate",
		    CLAUSE);
	if (!emrtd_end(&rest))
		return emrtd_fail(diag, EMRTD_E_TRAILING, "certificate",
		    CLAUSE);
	if (!parse_tbs(tbs, &c, &algorithm, &tail))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "signed part of a certificate", CLAUSE);
	/* The algorithm outside is not signed; the copy inside is. */
	if (!emrtd_bytes_equal(algorithm, c.object.algorithm))
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
	return emrtd_signed_object_verify(&certificate->object, crypto,
	    issuer_spki, diag);
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
