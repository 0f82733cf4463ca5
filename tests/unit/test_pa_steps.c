/*
 * Single steps of Passive Authentication, on what the steps before them would
 * have left: what a whole document seldom shows.
 */
#include "core/builder.h"
#include "data.h"
#include "reader/pa_steps.h"
#include "test.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT (20000 * (int64_t)86400)

static struct emrtd_ctx *ctx;

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static struct emrtd_pa
begin(void)
{
	struct emrtd_pa pa = { .ctx = ctx };

	assert_int_equal(emrtd_result_new(ctx, AT, &pa.result), EMRTD_OK);
	return pa;
}

/* The result takes the bytes over. */
static void
give(struct emrtd_pa *pa, enum emrtd_file file, const char *hex)
{
	struct test_bytes b = test_hex(hex);

	assert_int_equal(emrtd_result_set_file(pa->result, ctx->crypto, file,
			     b.ptr, b.len),
	    EMRTD_OK);
}

static const struct emrtd_check *
row(const struct emrtd_pa *pa, enum emrtd_check_id id)
{
	return &pa->result->checks[id];
}

/* Where the reading broke off, that is said of this group and no other. */
static void
an_aborted_group(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 16; n++) {
		struct emrtd_pa pa = begin();

		pa.has_sod = n % 2 == 0;
		pa.result->files[EMRTD_DG1 + n - 1].status = EMRTD_FILE_ABORTED;
		emrtd_pa_check_hashes(&pa);
		for (unsigned i = 1; i <= 16; i++)
			assert_int_equal(row(&pa, emrtd_check_hash_dg(i))
						 ->verdict == EMRTD_ABORTED,
			    i == n);
		assert_string_equal(row(&pa, emrtd_check_hash_dg(n))->diag.what,
		    "the reading ended in the middle of it");
		emrtd_result_free(&pa.result);
	}
}

/* Nobody knows the hash that EF.SOD is by. */
static void
no_such_hash(void **state)
{
	static const uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_pa pa = begin();

	(void)state;
	pa.has_sod = true;
	pa.sod.dg_hash = (enum emrtd_hash)99;
	pa.sod.dg_digest[13] = emrtd_bytes(digest, sizeof(digest));
	give(&pa, EMRTD_DG13, "6D021122");
	emrtd_pa_check_hashes(&pa);
	assert_int_equal(row(&pa, EMRTD_CHECK_PA_HASH_DG13)->verdict,
	    EMRTD_UNDETERMINED);
	assert_string_equal(row(&pa, EMRTD_CHECK_PA_HASH_DG13)->diag.what,
	    "its hash cannot be computed");
	emrtd_result_free(&pa.result);
}

/* EF.COM, of which EF.SOD says more. */
static void
com(void **state)
{
	static const struct {
		enum emrtd_file_status status;
		const char *hex; /* NULL: none */
		bool no_sod;
		enum emrtd_policy policy;
		enum emrtd_verdict want;
		const char *why; /* NULL: whatever */
	} rows[] = {
#define COM(tags) "6014 5F010430313037 5F3606303430303030 5C" tags
		{ EMRTD_FILE_NOT_REQUESTED, NULL, false, EMRTD_POLICY_FIELD,
		    EMRTD_NOT_RUN, "EF.COM was not read" },
		{ EMRTD_FILE_DENIED, NULL, false, EMRTD_POLICY_FIELD,
		    EMRTD_NOT_RUN, "EF.COM was not read" },
		{ EMRTD_FILE_ABSENT, NULL, false, EMRTD_POLICY_FIELD,
		    EMRTD_NOT_OFFERED, "the chip has no EF.COM" },
		{ EMRTD_FILE_MALFORMED, NULL, false, EMRTD_POLICY_FIELD,
		    EMRTD_FAILED, "EF.COM is malformed" },
		{ EMRTD_FILE_READ, "60020500", false, EMRTD_POLICY_FIELD,
		    EMRTD_FAILED, NULL },
		{ EMRTD_FILE_READ, COM("026175"), true, EMRTD_POLICY_FIELD,
		    EMRTD_UNDETERMINED, "there is no usable EF.SOD" },
		{ EMRTD_FILE_READ, COM("026175"), false, EMRTD_POLICY_STRICT,
		    EMRTD_PASSED, NULL },
		{ EMRTD_FILE_READ, COM("026163"), false, EMRTD_POLICY_STRICT,
		    EMRTD_FAILED,
		    "EF.COM and EF.SOD name different data groups" },
		{ EMRTD_FILE_READ, COM("026163"), false, EMRTD_POLICY_FIELD,
		    EMRTD_PASSED,
		    "EF.COM names other data groups than EF.SOD, but is not "
		    "signed, and the policy tolerates it" },
#undef COM
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();
		const struct emrtd_check *check = row(&pa,
		    EMRTD_CHECK_PA_COM_SOD);

		pa.has_sod = !rows[i].no_sod;
		pa.sod.data_groups = 1u << 1 | 1u << 2;
		pa.result->policy = rows[i].policy;
		if (rows[i].hex != NULL)
			give(&pa, EMRTD_EF_COM, rows[i].hex);
		pa.result->files[EMRTD_EF_COM].status = rows[i].status;
		emrtd_pa_check_com(&pa);
		if (check->verdict != rows[i].want)
			fail_msg("row %zu: %s", i,
			    emrtd_verdict_name(check->verdict));
		if (rows[i].why != NULL)
			assert_string_equal(check->diag.what, rows[i].why);
		if (check->verdict == EMRTD_FAILED && rows[i].hex != NULL &&
		    rows[i].why == NULL)
			assert_int_equal(pa.result->files[EMRTD_EF_COM].status,
			    EMRTD_FILE_MALFORMED);
		emrtd_result_free(&pa.result);
	}
}

/* Only a CSCA that another one vouches for has a name that may have changed. */
static void
names_in_a_chain(void **state)
{
	static const struct {
		size_t n;
		bool other_name, name_change, sub_ca;
		bool no_name_change, is_sub_ca; /* found */
	} rows[] = {
		{ 1, false, false, false, false, false },
		{ 1, true, false, false, false, false },
		{ 2, false, false, false, false, false },
		{ 2, true, false, false, true, false },
		{ 2, true, true, false, false, false },
		{ 2, true, false, true, false, true },
	};
	struct test_bytes ut = test_hex("300D310B3009060355040613025554");
	struct test_bytes xx = test_hex("300D310B3009060355040613025858");

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_certificate first = { .subject = view(ut),
			.issuer = view(rows[i].other_name ? xx : ut),
			.has_name_change = rows[i].name_change };
		struct emrtd_certificate last = { .subject = view(ut),
			.issuer = view(ut) };
		struct emrtd_pa pa = begin();

		/* Without a store nobody looks for another one. */
		pa.has_signer = true;
		pa.chain.n = rows[i].n;
		pa.chain.path[0] = &first;
		pa.chain.path[1] = &last;
		pa.chain.is_sub_ca[0] = rows[i].sub_ca;
		emrtd_pa_check_chain(&pa);
		if (pa.result->findings
			    .there[EMRTD_FINDING_CSCA_NO_NAME_CHANGE] !=
			rows[i].no_name_change ||
		    pa.result->findings.there[EMRTD_FINDING_CSCA_SUB_CA] !=
			rows[i].is_sub_ca)
			fail_msg("row %zu", i);
		emrtd_result_free(&pa.result);
	}
	test_bytes_free(&ut);
	test_bytes_free(&xx);
}

#define UNREAD  "the document has it; it is not among the files"
#define UNASKED "the document has it, and nobody asked for it"
#define REFUSED "EF.SOD names it, and it cannot be had"

/* A face that somebody wanted and did not get is no face nobody wanted. */
static void
signed_and_not_read(void **state)
{
	static const struct {
		bool on_chip;
		uint32_t wanted;
		enum emrtd_verdict want;
		const char *why;
	} rows[] = {
		{ false, 0, EMRTD_NOT_RUN, UNREAD },
		{ true, 0, EMRTD_NOT_RUN, UNASKED },
		{ false, 1u << 2, EMRTD_UNDETERMINED, REFUSED },
		{ true, 1u << 2, EMRTD_UNDETERMINED, REFUSED },
		{ true, 1u << 1 | 1u << 3, EMRTD_NOT_RUN, UNASKED },
	};
	static const uint8_t digest[32];

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();

		pa.has_sod = true;
		pa.sod.dg_hash = EMRTD_SHA256;
		pa.sod.dg_digest[2] = emrtd_bytes(digest, sizeof(digest));
		pa.result->on_chip = rows[i].on_chip;
		pa.result->wanted = rows[i].wanted;
		emrtd_pa_check_hashes(&pa);
		assert_int_equal(row(&pa, EMRTD_CHECK_PA_HASH_DG2)->verdict,
		    rows[i].want);
		assert_string_equal(
		    row(&pa, EMRTD_CHECK_PA_HASH_DG2)->diag.what, rows[i].why);
		emrtd_result_free(&pa.result);
	}
}

/* Filler behind a file is not signed, whatever the hash. */
static void
hashes_leave_filler_out(void **state)
{
	static const enum emrtd_hash hashes[] = { EMRTD_SHA1, EMRTD_SHA256,
		EMRTD_SHA512 };
	static const char *const files[] = { "6D021122", "6D0211220000" };
	struct test_bytes signed_part = test_hex(files[0]);
	struct emrtd_bytes content = view(signed_part);

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(hashes) * 2; i++) {
		struct emrtd_pa pa = begin();
		uint8_t digest[EMRTD_HASH_MAX];

		pa.has_sod = true;
		pa.sod.dg_hash = hashes[i / 2];
		assert_int_equal(emrtd_hash(ctx->crypto, hashes[i / 2],
				     &content, 1, digest),
		    EMRTD_OK);
		pa.sod.dg_digest[13] = emrtd_bytes(digest,
		    emrtd_hash_len(hashes[i / 2]));
		give(&pa, EMRTD_DG13, files[i % 2]);
		emrtd_pa_check_hashes(&pa);
		assert_int_equal(row(&pa, EMRTD_CHECK_PA_HASH_DG13)->verdict,
		    EMRTD_PASSED);
		emrtd_result_free(&pa.result);
	}
	test_bytes_free(&signed_part);
}

/* Without a signer or DG1 nobody's country is compared with anybody's. */
static void
no_country_without_both(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct emrtd_pa pa = begin();

		pa.has_signer = i == 1;
		pa.result->has_document = i == 2;
		emrtd_pa_check_issuer(&pa);
		assert_int_equal(
		    row(&pa, EMRTD_CHECK_PA_ISSUER_COUNTRY)->verdict,
		    EMRTD_NOT_RUN);
		assert_int_equal(
		    row(&pa, EMRTD_CHECK_PA_DOCUMENT_TYPE)->verdict,
		    EMRTD_NOT_RUN);
		assert_string_equal(
		    row(&pa, EMRTD_CHECK_PA_ISSUER_COUNTRY)->diag.what,
		    "the signer or DG1 is not known");
		assert_string_equal(
		    row(&pa, EMRTD_CHECK_PA_DOCUMENT_TYPE)->diag.what,
		    "the signer or DG1 is not known");
		emrtd_result_free(&pa.result);
	}
}

/* Two names and a serial number, and nothing of a longer one. */
static void
certificates_are_told(void **state)
{
	struct test_bytes subject = test_hex("300D310B3009060355040613025554");
	struct test_bytes issuer = test_hex("300D310B3009060355040613025858");
	uint8_t
	    serial[sizeof(((struct emrtd_result_certificate *)0)->serial) + 1];
	struct emrtd_pa pa = begin();

	(void)state;
	memset(serial, 0x5A, sizeof(serial));
	for (size_t len = sizeof(serial) - 2; len <= sizeof(serial); len++) {
		struct emrtd_certificate c = { .subject = view(subject),
			.issuer = view(issuer),
			.serial = emrtd_bytes(serial, len),
			.not_before = 1,
			.not_after = 2 };
		struct {
			struct emrtd_result_certificate told;
			uint8_t behind;
		} to = { .behind = 7 };

		emrtd_pa_copy_certificate(&pa, &c, &to.told);
		assert_string_equal(to.told.subject, "C=UT");
		assert_string_equal(to.told.issuer, "C=XX");
		assert_int_equal(to.told.serial_len,
		    len < sizeof(serial) ? len : sizeof(serial) - 1);
		assert_memory_equal(to.told.serial, serial, to.told.serial_len);
		assert_int_equal(to.told.not_before, 1);
		assert_int_equal(to.told.not_after, 2);
		assert_true(to.told.present);
		assert_int_equal(to.behind, 7);
	}
	emrtd_result_free(&pa.result);
	test_bytes_free(&subject);
	test_bytes_free(&issuer);
}

/* Whoever has no store is told whose certificate would help. */
static void
no_store(void **state)
{
	struct emrtd_pa pa = begin();
	struct emrtd_result *r = pa.result;
	const char *detail = r->checks[EMRTD_CHECK_PA_CHAIN].diag.detail;

	(void)state;
	pa.has_signer = true;
	strcpy(r->signer.issuer, "C=UT, CN=Country");
	emrtd_pa_check_chain(&pa);
	assert_int_equal(row(&pa, EMRTD_CHECK_PA_CHAIN)->verdict,
	    EMRTD_UNDETERMINED);
	assert_string_equal(detail, "wanted: C=UT, CN=Country");
	emrtd_result_free(&pa.result);
}

/* Nobody vouches: no list is asked. Nobody published one: the policy says. */
static void
no_revocation_list(void **state)
{
	static const struct {
		bool has_signer, has_chain;
		enum emrtd_policy policy;
		enum emrtd_verdict want;
	} rows[] = {
		{ false, false, EMRTD_POLICY_FIELD, EMRTD_NOT_RUN },
		{ true, false, EMRTD_POLICY_STRICT, EMRTD_NOT_RUN },
		{ false, true, EMRTD_POLICY_STRICT, EMRTD_NOT_RUN },
		{ true, true, EMRTD_POLICY_FIELD, EMRTD_NOT_RUN },
		{ true, true, EMRTD_POLICY_STRICT, EMRTD_UNDETERMINED },
	};
	static const uint8_t serial[] = { 1 };
	static const struct emrtd_certificate csca = { .serial = { serial,
							   sizeof(serial) } };
	struct emrtd_trust *trust;

	(void)state;
	assert_int_equal(emrtd_trust_new(ctx, &trust), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		bool asked = rows[i].has_signer && rows[i].has_chain;
		struct emrtd_pa pa = begin();
		const struct emrtd_check *check;

		pa.trust = trust;
		pa.has_signer = rows[i].has_signer;
		pa.signer.serial = csca.serial;
		pa.chain.path[0] = &csca;
		pa.chain.n = rows[i].has_chain;
		pa.result->policy = rows[i].policy;
		emrtd_pa_check_revocation(&pa);
		check = row(&pa, EMRTD_CHECK_PA_REVOCATION);
		assert_int_equal(check->verdict, rows[i].want);
		assert_string_equal(check->diag.what,
		    asked ? "there is no revocation list"
			  : "it is not known who vouches for the signer");
		emrtd_result_free(&pa.result);
	}
	emrtd_trust_free(&trust);
}

static void
no_sod(void **state)
{
	struct emrtd_pa pa = begin();

	(void)state;
	emrtd_pa_check_sod(&pa);
	assert_false(pa.has_sod || pa.has_signer);
	assert_int_equal(row(&pa, EMRTD_CHECK_PA_SOD_SIGNATURE)->verdict,
	    EMRTD_NOT_RUN);
	assert_string_equal(row(&pa, EMRTD_CHECK_PA_SOD_SIGNATURE)->diag.what,
	    "EF.SOD was not read");
	assert_int_equal(pa.result->files[EMRTD_EF_SOD].status,
	    EMRTD_FILE_NOT_REQUESTED);
	emrtd_result_free(&pa.result);
}

/* What is no EF.SOD proves nothing, and says so. */
static void
malformed_sod(void **state)
{
	struct emrtd_pa pa = begin();

	(void)state;
	give(&pa, EMRTD_EF_SOD, "7703020100");
	emrtd_pa_check_sod(&pa);
	assert_false(pa.has_sod);
	assert_false(pa.has_signer);
	assert_int_equal(pa.result->files[EMRTD_EF_SOD].status,
	    EMRTD_FILE_MALFORMED);
	assert_int_equal(row(&pa, EMRTD_CHECK_PA_SOD_SIGNATURE)->verdict,
	    emrtd_verdict_of(EMRTD_E_MALFORMED));
	assert_int_equal(row(&pa, EMRTD_CHECK_PA_SOD_SIGNATURE)->diag.error,
	    EMRTD_E_MALFORMED);
	emrtd_result_free(&pa.result);
}

/* The last second of the day of expiry, and the next. */
static void
expiry(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct emrtd_pa pa = begin();

		pa.result->has_document = true;
		pa.result->document.expiry.valid = true;
		pa.result->document.expiry.to = 20000;
		pa.result->at = AT + 86399 + i;
		emrtd_pa_check_expiry(&pa);
		assert_int_equal(row(&pa, EMRTD_CHECK_DOC_VALIDITY)->verdict,
		    i == 0 ? EMRTD_PASSED : EMRTD_FAILED);
		emrtd_result_free(&pa.result);
	}
}

/* Nobody read it: nothing is wrong with it. */
static void
files_that_are_not_there(void **state)
{
	struct emrtd_pa pa = begin();
	struct emrtd_result untouched = *pa.result;

	(void)state;
	emrtd_pa_parse_document(&pa);
	emrtd_pa_parse_face(&pa);
	emrtd_pa_look_at_files(&pa);
	assert_false(pa.result->has_document || pa.result->has_face);
	for (int i = 0; i < EMRTD_N_FILES; i++)
		assert_int_equal(pa.result->files[i].status,
		    untouched.files[i].status);
	for (int i = 0; i < EMRTD_N_FINDINGS; i++)
		assert_false(pa.result->findings.there[i]);
	emrtd_result_free(&pa.result);
}

#define TD3_NAME "UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"

static void
give_dg1(struct emrtd_pa *pa, const char *mrz)
{
	struct emrtd_bytes text = emrtd_bytes_text(mrz);
	struct emrtd_out out = emrtd_out(malloc(128), 128);
	size_t mark = emrtd_open(&out, 0x61);

	emrtd_put_tlv(&out, 0x5F1F, text);
	emrtd_close(&out, mark);
	assert_false(out.bad);
	assert_int_equal(emrtd_result_set_file(pa->result, ctx->crypto,
			     EMRTD_DG1, out.ptr, out.len),
	    EMRTD_OK);
}

/* An MRZ, of a document that has a chip. */
static void
documents(void **state)
{
	static const struct {
		const char *mrz;
		bool forged, want;
	} rows[] = {
		{ "P<" TD3_NAME "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
		    false, true },
		{ "P<" TD3_NAME "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
		    true, false },
		{ "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6"
		  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
		    false, true },
		{ "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
		  "D231458907UTO7408122F1204159<<<<<<<6",
		    false, true },
		/* visas */
		{ "V<" TD3_NAME "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
		    false, false },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
		  "L8988901C4XXX4009078F9612109<<<<<<<<",
		    false, false },
		{ "P<UTO", false, false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();

		give_dg1(&pa, rows[i].mrz);
		if (rows[i].forged)
			emrtd_check_set(pa.result, EMRTD_CHECK_PA_HASH_DG1,
			    EMRTD_FAILED, NULL);
		emrtd_pa_parse_document(&pa);
		if (pa.result->has_document != rows[i].want ||
		    (pa.result->files[EMRTD_DG1].status == EMRTD_FILE_READ) !=
			(rows[i].want || rows[i].forged))
			fail_msg("%s", rows[i].mrz);
		emrtd_result_free(&pa.result);
	}
}

/* DG2 with one record of this much, and a record of one face. */
#define DG2(len, rest) "75" len "7F61" rest
#define FACE                                           \
	"7F6042 A10887020101880200085F2E35 46414300"   \
	"30313000 00000035 0001 00000027 0000"         \
	"0000000000000000000000000000 01 00 019D 0213" \
	"000000000000 FFD8FFE0010203"

/* The first face, unless it is forged; what is newer than we is no fault. */
static void
faces(void **state)
{
	static const struct {
		const char *what, *dg2;
		bool forged, has_face;
		enum emrtd_file_status want;
	} rows[] = {
		{ "one", DG2("4B", "48 020101" FACE), false, true,
		    EMRTD_FILE_READ },
		{ "one that nobody signed", DG2("4B", "48 020101" FACE), true,
		    false, EMRTD_FILE_READ },
		{ "none", DG2("06", "03 020100"), false, false,
		    EMRTD_FILE_MALFORMED },
		{ "of a later kind",
		    DG2("13", "10 020101 7F600A 7F2E07"
			      "A1050000000000"),
		    false, false, EMRTD_FILE_READ },
	};
	static const uint8_t image[] = { 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3 };
	struct emrtd_bytes content = emrtd_bytes(image, sizeof(image));
	uint8_t digest[EMRTD_HASH_MAX];

	(void)state;
	assert_int_equal(emrtd_hash(ctx->crypto, EMRTD_SHA256, &content, 1,
			     digest),
	    EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();

		give(&pa, EMRTD_DG2, rows[i].dg2);
		if (rows[i].forged)
			emrtd_check_set(pa.result, EMRTD_CHECK_PA_HASH_DG2,
			    EMRTD_FAILED, NULL);
		emrtd_pa_parse_face(&pa);
		if (pa.result->has_face != rows[i].has_face ||
		    pa.result->files[EMRTD_DG2].status != rows[i].want)
			fail_msg("%s", rows[i].what);
		if (rows[i].has_face) {
			assert_int_equal(pa.result->face.image.len,
			    sizeof(image));
			assert_memory_equal(pa.result->face_sha256, digest,
			    sizeof(pa.result->face_sha256));
		}
		emrtd_result_free(&pa.result);
	}
}

/* Each file is looked at as what it is, whole or not. */
static void
files_are_looked_at(void **state)
{
	static const struct {
		enum emrtd_file file;
		const char *hex;
		enum emrtd_finding_id id; /* EMRTD_N_FINDINGS: nothing */
	} rows[] = {
#define F(id) EMRTD_FINDING_FILE_##id
		{ EMRTD_EF_COM,
		    "6014 5F010430313036 5F3606303430303030 5C026175",
		    F(COM_LDS_VERSION) },
		{ EMRTD_EF_COM,
		    "6014 5F010430313037 5F3606303430303030 5C026175",
		    EMRTD_N_FINDINGS },
		{ EMRTD_DG2, DG2("06", "03 020100"), F(MALFORMED_DG2) },
		{ EMRTD_DG3, "6302 0500", F(MALFORMED_DG3) },
		{ EMRTD_DG4, "7602 0500", F(MALFORMED_DG4) },
		{ EMRTD_DG14, "6E02 3100", EMRTD_N_FINDINGS },
		{ EMRTD_DG14, "6E04 31020500", F(MALFORMED_DG14) },
		{ EMRTD_DG15, "6F02 0500", F(MALFORMED_DG15) },
		{ EMRTD_DG15, "6F04 3002 0500", EMRTD_N_FINDINGS },
		{ EMRTD_DG16, "7002 0500", EMRTD_N_FINDINGS },
		{ EMRTD_DG16, "7003 0500", F(MALFORMED_DG) },
		{ EMRTD_DG16, "70", F(MALFORMED_DG) },
		{ EMRTD_DG16, "6D020500", F(MALFORMED_DG) },
		{ EMRTD_EF_CVCA, "0000", F(CVCA_EMPTY) },
		{ EMRTD_EF_CVCA, "4203 414243", F(MALFORMED_CVCA) },
		{ EMRTD_EF_CVCA, "420A 55544356434130303031 00",
		    EMRTD_N_FINDINGS },
		{ EMRTD_EF_ATR_INFO, "4302", F(MALFORMED_ATR_INFO) },
		{ EMRTD_EF_ATR_INFO, "4303010203", F(ATR_INFO_LENGTHS) },
#undef F
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();

		give(&pa, rows[i].file, rows[i].hex);
		emrtd_pa_look_at_files(&pa);
		for (int id = 0; id < EMRTD_N_FINDINGS; id++) {
			if (pa.result->findings.there[id] !=
			    (id == (int)rows[i].id))
				fail_msg("%s: %s", rows[i].hex,
				    emrtd_finding_info(
					(enum emrtd_finding_id)id)
					->name);
		}
		emrtd_result_free(&pa.result);
	}
}

/*
 * Of a malformed file it is said that it is, unless it was forged: that is no
 * carelessness of the state whose name it bears.
 */
static void
malformed_files(void **state)
{
	static const struct {
		enum emrtd_file file;
		enum emrtd_finding_id id;
		enum emrtd_check_id failed; /* or EMRTD_N_CHECKS */
		bool found;
	} rows[] = {
		{ EMRTD_EF_CARD_ACCESS,
		    EMRTD_FINDING_FILE_MALFORMED_CARD_ACCESS, EMRTD_N_CHECKS,
		    true },
		{ EMRTD_DG2, EMRTD_FINDING_FILE_MALFORMED_DG2, EMRTD_N_CHECKS,
		    true },
		{ EMRTD_DG13, EMRTD_FINDING_FILE_MALFORMED_DG, EMRTD_N_CHECKS,
		    true },
		{ EMRTD_DG13, EMRTD_FINDING_FILE_MALFORMED_DG,
		    EMRTD_CHECK_PA_HASH_DG13, false },
		{ EMRTD_DG13, EMRTD_FINDING_FILE_MALFORMED_DG,
		    EMRTD_CHECK_PA_SOD_SIGNATURE, false },
		{ EMRTD_DG13, EMRTD_FINDING_FILE_MALFORMED_DG,
		    EMRTD_CHECK_PA_SIGNED_ATTRIBUTES, false },
		{ EMRTD_EF_CARD_ACCESS,
		    EMRTD_FINDING_FILE_MALFORMED_CARD_ACCESS,
		    EMRTD_CHECK_PA_SOD_SIGNATURE, true },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_pa pa = begin();

		give(&pa, rows[i].file, "6F0100");
		if (rows[i].failed != EMRTD_N_CHECKS)
			emrtd_check_set(pa.result, rows[i].failed, EMRTD_FAILED,
			    "x");
		pa.result->files[rows[i].file].status = EMRTD_FILE_MALFORMED;
		emrtd_pa_look_at_files(&pa);
		if (pa.result->findings.there[rows[i].id] != rows[i].found)
			fail_msg("row %zu", i);
		if (rows[i].found)
			assert_string_equal(
			    pa.result->findings.detail[rows[i].id],
			    emrtd_file_name(rows[i].file));
		emrtd_result_free(&pa.result);
	}
}

/* Evidence over a challenge that the verifier did not give proves nothing. */
static void
an_old_recording(void **state)
{
	static const uint8_t own[EMRTD_CHALLENGE_LEN] = { 1 };
	static const uint8_t theirs[EMRTD_CHALLENGE_LEN] = { 2 };
	static const uint8_t signature[64] = { 3 };
	struct emrtd_bytes files[EMRTD_N_FILES] = { { NULL, 0 } };
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = AT,
		.files = files,
		.n_files = EMRTD_N_FILES,
		.challenge = own,
		.aa_challenge = emrtd_bytes(theirs, sizeof(theirs)),
		.aa_signature = emrtd_bytes(signature, sizeof(signature)) };
	struct emrtd_result *r;

	(void)state;
	assert_int_equal(emrtd_verify_files(ctx, &options, &r), EMRTD_OK);
	assert_int_equal(r->proofs[EMRTD_PROOF_AA].verdict, EMRTD_FAILED);
	assert_int_equal(r->checks[EMRTD_CHECK_CHIP_AA].verdict, EMRTD_FAILED);
	assert_false(r->own_challenge);
	emrtd_result_free(&r);
}

/* A clock that moves on by one whenever it is asked. */
static int64_t
tick(void *self)
{
	int64_t *now = self;

	return (*now)++;
}

/* From the first look at the files to the last row. */
static void
how_long_it_took(void **state)
{
	static const struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = AT,
		.files = files,
		.n_files = EMRTD_N_FILES };
	int64_t now = 1000;
	struct emrtd_ctx_options timed = { .size = sizeof(timed),
		.clock = { tick, &now } };
	struct emrtd_ctx *own;
	struct emrtd_result *r;

	(void)state;
	assert_int_equal(emrtd_ctx_new(&timed, NULL, &own), EMRTD_OK);
	assert_int_equal(emrtd_verify_files(own, &options, &r), EMRTD_OK);
	assert_true(now > 1001);
	assert_int_equal(r->total_us, now - 1 - 1000);
	emrtd_result_free(&r);
	emrtd_ctx_free(&own);
}

/* Their array ends with DG16, which counts. */
static void
callers_of_before(void **state)
{
	size_t n = EMRTD_DG16 + 1;
	struct emrtd_bytes *files = calloc(n, sizeof(*files));
	struct test_bytes dg16 = test_hex("70021122");
	struct emrtd_verify_options options = {
		.size = offsetof(struct emrtd_verify_options, n_files),
		.at = AT,
		.files = files
	};
	struct emrtd_result *r;

	(void)state;
	assert_non_null(files);
	files[EMRTD_DG16] = view(dg16);
	assert_int_equal(emrtd_verify_files(ctx, &options, &r), EMRTD_OK);
	assert_int_equal(r->files[EMRTD_DG16].status, EMRTD_FILE_READ);
	assert_int_equal(r->files[EMRTD_DG16].len, dg16.len);
	emrtd_result_free(&r);
	test_bytes_free(&dg16);
	free(files);
}

/* What an older caller has behind the end of its options is not read. */
static void
sizes_of_options(void **state)
{
#define END(member) offsetof(struct emrtd_verify_options, member)
	static const struct {
		size_t size;
		bool bad_signature, bad_policy, bad_number;
		enum emrtd_error want;
	} rows[] = {
		{ 0, false, false, false, EMRTD_E_ARG },
		{ END(doubts) - 1, false, false, false, EMRTD_E_ARG },
		{ END(doubts), true, true, true, EMRTD_OK },
		{ END(aa_challenge), true, true, true, EMRTD_OK },
		{ END(policy) - 1, true, true, true, EMRTD_OK },
		{ END(policy), false, true, true, EMRTD_OK },
		{ END(policy), true, true, true, EMRTD_E_ARG },
		{ END(n_files), false, false, true, EMRTD_OK },
		{ END(n_files), false, true, true, EMRTD_E_ARG },
		{ sizeof(struct emrtd_verify_options) - 1, false, false, true,
		    EMRTD_OK },
		{ sizeof(struct emrtd_verify_options), false, false, true,
		    EMRTD_E_ARG },
		{ sizeof(struct emrtd_verify_options), false, true, false,
		    EMRTD_E_ARG },
		{ sizeof(struct emrtd_verify_options), false, false, false,
		    EMRTD_OK },
		{ sizeof(struct emrtd_verify_options) + 8, false, false, false,
		    EMRTD_OK },
	};
#undef END
	static const struct emrtd_bytes files[EMRTD_N_FILES];
	static const uint8_t byte[1];

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_verify_options options = {
			.size = (uint32_t)rows[i].size,
			.at = AT,
			.files = files,
			.aa_signature = { byte, rows[i].bad_signature },
			.policy = (enum emrtd_policy)(
			    rows[i].bad_policy ? 9 : 0),
			.n_files = EMRTD_N_FILES + rows[i].bad_number,
		};
		struct emrtd_result *r = NULL;

		if (emrtd_verify_files(ctx, &options, &r) != rows[i].want)
			fail_msg("row %zu", i);
		emrtd_result_free(&r);
		assert_int_equal(emrtd_verify_files(NULL, &options, &r),
		    EMRTD_E_ARG);
		assert_int_equal(emrtd_verify_files(ctx, NULL, &r),
		    EMRTD_E_ARG);
		assert_int_equal(emrtd_verify_files(ctx, &options, NULL),
		    EMRTD_E_ARG);
		options.files = NULL;
		assert_int_equal(emrtd_verify_files(ctx, &options, &r),
		    EMRTD_E_ARG);
	}
}

static int
setup(void **state)
{
	(void)state;
	return emrtd_ctx_new(NULL, NULL, &ctx) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	emrtd_ctx_free(&ctx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_aborted_group),
		cmocka_unit_test(no_such_hash),
		cmocka_unit_test(com),
		cmocka_unit_test(names_in_a_chain),
		cmocka_unit_test(signed_and_not_read),
		cmocka_unit_test(hashes_leave_filler_out),
		cmocka_unit_test(no_country_without_both),
		cmocka_unit_test(certificates_are_told),
		cmocka_unit_test(no_store),
		cmocka_unit_test(no_revocation_list),
		cmocka_unit_test(no_sod),
		cmocka_unit_test(malformed_sod),
		cmocka_unit_test(expiry),
		cmocka_unit_test(files_that_are_not_there),
		cmocka_unit_test(documents),
		cmocka_unit_test(faces),
		cmocka_unit_test(files_are_looked_at),
		cmocka_unit_test(malformed_files),
		cmocka_unit_test(an_old_recording),
		cmocka_unit_test(how_long_it_took),
		cmocka_unit_test(callers_of_before),
		cmocka_unit_test(sizes_of_options),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
