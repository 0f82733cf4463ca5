/*
 * EF.CardSecurity: views inside the file or its definite copy, and what a key
 * did not sign does not verify.
 */
#include "pki/card_security.h"

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
	return part.ptr != NULL && part.ptr >= whole.ptr &&
	       part.ptr + part.len <= whole.ptr + whole.len;
}

static struct emrtd_crypto *
crypto_once(void)
{
	static struct emrtd_crypto *crypto;

	if (crypto == NULL)
		check(emrtd_crypto_new(NULL, &crypto) == EMRTD_OK);
	return crypto;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size);
	struct emrtd_card_security file;
	struct emrtd_certificate signer;
	struct emrtd_diag diag;
	uint8_t *copy;

	if (size > FILE_MAX)
		return 0;
	if (emrtd_card_security_read(in, &diag, &copy, &file) != EMRTD_OK) {
		check(copy == NULL);
		return 0;
	}
	check(copy != NULL || inside(file.cms.content, in));
	check(file.set.len == 0 || inside(file.set, file.cms.content));
	for (size_t i = 0; i < file.infos.n_ca_keys; i++)
		check(inside(file.infos.ca_keys[i].spki, file.set));
	if (emrtd_card_security_verify(&file, crypto_once(), NULL, &diag,
		&signer) == EMRTD_OK) {
		/* It verifies; of the content one byte less must not. */
		file.cms.content.len--;
		check(emrtd_card_security_verify(&file, crypto_once(), NULL,
			  &diag, &signer) != EMRTD_OK);
	}
	free(copy);
	return 0;
}
