#include "exif.h"

#include <stdbool.h>
#include <string.h>

/*
 *  0  2  "II" little-endian, "MM" big-endian
 *  2  2  42
 *  4  4  where the first directory is
 *
 * A directory: 2 bytes count, then entries of 12 bytes each:
 *  0  2  tag     2  2  type     4  4  number of values     8  4  value
 */
#define HEADER_LEN      8
#define ENTRY_LEN       12
#define MAX_ENTRIES     1000
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT      3
#define TYPE_LONG       4

struct exif {
	const uint8_t *bytes;
	size_t len;
	bool big_endian;
};

/* A number of n bytes at a place; false when it is not inside. */
static bool
number(const struct exif *exif, size_t at, size_t n, uint32_t *out)
{
	uint32_t value = 0;

	if (at > exif->len || n > exif->len - at)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t j = exif->big_endian ? i : n - 1 - i;

		value = value << 8 | exif->bytes[at + j];
	}
	*out = value;
	return true;
}

/* 0 when it is not the entry, or makes no sense. */
static unsigned
entry_orientation(const struct exif *exif, size_t at)
{
	uint32_t tag, type, n, value;

	if (!number(exif, at, 2, &tag) || tag != TAG_ORIENTATION ||
	    !number(exif, at + 2, 2, &type) || !number(exif, at + 4, 4, &n) ||
	    n != 1)
		return 0;
	if (type != TYPE_SHORT && type != TYPE_LONG)
		return 0;
	if (!number(exif, at + 8, type == TYPE_SHORT ? 2 : 4, &value))
		return 0;
	return value >= 1 && value <= 8 ? value : 0;
}

unsigned
exif_orientation(const uint8_t *bytes, size_t len)
{
	struct exif exif = { bytes, len, false };
	uint32_t magic, directory, n;

	if (len < HEADER_LEN)
		return 1;
	exif.big_endian = memcmp(bytes, "MM", 2) == 0;
	if (!exif.big_endian && memcmp(bytes, "II", 2) != 0)
		return 1;
	if (!number(&exif, 2, 2, &magic) || magic != 42 ||
	    !number(&exif, 4, 4, &directory) ||
	    !number(&exif, directory, 2, &n))
		return 1;
	if (n > MAX_ENTRIES)
		n = MAX_ENTRIES;
	for (uint32_t i = 0; i < n; i++) {
		/* directory is inside: nothing here overflows. */
		unsigned found = entry_orientation(&exif,
		    (size_t)directory + 2 + (size_t)i * ENTRY_LEN);

		if (found != 0)
			return found;
	}
	return 1;
}

unsigned
exif_orientation_app1(const uint8_t *bytes, size_t len)
{
	static const char mark[] = "Exif\0"; /* and the NUL behind it */

	if (len < sizeof(mark) || memcmp(bytes, mark, sizeof(mark)) != 0)
		return 0;
	return exif_orientation(bytes + sizeof(mark), len - sizeof(mark));
}
