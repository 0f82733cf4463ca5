/*
 * The frame of SignedData, from a small description with everything that may
 * stand in it; signatures are the business of test_sod.c.
 */
#include "core/builder.h"
#include "data.h"
#include "pki/cms.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define CONTENT_TYPE "060100" /* OID 0.0 */
#define SHA256_ALG   "300B0609608648016503040201"
#define ECDSA_ALG    "300A06082A8648CE3D040302"
#define CERTIFICATE  "3003020101"
#define ISSUER_SID   "300530000201 07"
#define TYPE_ATTR    "301006092A864886F70D0109033103060100"
#define DIGEST_ATTR  "301106092A864886F70D01090431040402ABCD"
#define OTHER_ATTR   "300506012A3100"

/* NULL stands for the usual; "" leaves the part out. */
struct cms_case {
	const char *what;
	const char *type, *version, *content, *certificates, *crls;
	const char *signer_version, *sid, *digest, *attributes, *algorithm;
	const char *signature, *others, *after;
	unsigned n_signers; /* 0 stands for 1, 9 for none */
	enum emrtd_error want;
};

static const struct cms_case cases[] = {
	{ .what = "usual" },
	{ .what = "version 1 of everything", .version = "020101" },
	{ .what = "version 5",
	    .version = "020105",
	    .signer_version = "020103" },
	{ .what = "subject key identifier", .sid = "8003112233" },
	{ .what = "more attributes",
	    .attributes = OTHER_ATTR DIGEST_ATTR TYPE_ATTR OTHER_ATTR },
	{ .what = "revocation lists", .crls = "A1023000" },
	{ .what = "unsigned attributes", .others = "A107" OTHER_ATTR },
	{ .what = "an attribute certificate beside",
	    .certificates = "A009" CERTIFICATE "A1023000" },
	{ .what = "no certificates", .certificates = "" },
	{ .what = "lengths that are not minimal",
	    .signature = "0482000301 0203",
	    .sid = "3081053000020107" },
	{ .what = "empty content",
	    .content = "30 07 " CONTENT_TYPE "A0020400" },

	{ .what = "other ContentInfo",
	    .type = "06092A864886F70D010701",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "no content",
	    .content = "3003" CONTENT_TYPE,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "content that is no octet string",
	    .content = "3008" CONTENT_TYPE "A003020101",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "content in pieces",
	    .content = "300A" CONTENT_TYPE "A0052403040107",
	    .want = EMRTD_E_UNSUPPORTED },
	{ .what = "no version", .version = "", .want = EMRTD_E_MALFORMED },
	{ .what = "no signer", .n_signers = 9, .want = EMRTD_E_MALFORMED },
	{ .what = "two signers", .n_signers = 2, .want = EMRTD_E_UNSUPPORTED },
	{ .what = "no signed attributes",
	    .attributes = "",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "something else in the place of the signed attributes",
	    .digest = SHA256_ALG "0500",
	    .attributes = "",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "no content type",
	    .attributes = DIGEST_ATTR,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "no message digest",
	    .attributes = TYPE_ATTR,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "two content types",
	    .attributes = TYPE_ATTR TYPE_ATTR DIGEST_ATTR,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "two message digests",
	    .attributes = TYPE_ATTR DIGEST_ATTR DIGEST_ATTR,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a message digest with two values",
	    .attributes = TYPE_ATTR
	    "301506092A864886F70D01090431080402ABCD0402ABCD",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a message digest without a value",
	    .attributes = TYPE_ATTR "300D06092A864886F70D0109043100",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "a content type that is no OID",
	    .attributes = "301006092A864886F70D0109033103040100" DIGEST_ATTR,
	    .want = EMRTD_E_MALFORMED },
	{ .what = "an identifier of no kind",
	    .sid = "8103112233",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "an issuer without serial",
	    .sid = "30023000",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "MD5",
	    .digest = "300C06082A864886F70D02050500",
	    .want = EMRTD_E_UNSUPPORTED },
	{ .what = "no signature", .signature = "", .want = EMRTD_E_MALFORMED },
	{ .what = "something after the signature",
	    .others = "0500",
	    .want = EMRTD_E_MALFORMED },
	{ .what = "something after it all",
	    .after = "00",
	    .want = EMRTD_E_MALFORMED },
};

static void
put_hex(struct emrtd_out *out, const char *hex, const char *usual)
{
	struct test_bytes b = test_hex(hex != NULL ? hex : usual);

	emrtd_put(out, emrtd_bytes(b.ptr, b.len));
	test_bytes_free(&b);
}

static void
put_signer(struct emrtd_out *out, const struct cms_case *c)
{
	size_t mark = emrtd_open(out, 0x30), attributes;

	put_hex(out, c->signer_version, "020101");
	put_hex(out, c->sid, ISSUER_SID);
	put_hex(out, c->digest, SHA256_ALG);
	if (c->attributes == NULL || *c->attributes != '\0') {
		attributes = emrtd_open(out, 0xA0);
		put_hex(out, c->attributes, TYPE_ATTR DIGEST_ATTR);
		emrtd_close(out, attributes);
	}
	put_hex(out, c->algorithm, ECDSA_ALG);
	put_hex(out, c->signature, "0403010203");
	put_hex(out, c->others, "");
	emrtd_close(out, mark);
}

static void
put_signed_data(struct emrtd_out *out, const struct cms_case *c)
{
	unsigned n = c->n_signers == 0   ? 1
		     : c->n_signers == 9 ? 0
					 : c->n_signers;
	size_t mark = emrtd_open(out, 0x30), set;

	put_hex(out, c->version, "020103");
	put_hex(out, NULL, "310D" SHA256_ALG);
	put_hex(out, c->content, "3009" CONTENT_TYPE "A00404025566");
	put_hex(out, c->certificates, "A005" CERTIFICATE);
	put_hex(out, c->crls, "");
	set = emrtd_open(out, 0x31);
	while (n-- > 0)
		put_signer(out, c);
	emrtd_close(out, set);
	emrtd_close(out, mark);
}

static struct test_bytes
build(const struct cms_case *c)
{
	struct emrtd_out out = emrtd_out(malloc(1024), 1024);
	size_t mark = emrtd_open(&out, 0x30), outer;
	struct test_bytes b;

	put_hex(&out, c->type, "06092A864886F70D010702");
	outer = emrtd_open(&out, 0xA0);
	put_signed_data(&out, c);
	emrtd_close(&out, outer);
	emrtd_close(&out, mark);
	put_hex(&out, c->after, "");
	assert_false(out.bad);
	b.ptr = out.ptr;
	b.len = out.len;
	return b;
}

static void
frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes b = build(&cases[i]);
		struct emrtd_cms cms;
		enum emrtd_error error = emrtd_cms_parse(emrtd_bytes(b.ptr,
							     b.len),
		    NULL, &cms);

		if (error != cases[i].want)
			fail_msg("%s: %s", cases[i].what,
			    emrtd_error_name(error));
		if (error == EMRTD_OK) {
			assert_int_equal(cms.digest, EMRTD_SHA256);
			assert_int_equal(cms.attribute_digest.len, 2);
			assert_int_equal(cms.signature.len, 3);
			assert_int_equal(cms.signed_attributes.ptr[0], 0xA0);
		}
		test_bytes_free(&b);
	}
}

static void
fields(void **state)
{
	static const struct cms_case usual = { .what = "usual" };
	static const struct cms_case by_key = { .sid = "8003112233",
		.signer_version = "020103",
		.certificates = "A00A" CERTIFICATE CERTIFICATE };
	struct test_bytes b = build(&usual);
	struct emrtd_cms cms;

	(void)state;
	assert_int_equal(emrtd_cms_parse(emrtd_bytes(b.ptr, b.len), NULL, &cms),
	    EMRTD_OK);
	assert_int_equal(cms.content.len, 2);
	assert_memory_equal(cms.content.ptr, "\x55\x66", 2);
	assert_int_equal(cms.content_type.len, 1);
	assert_int_equal(cms.n_certificates, 1);
	assert_int_equal(cms.certificates[0].len, 5);
	assert_int_equal(cms.signer_version, 1);
	assert_null(cms.signer_key_id.ptr);
	assert_int_equal(cms.signer_issuer.len, 2);
	assert_int_equal(cms.signer_serial.len, 1);
	assert_int_equal(cms.signer_serial.ptr[0], 7);
	test_bytes_free(&b);
	b = build(&by_key);
	assert_int_equal(emrtd_cms_parse(emrtd_bytes(b.ptr, b.len), NULL, &cms),
	    EMRTD_OK);
	assert_int_equal(cms.n_certificates, 2);
	assert_int_equal(cms.signer_version, 3);
	assert_int_equal(cms.signer_key_id.len, 3);
	assert_null(cms.signer_issuer.ptr);
	assert_null(cms.signer_serial.ptr);
	test_bytes_free(&b);
}

static void
every_prefix_is_refused(void **state)
{
	static const struct cms_case usual = { .what = "usual" };
	struct test_bytes b = build(&usual);

	(void)state;
	for (size_t len = 0; len < b.len; len++) {
		uint8_t *copy = malloc(len > 0 ? len : 1);
		struct emrtd_cms cms;

		memcpy(copy, b.ptr, len);
		assert_int_equal(emrtd_cms_parse(emrtd_bytes(copy, len), NULL,
				     &cms),
		    EMRTD_E_MALFORMED);
		free(copy);
	}
	test_bytes_free(&b);
}

/* Attributes without end: the count is bounded. */
static void
too_many_attributes(void **state)
{
	char attributes[40 * 20] = TYPE_ATTR DIGEST_ATTR;
	struct cms_case c = { .attributes = attributes };

	(void)state;
	for (unsigned n = 2; n <= 33; n++) {
		struct test_bytes b = build(&c);
		struct emrtd_cms cms;

		assert_int_equal(emrtd_cms_parse(emrtd_bytes(b.ptr, b.len),
				     NULL, &cms),
		    n <= 32 ? EMRTD_OK : EMRTD_E_MALFORMED);
		test_bytes_free(&b);
		strcat(attributes, OTHER_ATTR);
	}
}

/*
 * A certificate without an identifier of its key is the one of the key whose
 * bits hash to it. SHA-1 of "abc" is FIPS 180's.
 */
static void
named_by_the_hash_of_its_key(void **state)
{
	static const struct {
		const char *spki, *id;
		bool want;
	} rows[] = {
		{ "300A 3002 0600 030400 616263",
		    "A9993E364706816ABA3E25717850C26C9CD0D89D", true },
		{ "300A 3002 0600 030400 616262",
		    "A9993E364706816ABA3E25717850C26C9CD0D89D", false },
		{ "300A 3002 0600 030400 616263",
		    "A9993E364706816ABA3E25717850C26C9CD0D89E", false },
		{ "3004 3002 0600", "A9993E364706816ABA3E25717850C26C9CD0D89D",
		    false },
	};
	struct emrtd_crypto *crypto;

	(void)state;
	assert_int_equal(emrtd_crypto_new(NULL, &crypto), EMRTD_OK);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes spki = test_hex(rows[i].spki);
		struct test_bytes id = test_hex(rows[i].id);
		struct emrtd_certificate c = { .spki = emrtd_bytes(spki.ptr,
						   spki.len) };
		struct emrtd_cms cms = { .signer_key_id = emrtd_bytes(id.ptr,
					     id.len) };

		if (emrtd_cms_names(&cms, crypto, &c) != rows[i].want)
			fail_msg("row %zu", i);
		test_bytes_free(&spki);
		test_bytes_free(&id);
	}
	emrtd_crypto_free(&crypto);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames),
		cmocka_unit_test(fields),
		cmocka_unit_test(every_prefix_is_refused),
		cmocka_unit_test(too_many_attributes),
		cmocka_unit_test(named_by_the_hash_of_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
