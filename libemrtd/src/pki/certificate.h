/*
 * certificate.h - what Passive Authentication needs of an X.509 certificate,
 * as views into its DER.
 */
#ifndef PKI_CERTIFICATE_H
#define PKI_CERTIFICATE_H

#include "pki/signed_object.h"

#define EMRTD_NAME_CAP 160

/* Marks certificates that only tests may trust; see docs/ARCHITECTURE.md. */
#define EMRTD_OID_TEST_MARKER "2.25.139861236.1"

/* Extensions that we know. */
enum emrtd_extension {
	EMRTD_EXT_SUBJECT_KEY_ID,
	EMRTD_EXT_KEY_USAGE,
	EMRTD_EXT_KEY_PERIOD,
	EMRTD_EXT_SUBJECT_ALT_NAME,
	EMRTD_EXT_ISSUER_ALT_NAME,
	EMRTD_EXT_BASIC_CONSTRAINTS,
	EMRTD_EXT_CRL_POINTS,
	EMRTD_EXT_POLICIES,
	EMRTD_EXT_AUTHORITY_KEY_ID,
	EMRTD_EXT_EXTENDED_KEY_USAGE,
	EMRTD_EXT_NAME_CHANGE,
	EMRTD_EXT_DOCUMENT_TYPES,
	EMRTD_EXT_TEST_MARKER
};

struct emrtd_certificate {
	struct emrtd_bytes der;
	struct emrtd_signed_object object;
	struct emrtd_bytes serial;          /* content of the INTEGER */
	struct emrtd_bytes issuer, subject; /* Name, with tag 30 */
	struct emrtd_bytes spki;            /* with tag 30 */
	struct emrtd_bytes subject_key_id, authority_key_id; /* or NULL ptr */
	int64_t not_before, not_after;
	bool has_basic_constraints, is_ca;
	bool has_key_usage;
	uint16_t key_usage; /* bit n of RFC 5280's KeyUsage as 1 << n */
	bool has_extended_key_usage;
	bool any_purpose;      /* ... that names anyExtendedKeyUsage alone */
	bool unknown_critical; /* a critical extension that we cannot honour */
	bool is_test;          /* carries EMRTD_OID_TEST_MARKER */
	uint32_t version;      /* as encoded: 2 is v3 */
	struct emrtd_bytes validity;   /* content of the SEQUENCE */
	struct emrtd_bytes extensions; /* content of the SEQUENCE, or NULL */
	uint32_t present, critical;    /* 1 << enum emrtd_extension */
	bool has_path_len;
	uint32_t path_len; /* UINT32_MAX when it does not fit */
	/* Private key usage period; INT64_MIN and INT64_MAX where open. */
	bool has_key_period;
	int64_t key_from, key_until;
	bool has_name_change;
	bool has_unique_id;                /* of issuer or subject */
	struct emrtd_bytes document_types; /* value, or NULL ptr */
};

/* One extension; false when the certificate has none of this OID. */
bool emrtd_certificate_extension(const struct emrtd_certificate *certificate,
    const char *oid, bool *critical, struct emrtd_bytes *value);

/*
 * DER, nothing after it. Extensions that do not bear on Passive
 * Authentication are not looked into; the key identifiers are hints and count
 * as absent when malformed, and so does a private key usage period. EMRTD_E_MALFORMED, EMRTD_E_TRAILING.
 */
enum emrtd_error emrtd_certificate_parse(struct emrtd_bytes der,
    struct emrtd_diag *diag, struct emrtd_certificate *out) EMRTD_MUST_USE;
/* The certificate's signature by the issuer's key. */
enum emrtd_error emrtd_certificate_verify(
    const struct emrtd_certificate *certificate, struct emrtd_crypto *crypto,
    struct emrtd_bytes issuer_spki, struct emrtd_diag *diag) EMRTD_MUST_USE;
/*
 * countryName of a Name, two or three letters in upper case; empty when there
 * is none, or several that differ.
 */
void emrtd_name_country(struct emrtd_bytes name, char out[4]);
/* One to three letters of another attribute, in the same way. */
void emrtd_name_code(struct emrtd_bytes name, const char *oid, char out[4]);
/* "C=UT, O=..., CN=..." for people: printable ASCII, cut to fit. */
void emrtd_name_text(struct emrtd_bytes name, char out[EMRTD_NAME_CAP]);
/*
 * Equal up to string types, case of ASCII letters, repeated blanks and order
 * of the attributes: identifies candidates, proves nothing.
 */
bool emrtd_name_equal(struct emrtd_bytes a, struct emrtd_bytes b);
/* Equal for names that are equal in that sense; for tables. */
uint64_t emrtd_name_hash(struct emrtd_bytes name);
uint64_t emrtd_bytes_hash(struct emrtd_bytes bytes);

/*
 * EMRTD_E_VALIDITY, with the date in diag's detail, when 'at' (seconds since
 * 1970, UTC) is outside the certificate's dates.
 */
enum emrtd_error emrtd_certificate_check_dates(
    const struct emrtd_certificate *certificate, int64_t at,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
