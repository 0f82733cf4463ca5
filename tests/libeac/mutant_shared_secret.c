/*
 * A mistake that readers in the field have made: the shared secret without
 * its leading zeros, as BN_bn2bin gives it.
 */
#include "core/cursor.h"
#include "crypto/group.h"

struct emrtd_bytes
emrtd_shared_secret(const struct emrtd_group *group,
    const struct emrtd_element *element)
{
	struct emrtd_bytes rest = { element->bytes, element->len };
	struct emrtd_bytes head, x = rest;

	if (group->kind == EMRTD_GROUP_EC &&
	    !(emrtd_take(&rest, 1, &head) &&
		emrtd_take(&rest, group->field_len, &x)))
		return emrtd_bytes(NULL, 0);
	while (x.len > 1 && x.ptr[0] == 0)
		emrtd_take(&x, 1, &head);
	return x;
}
