#include "lds/record_profile.h"

#include <string.h>

static const char version_2005[4] = "010";

static bool
take_const(struct emrtd_bytes *in, const char want[4])
{
	struct emrtd_bytes got;

	return emrtd_take(in, 4, &got) && memcmp(got.ptr, want, 4) == 0;
}

bool
emrtd_record_is(struct emrtd_bytes *in, const struct emrtd_record_kind *kind,
    struct emrtd_findings *out)
{
	bool known = take_const(in, kind->id);

	if (known && take_const(in, version_2005))
		return true;
	emrtd_finding_add(out, known ? kind->other_version : kind->other_format,
	    NULL);
	return false;
}
