#include "vectors.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vectors {
	FILE *file;
	unsigned line;
	unsigned n_cases;
	char text[VECTOR_MAX_LINE];
};

static FILE *
open_below_root(const char *path)
{
	char full[4096];
	FILE *file;

	assert_true((size_t)snprintf(full, sizeof(full), "%s/%s",
			MRTD_SOURCE_DIR, path) < sizeof(full));
	file = fopen(full, "rb");
	if (file == NULL)
		fail_msg("cannot open %s", full);
	return file;
}

struct vectors *
vectors_open(const char *path)
{
	struct vectors *vectors = calloc(1, sizeof(*vectors));

	assert_non_null(vectors);
	vectors->file = open_below_root(path);
	return vectors;
}

bool
vectors_next(struct vectors *vectors, struct vector *out)
{
	while (fgets(vectors->text, VECTOR_MAX_LINE, vectors->file) != NULL) {
		char *rest = vectors->text, *word;

		vectors->line++;
		if (strlen(rest) == VECTOR_MAX_LINE - 1)
			fail_msg("line %u is too long", vectors->line);
		memset(out, 0, sizeof(*out));
		out->line = vectors->line;
		if (rest[0] == '#')
			continue;
		while ((word = strsep(&rest, " \t\r\n")) != NULL) {
			if (*word == '\0')
				continue;
			if (out->n_words == VECTOR_MAX_WORDS)
				fail_msg("line %u: too many words", out->line);
			out->words[out->n_words++] = word;
		}
		if (out->n_words == 0)
			continue;
		vectors->n_cases++;
		return true;
	}
	return false;
}

void
vectors_close(struct vectors *vectors)
{
	unsigned n_cases = vectors->n_cases;

	fclose(vectors->file);
	free(vectors);
	assert_true(n_cases > 0);
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	fail_msg("'%c' is no hexadecimal digit", c);
	return -1;
}

size_t
vector_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n;

	if (strcmp(hex, "-") == 0)
		return 0;
	n = strlen(hex) / 2;
	assert_int_equal(strlen(hex) % 2, 0);
	assert_true(n <= cap);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(nibble(hex[2 * i]) * 16 +
				   nibble(hex[2 * i + 1]));
	return n;
}

uint8_t *
test_read_file(const char *path, size_t *out_len)
{
	FILE *file = open_below_root(path);
	uint8_t *bytes;
	long size;

	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size >= 0);
	rewind(file);
	bytes = malloc((size_t)size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
	bytes[size] = 0;
	fclose(file);
	*out_len = (size_t)size;
	return bytes;
}
