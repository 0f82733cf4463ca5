#include "crypto/crypto.h"

#include "core/diag.h"
#include "crypto/key_cache.h"

#include <openssl/err.h>

/* Algorithms that are used by name later; here they are only asked for. */
static const char *const signature_names[] = { "RSA", "ECDSA" };
static const char *const key_names[] = { "RSA", "RSA-PSS", "EC" };

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static enum emrtd_error
missing(struct emrtd_diag *diag, const char *name)
{
	enum emrtd_error error = emrtd_fail(diag, EMRTD_E_ALGORITHM,
	    "fetching an algorithm", NULL);

	emrtd_diag_detail(diag, name);
	return error;
}

static enum emrtd_error
fetch_hashes(struct emrtd_crypto *c, struct emrtd_diag *diag)
{
	for (unsigned i = 0; i < EMRTD_N_HASHES; i++) {
		const char *name = emrtd_hash_name((enum emrtd_hash)i);

		c->md[i] = EVP_MD_fetch(c->lib, name, NULL);
		if (c->md[i] == NULL)
			return missing(diag, name);
	}
	return EMRTD_OK;
}

static enum emrtd_error
fetch_suites(struct emrtd_crypto *c, struct emrtd_diag *diag)
{
	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		const struct emrtd_suite *s = emrtd_suite(
		    (enum emrtd_suite_id)i);

		c->cbc[i] = EVP_CIPHER_fetch(c->lib, s->cbc_name, NULL);
		if (c->cbc[i] == NULL)
			return missing(diag, s->cbc_name);
		c->ecb[i] = EVP_CIPHER_fetch(c->lib, s->ecb_name, NULL);
		if (c->ecb[i] == NULL)
			return missing(diag, s->ecb_name);
	}
	c->cmac = EVP_MAC_fetch(c->lib, "CMAC", NULL);
	return c->cmac == NULL ? missing(diag, "CMAC") : EMRTD_OK;
}

static enum emrtd_error
probe_public_key(struct emrtd_crypto *c, struct emrtd_diag *diag)
{
	for (size_t i = 0; i < N_ELEMENTS(signature_names); i++) {
		EVP_SIGNATURE *s = EVP_SIGNATURE_fetch(c->lib,
		    signature_names[i], NULL);

		if (s == NULL)
			return missing(diag, signature_names[i]);
		EVP_SIGNATURE_free(s);
	}
	for (size_t i = 0; i < N_ELEMENTS(key_names); i++) {
		EVP_KEYMGMT *k = EVP_KEYMGMT_fetch(c->lib, key_names[i], NULL);

		if (k == NULL)
			return missing(diag, key_names[i]);
		EVP_KEYMGMT_free(k);
	}
	return EMRTD_OK;
}

/*
 * OSSL_LIB_CTX_new reads no configuration file; the provider is loaded by
 * name, so that nothing outside decides which algorithms exist.
 */
enum emrtd_error
emrtd_crypto_new(struct emrtd_diag *diag, struct emrtd_crypto **out)
{
	struct emrtd_crypto *c = OPENSSL_zalloc(sizeof(*c));
	enum emrtd_error error;

	*out = NULL;
	if (c == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	ERR_set_mark();
	c->issuer_keys = emrtd_key_cache_new();
	c->lib = OSSL_LIB_CTX_new();
	if (c->lib == NULL || c->issuer_keys == NULL) {
		error = emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
		goto out;
	}
	c->provider = OSSL_PROVIDER_load(c->lib, "default");
	if (c->provider == NULL) {
		error = missing(diag, "default provider");
		goto out;
	}
	error = fetch_hashes(c, diag);
	if (error == EMRTD_OK)
		error = fetch_suites(c, diag);
	if (error == EMRTD_OK)
		error = probe_public_key(c, diag);
out:
	ERR_pop_to_mark(); /* the program's own errors stay */
	if (error != EMRTD_OK)
		emrtd_crypto_free(&c);
	*out = c;
	return error;
}

void
emrtd_crypto_free(struct emrtd_crypto **crypto)
{
	struct emrtd_crypto *c = *crypto;

	if (c == NULL)
		return;
	emrtd_key_cache_free(c->issuer_keys);
	for (unsigned i = 0; i < EMRTD_N_HASHES; i++)
		EVP_MD_free(c->md[i]);
	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		EVP_CIPHER_free(c->cbc[i]);
		EVP_CIPHER_free(c->ecb[i]);
	}
	EVP_MAC_free(c->cmac);
	if (c->provider != NULL)
		OSSL_PROVIDER_unload(c->provider);
	OSSL_LIB_CTX_free(c->lib);
	OPENSSL_free(c);
	*crypto = NULL;
}

OSSL_LIB_CTX *
emrtd_crypto_lib(struct emrtd_crypto *crypto)
{
	return crypto->lib;
}

const EVP_MD *
emrtd_crypto_md(struct emrtd_crypto *crypto, enum emrtd_hash hash)
{
	return (unsigned)hash < EMRTD_N_HASHES ? crypto->md[hash] : NULL;
}
