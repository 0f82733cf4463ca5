/*
 * Data objects out of any bytes, one level after the other: BER takes all that
 * DER takes, what DER takes is rebuilt byte for byte, no cursor leaves the
 * input, and a failure moves nothing.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"

#include <stdlib.h>
#include <string.h>

#define CAP       70000
#define MAX_DEPTH 8

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_text(struct emrtd_bytes value)
{
	char text[EMRTD_OID_TEXT_CAP];
	static uint8_t buf[EMRTD_OID_TEXT_CAP + 8];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	uint32_t number;

	emrtd_oid_text(value, text);
	require(strlen(text) < sizeof(text));
	if (strcmp(text, "?") != 0) {
		emrtd_put_oid(&out, text);
		require(emrtd_bytes_equal(emrtd_out_since(&out, 2), value));
		/* the comparing functions build at most 64 bytes */
		require(emrtd_oid_is(value, text) || value.len > 64);
	}
	if (emrtd_uint(value, &number))
		require(value.len >= 1 && value.len <= 5);
}

/* One object by every function; its value, or false at the end. */
static bool
take(struct emrtd_bytes *in, struct emrtd_bytes *value)
{
	static uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes ber = *in, der = *in, start = *in, v, whole;
	size_t head_len, value_len;
	uint32_t tag, tag2;
	bool ok = emrtd_tlv_whole(&ber, &tag, &v, &whole);

	if (emrtd_der_any(&der, &tag2, value)) {
		require(ok && tag == tag2 && der.len == ber.len);
		require(emrtd_bytes_equal(v, *value));
		emrtd_put_tlv(&out, tag, v);
		require(emrtd_bytes_equal(emrtd_out_bytes(&out), whole));
	} else {
		require(der.ptr == start.ptr && der.len == start.len);
	}
	if (!ok) {
		require(ber.ptr == start.ptr && ber.len == start.len);
		return false;
	}
	require(whole.ptr == start.ptr && whole.len + ber.len == start.len);
	require(emrtd_tlv_head(start, &tag2, &head_len, &value_len));
	require(tag2 == tag && head_len + value_len == whole.len);
	require(v.len == value_len && v.ptr == start.ptr + head_len);
	require(emrtd_tlv_peek(in, &tag2) && tag2 == tag);
	require(emrtd_tlv_optional(in, tag ^ 1, value) && value->ptr == NULL);
	require(emrtd_tlv(in, tag, value) && emrtd_bytes_equal(*value, v));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = { data, size }, value = { NULL, 0 };

	if (size > CAP)
		return 0;
	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		struct emrtd_bytes deeper = { NULL, 0 };

		while (take(&in, &value)) {
			check_text(value);
			if (value.len > deeper.len)
				deeper = value;
		}
		in = deeper;
	}
	return 0;
}
