#include "crypto/key_cache.h"

#include "core/cursor.h"
#include "core/diag.h"

#include <openssl/crypto.h>

/* A chain has a few links, and whoever verifies in bulk some states. */
#define KEYS_MAX 32
/* Longer ones are not kept: an RSA key of 16,384 bits. */
#define SPKI_MAX 2200

struct kept_key {
	uint8_t *spki; /* owned; NULL: none */
	size_t spki_len;
	struct emrtd_public_key key; /* views into spki */
	uint64_t used;
};

struct emrtd_key_cache {
	struct kept_key keys[KEYS_MAX];
	uint64_t clock;
};

static void
forget(struct kept_key *kept)
{
	EVP_PKEY_free(kept->key.key);
	OPENSSL_free(kept->spki);
	*kept = (struct kept_key){ .spki = NULL };
}

struct emrtd_key_cache *
emrtd_key_cache_new(void)
{
	return OPENSSL_zalloc(sizeof(struct emrtd_key_cache));
}

void
emrtd_key_cache_free(struct emrtd_key_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < KEYS_MAX; i++)
		forget(&cache->keys[i]);
	OPENSSL_free(cache);
}

/* The whole key is compared, not a hash of it. */
static struct kept_key *
find(struct emrtd_key_cache *cache, struct emrtd_bytes spki)
{
	for (size_t i = 0; i < KEYS_MAX; i++) {
		struct kept_key *kept = &cache->keys[i];

		if (kept->spki != NULL &&
		    emrtd_bytes_equal(spki,
			emrtd_bytes(kept->spki, kept->spki_len)))
			return kept;
	}
	return NULL;
}

/* An empty place, or that of the key that was not used for longest. */
static struct kept_key *
oldest(struct emrtd_key_cache *cache)
{
	struct kept_key *found = &cache->keys[0];

	for (size_t i = 1; i < KEYS_MAX; i++) {
		if (cache->keys[i].used < found->used)
			found = &cache->keys[i];
	}
	return found;
}

/* *out stays NULL on an error. */
static enum emrtd_error
keep(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag, struct kept_key **out)
{
	struct kept_key kept = { .spki_len = spki.len };
	struct kept_key *place;
	enum emrtd_error error;

	kept.spki = OPENSSL_memdup(spki.ptr, spki.len);
	if (kept.spki == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "public key", NULL);
	error = emrtd_public_key_parse(crypto,
	    emrtd_bytes(kept.spki, kept.spki_len), diag, &kept.key);
	if (error != EMRTD_OK) {
		OPENSSL_free(kept.spki);
		return error;
	}
	place = oldest(crypto->issuer_keys);
	forget(place);
	*place = kept;
	*out = place;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_key_cache_get(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag, struct emrtd_public_key *out)
{
	struct kept_key *kept;
	enum emrtd_error error;

	if (spki.len == 0 || spki.len > SPKI_MAX)
		return emrtd_public_key_parse(crypto, spki, diag, out);
	kept = find(crypto->issuer_keys, spki);
	if (kept == NULL) {
		error = keep(crypto, spki, diag, &kept);
		if (kept == NULL)
			return error;
	}
	if (EVP_PKEY_up_ref(kept->key.key) != 1)
		return emrtd_fail(diag, EMRTD_E_CRYPTO, "public key", NULL);
	kept->used = ++crypto->issuer_keys->clock;
	*out = kept->key;
	return EMRTD_OK;
}
