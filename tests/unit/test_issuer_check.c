/*
 * Who may sign which document: states and their certificates, document types,
 * times. No state ever vouches for another one.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "data.h"
#include "pki/document_types.h"
#include "reader/issuer_state.h"
#include "reader/pa_steps.h"
#include "reader/passive_auth.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define OID_COUNTRY     "2.5.4.6"
#define OID_COMMON_NAME "2.5.4.3"
#define OID_LOCALITY    "2.5.4.7"
#define OID_STATE       "2.5.4.8"

static void
put_part(struct emrtd_out *out, const char *oid, const char *text)
{
	size_t set, pair;

	if (text == NULL)
		return;
	set = emrtd_open(out, 0x31);
	pair = emrtd_open(out, 0x30);
	emrtd_put_oid(out, oid);
	emrtd_put_tlv(out, 0x13, emrtd_bytes_text(text));
	emrtd_close(out, pair);
	emrtd_close(out, set);
}

/* A certificate's subject, and its alternative name. */
struct named {
	const char *country, *common_name; /* NULL: absent */
	const char *oid;                   /* of the alternative name */
	const char *locality, *state;
};

struct named_certificate {
	struct emrtd_certificate c;
	uint8_t subject[128], extensions[128];
};

static void
make(const struct named *n, struct named_certificate *out)
{
	struct emrtd_out name = emrtd_out(out->subject, sizeof(out->subject));
	struct emrtd_out list = emrtd_out(out->extensions,
	    sizeof(out->extensions));
	size_t mark = emrtd_open(&name, 0x30), marks[5];

	memset(&out->c, 0, sizeof(out->c));
	put_part(&name, OID_COUNTRY, n->country);
	put_part(&name, OID_COMMON_NAME, n->common_name);
	emrtd_close(&name, mark);
	out->c.subject = emrtd_out_bytes(&name);
	if (n->oid == NULL)
		return;
	marks[0] = emrtd_open(&list, 0x30);
	emrtd_put_oid(&list, n->oid);
	marks[1] = emrtd_open(&list, 0x04);
	marks[2] = emrtd_open(&list, 0x30);
	emrtd_put_tlv(&list, 0x81, emrtd_bytes_text("a@b.example"));
	marks[3] = emrtd_open(&list, 0xA4);
	marks[4] = emrtd_open(&list, 0x30);
	put_part(&list, OID_LOCALITY, n->locality);
	put_part(&list, OID_STATE, n->state);
	for (size_t i = 5; i-- > 0;)
		emrtd_close(&list, marks[i]);
	out->c.extensions = emrtd_out_bytes(&list);
	assert_false(name.bad || list.bad);
}

#define SUBJECT "2.5.29.17"
#define ISSUER  "2.5.29.18"
#define SAME    EMRTD_STATE_SAME
#define OTHER   EMRTD_STATE_OTHER
#define UNKNOWN EMRTD_STATE_UNKNOWN

static const struct {
	const char *issuer; /* in DG1 */
	struct named named;
	enum emrtd_same_state want;
} states[] = {
	{ "FRA", { .country = "FR" }, SAME },
	{ "FRA", { .country = "fr" }, SAME },
	{ "FRA", { .country = "FRA" }, SAME },
	{ "FRA", { .country = "DE" }, OTHER },
	{ "FRA", { .country = "DEU" }, OTHER },
	{ "FRA", { .common_name = "France" }, UNKNOWN },
	{ "FRA", { .country = "FRAN" }, UNKNOWN },
	{ "D<<", { .country = "DE" }, SAME },
	{ "D", { .country = "D" }, UNKNOWN },
	{ "LTU", { .country = "LTU" }, SAME },
	{ "RKS", { .country = "KS", .oid = SUBJECT, .locality = "RKS" }, SAME },
	{ "EUE", { .country = "EU" }, SAME },
	{ "UNO", { .country = "UN" }, SAME },
	{ "UNA", { .country = "UN" }, SAME },
	{ "UNK", { .country = "UN" }, SAME },
	{ "UNO", { .country = "ZZ", .oid = SUBJECT, .locality = "UNO" }, SAME },
	{ "UNO", { .country = "ZZ", .oid = ISSUER, .locality = "UNO" }, SAME },
	{ "UNO", { .country = "ZZ", .oid = SUBJECT, .locality = "XOM" },
	    OTHER },
	{ "UNO", { .country = "ZZ" }, OTHER },
	{ "XOM", { .country = "XO", .oid = SUBJECT, .locality = "XOM" }, SAME },
	{ "XPO", { .country = "XO", .oid = SUBJECT, .locality = "XOM" },
	    OTHER },
	/* What a state says in an alternative name moves it nowhere. */
	{ "XOM", { .country = "IT", .oid = SUBJECT, .locality = "XOM" },
	    OTHER },
	{ "FRA", { .country = "DE", .oid = SUBJECT, .locality = "FRA" },
	    OTHER },
	{ "FRA", { .common_name = "x", .oid = SUBJECT, .locality = "FRA" },
	    UNKNOWN },
	/* Nor does an organization become a state, which has a code. */
	{ "FRA", { .country = "ZZ", .oid = SUBJECT, .locality = "FRA" },
	    OTHER },
	{ "D<<", { .country = "XO", .oid = SUBJECT, .locality = "D" }, OTHER },
	{ "RKS", { .country = "XX", .oid = ISSUER, .locality = "RKS" }, OTHER },
	{ "GBR", { .country = "GB" }, SAME },
	{ "GBD", { .country = "GB" }, SAME },
	{ "GBD", { .country = "BM" }, OTHER },
	{ "BMU", { .country = "BM" }, SAME },
	{ "BMU", { .country = "GB" }, OTHER },
	{ "CHN",
	    { .country = "CN",
		.oid = SUBJECT,
		.locality = "CHN",
		.state = "HKG" },
	    SAME },
	{ "HKG",
	    { .country = "CN",
		.oid = SUBJECT,
		.locality = "CHN",
		.state = "HKG" },
	    SAME },
	{ "HKG",
	    { .country = "CN",
		.oid = SUBJECT,
		.locality = "CHN",
		.state = "MAC" },
	    OTHER },
	{ "HKG", { .country = "CN" }, UNKNOWN },
	{ "TWN", { .country = "TW" }, SAME },
	{ "TWN", { .country = "CN" }, OTHER },
	{ "PSE", { .country = "PS" }, SAME },
	{ "SMR", { .country = "SM" }, SAME },
	{ "SMR", { .common_name = "RSM-CSCA" }, SAME },
	{ "ITA", { .common_name = "RSM-CSCA" }, UNKNOWN },
	{ "SMR", { .common_name = "RSM-CSCA 2" }, UNKNOWN },
	{ "XXA", { .country = "DE" }, OTHER },
	{ "UTO", { .country = "UT" }, SAME },
};

static void
issuing_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(states); i++) {
		const struct mrz_country *row = mrz_country_find(
		    states[i].issuer);
		struct named_certificate n;
		enum emrtd_same_state got;

		assert_non_null(row);
		make(&states[i].named, &n);
		got = emrtd_issuer_state(&n.c, row);
		if (got != states[i].want)
			fail_msg("%s by certificate %zu (%s): %d",
			    states[i].issuer, i,
			    states[i].named.country != NULL
				? states[i].named.country
				: "-",
			    (int)got);
	}
}

/*
 * A code that is another's today stands for that one: but for those that have
 * certificates of their own, or that nobody took over.
 */
static void
codes_of_before(void **state)
{
	static const struct {
		const char *in_dg1, *code3; /* NULL: no state */
	} rows[] = {
		{ "FRA", "FRA" },
		{ "DEU", "DEU" },
		{ "GER", "D" },
		{ "DDR", "D" },
		{ "KOS", "RKS" },
		{ "ROM", "ROU" },
		{ "GBD", "GBD" },
		{ "XXA", "XXA" },
		{ "SUN", "SUN" },
		{ "QQQ", NULL },
	};
	static struct emrtd_result result;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct mrz_country *found;

		strcpy(result.document.fields[MRZ_F_ISSUING_STATE].text,
		    rows[i].in_dg1);
		result.has_document = false;
		assert_null(emrtd_pa_issuing_state(&result));
		result.has_document = true;
		found = emrtd_pa_issuing_state(&result);
		if (rows[i].code3 == NULL)
			assert_null(found);
		else if (found == NULL ||
			 strcmp(found->code3, rows[i].code3) != 0)
			fail_msg("%s", rows[i].in_dg1);
	}
}

/*
 * A country's two letters make it the signer of its own documents, and of none
 * of the other countries'.
 */
static void
no_state_for_another(void **state)
{
	const struct mrz_country *a, *b;
	size_t n_same = 0;

	(void)state;
	for (size_t i = 0; (a = mrz_country_at(i)) != NULL; i++) {
		struct named named = { .country = a->code2 };
		struct named_certificate n;

		if (a->code2[0] == '\0')
			continue;
		make(&named, &n);
		for (size_t k = 0; (b = mrz_country_at(k)) != NULL; k++) {
			if (emrtd_issuer_state(&n.c, b) != SAME)
				continue;
			n_same++;
			if (strcmp(a->code2, b->code2) != 0 &&
			    strcmp(a->code2, "GB") != 0 &&
			    strcmp(a->code2, "UN") != 0)
				fail_msg("%s signs for %s", a->code2, b->code3);
		}
	}
	assert_true(n_same > 200);
}

static const struct {
	const char *hex, *code;
	bool good, listed;
} types[] = {
	{ "3008020100310313 0150", "P<", true, true },
	{ "3008020100310313 0150", "P", true, true },
	{ "3008020100310313 0150", "PP", true, true },
	{ "3008020100310313 0150", "ID", true, false },
	{ "3009020100310413 02503C", "P<", true, true },
	{ "3009020100310413 02503C", "P", true, true },
	{ "3009020100310413 02503C", "PD", true, false },
	{ "3009020100310413 025044", "PD", true, true },
	{ "3009020100310413 025044", "P<", true, false },
	{ "3009020100310413 027064", "PD", true, true },
	{ "300C0201003107130150 13024944", "ID", true, true },
	{ "300C0201003107130150 13024944", "IR", true, false },
	{ "300802010031030C 0150", "P<", true, true },
	{ "3008020100310316 0150", "P<", true, true },
	{ "3008020100310317 0150", "P<", false, false },
	{ "3008020100310313 0150", "", true, false },
	{ "30050201003100", "P<", false, false },
	{ "3003020100", "P<", false, false },
	{ "3008020100310304 0150", "P<", false, false },
	{ "300A0201003105130350 5050", "P<", false, false },
	{ "30070201003102 1300", "P<", false, false },
	{ "3008020100310313 015000", "P<", false, false },
};

static void
document_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(types); i++) {
		struct test_bytes b = test_hex(types[i].hex);
		bool listed = true, good;

		good = emrtd_document_types(emrtd_bytes(b.ptr, b.len),
		    types[i].code, &listed);
		if (good != types[i].good ||
		    (good && listed != types[i].listed))
			fail_msg("%s in %s", types[i].code, types[i].hex);
		test_bytes_free(&b);
	}
}

/* "P" and "ID" in the list of the signer's certificate. */
static void
listed_types(void **state)
{
	static const struct {
		const char *hex, *code; /* NULL: no list */
		enum emrtd_verdict want;
		const char *detail;
	} rows[] = {
		{ NULL, "P<", EMRTD_NOT_OFFERED, "" },
		{ "300C0201003107130150 13024944", "P<", EMRTD_PASSED, "" },
		{ "300C0201003107130150 13024944", "ID", EMRTD_PASSED, "" },
		{ "300C0201003107130150 13024944", "IR", EMRTD_FAILED, "IR" },
		{ "3003020100", "P<", EMRTD_UNDETERMINED, "" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		static struct emrtd_result r;
		struct test_bytes list = test_hex(
		    rows[i].hex != NULL ? rows[i].hex : "");
		struct emrtd_pa pa = { .result = &r, .has_signer = true };
		const struct emrtd_check *check =
		    &r.checks[EMRTD_CHECK_PA_DOCUMENT_TYPE];

		memset(&r, 0, sizeof(r));
		r.has_document = true;
		strcpy(r.document.fields[MRZ_F_DOCUMENT_CODE].text,
		    rows[i].code);
		if (rows[i].hex != NULL)
			pa.signer.document_types = emrtd_bytes(list.ptr,
			    list.len);
		emrtd_pa_check_issuer(&pa);
		if (check->verdict != rows[i].want)
			fail_msg("type %zu: %s", i,
			    emrtd_verdict_name(check->verdict));
		assert_string_equal(check->diag.detail, rows[i].detail);
		assert_int_equal(check->diag.error, rows[i].want == EMRTD_FAILED
							? EMRTD_E_CERTIFICATE
							: EMRTD_OK);
		test_bytes_free(&list);
	}
}

/* Who did not say who they are did not say when. */
static void
no_time_without_a_signer(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		static struct emrtd_result r;
		struct emrtd_pa pa = { .result = &r,
			.has_sod = i == 1,
			.has_signer = i == 2,
			.sod.cms = { .has_signing_time = true } };

		memset(&r, 0, sizeof(r));
		emrtd_pa_check_signing_time(&pa);
		assert_int_equal(r.checks[EMRTD_CHECK_PA_SIGNING_TIME].verdict,
		    EMRTD_NOT_RUN);
		assert_string_equal(
		    r.checks[EMRTD_CHECK_PA_SIGNING_TIME].diag.what,
		    "the signer is not known");
	}
}

#define DAY        86400
#define FROM       (1000 * (int64_t)DAY)
#define UNTIL      (5000 * (int64_t)DAY)
#define KEY_UNTIL  (1100 * (int64_t)DAY)
#define NO_TIME    INT64_MIN
#define FIELD      EMRTD_POLICY_FIELD
#define STRICT     EMRTD_POLICY_STRICT
#define TIME_CHECK EMRTD_CHECK_PA_SIGNING_TIME

static const struct {
	int64_t signing_time;
	const char *dg12; /* hex; NULL: none */
	bool no_period, dg12_failed;
	enum emrtd_policy policy;
	enum emrtd_verdict want;
	bool finding;
} times[] = {
	{ FROM, NULL, false, false, FIELD, EMRTD_PASSED, false },
	{ FROM - 1, NULL, false, false, FIELD, EMRTD_FAILED, false },
	{ KEY_UNTIL, NULL, false, false, STRICT, EMRTD_PASSED, false },
	{ KEY_UNTIL + 1, NULL, false, false, FIELD, EMRTD_UNDETERMINED, false },
	{ KEY_UNTIL + 1, NULL, false, false, STRICT, EMRTD_FAILED, false },
	{ KEY_UNTIL + 1, NULL, true, false, STRICT, EMRTD_PASSED, false },
	{ UNTIL, NULL, true, false, FIELD, EMRTD_PASSED, false },
	{ UNTIL + 1, NULL, true, false, FIELD, EMRTD_FAILED, false },
	{ NO_TIME, NULL, false, false, FIELD, EMRTD_NOT_OFFERED, false },
	/* 1972-09-27, day 1000, and the one before it */
	{ NO_TIME, "6C0F5C025F265F26083139373230393237", false, false, STRICT,
	    EMRTD_PASSED, false },
	{ NO_TIME, "6C0F5C025F265F26083139373230393236", false, false, STRICT,
	    EMRTD_PASSED, true },
	/* The attribute is nearer to the truth. */
	{ FROM, "6C0F5C025F265F26083139373230393236", false, false, STRICT,
	    EMRTD_PASSED, false },
	/* 1973-01-05 is day 1100, 1983-09-10 day 5000 */
	{ NO_TIME, "6C0F5C025F265F26083139373330313035", false, false, STRICT,
	    EMRTD_PASSED, false },
	{ NO_TIME, "6C0F5C025F265F26083139373330313036", false, false, STRICT,
	    EMRTD_PASSED, true },
	{ NO_TIME, "6C0F5C025F265F26083139383330393130", true, false, FIELD,
	    EMRTD_PASSED, false },
	{ NO_TIME, "6C0F5C025F265F26083139383330393131", true, false, FIELD,
	    EMRTD_FAILED, false },
	/* What nobody signed says nothing. */
	{ NO_TIME, "6C0F5C025F265F26083139383330393131", true, true, FIELD,
	    EMRTD_NOT_OFFERED, false },
};

static void
signing_times(void **state)
{
	struct emrtd_ctx *ctx;

	(void)state;
	assert_int_equal(emrtd_ctx_new(NULL, NULL, &ctx), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(times); i++) {
		struct emrtd_pa pa = { .ctx = ctx,
			.has_sod = true,
			.has_signer = true };
		enum emrtd_verdict got;
		bool finding;

		assert_int_equal(emrtd_result_new(ctx, UNTIL, &pa.result),
		    EMRTD_OK);
		pa.result->policy = times[i].policy;
		pa.sod.cms.has_signing_time = times[i].signing_time != NO_TIME;
		pa.sod.cms.signing_time = times[i].signing_time;
		pa.signer.not_before = FROM;
		pa.signer.not_after = UNTIL;
		pa.signer.has_key_period = !times[i].no_period;
		pa.signer.key_from = FROM;
		pa.signer.key_until = KEY_UNTIL;
		if (times[i].dg12 != NULL) {
			struct test_bytes b = test_hex(times[i].dg12);

			assert_int_equal(emrtd_result_set_file(pa.result,
					     ctx->crypto, EMRTD_DG12, b.ptr,
					     b.len),
			    EMRTD_OK);
			emrtd_check_set(pa.result, EMRTD_CHECK_PA_HASH_DG12,
			    times[i].dg12_failed ? EMRTD_FAILED : EMRTD_PASSED,
			    NULL);
		}
		emrtd_pa_check_signing_time(&pa);
		got = pa.result->checks[TIME_CHECK].verdict;
		finding =
		    pa.result->findings.there[EMRTD_FINDING_DS_ISSUE_DATE];
		/* When that was is told where it was at the wrong time. */
		if (got == EMRTD_FAILED || got == EMRTD_UNDETERMINED)
			assert_int_equal(
			    strlen(pa.result->checks[TIME_CHECK].diag.detail),
			    strlen("1972-09-27T00:00:00Z"));
		if (times[i].signing_time == FROM - 1)
			assert_string_equal(
			    pa.result->checks[TIME_CHECK].diag.detail,
			    "1972-09-26T23:59:59Z");
		assert_int_equal(pa.result->checks[TIME_CHECK].diag.error,
		    got == EMRTD_FAILED ? EMRTD_E_VALIDITY : EMRTD_OK);
		if (got != times[i].want || finding != times[i].finding)
			fail_msg("time %zu: %s%s", i, emrtd_verdict_name(got),
			    finding ? ", finding" : "");
		emrtd_result_free(&pa.result);
	}
	emrtd_ctx_free(&ctx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issuing_states),
		cmocka_unit_test(codes_of_before),
		cmocka_unit_test(no_state_for_another),
		cmocka_unit_test(document_types),
		cmocka_unit_test(listed_types),
		cmocka_unit_test(no_time_without_a_signer),
		cmocka_unit_test(signing_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
