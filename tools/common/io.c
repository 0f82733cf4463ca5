#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 4096

const char *
io_text(enum io_result result)
{
	switch (result) {
	case IO_OK:
		return "no error";
	case IO_ERRNO:
		return errno == EEXIST ? "File exists (--force overwrites)"
				       : strerror(errno);
	case IO_TOO_BIG:
		return "the file is too big";
	case IO_MEMORY:
		return "out of memory";
	}
	return "unknown error";
}

/* A block twice as large (or the first); the old one is wiped, since what is
 * read may be secret. */
static uint8_t *
grow(uint8_t *old, size_t len, size_t *size)
{
	size_t bigger = *size == 0 ? FIRST_SIZE : *size * 2;
	uint8_t *bytes = malloc(bigger);

	if (bytes != NULL && len > 0)
		memcpy(bytes, old, len);
	if (bytes != NULL)
		*size = bigger;
	if (old != NULL)
		explicit_bzero(old, len);
	free(old);
	return bytes;
}

static enum io_result
read_all(int fd, size_t cap, uint8_t **out, size_t *out_len)
{
	uint8_t *bytes = NULL;
	size_t size = 0, len = 0;
	enum io_result result = IO_OK;

	for (;;) {
		ssize_t n;

		if (len + 1 >= size) {
			bytes = grow(bytes, len, &size);
			if (bytes == NULL)
				return IO_MEMORY;
		}
		n = read(fd, bytes + len, size - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			result = IO_ERRNO;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len > cap) {
			result = IO_TOO_BIG;
			break;
		}
	}
	if (result != IO_OK) {
		int saved = errno;

		explicit_bzero(bytes, len);
		free(bytes);
		errno = saved;
		return result;
	}
	bytes[len] = 0;
	*out = bytes;
	*out_len = len;
	return IO_OK;
}

enum io_result
io_read(const char *path, size_t cap, uint8_t **out, size_t *out_len)
{
	enum io_result result;
	int fd, saved;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, cap, out, out_len);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return IO_ERRNO;
	result = read_all(fd, cap, out, out_len);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

enum io_result
io_write_fd(int fd, const void *all, size_t len)
{
	const uint8_t *bytes = all;

	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return IO_ERRNO;
		bytes += n;
		len -= (size_t)n;
	}
	return IO_OK;
}

/* Write into fd, close it, and remove path if that went wrong. */
static enum io_result
fill(int fd, const char *path, const void *bytes, size_t len)
{
	enum io_result result = io_write_fd(fd, bytes, len);
	int saved = errno;

	if (close(fd) != 0 && result == IO_OK) {
		saved = errno;
		result = IO_ERRNO;
	}
	if (result != IO_OK)
		unlink(path);
	errno = saved;
	return result;
}

/* A new file beside path, then renamed onto it. */
static enum io_result
replace(const char *path, const void *bytes, size_t len)
{
	char *temporary = NULL;
	enum io_result result;
	int fd, saved;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return IO_MEMORY;
	fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	result = fd < 0 ? IO_ERRNO : fill(fd, temporary, bytes, len);
	if (result == IO_OK && rename(temporary, path) != 0) {
		saved = errno;
		unlink(temporary);
		errno = saved;
		result = IO_ERRNO;
	}
	saved = errno;
	free(temporary);
	errno = saved;
	return result;
}

/*
 * What goes into another user's pipe is theirs: looked at once it is open, so
 * that nobody puts another in its place.
 */
static bool
is_private(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		return true;
	return st.st_uid == geteuid() &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int
open_special(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || is_private(fd))
		return fd;
	close(fd);
	errno = EACCES;
	return -1;
}

static enum io_result
write_special(const char *path, const void *bytes, size_t len)
{
	int fd = open_special(path), saved;
	enum io_result result;

	if (fd < 0)
		return IO_ERRNO;
	result = io_write_fd(fd, bytes, len);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

enum io_result
io_write(const char *path, const void *bytes, size_t len, bool force)
{
	struct stat st;
	int fd;

	if (path == NULL || strcmp(path, "-") == 0)
		return io_write_fd(STDOUT_FILENO, bytes, len);
	/* A device or pipe is written to as it is, not replaced. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_special(path, bytes, len);
	if (force)
		return replace(path, bytes, len);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return IO_ERRNO;
	return fill(fd, path, bytes, len);
}

static enum io_result
begin_temporary(const char *path, struct io_output *out)
{
	if (asprintf(&out->temporary, "%s.XXXXXX", path) < 0) {
		out->temporary = NULL;
		return IO_MEMORY;
	}
	out->fd = mkostemp(out->temporary, O_CLOEXEC); /* mode 0600 */
	if (out->fd >= 0)
		return IO_OK;
	free(out->temporary);
	out->temporary = NULL;
	return IO_ERRNO;
}

enum io_result
io_begin(const char *path, bool force, struct io_output *out)
{
	struct stat st;

	memset(out, 0, sizeof(*out));
	out->fd = STDOUT_FILENO;
	if (path == NULL || strcmp(path, "-") == 0)
		return IO_OK;
	out->path = path;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		out->fd = open_special(path);
	else if (force)
		return begin_temporary(path, out);
	else
		out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	return out->fd >= 0 ? IO_OK : IO_ERRNO;
}

enum io_result
io_end(struct io_output *output)
{
	enum io_result result = IO_OK;
	int saved;

	if (output->path == NULL)
		return IO_OK;
	if (close(output->fd) != 0 ||
	    (output->temporary != NULL &&
		rename(output->temporary, output->path) != 0))
		result = IO_ERRNO;
	saved = errno;
	if (result != IO_OK && output->temporary != NULL)
		unlink(output->temporary);
	free(output->temporary);
	output->temporary = NULL;
	errno = saved;
	return result;
}

bool
io_json_sink(void *self, const char *text, size_t n)
{
	return fwrite(text, 1, n, self) == n;
}

bool
io_same_file(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return strcmp(a, b) == 0 ||
	       (stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
		   S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev &&
		   of_a.st_ino == of_b.st_ino);
}
