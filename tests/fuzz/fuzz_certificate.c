/*
 * X.509 certificates: every view lies inside the input, names stay printable
 * and equal to themselves, and a signature does not verify for less than all.
 */
#include "pki/certificate.h"

#include <stdlib.h>
#include <string.h>

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

static struct emrtd_crypto *
crypto_once(void)
{
	static struct emrtd_crypto *crypto;

	if (crypto == NULL)
		check(emrtd_crypto_new(NULL, &crypto) == EMRTD_OK);
	return crypto;
}

static void
check_name(struct emrtd_bytes name)
{
	char text[EMRTD_NAME_CAP], country[4];

	emrtd_name_text(name, text);
	check(memchr(text, 0, sizeof(text)) != NULL);
	for (const char *c = text; *c != '\0'; c++)
		check(*c >= 0x20 && *c < 0x7F);
	emrtd_name_country(name, country);
	check(strlen(country) == 0 || strlen(country) == 2 ||
	      strlen(country) == 3);
	check(emrtd_name_equal(name, name));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size);
	struct emrtd_certificate c;
	struct emrtd_diag diag;

	if (emrtd_certificate_parse(in, &diag, &c) != EMRTD_OK)
		return 0;
	check(inside(c.der, in) && inside(c.object.tbs, in) &&
	      inside(c.serial, in) && inside(c.issuer, in) &&
	      inside(c.subject, in) && inside(c.spki, in) &&
	      inside(c.object.algorithm, in) &&
	      inside(c.object.signature, in) && inside(c.subject_key_id, in) &&
	      inside(c.authority_key_id, in));
	check_name(c.issuer);
	check_name(c.subject);
	check(emrtd_name_equal(c.issuer, c.subject) ==
	      emrtd_name_equal(c.subject, c.issuer));
	if (emrtd_certificate_verify(&c, crypto_once(), c.spki, &diag) !=
	    EMRTD_OK)
		return 0;
	c.object.tbs.len--;
	check(emrtd_certificate_verify(&c, crypto_once(), c.spki, &diag) !=
	      EMRTD_OK);
	return 0;
}
