/*
 * cursor.h - reading hostile bytes. A struct emrtd_bytes is slice and cursor
 * in one: a successful call advances it, a failed one (false) leaves cursor
 * and output untouched.
 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include <emrtd/bytes.h>

bool emrtd_take(struct emrtd_bytes *in, size_t n, struct emrtd_bytes *out);
bool emrtd_u8(struct emrtd_bytes *in, uint8_t *out);
bool emrtd_u16(struct emrtd_bytes *in, uint16_t *out);
bool emrtd_u24(struct emrtd_bytes *in, uint32_t *out);
bool emrtd_u32(struct emrtd_bytes *in, uint32_t *out);

/* True at the end of the input: every parser ends with it. */
static inline bool
emrtd_end(const struct emrtd_bytes *in)
{
	return in->len == 0;
}

/* Not constant time: never for secrets (see emrtd_const_equal). */
bool emrtd_bytes_equal(struct emrtd_bytes a, struct emrtd_bytes b);
/* The bytes of a string literal or other NUL-terminated text. */
struct emrtd_bytes emrtd_bytes_text(const char *text);

#endif
