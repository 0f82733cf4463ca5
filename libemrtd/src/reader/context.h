/*
 * context.h - what a context owns: the cryptography, and the environment that
 * was injected.
 */
#ifndef READER_CONTEXT_H
#define READER_CONTEXT_H

#include "crypto/crypto.h"
#include "result/result.h"

#include <emrtd/reader.h>

struct emrtd_ctx {
	struct emrtd_crypto *crypto;
	struct emrtd_random random;
	struct emrtd_clock clock;
};

/* An empty result with a random session id. */
enum emrtd_error emrtd_result_new(struct emrtd_ctx *ctx, int64_t at,
    struct emrtd_result **out) EMRTD_MUST_USE;
/*
 * Takes ownership of ptr (from malloc, also on failure) as the received bytes
 * of a file, and hashes them. A file that is there already stays:
 * EMRTD_E_MALFORMED when the bytes differ.
 */
enum emrtd_error emrtd_result_set_file(struct emrtd_result *result,
    struct emrtd_crypto *crypto, enum emrtd_file file, uint8_t *ptr,
    size_t len) EMRTD_MUST_USE;

#endif
