/*
 * EF.SOD, and the BER rewriting before it: every view lies inside the input,
 * rewriting is stable, and what a key did not sign does not verify.
 */
#include "core/ber.h"
#include "pki/sod.h"
#include "pki/sod_profile.h"

#include <stdlib.h>

#define FILE_MAX 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
inside(struct emrtd_bytes part, struct emrtd_bytes whole)
{
	return part.ptr == NULL ||
	       (part.ptr >= whole.ptr &&
		   part.ptr + part.len <= whole.ptr + whole.len);
}

static void
check_views(const struct emrtd_sod *sod, struct emrtd_bytes file)
{
	const struct emrtd_cms *c = &sod->cms;

	check(
	    inside(c->content_type, file) && inside(c->content, file) &&
	    inside(c->signer_issuer, file) && inside(c->signer_serial, file) &&
	    inside(c->signer_key_id, file) &&
	    inside(c->signed_attributes, file) &&
	    inside(c->attribute_content_type, file) &&
	    inside(c->attribute_digest, file) &&
	    inside(c->signature_algorithm, file) && inside(c->signature, file));
	check(c->n_certificates <= EMRTD_CMS_CERTIFICATES_MAX);
	for (size_t i = 0; i < c->n_certificates; i++)
		check(inside(c->certificates[i], file));
	for (unsigned dg = 0; dg <= 16; dg++) {
		check(inside(sod->dg_digest[dg], c->content));
		check((sod->dg_digest[dg].ptr != NULL) ==
		      ((sod->data_groups & 1u << dg) != 0));
	}
}

static struct emrtd_crypto *
crypto_once(void)
{
	static struct emrtd_crypto *crypto;

	if (crypto == NULL)
		check(emrtd_crypto_new(NULL, &crypto) == EMRTD_OK);
	return crypto;
}

static void
run(struct emrtd_bytes file)
{
	struct emrtd_certificate signer;
	struct emrtd_findings findings = { .there = { false } };
	struct emrtd_diag diag;
	struct emrtd_sod sod;

	if (emrtd_sod_parse(file, &diag, &sod) != EMRTD_OK)
		return;
	check_views(&sod, file);
	emrtd_sod_profile(&sod, NULL, false, &findings);
	(void)!emrtd_sod_verify_attributes(&sod, crypto_once(), &diag);
	if (emrtd_sod_signer(&sod, crypto_once(), NULL, &diag, &signer) !=
	    EMRTD_OK)
		return;
	check(inside(signer.der, file));
	emrtd_sod_profile(&sod, &signer, true, &findings);
	if (emrtd_sod_verify_signature(&sod, crypto_once(), &signer, &diag) !=
	    EMRTD_OK)
		return;
	/* It verifies; of the attributes one byte less must not. */
	sod.cms.signed_attributes.len--;
	check(emrtd_sod_verify_signature(&sod, crypto_once(), &signer, &diag) !=
	      EMRTD_OK);
}

/* The reader's way, with a copy of its own where the file is not DER. */
static void
read_file(struct emrtd_bytes file)
{
	struct emrtd_diag diag;
	struct emrtd_sod sod;
	uint8_t *copy;

	if (emrtd_sod_read(file, &diag, &copy, &sod) != EMRTD_OK) {
		check(copy == NULL);
		return;
	}
	check((copy != NULL) == emrtd_ber_is_indefinite(file));
	if (copy == NULL)
		check_views(&sod, file);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[FILE_MAX + EMRTD_BER_GROWTH];
	static uint8_t second[FILE_MAX + 2 * EMRTD_BER_GROWTH];
	struct emrtd_out a = emrtd_out(first, sizeof(first));
	struct emrtd_out b = emrtd_out(second, sizeof(second));
	struct emrtd_bytes file = emrtd_bytes(data, size);

	if (size > FILE_MAX)
		return 0;
	run(file);
	read_file(file);
	if (emrtd_ber_definite(file, &a) != EMRTD_OK)
		return 0;
	file = emrtd_out_bytes(&a);
	check(a.len <= size + EMRTD_BER_GROWTH);
	check(!emrtd_ber_is_indefinite(file));
	check(emrtd_ber_definite(file, &b) == EMRTD_OK);
	check(emrtd_bytes_equal(file, emrtd_out_bytes(&b)));
	run(file);
	return 0;
}
