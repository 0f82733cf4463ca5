#include "core/cursor.h"

#include <string.h>

bool
emrtd_take(struct emrtd_bytes *in, size_t n, struct emrtd_bytes *out)
{
	if (n > in->len)
		return false;
	*out = emrtd_bytes(in->ptr, n);
	if (n > 0)
		in->ptr += n;
	in->len -= n;
	return true;
}

/* n big-endian bytes, n at most 4. */
static bool
take_uint(struct emrtd_bytes *in, size_t n, uint32_t *out)
{
	struct emrtd_bytes b;
	uint32_t v = 0;

	if (!emrtd_take(in, n, &b))
		return false;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | b.ptr[i];
	*out = v;
	return true;
}

bool
emrtd_u8(struct emrtd_bytes *in, uint8_t *out)
{
	uint32_t v;

	if (!take_uint(in, 1, &v))
		return false;
	*out = (uint8_t)v;
	return true;
}

bool
emrtd_u16(struct emrtd_bytes *in, uint16_t *out)
{
	uint32_t v;

	if (!take_uint(in, 2, &v))
		return false;
	*out = (uint16_t)v;
	return true;
}

bool
emrtd_u24(struct emrtd_bytes *in, uint32_t *out)
{
	return take_uint(in, 3, out);
}

bool
emrtd_u32(struct emrtd_bytes *in, uint32_t *out)
{
	return take_uint(in, 4, out);
}

bool
emrtd_bytes_equal(struct emrtd_bytes a, struct emrtd_bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

struct emrtd_bytes
emrtd_bytes_text(const char *text)
{
	return emrtd_bytes((const uint8_t *)text, strlen(text));
}
