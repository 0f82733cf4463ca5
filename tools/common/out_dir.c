#include "out_dir.h"

#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_CAP 32

static enum exit_code
refuse(const struct tool *tool, const char *path, const char *why)
{
	tool_error(tool, "%s: %s", path, why);
	return EXIT_ENVIRONMENT;
}

static enum exit_code
refuse_name(const struct out_dir *dir, const char *name, const char *why)
{
	tool_error(dir->tool, "%s/%s: %s", dir->path, name, why);
	return EXIT_ENVIRONMENT;
}

/* Whether nobody but us can put names into it. */
static enum exit_code
check_private(const struct tool *tool, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(tool, path, strerror(errno));
	if (st.st_uid != geteuid())
		return refuse(tool, path, "the folder belongs to another user");
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return refuse(tool, path,
		    "the folder is writable by group or others: take a new "
		    "one, or 'chmod go-w' this one");
	return EXIT_GOOD;
}

enum exit_code
out_dir_open(const struct tool *tool, const char *path, bool force,
    struct out_dir *out)
{
	size_t len = strlen(path);
	char bare[4096];
	enum exit_code code;

	*out = (struct out_dir){ tool, path, force, -1 };
	/* With a slash at the end a link would be followed. */
	while (len > 1 && path[len - 1] == '/')
		len--;
	if (len >= sizeof(bare))
		return refuse(tool, path, strerror(ENAMETOOLONG));
	memcpy(bare, path, len);
	bare[len] = '\0';
	if (mkdir(bare, 0700) != 0 && errno != EEXIST)
		return refuse(tool, path, strerror(errno));
	out->fd = open(bare, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out->fd < 0) {
		struct stat st;
		int saved = errno;

		if (lstat(bare, &st) == 0 && S_ISLNK(st.st_mode))
			return refuse(tool, path,
			    "a symbolic link, not a folder");
		return refuse(tool, path,
		    saved == ENOTDIR ? "not a folder" : strerror(saved));
	}
	code = check_private(tool, path, out->fd);
	if (code != EXIT_GOOD)
		out_dir_close(out);
	return code;
}

void
out_dir_close(struct out_dir *dir)
{
	if (dir->fd >= 0)
		close(dir->fd);
	dir->fd = -1;
}

enum exit_code
out_dir_check(const struct out_dir *dir, const char *name)
{
	struct stat st;

	if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT
			   ? EXIT_GOOD
			   : refuse_name(dir, name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse_name(dir, name, "there, and not a regular file");
	if (!dir->force)
		return refuse_name(dir, name,
		    "File exists (--force overwrites)");
	return EXIT_GOOD;
}

/* The bytes under a name that is not there yet. */
static bool
create(int folder, const char *name, const void *bytes, size_t len)
{
	enum io_result result;
	int fd = openat(folder, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int saved;

	if (fd < 0)
		return false;
	result = io_write_fd(fd, bytes, len);
	saved = errno;
	if (close(fd) != 0 && result == IO_OK) {
		saved = errno;
		result = IO_ERRNO;
	}
	if (result != IO_OK)
		unlinkat(folder, name, 0);
	errno = saved;
	return result == IO_OK;
}

/* All of the new file, or all of the old one. */
static bool
replace(int folder, const char *name, const void *bytes, size_t len)
{
	char temporary[TEMPORARY_CAP];
	unsigned long long random;
	int saved;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return false;
	snprintf(temporary, sizeof(temporary), ".%016llx.part", random);
	if (!create(folder, temporary, bytes, len))
		return false;
	if (renameat(folder, temporary, folder, name) == 0)
		return true;
	saved = errno;
	unlinkat(folder, temporary, 0);
	errno = saved;
	return false;
}

enum exit_code
out_dir_write(const struct out_dir *dir, const char *name, const void *bytes,
    size_t len)
{
	enum exit_code code = out_dir_check(dir, name);

	if (code != EXIT_GOOD)
		return code;
	if (dir->force ? replace(dir->fd, name, bytes, len)
		       : create(dir->fd, name, bytes, len))
		return EXIT_GOOD;
	return refuse_name(dir, name, strerror(errno));
}
