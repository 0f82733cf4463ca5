#include "crypto/spki.h"

#include "core/tlv.h"

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02
#define TAG_BITS     0x03
#define TAG_OID      0x06

bool
emrtd_algorithm_parse(struct emrtd_bytes *in, struct emrtd_algorithm *out)
{
	struct emrtd_bytes rest = *in, body, oid, parameters = { NULL, 0 };
	struct emrtd_bytes value, whole;
	uint32_t tag;

	if (!emrtd_tlv(&rest, TAG_SEQUENCE, &body) ||
	    !emrtd_tlv(&body, TAG_OID, &oid))
		return false;
	if (!emrtd_end(&body)) {
		if (!emrtd_tlv_whole(&body, &tag, &value, &whole) ||
		    !emrtd_end(&body))
			return false;
		parameters = whole;
	}
	*in = rest;
	out->oid = oid;
	out->parameters = parameters;
	return true;
}

bool
emrtd_spki_parse(struct emrtd_bytes in, struct emrtd_spki *out)
{
	struct emrtd_bytes body, bits;
	uint8_t unused;

	out->whole = in;
	if (!emrtd_tlv(&in, TAG_SEQUENCE, &body) || !emrtd_end(&in) ||
	    !emrtd_algorithm_parse(&body, &out->algorithm) ||
	    !emrtd_tlv(&body, TAG_BITS, &bits) || !emrtd_end(&body) ||
	    !emrtd_u8(&bits, &unused) || unused != 0)
		return false;
	out->key = bits;
	return true;
}

bool
emrtd_positive(struct emrtd_bytes *in, struct emrtd_bytes *out)
{
	struct emrtd_bytes next = *in, rest, number;
	uint8_t first;

	if (!emrtd_tlv(&next, TAG_INTEGER, &number) || number.len == 0 ||
	    (number.ptr[0] & 0x80) != 0)
		return false;
	rest = number;
	while (emrtd_u8(&rest, &first) && first == 0)
		number = rest;
	if (emrtd_end(&number))
		return false;
	*in = next;
	*out = number;
	return true;
}

size_t
emrtd_integer_bits(struct emrtd_bytes content)
{
	uint8_t first = 0;
	size_t bits;

	while (emrtd_u8(&content, &first) && first == 0)
		;
	if (first == 0)
		return 0;
	for (bits = 8 * content.len; first != 0; first >>= 1)
		bits++;
	return bits;
}
