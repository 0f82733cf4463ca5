/*
 * EF.CardSecurity: one of another program, and what it must not be. The CMS
 * around it is test_cms.c's and test_sod.c's.
 */
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/agreement_key.h"
#include "data.h"
#include "issue_openssl.h"
#include "pki/card_security.h"
#include "pki/chain.h"
#include "reader/signed_offers.h"
#include "test.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

#define AT         1782864000 /* 2026-07-01 */
#define OID_OBJECT "0.4.0.127.0.7.3.2.1"

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

/* All that the reader asks of it but dates and country. */
static enum emrtd_error
verify_all(struct emrtd_bytes file, const struct emrtd_trust *trust)
{
	struct emrtd_chain chain;
	struct emrtd_card_security content;
	struct emrtd_certificate signer;
	uint8_t *copy;
	enum emrtd_error e;

	e = emrtd_card_security_read(file, NULL, &copy, &content);
	if (e != EMRTD_OK) {
		assert_null(copy);
		return e;
	}
	e = emrtd_card_security_verify(&content, crypto, trust, NULL, &signer);
	if (e == EMRTD_OK && trust != NULL)
		e = emrtd_chain_find(trust, crypto, &signer, AT, NULL, &chain);
	free(copy);
	return e;
}

/* Every byte of what is signed, and of the signature. */
static void
flip_each(struct emrtd_bytes file, const struct emrtd_trust *trust)
{
	struct emrtd_card_security content;
	struct emrtd_bytes parts[3];
	uint8_t *copy;

	assert_int_equal(emrtd_card_security_read(file, NULL, &copy, &content),
	    EMRTD_OK);
	assert_null(copy);
	parts[0] = content.cms.content;
	parts[1] = content.cms.signed_attributes;
	parts[2] = content.cms.signature;
	for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
		for (size_t k = 0; k < parts[i].len; k++) {
			uint8_t *at = (uint8_t *)(uintptr_t)&parts[i].ptr[k];

			*at ^= 0x20;
			assert_int_not_equal(verify_all(file, trust), EMRTD_OK);
			*at ^= 0x20;
		}
	}
}

/* The key that the reader takes for these parameters is the one proven. */
static void
check_key(struct test_bytes file, const struct vector *v)
{
	uint32_t parameter = (uint32_t)strtoul(v->words[2], NULL, 10);
	struct test_bytes want = test_hex(v->words[3]);
	struct emrtd_card_security content;
	const struct emrtd_ca_key *info;
	struct emrtd_agreement_key key;
	uint8_t *copy;

	assert_int_equal(emrtd_card_security_read(emrtd_bytes(file.ptr,
						      file.len),
			     NULL, &copy, &content),
	    EMRTD_OK);
	info = emrtd_cam_key(&content.infos, parameter);
	assert_non_null(info);
	assert_int_equal(emrtd_agreement_key_parse(crypto, info->spki, NULL,
			     &key),
	    EMRTD_OK);
	assert_int_equal(key.group->id, parameter);
	assert_int_equal(key.key.len, want.len);
	assert_memory_equal(key.key.bytes, want.ptr, want.len);
	test_bytes_free(&want);
	free(copy);
}

static void
recorded(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/card_security.txt");
	struct test_bytes last = { NULL, 0 };
	struct emrtd_trust *trust;
	size_t n = 0;
	struct vector v;

	(void)state;
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	while (vectors_next(vectors, &v)) {
		struct test_bytes b = test_hex(v.words[2]);
		struct emrtd_bytes file = emrtd_bytes(b.ptr, b.len);

		if (strcmp(v.words[0], "key") == 0) {
			test_bytes_free(&b);
			check_key(last, &v);
			continue;
		}
		if (strcmp(v.words[0], "csca") == 0) {
			assert_int_equal(emrtd_trust_add_der(trust, file, 0,
					     NULL),
			    EMRTD_OK);
		} else {
			n++;
			assert_int_equal(verify_all(file, trust), EMRTD_OK);
			flip_each(file, trust);
			test_bytes_free(&last);
			last = b;
			continue;
		}
		test_bytes_free(&b);
	}
	test_bytes_free(&last);
	assert_int_equal(n, 1);
	emrtd_trust_free(&trust);
	vectors_close(vectors);
}

#define INFOS "3114 3012060A04007F00070202040602 020102 02010D"

static const struct {
	const char *what, *content, *content_type, *attribute_type;
	enum emrtd_error want;
	bool no_certificate, no_attributes;
} cases[] = {
	{ "good", INFOS, OID_OBJECT, NULL, EMRTD_OK, false, false },
	{ "of a SOD", INFOS, "2.23.136.1.1.1", NULL, EMRTD_E_MALFORMED, false,
	    false },
	{ "id-data", INFOS, "1.2.840.113549.1.7.1", NULL, EMRTD_E_MALFORMED,
	    false, false },
	{ "signed as a SOD, shown as EF.CardSecurity", INFOS, OID_OBJECT,
	    "2.23.136.1.1.1", EMRTD_E_MALFORMED, false, false },
	{ "its neighbour", INFOS, "0.4.0.127.0.7.3.2.2", OID_OBJECT,
	    EMRTD_E_MALFORMED, false, false },
	{ "no certificate", INFOS, OID_OBJECT, NULL, EMRTD_E_NOT_FOUND, true,
	    false },
	{ "no signed attributes", INFOS, OID_OBJECT, NULL, EMRTD_E_MALFORMED,
	    false, true },
	{ "no SET", "3002 0500", OID_OBJECT, NULL, EMRTD_E_MALFORMED, false,
	    false },
	{ "bytes after the SET", "3100 00", OID_OBJECT, NULL, EMRTD_E_MALFORMED,
	    false, false },
	{ "no SecurityInfo", "3102 0500", OID_OBJECT, NULL, EMRTD_E_MALFORMED,
	    false, false },
};

/* Without the tag 77 that EF.SOD has around it. */
static struct emrtd_bytes
signed_data(struct test_bytes sod)
{
	struct emrtd_bytes file = emrtd_bytes(sod.ptr, sod.len), body;

	assert_true(emrtd_tlv(&file, 0x77, &body));
	return body;
}

static void
made(void **state)
{
	struct issue_pair pair;

	(void)state;
	issue_pair(&pair, "prime256v1", "prime256v1 b", "SHA256", ISSUE_NO_PSS);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes content = test_hex(cases[i].content);
		struct issue_sod spec = { .pair = &pair,
			.content = content,
			.content_type = cases[i].content_type,
			.attribute_type = cases[i].attribute_type,
			.hash = EMRTD_SHA256,
			.signature_oid = "1.2.840.10045.4.3.2",
			.no_certificate = cases[i].no_certificate,
			.no_attributes = cases[i].no_attributes };
		struct test_bytes sod = issue_sod(&spec);
		enum emrtd_error e = verify_all(signed_data(sod), NULL);

		if (e != cases[i].want)
			fail_msg("%s: %s", cases[i].what, emrtd_error_name(e));
		test_bytes_free(&sod);
		test_bytes_free(&content);
	}
	issue_pair_free(&pair);
}

/* As with EF.SOD: the signer out of the store, and the CSCA above it. */
static void
signer_of_the_store(void **state)
{
	struct issue_pair pair;
	struct issue_sod spec = { .pair = &pair,
		.content_type = OID_OBJECT,
		.hash = EMRTD_SHA256,
		.signature_oid = "1.2.840.10045.4.3.2",
		.no_certificate = true };
	struct emrtd_trust *trust;
	struct test_bytes file;

	(void)state;
	issue_pair(&pair, "prime256v1", "prime256v1 b", "SHA256", ISSUE_NO_PSS);
	spec.content = test_hex(INFOS);
	file = issue_sod(&spec);
	assert_int_equal(emrtd_trust_new(NULL, &trust), EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust,
			     emrtd_bytes(pair.csca_der.ptr, pair.csca_der.len),
			     0, NULL),
	    EMRTD_OK);
	assert_int_equal(verify_all(signed_data(file), trust),
	    EMRTD_E_NOT_FOUND);
	assert_int_equal(emrtd_trust_add_der(trust,
			     emrtd_bytes(pair.ds_der.ptr, pair.ds_der.len),
			     EMRTD_TRUST_PATH_ONLY, NULL),
	    EMRTD_OK);
	assert_int_equal(verify_all(signed_data(file), trust), EMRTD_OK);
	file.ptr[file.len - 1] ^= 1;
	assert_int_equal(verify_all(signed_data(file), trust),
	    EMRTD_E_SIGNATURE);
	emrtd_trust_free(&trust);
	test_bytes_free(&file);
	test_bytes_free(&spec.content);
	issue_pair_free(&pair);
}

/* The outermost object without a length, as no signature covers that. */
static struct test_bytes
indefinite(struct emrtd_bytes file)
{
	struct test_bytes b = { malloc(file.len), file.len };

	assert_non_null(b.ptr);
	assert_int_equal(file.ptr[1], 0x82);
	b.ptr[0] = file.ptr[0];
	b.ptr[1] = 0x80;
	memcpy(&b.ptr[2], &file.ptr[4], file.len - 4);
	memset(&b.ptr[file.len - 2], 0, 2);
	return b;
}

static void
indefinite_lengths(void **state)
{
	static const struct {
		const char *type;
		enum emrtd_error want;
	} rows[] = {
		{ OID_OBJECT, EMRTD_OK },
		{ "2.23.136.1.1.1", EMRTD_E_MALFORMED },
	};
	struct issue_pair pair;

	(void)state;
	issue_pair(&pair, "prime256v1", "prime256v1 b", "SHA256", ISSUE_NO_PSS);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct issue_sod spec = { .pair = &pair,
			.content = test_hex(INFOS),
			.content_type = rows[i].type,
			.hash = EMRTD_SHA256,
			.signature_oid = "1.2.840.10045.4.3.2" };
		struct test_bytes file = issue_sod(&spec), other;

		other = indefinite(signed_data(file));
		assert_int_equal(verify_all(emrtd_bytes(other.ptr, other.len),
				     NULL),
		    rows[i].want);
		assert_int_equal(
		    verify_all(emrtd_bytes(other.ptr, other.len - 1), NULL),
		    EMRTD_E_MALFORMED);
		test_bytes_free(&other);
		test_bytes_free(&file);
		test_bytes_free(&spec.content);
	}
	issue_pair_free(&pair);
}

/* EF.SOD itself in its place, and nothing at all. */
static void
other_files(void **state)
{
	static const uint8_t empty[] = { 0x30, 0x00 };
	struct test_bytes sod = test_hex("7702 3000");
	struct emrtd_card_security content;
	struct emrtd_diag diag;
	uint8_t *copy;

	(void)state;
	assert_int_equal(emrtd_card_security_read(emrtd_bytes(sod.ptr, sod.len),
			     &diag, &copy, &content),
	    EMRTD_E_MALFORMED);
	assert_string_equal(diag.what, "EF.CardSecurity");
	assert_int_equal(verify_all(emrtd_bytes(sod.ptr, sod.len), NULL),
	    EMRTD_E_MALFORMED);
	assert_int_equal(verify_all(emrtd_bytes(empty, sizeof(empty)), NULL),
	    EMRTD_E_MALFORMED);
	assert_int_equal(verify_all(emrtd_bytes(NULL, 0), NULL),
	    EMRTD_E_MALFORMED);
	test_bytes_free(&sod);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded),
		cmocka_unit_test(made),
		cmocka_unit_test(signer_of_the_store),
		cmocka_unit_test(indefinite_lengths),
		cmocka_unit_test(other_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
