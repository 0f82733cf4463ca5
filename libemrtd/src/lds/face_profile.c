#include "lds/record_profile.h"

#include "core/cursor.h"
#include "lds/face_19794.h"

#define FEATURE_POINT_LEN 8
#define AFTER_SIZE_LEN    6 /* colour space to quality */

/* The image types: basic, full frontal, token frontal. */
#define IMAGE_TYPE_MAX 2

/* The fixed fields of one image, up to the image. */
struct head {
	uint32_t len;
	uint16_t n_points;
	uint8_t gender, eyes, hair;
	uint8_t pose[3], uncertainty[3];
	uint8_t image_type, data_type;
};

/* Ranges of a byte: 0 to max, and perhaps FF for 'unknown'. */
static bool
is_in(uint8_t value, uint8_t max, bool or_unknown)
{
	return value <= max || (or_unknown && value == 0xFF);
}

static bool
are_angles(const uint8_t angles[3])
{
	/* Two degrees each, from 1; 0 is unspecified. */
	for (size_t i = 0; i < 3; i++) {
		if (angles[i] > 181)
			return false;
	}
	return true;
}

static bool
bad_gender(const struct head *h)
{
	return !is_in(h->gender, 2, true);
}

static bool
bad_eyes(const struct head *h)
{
	return !is_in(h->eyes, 7, true);
}

/* Some lists end with red, 7, some go on with green and blue. */
static bool
bad_hair(const struct head *h)
{
	return !is_in(h->hair, 9, true);
}

static bool
bad_pose(const struct head *h)
{
	return !are_angles(h->pose);
}

static bool
bad_uncertainty(const struct head *h)
{
	return !are_angles(h->uncertainty);
}

static bool
bad_image_type(const struct head *h)
{
	return !is_in(h->image_type, IMAGE_TYPE_MAX, false);
}

static bool
bad_data_type(const struct head *h)
{
	return !is_in(h->data_type, 1, false);
}

static const struct rule {
	enum emrtd_finding_id finding;
	bool (*deviates)(const struct head *h);
} rules[] = {
	{ EMRTD_FINDING_FILE_FACE_GENDER, bad_gender },
	{ EMRTD_FINDING_FILE_FACE_EYE_COLOUR, bad_eyes },
	{ EMRTD_FINDING_FILE_FACE_HAIR_COLOUR, bad_hair },
	{ EMRTD_FINDING_FILE_FACE_POSE, bad_pose },
	{ EMRTD_FINDING_FILE_FACE_POSE_UNCERTAINTY, bad_uncertainty },
	{ EMRTD_FINDING_FILE_FACE_IMAGE_TYPE, bad_image_type },
	{ EMRTD_FINDING_FILE_FACE_DATA_TYPE, bad_data_type },
};

static bool
take_three(struct emrtd_bytes *in, uint8_t out[3])
{
	return emrtd_u8(in, &out[0]) && emrtd_u8(in, &out[1]) &&
	       emrtd_u8(in, &out[2]);
}

static bool
take_head(struct emrtd_bytes *in, struct head *h)
{
	struct emrtd_bytes skipped;

	return emrtd_u32(in, &h->len) && emrtd_u16(in, &h->n_points) &&
	       emrtd_u8(in, &h->gender) && emrtd_u8(in, &h->eyes) &&
	       emrtd_u8(in, &h->hair) && emrtd_take(in, 3 + 2, &skipped) &&
	       take_three(in, h->pose) && take_three(in, h->uncertainty) &&
	       emrtd_take(in, (size_t)h->n_points * FEATURE_POINT_LEN,
		   &skipped) &&
	       emrtd_u8(in, &h->image_type) && emrtd_u8(in, &h->data_type) &&
	       emrtd_take(in, 2 + 2 + AFTER_SIZE_LEN, &skipped);
}

/* JPEG is 0, JPEG 2000 is 1, whatever the bytes are. */
static void
look_at_image(const struct head *h, struct emrtd_bytes image,
    struct emrtd_findings *out)
{
	enum emrtd_image_format format = emrtd_image_format_of(image);
	enum emrtd_image_format stated = h->data_type == 0
					     ? EMRTD_IMAGE_JPEG
					     : EMRTD_IMAGE_JPEG2000;

	if (image.len == 0)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_NO_IMAGE, NULL);
	else if (h->data_type <= 1 && format != stated)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_OTHER_IMAGE,
		    emrtd_image_format_name(format));
}

/*
 * One image. The last one ends with the record, whatever it says; in the
 * middle a wrong length leaves no way to the next one: false.
 */
static bool
look_at_face(struct emrtd_bytes *in, bool last, struct emrtd_findings *out)
{
	struct emrtd_bytes rest = *in, image;
	struct head h;
	size_t head_len;

	if (!take_head(&rest, &h)) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_LENGTH,
		    "facial image");
		return false;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].deviates(&h))
			emrtd_finding_add(out, rules[i].finding, NULL);
	}
	head_len = in->len - rest.len;
	if (h.len < head_len || h.len > in->len || (last && h.len != in->len)) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_LENGTH,
		    "facial record data");
		h.len = (uint32_t)in->len;
	}
	if (!emrtd_take(&rest, h.len - head_len, &image))
		return false;
	look_at_image(&h, image, out);
	*in = rest;
	return true;
}

void
emrtd_face_profile(struct emrtd_bytes record, struct emrtd_findings *out)
{
	struct emrtd_bytes rest = record, ids;
	uint16_t n_images;
	uint32_t len;

	if (record.len > UINT32_MAX || !emrtd_face_19794_is(record)) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_FORMAT_ID, NULL);
		return;
	}
	if (!emrtd_face_19794_is_2005(record)) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_VERSION, NULL);
		return;
	}
	if (!emrtd_take(&rest, EMRTD_FACE_IDS_LEN, &ids) ||
	    !emrtd_u32(&rest, &len) || !emrtd_u16(&rest, &n_images)) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_LENGTH,
		    "header of the facial record");
		return;
	}
	if (len != record.len)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_LENGTH,
		    "facial record");
	if (n_images == 0)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FACE_NO_IMAGE, NULL);
	for (unsigned i = 0; i < n_images; i++) {
		if (!look_at_face(&rest, i + 1 == n_images, out))
			return;
	}
}
