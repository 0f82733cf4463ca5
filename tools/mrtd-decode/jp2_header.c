#include "jp2_header.h"

#include "raster.h"

#include <string.h>

#define MAX_TILES        1024
#define MAX_PRECISION    16
#define MAX_SUB_SAMPLING 4
#define MAX_BOXES        1000

#define BOX(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

/* Bytes that are still to be read; a take that does not fit takes nothing. */
struct view {
	const uint8_t *bytes;
	size_t len;
};

static bool
number(struct view *in, size_t n, uint32_t *out)
{
	uint32_t value = 0;

	if (n > in->len)
		return false;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | in->bytes[i];
	in->bytes += n;
	in->len -= n;
	*out = value;
	return true;
}

static bool
skip(struct view *in, size_t n)
{
	if (n > in->len)
		return false;
	in->bytes += n;
	in->len -= n;
	return true;
}

/*
 * A box: 4 bytes length of all of it (1: the next 8 bytes after the type are
 * the length; 0: it lasts to the end), 4 bytes type.
 */
static bool
next_box(struct view *in, uint32_t *out_type, struct view *out)
{
	struct view box = *in;
	uint32_t len32, high;
	uint64_t len;

	if (!number(&box, 4, &len32) || !number(&box, 4, out_type))
		return false;
	len = len32;
	if (len32 == 1) {
		if (!number(&box, 4, &high) || !number(&box, 4, &len32))
			return false;
		len = (uint64_t)high << 32 | len32;
	} else if (len32 == 0) {
		len = in->len;
	}
	if (len < (size_t)(box.bytes - in->bytes) || len > in->len)
		return false;
	box.len = (size_t)len - (size_t)(box.bytes - in->bytes);
	*out = box;
	return skip(in, (size_t)len);
}

/* colr: method 1 is a number; a profile of colours is taken for what the
 * number of components says. */
static void
read_colours(struct view box, struct jp2_header *out)
{
	uint32_t method, rest, number_of;

	if (!number(&box, 1, &method) || !number(&box, 2, &rest) ||
	    method != 1 || !number(&box, 4, &number_of) ||
	    out->colours != JP2_UNSAID)
		return;
	if (number_of == 16)
		out->colours = JP2_SRGB;
	else if (number_of == 17)
		out->colours = JP2_GREY;
	else if (number_of == 18)
		out->colours = JP2_SYCC;
}

/* res: boxes resc and resd, each a fraction and a power of ten, per metre. */
static void
read_resolution(struct view box, struct jp2_header *out)
{
	uint32_t type, up, down, other, power;
	struct view part;

	while (next_box(&box, &type, &part)) {
		double per_metre;

		if ((type != BOX('r', 'e', 's', 'c') &&
			type != BOX('r', 'e', 's', 'd')) ||
		    !number(&part, 2, &up) || !number(&part, 2, &down) ||
		    !number(&part, 4, &other) || !number(&part, 1, &power) ||
		    down == 0)
			continue;
		per_metre = (double)up / down;
		for (uint32_t i = 0; i < power && power < 10; i++)
			per_metre *= 10;
		out->dpi = raster_dpi(per_metre);
	}
}

static enum picture_reason
read_jp2h(struct view box, struct jp2_header *out)
{
	struct view part;
	uint32_t type;

	for (unsigned i = 0; i < MAX_BOXES && next_box(&box, &type, &part);
	     i++) {
		if (type == BOX('p', 'c', 'l', 'r'))
			return PICTURE_R_COLOURS;
		if (type == BOX('c', 'o', 'l', 'r'))
			read_colours(part, out);
		if (type == BOX('r', 'e', 's', ' '))
			read_resolution(part, out);
	}
	return PICTURE_R_NONE;
}

static enum picture_reason
find_codestream(const uint8_t *bytes, size_t len, struct jp2_header *out)
{
	struct view in = { bytes, len }, box;
	uint32_t type;

	if (len >= 2 && bytes[0] == 0xFF) {
		out->codestream = bytes;
		out->codestream_len = len;
		return PICTURE_R_NONE;
	}
	for (unsigned i = 0; i < MAX_BOXES; i++) {
		enum picture_reason reason = PICTURE_R_NONE;

		/* Also a box that is longer than what is there. */
		if (!next_box(&in, &type, &box))
			return PICTURE_R_CUT;
		if (type == BOX('j', 'p', '2', 'h'))
			reason = read_jp2h(box, out);
		if (reason != PICTURE_R_NONE)
			return reason;
		if (type != BOX('j', 'p', '2', 'c'))
			continue;
		out->codestream = box.bytes;
		out->codestream_len = box.len;
		return PICTURE_R_NONE;
	}
	return PICTURE_R_PARTS;
}

static enum picture_reason
read_component(struct view *in, struct jp2_header *out)
{
	uint32_t depth, dx, dy;

	if (!number(in, 1, &depth) || !number(in, 1, &dx) ||
	    !number(in, 1, &dy))
		return PICTURE_R_CUT;
	/* The highest bit says that samples have a sign. */
	if ((depth & 0x7F) + 1 > MAX_PRECISION)
		return PICTURE_R_SAMPLES;
	if (dx == 0 || dy == 0)
		return PICTURE_R_BROKEN;
	if (dx > MAX_SUB_SAMPLING || dy > MAX_SUB_SAMPLING)
		return PICTURE_R_SAMPLES;
	out->dx = dx > out->dx ? dx : out->dx;
	out->dy = dy > out->dy ? dy : out->dy;
	return PICTURE_R_NONE;
}

static bool
tiles_fit(const uint32_t size[2], const uint32_t tile[2],
    const uint32_t offset[2])
{
	uint64_t n = 1;

	for (int i = 0; i < 2; i++) {
		if (tile[i] == 0 || offset[i] >= size[i])
			return false;
		n *= ((uint64_t)size[i] - offset[i] + tile[i] - 1) / tile[i];
		if (n > MAX_TILES)
			return false;
	}
	return true;
}

/*
 *  0  2  FF4F      2  2  FF51      4  2  length     6  2  profile
 *  8  8  size     16  8  offset   24  8  tile      32  8  offset of tiles
 * 40  2  components, then 3 bytes for each: depth - 1, dx, dy
 */
static enum picture_reason
read_siz(struct jp2_header *out, uint64_t max_pixels)
{
	struct view in = { out->codestream, out->codestream_len };
	uint32_t soc, siz, len, profile, size[2], offset[2], tile[2],
	    tile_offset[2];
	enum picture_reason reason;

	if (!number(&in, 2, &soc) || !number(&in, 2, &siz) ||
	    !number(&in, 2, &len) || !number(&in, 2, &profile) ||
	    !number(&in, 4, &size[0]) || !number(&in, 4, &size[1]) ||
	    !number(&in, 4, &offset[0]) || !number(&in, 4, &offset[1]) ||
	    !number(&in, 4, &tile[0]) || !number(&in, 4, &tile[1]) ||
	    !number(&in, 4, &tile_offset[0]) ||
	    !number(&in, 4, &tile_offset[1]) ||
	    !number(&in, 2, &out->n_components))
		return PICTURE_R_CUT;
	if (soc != 0xFF4F || siz != 0xFF51)
		return PICTURE_R_BROKEN;
	if (offset[0] >= size[0] || offset[1] >= size[1])
		return PICTURE_R_NO_SIZE;
	out->width = size[0] - offset[0];
	out->height = size[1] - offset[1];
	reason = raster_check(out->width, out->height, max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	if (out->n_components == 0)
		return PICTURE_R_BROKEN;
	if (out->n_components > JP2_MAX_COMPONENTS)
		return PICTURE_R_COLOURS;
	if (!tiles_fit(size, tile, tile_offset))
		return PICTURE_R_PARTS;
	for (uint32_t i = 0; i < out->n_components; i++) {
		reason = read_component(&in, out);
		if (reason != PICTURE_R_NONE)
			return reason;
	}
	return PICTURE_R_NONE;
}

enum picture_reason
jp2_header_read(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct jp2_header *out)
{
	enum picture_reason reason;

	memset(out, 0, sizeof(*out));
	reason = find_codestream(bytes, len, out);
	return reason != PICTURE_R_NONE ? reason : read_siz(out, max_pixels);
}
