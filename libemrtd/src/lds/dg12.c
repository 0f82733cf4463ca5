#include "core/civil.h"
#include "core/diag.h"
#include "core/tlv.h"

#include <emrtd/lds.h>

#include <string.h>

#define CLAUSE "Doc 9303-10 4.7.12"

#define TAG_DG12          0x6C
#define TAG_DATE_OF_ISSUE 0x5F26

/* "20261123", or the same in four bytes of two digits each. */
#define DATE_LEN 8
#define BCD_LEN  4

static bool
digits_of(struct emrtd_bytes value, uint8_t out[DATE_LEN])
{
	for (size_t i = 0; i < DATE_LEN; i++) {
		if (value.len == DATE_LEN)
			out[i] = (uint8_t)(value.ptr[i] - '0');
		else if (value.len == BCD_LEN)
			out[i] = i % 2 == 0 ? value.ptr[i / 2] >> 4
					    : value.ptr[i / 2] & 0x0F;
		else
			return false;
		if (out[i] > 9)
			return false;
	}
	return true;
}

/* False also for a date that the calendar does not have. */
static bool
date_of(struct emrtd_bytes value, int32_t *day)
{
	uint8_t d[DATE_LEN];

	return digits_of(value, d) &&
	       emrtd_day_from_civil(d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3],
		   d[4] * 10 + d[5], d[6] * 10 + d[7], day);
}

enum emrtd_error
emrtd_dg12_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_dg12 *out)
{
	struct emrtd_dg12 dg12;
	struct emrtd_bytes body;

	memset(&dg12, 0, sizeof(dg12));
	if (!emrtd_tlv(&file, TAG_DG12, &body) || !emrtd_end(&file))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG12", CLAUSE);
	while (!emrtd_end(&body)) {
		struct emrtd_bytes value;
		uint32_t tag;

		if (!emrtd_tlv_any(&body, &tag, &value))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "a data object of DG12", CLAUSE);
		if (tag != TAG_DATE_OF_ISSUE)
			continue;
		if (dg12.issued.ptr != NULL)
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "DG12 has two dates of issue", CLAUSE);
		dg12.issued = value;
		dg12.has_issue_day = date_of(value, &dg12.issue_day);
	}
	*out = dg12;
	return EMRTD_OK;
}
