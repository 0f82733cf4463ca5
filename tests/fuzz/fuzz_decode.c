/*
 * Every decoder of mrtd-decode, in this process: a picture within its limits,
 * all of its pixels there, or a reason.
 */
#include "decode.h"

#include <stdlib.h>

#define MAX_PIXELS 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* As under a limit of the address space. */
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=512";
}

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
count(void *self, const uint8_t *bytes, size_t len)
{
	size_t *seen = self;
	volatile uint8_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	*seen += len;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum picture_format format;
	enum picture_reason reason;
	struct raster raster;
	size_t seen = 0;

	reason = decode_picture(data, size, MAX_PIXELS, &format, &raster);
	if (reason != PICTURE_R_NONE) {
		check(reason < PICTURE_N_REASONS && raster.pixels == NULL);
		return 0;
	}
	check(format != PICTURE_NO_FORMAT && format < PICTURE_N_FORMATS);
	check(raster.channels == 1 || raster.channels == 3);
	check(raster.orientation >= 1 && raster.orientation <= 8);
	check((uint64_t)raster.width * raster.height <= MAX_PIXELS);
	check(raster.len ==
	      (size_t)raster.width * raster.height * raster.channels);
	check(raster_put_upright(&raster, count, &seen) && seen == raster.len);
	raster_free(&raster);
	return 0;
}
