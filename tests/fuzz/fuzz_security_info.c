/* EF.CardAccess: views inside the input, counts inside their array. */
#include "lds/security_info.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size);
	struct emrtd_card_access a;
	struct emrtd_diag diag;

	if (emrtd_card_access_parse(in, &diag, &a) != EMRTD_OK)
		return 0;
	if (a.n_pace > EMRTD_PACE_INFOS_MAX || a.n_pace > a.n_infos)
		abort();
	for (size_t i = 0; i < a.n_pace; i++) {
		struct emrtd_bytes oid = a.pace[i].oid;

		if (oid.ptr < in.ptr || oid.ptr + oid.len > in.ptr + in.len)
			abort();
	}
	return 0;
}
