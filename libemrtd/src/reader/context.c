#include "reader/context.h"

#include "core/civil.h"
#include "core/cursor.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t
monotonic_us(void *self)
{
	struct timespec now;

	(void)self;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool
emrtd_parse_instant(const char *text, int64_t *out)
{
	return emrtd_instant_parse(text, out);
}

enum emrtd_error
emrtd_ctx_new(const struct emrtd_ctx_options *options, struct emrtd_diag *diag,
    struct emrtd_ctx **out)
{
	struct emrtd_ctx *ctx;
	enum emrtd_error e;

	if (out == NULL)
		return emrtd_fail(diag, EMRTD_E_ARG, "emrtd_ctx_new", NULL);
	ctx = calloc(1, sizeof(*ctx));
	if (ctx == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	e = emrtd_crypto_new(diag, &ctx->crypto);
	if (e != EMRTD_OK) {
		free(ctx);
		return e;
	}
	ctx->random = emrtd_random_system(ctx->crypto);
	ctx->clock.now_us = monotonic_us;
	if (options != NULL && options->random.fill != NULL)
		ctx->random = options->random;
	if (options != NULL && options->clock.now_us != NULL)
		ctx->clock = options->clock;
	*out = ctx;
	return EMRTD_OK;
}

void
emrtd_ctx_free(struct emrtd_ctx **ctx)
{
	if (ctx == NULL || *ctx == NULL)
		return;
	emrtd_crypto_free(&(*ctx)->crypto);
	free(*ctx);
	*ctx = NULL;
}

enum emrtd_error
emrtd_result_new(struct emrtd_ctx *ctx, int64_t at, struct emrtd_result **out)
{
	struct emrtd_result *result = calloc(1, sizeof(*result));
	struct emrtd_random random = emrtd_random_system(ctx->crypto);
	enum emrtd_error e;

	if (result == NULL)
		return EMRTD_E_NO_MEMORY;
	/* The id is no secret of the protocol: never from injected bytes. */
	e = random.fill(random.self, result->session, sizeof(result->session));
	if (e != EMRTD_OK) {
		free(result);
		return e;
	}
	result->at = at;
	result->access.tries_left = EMRTD_TRIES_UNKNOWN;
	emrtd_diag_init(&result->diag);
	for (int i = 0; i < EMRTD_N_CHECKS; i++)
		emrtd_check_set(result, (enum emrtd_check_id)i, EMRTD_NOT_RUN,
		    NULL);
	*out = result;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_result_set_file(struct emrtd_result *result, struct emrtd_crypto *crypto,
    enum emrtd_file file, uint8_t *ptr, size_t len)
{
	struct emrtd_result_file *f = &result->files[file];
	struct emrtd_bytes bytes = emrtd_bytes(ptr, len);
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error e = emrtd_hash(crypto, EMRTD_SHA256, &bytes, 1,
	    digest);

	if (e != EMRTD_OK) {
		emrtd_wipe(ptr, len);
		free(ptr);
		return e;
	}
	/*
	 * A fresh session may read a file again. It stays what it was: proofs
	 * may rest on it, and must not come to rest on another.
	 */
	if (f->ptr != NULL) {
		bool same = emrtd_bytes_equal(bytes,
		    emrtd_bytes(f->ptr, f->len));

		emrtd_wipe(ptr, len);
		free(ptr);
		return same ? EMRTD_OK : EMRTD_E_MALFORMED;
	}
	memcpy(f->sha256, digest, sizeof(f->sha256));
	f->ptr = ptr;
	f->len = len;
	f->status = EMRTD_FILE_READ;
	return EMRTD_OK;
}

/* Somebody's name, face and perhaps fingerprints: nothing is left behind. */
void
emrtd_result_free(struct emrtd_result **result)
{
	if (result == NULL || *result == NULL)
		return;
	for (size_t i = 0; i < EMRTD_N_FILES; i++) {
		struct emrtd_result_file *f = &(*result)->files[i];

		if (f->ptr != NULL)
			emrtd_wipe(f->ptr, f->len);
		free(f->ptr);
	}
	emrtd_wipe(*result, sizeof(**result));
	free(*result);
	*result = NULL;
}
