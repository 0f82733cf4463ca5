#include "report_face.h"

#include "picture.h"
#include "picture_kind.h"

#include <openssl/evp.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#define SHA256_LEN 32

static void
broken(struct report_face *out, const char *why)
{
	out->state = FACE_BROKEN;
	snprintf(out->why, sizeof(out->why), "%s", why);
}

/* A file may be of another reading than the record. */
static bool
has_hash(struct emrtd_bytes bytes, struct report_text sha256)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	char text[2 * SHA256_LEN + 1];
	size_t len = 0;

	if (EVP_Q_digest(NULL, "SHA256", NULL, bytes.ptr, bytes.len, hash,
		&len) != 1 ||
	    len != SHA256_LEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[hash[i] >> 4];
		text[2 * i + 1] = digits[hash[i] & 15];
	}
	text[2 * SHA256_LEN] = '\0';
	return report_text_is(sha256, text);
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Strict: whole groups of four, padding at the end alone. */
static bool
base64_decode(struct report_text text, uint8_t *out, size_t *out_len)
{
	size_t pad = 0, n = 0;

	if (text.len == 0 || text.len % 4 != 0)
		return false;
	while (pad < 2 && text.ptr[text.len - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < text.len; i += 4) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			bool filler = i + k >= text.len - pad;
			int digit = filler ? 0 : base64_value(text.ptr[i + k]);

			if (digit < 0)
				return false;
			v = v << 6 | (uint32_t)digit;
		}
		out[n++] = (uint8_t)(v >> 16);
		out[n++] = (uint8_t)(v >> 8);
		out[n++] = (uint8_t)v;
	}
	*out_len = n - pad;
	return true;
}

/* Mean of the samples of a block: the pixels of the source that a pixel of the
 * result stands for. At most some 16,000,000 of 255 each. */
static uint8_t
block_mean(const struct picture *p, const size_t from[2], const size_t to[2],
    size_t channel)
{
	uint64_t sum = 0;

	for (size_t y = from[1]; y < to[1]; y++)
		for (size_t x = from[0]; x < to[0]; x++)
			sum += p->pixels[(y * p->width + x) * p->channels +
					 channel];
	return (uint8_t)(sum / ((to[0] - from[0]) * (to[1] - from[1])));
}

/* width and height are not larger than those of the picture. */
static void
scale(const struct picture *p, size_t width, size_t height, uint8_t *out)
{
	for (size_t y = 0; y < height; y++) {
		for (size_t x = 0; x < width; x++) {
			size_t from[2] = { x * p->width / width,
				y * p->height / height };
			size_t to[2] = { (x + 1) * p->width / width,
				(y + 1) * p->height / height };

			for (size_t c = 0; c < p->channels; c++)
				*out++ = block_mean(p, from, to, c);
		}
	}
}

/* Of two sides the larger becomes FACE_MAX. */
static unsigned
scaled(uint32_t side, uint32_t largest)
{
	uint64_t v = largest <= FACE_MAX ? side
					 : (uint64_t)side * FACE_MAX / largest;

	return v == 0 ? 1 : (unsigned)v;
}

static bool
write_png(const uint8_t *pixels, uint32_t channels, struct report_face *out)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
		.width = out->width,
		.height = out->height,
		.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB,
		.flags = PNG_IMAGE_FLAG_FAST };
	png_alloc_size_t len = 0;

	if (png_image_write_get_memory_size(image, len, 0, pixels, 0, NULL) ==
	    0)
		return false;
	out->png = malloc(len);
	if (out->png == NULL)
		return false;
	if (png_image_write_to_memory(&image, out->png, &len, 0, pixels, 0,
		NULL) == 0)
		return false;
	out->png_len = len;
	return true;
}

bool
report_face_encode(const struct picture *picture, struct report_face *out)
{
	uint32_t largest = picture->width > picture->height ? picture->width
							    : picture->height;
	uint8_t *pixels;
	size_t len;
	bool ok;

	out->width = scaled(picture->width, largest);
	out->height = scaled(picture->height, largest);
	len = (size_t)out->width * out->height * picture->channels;
	pixels = malloc(len);
	if (pixels == NULL)
		return false;
	scale(picture, out->width, out->height, pixels);
	ok = write_png(pixels, picture->channels, out);
	explicit_bzero(pixels, len);
	free(pixels);
	if (ok)
		out->state = FACE_SHOWN;
	return ok;
}

/* The pictures that DG2 may have. The decoder knows more, for scanned pages:
 * code that bytes of a chip need not reach. */
static bool
is_of_a_chip(struct emrtd_bytes image)
{
	enum picture_format format = picture_format_of(image.ptr, image.len);

	return format == PICTURE_JPEG || format == PICTURE_JPEG2000 ||
	       format == PICTURE_PNG;
}

static bool
decode(struct emrtd_bytes image, struct report_face *out)
{
	static const struct picture_limits limits = {
		.input = 4u << 20,
		.pixels = PICTURE_FACE_PIXELS,
	};
	struct picture picture;
	char why[PICTURE_WHY_CAP];
	enum picture_error e;
	bool ok = true;

	if (!is_of_a_chip(image)) {
		broken(out, "it is neither JPEG nor JPEG 2000 nor PNG");
		return true;
	}
	e = picture_decode(image.ptr, image.len, &limits, &picture, why);
	if (e == PICTURE_OK)
		ok = report_face_encode(&picture, out);
	else
		broken(out, why);
	picture_free(&picture);
	return ok;
}

static bool
from_dg2(const struct report_record *record, struct emrtd_bytes dg2,
    struct report_face *out)
{
	const struct report_file *file = report_file_named(record, "EF.DG2");
	struct emrtd_diag diag;
	struct emrtd_dg2 parsed;

	if (file == NULL || !has_hash(dg2, file->sha256)) {
		broken(out,
		    "the file is not the EF.DG2 that the record tells of");
		return true;
	}
	if (emrtd_dg2_parse(dg2, &diag, &parsed) != EMRTD_OK ||
	    parsed.n_faces == 0) {
		broken(out, "EF.DG2 is malformed, or has no picture in it");
		return true;
	}
	return decode(parsed.faces[0].image, out);
}

static bool
from_record(const struct report_portrait *portrait, struct report_face *out)
{
	size_t cap = portrait->base64.len / 4 * 3, len = 0;
	uint8_t *bytes = malloc(cap > 0 ? cap : 1);
	bool ok = true;

	if (bytes == NULL)
		return false;
	if (!base64_decode(portrait->base64, bytes, &len) ||
	    !has_hash(emrtd_bytes(bytes, len), portrait->sha256))
		broken(out, "the portrait in the record is damaged");
	else
		ok = decode(emrtd_bytes(bytes, len), out);
	explicit_bzero(bytes, cap);
	free(bytes);
	return ok;
}

bool
report_face_make(const struct report_record *record,
    const struct report_input *input, struct report_face *out)
{
	const struct report_file *file = report_file_named(record, "EF.DG2");

	memset(out, 0, sizeof(*out));
	if (input->redact) {
		out->state = FACE_REDACTED;
		return true;
	}
	/* A face that was put there to fit whoever shows the document. */
	if (report_verdict_of(record, EMRTD_CHECK_PA_HASH_DG2) ==
	    EMRTD_FAILED) {
		out->state = FACE_WITHHELD;
		return true;
	}
	if (input->dg2.len > 0)
		return from_dg2(record, input->dg2, out);
	if (record->portrait.base64.ptr != NULL)
		return from_record(&record->portrait, out);
	if (file != NULL && report_text_is(file->status, "malformed"))
		broken(out, "EF.DG2 is malformed");
	return true;
}

void
report_face_free(struct report_face *face)
{
	if (face->png != NULL)
		explicit_bzero(face->png, face->png_len);
	free(face->png);
	memset(face, 0, sizeof(*face));
}
