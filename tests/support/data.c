#include "data.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct test_bytes
test_hex(const char *hex)
{
	struct test_bytes b = { malloc(strlen(hex) / 2 + 1), 0 };
	int high = -1;

	assert_non_null(b.ptr);
	for (; *hex != '\0'; hex++) {
		int n = nibble(*hex);

		if (is_space(*hex))
			continue;
		if (n < 0)
			fail_msg("not a hex digit: %c", *hex);
		if (high < 0) {
			high = n;
			continue;
		}
		b.ptr[b.len++] = (uint8_t)(high << 4 | n);
		high = -1;
	}
	assert_int_equal(high, -1);
	return b;
}

struct test_bytes
test_file(const char *path)
{
	struct test_bytes b = { NULL, 0 };
	FILE *f = fopen(path, "rb");
	long size;

	if (f == NULL)
		return b;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 &&
	    fseek(f, 0, SEEK_SET) == 0) {
		b.len = (size_t)size;
		b.ptr = malloc(b.len + 1);
		if (b.ptr != NULL && fread(b.ptr, 1, b.len, f) != b.len)
			test_bytes_free(&b);
	}
	fclose(f);
	return b;
}

void
test_bytes_free(struct test_bytes *bytes)
{
	free(bytes->ptr);
	bytes->ptr = NULL;
	bytes->len = 0;
}

void
test_path(char *out, size_t cap, const char *root, const char *name)
{
	int n = snprintf(out, cap, "%s/%s", root, name);

	if (n < 0 || (size_t)n >= cap)
		fail_msg("path too long: %s/%s", root, name);
}

void
test_shared_path(char *out, size_t cap, const char *name)
{
	test_path(out, cap, MRTD_SOURCE_DIR "/../shared", name);
	if (access(out, R_OK) != 0) {
		print_message("skipped: %s is not there\n", out);
		skip();
	}
}

struct test_bytes
test_shared(const char *name)
{
	struct test_bytes b;
	char path[512];

	test_shared_path(path, sizeof(path), name);
	b = test_file(path);
	if (b.ptr == NULL)
		fail_msg("cannot read %s", path);
	return b;
}
