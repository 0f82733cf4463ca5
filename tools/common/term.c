#include "term.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 79

struct range {
	uint32_t first;
	uint32_t last;
};

/* Characters that act on a terminal or on the order of what is shown. */
static const struct range acting[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, /* soft hyphen */
	{ 0x61c, 0x61c },                               /* Arabic letter mark */
	{ 0x180e, 0x180e },   /* Mongolian vowel separator */
	{ 0x200b, 0x200f },   /* zero width, direction marks */
	{ 0x2028, 0x202e },   /* separators, embedding, override */
	{ 0x2060, 0x206f },   /* invisible operators, isolates */
	{ 0xd800, 0xdfff },   /* surrogates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe007f }, /* tags */
};

static bool
is_acting(uint32_t c)
{
	for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++)
		if (c >= acting[i].first && c <= acting[i].last)
			return true;
	return false;
}

/* Length of the UTF-8 character at text, 0 if it is not one. */
static size_t
decode(const unsigned char *text, size_t len, uint32_t *out)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = text[0] < 0x80             ? 1
		   : (text[0] & 0xe0) == 0xc0 ? 2
		   : (text[0] & 0xf0) == 0xe0 ? 3
		   : (text[0] & 0xf8) == 0xf0 ? 4
					      : 0;

	if (n == 0 || n > len)
		return 0;
	*out = n == 1 ? text[0] : text[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*out = *out << 6 | (text[i] & 0x3fu);
	}
	return *out < smallest[n] || *out > 0x10ffff ? 0 : n;
}

void
term_put(FILE *file, const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t n = decode(bytes + i, len - i, &c);

		if (n == 0 || is_acting(c)) {
			fprintf(file, "\\x%02x", bytes[i]);
			i++;
		} else if (c == '\\') {
			fputs("\\\\", file);
			i++;
		} else {
			fwrite(bytes + i, 1, n, file);
			i += n;
		}
	}
}

void
term_puts(FILE *file, const char *text)
{
	term_put(file, text, strlen(text));
}

void
term_wrap(FILE *file, size_t column, size_t indent, const char *text)
{
	for (const char *word = text; *word != '\0';) {
		size_t len = strcspn(word, " ");

		if (word != text && column + 1 + len > WIDTH) {
			fprintf(file, "\n%*s", (int)indent, "");
			column = indent;
		} else if (word != text) {
			fputc(' ', file);
			column++;
		}
		fwrite(word, 1, len, file);
		column += len;
		word += len + (word[len] == ' ');
	}
}

bool
term_wants_color(FILE *file)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (no_color != NULL && *no_color != '\0')
		return false;
	if (term == NULL || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(file)) == 1;
}

const char *
term_style(enum term_style style, bool color)
{
	static const char *const sequences[TERM_N_STYLES] = {
		[TERM_PLAIN] = "\033[0m",
		[TERM_BOLD] = "\033[1m",
		[TERM_DIM] = "\033[2m",
		[TERM_GOOD] = "\033[32m",
		[TERM_BAD] = "\033[1;31m",
		[TERM_DOUBT] = "\033[33m",
	};

	return color ? sequences[style] : "";
}
