/*
 * sod.h - EF.SOD, Doc 9303-10 4.6.2: CMS SignedData over the LDS Security
 * Object. Views into the file's bytes.
 */
#ifndef PKI_SOD_H
#define PKI_SOD_H

#include "pki/cms.h"

#include <emrtd/lds.h>

struct emrtd_sod {
	struct emrtd_cms cms;
	/*
	 * False when the content type is one of those that some states use in
	 * place of id-icao-mrtd-security-ldsSecurityObject.
	 */
	bool standard_content_type;
	/* As the chip gave it, by its lengths: see emrtd_ber_form. */
	bool is_der;
	/* The LDS Security Object. */
	uint32_t lds_version;                 /* 0 or 1 by the standard */
	struct emrtd_bytes dg_hash_algorithm; /* content of SEQUENCE */
	enum emrtd_hash dg_hash;
	bool unsorted; /* data groups in another order than by number */
	/* ldsVersionInfo, "0108" and "040000"; NULL ptr when absent */
	struct emrtd_bytes lds_text, unicode_text;
	struct emrtd_bytes dg_digest[17]; /* index is the data group; NULL */
	emrtd_dg_set data_groups;
};

/*
 * As emrtd_sod_parse below, and a SOD with indefinite lengths or pieced octet
 * strings (there are such documents) is converted first. *copy is NULL, or a
 * block from malloc into which *out then points in place of the file: the
 * caller frees it after the last use of *out. It is NULL on failure.
 */
enum emrtd_error emrtd_sod_read(struct emrtd_bytes file,
    struct emrtd_diag *diag, uint8_t **copy,
    struct emrtd_sod *out) EMRTD_MUST_USE;

/*
 * file: filler after the outer object is allowed. A SOD in the BER forms that
 * emrtd_sod_read converts is EMRTD_E_UNSUPPORTED here.
 */
enum emrtd_error emrtd_sod_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_sod *out) EMRTD_MUST_USE;

/*
 * The certificate of the SOD that signed it, as emrtd_cms_signer.
 * EMRTD_E_NOT_FOUND when none fits.
 */
enum emrtd_error emrtd_sod_signer(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, const struct emrtd_trust *trust,
    struct emrtd_diag *diag, struct emrtd_certificate *out) EMRTD_MUST_USE;

/*
 * The signed attributes say what was signed: content type equal to
 * eContentType, message digest equal to the hash of eContent (RFC 5652 11.1,
 * 11.2). That the content type is a SOD's has been checked in parsing.
 */
enum emrtd_error emrtd_sod_verify_attributes(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* The signature over the signed attributes, by the signer's key. */
enum emrtd_error emrtd_sod_verify_signature(const struct emrtd_sod *sod,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *signer,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
