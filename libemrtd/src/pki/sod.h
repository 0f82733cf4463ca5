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
	/* The LDS Security Object. */
	uint32_t lds_version; /* 0 or 1 */
	enum emrtd_hash dg_hash;
	struct emrtd_bytes dg_digest[17]; /* index is the data group; NULL */
	emrtd_dg_set data_groups;
};

/*
 * file: filler after the outer object is allowed. A SOD with indefinite
 * lengths or pieced octet strings (there are such documents) is
 * EMRTD_E_UNSUPPORTED here: convert it with emrtd_ber_definite (core/ber.h)
 * into a buffer of file.len + EMRTD_BER_GROWTH bytes and parse that.
 */
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
