/* EF.ATR/INFO and ATRs: what they say is within what an APDU can be. */
#include "lds/atr_info.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
check_info(const struct emrtd_atr_info *info)
{
	check(info->has_capabilities || (!info->extended && !info->chaining));
	check(info->max_command <= 65544 && info->max_response <= 65544);
	check((info->max_command == 0) == (info->max_response == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size);
	struct emrtd_atr_info info;
	struct emrtd_diag diag;

	if (emrtd_atr_info_parse(in, &diag, &info) != EMRTD_OK)
		check(!info.has_capabilities && info.max_command == 0);
	check_info(&info);
	emrtd_atr_parse(in, &info);
	check_info(&info);
	check(info.max_command == 0);
	return 0;
}
