#include "lds/atr_info.h"

#include "core/diag.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE "Doc 9303-10 3.11.1"

#define TAG_CAPABILITIES 0x47
#define TAG_LENGTHS      0x7F66
#define TAG_INTEGER      0x02

/* Third byte of the capabilities. */
#define CHAINING 0x80
#define EXTENDED 0x40
/* An APDU is 9 + 65,535 bytes at most, and a short one 258 at least. */
#define APDU_MAX 65544

static void
take_capabilities(struct emrtd_bytes value, struct emrtd_atr_info *out)
{
	if (value.len < 3)
		return;
	out->has_capabilities = true;
	out->chaining = (value.ptr[2] & CHAINING) != 0;
	out->extended = (value.ptr[2] & EXTENDED) != 0;
}

/*
 * Unsigned, whatever the first bit says: there are chips that forget the
 * leading zero. More than any APDU has is cut to that.
 */
static bool
take_length(struct emrtd_bytes *in, uint32_t *out)
{
	struct emrtd_bytes value;
	uint32_t n = 0;
	uint8_t byte;

	if (!emrtd_tlv(in, TAG_INTEGER, &value) || value.len < 1 ||
	    value.len > 3)
		return false;
	while (emrtd_u8(&value, &byte))
		n = n << 8 | byte;
	*out = n < APDU_MAX ? n : APDU_MAX;
	return n > 0;
}

static bool
take_lengths(struct emrtd_bytes value, struct emrtd_atr_info *out)
{
	return take_length(&value, &out->max_command) &&
	       take_length(&value, &out->max_response) && emrtd_end(&value);
}

/* 00 and FF are no tags of ISO/IEC 7816-4: filler. */
static bool
is_filler(struct emrtd_bytes in)
{
	return in.len > 0 && (in.ptr[0] == 0x00 || in.ptr[0] == 0xFF);
}

enum emrtd_error
emrtd_atr_info_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_atr_info *out)
{
	struct emrtd_atr_info info = { 0 };
	unsigned n_capabilities = 0, n_lengths = 0;

	memset(out, 0, sizeof(*out));
	while (!emrtd_end(&file) && !is_filler(file)) {
		struct emrtd_bytes value;
		uint32_t tag;

		if (!emrtd_tlv_any(&file, &tag, &value))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "EF.ATR/INFO", CLAUSE);
		if (tag == TAG_CAPABILITIES) {
			n_capabilities++;
			take_capabilities(value, &info);
		} else if (tag == TAG_LENGTHS) {
			n_lengths++;
			if (!take_lengths(value, &info))
				return emrtd_fail(diag, EMRTD_E_MALFORMED,
				    "extended length information", CLAUSE);
		}
	}
	if (n_capabilities > 1 || n_lengths > 1)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "EF.ATR/INFO says it twice", CLAUSE);
	*out = info;
	return EMRTD_OK;
}

void
emrtd_atr_info_profile(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct emrtd_atr_info info;

	if (emrtd_atr_info_parse(file, NULL, &info) != EMRTD_OK)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_MALFORMED_ATR_INFO,
		    NULL);
	else if (info.max_command == 0 &&
		 (info.extended || !info.has_capabilities))
		emrtd_finding_add(out, EMRTD_FINDING_FILE_ATR_INFO_LENGTHS,
		    NULL);
}

/* ISO/IEC 7816-3 8.2: TS, T0, interface bytes as the TDi announce them. */
static bool
historical_bytes(struct emrtd_bytes atr, struct emrtd_bytes *out)
{
	uint8_t ts, t0, more;

	if (!emrtd_u8(&atr, &ts) || (ts != 0x3B && ts != 0x3F) ||
	    !emrtd_u8(&atr, &t0))
		return false;
	more = t0;
	while ((more & 0xF0) != 0) {
		uint8_t next = 0;

		for (unsigned bit = 0x10; bit <= 0x80; bit <<= 1) {
			if ((more & bit) != 0 && !emrtd_u8(&atr, &next))
				return false;
		}
		/* Only TDi, the last of four, announces more. */
		more = (more & 0x80) != 0 ? next : 0;
	}
	return emrtd_take(&atr, t0 & 0x0F, out);
}

void
emrtd_atr_parse(struct emrtd_bytes atr, struct emrtd_atr_info *out)
{
	struct emrtd_bytes historical, value;
	uint8_t category, head;

	memset(out, 0, sizeof(*out));
	if (!historical_bytes(atr, &historical) ||
	    !emrtd_u8(&historical, &category))
		return;
	/* The last three of category 00 are a status. */
	if (category == 0x00 && historical.len >= 3)
		historical.len -= 3;
	else if (category != 0x80)
		return;
	while (emrtd_u8(&historical, &head) &&
	       emrtd_take(&historical, head & 0x0F, &value)) {
		if (head >> 4 == (TAG_CAPABILITIES & 0x0F))
			take_capabilities(value, out);
	}
}
