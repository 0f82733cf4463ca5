/*
 * result.h - what stands behind struct emrtd_result. The reader fills it;
 * this layer knows the checks, what they add up to, and the JSON record.
 */
#ifndef RESULT_RESULT_H
#define RESULT_RESULT_H

#include "core/finding.h"

#include <emrtd/result.h>

#include <mrz/mrz.h>

#define EMRTD_SHA256_LEN     32
#define EMRTD_SESSION_ID_LEN 16
#define EMRTD_PHASES_MAX     16
#define EMRTD_SERIAL_MAX     32
#define EMRTD_NAME_TEXT_MAX  160
#define EMRTD_PATH_MAX       3

struct emrtd_result_file {
	enum emrtd_file_status status;
	uint8_t *ptr; /* owned, from malloc */
	size_t len;
	uint8_t sha256[EMRTD_SHA256_LEN];
};

struct emrtd_result_certificate {
	bool present;
	char subject[EMRTD_NAME_TEXT_MAX], issuer[EMRTD_NAME_TEXT_MAX];
	uint8_t serial[EMRTD_SERIAL_MAX];
	size_t serial_len;
	int64_t not_before, not_after;
	uint8_t sha256[EMRTD_SHA256_LEN];
};

/* As struct emrtd_mrz, with room of its own. */
struct emrtd_result_mrz {
	bool given;
	struct mrz_doc optical;
	uint32_t n_keys, n_tried, opened_by;
	enum emrtd_mrz_comparison comparison;
	struct emrtd_mrz_difference
	    differences[MRZ_MAX_LINES * MRZ_MAX_LINE_LEN];
	size_t n_differences;
};

/*
 * What happened between reader and chip, whoever vouches for the key. The
 * rows chip.* are made of it after Passive Authentication.
 *
 * PASSED: the chip holds the private key to the public one that stands in the
 * key's file as it is in files[]. FAILED: it was asked and could not, or would
 * not. ABORTED: the link was lost in the middle. UNDETERMINED: we cannot
 * compute it (a key or algorithm that we lack). NOT_RUN: nobody asked.
 */
struct emrtd_proof {
	enum emrtd_verdict verdict;
	struct emrtd_diag diag; /* as struct emrtd_check */
};

/* Of RSA keys of 16,384 bits. */
#define EMRTD_EVIDENCE_SIGNATURE_MAX 2048

/* As struct emrtd_evidence, with room of its own. */
struct emrtd_result_evidence {
	enum emrtd_evidence_strength strength; /* NONE: there is none */
	const char *protocol, *parameter;
	uint8_t challenge[EMRTD_CHALLENGE_LEN];
	uint8_t signature[EMRTD_EVIDENCE_SIGNATURE_MAX];
	size_t signature_len;
};

/* As struct emrtd_revocation, with room of its own. */
struct emrtd_result_revocation {
	enum emrtd_revocation_status status;
	enum emrtd_revocation_role role;
	char subject[EMRTD_NAME_TEXT_MAX], list_issuer[EMRTD_NAME_TEXT_MAX];
	uint8_t serial[EMRTD_SERIAL_MAX];
	size_t serial_len;
	int64_t this_update, next_update;
	bool has_next_update;
	int64_t revoked_at, invalid_since;
	bool has_invalid_since;
	const char *reason; /* static; NULL: none */
	enum emrtd_revocation_order order;
};

struct emrtd_result_phase {
	const char *name; /* static */
	int64_t us;
	uint32_t apdus;
	uint64_t bytes; /* received */
};

struct emrtd_result {
	uint8_t session[EMRTD_SESSION_ID_LEN];
	int64_t at;
	bool on_chip; /* read from a chip, not from files */
	struct emrtd_check checks[EMRTD_N_CHECKS];
	enum emrtd_policy policy;
	struct emrtd_findings findings;
	struct emrtd_proof proofs[EMRTD_N_PROOFS];
	struct emrtd_result_file files[EMRTD_N_FILES];
	struct emrtd_result_evidence evidence[EMRTD_N_PROOFS];
	/* Files: the challenge of the evidence is the verifier's own. */
	bool own_challenge;
	emrtd_dg_set wanted; /* groups without which nothing is complete */
	struct emrtd_access access;
	bool has_document;
	struct mrz_doc document;
	struct emrtd_result_mrz mrz;
	bool has_face;
	struct emrtd_face face; /* a view into the file */
	uint8_t face_sha256[EMRTD_SHA256_LEN];
	struct emrtd_result_certificate signer, csca;
	/* Between them, from the signer's issuer on. */
	struct emrtd_result_certificate path[EMRTD_PATH_MAX];
	size_t n_path;
	struct emrtd_result_revocation revocation;
	bool test_trust;
	struct emrtd_diag diag; /* diag.error: what ended the reading */
	int64_t total_us;
	struct emrtd_result_phase phases[EMRTD_PHASES_MAX];
	size_t n_phases;
};

/* Sets a row. 'what' is a static sentence, NULL for none. */
void emrtd_check_set(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_verdict verdict, const char *what);
/* Sets a row from the error of the step that decided it. */
void emrtd_check_set_diag(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_verdict verdict, const struct emrtd_diag *diag);
/*
 * Of the error of a step that decides a row: OK is passed, what we cannot
 * compute or do not know is undetermined, the rest has failed.
 */
enum emrtd_verdict emrtd_verdict_of(enum emrtd_error error);
/* The same for what happened on the wire: reader/prove_*.c, nobody else. */
void emrtd_proof_set(struct emrtd_result *result, enum emrtd_proof_kind kind,
    enum emrtd_verdict verdict, const char *what);
void emrtd_proof_set_diag(struct emrtd_result *result,
    enum emrtd_proof_kind kind, enum emrtd_verdict verdict,
    const struct emrtd_diag *diag);
/*
 * A proof of CA or PACE-CAM that the chip gave, by our word. Static strings;
 * parameter may be NULL.
 */
void emrtd_evidence_statement(struct emrtd_result *result,
    enum emrtd_proof_kind kind, const char *protocol, const char *parameter);
/*
 * What the chip signed; false when it is too long. Protocol and parameter are
 * set when the signature was understood.
 */
bool emrtd_evidence_signature(struct emrtd_result *result,
    struct emrtd_bytes challenge, struct emrtd_bytes signature) EMRTD_MUST_USE;
/* The member "revocation" of a record. */
void emrtd_json_revocation(struct emrtd_json *json,
    const struct emrtd_result *result);
/* What the policy of the result makes of a deviation. */
bool emrtd_finding_fails(const struct emrtd_result *result,
    const struct emrtd_finding_info *info);
/* Row of data group n, 1 to 16. */
enum emrtd_check_id emrtd_check_hash_dg(unsigned n);

#endif
