#include "pki/sod.h"

#include "core/ber.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "pki/lds_security_object.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE "Doc 9303-10 4.6.2"

#define TAG_SOD 0x77

/*
 * id-icao-mrtd-security-ldsSecurityObject, and what states put in its place:
 * the Netherlands and Belgium before there was an OID, China id-data.
 */
static const char *const content_types[] = {
	"2.23.136.1.1.1",
	"1.2.528.1.1006.1.20.1",
	"1.3.27.1.1.1",
	"1.2.840.113549.1.7.1",
};

#define N_CONTENT_TYPES (sizeof(content_types) / sizeof(content_types[0]))

static enum emrtd_error
check_content_type(struct emrtd_diag *diag, struct emrtd_sod *sod)
{
	char text[EMRTD_OID_TEXT_CAP];
	enum emrtd_error error;

	for (size_t i = 0; i < N_CONTENT_TYPES; i++) {
		if (emrtd_oid_is(sod->cms.content_type, content_types[i])) {
			sod->standard_content_type = i == 0;
			return EMRTD_OK;
		}
	}
	error = emrtd_fail(diag, EMRTD_E_MALFORMED, "content type of EF.SOD",
	    CLAUSE);
	emrtd_oid_text(sod->cms.content_type, text);
	emrtd_diag_detail(diag, text);
	return error;
}

/* In definite lengths. */
static enum emrtd_error
parse(struct emrtd_bytes file, struct emrtd_diag *diag, struct emrtd_sod *out)
{
	struct emrtd_bytes body;
	enum emrtd_error error;

	if (!emrtd_tlv(&file, TAG_SOD, &body))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "EF.SOD", CLAUSE);
	error = emrtd_cms_parse(body, diag, &out->cms);
	if (error == EMRTD_OK)
		error = check_content_type(diag, out);
	if (error == EMRTD_OK)
		error = emrtd_lds_security_object_parse(out->cms.content, diag,
		    out);
	return error;
}

enum emrtd_error
emrtd_sod_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_sod *out)
{
	enum emrtd_ber_form form = emrtd_ber_form(file);
	struct emrtd_sod sod;
	enum emrtd_error error;

	if (form == EMRTD_BER_INDEFINITE)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "EF.SOD in indefinite lengths", CLAUSE);
	memset(&sod, 0, sizeof(sod));
	sod.is_der = form == EMRTD_BER_DER;
	error = parse(file, diag, &sod);
	if (error == EMRTD_OK)
		*out = sod;
	return error;
}

enum emrtd_error
emrtd_sod_read(struct emrtd_bytes file, struct emrtd_diag *diag, uint8_t **copy,
    struct emrtd_sod *out)
{
	struct emrtd_bytes definite;
	enum emrtd_ber_form form;
	struct emrtd_sod sod;
	enum emrtd_error error;

	error = emrtd_cms_definite(file, "EF.SOD", diag, copy, &definite,
	    &form);
	if (error != EMRTD_OK)
		return error;
	memset(&sod, 0, sizeof(sod));
	sod.is_der = form == EMRTD_BER_DER;
	error = parse(definite, diag, &sod);
	if (error == EMRTD_OK) {
		*out = sod;
		return EMRTD_OK;
	}
	free(*copy);
	*copy = NULL;
	return error;
}

enum emrtd_error
emrtd_sod_signer(const struct emrtd_sod *sod, struct emrtd_crypto *crypto,
    const struct emrtd_trust *trust, struct emrtd_diag *diag,
    struct emrtd_certificate *out)
{
	return emrtd_cms_signer(&sod->cms, crypto, trust, diag, out);
}

enum emrtd_error
emrtd_sod_verify_attributes(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag)
{
	return emrtd_cms_verify_attributes(&sod->cms, crypto, diag);
}

enum emrtd_error
emrtd_sod_verify_signature(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag)
{
	return emrtd_cms_verify_signature(&sod->cms, crypto, signer, diag);
}
