#include "pki/document_types.h"

#include "core/cursor.h"
#include "core/tlv.h"

#define TAG_SEQUENCE  0x30
#define TAG_SET       0x31
#define TAG_INTEGER   0x02
#define TAG_UTF8      0x0C
#define TAG_PRINTABLE 0x13
#define TAG_IA5       0x16

#define FILLER '<'

static char
upper(uint8_t c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* code: always two characters. */
static bool
covers(struct emrtd_bytes type, const char code[2])
{
	if (upper(type.ptr[0]) != code[0])
		return false;
	return type.len == 1 || upper(type.ptr[1]) == code[1];
}

bool
emrtd_document_types(struct emrtd_bytes value, const char *code, bool *listed)
{
	char wanted[2] = { code[0], FILLER };
	struct emrtd_bytes body, version, types, type;
	uint32_t tag;

	*listed = false;
	if (code[0] != '\0' && code[1] != '\0')
		wanted[1] = code[1];
	if (!emrtd_tlv(&value, TAG_SEQUENCE, &body) || !emrtd_end(&value) ||
	    !emrtd_tlv(&body, TAG_INTEGER, &version) ||
	    !emrtd_tlv(&body, TAG_SET, &types) || !emrtd_end(&body) ||
	    emrtd_end(&types))
		return false;
	while (!emrtd_end(&types)) {
		if (!emrtd_tlv_any(&types, &tag, &type) ||
		    (tag != TAG_PRINTABLE && tag != TAG_UTF8 &&
			tag != TAG_IA5) ||
		    type.len < 1 || type.len > 2)
			return false;
		*listed = *listed || covers(type, wanted);
	}
	return true;
}
