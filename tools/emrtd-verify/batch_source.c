#include "batch_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
batch_source_init(struct batch_source *s, const struct tool *tool,
    const struct tool_common *common, const char *list, char *const *operands,
    size_t n_operands)
{
	memset(s, 0, sizeof(*s));
	s->tool = tool;
	s->common = common;
	s->operands = operands;
	s->n_operands = n_operands;
	s->list = list;
	s->fd = -1;
	s->known = n_operands;
	s->endless = list != NULL;
	for (size_t i = 0; i < n_operands; i++)
		s->endless |= strcmp(operands[i], "-") == 0;
}

static void
close_folder(struct batch_source *s)
{
	for (int i = s->entry; i < s->n_entries; i++)
		free(s->entries[i]);
	free(s->entries);
	free(s->folder);
	s->folder = NULL;
	s->entries = NULL;
	s->entry = s->n_entries = 0;
}

static void
close_list(struct batch_source *s)
{
	if (s->fd >= 0 && s->fd != STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
}

void
batch_source_free(struct batch_source *s)
{
	close_folder(s);
	close_list(s);
}

/* False, for the caller to return. */
static bool
tell(const struct batch_source *s, const char *path, int number)
{
	tool_error(s->tool, "%s: %s", path, strerror(number));
	return false;
}

/* Hidden ones are none's documents: file managers leave them everywhere. */
static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
is_folder(int dir_fd, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	return fstatat(dir_fd, entry->d_name, &st, 0) == 0 &&
	       S_ISDIR(st.st_mode);
}

/*
 * There is something in it, and all of that are folders. Files beside folders
 * may be a document's; who meant a folder of documents is told.
 */
static bool
holds_only_folders(const struct batch_source *s, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool folders = false, others = false;

	if (dir == NULL)
		return false;
	while (!(folders && others) && (entry = readdir(dir)) != NULL) {
		if (!is_visible(entry))
			continue;
		if (is_folder(dirfd(dir), entry))
			folders = true;
		else
			others = true;
	}
	closedir(dir);
	if (folders && others)
		tool_note(s->tool, s->common,
		    "%s: holds files beside folders, so it is taken for one "
		    "document; if the folders are documents, name them: "
		    "%s/*/",
		    path, path);
	return folders && !others;
}

/* *path is set, unless it is a folder of documents, which is then open. */
static bool
take_operand(struct batch_source *s, const char *operand, char **path)
{
	char *copy = strdup(operand);

	if (copy == NULL)
		return tell(s, operand, ENOMEM);
	if (!holds_only_folders(s, operand)) {
		*path = copy;
		return true;
	}
	s->folder = copy;
	s->n_entries = scandir(operand, &s->entries, is_visible, alphasort);
	if (s->n_entries < 0) {
		s->n_entries = 0;
		return tell(s, operand, errno);
	}
	/* It has been counted as one. */
	s->known += (size_t)s->n_entries;
	s->known--;
	return true;
}

static bool
next_entry(struct batch_source *s, char **path)
{
	struct dirent *entry;

	if (s->entry == s->n_entries) {
		close_folder(s);
		return true;
	}
	entry = s->entries[s->entry];
	if (asprintf(path, "%s/%s", s->folder, entry->d_name) < 0) {
		*path = NULL;
		return tell(s, s->folder, ENOMEM);
	}
	free(entry);
	s->entry++;
	return true;
}

static bool
open_list(struct batch_source *s, const char *name)
{
	bool is_stdin = strcmp(name, "-") == 0;

	s->list_name = is_stdin ? "standard input" : name;
	s->fd = is_stdin ? STDIN_FILENO
			 : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	s->list_ended = false;
	s->text_len = 0;
	return s->fd >= 0 || tell(s, name, errno);
}

bool
batch_source_fill(struct batch_source *s)
{
	ssize_t n = read(s->fd, s->text + s->text_len,
	    sizeof(s->text) - s->text_len);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n < 0)
		return tell(s, s->list_name, errno);
	s->list_ended = n == 0;
	s->text_len += (size_t)n;
	return true;
}

/* A line of the list is there, or its end, which needs no newline. */
static bool
has_line(const struct batch_source *s)
{
	return s->list_ended || s->text_len >= PATH_MAX ||
	       memchr(s->text, '\n', s->text_len) != NULL;
}

static bool
next_line(struct batch_source *s, char **path)
{
	char *end = memchr(s->text, '\n', s->text_len);
	size_t len = end != NULL ? (size_t)(end - s->text) : s->text_len;
	char line[PATH_MAX];

	if (s->text_len == 0) {
		close_list(s);
		return true;
	}
	if (len >= PATH_MAX || memchr(s->text, '\0', len) != NULL) {
		tool_error(s->tool, "%s: a line that is no path", s->list_name);
		return false;
	}
	memcpy(line, s->text, len);
	line[len] = '\0';
	if (end != NULL)
		len++;
	s->text_len -= len;
	memmove(s->text, s->text + len, s->text_len);
	if (line[0] == '\0')
		return true; /* an empty line names nothing */
	s->known++;
	return take_operand(s, line, path);
}

/* One step; *path stays NULL when it only led nearer to a document. */
static bool
step(struct batch_source *s, char **path)
{
	const char *operand;

	if (s->folder != NULL)
		return next_entry(s, path);
	if (s->fd >= 0)
		return next_line(s, path);
	if (s->list != NULL) {
		operand = s->list;
		s->list = NULL;
		return open_list(s, operand);
	}
	operand = s->operands[s->at++];
	if (strcmp(operand, "-") != 0)
		return take_operand(s, operand, path);
	s->known--;
	return open_list(s, operand);
}

enum source_step
batch_source_next(struct batch_source *s, char **path)
{
	*path = NULL;
	while (*path == NULL) {
		if (s->folder == NULL && s->fd < 0 && s->list == NULL &&
		    s->at == s->n_operands)
			return SOURCE_END;
		if (s->folder == NULL && s->fd >= 0 && !has_line(s))
			return SOURCE_WAIT;
		if (!step(s, path))
			return SOURCE_ERROR;
	}
	return SOURCE_DOCUMENT;
}
