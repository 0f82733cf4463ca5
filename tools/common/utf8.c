#include "utf8.h"

struct range {
	uint32_t first;
	uint32_t last;
};

static const struct range acting[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, /* soft hyphen */
	{ 0x34f, 0x34f },                               /* grapheme joiner */
	{ 0x61c, 0x61c },                               /* Arabic letter mark */
	{ 0x115f, 0x1160 },                             /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer vowels that do not show */
	{ 0x180b, 0x180f },   /* Mongolian selectors, vowel separator */
	{ 0x200b, 0x200f },   /* zero width, direction marks */
	{ 0x2028, 0x202e },   /* separators, embedding, override */
	{ 0x2060, 0x206f },   /* invisible operators, isolates */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xd800, 0xdfff },   /* surrogates */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* Hangul filler, half width */
	{ 0xfff0, 0xfffb },   /* interlinear annotation */
	{ 0xfffe, 0xffff },   /* no characters */
	{ 0xe0000, 0xe0fff }, /* tags, more selectors */
};

bool
utf8_is_acting(uint32_t c)
{
	for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++)
		if (c >= acting[i].first && c <= acting[i].last)
			return true;
	return false;
}

size_t
utf8_next(const char *text, size_t len, uint32_t *out)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t n;

	if (len == 0)
		return 0;
	n = bytes[0] < 0x80             ? 1
	    : (bytes[0] & 0xe0) == 0xc0 ? 2
	    : (bytes[0] & 0xf0) == 0xe0 ? 3
	    : (bytes[0] & 0xf8) == 0xf0 ? 4
					: 0;
	if (n == 0 || n > len)
		return 0;
	*out = n == 1 ? bytes[0] : bytes[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*out = *out << 6 | (bytes[i] & 0x3fu);
	}
	return *out < smallest[n] || *out > 0x10ffff ? 0 : n;
}
