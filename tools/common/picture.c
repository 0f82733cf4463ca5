#include "picture.h"

#include "picture_kind.h"
#include "picture_process.h"
#include "picture_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ERRORS (PICTURE_NO_HELPER + 1)

static enum picture_error
refuse(enum picture_error error, const char *text, char why[PICTURE_WHY_CAP])
{
	snprintf(why, PICTURE_WHY_CAP, "%s", text);
	return error;
}

static uint32_t
u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static const char nonsense[] = "mrtd-decode answered with nonsense";

/* What the helper says of its result, held against the limits: it has read
 * hostile bytes and may be anybody's by now. */
static enum picture_error
take_header(const uint8_t header[PICTURE_WIRE_LEN],
    const struct picture_limits *limits, struct picture *out,
    char why[PICTURE_WHY_CAP])
{
	unsigned status = header[8], format = header[10];
	uint64_t pixels;

	if (memcmp(header, PICTURE_WIRE_MAGIC, 8) != 0 || status >= N_ERRORS)
		return refuse(PICTURE_CRASHED, nonsense, why);
	if (status != PICTURE_OK) {
		const char *text = picture_reason_text(header[9]);

		return text[0] == '\0'
			   ? refuse(PICTURE_CRASHED, nonsense, why)
			   : refuse((enum picture_error)status, text, why);
	}
	out->width = u32(header + 16);
	out->height = u32(header + 20);
	out->dpi = u32(header + 24);
	out->channels = header[11];
	out->orientation = header[12];
	out->filtered = header[13] == 1;
	pixels = (uint64_t)out->width * out->height;
	if (format == PICTURE_NO_FORMAT || format >= PICTURE_N_FORMATS ||
	    (out->channels != 1 && out->channels != 3) ||
	    out->orientation < 1 || out->orientation > 8 || pixels == 0 ||
	    pixels > limits->pixels || pixels > SIZE_MAX / 3)
		return refuse(PICTURE_CRASHED, nonsense, why);
	snprintf(out->format, sizeof(out->format), "%s",
	    picture_format_name((enum picture_format)format));
	out->len = (size_t)pixels * out->channels;
	return PICTURE_OK;
}

static enum picture_error
take_output(struct picture_process *process,
    const struct picture_limits *limits, struct picture *out,
    char why[PICTURE_WHY_CAP])
{
	uint8_t header[PICTURE_WIRE_LEN];
	enum picture_error error;

	error = picture_process_read(process, header, sizeof(header), why);
	if (error == PICTURE_OK)
		error = take_header(header, limits, out, why);
	if (error != PICTURE_OK)
		return error;
	out->pixels = malloc(out->len);
	if (out->pixels == NULL)
		return refuse(PICTURE_MEMORY,
		    "there is no memory for so many pixels", why);
	error = picture_process_read(process, out->pixels, out->len, why);
	if (error == PICTURE_OK)
		error = picture_process_end(process, why);
	return error;
}

static struct picture_limits
effective(const struct picture_limits *limits)
{
	struct picture_limits set = { 0 };

	if (limits != NULL)
		set = *limits;
	if (set.input == 0 || set.input > PICTURE_MAX_INPUT)
		set.input = PICTURE_MAX_INPUT;
	if (set.pixels == 0)
		set.pixels = PICTURE_DEFAULT_PIXELS;
	if (set.memory == 0)
		set.memory = PICTURE_DEFAULT_MEMORY;
	if (set.cpu_s == 0)
		set.cpu_s = PICTURE_DEFAULT_CPU_S;
	if (set.wall_ms == 0)
		set.wall_ms = 10000;
	return set;
}

enum picture_error
picture_decode(const uint8_t *bytes, size_t len,
    const struct picture_limits *limits, struct picture *out,
    char why[PICTURE_WHY_CAP])
{
	struct picture_limits set = effective(limits);
	struct picture_process process;
	enum picture_error error;

	memset(out, 0, sizeof(*out));
	why[0] = '\0';
	if (len == 0)
		return refuse(PICTURE_UNKNOWN,
		    picture_reason_text(PICTURE_R_EMPTY), why);
	if (!picture_is_one(bytes, len))
		return refuse(PICTURE_UNKNOWN,
		    picture_reason_text(PICTURE_R_NO_FORMAT), why);
	if (len > set.input)
		return refuse(PICTURE_TOO_LARGE,
		    picture_reason_text(PICTURE_R_INPUT), why);
	error = picture_process_start(&process, bytes, len, &set, why);
	if (error != PICTURE_OK)
		return error;
	error = take_output(&process, &set, out, why);
	picture_process_stop(&process);
	if (error != PICTURE_OK)
		picture_free(out);
	return error;
}

void
picture_free(struct picture *picture)
{
	if (picture->pixels != NULL)
		explicit_bzero(picture->pixels, picture->len);
	free(picture->pixels);
	memset(picture, 0, sizeof(*picture));
}
