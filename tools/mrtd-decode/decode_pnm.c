/* Portable bitmaps, greymaps and pixmaps, in digits (P1 to P3) and in bytes
 * (P4 to P6). */
#include <string.h>

#include "decode.h"

#define MAX_VALUE 65535u

struct pnm {
	const uint8_t *bytes;
	size_t len, at;
};

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space and comments, which last to the end of their line. */
static void
skip_space(struct pnm *p)
{
	bool comment = false;

	for (; p->at < p->len; p->at++) {
		uint8_t c = p->bytes[p->at];

		if (comment)
			comment = c != '\n' && c != '\r';
		else if (c == '#')
			comment = true;
		else if (!is_space(c))
			return;
	}
}

/* A number up to 1,000,000,000; digits is how many it may have. */
static enum picture_reason
number(struct pnm *p, unsigned digits, uint32_t *out)
{
	uint32_t value = 0;
	unsigned n = 0;

	skip_space(p);
	if (p->at == p->len)
		return PICTURE_R_CUT;
	while (n < digits && p->at < p->len && p->bytes[p->at] >= '0' &&
	       p->bytes[p->at] <= '9') {
		value = value * 10 + (p->bytes[p->at++] - '0');
		n++;
	}
	*out = value;
	return n > 0 ? PICTURE_R_NONE : PICTURE_R_BROKEN;
}

static uint8_t
scale(uint32_t value, uint32_t top)
{
	if (value > top)
		value = top;
	return (uint8_t)((value * 255u + top / 2) / top);
}

static enum picture_reason
read_digits(struct pnm *p, uint32_t top, bool bits, struct raster *out)
{
	for (size_t i = 0; i < out->len; i++) {
		uint32_t value = 0;
		enum picture_reason reason = number(p, bits ? 1 : 5, &value);

		if (reason != PICTURE_R_NONE)
			return reason;
		/* In a bitmap a 1 is black. */
		out->pixels[i] = bits ? (value == 0 ? 255 : 0)
				      : scale(value, top);
	}
	return PICTURE_R_NONE;
}

static enum picture_reason
read_bits(const struct pnm *p, struct raster *out)
{
	size_t row_len = ((size_t)out->width + 7) / 8;

	if (row_len * out->height > p->len - p->at)
		return PICTURE_R_CUT;
	for (uint32_t y = 0; y < out->height; y++) {
		const uint8_t *row = p->bytes + p->at + y * row_len;

		for (uint32_t x = 0; x < out->width; x++)
			out->pixels[(size_t)y * out->width + x] =
			    (row[x / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255;
	}
	return PICTURE_R_NONE;
}

static enum picture_reason
read_bytes(const struct pnm *p, uint32_t top, struct raster *out)
{
	const uint8_t *in = p->bytes + p->at;
	size_t size = top > 255 ? 2 : 1;

	if (out->len > (p->len - p->at) / size)
		return PICTURE_R_CUT;
	for (size_t i = 0; i < out->len; i++, in += size) {
		uint32_t value = size == 2 ? (uint32_t)in[0] << 8 | in[1]
					   : in[0];

		out->pixels[i] = top == 255 ? (uint8_t)value
					    : scale(value, top);
	}
	return PICTURE_R_NONE;
}

enum picture_reason
decode_pnm(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	struct pnm p = { bytes, len, 2 };
	uint32_t width = 0, height = 0, top = 1;
	uint8_t kind = len < 2 ? 0 : bytes[1];
	bool bits = kind == '1' || kind == '4';
	uint32_t channels = kind == '3' || kind == '6' ? 3 : 1;
	enum picture_reason reason;

	if (kind < '1' || kind > '6')
		return PICTURE_R_BROKEN;
	reason = number(&p, 9, &width);
	if (reason == PICTURE_R_NONE)
		reason = number(&p, 9, &height);
	if (reason == PICTURE_R_NONE && !bits)
		reason = number(&p, 9, &top);
	if (reason == PICTURE_R_NONE && (top == 0 || top > MAX_VALUE))
		reason = PICTURE_R_SAMPLES;
	if (reason == PICTURE_R_NONE)
		reason = raster_new(out, width, height, channels, max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	if (kind <= '3')
		return read_digits(&p, top, bits, out);
	/* One white space ends the header. */
	if (p.at == p.len)
		return PICTURE_R_CUT;
	if (!is_space(p.bytes[p.at++]))
		return PICTURE_R_BROKEN;
	return bits ? read_bits(&p, out) : read_bytes(&p, top, out);
}
