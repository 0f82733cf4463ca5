#include "pki/card_security.h"

#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE "Doc 9303-11 9.2.11"

#define TAG_SET      0x31
#define TAG_SEQUENCE 0x30

/* id-SecurityObject of BSI TR-03110-3 A.1.2.5. */
#define OID_SECURITY_OBJECT "0.4.0.127.0.7.3.2.1"

static enum emrtd_error
parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_card_security *out)
{
	struct emrtd_bytes content, value, whole;
	char text[EMRTD_OID_TEXT_CAP];
	enum emrtd_error error;
	uint32_t tag;

	if (!emrtd_tlv_whole(&file, &tag, &value, &whole) ||
	    tag != TAG_SEQUENCE)
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "EF.CardSecurity",
		    CLAUSE);
	error = emrtd_cms_parse(whole, diag, &out->cms);
	if (error != EMRTD_OK)
		return error;
	if (!emrtd_oid_is(out->cms.content_type, OID_SECURITY_OBJECT)) {
		error = emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "content type of EF.CardSecurity", CLAUSE);
		emrtd_oid_text(out->cms.content_type, text);
		emrtd_diag_detail(diag, text);
		return error;
	}
	content = out->cms.content;
	if (!emrtd_tlv(&content, TAG_SET, &out->set) || !emrtd_end(&content))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "SecurityInfos of EF.CardSecurity", CLAUSE);
	return emrtd_security_infos_parse(out->set, diag, &out->infos);
}

enum emrtd_error
emrtd_card_security_read(struct emrtd_bytes file, struct emrtd_diag *diag,
    uint8_t **copy, struct emrtd_card_security *out)
{
	enum emrtd_ber_form form;
	struct emrtd_bytes definite;
	enum emrtd_error error;

	memset(out, 0, sizeof(*out));
	error = emrtd_cms_definite(file, "EF.CardSecurity", diag, copy,
	    &definite, &form);
	if (error == EMRTD_OK)
		error = parse(definite, diag, out);
	if (error != EMRTD_OK) {
		free(*copy);
		*copy = NULL;
	}
	return error;
}

enum emrtd_error
emrtd_card_security_verify(const struct emrtd_card_security *file,
    struct emrtd_crypto *crypto, const struct emrtd_trust *trust,
    struct emrtd_diag *diag, struct emrtd_certificate *signer)
{
	enum emrtd_error error;

	error = emrtd_cms_verify_attributes(&file->cms, crypto, diag);
	if (error == EMRTD_OK)
		error = emrtd_cms_signer(&file->cms, crypto, trust, diag,
		    signer);
	if (error == EMRTD_OK)
		error = emrtd_cms_verify_signature(&file->cms, crypto, signer,
		    diag);
	return error;
}
