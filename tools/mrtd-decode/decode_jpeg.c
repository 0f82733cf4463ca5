/* JPEG, by libjpeg. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#include "decode.h"
#include "exif.h"

#define MAX_SCANS 200 /* of a progressive picture; ten are usual */

struct jpeg {
	struct jpeg_decompress_struct info; /* first: libjpeg hands it back */
	struct jpeg_error_mgr error;
	struct jpeg_source_mgr source;
	struct jpeg_progress_mgr progress;
	jmp_buf failed;
	enum picture_reason reason;
	uint64_t max_pixels;
	bool ran_out;
	struct raster *out;
};

static struct jpeg *
whole(j_common_ptr info)
{
	return info->client_data;
}

static void
give_up(j_common_ptr info, enum picture_reason reason)
{
	whole(info)->reason = reason;
	longjmp(whole(info)->failed, 1);
}

static void
on_error(j_common_ptr info)
{
	switch (info->err->msg_code) {
	case JERR_OUT_OF_MEMORY:
		give_up(info, PICTURE_R_MEMORY);
		break;
	case JERR_IMAGE_TOO_BIG:
		give_up(info, PICTURE_R_SIZE);
		break;
	case JERR_EMPTY_IMAGE:
		give_up(info, PICTURE_R_NO_SIZE);
		break;
	case JERR_SOF_UNSUPPORTED:
	case JERR_BAD_PRECISION:
		give_up(info, PICTURE_R_SAMPLES);
		break;
	default:
		give_up(info,
		    whole(info)->ran_out ? PICTURE_R_CUT : PICTURE_R_BROKEN);
	}
}

/* libjpeg makes up what is wrong or missing and goes on; a made-up document
 * is worse than none. Oddities that leave the pixels alone pass. */
static void
on_message(j_common_ptr info, int level)
{
	if (level >= 0)
		return;
	switch (info->err->msg_code) {
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_ARITH_BAD_CODE:
	case JWRN_MUST_RESYNC:
	case JWRN_NOT_SEQUENTIAL:
		give_up(info,
		    whole(info)->ran_out ? PICTURE_R_CUT : PICTURE_R_BROKEN);
		break;
	default:
		break;
	}
}

static void
on_output(j_common_ptr info)
{
	(void)info;
}

static void
on_progress(j_common_ptr info)
{
	if (whole(info)->info.input_scan_number > MAX_SCANS)
		give_up(info, PICTURE_R_PARTS);
}

static void
source_begin(j_decompress_ptr info)
{
	(void)info;
}

/* All bytes were there from the start. A picture that lacks nothing but the
 * mark of its end is whole: it ends here. */
static boolean
source_fill(j_decompress_ptr info)
{
	static const JOCTET end[2] = { 0xFF, JPEG_EOI };

	whole((j_common_ptr)info)->ran_out = true;
	info->src->next_input_byte = end;
	info->src->bytes_in_buffer = sizeof(end);
	return TRUE;
}

static void
source_skip(j_decompress_ptr info, long n)
{
	if (n <= 0)
		return;
	if ((size_t)n > info->src->bytes_in_buffer) {
		(void)source_fill(info);
		return;
	}
	info->src->next_input_byte += n;
	info->src->bytes_in_buffer -= (size_t)n;
}

static void
set_up(struct jpeg *j, const uint8_t *bytes, size_t len)
{
	j->info.err = jpeg_std_error(&j->error);
	j->error.error_exit = on_error;
	j->error.emit_message = on_message;
	j->error.output_message = on_output;
	j->source = (struct jpeg_source_mgr){
		.next_input_byte = bytes,
		.bytes_in_buffer = len,
		.init_source = source_begin,
		.fill_input_buffer = source_fill,
		.skip_input_data = source_skip,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = source_begin,
	};
	j->progress.progress_monitor = on_progress;
}

static unsigned
orientation(const struct jpeg *j)
{
	for (jpeg_saved_marker_ptr m = j->info.marker_list; m != NULL;
	     m = m->next) {
		unsigned found = exif_orientation_app1(m->data, m->data_length);

		if (found != 0)
			return found;
	}
	return 1;
}

static uint32_t
dpi(const struct jpeg *j)
{
	if (!j->info.saw_JFIF_marker || j->info.density_unit == 0)
		return 0;
	return raster_dpi(j->info.X_density *
			  (j->info.density_unit == 1 ? 1 / 0.0254 : 100.0));
}

/* Four inks to three lights, in place at the front of the row. Adobe stores
 * them the other way round. */
static void
cmyk_row(uint8_t *row, uint32_t width, bool inverted)
{
	for (uint32_t x = 0; x < width; x++) {
		unsigned flip = inverted ? 0 : 255;
		unsigned black = row[4 * x + 3] ^ flip;

		for (uint32_t i = 0; i < 3; i++)
			row[3 * x + i] = (uint8_t)((row[4 * x + i] ^ flip) *
						   black / 255);
	}
}

static enum picture_reason
choose_colours(struct jpeg *j, uint32_t *out_channels)
{
	*out_channels = 3;
	switch (j->info.jpeg_color_space) {
	case JCS_GRAYSCALE:
		j->info.out_color_space = JCS_GRAYSCALE;
		*out_channels = 1;
		return PICTURE_R_NONE;
	case JCS_YCbCr:
	case JCS_RGB:
		j->info.out_color_space = JCS_RGB;
		return PICTURE_R_NONE;
	case JCS_CMYK:
	case JCS_YCCK:
		j->info.out_color_space = JCS_CMYK;
		return PICTURE_R_NONE;
	default:
		return PICTURE_R_COLOURS;
	}
}

static void
read_rows(struct jpeg *j, uint8_t *ink_row)
{
	size_t row_len = (size_t)j->out->width * j->out->channels;

	while (j->info.output_scanline < j->info.output_height) {
		uint8_t *out = j->out->pixels +
			       j->info.output_scanline * row_len;
		JSAMPROW row = ink_row != NULL ? ink_row : out;

		jpeg_read_scanlines(&j->info, &row, 1);
		if (ink_row == NULL)
			continue;
		cmyk_row(ink_row, j->out->width, j->info.saw_Adobe_marker);
		for (size_t i = 0; i < row_len; i++)
			out[i] = ink_row[i];
	}
}

/* Leaves by longjmp on any error. */
static enum picture_reason
read_picture(struct jpeg *j)
{
	enum picture_reason reason;
	uint32_t channels = 0;
	uint8_t *ink_row = NULL;

	jpeg_create_decompress(&j->info);
	j->info.src = &j->source;
	j->info.progress = &j->progress;
	jpeg_save_markers(&j->info, JPEG_APP0 + 1, 0xFFFF);
	(void)jpeg_read_header(&j->info, TRUE);
	reason = raster_check(j->info.image_width, j->info.image_height,
	    j->max_pixels);
	if (reason == PICTURE_R_NONE)
		reason = choose_colours(j, &channels);
	if (reason == PICTURE_R_NONE)
		reason = raster_new(j->out, j->info.image_width,
		    j->info.image_height, channels, j->max_pixels);
	if (reason != PICTURE_R_NONE)
		return reason;
	j->out->orientation = orientation(j);
	j->out->dpi = dpi(j);
	(void)jpeg_start_decompress(&j->info);
	/* Of libjpeg's memory, so that longjmp leaks nothing. */
	if (j->info.out_color_space == JCS_CMYK)
		ink_row = (*j->info.mem->alloc_large)((j_common_ptr)&j->info,
		    JPOOL_IMAGE, (size_t)j->info.output_width * 4);
	read_rows(j, ink_row);
	return PICTURE_R_NONE;
}

enum picture_reason
decode_jpeg(const uint8_t *bytes, size_t len, uint64_t max_pixels,
    struct raster *out)
{
	struct jpeg *j = calloc(1, sizeof(*j));
	enum picture_reason reason;

	if (j == NULL)
		return PICTURE_R_MEMORY;
	j->max_pixels = max_pixels;
	j->out = out;
	j->info.client_data = j;
	set_up(j, bytes, len);
	if (setjmp(j->failed) == 0)
		j->reason = read_picture(j);
	jpeg_destroy_decompress(&j->info);
	reason = j->reason;
	free(j);
	return reason;
}
