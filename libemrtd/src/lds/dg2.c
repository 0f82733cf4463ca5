/*
 * dg2.c - the face: CBEFF templates around facial records.
 */
#include "core/diag.h"
#include "lds/cbeff.h"
#include "lds/face_19794.h"

#include <string.h>

#define CLAUSE "Doc 9303-10 4.7.2"

#define TAG_DG2 0x75

/*
 * One 7F60. The header (A1) says nothing that the block does not say itself;
 * chips of some states leave it out or fill it wrongly.
 */
static enum emrtd_error
parse_template(const struct emrtd_cbeff_template *template,
    struct emrtd_diag *diag, struct emrtd_dg2 *out)
{
	if (template->block.ptr == NULL)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "biometric information template", CLAUSE);
	if (!emrtd_face_19794_is(template->block))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "format of the biometric data block", CLAUSE);
	return emrtd_face_19794_parse(template->block, diag, out);
}

/*
 * All templates of the group. One that cannot be read is a defect when
 * another can; the first failure is the result when none can.
 */
static enum emrtd_error
parse_group(struct emrtd_cbeff_group *group, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	enum emrtd_error first = EMRTD_OK;
	uint32_t n = 0;

	for (; n < EMRTD_FACES_MAX && group->rest.len > 0; n++) {
		struct emrtd_cbeff_template template;
		enum emrtd_error error;

		if (!emrtd_cbeff_next(group, &template)) {
			out->n_defects++;
			break;
		}
		error = parse_template(&template,
		    first == EMRTD_OK ? diag : NULL, out);
		if (error == EMRTD_OK)
			continue;
		out->n_defects++;
		if (first == EMRTD_OK)
			first = error;
	}
	if (n != group->claimed)
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
	struct emrtd_cbeff_group group;
	struct emrtd_dg2 dg2;
	enum emrtd_error error;

	memset(&dg2, 0, sizeof(dg2));
	error = emrtd_cbeff_open(file, TAG_DG2, diag, &group);
	if (error == EMRTD_OK)
		error = parse_group(&group, diag, &dg2);
	if (error != EMRTD_OK)
		return error;
	*out = dg2;
	return EMRTD_OK;
}
