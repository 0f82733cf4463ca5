/*
 * emrtd/finding.h - deviations: where a document is not as the standards want
 * it, though nothing says that it is forged. Real documents of real states
 * deviate; a test laboratory wants each one to be refused. So they are found
 * once, and a policy says what they mean.
 */
#ifndef EMRTD_FINDING_H
#define EMRTD_FINDING_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

enum emrtd_policy {
	/* Deviations are told, and change no verdict. */
	EMRTD_POLICY_FIELD = 0,
	/*
	 * Those that BSI TR-03105 part 5.1 wants to be refused make the check
	 * pa.conformance fail, and with it the data.
	 */
	EMRTD_POLICY_STRICT
};
/* "field", "strict". */
EMRTD_API const char *emrtd_policy_name(enum emrtd_policy policy);
EMRTD_API bool emrtd_policy_by_name(const char *name, enum emrtd_policy *out);

/*
 * What a deviation means under EMRTD_POLICY_STRICT. Names and clauses are in
 * docs/CHECKS.md, too; 'tests' are the ids of TR-03105-5.1, parted by blanks.
 * Appended to within its group, never renamed.
 *
 * X(ID, name, clause, tests, STRICT, text)
 */
#define EMRTD_FINDINGS_SOD(X)                                             \
	X(SOD_CONTENT_TYPE, "sod.content_type", "Doc 9303-10 4.6.2.2",    \
	    "LDS_H_24", FAILS,                                            \
	    "EF.SOD has another content type than id-icao-mrtd-security-" \
	    "ldsSecurityObject")

#define EMRTD_FINDINGS_CERTIFICATE(X)                                          \
	X(DS_NO_AUTHORITY_KEY_ID, "ds.no_authority_key_id", "Doc 9303-12 7.1", \
	    "LDS_H_61", FAILS,                                                 \
	    "the Document Signer's certificate has no authority key "          \
	    "identifier")

#define EMRTD_FINDINGS_FILE(X)                               \
	X(FILE_COM_SOD, "file.com_sod", "Doc 9303-10 4.6.1", \
	    "LDS_H_90 LDS_H_91 LDS_H_92", FAILS,             \
	    "EF.COM and EF.SOD name different data groups")

#define EMRTD_FINDINGS(X)             \
	EMRTD_FINDINGS_SOD(X)         \
	EMRTD_FINDINGS_CERTIFICATE(X) \
	EMRTD_FINDINGS_FILE(X)

enum emrtd_finding_id {
#define EMRTD_FINDING_ENUM(id, name, clause, tests, strict, text) \
	EMRTD_FINDING_##id,
	EMRTD_FINDINGS(EMRTD_FINDING_ENUM)
#undef EMRTD_FINDING_ENUM
	EMRTD_N_FINDINGS
};

enum emrtd_strictness {
	EMRTD_STRICT_NOTES = 0, /* told under either policy */
	EMRTD_STRICT_FAILS
};

/* A row of the static table; strings are never NULL. */
struct emrtd_finding_info {
	const char *name;   /* "sod.content_type" */
	const char *clause; /* of the standard */
	const char *tests;  /* of TR-03105-5.1; may be empty */
	const char *text;   /* a sentence without a full stop */
	enum emrtd_strictness strict;
};
EMRTD_API const struct emrtd_finding_info *emrtd_finding_info(
    enum emrtd_finding_id id);

#ifdef __cplusplus
}
#endif
#endif
