/*
 * Whole documents made by OpenSSL and by hand, through emrtd_verify_files: a
 * false 'authentic' lets a forged passport through.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "issue_openssl.h"
#include "result/result.h"
#include "test.h"

#include <emrtd/reader.h>

#include <stdlib.h>
#include <string.h>

#define AT 1767225600 /* 2026-01-01 */
/* Of both certificates: 2020-01-01T00:00:00Z and 2035-12-31T23:59:59Z. */
#define FIRST 1577836800
#define LAST  2082758399

/* What one document is made of; zero is the good one. */
struct doc_case {
	const char *what;
	const char *csca, *ds; /* subjects */
	const char *ds_signed_by;
	const char *extended_usage;
	const char *content_type, *attribute_type;
	int64_t at;        /* 0: AT */
	const char *until; /* of both certificates; NULL: LAST */
	bool linked; /* the CSCA is a link that an older one vouches for */
	bool no_trust, no_dg1, flip_dg1, unsigned_dg2, streamed;
	uint8_t also_signed; /* a data group that is not among the files */
	enum emrtd_data_verdict data;
	enum emrtd_check_id id;
	enum emrtd_verdict verdict;
};

#define AUTHENTIC    EMRTD_DATA_AUTHENTIC
#define FAILED       EMRTD_DATA_FAILED
#define UNDETERMINED EMRTD_DATA_UNDETERMINED
#define CHAIN        EMRTD_CHECK_PA_CHAIN
#define COUNTRY      EMRTD_CHECK_PA_ISSUER_COUNTRY
#define ATTRIBUTES   EMRTD_CHECK_PA_SIGNED_ATTRIBUTES
#define DG1_HASH     EMRTD_CHECK_PA_HASH_DG1

static const struct doc_case cases[] = {
	{ .what = "good",
	    .data = AUTHENTIC,
	    .id = CHAIN,
	    .verdict = EMRTD_PASSED },
	{ .what = "SOD in indefinite lengths",
	    .streamed = true,
	    .data = AUTHENTIC,
	    .id = DG1_HASH,
	    .verdict = EMRTD_PASSED },
	{ .what = "content type id-data, signed as such",
	    .content_type = "1.2.840.113549.1.7.1",
	    .data = AUTHENTIC,
	    .id = ATTRIBUTES,
	    .verdict = EMRTD_PASSED },
	{ .what = "content type exchanged after signing",
	    .content_type = "1.2.840.113549.1.7.1",
	    .attribute_type = "2.23.136.1.1.1",
	    .data = FAILED,
	    .id = ATTRIBUTES,
	    .verdict = EMRTD_FAILED },
	{ .what = "one bit of DG1",
	    .flip_dg1 = true,
	    .data = FAILED,
	    .id = DG1_HASH,
	    .verdict = EMRTD_FAILED },
	{ .what = "a face that nobody signed",
	    .unsigned_dg2 = true,
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_HASH_DG2,
	    .verdict = EMRTD_FAILED },
	{ .what = "a face that is signed and kept back",
	    .also_signed = 2,
	    .data = UNDETERMINED,
	    .id = EMRTD_CHECK_PA_HASH_DG2,
	    .verdict = EMRTD_UNDETERMINED },
	{ .what = "fingers that nobody may read",
	    .also_signed = 3,
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_HASH_DG3,
	    .verdict = EMRTD_NOT_RUN },
	{ .what = "nobody's document",
	    .no_dg1 = true,
	    .data = UNDETERMINED,
	    .id = DG1_HASH,
	    .verdict = EMRTD_UNDETERMINED },
	{ .what = "a new key that the old one vouches for",
	    .linked = true,
	    .data = AUTHENTIC,
	    .id = CHAIN,
	    .verdict = EMRTD_PASSED },
	{ .what = "no trust",
	    .no_trust = true,
	    .data = UNDETERMINED,
	    .id = CHAIN,
	    .verdict = EMRTD_UNDETERMINED },
	{ .what = "a signer that the CSCA did not sign",
	    .ds_signed_by = "secp384r1 b",
	    .data = FAILED,
	    .id = CHAIN,
	    .verdict = EMRTD_FAILED },
	{ .what = "a signer of something else",
	    .extended_usage = "critical,2.23.136.1.1.3",
	    .data = FAILED,
	    .id = CHAIN,
	    .verdict = EMRTD_FAILED },
	{ .what = "a signer of bar codes, which is not critical",
	    .extended_usage = "2.23.136.1.1.11.1",
	    .data = FAILED,
	    .id = CHAIN,
	    .verdict = EMRTD_FAILED },
	{ .what = "the signer's first second",
	    .at = FIRST,
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the second before",
	    .at = FIRST - 1,
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_FAILED },
	{ .what = "the CSCA's last second",
	    .at = LAST,
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the second after",
	    .at = LAST + 1,
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_FAILED },
	/* Where time_t has 32 bits it ends in the first second of these. */
	{ .what = "the last second of 31 bits",
	    .at = INT32_MAX,
	    .until = "20380119031407Z",
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the second after it, too late",
	    .at = INT64_C(1) << 31,
	    .until = "20380119031407Z",
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_FAILED },
	{ .what = "the second after it, in time",
	    .at = INT64_C(1) << 31,
	    .until = "20380119031408Z",
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the last second that UTCTime has",
	    .at = 2524607999,
	    .until = "20491231235959Z",
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the first that wants GeneralizedTime",
	    .at = 2524608000,
	    .until = "20500101000000Z",
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the last day of 2051",
	    .at = 2587679999,
	    .until = "20511231235959Z",
	    .data = AUTHENTIC,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_PASSED },
	{ .what = "the year after",
	    .at = 2587680000,
	    .until = "20511231235959Z",
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_CSCA_VALIDITY,
	    .verdict = EMRTD_FAILED },
	{ .what = "past 32 bits without a sign",
	    .at = 4294967296,
	    .until = "20991231235959Z",
	    .data = FAILED,
	    .id = EMRTD_CHECK_PA_DS_VALIDITY,
	    .verdict = EMRTD_FAILED },
	{ .what = "country in three letters",
	    .csca = "/C=UTO/CN=Country",
	    .data = AUTHENTIC,
	    .id = COUNTRY,
	    .verdict = EMRTD_PASSED },
	{ .what = "another country's signer under the right CSCA",
	    .ds = "/C=XX/CN=Signer",
	    .data = FAILED,
	    .id = COUNTRY,
	    .verdict = EMRTD_FAILED },
	{ .what = "our signer under another country's CSCA",
	    .csca = "/C=XX/CN=Country",
	    .data = FAILED,
	    .id = CHAIN,
	    .verdict = EMRTD_FAILED },
	{ .what = "signer and CSCA of another country",
	    .csca = "/C=XX/CN=Country",
	    .ds = "/C=XX/CN=Signer",
	    .data = FAILED,
	    .id = COUNTRY,
	    .verdict = EMRTD_FAILED },
	{ .what = "another country's CSCA in three letters",
	    .csca = "/C=XXX/CN=Country",
	    .data = FAILED,
	    .id = COUNTRY,
	    .verdict = EMRTD_FAILED },
	{ .what = "a CSCA without country could sign for anybody",
	    .csca = "/CN=Country",
	    .data = UNDETERMINED,
	    .id = COUNTRY,
	    .verdict = EMRTD_UNDETERMINED },
};

/* The certificate of the key that came before, or none. */
static struct test_bytes
make_older(const struct doc_case *c)
{
	struct issue_spec spec = { .subject = "/C=UT/CN=Country",
		.key = issue_key("prime256v1 b"),
		.signer = issue_key("prime256v1 b"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = V_ASN1_PRINTABLESTRING,
		.serial = 3,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };
	struct test_bytes der = { NULL, 0 };
	X509 *x;

	if (!c->linked)
		return der;
	x = issue_certificate(&spec);
	der = issue_der(x);
	X509_free(x);
	return der;
}

static void
make_pair(struct issue_pair *pair, const struct doc_case *c)
{
	struct issue_spec spec = { .subject = c->csca != NULL
						  ? c->csca
						  : "/C=UT/CN=Country",
		.key = issue_key("secp384r1"),
		.signer = issue_key(c->linked ? "prime256v1 b" : "secp384r1"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = V_ASN1_PRINTABLESTRING, /* of any length */
		.serial = 1,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.not_after = c->until,
		.key_ids = true };

	pair->csca_key = spec.key;
	pair->ds_key = issue_key("prime256v1");
	pair->csca = issue_certificate(&spec);
	spec.subject = c->ds != NULL ? c->ds : "/C=UT/CN=Signer";
	spec.issuer = pair->csca;
	spec.key = pair->ds_key;
	spec.signer = pair->csca_key;
	if (c->ds_signed_by != NULL)
		spec.signer = issue_key(c->ds_signed_by);
	spec.serial = 2;
	spec.constraints = NULL;
	spec.usage = "critical,digitalSignature";
	spec.extended_usage = c->extended_usage;
	pair->ds = issue_certificate(&spec);
	pair->csca_der = issue_der(pair->csca);
	pair->ds_der = issue_der(pair->ds);
}

static void
put_hash(struct emrtd_out *out, uint8_t n, const uint8_t digest[32])
{
	const uint8_t number[] = { 2, 1, n };
	size_t entry = emrtd_open(out, 0x30);

	emrtd_put(out, emrtd_bytes(number, sizeof(number)));
	emrtd_put_tlv(out, 0x04, emrtd_bytes(digest, 32));
	emrtd_close(out, entry);
}

/* LDS Security Object with the hash of DG1, and of what nobody has. */
static struct test_bytes
lds_object(struct test_bytes dg1, uint8_t also)
{
	static const uint8_t head[] = { 2, 1, 0 };
	struct emrtd_out out = emrtd_out(malloc(256), 256);
	size_t outer = emrtd_open(&out, 0x30), part;
	uint8_t digest[32];
	struct test_bytes b;

	assert_int_equal(EVP_Digest(dg1.ptr, dg1.len, digest, NULL,
			     EVP_sha256(), NULL),
	    1);
	emrtd_put(&out, emrtd_bytes(head, sizeof(head)));
	part = emrtd_open(&out, 0x30);
	emrtd_put_oid(&out, emrtd_hash_oid(EMRTD_SHA256));
	emrtd_close(&out, part);
	part = emrtd_open(&out, 0x30);
	put_hash(&out, 1, digest);
	if (also != 0)
		put_hash(&out, also, digest);
	emrtd_close(&out, part);
	emrtd_close(&out, outer);
	assert_false(out.bad);
	b.ptr = out.ptr;
	b.len = out.len;
	return b;
}

static struct test_bytes
make_dg1(void)
{
	static const char mrz[] =
	    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	    "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
	struct emrtd_out out = emrtd_out(malloc(128), 128);
	size_t mark = emrtd_open(&out, 0x61);
	struct test_bytes b;

	emrtd_put_tlv(&out, 0x5F1F,
	    emrtd_bytes((const uint8_t *)mrz, sizeof(mrz) - 1));
	emrtd_close(&out, mark);
	assert_false(out.bad);
	b.ptr = out.ptr;
	b.len = out.len;
	return b;
}

static struct test_bytes
make_sod(const struct doc_case *c, const struct issue_pair *pair,
    struct test_bytes content)
{
	struct issue_sod spec = { .pair = pair,
		.content = content,
		.content_type = c->content_type,
		.attribute_type = c->attribute_type,
		.hash = EMRTD_SHA256,
		.signature_oid = "1.2.840.10045.4.3.2" };

	return c->streamed ? issue_sod_streamed(pair, content)
			   : issue_sod(&spec);
}

static void
verify(struct emrtd_ctx *ctx, const struct doc_case *c,
    const struct emrtd_bytes *files, struct test_bytes csca,
    struct test_bytes older)
{
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = c->at != 0 ? c->at : AT,
		.files = files };
	struct emrtd_result *result;
	struct emrtd_trust *trust;
	enum emrtd_verdict verdict;

	assert_int_equal(emrtd_trust_new(ctx, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust,
			     emrtd_bytes(csca.ptr, csca.len),
			     c->linked ? EMRTD_TRUST_PATH_ONLY : 0, NULL),
	    EMRTD_OK);
	if (c->linked)
		assert_int_equal(emrtd_trust_add_der(trust,
				     emrtd_bytes(older.ptr, older.len), 0,
				     NULL),
		    EMRTD_OK);
	if (!c->no_trust)
		options.trust = trust;
	assert_int_equal(emrtd_verify_files(ctx, &options, &result), EMRTD_OK);
	verdict = emrtd_result_check(result, c->id)->verdict;
	if (emrtd_result_data(result) != c->data || verdict != c->verdict)
		fail_msg("%s: data %d, check %d", c->what,
		    (int)emrtd_result_data(result), (int)verdict);
	/* Who signed is told, and who vouches for them when somebody does. */
	assert_true(result->signer.present);
	assert_int_equal(result->csca.present,
	    result->checks[CHAIN].verdict == EMRTD_PASSED);
	assert_int_equal(result->n_path, c->linked);
	assert_int_equal(result->path[0].present, c->linked);
	assert_string_equal(result->checks[EMRTD_CHECK_ACCESS_SM].diag.what,
	    "these are files, not a chip");
	if (c->id == COUNTRY && c->verdict == EMRTD_FAILED) {
		assert_int_equal(result->checks[COUNTRY].diag.detail[0], 'X');
		assert_string_equal(strchr(result->checks[COUNTRY].diag.detail,
					' '),
		    " instead of the issuing state's code");
	}
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
}

static void
run(struct emrtd_ctx *ctx, const struct doc_case *c)
{
	struct test_bytes dg1 = make_dg1(), content, sod, older;
	struct test_bytes dg2 = test_hex("7500");
	struct emrtd_bytes files[EMRTD_N_FILES] = { { NULL, 0 } };
	struct issue_pair pair;

	make_pair(&pair, c);
	content = lds_object(dg1, c->also_signed);
	sod = make_sod(c, &pair, content);
	if (c->flip_dg1)
		dg1.ptr[20] ^= 1;
	files[EMRTD_EF_SOD] = emrtd_bytes(sod.ptr, sod.len);
	if (!c->no_dg1)
		files[EMRTD_DG1] = emrtd_bytes(dg1.ptr, dg1.len);
	if (c->unsigned_dg2)
		files[EMRTD_DG2] = emrtd_bytes(dg2.ptr, dg2.len);
	older = make_older(c);
	verify(ctx, c, files, pair.csca_der, older);
	test_bytes_free(&older);
	issue_pair_free(&pair);
	test_bytes_free(&sod);
	test_bytes_free(&content);
	test_bytes_free(&dg1);
	test_bytes_free(&dg2);
}

static void
documents(void **state)
{
	struct emrtd_ctx *ctx;

	(void)state;
	assert_int_equal(emrtd_ctx_new(NULL, NULL, &ctx), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		run(ctx, &cases[i]);
	emrtd_ctx_free(&ctx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents),
	};

	return cmocka_run_group_tests(tests, NULL, issue_teardown);
}
