/*
 * What mrtd-decode writes on its standard output: a header, and after it the
 * pixels when the status is PICTURE_OK. Numbers are big-endian.
 *
 *    0  8  "MRTDPIX1"
 *    8  1  status, an enum picture_error
 *    9  1  reason, an enum picture_reason
 *   10  1  format, an enum picture_format
 *   11  1  channels, 1 or 3
 *   12  1  orientation that was undone, 1 to 8
 *   13  1  1 when a filter of system calls was on
 *   14  2  zero
 *   16  4  width         20  4  height
 *   24  4  dots per inch, 0 when unknown
 *   28  4  zero
 *
 * No words pass: the sentence for a reason is the reader's own.
 */
#ifndef MRTD_TOOL_PICTURE_WIRE_H
#define MRTD_TOOL_PICTURE_WIRE_H

#define PICTURE_WIRE_MAGIC "MRTDPIX1"
#define PICTURE_WIRE_LEN   32

/* What its arguments set, and what they are without. */
#define PICTURE_DEFAULT_PIXELS 100000000u
#define PICTURE_DEFAULT_MEMORY ((size_t)1 << 30)
#define PICTURE_DEFAULT_CPU_S  5u
#define PICTURE_MAX_INPUT      ((size_t)64 << 20)

/* X(NAME, "name") */
#define PICTURE_FORMATS(X)              \
	X(PICTURE_NO_FORMAT, "")        \
	X(PICTURE_JPEG, "jpeg")         \
	X(PICTURE_PNG, "png")           \
	X(PICTURE_JPEG2000, "jpeg2000") \
	X(PICTURE_TIFF, "tiff")         \
	X(PICTURE_WEBP, "webp")         \
	X(PICTURE_PNM, "pnm")

#define PICTURE_FORMAT_ROW(name, text) name,
enum picture_format {
	PICTURE_FORMATS(PICTURE_FORMAT_ROW) PICTURE_N_FORMATS
};
#undef PICTURE_FORMAT_ROW

/* X(NAME, "what a person is told") */
#define PICTURE_REASONS(X)                                                \
	X(PICTURE_R_NONE, "")                                             \
	X(PICTURE_R_NO_FORMAT, "no picture in a format that is read")     \
	X(PICTURE_R_EMPTY, "there are no bytes")                          \
	X(PICTURE_R_BROKEN, "the picture is broken")                      \
	X(PICTURE_R_CUT, "the picture is cut off")                        \
	X(PICTURE_R_SIZE, "the picture has more pixels than are allowed") \
	X(PICTURE_R_NO_SIZE, "the picture has no width or no height")     \
	X(PICTURE_R_INPUT, "the file has more bytes than are allowed")    \
	X(PICTURE_R_SAMPLES,                                              \
	    "the picture has samples of a kind that is not read")         \
	X(PICTURE_R_COLOURS,                                              \
	    "the picture has colours of a kind that is not read")         \
	X(PICTURE_R_PACKING,                                              \
	    "the picture is packed in a way that is not read")            \
	X(PICTURE_R_PARTS, "the picture has more parts than are allowed") \
	X(PICTURE_R_ANIMATED, "the picture moves: save one frame of it")  \
	X(PICTURE_R_MEMORY, "decoding wants more memory than is allowed") \
	X(PICTURE_R_INTERNAL, "mrtd-decode could not confine itself")

#define PICTURE_REASON_ROW(name, text) name,
enum picture_reason {
	PICTURE_REASONS(PICTURE_REASON_ROW) PICTURE_N_REASONS
};
#undef PICTURE_REASON_ROW

#endif
