/*
 * cms.h - CMS SignedData (RFC 5652) with one signer, as in EF.SOD,
 * EF.CardSecurity and master lists. A parser of our own, because CMS_verify
 * does not compare the signed content type with the content's, and refuses
 * what real documents hold (signer names in other string types, DigestInfo
 * without parameters). Views into the bytes received.
 */
#ifndef PKI_CMS_H
#define PKI_CMS_H

#include "core/ber.h"
#include "pki/certificate.h"

#include <emrtd/pki.h>

#define EMRTD_CMS_CERTIFICATES_MAX 8

struct emrtd_cms {
	struct emrtd_bytes content_type; /* eContentType's OID content */
	struct emrtd_bytes content;      /* eContent */
	struct emrtd_bytes certificates[EMRTD_CMS_CERTIFICATES_MAX]; /* DER */
	size_t n_certificates;
	/* Kept for sod_profile.h alone; nothing else depends on them. */
	uint32_t version;
	struct emrtd_bytes digest_algorithms; /* content of the SET */
	bool has_other_certificates, has_crls, has_unsigned_attributes;
	uint32_t signer_version;
	/* sid: issuerAndSerialNumber or subjectKeyIdentifier; else NULL ptr */
	struct emrtd_bytes signer_issuer, signer_serial, signer_key_id;
	struct emrtd_bytes digest_algorithm; /* content of SEQUENCE */
	enum emrtd_hash digest;
	struct emrtd_bytes signed_attributes; /* with tag A0 */
	struct emrtd_bytes attribute_content_type, attribute_digest;
	/*
	 * Attribute signingTime, RFC 5652 11.3; optional. One that is there
	 * twice, or is no time, counts as absent and is odd; so is a year
	 * below 2050 as GeneralizedTime, which counts.
	 */
	bool has_signing_time, odd_signing_time;
	int64_t signing_time;                   /* seconds since 1970, UTC */
	struct emrtd_bytes signature_algorithm; /* content of SEQUENCE */
	struct emrtd_bytes signature;
};

/*
 * A file with indefinite lengths or pieced octet strings (there are such
 * documents) made definite. *copy is NULL and *out the file itself when there
 * is nothing to do, else a block from malloc that *out views and the caller
 * frees. *form is what the file is written in. 'what' names it in errors; *copy is NULL on failure.
 */
enum emrtd_error emrtd_cms_definite(struct emrtd_bytes file, const char *what,
    struct emrtd_diag *diag, uint8_t **copy, struct emrtd_bytes *out,
    enum emrtd_ber_form *form) EMRTD_MUST_USE;

/*
 * content_info: the ContentInfo, nothing after it. Definite lengths only, not
 * necessarily minimal. EMRTD_E_MALFORMED also without signed attributes, which
 * RFC 5652 5.3 requires for every content type but id-data;
 * EMRTD_E_UNSUPPORTED for several signers, an unknown hash, and for BER forms
 * that emrtd_ber_definite first has to convert.
 */
enum emrtd_error emrtd_cms_parse(struct emrtd_bytes content_info,
    struct emrtd_diag *diag, struct emrtd_cms *out) EMRTD_MUST_USE;

/* Is it this certificate that the signer identifier names? */
bool emrtd_cms_names(const struct emrtd_cms *cms, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *certificate);

/*
 * The certificate of the signer: of those embedded the one that the signer
 * identifier names, names compared by emrtd_name_equal; else the only one
 * there is, because issuers exist whose identifiers fit no certificate, and the
 * signature decides. When none is embedded, the one that 'trust' (may be NULL)
 * has for building paths, which must outlive *out. EMRTD_E_NOT_FOUND when none
 * fits.
 */
enum emrtd_error emrtd_cms_signer(const struct emrtd_cms *cms,
    struct emrtd_crypto *crypto, const struct emrtd_trust *trust,
    struct emrtd_diag *diag, struct emrtd_certificate *out) EMRTD_MUST_USE;

/*
 * The signed attributes say what was signed: content type equal to
 * eContentType, message digest equal to the hash of eContent (RFC 5652 11.1,
 * 11.2). EMRTD_E_DIGEST, or EMRTD_E_MALFORMED for the content type.
 */
enum emrtd_error emrtd_cms_verify_attributes(const struct emrtd_cms *cms,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag) EMRTD_MUST_USE;

/* The signature over the signed attributes, by the signer's key. */
enum emrtd_error emrtd_cms_verify_signature(const struct emrtd_cms *cms,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
