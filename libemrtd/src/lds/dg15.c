#include "core/diag.h"
#include "core/tlv.h"

#include <emrtd/lds.h>

#define TAG_DG15     0x6F
#define TAG_SEQUENCE 0x30

enum emrtd_error
emrtd_dg15_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_bytes *spki)
{
	struct emrtd_bytes body, value, whole;
	uint32_t tag;

	if (!emrtd_tlv(&file, TAG_DG15, &body) ||
	    !emrtd_tlv_whole(&body, &tag, &value, &whole) ||
	    tag != TAG_SEQUENCE || !emrtd_end(&body) || !emrtd_end(&file))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG15",
		    "Doc 9303-10 4.7.15");
	*spki = whole;
	return EMRTD_OK;
}
