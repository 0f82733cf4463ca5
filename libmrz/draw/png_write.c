/*
 * PNG (ISO/IEC 15948) by zlib: one IDAT, 8 bits a channel or a palette. The
 * format is small; a library for it would hand its errors over by longjmp.
 */
#include "draw.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PALETTE_MAX    256
#define HASH_SLOTS     1024 /* a power of two, four times the palette */
#define CHUNK_EXTRA    12   /* length, type, CRC */
#define N_FILTERS      5
#define PER_METRE(dpi) (((uint64_t)(dpi)*10000 + 127) / 254)

static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A,
	'\n' };

/* The colours of a picture that has few; n is 0 when it has many. */
struct palette {
	unsigned n;
	uint8_t rgb[PALETTE_MAX][3];
	int16_t slots[HASH_SLOTS]; /* index, or -1 */
};

struct writer {
	uint8_t *bytes;
	size_t len;
};

/* The index of a colour; a new one is added; -1 when there is no room. */
static int
palette_index(struct palette *palette, const uint8_t *rgb)
{
	uint32_t key = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
	uint32_t slot = key * 2654435761u >> 22;

	while (palette->slots[slot] >= 0) {
		if (memcmp(palette->rgb[palette->slots[slot]], rgb, 3) == 0)
			return palette->slots[slot];
		slot = (slot + 1) % HASH_SLOTS;
	}
	if (palette->n == PALETTE_MAX)
		return -1;
	memcpy(palette->rgb[palette->n], rgb, 3);
	palette->slots[slot] = (int16_t)palette->n;
	return (int)palette->n++;
}

static void
palette_find(const struct mrz_image *image, struct palette *palette)
{
	uint32_t x, y;

	palette->n = 0;
	memset(palette->slots, 0xFF, sizeof(palette->slots));
	if (image->channels != 3)
		return;
	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++) {
			if (palette_index(palette, image->pixels +
						       y * image->stride +
						       3 * (size_t)x) < 0) {
				palette->n = 0;
				return;
			}
		}
	}
}

static uint8_t
paeth(int left, int above, int corner)
{
	int p = left + above - corner;
	int a = abs(p - left), b = abs(p - above), c = abs(p - corner);

	return (uint8_t)(a <= b && a <= c ? left : b <= c ? above : corner);
}

/* What a filter expects of a byte from its neighbours. */
static unsigned
expect(unsigned filter, uint8_t left, uint8_t up, uint8_t corner)
{
	switch (filter) {
	case 1:
		return left;
	case 2:
		return up;
	case 3:
		return (left + up) / 2u;
	case 4:
		return paeth(left, up, corner);
	default:
		return 0;
	}
}

/* One row through one filter; above and what is left of the row are 0. */
static void
filter_row(unsigned filter, const uint8_t *row, const uint8_t *above,
    size_t len, size_t step, uint8_t *out)
{
	uint8_t left, up, corner;
	size_t i;

	for (i = 0; i < len; i++) {
		left = i >= step ? row[i - step] : 0;
		up = above != NULL ? above[i] : 0;
		corner = above != NULL && i >= step ? above[i - step] : 0;
		out[i] = (uint8_t)(row[i] - expect(filter, left, up, corner));
	}
}

/* The usual guess at what compresses well: small differences. */
static uint64_t
roughness(const uint8_t *bytes, size_t len)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += bytes[i] < 128 ? bytes[i] : 256u - bytes[i];
	return sum;
}

/* The filtered row after its filter's number; scratch holds len bytes. */
static void
best_filter(const uint8_t *row, const uint8_t *above, size_t len, size_t step,
    uint8_t *scratch, uint8_t *out)
{
	uint64_t best = UINT64_MAX, sum;
	unsigned filter;

	for (filter = 0; filter < N_FILTERS; filter++) {
		filter_row(filter, row, above, len, step, scratch);
		sum = roughness(scratch, len);
		if (sum >= best)
			continue;
		best = sum;
		out[0] = (uint8_t)filter;
		memcpy(out + 1, scratch, len);
	}
}

static void
index_row(struct palette *palette, const uint8_t *row, uint32_t width,
    uint8_t *out)
{
	uint32_t x;

	out[0] = 0;
	for (x = 0; x < width; x++)
		out[1 + x] = (uint8_t)palette_index(palette,
		    row + 3 * (size_t)x);
}

/* All rows as zlib wants them: a filter number before each. */
static enum mrz_error
raw_rows(const struct mrz_image *image, struct palette *palette, uint8_t **out,
    size_t *out_len)
{
	size_t row_len = palette->n > 0
			     ? image->width
			     : (size_t)image->width * image->channels;
	uint8_t *raw = malloc((row_len + 1) * image->height);
	uint8_t *scratch = malloc(row_len + 1);
	const uint8_t *row;
	uint32_t y;

	*out = raw;
	*out_len = (row_len + 1) * image->height;
	if (raw == NULL || scratch == NULL) {
		free(raw);
		free(scratch);
		return MRZ_E_NO_MEMORY;
	}
	for (y = 0; y < image->height; y++) {
		row = image->pixels + y * image->stride;
		if (palette->n > 0)
			index_row(palette, row, image->width,
			    raw + y * (row_len + 1));
		else
			best_filter(row, y > 0 ? row - image->stride : NULL,
			    row_len, image->channels, scratch,
			    raw + y * (row_len + 1));
	}
	explicit_bzero(scratch, row_len);
	free(scratch);
	return MRZ_OK;
}

static void
put_u32(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)(value >> 24);
	out[1] = (uint8_t)(value >> 16);
	out[2] = (uint8_t)(value >> 8);
	out[3] = (uint8_t)value;
}

/* A chunk whose data are at bytes + len + 8 already, or are copied there. */
static void
put_chunk(struct writer *writer, const char *type, const uint8_t *data,
    size_t len)
{
	uint8_t *out = writer->bytes + writer->len;

	put_u32(out, (uint32_t)len);
	memcpy(out + 4, type, 4);
	if (data != NULL)
		memcpy(out + 8, data, len);
	put_u32(out + 8 + len,
	    (uint32_t)crc32(crc32(0, NULL, 0), out + 4, (uInt)(len + 4)));
	writer->len += len + CHUNK_EXTRA;
}

static void
put_head(struct writer *writer, const struct mrz_image *image,
    const struct palette *palette)
{
	uint8_t head[13] = { 0 }, phys[9];

	memcpy(writer->bytes, signature, sizeof(signature));
	writer->len = sizeof(signature);
	put_u32(head, image->width);
	put_u32(head + 4, image->height);
	head[8] = 8;
	head[9] = palette->n > 0 ? 3 : image->channels == 3 ? 2 : 0;
	put_chunk(writer, "IHDR", head, sizeof(head));
	if (image->dpi > 0 && PER_METRE(image->dpi) <= INT32_MAX) {
		put_u32(phys, (uint32_t)PER_METRE(image->dpi));
		put_u32(phys + 4, (uint32_t)PER_METRE(image->dpi));
		phys[8] = 1;
		put_chunk(writer, "pHYs", phys, sizeof(phys));
	}
	if (palette->n > 0)
		put_chunk(writer, "PLTE", palette->rgb[0],
		    (size_t)palette->n * 3);
}

/* Memory for zlib, which leaves pieces of the picture in it: its size stands
 * before it, and it is wiped. */
static voidpf
wipe_alloc(voidpf self, uInt n, uInt size)
{
	size_t len = (size_t)n * size + sizeof(max_align_t);
	uint8_t *block = malloc(len);

	(void)self;
	if (block == NULL)
		return NULL;
	memcpy(block, &len, sizeof(len));
	return block + sizeof(max_align_t);
}

static void
wipe_free(voidpf self, voidpf at)
{
	uint8_t *block = (uint8_t *)at - sizeof(max_align_t);
	size_t len;

	(void)self;
	memcpy(&len, block, sizeof(len));
	explicit_bzero(block, len);
	free(block);
}

/* All of it at once; *len is the room first, and what was needed then. A
 * picture has less than 4 GiB. */
static bool
pack(uint8_t *raw, size_t raw_len, uint8_t *out, size_t *len)
{
	z_stream stream = { .zalloc = wipe_alloc,
		.zfree = wipe_free,
		.next_in = raw,
		.avail_in = (uInt)raw_len,
		.next_out = out,
		.avail_out = (uInt)*len };
	bool done;

	if (raw_len > UINT_MAX || *len > UINT_MAX ||
	    deflateInit(&stream, Z_BEST_COMPRESSION) != Z_OK)
		return false;
	done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	*len = stream.total_out;
	return deflateEnd(&stream) == Z_OK && done;
}

enum mrz_error
mrz_image_png(const struct mrz_image *image, uint8_t **out, size_t *out_len)
{
	struct palette palette;
	struct writer writer = { 0 };
	uint8_t *raw = NULL;
	enum mrz_error error;
	size_t raw_len = 0;
	size_t packed;

	*out = NULL;
	*out_len = 0;
	palette_find(image, &palette);
	error = raw_rows(image, &palette, &raw, &raw_len);
	if (error != MRZ_OK)
		return error;
	packed = (size_t)compressBound(raw_len);
	writer.bytes = malloc(sizeof(signature) + 5 * CHUNK_EXTRA + 13 + 9 +
			      sizeof(palette.rgb) + packed);
	error = MRZ_E_NO_MEMORY;
	if (writer.bytes == NULL)
		goto out;
	put_head(&writer, image, &palette);
	if (!pack(raw, raw_len, writer.bytes + writer.len + 8, &packed))
		goto out;
	put_chunk(&writer, "IDAT", NULL, packed);
	put_chunk(&writer, "IEND", NULL, 0);
	*out = writer.bytes;
	*out_len = writer.len;
	writer.bytes = NULL;
	error = MRZ_OK;
out:
	explicit_bzero(raw, raw_len);
	free(raw);
	free(writer.bytes);
	return error;
}
