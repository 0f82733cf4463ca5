#include "core/diag.h"
#include "core/tlv.h"
#include "lds/files.h"

#include <string.h>

#define CLAUSE "Doc 9303-10 4.6.1"

#define TAG_COM             0x60
#define TAG_LDS_VERSION     0x5F01
#define TAG_UNICODE_VERSION 0x5F36
#define TAG_TAG_LIST        0x5C

/* A tag of the list, with the bytes that continue it. */
static bool
take_listed_tag(struct emrtd_bytes *in, uint32_t *out)
{
	uint8_t b;

	if (!emrtd_u8(in, &b))
		return false;
	*out = b;
	if ((b & 0x1F) != 0x1F)
		return true;
	do {
		if (!emrtd_u8(in, &b))
			return false;
	} while ((b & 0x80) != 0);
	return true;
}

/* Unknown tags (some states list data groups 17 to 19) are counted only. */
static bool
parse_tag_list(struct emrtd_bytes list, struct emrtd_com *out)
{
	while (!emrtd_end(&list)) {
		enum emrtd_file file;
		uint32_t tag;
		uint8_t dg = 0;

		if (!take_listed_tag(&list, &tag))
			return false;
		if (emrtd_file_by_tag(tag, &file))
			dg = emrtd_file_info(file)->dg;
		if (dg != 0)
			out->data_groups |= 1u << dg;
		else
			out->n_unknown_tags++;
	}
	return true;
}

/* Where a data object of EF.COM goes; NULL for one that we do not know. */
static struct emrtd_bytes *
place_of(uint32_t tag, struct emrtd_com *com, struct emrtd_bytes *list)
{
	switch (tag) {
	case TAG_LDS_VERSION:
		return &com->lds_version;
	case TAG_UNICODE_VERSION:
		return &com->unicode_version;
	case TAG_TAG_LIST:
		return list;
	default:
		return NULL;
	}
}

enum emrtd_error
emrtd_com_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_com *out)
{
	struct emrtd_com com;
	struct emrtd_bytes body, list = { NULL, 0 };

	memset(&com, 0, sizeof(com));
	if (!emrtd_tlv(&file, TAG_COM, &body))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "EF.COM", CLAUSE);
	while (!emrtd_end(&body)) {
		struct emrtd_bytes value, *place;
		uint32_t tag;

		if (!emrtd_tlv_any(&body, &tag, &value))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "a data object of EF.COM", CLAUSE);
		place = place_of(tag, &com, &list);
		if (place == NULL)
			continue;
		if (place->ptr != NULL)
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "a data object of EF.COM comes twice", CLAUSE);
		*place = value;
	}
	if (list.ptr == NULL || !parse_tag_list(list, &com))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "tag list of EF.COM",
		    CLAUSE);
	*out = com;
	return EMRTD_OK;
}
