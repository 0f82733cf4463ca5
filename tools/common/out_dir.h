/*
 * A folder that personal data are written into, and the files in it. Nobody
 * else may be able to put a name there: a FIFO or a link in place of a file
 * would hand the data to whoever made it.
 */
#ifndef MRTD_TOOL_OUT_DIR_H
#define MRTD_TOOL_OUT_DIR_H

#include "exit_codes.h"
#include "options.h"

#include <stddef.h>

struct out_dir {
	const struct tool *tool; /* who says what is wrong */
	const char *path;        /* borrowed */
	bool force;              /* files may be replaced */
	int fd;                  /* the folder; -1 when closed */
};

/*
 * Make the folder (0700), or open the one that is there. It is refused when
 * it is a symbolic link, somebody else's, or writable by group or others.
 */
enum exit_code out_dir_open(const struct tool *tool, const char *path,
    bool force, struct out_dir *out);
void out_dir_close(struct out_dir *dir);

/* Refuse a name that out_dir_write would refuse. */
enum exit_code out_dir_check(const struct out_dir *dir, const char *name);

/*
 * A file of mode 0600. One that exists is refused unless force; then a
 * regular file is replaced as a whole, anything else is still refused.
 */
enum exit_code out_dir_write(const struct out_dir *dir, const char *name,
    const void *bytes, size_t len);

#endif
