/*
 * What is issued, before two judges: the openssl command (cms -verify, verify)
 * and our own Passive Authentication. For every kind of signature key; with
 * curve parameters written out, as Doc 9303-12 wants them, the openssl command
 * refuses the certificates, and our judge stands alone.
 */
#include "card_test.h"
#include "core/tlv.h"
#include "pki/certificate.h"
#include "pki/sod.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define PATH_CAP 256

static char folder[] = "/tmp/mrtd-card-XXXXXX";

static void
write_file(const char *name, struct emrtd_bytes bytes)
{
	char path[PATH_CAP];
	FILE *f;

	test_path(path, sizeof(path), folder, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
}

/* Exit code of a shell command that runs in the folder. */
static int
shell(const char *command)
{
	char line[1024];
	int status;

	assert_true(snprintf(line, sizeof(line), "cd %s && %s >log 2>&1",
			folder, command) < (int)sizeof(line));
	status = system(line);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static struct emrtd_bytes
content_info(const struct emrtd_card *card)
{
	struct emrtd_bytes sod = emrtd_card_file(card, EMRTD_EF_SOD), cms;

	assert_true(emrtd_tlv(&sod, 0x77, &cms));
	assert_true(emrtd_end(&sod));
	return cms;
}

/* 0 from all: chain, strict chain, signature with that chain. */
static bool
openssl_accepts(const struct emrtd_card *card)
{
	write_file("csca.der", emrtd_card_csca(card));
	write_file("ds.der", emrtd_card_signer(card));
	write_file("sod.cms", content_info(card));
	assert_int_equal(shell("openssl x509 -inform DER -in csca.der "
			       "-out csca.pem && openssl x509 -inform DER "
			       "-in ds.der -out ds.pem"),
	    0);
	return shell("openssl verify -CAfile csca.pem ds.pem") == 0 &&
	       shell("openssl verify -x509_strict -CAfile csca.pem ds.pem") ==
		   0 &&
	       shell("openssl cms -verify -inform DER -in sod.cms "
		     "-CAfile csca.pem -purpose any -out lds.der") == 0;
}

static void
check_hash(struct emrtd_crypto *crypto, const struct emrtd_card *card,
    const struct emrtd_sod *sod, unsigned dg)
{
	struct emrtd_bytes file = emrtd_card_file(card,
	    (enum emrtd_file)(EMRTD_DG1 + dg - 1));
	uint8_t digest[EMRTD_HASH_MAX];

	assert_int_equal(sod->data_groups >> dg & 1, file.len > 0);
	if (file.len == 0)
		return;
	assert_ok(emrtd_hash(crypto, sod->dg_hash, &file, 1, digest));
	assert_bytes(sod->dg_digest[dg],
	    emrtd_bytes(digest, emrtd_hash_len(sod->dg_hash)));
}

static void
we_accept(struct emrtd_crypto *crypto, const struct emrtd_card *card)
{
	struct emrtd_certificate csca, ds;
	struct emrtd_sod sod;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(
	    emrtd_sod_parse(emrtd_card_file(card, EMRTD_EF_SOD), &diag, &sod));
	assert_ok(emrtd_sod_signer(&sod, crypto, NULL, &diag, &ds));
	assert_bytes(ds.der, emrtd_card_signer(card));
	assert_ok(emrtd_sod_verify_attributes(&sod, crypto, &diag));
	assert_ok(emrtd_sod_verify_signature(&sod, crypto, &ds, &diag));
	assert_ok(emrtd_certificate_parse(emrtd_card_csca(card), &diag, &csca));
	assert_ok(emrtd_certificate_verify(&ds, crypto, csca.spki, &diag));
	assert_ok(emrtd_certificate_verify(&csca, crypto, csca.spki, &diag));
	assert_true(emrtd_name_equal(ds.issuer, csca.subject));
	assert_true(csca.is_ca && csca.is_test && ds.is_test && !ds.is_ca);
	assert_false(csca.unknown_critical || ds.unknown_critical);
	for (unsigned dg = 1; dg <= 16; dg++)
		check_hash(crypto, card, &sod, dg);
}

static void
test_every_key(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;

	for (unsigned kind = 0; kind < EMRTD_CARD_N_KEYS; kind++) {
		for (unsigned written_out = 0; written_out < 2; written_out++) {
			specimen(&profile);
			profile.csca_kind = (enum emrtd_card_key)kind;
			profile.ds_kind = (enum emrtd_card_key)kind;
			profile.explicit_curve = written_out == 1;
			profile.lds_1_8 = written_out == 1;
			card = issue(&profile);
			we_accept(*state, card);
			assert_int_equal(openssl_accepts(card),
			    kind <= EMRTD_CARD_RSA3072_PSS || !written_out);
			emrtd_card_free(&card);
		}
	}
}

/* The judge can say no: another CSCA of the same name, a tampered SOD. */
static void
test_openssl_can_refuse(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card, *other;

	(void)state;
	specimen(&profile);
	profile.explicit_curve = false;
	card = issue(&profile);
	other = issue(&profile);
	assert_true(openssl_accepts(card));
	write_file("csca.der", emrtd_card_csca(other));
	assert_int_equal(
	    shell("openssl x509 -inform DER -in csca.der -out csca.pem"), 0);
	assert_int_not_equal(shell("openssl verify -CAfile csca.pem ds.pem"),
	    0);
	emrtd_card_free(&card);
	emrtd_card_free(&other);
	misbehave(&profile, "tamper=EF.SOD");
	card = issue(&profile);
	assert_false(openssl_accepts(card));
	emrtd_card_free(&card);
}

/* The CSCA of samples/ signs, and is the one of samples/trust. */
static void
test_given_csca(void **state)
{
	struct test_bytes key = test_file(
	    MRTD_SOURCE_DIR "/samples/csca/test-csca-key.pem");
	struct test_bytes certificate = test_file(
	    MRTD_SOURCE_DIR "/samples/trust/test-csca.pem");
	struct emrtd_card_profile profile;
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	specimen(&profile);
	profile.csca_kind = EMRTD_CARD_RSA3072_PSS;
	profile.csca_key_pem = emrtd_bytes(key.ptr, key.len);
	profile.csca_certificate = emrtd_bytes(certificate.ptr,
	    certificate.len);
	card = issue(&profile);
	we_accept(*state, card);
	/* As DER, the certificate serves as well. */
	write_file("given.der", emrtd_card_csca(card));
	emrtd_card_free(&card);
	test_bytes_free(&certificate);
	{
		char path[PATH_CAP];

		test_path(path, sizeof(path), folder, "given.der");
		certificate = test_file(path);
	}
	profile.csca_certificate = emrtd_bytes(certificate.ptr,
	    certificate.len);
	card = issue(&profile);
	emrtd_card_free(&card);
	/* Another kind of key than the profile says; no certificate of it. */
	profile.csca_kind = EMRTD_CARD_P256;
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_KEY);
	profile.csca_kind = EMRTD_CARD_RSA3072_PSS;
	profile.csca_certificate = profile.csca_key_pem;
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_MALFORMED);
	test_bytes_free(&key);
	test_bytes_free(&certificate);
}

/* A new CSCA, and a key that belongs to another certificate. */
static void
test_new_csca(void **state)
{
	uint8_t key_buf[4096], certificate_buf[4096];
	struct emrtd_out key = emrtd_out(key_buf, sizeof(key_buf));
	struct emrtd_out certificate = emrtd_out(certificate_buf,
	    sizeof(certificate_buf));
	struct emrtd_card_profile profile;
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	specimen(&profile);
	assert_ok(emrtd_card_new_csca(&profile, &diag, &key, &certificate));
	profile.csca_key_pem = emrtd_out_bytes(&key);
	profile.csca_certificate = emrtd_out_bytes(&certificate);
	card = issue(&profile);
	we_accept(*state, card);
	emrtd_card_free(&card);
	key.len = 0;
	{
		uint8_t other_buf[4096];
		struct emrtd_out other = emrtd_out(other_buf,
		    sizeof(other_buf));

		assert_ok(emrtd_card_new_csca(&profile, &diag, &key, &other));
	}
	profile.csca_key_pem = emrtd_out_bytes(&key);
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_KEY);
	assert_null(card);
}

/* The face comes back whole, with the size that the picture has. */
static void
test_face(void **state)
{
	struct test_bytes anna = test_file(
	    MRTD_SOURCE_DIR "/samples/faces/anna.jpg");
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct emrtd_diag diag;
	struct emrtd_dg2 dg2;

	(void)state;
	emrtd_diag_init(&diag);
	specimen(&profile);
	profile.face = emrtd_bytes(anna.ptr, anna.len);
	card = issue(&profile);
	assert_ok(
	    emrtd_dg2_parse(emrtd_card_file(card, EMRTD_DG2), &diag, &dg2));
	assert_int_equal(dg2.n_faces, 1);
	assert_int_equal(dg2.n_defects, 0);
	assert_int_equal(dg2.faces[0].width, 413);
	assert_int_equal(dg2.faces[0].height, 531);
	assert_int_equal(dg2.faces[0].format, EMRTD_IMAGE_JPEG);
	assert_bytes(dg2.faces[0].image, profile.face);
	emrtd_card_free(&card);
	test_bytes_free(&anna);
}

/* The marker's country is what the certificates say, unless switched. */
static void
test_country(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_certificate ds, csca;
	struct emrtd_card *card;
	struct emrtd_diag diag;
	char country[4];

	(void)state;
	emrtd_diag_init(&diag);
	specimen(&profile);
	misbehave(&profile, "ds-country=XX");
	card = issue(&profile);
	assert_ok(emrtd_certificate_parse(emrtd_card_signer(card), &diag, &ds));
	assert_ok(emrtd_certificate_parse(emrtd_card_csca(card), &diag, &csca));
	emrtd_name_country(ds.subject, country);
	assert_string_equal(country, "XX");
	emrtd_name_country(csca.subject, country);
	assert_string_equal(country, "UT");
	assert_int_equal(ds.not_before, profile.ds_period.from);
	assert_int_equal(ds.not_after, profile.ds_period.to);
	emrtd_card_free(&card);
}

static int
setup(void **state)
{
	if (system("openssl version >/dev/null 2>&1") != 0) {
		printf("the openssl command is missing\n");
		exit(TEST_SKIPPED);
	}
	assert_non_null(mkdtemp(folder));
	return setup_crypto(state);
}

static int
teardown(void **state)
{
	char line[64];

	(void)free_face(state);
	assert_true(snprintf(line, sizeof(line), "rm -rf %s", folder) > 0);
	assert_int_equal(system(line), 0);
	return teardown_crypto(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_openssl_can_refuse),
		cmocka_unit_test(test_given_csca),
		cmocka_unit_test(test_new_csca),
		cmocka_unit_test(test_face),
		cmocka_unit_test(test_country),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
