/*
 * A result under the names of BSI TR-03135 part 1, version 5.0.1. Its schemas
 * are not public, so this is modelled on its text, in a namespace of our own.
 */
#include "result/result.h"

#include "core/civil.h"

#include <string.h>

/* How the result of an element follows from those below it. */
enum rule {
	SEVEREST,    /* 3.8, table 3.1 */
	ANY_SUCCESS, /* 5.8.5: one that succeeds is enough, else table 3.1 */
	ACCESS       /* 5.8.3: the same, and else nothing got in */
};

/* An element; those below it follow with a greater depth. */
struct row {
	unsigned depth;
	const char *element;
	const char *section; /* of TR-03135-1, "-": the element is ours */
	enum rule rule;
	const char *file; /* attribute, or NULL */
	/* Checks that it tells; the range from one to the other: each in an
	 * element of its own. */
	enum {
		NO_CHECK,
		PLAIN_ACCESS, /* opened without a protocol: no check of ours */
		CHECK,
		BOTH_CHECKS,
		EACH_CHECK
	} kind;
	enum emrtd_check_id check, other;
};

#define AGGREGATE     NO_CHECK, EMRTD_N_CHECKS, EMRTD_N_CHECKS
#define OPEN          PLAIN_ACCESS, EMRTD_N_CHECKS, EMRTD_N_CHECKS
#define ONE(id)       CHECK, EMRTD_CHECK_##id, EMRTD_N_CHECKS
#define TWO(id, id2)  BOTH_CHECKS, EMRTD_CHECK_##id, EMRTD_CHECK_##id2
#define EACH(id, id2) EACH_CHECK, EMRTD_CHECK_##id, EMRTD_CHECK_##id2
#define SOD           "EF.SOD"
#define CARD_SECURITY "EF.CardSecurity"

/* docs/TR03135.md has this table, too; a test holds it against this one. */
/* clang-format off */
static const struct row rows[] = {
	{ 1, "ElectronicCheck", "5.8", SEVEREST, NULL, AGGREGATE },
	{ 2, "Checks", "5.8.1", SEVEREST, NULL, AGGREGATE },
	{ 3, "AccessProtocolsCheck", "5.8.3", ACCESS, NULL, AGGREGATE },
	{ 4, "BacCheck", "5.8.3.1", SEVEREST, NULL, ONE(ACCESS_BAC) },
	{ 4, "PaceCheck", "5.8.3.2", SEVEREST, NULL, ONE(ACCESS_PACE) },
	{ 4, "PlainCheck", "5.8.3.3", SEVEREST, NULL, OPEN },
	{ 3, "MandatoryFilesCheck", "5.8.4", SEVEREST, NULL, AGGREGATE },
	{ 4, "SyntaxCheck", "5.8.4.2", SEVEREST, NULL, ONE(PA_CONFORMANCE) },
	{ 3, "AuthenticityCheck", "5.8.5", ANY_SUCCESS, NULL, AGGREGATE },
	{ 4, "ActiveAuthCheck", "5.8.5.1", SEVEREST, NULL, ONE(CHIP_AA) },
	{ 4, "ChipAuthCheck", "5.8.5.2", SEVEREST, NULL, ONE(CHIP_CA) },
	{ 4, "PaceChipAuthMappingCheck", "5.8.5.3", SEVEREST, NULL, ONE(CHIP_CAM) },
	{ 3, "SignatureCheck", "5.8.6", SEVEREST, NULL, AGGREGATE },
	{ 4, "SecurityFileCheck", "5.8.6.1", SEVEREST, SOD, AGGREGATE },
	{ 5, "DigestCheck", "5.8.6.1.1", SEVEREST, NULL, ONE(PA_SIGNED_ATTRIBUTES) },
	{ 5, "SignatureValueCheck", "5.8.6.1.2", SEVEREST, NULL, ONE(PA_SOD_SIGNATURE) },
	{ 4, "SecurityFileCheck", "5.8.6.1", SEVEREST, CARD_SECURITY, ONE(PA_CARD_SECURITY) },
	{ 3, "IssuerCertificatesCheck", "5.8.7", SEVEREST, NULL, AGGREGATE },
	{ 4, "SecurityFileCheck", "5.8.7.1", SEVEREST, SOD, AGGREGATE },
	{ 5, "SignerSignatureCheck", "5.6.3.2.1", SEVEREST, NULL, ONE(PA_CHAIN) },
	{ 5, "SignerValidityPeriodCheck", "5.6.3.2.2", SEVEREST, NULL, ONE(PA_DS_VALIDITY) },
	{ 5, "CountrySignerValidityPeriodCheck", "5.6.3.2.3", SEVEREST, NULL, ONE(PA_CSCA_VALIDITY) },
	{ 5, "SignerTrustedCheck", "5.6.3.2.4", SEVEREST, NULL, TWO(PA_CHAIN, PA_REVOCATION) },
	{ 3, "IntegrityCheck", "5.8.8", SEVEREST, NULL, AGGREGATE },
	{ 4, "EfSodVsEfComCheck", "5.8.8.1", SEVEREST, NULL, ONE(PA_COM_SOD) },
	{ 4, "DataGroupsIntegrityCheck", "5.8.8.2", SEVEREST, NULL, AGGREGATE },
	{ 5, "DataGroupIntegrityCheck", "5.8.8.2.1", SEVEREST, NULL, EACH(PA_HASH_DG1, PA_HASH_DG16) },
	{ 3, "IssuingCountryCheck", "5.8.9", SEVEREST, NULL, AGGREGATE },
	{ 4, "SignerCertificateCheck", "5.8.9.1", SEVEREST, SOD, ONE(PA_ISSUER_COUNTRY) },
	{ 3, "FurtherChecks", "-", SEVEREST, NULL, AGGREGATE },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(ACCESS_DOWNGRADE) },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(ACCESS_SM) },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(TERMINAL_TA) },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(PA_DOCUMENT_TYPE) },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(PA_CARD_ACCESS_COPY) },
	{ 4, "FurtherCheck", "-", SEVEREST, NULL, ONE(PA_SIGNING_TIME) },
	{ 1, "CombinedCheck", "5.10", SEVEREST, NULL, AGGREGATE },
	{ 2, "Checks", "5.10.1", SEVEREST, NULL, AGGREGATE },
	{ 3, "DateOfExpiryCheck", "5.10.2", SEVEREST, NULL, ONE(DOC_VALIDITY) },
	{ 3, "MrzVsDg1Check", "5.10.4", SEVEREST, NULL, ONE(DOC_MRZ_MATCH) },
};
/* clang-format on */
#define N_ROWS (sizeof(rows) / sizeof(*rows))

/* 3.6.2; a check that was not run has no result, and is left out. */
static const char *const words[] = {
	[EMRTD_NOT_RUN] = NULL,
	[EMRTD_PASSED] = "successful",
	[EMRTD_FAILED] = "failed",
	[EMRTD_NOT_OFFERED] = "not supported",
	[EMRTD_UNDETERMINED] = "undetermined",
	[EMRTD_ABORTED] = "aborted",
};

/* 3.8: the order of precedence; what is left out is below all. */
static enum emrtd_verdict
severer(enum emrtd_verdict a, enum emrtd_verdict b)
{
	static const unsigned severity[] = {
		[EMRTD_NOT_RUN] = 0,
		[EMRTD_NOT_OFFERED] = 1,
		[EMRTD_PASSED] = 2,
		[EMRTD_UNDETERMINED] = 3,
		[EMRTD_ABORTED] = 4,
		[EMRTD_FAILED] = 5,
	};

	return severity[a] > severity[b] ? a : b;
}

static enum emrtd_verdict
by_rule(enum rule rule, enum emrtd_verdict severest, bool any_passed)
{
	if (rule != SEVEREST && any_passed)
		return EMRTD_PASSED;
	if (rule == ACCESS && severest != EMRTD_NOT_RUN &&
	    severest != EMRTD_ABORTED)
		return EMRTD_FAILED;
	return severest;
}

/* What a row tells itself. */
static enum emrtd_verdict
of_checks(const struct emrtd_result *result, const struct row *row)
{
	enum emrtd_verdict v = EMRTD_NOT_RUN;
	size_t last = row->check;

	switch (row->kind) {
	case NO_CHECK:
		return EMRTD_NOT_RUN;
	case PLAIN_ACCESS:
		return result->access.protocol == EMRTD_ACCESS_PLAIN
			   ? EMRTD_PASSED
			   : EMRTD_NOT_RUN;
	case BOTH_CHECKS:
		v = result->checks[row->other].verdict;
		break;
	case EACH_CHECK:
		last = row->other;
		break;
	case CHECK:
		break;
	}
	for (size_t i = row->check; i <= last; i++)
		v = severer(v, result->checks[i].verdict);
	return v;
}

/* Of each row and all below it, from the last to the first. */
static void
decide(const struct emrtd_result *result, enum emrtd_verdict out[N_ROWS])
{
	bool any_passed[N_ROWS] = { false };

	for (size_t i = 0; i < N_ROWS; i++)
		out[i] = of_checks(result, &rows[i]);
	for (size_t i = N_ROWS; i-- > 0;) {
		size_t parent = i;

		out[i] = by_rule(rows[i].rule, out[i], any_passed[i]);
		while (parent > 0 && rows[parent].depth >= rows[i].depth)
			parent--;
		if (rows[parent].depth >= rows[i].depth)
			continue;
		out[parent] = severer(out[parent], out[i]);
		any_passed[parent] |= out[i] == EMRTD_PASSED;
	}
}

/*
 * 5.4: failed and aborted rise to the top; what else makes the whole is up to
 * the application: our own verdict, and never a better one.
 */
static enum emrtd_verdict
decide_overall(const struct emrtd_result *result,
    const enum emrtd_verdict of_rows[N_ROWS])
{
	enum emrtd_verdict v = EMRTD_UNDETERMINED;
	enum emrtd_overall_verdict overall = emrtd_result_overall(result);

	if (overall == EMRTD_OVERALL_GENUINE)
		v = EMRTD_PASSED;
	if (overall == EMRTD_OVERALL_FAILED)
		v = EMRTD_FAILED;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].depth == 1)
			v = severer(v, of_rows[i]);
	}
	return v;
}

struct xml {
	bool (*write)(void *self, const char *text, size_t n);
	void *self;
	bool bad; /* sticky */
};

static void
put(struct xml *xml, const char *text, size_t n)
{
	if (!xml->bad && !xml->write(xml->self, text, n))
		xml->bad = true;
}

static void
put_text(struct xml *xml, const char *text)
{
	put(xml, text, strlen(text));
}

/* For an attribute in double quotes. What is not printable ASCII may not
 * stand in XML, or may act: it becomes '?'. */
static void
put_escaped(struct xml *xml, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			put_text(xml, "&lt;");
			break;
		case '>':
			put_text(xml, "&gt;");
			break;
		case '&':
			put_text(xml, "&amp;");
			break;
		case '"':
			put_text(xml, "&quot;");
			break;
		default:
			put(xml, *text >= 0x20 && *text <= 0x7E ? text : "?",
			    1);
		}
	}
}

/* NULL: no attribute. */
static void
put_attribute(struct xml *xml, const char *name, const char *value)
{
	if (value == NULL)
		return;
	put_text(xml, " ");
	put_text(xml, name);
	put_text(xml, "=\"");
	put_escaped(xml, value);
	put_text(xml, "\"");
}

/* Right-aligned digits, at least min of them. */
static void
put_number(struct xml *xml, uint64_t value, size_t min)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0 || sizeof(digits) - at < min);
	put(xml, digits + at, sizeof(digits) - at);
}

static void
put_line(struct xml *xml, unsigned depth)
{
	put_text(xml, "\n");
	for (unsigned i = 0; i < depth; i++)
		put_text(xml, "  ");
}

/* 5.3: numbers of vendors begin at 1000. */
static void
put_error(struct xml *xml, enum emrtd_error error)
{
	if (error == EMRTD_OK)
		return;
	put_text(xml, " errorCode=\"");
	put_number(xml, 1000 + (uint64_t)error, 1);
	put_text(xml, "\"");
	put_attribute(xml, "errorName", emrtd_error_name(error));
}

/* An error behind the result, not one that is the result. */
static void
put_check_error(struct xml *xml, const struct emrtd_result *result,
    enum emrtd_check_id id)
{
	const struct emrtd_check *check = &result->checks[id];

	if (check->verdict == EMRTD_UNDETERMINED ||
	    check->verdict == EMRTD_ABORTED)
		put_error(xml, check->diag.error);
}

/* 5.8.3.2 wants them to be told. */
static void
put_pace(struct xml *xml, const struct emrtd_access *access)
{
	if (access->protocol != EMRTD_ACCESS_PACE)
		return;
	put_attribute(xml, "mapping", access->mapping);
	put_attribute(xml, "cipher", access->cipher);
	put_attribute(xml, "parameter", access->parameter);
}

/* Which checks it tells. */
static void
put_checks(struct xml *xml, const struct emrtd_result *result,
    const struct row *row)
{
	if (row->kind != CHECK && row->kind != BOTH_CHECKS)
		return;
	put_text(xml, " checks=\"");
	put_escaped(xml, emrtd_check_info(row->check)->name);
	if (row->kind == BOTH_CHECKS) {
		put_text(xml, " ");
		put_escaped(xml, emrtd_check_info(row->other)->name);
	}
	put_text(xml, "\"");
	put_check_error(xml, result, row->check);
	if (row->check == EMRTD_CHECK_ACCESS_PACE)
		put_pace(xml, &result->access);
}

/* One element for each check of the range. */
static void
put_each(struct xml *xml, const struct emrtd_result *result,
    const struct row *row)
{
	for (size_t i = row->check; i <= row->other; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		const char *word = words[result->checks[id].verdict];

		if (word == NULL)
			continue;
		put_line(xml, row->depth);
		put_text(xml, "<");
		put_text(xml, row->element);
		put_attribute(xml, "file",
		    emrtd_file_name(
			(enum emrtd_file)(EMRTD_DG1 + (i - row->check))));
		put_attribute(xml, "result", word);
		put_attribute(xml, "checks", emrtd_check_info(id)->name);
		put_check_error(xml, result, id);
		put_text(xml, "/>");
	}
}

/* 6.4.4, in ISO 8601 as XML has it. */
static void
put_duration(struct xml *xml, const struct emrtd_result *result)
{
	uint64_t us = result->total_us > 0 ? (uint64_t)result->total_us : 0;

	put_line(xml, 2);
	put_text(xml, "<TimeMeasurement><Overall><Duration>PT");
	put_number(xml, us / 1000000, 1);
	put_text(xml, ".");
	put_number(xml, us % 1000000, 6);
	put_text(xml, "S</Duration></Overall></TimeMeasurement>");
}

static void
put_row(struct xml *xml, const struct emrtd_result *result, size_t at,
    enum emrtd_verdict verdict)
{
	const struct row *row = &rows[at];
	bool is_leaf = at + 1 == N_ROWS || rows[at + 1].depth <= row->depth;

	put_line(xml, row->depth);
	put_text(xml, "<");
	put_text(xml, row->element);
	put_attribute(xml, "file", row->file);
	if (row->depth > 1)
		put_attribute(xml, "result", words[verdict]);
	put_checks(xml, result, row);
	put_text(xml, is_leaf ? "/>" : ">");
	if (at == 0)
		put_duration(xml, result);
}

static void
close_down_to(struct xml *xml, const char *open[], unsigned *depth,
    unsigned wanted)
{
	while (*depth > wanted) {
		const char *element = open[--*depth];

		put_line(xml, *depth);
		put_text(xml, "</");
		put_text(xml, element);
		put_text(xml, ">");
	}
}

#define DEPTH_MAX 8

static void
put_tree(struct xml *xml, const struct emrtd_result *result,
    const enum emrtd_verdict of_rows[N_ROWS])
{
	const char *open[DEPTH_MAX] = { "DocumentCheck" };
	unsigned depth = 1;

	for (size_t i = 0; i < N_ROWS; i++) {
		if (of_rows[i] == EMRTD_NOT_RUN)
			continue;
		close_down_to(xml, open, &depth, rows[i].depth);
		if (rows[i].kind == EACH_CHECK) {
			put_each(xml, result, &rows[i]);
			continue;
		}
		put_row(xml, result, i, of_rows[i]);
		if (i + 1 < N_ROWS && rows[i + 1].depth > rows[i].depth)
			open[depth++] = rows[i].element;
	}
	close_down_to(xml, open, &depth, 0);
}

static void
put_hex(struct xml *xml, const char *name, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	put_text(xml, " ");
	put_text(xml, name);
	put_text(xml, "=\"");
	for (size_t i = 0; i < len; i++) {
		put(xml, &digits[bytes[i] >> 4], 1);
		put(xml, &digits[bytes[i] & 15], 1);
	}
	put_text(xml, "\"");
}

/* Of the document what says nothing of a person: its kind and its state. */
static void
put_root(struct xml *xml, const struct emrtd_result *result,
    const struct emrtd_record *record, enum emrtd_verdict overall)
{
	char at[EMRTD_RFC3339_CAP];

	emrtd_instant_text(result->at, at);
	put_attribute(xml, "modelledOn", "BSI TR-03135-1 5.0.1");
	put_attribute(xml, "tool", record->tool);
	put_attribute(xml, "version", record->version);
	put_hex(xml, "session", result->session, EMRTD_SESSION_ID_LEN);
	put_attribute(xml, "at", at);
	put_attribute(xml, "policy", emrtd_policy_name(result->policy));
	put_attribute(xml, "testTrust", result->test_trust ? "true" : "false");
	put_attribute(xml, "result", words[overall]);
	put_attribute(xml, "data",
	    emrtd_data_verdict_name(emrtd_result_data(result)));
	put_attribute(xml, "chip",
	    emrtd_chip_verdict_name(emrtd_result_chip(result)));
	put_attribute(xml, "verdict",
	    emrtd_overall_verdict_name(emrtd_result_overall(result)));
	put_error(xml, result->diag.error);
	if (!result->has_document)
		return;
	put_attribute(xml, "documentCode",
	    result->document.fields[MRZ_F_DOCUMENT_CODE].text);
	put_attribute(xml, "issuingState",
	    result->document.fields[MRZ_F_ISSUING_STATE].text);
}

bool
emrtd_result_write_tr03135(const struct emrtd_result *result,
    const struct emrtd_record *record,
    bool (*write)(void *self, const char *text, size_t n), void *self)
{
	struct xml xml = { write, self, false };
	enum emrtd_verdict of_rows[N_ROWS];

	decide(result, of_rows);
	put_text(&xml,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!-- Modelled on the log of BSI TR-03135-1 5.0.1: names and "
	    "results are those of its\n     text. Its schemas are not public, "
	    "so nothing here claims to be valid by them. -->\n"
	    "<DocumentCheck xmlns=\"" EMRTD_TR03135_NAMESPACE "\"");
	put_root(&xml, result, record, decide_overall(result, of_rows));
	put_text(&xml, ">");
	put_tree(&xml, result, of_rows);
	put_text(&xml, "\n");
	return !xml.bad;
}
