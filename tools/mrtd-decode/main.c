/* mrtd-decode: a picture on standard input, plain pixels on standard output. */
#include "confine.h"
#include "decode.h"
#include "exit_codes.h"
#include "picture.h"
#include "picture_kind.h"
#include "picture_wire.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_BLOCK ((size_t)1 << 16)
#define MAX_NUMBER  1000000000000ull

struct settings {
	uint64_t pixels;
	uint64_t memory;
	uint64_t cpu_s;
	bool verbose;
};

static const char help[] =
    "Usage: mrtd-decode [OPTION...] < PICTURE > PIXELS\n"
    "\n"
    "Decode a picture (JPEG, PNG, JPEG 2000, TIFF, WebP, PNM) of unknown\n"
    "origin under limits of memory and time. Started by the programs of\n"
    "mrtdkit, not by people.\n"
    "\n"
    "Options:\n"
    "      --pixels N    refuse more than N pixels (100000000)\n"
    "      --memory N    address space in bytes (1073741824)\n"
    "      --seconds N   processor time (5)\n"
    "  -v, --verbose     say on standard error what went on\n"
    "  -h, --help        print this help\n"
    "      --version     print the version\n"
    "\n"
    "Exit status:\n"
    "  0  the pixels were written\n"
    "  2  wrong use of the command line\n"
    "  3  it could not confine itself, or not write\n"
    "  5  the picture was refused; the output says why\n"
    "\n"
    "More in mrtd-decode(8).\n";

static enum picture_error
error_of(enum picture_reason reason)
{
	switch (reason) {
	case PICTURE_R_NONE:
		return PICTURE_OK;
	case PICTURE_R_NO_FORMAT:
	case PICTURE_R_EMPTY:
		return PICTURE_UNKNOWN;
	case PICTURE_R_SIZE:
	case PICTURE_R_INPUT:
	case PICTURE_R_PARTS:
		return PICTURE_TOO_LARGE;
	case PICTURE_R_MEMORY:
		return PICTURE_MEMORY;
	case PICTURE_R_INTERNAL:
		return PICTURE_NO_HELPER;
	default:
		return PICTURE_MALFORMED;
	}
}

static bool
parse_number(const char *text, uint64_t *out)
{
	char *end = NULL;
	unsigned long long value;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || value == 0 || value > MAX_NUMBER)
		return false;
	*out = value;
	return true;
}

/* -1 to go on, or an exit code. */
static int
parse_arguments(int argc, char **argv, struct settings *settings)
{
	enum {
		PIXELS = 256,
		MEMORY,
		SECONDS,
		VERSION
	};
	static const struct option options[] = {
		{ "pixels", required_argument, NULL, PIXELS },
		{ "memory", required_argument, NULL, MEMORY },
		{ "seconds", required_argument, NULL, SECONDS },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, VERSION },
		{ NULL, 0, NULL, 0 },
	};
	bool good = true;
	int id;

	while (
	    good && (id = getopt_long(argc, argv, "vh", options, NULL)) != -1) {
		if (id == 'h' || id == VERSION) {
			fputs(id == 'h' ? help
					: "mrtd-decode " MRTD_VERSION "\n",
			    stdout);
			return fflush(stdout) == 0 ? EXIT_GOOD
						   : EXIT_ENVIRONMENT;
		}
		if (id == 'v')
			settings->verbose = true;
		else if (id == PIXELS)
			good = parse_number(optarg, &settings->pixels);
		else if (id == MEMORY)
			good = parse_number(optarg, &settings->memory);
		else if (id == SECONDS)
			good = parse_number(optarg, &settings->cpu_s) &&
			       settings->cpu_s < 100000;
		else
			return EXIT_USAGE;
	}
	if (good && optind == argc)
		return -1;
	fputs("mrtd-decode: wrong arguments; see mrtd-decode --help\n", stderr);
	return EXIT_USAGE;
}

static bool
write_all(void *self, const uint8_t *bytes, size_t len)
{
	(void)self;
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* All of standard input. */
static enum picture_reason
read_all(uint8_t **out, size_t *out_len)
{
	size_t cap = 0, len = 0;
	uint8_t *bytes = NULL, *more;

	for (;;) {
		ssize_t n;

		if (len == cap) {
			cap = cap == 0 ? FIRST_BLOCK : cap * 2;
			more = realloc(bytes, cap);
			if (more == NULL)
				break;
			bytes = more;
		}
		n = read(STDIN_FILENO, bytes + len, cap - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			*out = bytes;
			*out_len = len;
			return n < 0 ? PICTURE_R_CUT : PICTURE_R_NONE;
		}
		len += (size_t)n;
		if (len > PICTURE_MAX_INPUT) {
			free(bytes);
			return PICTURE_R_INPUT;
		}
	}
	free(bytes);
	return PICTURE_R_MEMORY;
}

static void
put_u32(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)(value >> 24);
	out[1] = (uint8_t)(value >> 16);
	out[2] = (uint8_t)(value >> 8);
	out[3] = (uint8_t)value;
}

static bool
answer(enum picture_reason reason, enum picture_format format, bool filtered,
    const struct raster *raster)
{
	uint8_t header[PICTURE_WIRE_LEN] = PICTURE_WIRE_MAGIC;
	uint32_t width = 0, height = 0;

	header[8] = (uint8_t)error_of(reason);
	header[9] = (uint8_t)reason;
	header[10] = (uint8_t)format;
	header[13] = filtered;
	if (reason != PICTURE_R_NONE)
		return write_all(NULL, header, sizeof(header));
	raster_upright_size(raster, &width, &height);
	header[11] = (uint8_t)raster->channels;
	header[12] = (uint8_t)raster->orientation;
	put_u32(header + 16, width);
	put_u32(header + 20, height);
	put_u32(header + 24, raster->dpi);
	return write_all(NULL, header, sizeof(header)) &&
	       raster_put_upright(raster, write_all, NULL);
}

static void
say(const struct settings *settings, const char *text)
{
	/* By hand: stdio might ask the kernel what is not allowed. */
	if (settings->verbose)
		(void)!write(STDERR_FILENO, text, strlen(text));
}

static void
say_refusal(const struct settings *settings, enum picture_reason reason)
{
	say(settings, "mrtd-decode: ");
	say(settings, picture_reason_text(reason));
	say(settings, "\n");
}

int
main(int argc, char **argv)
{
	struct settings settings = { PICTURE_DEFAULT_PIXELS,
		PICTURE_DEFAULT_MEMORY, PICTURE_DEFAULT_CPU_S, false };
	enum picture_format format = PICTURE_NO_FORMAT;
	enum picture_reason reason;
	struct confinement limits;
	struct raster raster = { 0 };
	bool filtered = false;
	uint8_t *bytes = NULL;
	size_t len = 0;
	int done = parse_arguments(argc, argv, &settings);

	if (done >= 0)
		return done;
	limits = (struct confinement){ (size_t)settings.memory,
		(unsigned)settings.cpu_s,
		settings.pixels * 3 + PICTURE_WIRE_LEN };
	if (!confine(&limits, &filtered)) {
		(void)answer(PICTURE_R_INTERNAL, format, false, NULL);
		return EXIT_ENVIRONMENT;
	}
	if (!filtered)
		say(&settings, "mrtd-decode: no filter of system calls\n");
	reason = read_all(&bytes, &len);
	if (reason == PICTURE_R_NONE)
		reason = decode_picture(bytes, len, settings.pixels, &format,
		    &raster);
	if (reason != PICTURE_R_NONE)
		say_refusal(&settings, reason);
	if (!answer(reason, format, filtered, &raster))
		done = EXIT_ENVIRONMENT;
	else
		done = reason == PICTURE_R_NONE ? EXIT_GOOD : EXIT_MALFORMED;
	free(bytes);
	raster_free(&raster);
	return done;
}
