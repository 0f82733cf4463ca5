/*
 * Test data as bytes: from hexadecimal text, from files, and from the folder
 * beside the source tree that not every checkout has.
 */
#ifndef MRTD_TEST_DATA_H
#define MRTD_TEST_DATA_H

#include <stddef.h>
#include <stdint.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

struct test_bytes {
	uint8_t *ptr; /* from malloc, freed by test_bytes_free */
	size_t len;
};

/* Hex digits, white space between them ignored; fails the test otherwise. */
struct test_bytes test_hex(const char *hex);
/* A whole file; ptr is NULL when it cannot be read. */
struct test_bytes test_file(const char *path);
void test_bytes_free(struct test_bytes *bytes);

/* "<root>/<name>" in a buffer of the caller. */
void test_path(char *out, size_t cap, const char *root, const char *name);

/*
 * A file of the data that lies beside the tree. When it is absent, the
 * running test is skipped with a message.
 */
struct test_bytes test_shared(const char *name);
/* The same for a folder or file whose path is enough. */
void test_shared_path(char *out, size_t cap, const char *name);

#endif
