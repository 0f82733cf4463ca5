#include "core/builder.h"

#include "core/wipe.h"

#include <string.h>

uint8_t *
emrtd_put_space(struct emrtd_out *out, size_t n)
{
	uint8_t *at;

	if (out->bad || n > out->cap - out->len) {
		out->bad = true;
		return NULL;
	}
	if (n == 0)
		return out->ptr; /* which may be NULL */
	at = out->ptr + out->len;
	out->len += n;
	return at;
}

struct emrtd_bytes
emrtd_out_since(const struct emrtd_out *out, size_t mark)
{
	if (out->bad || mark >= out->len)
		return emrtd_bytes(NULL, 0);
	return emrtd_bytes(out->ptr + mark, out->len - mark);
}

void
emrtd_out_rewind(struct emrtd_out *out, size_t mark)
{
	if (mark >= out->len)
		return;
	emrtd_wipe(out->ptr + mark, out->len - mark);
	out->len = mark;
}

void
emrtd_put(struct emrtd_out *out, struct emrtd_bytes bytes)
{
	uint8_t *at = emrtd_put_space(out, bytes.len);

	if (at != NULL && bytes.len > 0)
		memcpy(at, bytes.ptr, bytes.len);
}

void
emrtd_put_u8(struct emrtd_out *out, uint8_t v)
{
	emrtd_put(out, emrtd_bytes(&v, 1));
}

void
emrtd_put_u16(struct emrtd_out *out, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	emrtd_put(out, emrtd_bytes(b, sizeof(b)));
}

void
emrtd_put_u32(struct emrtd_out *out, uint32_t v)
{
	emrtd_put_u16(out, (uint16_t)(v >> 16));
	emrtd_put_u16(out, (uint16_t)v);
}

void
emrtd_put_fill(struct emrtd_out *out, uint8_t v, size_t n)
{
	uint8_t *at = emrtd_put_space(out, n);

	if (at != NULL && n > 0)
		memset(at, v, n);
}

/* Big-endian without leading zeros, at least one byte. */
static size_t
minimal(size_t v, uint8_t b[sizeof(size_t)])
{
	size_t n = 1;

	for (size_t rest = v >> 8; rest != 0; rest >>= 8)
		n++;
	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)(v >> 8 * (n - 1 - i));
	return n;
}

/* Length octets: one below 128, else their count and the number. */
static size_t
length_octets(size_t len, uint8_t b[1 + sizeof(size_t)])
{
	size_t n;

	if (len < 0x80) {
		b[0] = (uint8_t)len;
		return 1;
	}
	n = minimal(len, b + 1);
	b[0] = (uint8_t)(0x80 | n);
	return n + 1;
}

static void
put_tag(struct emrtd_out *out, uint32_t tag)
{
	uint8_t b[sizeof(size_t)];
	size_t n = minimal(tag, b);

	emrtd_put(out, emrtd_bytes(b, n));
}

void
emrtd_put_tlv_head(struct emrtd_out *out, uint32_t tag, size_t len)
{
	uint8_t b[1 + sizeof(size_t)];
	size_t n = length_octets(len, b);

	put_tag(out, tag);
	emrtd_put(out, emrtd_bytes(b, n));
}

void
emrtd_put_tlv(struct emrtd_out *out, uint32_t tag, struct emrtd_bytes v)
{
	emrtd_put_tlv_head(out, tag, v.len);
	emrtd_put(out, v);
}

size_t
emrtd_open(struct emrtd_out *out, uint32_t tag)
{
	put_tag(out, tag);
	return out->len;
}

void
emrtd_close(struct emrtd_out *out, size_t mark)
{
	uint8_t b[1 + sizeof(size_t)];
	size_t len, n;

	if (out->bad)
		return;
	len = out->len - mark;
	n = length_octets(len, b);
	if (emrtd_put_space(out, n) == NULL)
		return;
	memmove(out->ptr + mark + n, out->ptr + mark, len);
	memcpy(out->ptr + mark, b, n);
}
