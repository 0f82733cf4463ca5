#include "lds/cbeff.h"

#include "core/diag.h"
#include "core/tlv.h"

#include <string.h>

#define CLAUSE "Doc 9303-10 4.7.2"

#define TAG_GROUP    0x7F61
#define TAG_TEMPLATE 0x7F60
#define TAG_INTEGER  0x02
#define TAG_HEADER   0xA1
#define TAG_TYPE     0x81
#define TAG_SUBTYPE  0x82
#define TAG_OWNER    0x87
#define TAG_FORMAT   0x88

/* The objects of a template are few; more are no template. */
#define OBJECTS_MAX 64

enum emrtd_error
emrtd_cbeff_open(struct emrtd_bytes file, uint32_t tag, struct emrtd_diag *diag,
    struct emrtd_cbeff_group *out)
{
	struct emrtd_bytes body, group, number;
	uint32_t claimed;

	if (!emrtd_tlv(&file, tag, &body) ||
	    !emrtd_tlv(&body, TAG_GROUP, &group))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "biometric data group", CLAUSE);
	if (!emrtd_tlv(&group, TAG_INTEGER, &number) ||
	    !emrtd_uint(number, &claimed))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "number of biometric templates", CLAUSE);
	out->claimed = claimed;
	out->rest = group;
	out->trailing = body;
	return EMRTD_OK;
}

/* The first of each; false for what is no sequence of data objects. */
static bool
parse_header(struct emrtd_bytes in, struct emrtd_cbeff_template *out)
{
	for (unsigned i = 0; i < OBJECTS_MAX && !emrtd_end(&in); i++) {
		struct emrtd_bytes value, *place = NULL;
		uint32_t tag;

		if (!emrtd_tlv_any(&in, &tag, &value))
			return false;
		switch (tag) {
		case TAG_TYPE:
			place = &out->type;
			break;
		case TAG_SUBTYPE:
			place = &out->subtype;
			break;
		case TAG_OWNER:
			place = &out->owner;
			break;
		case TAG_FORMAT:
			place = &out->format;
			break;
		default:
			break;
		}
		if (place != NULL && place->ptr == NULL)
			*place = value;
	}
	return emrtd_end(&in);
}

bool
emrtd_cbeff_next(struct emrtd_cbeff_group *group,
    struct emrtd_cbeff_template *out)
{
	struct emrtd_bytes in;

	if (!emrtd_tlv(&group->rest, TAG_TEMPLATE, &in))
		return false;
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < OBJECTS_MAX && !emrtd_end(&in); i++) {
		struct emrtd_bytes value;
		uint32_t tag;

		if (!emrtd_tlv_any(&in, &tag, &value))
			break;
		if (tag == TAG_HEADER && !out->has_header) {
			out->has_header = true;
			out->bad_header = !parse_header(value, out);
		} else if ((tag == EMRTD_TAG_BLOCK ||
			       tag == EMRTD_TAG_BLOCK_CONSTRUCTED) &&
			   out->block.ptr == NULL) {
			out->block = value;
			out->constructed = tag == EMRTD_TAG_BLOCK_CONSTRUCTED;
		}
	}
	out->malformed = !emrtd_end(&in);
	return true;
}
