/*
 * A record as a page wants it: types checked, counts bounded. Texts are views
 * into the JSON tree, which stays until report_record_free.
 */
#ifndef MRTD_TOOL_REPORT_RECORD_H
#define MRTD_TOOL_REPORT_RECORD_H

#include "html.h"
#include "report_page.h"

#include <emrtd/result.h>

#include <mrz/mrz.h>

#define REPORT_LINES_MAX        3
#define REPORT_CHECKS_MAX       80
#define REPORT_FILES_MAX        40
#define REPORT_PHASES_MAX       40
#define REPORT_SOURCES_MAX      20
#define REPORT_DOUBTS_MAX       40
#define REPORT_DIFFERENCES_MAX  140
#define REPORT_ALTERNATIVES_MAX 4
#define REPORT_EVIDENCE_MAX     3
#define REPORT_FINDINGS_MAX     300
#define REPORT_TESTS_MAX        16
#define REPORT_PATH_MAX         3

/* -1: the record does not say, or says it in a wrong way. */
#define REPORT_UNKNOWN (-1)

struct report_lines {
	size_t n;
	struct report_text line[REPORT_LINES_MAX];
};

struct report_document {
	bool present;
	struct report_text format;
	struct report_lines lines;
	struct report_text fields[MRZ_N_FIELDS]; /* dates: as printed */
	int32_t birth_from, birth_to;            /* days, or MRZ_NO_DAY */
	int32_t expiry_from, expiry_to;          /* likewise */
};

struct report_doubt {
	unsigned line, column; /* from 1 */
	size_t n;
	struct report_text alternatives[REPORT_ALTERNATIVES_MAX];
};

struct report_difference {
	unsigned line, column;
	struct report_text optical, chip;
	bool doubtful;
};

/* The MRZ as printed, and what became of it. */
struct report_optical {
	struct report_lines lines;
	struct report_text status; /* of the reading; may be none */
	size_t n_doubts;
	struct report_doubt doubts[REPORT_DOUBTS_MAX];
	struct report_text result; /* "confirmed_by_chip" ...; may be none */
	int64_t keys, tried, opened_by; /* REPORT_UNKNOWN */
	size_t n_differences;
	struct report_difference differences[REPORT_DIFFERENCES_MAX];
};

struct report_check {
	struct report_text id, reason, code, sw, clause;
	enum emrtd_check_id known; /* EMRTD_N_CHECKS: an id of another day */
	enum emrtd_verdict verdict;
};

struct report_finding {
	struct report_text id, clause, text, detail;
	size_t n_tests;
	struct report_text tests[REPORT_TESTS_MAX];
	bool fails;
};

struct report_file {
	struct report_text name, fid, sha256, status, path;
	int64_t size;
};

/* What the revocation lists say; status.ptr is NULL where nobody looked. */
struct report_revocation {
	struct report_text status, certificate, subject, serial;
	struct report_text issuer, this_update, next_update; /* of the list */
	struct report_text revoked_at, invalid_since, reason, document_signed;
};

struct report_certificate {
	bool present;
	struct report_text subject, issuer, serial, sha256;
	struct report_text not_before, not_after;
};

struct report_phase {
	struct report_text name;
	int64_t us, apdus, bytes;
};

struct report_evidence {
	struct report_text proof, strength, protocol, parameter;
	struct report_text challenge, signature; /* of a signature only */
	bool own_challenge;
};

struct report_portrait {
	bool present;
	struct report_text sha256, base64;
};

struct report_record {
	void *tree;   /* of jansson */
	bool on_chip; /* emrtd-read/1; else emrtd-verify/1 */
	struct report_text tool, version, session, at, policy;
	int32_t at_day; /* MRZ_NO_DAY if 'at' is no instant */
	struct report_text reader_uri, reader_name;
	size_t n_sources;
	struct report_text sources[REPORT_SOURCES_MAX];
	struct report_text protocol, mapping, cipher, parameter, password,
	    workaround;
	int64_t tries_left; /* of the password; -1: nobody said */
	bool by_reader;     /* the reader did PACE by itself */
	struct report_document document;
	struct report_optical optical;
	size_t n_checks;
	struct report_check checks[REPORT_CHECKS_MAX];
	size_t n_findings;
	struct report_finding findings[REPORT_FINDINGS_MAX];
	enum emrtd_data_verdict data;
	enum emrtd_chip_verdict chip;
	enum emrtd_overall_verdict verdict;
	struct report_text verdict_reason;
	bool test_trust;
	size_t n_files;
	struct report_file files[REPORT_FILES_MAX];
	struct report_portrait portrait;
	struct report_certificate signer, csca;
	size_t n_path; /* links between them, the signer's issuer first */
	struct report_certificate path[REPORT_PATH_MAX];
	struct report_revocation revocation;
	size_t n_evidence;
	struct report_evidence evidence[REPORT_EVIDENCE_MAX];
	bool ended_early; /* there is an error */
	struct report_text error_code, error_class, error_text, error_where;
	struct report_text error_sw;
	int64_t total_us;
	size_t n_phases;
	struct report_phase phases[REPORT_PHASES_MAX];
	/* What is missing, of a wrong type, too long or twice. A record with
	 * such a thing is not good for a verdict. */
	unsigned n_defects;
	const char *first_defect; /* key, or what is wrong */
};

enum report_error report_record_parse(struct emrtd_bytes text,
    struct report_record *out, char why[REPORT_WHY_CAP]);
void report_record_free(struct report_record *record);

/* EMRTD_NOT_RUN when the record has no such row. */
enum emrtd_verdict report_verdict_of(const struct report_record *record,
    enum emrtd_check_id id);
/* NULL when there is no such row. */
const struct report_file *report_file_named(const struct report_record *record,
    const char *name);

#endif
