/*
 * emrtd/bytes.h - borrowed bytes and a bounded output buffer.
 */
#ifndef EMRTD_BYTES_H
#define EMRTD_BYTES_H

#include <emrtd/error.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A borrow: never owned, never freed. ptr may be NULL when len is 0. */
struct emrtd_bytes {
	const uint8_t *ptr;
	size_t len;
};

/*
 * A buffer of the caller that is filled from the front. 'bad' is sticky: once
 * something did not fit nothing more is written, and one check at the end
 * suffices.
 */
struct emrtd_out {
	uint8_t *ptr;
	size_t cap;
	size_t len;
	bool bad;
};

static inline struct emrtd_bytes
emrtd_bytes(const uint8_t *ptr, size_t len)
{
	struct emrtd_bytes b;

	b.ptr = ptr;
	b.len = len;
	return b;
}

static inline struct emrtd_out
emrtd_out(uint8_t *ptr, size_t cap)
{
	struct emrtd_out o;

	o.ptr = ptr;
	o.cap = cap;
	o.len = 0;
	o.bad = false;
	return o;
}

/* What has been written so far; empty when something did not fit. */
static inline struct emrtd_bytes
emrtd_out_bytes(const struct emrtd_out *out)
{
	return emrtd_bytes(out->ptr, out->bad ? 0 : out->len);
}

#ifdef __cplusplus
}
#endif
#endif
