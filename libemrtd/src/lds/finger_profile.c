#include "lds/record_profile.h"

#include "core/cursor.h"

#define HEADER_REST     (2 + 2)             /* device, level */
#define AFTER_SCALE     (2 + 2 + 2 + 2 + 1) /* resolutions, depth */
#define IMAGE_HEAD      14
#define COMPRESSION_MAX 5  /* raw, packed, WSQ, JPEG, JPEG 2000, PNG */
#define POSITION_MAX    15 /* unknown, ten fingers, four slaps, both thumbs */

static const struct emrtd_record_kind kind = { "FIR",
	EMRTD_FINDING_FILE_FINGER_FORMAT_ID,
	EMRTD_FINDING_FILE_FINGER_VERSION };

/* The rest of the record's header: the number of images in it. */
static bool
take_header(struct emrtd_bytes *in, size_t record_len, uint8_t *n_images)
{
	struct emrtd_bytes skipped;
	uint8_t scale, compression;
	uint16_t len_high;
	uint32_t len;

	return emrtd_u16(in, &len_high) && emrtd_u32(in, &len) &&
	       emrtd_take(in, HEADER_REST, &skipped) &&
	       emrtd_u8(in, n_images) && emrtd_u8(in, &scale) &&
	       emrtd_take(in, AFTER_SCALE, &skipped) &&
	       emrtd_u8(in, &compression) && emrtd_take(in, 2, &skipped) &&
	       len_high == 0 && len == record_len &&
	       compression <= COMPRESSION_MAX && *n_images > 0;
}

static bool
take_image(struct emrtd_bytes *in)
{
	struct emrtd_bytes image;
	uint32_t len;
	uint8_t position;

	return emrtd_u32(in, &len) && emrtd_u8(in, &position) &&
	       position <= POSITION_MAX && len > IMAGE_HEAD &&
	       emrtd_take(in, len - 5, &image);
}

void
emrtd_finger_profile(struct emrtd_bytes record, struct emrtd_findings *out)
{
	struct emrtd_bytes rest = record;
	uint8_t n_images;
	bool good;

	if (!emrtd_record_is(&rest, &kind, out))
		return;
	good = take_header(&rest, record.len, &n_images);
	for (unsigned i = 0; good && i < n_images; i++)
		good = take_image(&rest);
	if (!good || rest.len > 0)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_FINGER_RECORD, NULL);
}
