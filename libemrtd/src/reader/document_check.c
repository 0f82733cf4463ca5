#include "reader/pa_steps.h"

#include "core/diag.h"

#include <string.h>

/* National layouts are of the size of some of these, but on no chip. */
static bool
may_be_in_dg1(enum mrz_format format)
{
	return format == MRZ_TD1 || format == MRZ_TD2 || format == MRZ_TD3;
}

void
emrtd_pa_parse_document(struct emrtd_pa *pa)
{
	struct emrtd_result *r = pa->result;
	struct emrtd_bytes file = emrtd_pa_content(r, EMRTD_DG1), mrz;
	struct mrz_options options = { .size = sizeof(options) };
	enum emrtd_error e;

	if (file.len == 0 || emrtd_pa_is_forged(r, 1))
		return;
	options.today = (int32_t)(r->at / 86400);
	e = emrtd_dg1_parse(file, NULL, &mrz);
	if (e == EMRTD_OK &&
	    mrz_parse((const char *)mrz.ptr, mrz.len, &options, &r->document) ==
		MRZ_OK &&
	    may_be_in_dg1(r->document.format))
		r->has_document = true;
	else
		r->files[EMRTD_DG1].status = EMRTD_FILE_MALFORMED;
}

void
emrtd_pa_parse_face(struct emrtd_pa *pa)
{
	struct emrtd_result *r = pa->result;
	struct emrtd_bytes file = emrtd_pa_content(r, EMRTD_DG2);
	uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_dg2 dg2;
	enum emrtd_error e;

	/* Nothing decodes bytes that are known to be forged. */
	if (file.len == 0 || emrtd_pa_is_forged(r, 2))
		return;
	e = emrtd_dg2_parse(file, NULL, &dg2);
	/* ISO/IEC 39794-5 is no fault of the document. */
	if (e != EMRTD_OK && e != EMRTD_E_UNSUPPORTED)
		r->files[EMRTD_DG2].status = EMRTD_FILE_MALFORMED;
	if (e != EMRTD_OK || emrtd_hash(pa->ctx->crypto, EMRTD_SHA256,
				 &dg2.faces[0].image, 1, digest) != EMRTD_OK)
		return;
	r->face = dg2.faces[0];
	memcpy(r->face_sha256, digest, sizeof(r->face_sha256));
	r->has_face = true;
}

void
emrtd_pa_check_expiry(struct emrtd_pa *pa)
{
	const struct mrz_date *expiry = &pa->result->document.expiry;
	int32_t today = (int32_t)(pa->result->at / 86400);

	if (!pa->result->has_document)
		return;
	if (!expiry->valid || expiry->to == MRZ_NO_DAY)
		emrtd_check_set(pa->result, EMRTD_CHECK_DOC_VALIDITY,
		    EMRTD_UNDETERMINED, "the date of expiry is not known");
	else if (today <= expiry->to)
		emrtd_check_set(pa->result, EMRTD_CHECK_DOC_VALIDITY,
		    EMRTD_PASSED, NULL);
	else
		emrtd_check_set(pa->result, EMRTD_CHECK_DOC_VALIDITY,
		    EMRTD_FAILED, "the document has expired");
}
