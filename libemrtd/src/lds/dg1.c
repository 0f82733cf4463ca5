#include "core/diag.h"
#include "core/tlv.h"

#include <emrtd/lds.h>

#define CLAUSE "Doc 9303-10 4.7.1"

#define TAG_DG1 0x61
#define TAG_MRZ 0x5F1F

/* Lines of TD1 are 3 x 30 characters, of TD2 2 x 36, of TD3 2 x 44. */
#define TD1_LEN 90
#define TD2_LEN 72
#define TD3_LEN 88

enum emrtd_error
emrtd_dg1_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_bytes *mrz)
{
	struct emrtd_bytes body, value;

	if (!emrtd_tlv(&file, TAG_DG1, &body) ||
	    !emrtd_tlv(&body, TAG_MRZ, &value) || !emrtd_end(&body))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG1", CLAUSE);
	if (value.len != TD1_LEN && value.len != TD2_LEN &&
	    value.len != TD3_LEN)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "length of the MRZ in DG1", CLAUSE);
	/* Line breaks would make another layout of it: there are none here. */
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] <= 0x20 || value.ptr[i] >= 0x7F)
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "character of the MRZ in DG1", CLAUSE);
	}
	*mrz = value;
	return EMRTD_OK;
}
