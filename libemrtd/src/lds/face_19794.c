#include "lds/face_19794.h"

#include "core/cursor.h"
#include "core/diag.h"

#include <string.h>

#define CLAUSE "ISO/IEC 19794-5:2005 5"

#define RECORD_HEADER_LEN 14
#define FEATURE_POINT_LEN 8
#define AFTER_POINTS_LEN  14 /* gender to pose uncertainty */
#define AFTER_SIZE_LEN    6  /* colour space to quality */

static const uint8_t format_id[] = { 'F', 'A', 'C', 0 };
static const uint8_t version_2005[] = { '0', '1', '0', 0 };

struct magic {
	uint8_t bytes[8];
	size_t len;
	enum emrtd_image_format format;
};

/* JPEG from SOI, the JP2 signature box, and a bare JPEG2000 codestream. */
static const struct magic magics[] = {
	{ { 0xFF, 0xD8, 0xFF }, 3, EMRTD_IMAGE_JPEG },
	{ { 0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20 }, 8,
	    EMRTD_IMAGE_JPEG2000 },
	{ { 0xFF, 0x4F, 0xFF, 0x51 }, 4, EMRTD_IMAGE_JPEG2000 },
};

enum emrtd_image_format
emrtd_image_format_of(struct emrtd_bytes image)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		struct emrtd_bytes rest = image, head;

		if (emrtd_take(&rest, magics[i].len, &head) &&
		    memcmp(head.ptr, magics[i].bytes, head.len) == 0)
			return magics[i].format;
	}
	return EMRTD_IMAGE_UNKNOWN;
}

const char *
emrtd_image_format_name(enum emrtd_image_format format)
{
	switch (format) {
	case EMRTD_IMAGE_JPEG:
		return "jpeg";
	case EMRTD_IMAGE_JPEG2000:
		return "jpeg2000";
	case EMRTD_IMAGE_UNKNOWN:
		break;
	}
	return "unknown";
}

static bool
take_const(struct emrtd_bytes *in, const uint8_t want[4])
{
	struct emrtd_bytes got;

	return emrtd_take(in, 4, &got) && memcmp(got.ptr, want, 4) == 0;
}

bool
emrtd_face_19794_is(struct emrtd_bytes block)
{
	return take_const(&block, format_id);
}

bool
emrtd_face_19794_is_2005(struct emrtd_bytes block)
{
	return take_const(&block, format_id) &&
	       take_const(&block, version_2005);
}

/* Everything of one image from its number of points up to the image. */
static bool
take_image_header(struct emrtd_bytes *in, struct emrtd_face *face)
{
	struct emrtd_bytes rest = *in, skipped;
	uint16_t n_points;

	if (!emrtd_u16(&rest, &n_points) ||
	    !emrtd_take(&rest,
		AFTER_POINTS_LEN + (size_t)n_points * FEATURE_POINT_LEN,
		&skipped) ||
	    !emrtd_u8(&rest, &face->face_image_type) ||
	    !emrtd_u8(&rest, &face->claimed_format) ||
	    !emrtd_u16(&rest, &face->width) ||
	    !emrtd_u16(&rest, &face->height) ||
	    !emrtd_take(&rest, AFTER_SIZE_LEN, &skipped))
		return false;
	*in = rest;
	return true;
}

/*
 * One image. The block length of the last image is never needed, and some
 * states write it a few bytes off: the image then ends with the data object.
 * In the middle of a record a length that cannot be is the record's end.
 */
static bool
take_image(struct emrtd_bytes *in, bool last, struct emrtd_dg2 *dg2)
{
	struct emrtd_face *face = &dg2->faces[dg2->n_faces];
	struct emrtd_bytes rest = *in, block;
	uint32_t block_len;
	size_t header_len;

	memset(face, 0, sizeof(*face));
	if (!emrtd_u32(&rest, &block_len) || !take_image_header(&rest, face))
		return false;
	header_len = in->len - rest.len;
	if (block_len < header_len || block_len > in->len ||
	    (last && block_len != in->len)) {
		dg2->n_defects++;
		block_len = (uint32_t)in->len;
	}
	if (!emrtd_take(&rest, block_len - header_len, &block))
		return false;
	face->image = block;
	face->format = emrtd_image_format_of(block);
	if (block.len == 0)
		dg2->n_defects++;
	dg2->n_faces++;
	*in = rest;
	return true;
}

enum emrtd_error
emrtd_face_19794_parse(struct emrtd_bytes block, struct emrtd_diag *diag,
    struct emrtd_dg2 *out)
{
	struct emrtd_bytes rest = block;
	uint32_t record_len;
	uint16_t n_images;

	if (block.len > UINT32_MAX || !take_const(&rest, format_id))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "facial record",
		    CLAUSE);
	if (!take_const(&rest, version_2005))
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "version of the facial record", CLAUSE);
	if (!emrtd_u32(&rest, &record_len) || !emrtd_u16(&rest, &n_images))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "header of the facial record", CLAUSE);
	if (record_len != block.len)
		out->n_defects++;
	for (unsigned i = 0; i < n_images; i++) {
		if (out->n_faces == EMRTD_FACES_MAX) {
			out->n_defects++;
			return EMRTD_OK;
		}
		if (!take_image(&rest, i + 1 == n_images, out)) {
			/* What came before this image stays readable. */
			if (i == 0)
				return emrtd_fail(diag, EMRTD_E_MALFORMED,
				    "facial image", CLAUSE);
			out->n_defects++;
			return EMRTD_OK;
		}
	}
	if (!emrtd_end(&rest))
		out->n_defects++;
	return EMRTD_OK;
}
