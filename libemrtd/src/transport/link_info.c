#include "transport/link_info.h"

#include <string.h>

void
emrtd_link_info_give(const struct emrtd_link_info *full,
    struct emrtd_link_info *out)
{
	uint32_t size = out->size;
	size_t known = size < sizeof(*full) ? size : sizeof(*full);

	if (size < sizeof(size))
		return;
	memset(out, 0, size);
	memcpy(out, full, known);
	out->size = size;
}

void
emrtd_link_info_name(struct emrtd_link_info *info, const char *name)
{
	size_t n = 0;

	for (; name[n] != '\0' && n < sizeof(info->name) - 1; n++)
		info->name[n] = name[n] >= ' ' && name[n] <= '~' ? name[n]
								 : '?';
	info->name[n] = '\0';
}
