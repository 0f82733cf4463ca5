#include "term.h"

#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns the columns that it takes; file NULL only counts them. */
static size_t
put(FILE *file, const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t columns = 0;

	for (size_t i = 0; i < len;) {
		char escaped[sizeof("\\xff")] = "\\\\";
		uint32_t c = 0;
		size_t n = utf8_next(text + i, len - i, &c);

		if (n > 0 && c != '\\' && !utf8_is_acting(c)) {
			if (file != NULL)
				fwrite(bytes + i, 1, n, file);
			columns++;
			i += n;
			continue;
		}
		if (n == 0 || c != '\\')
			snprintf(escaped, sizeof(escaped), "\\x%02x", bytes[i]);
		if (file != NULL)
			fputs(escaped, file);
		columns += strlen(escaped);
		i++;
	}
	return columns;
}

void
term_put(FILE *file, const char *text, size_t len)
{
	put(file, text, len);
}

void
term_puts(FILE *file, const char *text)
{
	term_put(file, text, strlen(text));
}

size_t
term_columns(const char *text)
{
	return put(NULL, text, strlen(text));
}

void
term_wrap(FILE *file, size_t column, size_t indent, const char *text)
{
	for (const char *word = text; *word != '\0';) {
		size_t len = strcspn(word, " ");
		size_t columns = put(NULL, word, len);

		if (word != text && column + 1 + columns > TERM_WIDTH) {
			fprintf(file, "\n%*s", (int)indent, "");
			column = indent;
		} else if (word != text) {
			fputc(' ', file);
			column++;
		}
		put(file, word, len);
		column += columns;
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
