/*
 * emrtd/result.h - what a reading or a verification found: the table of
 * checks, the two verdicts, the files as received.
 */
#ifndef EMRTD_RESULT_H
#define EMRTD_RESULT_H

#include <emrtd/finding.h>
#include <emrtd/json.h>
#include <emrtd/lds.h>
#include <emrtd/pki.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed memory can never read as passed. */
enum emrtd_verdict {
	EMRTD_NOT_RUN = 0,
	EMRTD_PASSED,
	EMRTD_FAILED,
	EMRTD_NOT_OFFERED,  /* the document has no such feature */
	EMRTD_UNDETERMINED, /* could not be decided, e.g. no trust anchor */
	EMRTD_ABORTED       /* link lost in the middle */
};
EMRTD_API const char *emrtd_verdict_name(enum emrtd_verdict verdict);

/*
 * Id, clause of Doc 9303, name in BSI TR-03135, title for people. Rows are
 * added, none is renamed. docs/CHECKS.md says when each passes and fails.
 */
#define EMRTD_CHECKS(X)                                                       \
	X(ACCESS_PACE, "access.pace", "Doc 9303-11 4.4", "PACE",              \
	    "Chip opened with PACE")                                          \
	X(ACCESS_BAC, "access.bac", "Doc 9303-11 4.3", "BAC",                 \
	    "Chip opened with BAC")                                           \
	X(ACCESS_DOWNGRADE, "access.downgrade", "Doc 9303-11 4.2", "",        \
	    "Strongest access control used")                                  \
	X(ACCESS_SM, "access.secure_messaging", "Doc 9303-11 9.8", "",        \
	    "Every answer was protected")                                     \
	X(CHIP_CA, "chip.ca", "Doc 9303-11 6.2", "CA", "Chip Authentication") \
	X(CHIP_AA, "chip.aa", "Doc 9303-11 6.1", "AA",                        \
	    "Active Authentication")                                          \
	X(CHIP_CAM, "chip.cam", "Doc 9303-11 4.4", "PACE-CAM",                \
	    "PACE with chip authentication")                                  \
	X(TERMINAL_TA, "terminal.ta", "Doc 9303-11 7.1", "TA",                \
	    "Terminal Authentication")                                        \
	X(PA_SOD_SIGNATURE, "pa.sod_signature", "Doc 9303-11 5.1",            \
	    "EF.SOD signature", "Signature of the security object")           \
	X(PA_SIGNED_ATTRIBUTES, "pa.signed_attributes", "Doc 9303-10 4.6.2",  \
	    "EF.SOD hash", "Signed attributes fit the content")               \
	X(PA_CHAIN, "pa.chain", "Doc 9303-12 6.1", "Trust status",            \
	    "Signer certified by a trusted country CA")                       \
	X(PA_DS_VALIDITY, "pa.ds_validity", "Doc 9303-12 6.1", "DS validity", \
	    "Signer's certificate within its dates")                          \
	X(PA_CSCA_VALIDITY, "pa.csca_validity", "Doc 9303-12 6.1",            \
	    "CSCA validity", "Country CA's certificate within its dates")     \
	X(PA_REVOCATION, "pa.revocation", "Doc 9303-12 6.1", "DS revocation", \
	    "Signer's certificate not revoked")                               \
	X(PA_HASH_DG1, "pa.hash.dg1", "Doc 9303-11 5.1", "DG1 integrity",     \
	    "DG1 as signed (personal data)")                                  \
	X(PA_HASH_DG2, "pa.hash.dg2", "Doc 9303-11 5.1", "DG2 integrity",     \
	    "DG2 as signed (face)")                                           \
	X(PA_HASH_DG3, "pa.hash.dg3", "Doc 9303-11 5.1", "DG3 integrity",     \
	    "DG3 as signed (fingers)")                                        \
	X(PA_HASH_DG4, "pa.hash.dg4", "Doc 9303-11 5.1", "DG4 integrity",     \
	    "DG4 as signed (irises)")                                         \
	X(PA_HASH_DG5, "pa.hash.dg5", "Doc 9303-11 5.1", "DG5 integrity",     \
	    "DG5 as signed")                                                  \
	X(PA_HASH_DG6, "pa.hash.dg6", "Doc 9303-11 5.1", "DG6 integrity",     \
	    "DG6 as signed")                                                  \
	X(PA_HASH_DG7, "pa.hash.dg7", "Doc 9303-11 5.1", "DG7 integrity",     \
	    "DG7 as signed")                                                  \
	X(PA_HASH_DG8, "pa.hash.dg8", "Doc 9303-11 5.1", "DG8 integrity",     \
	    "DG8 as signed")                                                  \
	X(PA_HASH_DG9, "pa.hash.dg9", "Doc 9303-11 5.1", "DG9 integrity",     \
	    "DG9 as signed")                                                  \
	X(PA_HASH_DG10, "pa.hash.dg10", "Doc 9303-11 5.1", "DG10 integrity",  \
	    "DG10 as signed")                                                 \
	X(PA_HASH_DG11, "pa.hash.dg11", "Doc 9303-11 5.1", "DG11 integrity",  \
	    "DG11 as signed")                                                 \
	X(PA_HASH_DG12, "pa.hash.dg12", "Doc 9303-11 5.1", "DG12 integrity",  \
	    "DG12 as signed")                                                 \
	X(PA_HASH_DG13, "pa.hash.dg13", "Doc 9303-11 5.1", "DG13 integrity",  \
	    "DG13 as signed")                                                 \
	X(PA_HASH_DG14, "pa.hash.dg14", "Doc 9303-11 5.1", "DG14 integrity",  \
	    "DG14 as signed (security options)")                              \
	X(PA_HASH_DG15, "pa.hash.dg15", "Doc 9303-11 5.1", "DG15 integrity",  \
	    "DG15 as signed (chip's key)")                                    \
	X(PA_HASH_DG16, "pa.hash.dg16", "Doc 9303-11 5.1", "DG16 integrity",  \
	    "DG16 as signed")                                                 \
	X(PA_COM_SOD, "pa.com_sod", "Doc 9303-10 4.6.1", "EF.COM vs EF.SOD",  \
	    "Index and security object agree")                                \
	X(PA_ISSUER_COUNTRY, "pa.issuer_country", "Doc 9303-11 5.1.1",        \
	    "Issuing state DG1 vs DS", "Signer names the issuing state")      \
	X(PA_DOCUMENT_TYPE, "pa.document_type", "Doc 9303-12 7.1",            \
	    "Document type DG1 vs DS", "Signer may sign such documents")      \
	X(PA_CARD_ACCESS_COPY, "pa.card_access_copy", "Doc 9303-11 9.2",      \
	    "EF.CardAccess vs DG14", "Access offer confirmed by signed data") \
	X(PA_CARD_SECURITY, "pa.card_security", "Doc 9303-11 9.2.11",         \
	    "EF.CardSecurity signature", "Signature of EF.CardSecurity")      \
	X(PA_SIGNING_TIME, "pa.signing_time", "Doc 9303-11 5.1.1", "",        \
	    "Signed while the signer's key was in use")                       \
	X(PA_CONFORMANCE, "pa.conformance", "BSI TR-03105-5.1", "",           \
	    "Files and certificates as the standards want them")              \
	X(DOC_VALIDITY, "doc.validity", "Doc 9303-3 4.8", "Expiry",           \
	    "Document not expired")                                           \
	X(DOC_MRZ_MATCH, "doc.mrz_match", "Doc 9303-11 5.1.1",                \
	    "Optical MRZ vs DG1", "Printed MRZ is that of the chip")

enum emrtd_check_id {
#define EMRTD_CHECK_ENUM(id, name, clause, tr, title) EMRTD_CHECK_##id,
	EMRTD_CHECKS(EMRTD_CHECK_ENUM)
#undef EMRTD_CHECK_ENUM
	EMRTD_N_CHECKS
};

/* A row of the static table of checks; strings are never NULL. */
struct emrtd_check_info {
	const char *name;    /* "pa.chain" */
	const char *clause;  /* of Doc 9303 */
	const char *tr03135; /* may be empty */
	const char *title;
};
EMRTD_API const struct emrtd_check_info *emrtd_check_info(
    enum emrtd_check_id id);

struct emrtd_check {
	enum emrtd_verdict verdict;
	struct emrtd_diag diag; /* why; diag.what is a sentence or NULL */
};

/* The ways in which a chip proves that it holds its own key. */
enum emrtd_proof_kind {
	EMRTD_PROOF_CA,  /* Chip Authentication, key in DG14 */
	EMRTD_PROOF_AA,  /* Active Authentication, key in DG15 */
	EMRTD_PROOF_CAM, /* PACE-CAM, key in EF.CardSecurity */
	EMRTD_N_PROOFS
};

/* Passive Authentication: are the data as the issuing state signed them? */
enum emrtd_data_verdict {
	EMRTD_DATA_UNDETERMINED = 0,
	EMRTD_DATA_AUTHENTIC,
	EMRTD_DATA_FAILED
};
/* Is this chip the one that they were written to? */
enum emrtd_chip_verdict {
	EMRTD_CHIP_UNDETERMINED = 0,
	EMRTD_CHIP_GENUINE,
	EMRTD_CHIP_FAILED,
	EMRTD_CHIP_NOT_OFFERED
};
/*
 * genuine: data authentic and chip genuine. authentic_data_only: data
 * authentic, and the chip offers no proof of its own (a copy would look the
 * same). failed in either wins, then undetermined.
 */
enum emrtd_overall_verdict {
	EMRTD_OVERALL_UNDETERMINED = 0,
	EMRTD_OVERALL_GENUINE,
	EMRTD_OVERALL_AUTHENTIC_DATA_ONLY,
	EMRTD_OVERALL_FAILED
};
EMRTD_API const char *emrtd_data_verdict_name(enum emrtd_data_verdict v);
EMRTD_API const char *emrtd_chip_verdict_name(enum emrtd_chip_verdict v);
EMRTD_API const char *emrtd_overall_verdict_name(enum emrtd_overall_verdict v);

enum emrtd_file_status {
	EMRTD_FILE_NOT_REQUESTED = 0,
	EMRTD_FILE_READ,
	EMRTD_FILE_ABSENT,
	EMRTD_FILE_DENIED,
	EMRTD_FILE_MALFORMED, /* received, but does not parse */
	EMRTD_FILE_ABORTED    /* the link was lost while it was read */
};
EMRTD_API const char *emrtd_file_status_name(enum emrtd_file_status status);

struct emrtd_result;
struct mrz_doc;
struct mrz_doubt;

/* Wipes and frees; NULL-safe, leaves NULL. */
EMRTD_API void emrtd_result_free(struct emrtd_result **result);

/* Borrowed until the result is freed. */
EMRTD_API const struct emrtd_check *emrtd_result_check(
    const struct emrtd_result *result, enum emrtd_check_id id);
/*
 * emrtd_result_check_reason - a sentence about a check, cut to fit. It may
 * quote a certificate: printable ASCII. Empty only when the check passed.
 */
#define EMRTD_REASON_CAP 400
EMRTD_API void emrtd_result_check_reason(const struct emrtd_result *result,
    enum emrtd_check_id id, char text[EMRTD_REASON_CAP]);
EMRTD_API enum emrtd_data_verdict emrtd_result_data(
    const struct emrtd_result *result);
EMRTD_API enum emrtd_chip_verdict emrtd_result_chip(
    const struct emrtd_result *result);
EMRTD_API enum emrtd_overall_verdict emrtd_result_overall(
    const struct emrtd_result *result);
/* One sentence for a person: why the overall verdict is what it is. */
EMRTD_API const char *emrtd_result_reason(const struct emrtd_result *result);
/* True when any check failed. */
EMRTD_API bool emrtd_result_any_failed(const struct emrtd_result *result);
/* Which policy made the verdicts of the findings. */
EMRTD_API enum emrtd_policy emrtd_result_policy(
    const struct emrtd_result *result);

/* A deviation of this document. Strings are borrowed from the result. */
struct emrtd_finding {
	uint32_t size; /* sizeof(struct emrtd_finding) */
	enum emrtd_finding_id id;
	const struct emrtd_finding_info *info;
	const char *detail; /* printable ASCII, may be empty */
	bool fails;         /* under the policy of this result */
};
/*
 * The index-th deviation, in the order of enum emrtd_finding_id; false past
 * the last. Set out->size before.
 */
EMRTD_API bool emrtd_result_finding(const struct emrtd_result *result,
    size_t index, struct emrtd_finding *out);
/* True when a marked test certificate was the anchor. */
EMRTD_API bool emrtd_result_test_trust(const struct emrtd_result *result);
/* EMRTD_OK, or what ended the reading early; diag says where. */
EMRTD_API enum emrtd_error emrtd_result_error(
    const struct emrtd_result *result);
EMRTD_API const struct emrtd_diag *emrtd_result_diag(
    const struct emrtd_result *result);
/* The bytes as received; empty unless read. */
EMRTD_API struct emrtd_bytes emrtd_result_file(
    const struct emrtd_result *result, enum emrtd_file file);
/* SHA-256 of these bytes; empty when there are none. */
#define EMRTD_FILE_SHA256_LEN 32
EMRTD_API struct emrtd_bytes emrtd_result_file_sha256(
    const struct emrtd_result *result, enum emrtd_file file);
EMRTD_API enum emrtd_file_status emrtd_result_file_status(
    const struct emrtd_result *result, enum emrtd_file file);
/* DG1, parsed by libmrz; NULL when there is none or it is malformed. */
EMRTD_API const struct mrz_doc *emrtd_result_document(
    const struct emrtd_result *result);
/* How the printed MRZ and DG1 compare, letter by letter. */
enum emrtd_mrz_comparison {
	EMRTD_MRZ_NOT_COMPARED = 0, /* no DG1 */
	EMRTD_MRZ_CONFIRMED,        /* equal, but for doubts that DG1 settles */
	EMRTD_MRZ_DIFFERS
};
/* "not_compared", "confirmed_by_chip", "differs". */
EMRTD_API const char *emrtd_mrz_comparison_name(
    enum emrtd_mrz_comparison comparison);

struct emrtd_mrz_difference {
	uint8_t line, column; /* from 1 */
	char optical, chip;
	bool doubtful; /* the chip's is what else may be printed there */
};

struct emrtd_mrz {
	uint32_t size;                 /* sizeof(struct emrtd_mrz) */
	const struct mrz_doc *optical; /* as it was given */
	uint32_t n_keys;               /* that there were to try */
	uint32_t n_tried;              /* that the chip was shown */
	uint32_t opened_by;            /* which opened it, from 1; 0: none */
	enum emrtd_mrz_comparison comparison;
	/* In reading order; empty also when the layouts differ. */
	const struct emrtd_mrz_difference *differences;
	size_t n_differences;
};
/* The printed MRZ; false when none was given. Set out->size before. */
EMRTD_API bool emrtd_result_mrz(const struct emrtd_result *result,
    struct emrtd_mrz *out);
/* The first face of DG2; false when there is none. */
EMRTD_API bool emrtd_result_face(const struct emrtd_result *result,
    struct emrtd_face *out);

enum emrtd_access_protocol {
	EMRTD_ACCESS_NONE = 0, /* not opened */
	EMRTD_ACCESS_PLAIN,
	EMRTD_ACCESS_BAC,
	EMRTD_ACCESS_PACE
};

#define EMRTD_TRIES_UNKNOWN (-1)

/*
 * What opened the chip, or was tried last. Static strings; NULL where there is
 * nothing to say.
 */
struct emrtd_access {
	uint32_t size; /* sizeof(struct emrtd_access) */
	enum emrtd_access_protocol protocol;
	const char *mapping;   /* of PACE: "GM", "IM", "CAM" */
	const char *cipher;    /* "3DES", "AES-128" ... */
	const char *parameter; /* of PACE: "brainpoolP256r1" ... */
	const char *password;  /* "mrz", "can", "pin", "puk" */
	bool has_parameter_id;
	uint32_t parameter_id; /* Doc 9303-11 9.5.1 */
	/* Of the password, as the chip said last; or EMRTD_TRIES_UNKNOWN. */
	int tries_left;
	const char *workaround; /* what the chip could not do, and was spared */
	/*
	 * The reader did PACE, and secures the exchange with the chip: nothing
	 * of ours protects the way to it, and what it chose it does not say.
	 */
	bool by_reader;
};
/* Set out->size before. Of files: EMRTD_ACCESS_NONE. */
EMRTD_API void emrtd_result_access(const struct emrtd_result *result,
    struct emrtd_access *out);

/* How strong what is kept of a proof is, towards somebody who was not there. */
enum emrtd_evidence_strength {
	EMRTD_EVIDENCE_NONE = 0,
	/*
	 * Our own record. Whoever holds the secrets of the exchange could have
	 * made it up, so none are kept, and it proves nothing to others.
	 */
	EMRTD_EVIDENCE_STATEMENT,
	/* The chip signed the challenge: anybody can verify that by DG15. */
	EMRTD_EVIDENCE_SIGNATURE
};
/* "none", "statement", "signature". */
EMRTD_API const char *emrtd_evidence_strength_name(
    enum emrtd_evidence_strength strength);
/* "CA", "AA", "PACE-CAM". */
EMRTD_API const char *emrtd_proof_name(enum emrtd_proof_kind proof);

#define EMRTD_CHALLENGE_LEN 8

/* What is kept of a proof that the chip gave. Strings are static. */
struct emrtd_evidence {
	uint32_t size; /* sizeof(struct emrtd_evidence) */
	enum emrtd_proof_kind proof;
	enum emrtd_evidence_strength strength;
	const char *protocol;  /* "RSA", "ECDSA"; else the name of its OID */
	const char *parameter; /* hash of AA, else domain parameters; or NULL */
	/* AA only; views into the result. */
	struct emrtd_bytes challenge, signature;
	bool own_challenge; /* of who asked the chip, or verifies now */
};
/*
 * What there is of one kind of proof; false when there is none. It is there
 * also when the signature turned out wrong: the check says what it is worth.
 * Set out->size before.
 */
EMRTD_API bool emrtd_result_evidence(const struct emrtd_result *result,
    enum emrtd_proof_kind proof, struct emrtd_evidence *out);

/*
 * Of signer, links and CSCA the worst: revoked, unverified, stale, no_crl,
 * good. Instants are seconds since 1970 UTC. Strings are borrowed from the
 * result or static, printable ASCII, and NULL where there is nothing to say.
 */
struct emrtd_revocation {
	uint32_t size; /* sizeof(struct emrtd_revocation) */
	enum emrtd_revocation_status status;
	enum emrtd_revocation_role role;
	const char *subject;       /* of the certificate in question */
	struct emrtd_bytes serial; /* as it stands in it */
	/* The list that decided. */
	const char *list_issuer; /* NULL: there is none */
	int64_t this_update, next_update;
	bool has_next_update;
	/* EMRTD_REVOCATION_REVOKED only. */
	int64_t revoked_at, invalid_since;
	bool has_invalid_since;
	const char *reason; /* "keyCompromise" ...; NULL: none is given */
	enum emrtd_revocation_order order;
};
/* False when nothing was looked up. Set out->size before. */
EMRTD_API bool emrtd_result_revocation(const struct emrtd_result *result,
    struct emrtd_revocation *out);

/*
 * emrtd_json_mrz - the members format, lines and fields of an MRZ, as they
 * stand in the records mrz-read/1, emrtd-read/1 and emrtd-verify/1.
 */
EMRTD_API void emrtd_json_mrz(struct emrtd_json *json,
    const struct mrz_doc *doc);

/*
 * What a program knows and the library does not, for the JSON record. Strings
 * and bytes are borrowed for the call.
 */
struct emrtd_record {
	const char *schema;         /* "emrtd-read/1" or "emrtd-verify/1" */
	const char *tool, *version; /* program and its version */
	struct emrtd_bytes optical; /* mrz-read/1 record as text, or empty */
	const char *reader_uri;     /* emrtd-read only */
	const char *reader_name;
	const char *const *sources; /* emrtd-verify only */
	size_t n_sources;
	/* Indexed by enum emrtd_file: where a file lies; may be NULL. */
	const char *const *paths;
	const char *portrait_path; /* or NULL */
	bool embed_portrait;
	unsigned optical_document; /* which of 'optical', from 1; 0: none */
	/*
	 * Why the program had nothing to verify, so that the result is about
	 * no files; written as 'error' when the result has none. Or NULL.
	 */
	const struct emrtd_diag *failure;
	/*
	 * Of a program that reads one document after the other: the member
	 * 'watch'. NULL: it does not.
	 */
	const char *watch_outcome;
	unsigned watch_number; /* from 1 */
	/* The MRZ is not of this document: nothing of it is written. */
	bool leave_mrz;
};

/*
 * emrtd_result_write_json - the record of docs/JSON.md, one line unless
 * json->pretty. errors: none; json->bad when the sink refuses.
 */
EMRTD_API void emrtd_result_write_json(const struct emrtd_result *result,
    const struct emrtd_record *record, struct emrtd_json *json);

/*
 * emrtd_result_write_tr03135 - the checks and their verdicts as XML, under the
 * names of BSI TR-03135-1 5.0.1 (docs/TR03135.md). Modelled on its text: its
 * schemas are not public, and the namespace is ours. Nothing in it says who
 * the holder is.
 * in:     record   tool and version are written
 *         write    takes n bytes of text; false ends the writing
 * returns false when 'write' refused. No allocation.
 */
#define EMRTD_TR03135_NAMESPACE "https://mrtdkit.example/tr03135/1"
EMRTD_API bool emrtd_result_write_tr03135(const struct emrtd_result *result,
    const struct emrtd_record *record,
    bool (*write)(void *self, const char *text, size_t n),
    void *self) EMRTD_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
