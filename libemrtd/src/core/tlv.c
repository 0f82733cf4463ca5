#include "core/tlv.h"

/* X.690 8.1.2: tag numbers from 31 on continue while bit 8 is set. */
static bool
take_tag(struct emrtd_bytes *in, uint32_t *out)
{
	struct emrtd_bytes rest = *in;
	uint32_t tag;
	uint8_t b;

	if (!emrtd_u8(&rest, &b))
		return false;
	tag = b;
	if ((b & 0x1F) == 0x1F) {
		do {
			if (tag > 0xFFFF || !emrtd_u8(&rest, &b))
				return false;
			tag = tag << 8 | b;
		} while ((b & 0x80) != 0);
	}
	*in = rest;
	*out = tag;
	return true;
}

static bool
take_length(struct emrtd_bytes *in, bool der, size_t *out)
{
	struct emrtd_bytes rest = *in, octets;
	uint32_t len = 0;
	uint8_t b;

	if (!emrtd_u8(&rest, &b))
		return false;
	if (b < 0x80) {
		*in = rest;
		*out = b;
		return true;
	}
	/* 80 is the indefinite form; more than four octets is no file. */
	if (b == 0x80 || b > 0x84 || !emrtd_take(&rest, b & 0x7F, &octets))
		return false;
	for (size_t i = 0; i < octets.len; i++)
		len = len << 8 | octets.ptr[i];
	if (der && (len < 0x80 || octets.ptr[0] == 0))
		return false;
	*in = rest;
	*out = len;
	return true;
}

static bool
take_object(struct emrtd_bytes *in, bool der, uint32_t *tag,
    struct emrtd_bytes *value)
{
	struct emrtd_bytes rest = *in, v;
	uint32_t t;
	size_t len;

	if (!take_tag(&rest, &t) || !take_length(&rest, der, &len) ||
	    !emrtd_take(&rest, len, &v))
		return false;
	*in = rest;
	*tag = t;
	*value = v;
	return true;
}

static bool
take_tagged(struct emrtd_bytes *in, bool der, uint32_t tag,
    struct emrtd_bytes *value)
{
	struct emrtd_bytes rest = *in, v;
	uint32_t t;

	if (!take_object(&rest, der, &t, &v) || t != tag)
		return false;
	*in = rest;
	*value = v;
	return true;
}

static bool
take_optional(struct emrtd_bytes *in, bool der, uint32_t tag,
    struct emrtd_bytes *value)
{
	uint32_t t;

	if (!emrtd_tlv_peek(in, &t) || t != tag) {
		*value = emrtd_bytes(NULL, 0);
		return true;
	}
	return take_tagged(in, der, tag, value);
}

bool
emrtd_tlv(struct emrtd_bytes *in, uint32_t tag, struct emrtd_bytes *value)
{
	return take_tagged(in, false, tag, value);
}

bool
emrtd_tlv_any(struct emrtd_bytes *in, uint32_t *tag, struct emrtd_bytes *value)
{
	return take_object(in, false, tag, value);
}

bool
emrtd_tlv_optional(struct emrtd_bytes *in, uint32_t tag,
    struct emrtd_bytes *value)
{
	return take_optional(in, false, tag, value);
}

bool
emrtd_tlv_peek(const struct emrtd_bytes *in, uint32_t *tag)
{
	struct emrtd_bytes rest = *in;

	return take_tag(&rest, tag);
}

bool
emrtd_tlv_head(struct emrtd_bytes in, uint32_t *tag, size_t *head_len,
    size_t *value_len)
{
	struct emrtd_bytes rest = in;
	uint32_t t;
	size_t len;

	if (!take_tag(&rest, &t) || !take_length(&rest, false, &len))
		return false;
	*tag = t;
	*head_len = in.len - rest.len;
	*value_len = len;
	return true;
}

bool
emrtd_tlv_whole(struct emrtd_bytes *in, uint32_t *tag,
    struct emrtd_bytes *value, struct emrtd_bytes *whole)
{
	struct emrtd_bytes start = *in;

	if (!take_object(in, false, tag, value))
		return false;
	*whole = emrtd_bytes(start.ptr, start.len - in->len);
	return true;
}

bool
emrtd_der(struct emrtd_bytes *in, uint32_t tag, struct emrtd_bytes *value)
{
	return take_tagged(in, true, tag, value);
}

bool
emrtd_der_any(struct emrtd_bytes *in, uint32_t *tag, struct emrtd_bytes *value)
{
	return take_object(in, true, tag, value);
}

bool
emrtd_der_optional(struct emrtd_bytes *in, uint32_t tag,
    struct emrtd_bytes *value)
{
	return take_optional(in, true, tag, value);
}

bool
emrtd_uint(struct emrtd_bytes content, uint32_t *out)
{
	uint32_t v = 0;

	if (content.len == 0 || (content.ptr[0] & 0x80) != 0 ||
	    content.len > 5 || (content.len == 5 && content.ptr[0] != 0))
		return false;
	for (size_t i = 0; i < content.len; i++)
		v = v << 8 | content.ptr[i];
	*out = v;
	return true;
}
