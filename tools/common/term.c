#include "term.h"

#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 79

void
term_put(FILE *file, const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t n = utf8_next(text + i, len - i, &c);

		if (n == 0 || utf8_is_acting(c)) {
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
