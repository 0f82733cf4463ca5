#include "reader/pa_steps.h"

void
emrtd_pa_check_revocation(struct emrtd_pa *pa)
{
	emrtd_check_set(pa->result, EMRTD_CHECK_PA_REVOCATION, EMRTD_NOT_RUN,
	    "this version reads no revocation lists");
}
