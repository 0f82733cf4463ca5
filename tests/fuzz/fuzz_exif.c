/* The orientation of a picture: always one of the eight. */
#include "exif.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned orientation = exif_orientation(data, size);

	if (orientation < 1 || orientation > 8 ||
	    exif_orientation_app1(data, size) > 8)
		abort();
	return 0;
}
