/*
 * Vector files: lines of text below the root of the source tree, one case a
 * line, words parted by blanks. Empty lines and lines that begin with '#' do
 * not count. Any trouble (no such file, a line that is too long) fails the
 * test that is running.
 */
#ifndef MRTD_TEST_VECTORS_H
#define MRTD_TEST_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_MAX_WORDS 32
#define VECTOR_MAX_LINE  65536

struct vector {
	size_t n_words;
	const char *words[VECTOR_MAX_WORDS];
	unsigned line; /* in the file, from 1 */
};

struct vectors;

/* path is relative to the root, "tests/vectors/bac.txt". */
struct vectors *vectors_open(const char *path);

/* The next case, valid until the next call; false at the end. */
bool vectors_next(struct vectors *vectors, struct vector *out);

/* Fails the test if no case was read: a test over nothing proves nothing. */
void vectors_close(struct vectors *vectors);

/* Hexadecimal text into bytes; the number of bytes. "-" is no bytes. */
size_t vector_hex(const char *hex, uint8_t *out, size_t cap);

/* A whole file below the root, with a NUL after it; the caller frees. */
uint8_t *test_read_file(const char *path, size_t *out_len);

#endif
