/*
 * The results as XML: every check is told by its word, what adds up does so as
 * TR-03135-1 5.0.1 says, and nothing of the holder is in it. The rules here are
 * those of its tables; that the file is XML at all others decide (test-tr03135).
 */
#include "result/result.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define CAP 32768

struct page {
	char text[CAP];
	size_t len, limit;
};

static bool
take(void *self, const char *text, size_t n)
{
	struct page *page = self;

	if (n > page->limit - page->len)
		return false;
	memcpy(page->text + page->len, text, n);
	page->len += n;
	return true;
}

static struct page page;

static const char *
written(const struct emrtd_result *r)
{
	static const struct emrtd_record record = { .tool = "test",
		.version = "1.2.3" };

	page.len = 0;
	page.limit = CAP - 1;
	assert_true(emrtd_result_write_tr03135(r, &record, take, &page));
	page.text[page.len] = '\0';
	return page.text;
}

static const enum emrtd_verdict all_verdicts[] = { EMRTD_NOT_RUN, EMRTD_PASSED,
	EMRTD_FAILED, EMRTD_NOT_OFFERED, EMRTD_UNDETERMINED, EMRTD_ABORTED };
#define N_VERDICTS (sizeof(all_verdicts) / sizeof(*all_verdicts))

static const char *
word(enum emrtd_verdict v)
{
	switch (v) {
	case EMRTD_PASSED:
		return "successful";
	case EMRTD_FAILED:
		return "failed";
	case EMRTD_NOT_OFFERED:
		return "not supported";
	case EMRTD_UNDETERMINED:
		return "undetermined";
	case EMRTD_ABORTED:
		return "aborted";
	default:
		return NULL;
	}
}

/* An element as it would begin, up to its result; NULL: it is not there. */
static void
expect(const char *text, const char *element, const char *result)
{
	char begin[96], whole[160];
	const char *at;

	snprintf(begin, sizeof(begin), "<%s result=\"", element);
	at = strstr(text, begin);
	if (result == NULL) {
		if (at != NULL)
			fail_msg("%s is there", element);
		return;
	}
	snprintf(whole, sizeof(whole), "%s%s\"", begin, result);
	if (at == NULL || strncmp(at, whole, strlen(whole)) != 0)
		fail_msg("%s is not %s but %.60s", element, result,
		    at != NULL ? at : "left out");
}

/* A check stands alone in its element, with its word. */
static void
expect_told(const char *text, const char *name, const char *result)
{
	char told[96], whole[160];

	snprintf(told, sizeof(told), "checks=\"%s\"", name);
	if (result == NULL) {
		assert_null(strstr(text, told));
		return;
	}
	snprintf(whole, sizeof(whole), "result=\"%s\" %s", result, told);
	if (strstr(text, whole) == NULL)
		fail_msg("%s is not told as %s", name, result);
}

static void
every_check_with_every_verdict(void **state)
{
	struct emrtd_result r;

	(void)state;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		const char *name =
		    emrtd_check_info((enum emrtd_check_id)i)->name;

		for (size_t k = 0; k < N_VERDICTS; k++) {
			memset(&r, 0, sizeof(r));
			r.checks[i].verdict = all_verdicts[k];
			/* Revocation is told beside the chain. */
			if (i != EMRTD_CHECK_PA_REVOCATION)
				expect_told(written(&r), name,
				    word(all_verdicts[k]));
			else
				expect(written(&r), "SignerTrustedCheck",
				    word(all_verdicts[k]));
		}
	}
}

/* Table 3.1, row by row: failed, aborted, undetermined, successful, not
 * supported. */
static void
two_results_make_one(void **state)
{
	static const enum emrtd_verdict order[] = { EMRTD_FAILED, EMRTD_ABORTED,
		EMRTD_UNDETERMINED, EMRTD_PASSED, EMRTD_NOT_OFFERED };
	static const struct {
		enum emrtd_check_id a, b;
		const char *element;
	} pairs[] = {
		{ EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		    EMRTD_CHECK_PA_SOD_SIGNATURE,
		    "SecurityFileCheck file=\"EF.SOD\"" },
		{ EMRTD_CHECK_PA_CARD_SECURITY, EMRTD_CHECK_PA_SOD_SIGNATURE,
		    "SignatureCheck" },
		{ EMRTD_CHECK_PA_CHAIN, EMRTD_CHECK_PA_REVOCATION,
		    "SignerTrustedCheck" },
		{ EMRTD_CHECK_PA_DS_VALIDITY, EMRTD_CHECK_PA_REVOCATION,
		    "IssuerCertificatesCheck" },
		{ EMRTD_CHECK_PA_HASH_DG1, EMRTD_CHECK_PA_HASH_DG16,
		    "DataGroupsIntegrityCheck" },
		{ EMRTD_CHECK_PA_COM_SOD, EMRTD_CHECK_PA_HASH_DG7,
		    "IntegrityCheck" },
		{ EMRTD_CHECK_PA_SIGNING_TIME, EMRTD_CHECK_PA_CONFORMANCE,
		    "Checks" },
		{ EMRTD_CHECK_DOC_MRZ_MATCH, EMRTD_CHECK_DOC_VALIDITY,
		    "Checks" },
	};
	struct emrtd_result r;

	(void)state;
	for (size_t p = 0; p < sizeof(pairs) / sizeof(*pairs); p++) {
		for (size_t n = 0; n < 25; n++) {
			size_t a = n % 5, b = n / 5;

			memset(&r, 0, sizeof(r));
			r.checks[pairs[p].a].verdict = order[a];
			r.checks[pairs[p].b].verdict = order[b];
			expect(written(&r), pairs[p].element,
			    word(order[a < b ? a : b]));
		}
	}
}

/* Table 5.102; where it is silent, table 3.1. */
static enum emrtd_verdict
authenticity(const enum emrtd_verdict v[3])
{
	static const enum emrtd_verdict order[] = { EMRTD_PASSED, EMRTD_FAILED,
		EMRTD_ABORTED, EMRTD_UNDETERMINED, EMRTD_NOT_OFFERED };

	for (size_t i = 0; i < 5; i++) {
		if (v[0] == order[i] || v[1] == order[i] || v[2] == order[i])
			return order[i];
	}
	return EMRTD_NOT_RUN;
}

static void
one_proof_is_enough_for_authenticity(void **state)
{
	struct emrtd_result r;

	(void)state;
	for (size_t n = 0; n < N_VERDICTS * N_VERDICTS * N_VERDICTS; n++) {
		enum emrtd_verdict v[3] = { all_verdicts[n % N_VERDICTS],
			all_verdicts[n / N_VERDICTS % N_VERDICTS],
			all_verdicts[n / N_VERDICTS / N_VERDICTS] };

		memset(&r, 0, sizeof(r));
		r.checks[EMRTD_CHECK_CHIP_AA].verdict = v[0];
		r.checks[EMRTD_CHECK_CHIP_CA].verdict = v[1];
		r.checks[EMRTD_CHECK_CHIP_CAM].verdict = v[2];
		expect(written(&r), "AuthenticityCheck", word(authenticity(v)));
	}
}

/* Table 5.83. */
static enum emrtd_verdict
access_of(enum emrtd_verdict bac, enum emrtd_verdict pace, bool plain)
{
	if (bac == EMRTD_PASSED || pace == EMRTD_PASSED || plain)
		return EMRTD_PASSED;
	if (bac == EMRTD_NOT_RUN && pace == EMRTD_NOT_RUN)
		return EMRTD_NOT_RUN;
	if (bac == EMRTD_FAILED || pace == EMRTD_FAILED)
		return EMRTD_FAILED;
	return bac == EMRTD_ABORTED || pace == EMRTD_ABORTED ? EMRTD_ABORTED
							     : EMRTD_FAILED;
}

static void
one_protocol_is_enough_for_access(void **state)
{
	struct emrtd_result r;

	(void)state;
	for (size_t n = 0; n < N_VERDICTS * N_VERDICTS * 2; n++) {
		enum emrtd_verdict bac = all_verdicts[n % N_VERDICTS];
		enum emrtd_verdict pace =
		    all_verdicts[n / N_VERDICTS % N_VERDICTS];
		bool plain = n >= N_VERDICTS * N_VERDICTS;

		memset(&r, 0, sizeof(r));
		r.checks[EMRTD_CHECK_ACCESS_BAC].verdict = bac;
		r.checks[EMRTD_CHECK_ACCESS_PACE].verdict = pace;
		if (plain)
			r.access.protocol = EMRTD_ACCESS_PLAIN;
		expect(written(&r), "AccessProtocolsCheck",
		    word(access_of(bac, pace, plain)));
		expect(page.text, "PlainCheck", plain ? "successful" : NULL);
	}
}

static const char *
result_of_root(const struct emrtd_result *r)
{
	static char value[32];
	const char *at = strstr(strstr(written(r), "<DocumentCheck "),
	    " result=\"");

	assert_non_null(at);
	assert_int_equal(sscanf(at, " result=\"%31[^\"]\"", value), 1);
	return value;
}

/* Never better than the verdict, and failed where any element has failed. */
static void
the_whole_is_never_better(void **state)
{
	static struct emrtd_result r;

	(void)state;
	memset(&r, 0, sizeof(r));
	assert_string_equal(result_of_root(&r), "undetermined");
	r.on_chip = true;
	for (int i = 0; i < EMRTD_N_CHECKS; i++)
		r.checks[i].verdict = EMRTD_PASSED;
	assert_int_equal(emrtd_result_overall(&r), EMRTD_OVERALL_GENUINE);
	assert_string_equal(result_of_root(&r), "successful");
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		bool proof = i >= EMRTD_CHECK_CHIP_CA &&
			     i <= EMRTD_CHECK_CHIP_CAM;
		bool access = i == EMRTD_CHECK_ACCESS_BAC ||
			      i == EMRTD_CHECK_ACCESS_PACE;

		r.checks[i].verdict = EMRTD_FAILED;
		assert_string_equal(result_of_root(&r),
		    access ? "successful" : "failed");
		r.checks[i].verdict = EMRTD_ABORTED;
		assert_string_equal(result_of_root(&r),
		    access || proof ? "successful" : "aborted");
		r.checks[i].verdict = EMRTD_PASSED;
	}
	/* One proof failed: success by table 5.102, and failed for us. */
	r.checks[EMRTD_CHECK_CHIP_AA].verdict = EMRTD_FAILED;
	expect(written(&r), "AuthenticityCheck", "successful");
	assert_string_equal(result_of_root(&r), "failed");
	/* Without proofs a copy would look the same. */
	r.checks[EMRTD_CHECK_CHIP_CA].verdict = EMRTD_NOT_OFFERED;
	r.checks[EMRTD_CHECK_CHIP_AA].verdict = EMRTD_NOT_OFFERED;
	r.checks[EMRTD_CHECK_CHIP_CAM].verdict = EMRTD_NOT_OFFERED;
	assert_int_equal(emrtd_result_overall(&r),
	    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
	assert_string_equal(result_of_root(&r), "undetermined");
}

static void
errors_have_numbers(void **state)
{
	static struct emrtd_result r;
	char code[64];

	(void)state;
	memset(&r, 0, sizeof(r));
	r.diag.error = EMRTD_E_CARD_LOST;
	snprintf(code, sizeof(code),
	    " errorCode=\"%d\" errorName=\"CARD_LOST\"",
	    1000 + EMRTD_E_CARD_LOST);
	assert_non_null(strstr(written(&r), code));
	memset(&r, 0, sizeof(r));
	r.checks[EMRTD_CHECK_PA_CHAIN].diag.error = EMRTD_E_NO_ANCHOR;
	r.checks[EMRTD_CHECK_PA_CHAIN].verdict = EMRTD_UNDETERMINED;
	snprintf(code, sizeof(code),
	    "checks=\"pa.chain\" errorCode=\"%d\" errorName=\"NO_ANCHOR\"",
	    1000 + EMRTD_E_NO_ANCHOR);
	assert_non_null(strstr(written(&r), code));
	/* A wrong signature is a result, and no error. */
	r.checks[EMRTD_CHECK_PA_CHAIN].diag.error = EMRTD_E_SIGNATURE;
	r.checks[EMRTD_CHECK_PA_CHAIN].verdict = EMRTD_FAILED;
	assert_null(strstr(written(&r), "errorCode"));
}

static void
put_field(struct emrtd_result *r, enum mrz_field_id id, const char *text)
{
	snprintf(r->document.fields[id].text,
	    sizeof(r->document.fields[id].text), "%s", text);
}

/* Of the document its kind and state, whatever they are; of the holder
 * nothing. */
static void
nothing_of_the_holder(void **state)
{
	static struct emrtd_result r;
	const char *text;

	(void)state;
	memset(&r, 0, sizeof(r));
	r.has_document = true;
	for (int i = 0; i < MRZ_N_FIELDS; i++)
		put_field(&r, (enum mrz_field_id)i, "HOLDER");
	for (size_t i = 0; i < MRZ_MAX_LINES; i++)
		memcpy(r.document.lines[i], "HOLDER", sizeof("HOLDER"));
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		r.checks[i].verdict = EMRTD_FAILED;
		r.checks[i].diag.what = "HOLDER";
		memcpy(r.checks[i].diag.detail, "HOLDER", sizeof("HOLDER"));
	}
	for (int i = 0; i < EMRTD_N_FINDINGS; i++)
		emrtd_finding_add(&r.findings, (enum emrtd_finding_id)i,
		    "HOLDER");
	memcpy(r.signer.subject, "HOLDER", sizeof("HOLDER"));
	memcpy(r.csca.subject, "HOLDER", sizeof("HOLDER"));
	put_field(&r, MRZ_F_DOCUMENT_CODE, "P<");
	put_field(&r, MRZ_F_ISSUING_STATE, "\"&\x1b");
	text = written(&r);
	assert_null(strstr(text, "HOLDER"));
	assert_non_null(strstr(text, " documentCode=\"P&lt;\""));
	assert_non_null(strstr(text, " issuingState=\"&quot;&amp;?\""));
	put_field(&r, MRZ_F_ISSUING_STATE, ">\xc3'");
	assert_non_null(strstr(written(&r), " issuingState=\"&gt;?'\""));
}

/* Wherever the sink ends it, the caller is told. */
static void
a_sink_that_refuses_is_told(void **state)
{
	static const struct emrtd_record record = { .tool = "test",
		.version = "1" };
	static struct emrtd_result r;
	size_t whole;

	(void)state;
	memset(&r, 0, sizeof(r));
	r.checks[EMRTD_CHECK_PA_CHAIN].verdict = EMRTD_PASSED;
	page.len = 0;
	page.limit = CAP - 1;
	assert_true(emrtd_result_write_tr03135(&r, &record, take, &page));
	whole = page.len;
	for (size_t limit = 0; limit < whole; limit++) {
		page.len = 0;
		page.limit = limit;
		assert_false(
		    emrtd_result_write_tr03135(&r, &record, take, &page));
	}
	page.len = 0;
	page.limit = whole;
	assert_true(emrtd_result_write_tr03135(&r, &record, take, &page));
}

static void
it_says_what_it_is_modelled_on(void **state)
{
	static struct emrtd_result r;
	const char *text;

	(void)state;
	memset(&r, 0, sizeof(r));
	r.policy = EMRTD_POLICY_STRICT;
	r.test_trust = true;
	r.total_us = 1002003;
	r.checks[EMRTD_CHECK_PA_CHAIN].verdict = EMRTD_PASSED;
	text = written(&r);
	assert_non_null(strstr(text, "<!-- Modelled on"));
	assert_non_null(strstr(text, " modelledOn=\"BSI TR-03135-1 5.0.1\""));
	assert_non_null(strstr(text, " xmlns=\"" EMRTD_TR03135_NAMESPACE "\""));
	assert_non_null(strstr(text, " policy=\"strict\" testTrust=\"true\""));
	assert_non_null(strstr(text, "<Duration>PT1.002003S</Duration>"));
	assert_null(strstr(text, "bsi.bund.de"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_with_every_verdict),
		cmocka_unit_test(two_results_make_one),
		cmocka_unit_test(one_proof_is_enough_for_authenticity),
		cmocka_unit_test(one_protocol_is_enough_for_access),
		cmocka_unit_test(the_whole_is_never_better),
		cmocka_unit_test(errors_have_numbers),
		cmocka_unit_test(nothing_of_the_holder),
		cmocka_unit_test(a_sink_that_refuses_is_told),
		cmocka_unit_test(it_says_what_it_is_modelled_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
