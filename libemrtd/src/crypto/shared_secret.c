/*
 * In a file of its own: a test puts a wrong one in its place, to show that
 * the tests notice.
 */
#include "core/cursor.h"
#include "crypto/group.h"

/*
 * FE2OS of TR-03111 3.1.3: leading zeros belong to the coordinate, and to the
 * number of PKCS #3. A reader that drops them fails with one chip in 256.
 */
struct emrtd_bytes
emrtd_shared_secret(const struct emrtd_group *group,
    const struct emrtd_element *element)
{
	struct emrtd_bytes rest = { element->bytes, element->len };
	struct emrtd_bytes head, x;

	if (group->kind == EMRTD_GROUP_DH)
		return rest;
	if (!emrtd_take(&rest, 1, &head) ||
	    !emrtd_take(&rest, group->field_len, &x))
		return emrtd_bytes(NULL, 0);
	return x;
}
