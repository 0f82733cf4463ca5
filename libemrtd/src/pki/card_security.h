/*
 * card_security.h - EF.CardSecurity, Doc 9303-11 9.2.11: CMS SignedData over
 * SecurityInfos, with the key that a chip proves in PACE with Chip
 * Authentication Mapping. Signed as EF.SOD is, by a Document Signer; nothing
 * in it names the document that it belongs to.
 */
#ifndef PKI_CARD_SECURITY_H
#define PKI_CARD_SECURITY_H

#include "lds/security_info.h"
#include "pki/cms.h"

struct emrtd_card_security {
	struct emrtd_cms cms;
	struct emrtd_bytes set; /* content of the SET OF SecurityInfo */
	struct emrtd_security_infos infos;
};

/*
 * file: filler after the outer object is allowed; BER forms and *copy as with
 * emrtd_sod_read. EMRTD_E_MALFORMED also for another content type than
 * id-SecurityObject.
 */
enum emrtd_error emrtd_card_security_read(struct emrtd_bytes file,
    struct emrtd_diag *diag, uint8_t **copy,
    struct emrtd_card_security *out) EMRTD_MUST_USE;

/*
 * The signature: signed attributes fit the content, and *signer, found
 * as by emrtd_cms_signer, signed them. Who vouches for the signer is emrtd_chain_find's
 * to say. Errors of emrtd_cms_verify_attributes, _signer and _signature.
 */
enum emrtd_error emrtd_card_security_verify(
    const struct emrtd_card_security *file, struct emrtd_crypto *crypto,
    const struct emrtd_trust *trust, struct emrtd_diag *diag,
    struct emrtd_certificate *signer) EMRTD_MUST_USE;

#endif
