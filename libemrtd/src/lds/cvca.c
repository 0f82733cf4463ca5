#include "lds/cvca.h"

#include "core/diag.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE  "BSI TR-03110-3 A.1.3"
#define TAG_CAR 0x42

static bool
are_zeros(struct emrtd_bytes in)
{
	for (size_t i = 0; i < in.len; i++) {
		if (in.ptr[i] != 0)
			return false;
	}
	return true;
}

/* Country, holder and sequence number: printable, seven bytes at least. */
static bool
is_car(struct emrtd_bytes car)
{
	if (car.len < 2 + 5 || car.len > EMRTD_CAR_LEN_MAX)
		return false;
	for (size_t i = 0; i < car.len; i++) {
		/* Holders may have letters of ISO/IEC 8859-1. */
		if (car.ptr[i] < 0x20 || car.ptr[i] == 0x7F)
			return false;
	}
	return true;
}

enum emrtd_error
emrtd_cvca_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_cvca *out)
{
	struct emrtd_cvca cvca;

	memset(&cvca, 0, sizeof(cvca));
	if (are_zeros(file))
		return emrtd_fail(diag, EMRTD_E_NOT_FOUND,
		    "EF.CVCA names no certification authority", CLAUSE);
	while (cvca.n_cars < 2 && !are_zeros(file)) {
		struct emrtd_bytes *car = &cvca.car[cvca.n_cars];

		if (!emrtd_tlv(&file, TAG_CAR, car) || !is_car(*car))
			return emrtd_fail(diag, EMRTD_E_MALFORMED, "EF.CVCA",
			    CLAUSE);
		cvca.n_cars++;
	}
	if (!are_zeros(file))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "EF.CVCA", CLAUSE);
	*out = cvca;
	return EMRTD_OK;
}

void
emrtd_cvca_profile(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct emrtd_cvca cvca;

	switch (emrtd_cvca_parse(file, NULL, &cvca)) {
	case EMRTD_OK:
		break;
	case EMRTD_E_NOT_FOUND:
		emrtd_finding_add(out, EMRTD_FINDING_FILE_CVCA_EMPTY, NULL);
		break;
	default:
		emrtd_finding_add(out, EMRTD_FINDING_FILE_MALFORMED_CVCA, NULL);
		break;
	}
}
