#include "lds/record_profile.h"

#include "core/cursor.h"

#define HEADER_LEN 45
#define AFTER_LEN  (HEADER_LEN - 4 - 4 - 4 - 2 - 1 - 2)
#define EYES_MAX   2
#define EYE_MAX    2 /* not known, right, left */

static const struct emrtd_record_kind kind = { "IIR",
	EMRTD_FINDING_FILE_IRIS_FORMAT_ID, EMRTD_FINDING_FILE_IRIS_VERSION };

/* The rest of the record's header: the number of eyes in it. */
static bool
take_header(struct emrtd_bytes *in, size_t record_len, uint8_t *n_eyes)
{
	struct emrtd_bytes skipped;
	uint16_t device, header_len;
	uint32_t len;

	return emrtd_u32(in, &len) && emrtd_u16(in, &device) &&
	       emrtd_u8(in, n_eyes) && emrtd_u16(in, &header_len) &&
	       emrtd_take(in, AFTER_LEN, &skipped) && len == record_len &&
	       header_len == HEADER_LEN && *n_eyes > 0 && *n_eyes <= EYES_MAX;
}

static bool
take_image(struct emrtd_bytes *in)
{
	struct emrtd_bytes skipped, image;
	uint16_t number;
	uint32_t len;

	/* Quality, rotation and its uncertainty. */
	return emrtd_u16(in, &number) && emrtd_take(in, 1 + 2 + 2, &skipped) &&
	       emrtd_u32(in, &len) && len > 0 && emrtd_take(in, len, &image);
}

static bool
take_eye(struct emrtd_bytes *in)
{
	uint16_t n_images;
	uint8_t which;

	if (!emrtd_u8(in, &which) || which > EYE_MAX ||
	    !emrtd_u16(in, &n_images) || n_images == 0)
		return false;
	for (unsigned i = 0; i < n_images; i++) {
		if (!take_image(in))
			return false;
	}
	return true;
}

void
emrtd_iris_profile(struct emrtd_bytes record, struct emrtd_findings *out)
{
	struct emrtd_bytes rest = record;
	uint8_t n_eyes;
	bool good;

	if (!emrtd_record_is(&rest, &kind, out))
		return;
	good = take_header(&rest, record.len, &n_eyes);
	for (unsigned i = 0; good && i < n_eyes; i++)
		good = take_eye(&rest);
	if (!good || rest.len > 0)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_IRIS_RECORD, NULL);
}
