#include "card/lds_make.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/oid.h"
#include "lds/files.h"

#include <string.h>

#define TAG_COM           0x60
#define TAG_LDS_VERSION   0x5F01
#define TAG_UNICODE       0x5F36
#define TAG_TAG_LIST      0x5C
#define TAG_DG1           0x61
#define TAG_MRZ           0x5F1F
#define TAG_DG2           0x75
#define TAG_BIOMETRICS    0x7F61
#define TAG_BIOMETRIC     0x7F60
#define TAG_BHT           0xA1
#define TAG_BDB           0x5F2E
#define FACE_HEAD_LEN     (14 + 20 + 12)
#define TAG_APPLICATION   0x61
#define TAG_AID           0x4F
#define TAG_ATR_CAPABLE   0x47
#define TAG_EXTENDED_INFO 0x7F66

void
emrtd_make_com(bool lds_1_8, emrtd_dg_set data_groups, struct emrtd_out *out)
{
	size_t com = emrtd_open(out, TAG_COM), tags;

	emrtd_put_tlv(out, TAG_LDS_VERSION,
	    emrtd_bytes_text(lds_1_8 ? "0108" : "0107"));
	emrtd_put_tlv(out, TAG_UNICODE, emrtd_bytes_text("040000"));
	tags = emrtd_open(out, TAG_TAG_LIST);
	for (int dg = 1; dg <= 16; dg++) {
		enum emrtd_file file = (enum emrtd_file)(EMRTD_DG1 + dg - 1);

		if ((data_groups >> dg & 1) != 0)
			emrtd_put_u8(out, (uint8_t)emrtd_file_info(file)->tag);
	}
	emrtd_close(out, tags);
	emrtd_close(out, com);
}

void
emrtd_make_dg1(const char *mrz, struct emrtd_out *out)
{
	size_t dg1 = emrtd_open(out, TAG_DG1);

	emrtd_put_tlv(out, TAG_MRZ, emrtd_bytes_text(mrz));
	emrtd_close(out, dg1);
}

/* Width and height out of the frame header (SOF0 to SOF2) of a JPEG. */
static bool
jpeg_size(struct emrtd_bytes in, uint16_t *width, uint16_t *height)
{
	struct emrtd_bytes segment;
	uint16_t marker, len;
	uint8_t precision;

	if (!emrtd_u16(&in, &marker) || marker != 0xFFD8)
		return false;
	while (emrtd_u16(&in, &marker) && emrtd_u16(&in, &len) && len >= 2 &&
	       emrtd_take(&in, (size_t)len - 2, &segment)) {
		if (marker >= 0xFFC0 && marker <= 0xFFC2)
			return emrtd_u8(&segment, &precision) &&
			       emrtd_u16(&segment, height) &&
			       emrtd_u16(&segment, width);
	}
	return false;
}

/*
 * ISO/IEC 19794-5:2005, one image:
 *   "FAC" 0 "010" 0, length (4), images (2)
 *   block length (4), feature points (2), gender, eyes, hair, mask (3),
 *   expression (2), pose (3), its uncertainty (3)
 *   image type, data type, width (2), height (2), colour space, source,
 *   device (2), quality (2), image
 */
static void
put_face_record(struct emrtd_out *out, struct emrtd_bytes face, char sex,
    uint16_t width, uint16_t height)
{
	static const uint8_t magic[] = { 'F', 'A', 'C', 0, '0', '1', '0', 0 };
	uint8_t gender = sex == 'M' ? 1 : sex == 'F' ? 2 : 0;

	emrtd_put(out, emrtd_bytes(magic, sizeof(magic)));
	emrtd_put_u32(out, (uint32_t)(FACE_HEAD_LEN + face.len));
	emrtd_put_u16(out, 1);
	emrtd_put_u32(out, (uint32_t)(FACE_HEAD_LEN - 14 + face.len));
	emrtd_put_u16(out, 0);
	emrtd_put_u8(out, gender);
	emrtd_put_fill(out, 0, 2 + 3 + 2 + 3 + 3);
	emrtd_put_u8(out, 1); /* full frontal */
	emrtd_put_u8(out, 0); /* JPEG */
	emrtd_put_u16(out, width);
	emrtd_put_u16(out, height);
	emrtd_put_u8(out, 1); /* RGB, 24 bits */
	emrtd_put_fill(out, 0, 1 + 2 + 2);
	emrtd_put(out, face);
}

/* Biometric header: version, type face, format owner and type of 19794-5. */
static void
put_header_template(struct emrtd_out *out)
{
	static const uint8_t bht[] = { 0x80, 0x02, 0x01, 0x01, 0x81, 0x01, 0x02,
		0x82, 0x01, 0x00, 0x87, 0x02, 0x01, 0x01, 0x88, 0x02, 0x00,
		0x08 };

	emrtd_put_tlv(out, TAG_BHT, emrtd_bytes(bht, sizeof(bht)));
}

enum emrtd_error
emrtd_make_dg2(struct emrtd_bytes face, char sex, struct emrtd_out *out)
{
	size_t dg2, group, one, block;
	uint16_t width, height;

	if (!jpeg_size(face, &width, &height))
		return EMRTD_E_MALFORMED;
	dg2 = emrtd_open(out, TAG_DG2);
	group = emrtd_open(out, TAG_BIOMETRICS);
	emrtd_put_tlv_head(out, 0x02, 1);
	emrtd_put_u8(out, 1);
	one = emrtd_open(out, TAG_BIOMETRIC);
	put_header_template(out);
	block = emrtd_open(out, TAG_BDB);
	put_face_record(out, face, sex, width, height);
	emrtd_close(out, block);
	emrtd_close(out, one);
	emrtd_close(out, group);
	emrtd_close(out, dg2);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

void
emrtd_make_ef_dir(struct emrtd_bytes aid, struct emrtd_out *out)
{
	size_t template = emrtd_open(out, TAG_APPLICATION);

	emrtd_put_tlv(out, TAG_AID, aid);
	emrtd_close(out, template);
}

void
emrtd_make_atr_info(const uint8_t capabilities[3], uint32_t max_command,
    uint32_t max_response, struct emrtd_out *out)
{
	uint32_t sizes[2] = { max_command, max_response };
	size_t mark;

	emrtd_put_tlv(out, TAG_ATR_CAPABLE, emrtd_bytes(capabilities, 3));
	mark = emrtd_open(out, TAG_EXTENDED_INFO);
	for (size_t i = 0; i < 2; i++) {
		/* A length of two bytes, as an INTEGER that stays positive. */
		bool wide = sizes[i] > 0x7FFF;

		emrtd_put_tlv_head(out, 0x02, wide ? 3 : 2);
		if (wide)
			emrtd_put_u8(out, (uint8_t)(sizes[i] >> 16));
		emrtd_put_u16(out, (uint16_t)sizes[i]);
	}
	emrtd_close(out, mark);
}
