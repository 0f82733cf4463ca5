/*
 * sod.h - EF.SOD, Doc 9303-10 4.6.2: CMS SignedData over the LDS Security
 * Object. Parsed by our own CMS parser, because CMS_verify falls short on
 * real documents. Views into the file's bytes.
 */
#ifndef PKI_SOD_H
#define PKI_SOD_H

#include "crypto/signature.h"
#include "pki/certificate.h"

#include <emrtd/lds.h>

#define EMRTD_SOD_CERTIFICATES_MAX 8

struct emrtd_sod {
	struct emrtd_bytes content_type; /* eContentType's OID content */
	struct emrtd_bytes content;      /* eContent: the LDS Security Object */
	struct emrtd_bytes certificates[EMRTD_SOD_CERTIFICATES_MAX]; /* DER */
	size_t n_certificates;
	uint32_t signer_version;
	/* sid: issuerAndSerialNumber or subjectKeyIdentifier; else NULL ptr */
	struct emrtd_bytes signer_issuer, signer_serial, signer_key_id;
	enum emrtd_hash digest;
	struct emrtd_bytes signed_attributes; /* with tag A0; NULL if absent */
	struct emrtd_bytes attribute_content_type, attribute_digest;
	struct emrtd_bytes signature_algorithm; /* content of SEQUENCE */
	struct emrtd_bytes signature;
	/* The LDS Security Object. */
	uint32_t lds_version;
	enum emrtd_hash dg_hash;
	struct emrtd_bytes dg_digest[17]; /* index is the data group; NULL */
	emrtd_dg_set data_groups;
};

enum emrtd_error emrtd_sod_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_sod *out) EMRTD_MUST_USE;

/*
 * The certificate of the SOD that signed it: by the signer identifier, else
 * the only one there is. EMRTD_E_NOT_FOUND when none fits.
 */
enum emrtd_error emrtd_sod_signer(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag,
    struct emrtd_certificate *out) EMRTD_MUST_USE;

/*
 * The signed attributes say what was signed: content type equal to
 * eContentType and to id-icao-mrtd-security-ldsSecurityObject, message digest
 * equal to the hash of eContent (RFC 5652 11.1, 11.2).
 */
enum emrtd_error emrtd_sod_verify_attributes(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* The signature over the signed attributes, by the signer's key. */
enum emrtd_error emrtd_sod_verify_signature(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
