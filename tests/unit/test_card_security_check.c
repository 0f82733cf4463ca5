/*
 * Who may sign EF.CardSecurity: a Document Signer of the state that DG1 names,
 * certified by that state. One country that is trusted for its own documents
 * must not make chips genuine that carry another's data.
 */
#include "core/tlv.h"
#include "data.h"
#include "issue_openssl.h"
#include "reader/card_security_check.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define AT         1782864000 /* 2026-07-01 */
#define OID_OBJECT "0.4.0.127.0.7.3.2.1"
#define INFOS      "3114 3012060A04007F00070202040602 020102 02010D"
#define MRZ                                            \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" \
	"L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"

static struct emrtd_crypto *crypto;

static int
setup(void **state)
{
	(void)state;
	return emrtd_crypto_new(NULL, &crypto) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	emrtd_crypto_free(&crypto);
	return issue_teardown(state);
}

static void
make_pair(struct issue_pair *out, const char *csca, const char *ds)
{
	struct issue_spec spec = { .subject = csca,
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = V_ASN1_PRINTABLESTRING,
		.serial = 1,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };

	out->csca_key = issue_key("prime256v1");
	out->ds_key = issue_key("prime256v1 b");
	spec.key = spec.signer = out->csca_key;
	out->csca = issue_certificate(&spec);
	spec.subject = ds;
	spec.issuer = out->csca;
	spec.key = out->ds_key;
	spec.serial = 2;
	spec.constraints = NULL;
	spec.usage = "critical,digitalSignature";
	out->ds = issue_certificate(&spec);
	out->csca_der = issue_der(out->csca);
	out->ds_der = issue_der(out->ds);
}

static const struct {
	const char *csca, *ds;
	bool knows_state;
	enum emrtd_verdict want;
	enum emrtd_error why;
} cases[] = {
	{ "/C=UT/CN=C", "/C=UT/CN=S", true, EMRTD_PASSED, EMRTD_OK },
	{ "/C=UTO/CN=C", "/C=UT/CN=S", true, EMRTD_PASSED, EMRTD_OK },
	{ "/C=UT/CN=C", "/C=UTO/CN=S", true, EMRTD_PASSED, EMRTD_OK },
	{ "/C=LT/CN=C", "/C=LT/CN=S", true, EMRTD_FAILED, EMRTD_E_COUNTRY },
	{ "/C=LT/CN=C", "/C=UT/CN=S", true, EMRTD_FAILED, EMRTD_E_COUNTRY },
	/* Letters of another number are not compared by the chain. */
	{ "/C=LT/CN=C", "/C=UTO/CN=S", true, EMRTD_FAILED, EMRTD_E_COUNTRY },
	{ "/C=LTU/CN=C", "/C=UT/CN=S", true, EMRTD_FAILED, EMRTD_E_COUNTRY },
	{ "/CN=C", "/C=UT/CN=S", true, EMRTD_UNDETERMINED, EMRTD_E_NOT_FOUND },
	{ "/C=UT/CN=C", "/CN=S", true, EMRTD_UNDETERMINED, EMRTD_E_NOT_FOUND },
	/* By the signer of EF.SOD, who is of UT. */
	{ "/CN=C", "/C=UT/CN=S", false, EMRTD_UNDETERMINED, EMRTD_E_NOT_FOUND },
	{ "/C=UT/CN=C", "/CN=S", false, EMRTD_UNDETERMINED, EMRTD_E_NOT_FOUND },
	{ "/C=UT/CN=C", "/C=UT/CN=S", false, EMRTD_PASSED, EMRTD_OK },
	{ "/C=LT/CN=C", "/C=LT/CN=S", false, EMRTD_FAILED, EMRTD_E_COUNTRY },
	{ "/C=LTU/CN=C", "/C=UT/CN=S", false, EMRTD_FAILED, EMRTD_E_COUNTRY },
};

static void
check(size_t i, const struct emrtd_certificate *sod_signer,
    struct emrtd_result *result)
{
	struct emrtd_card_security_file out;
	struct emrtd_trust *trust;
	struct issue_pair pair;
	struct test_bytes content = test_hex(INFOS), sod;
	struct emrtd_bytes file, body;
	const struct emrtd_check *row =
	    &result->checks[EMRTD_CHECK_PA_CARD_SECURITY];

	make_pair(&pair, cases[i].csca, cases[i].ds);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust,
			     emrtd_bytes(pair.csca_der.ptr, pair.csca_der.len),
			     0, NULL),
	    EMRTD_OK);
	sod = issue_sod(&(struct issue_sod){ .pair = &pair,
	    .content = content,
	    .content_type = OID_OBJECT,
	    .hash = EMRTD_SHA256,
	    .signature_oid = "1.2.840.10045.4.3.2" });
	file = emrtd_bytes(sod.ptr, sod.len);
	assert_true(emrtd_tlv(&file, 0x77, &body));
	result->files[EMRTD_EF_CARD_SECURITY].ptr = (uint8_t *)(uintptr_t)
							body.ptr;
	result->files[EMRTD_EF_CARD_SECURITY].len = body.len;
	result->has_document = cases[i].knows_state;
	emrtd_card_security_check(&(struct emrtd_vouching){ crypto, trust,
				      sod_signer },
	    result, &out);
	if (row->verdict != cases[i].want || row->diag.error != cases[i].why)
		fail_msg("%s, %s: %s, %s", cases[i].csca, cases[i].ds,
		    emrtd_verdict_name(row->verdict),
		    emrtd_error_name(row->diag.error));
	free(out.copy);
	test_bytes_free(&sod);
	test_bytes_free(&content);
	emrtd_trust_free(&trust);
	issue_pair_free(&pair);
}

static void
state_of_signer_and_csca(void **state)
{
	static struct emrtd_result result;
	struct mrz_options options = { .size = sizeof(options),
		.today = AT / 86400 };
	struct emrtd_certificate sod_signer;
	struct issue_pair ours;

	(void)state;
	result.at = AT;
	assert_int_equal(mrz_parse(MRZ, strlen(MRZ), &options,
			     &result.document),
	    MRZ_OK);
	make_pair(&ours, "/C=UT/CN=Country", "/C=UT/CN=Signer");
	assert_int_equal(emrtd_certificate_parse(emrtd_bytes(ours.ds_der.ptr,
						     ours.ds_der.len),
			     NULL, &sod_signer),
	    EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		check(i, &sod_signer, &result);
	issue_pair_free(&ours);
}

/* Most chips have none: that is nothing to complain of. */
static void
no_such_file(void **state)
{
	static struct emrtd_result result;
	const struct emrtd_check *row =
	    &result.checks[EMRTD_CHECK_PA_CARD_SECURITY];
	struct emrtd_card_security_file out = { .parsed = true,
		.is_signed = true };

	(void)state;
	emrtd_card_security_check(&(struct emrtd_vouching){ crypto, NULL,
				      NULL },
	    &result, &out);
	assert_int_equal(row->verdict, EMRTD_NOT_RUN);
	assert_int_equal(row->diag.error, EMRTD_OK);
	assert_null(row->diag.what);
	assert_int_equal(result.files[EMRTD_EF_CARD_SECURITY].status,
	    EMRTD_FILE_NOT_REQUESTED);
	assert_false(out.parsed || out.is_signed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_of_signer_and_csca),
		cmocka_unit_test(no_such_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
