/*
 * dg2.c - the face: CBEFF templates around facial records.
 *
 *	75 { 7F61 { 02 n, n x 7F60 { A1 { header }, 5F2E | 7F2E block } } }
 */
#include "core/diag.h"
#include "core/tlv.h"
#include "lds/face_19794.h"

#include <string.h>

#define CLAUSE "Doc 9303-10 4.7.2"

#define TAG_DG2               0x75
#define TAG_GROUP_TEMPLATE    0x7F61
#define TAG_TEMPLATE          0x7F60
#define TAG_INTEGER           0x02
#define TAG_BLOCK             0x5F2E
#define TAG_BLOCK_CONSTRUCTED 0x7F2E

/* The objects of a template are few; more are no template. */
#define OBJECTS_MAX 64

static enum emrtd_error
parse_block(struct emrtd_bytes block, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	if (!emrtd_face_19794_is(block))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "format of the biometric data block", CLAUSE);
	return emrtd_face_19794_parse(block, diag, out);
}

/*
 * One 7F60. The header (A1) says nothing that the block does not say itself;
 * chips of some states leave it out or fill it wrongly.
 */
static enum emrtd_error
parse_template(struct emrtd_bytes template, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	for (unsigned i = 0; i < OBJECTS_MAX && !emrtd_end(&template); i++) {
		struct emrtd_bytes value;
		uint32_t tag;

		if (!emrtd_tlv_any(&template, &tag, &value))
			break;
		if (tag == TAG_BLOCK || tag == TAG_BLOCK_CONSTRUCTED)
			return parse_block(value, diag, out);
	}
	return emrtd_fail(diag, EMRTD_E_MALFORMED,
	    "biometric information template", CLAUSE);
}

/*
 * All templates of the group. One that cannot be read is a defect when
 * another can; the first failure is the result when none can.
 */
static enum emrtd_error
parse_group(struct emrtd_bytes group, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	enum emrtd_error first = EMRTD_OK;
	struct emrtd_bytes value;
	uint32_t claimed, n = 0;

	if (!emrtd_tlv(&group, TAG_INTEGER, &value) ||
	    !emrtd_uint(value, &claimed))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "number of biometric templates", CLAUSE);
	for (; n < EMRTD_FACES_MAX && !emrtd_end(&group); n++) {
		enum emrtd_error error;

		if (!emrtd_tlv(&group, TAG_TEMPLATE, &value)) {
			out->n_defects++;
			break;
		}
		error = parse_template(value, first == EMRTD_OK ? diag : NULL,
		    out);
		if (error == EMRTD_OK)
			continue;
		out->n_defects++;
		if (first == EMRTD_OK)
			first = error;
	}
	if (n != claimed)
		out->n_defects++;
	if (out->n_faces > 0)
		return EMRTD_OK;
	if (first != EMRTD_OK)
		return first;
	return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG2 without a face",
	    CLAUSE);
}

enum emrtd_error
emrtd_dg2_parse(struct emrtd_bytes file, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	struct emrtd_dg2 dg2;
	struct emrtd_bytes body, group;
	enum emrtd_error error;

	memset(&dg2, 0, sizeof(dg2));
	if (!emrtd_tlv(&file, TAG_DG2, &body) ||
	    !emrtd_tlv(&body, TAG_GROUP_TEMPLATE, &group))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "DG2", CLAUSE);
	error = parse_group(group, diag, &dg2);
	if (error != EMRTD_OK)
		return error;
	*out = dg2;
	return EMRTD_OK;
}
