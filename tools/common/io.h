/*
 * Whole files in and out.
 */
#ifndef MRTD_TOOL_IO_H
#define MRTD_TOOL_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum io_result {
	IO_OK,
	IO_ERRNO,   /* errno says why */
	IO_TOO_BIG, /* more bytes than the cap */
	IO_MEMORY
};

/* The sentence for a result; for IO_ERRNO that of errno as it is now. */
const char *io_text(enum io_result result);

/*
 * Read a file, or standard input for "-". On IO_OK *out holds *out_len bytes
 * and a NUL after them; the caller wipes what is secret and frees it. A
 * folder is an error (EISDIR).
 */
enum io_result io_read(const char *path, size_t cap, uint8_t **out,
    size_t *out_len);

/*
 * Write a file with mode 0600. One that exists is an error (EEXIST) unless
 * force; then it is replaced as a whole: at no time is half a file there.
 * NULL or "-" is standard output.
 */
enum io_result io_write(const char *path, const void *bytes, size_t len,
    bool force);

/*
 * The same, piece by piece. io_end keeps what was written, whole or not: a
 * file that is replaced stays as it is until then.
 */
struct io_output {
	int fd;
	const char *path; /* borrowed; NULL: standard output */
	char *temporary;  /* to be renamed to path; NULL: none */
};

enum io_result io_begin(const char *path, bool force, struct io_output *out);
enum io_result io_end(struct io_output *output);

/* True when one would overwrite the other. */
bool io_same_file(const char *a, const char *b);

/* All bytes to an open file; it stays open. */
enum io_result io_write_fd(int fd, const void *bytes, size_t len);

/* A sink for emrtd_json_init: self is a FILE. */
bool io_json_sink(void *self, const char *text, size_t n);

#endif
