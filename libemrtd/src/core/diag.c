#include "core/diag.h"

#include <string.h>

void
emrtd_diag_init(struct emrtd_diag *diag)
{
	if (diag == NULL)
		return;
	memset(diag, 0, sizeof(*diag));
	diag->size = (uint32_t)sizeof(*diag);
}

enum emrtd_error
emrtd_fail(struct emrtd_diag *diag, enum emrtd_error error, const char *what,
    const char *clause)
{
	if (diag == NULL)
		return error;
	emrtd_diag_init(diag);
	diag->error = error;
	diag->what = what;
	diag->clause = clause;
	return error;
}

void
emrtd_diag_detail_bytes(struct emrtd_diag *diag, struct emrtd_bytes text)
{
	size_t used;

	if (diag == NULL)
		return;
	used = strlen(diag->detail);
	for (size_t i = 0; i < text.len; i++) {
		if (used + 1 >= sizeof(diag->detail))
			break;
		diag->detail[used++] = text.ptr[i] >= 0x20 && text.ptr[i] < 0x7F
					   ? (char)text.ptr[i]
					   : '?';
	}
	diag->detail[used] = '\0';
}

void
emrtd_diag_detail(struct emrtd_diag *diag, const char *text)
{
	emrtd_diag_detail_bytes(diag,
	    emrtd_bytes((const uint8_t *)text, strlen(text)));
}

void
emrtd_diag_sw(struct emrtd_diag *diag, uint16_t sw)
{
	if (diag != NULL)
		diag->sw = sw;
}

void
emrtd_diag_at(struct emrtd_diag *diag, uint32_t tag, size_t offset)
{
	if (diag == NULL)
		return;
	diag->tag = tag;
	diag->offset = offset;
}
