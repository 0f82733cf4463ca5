#include "dump.h"

#include "io.h"
#include "outcome.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_CAP    (4u << 20)
#define ENTRIES_MAX 1000

static void
wipe_free(uint8_t *bytes, size_t len)
{
	if (bytes != NULL)
		explicit_bzero(bytes, len);
	free(bytes);
}

/* Takes the bytes, also when it fails. */
static enum exit_code
put_file(const struct tool *tool, struct dump *dump, const char *path,
    enum emrtd_file file, uint8_t *bytes, size_t len)
{
	char *copy;

	if (dump->bytes[file] != NULL) {
		wipe_free(bytes, len);
		tool_error(tool, "%s and %s are both %s", dump->paths[file],
		    path, emrtd_file_name(file));
		return EXIT_USAGE;
	}
	copy = strdup(path);
	if (copy == NULL) {
		wipe_free(bytes, len);
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	dump->bytes[file] = bytes;
	dump->len[file] = len;
	dump->paths[file] = copy;
	/* The analyzer loses sight of a slot with a computed index; dump_free
	 * frees it. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	dump->n_files++;
	return EXIT_GOOD;
}

static enum exit_code
read_it(const struct tool *tool, const char *path, uint8_t **bytes, size_t *len)
{
	enum io_result io = io_read(path, FILE_CAP, bytes, len);

	if (io == IO_OK)
		return EXIT_GOOD;
	tool_error(tool, "%s: %s", path, io_text(io));
	return EXIT_ENVIRONMENT;
}

/*
 * By its content, or where that says nothing by the name that emrtd-read
 * gives it: a malformed file is still the one that was read.
 */
static bool
know_file(const char *path, struct emrtd_bytes content, enum emrtd_file *file)
{
	static const char start[] = "EF.", end[] = ".bin";
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = strlen(name);
	char stem[32];

	if (emrtd_file_by_content(content, file))
		return true;
	if (content.len == 0 || len <= strlen(end) ||
	    len - strlen(end) >= sizeof(stem) ||
	    strncmp(name, start, strlen(start)) != 0 ||
	    strcmp(name + len - strlen(end), end) != 0)
		return false;
	memcpy(stem, name, len - strlen(end));
	stem[len - strlen(end)] = '\0';
	return emrtd_file_by_name(stem, file);
}

enum exit_code
dump_add_file(const struct tool *tool, struct dump *dump, const char *path,
    enum emrtd_file file)
{
	enum emrtd_file found;
	uint8_t *bytes = NULL;
	struct stat st;
	size_t len = 0;
	enum exit_code code;

	/* A record must not make us wait for a pipe, or read a device. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		tool_error(tool, "%s: no regular file", path);
		return EXIT_MALFORMED;
	}
	code = read_it(tool, path, &bytes, &len);
	if (code != EXIT_GOOD)
		return code;
	if (!know_file(path, emrtd_bytes(bytes, len), &found) ||
	    found != file) {
		wipe_free(bytes, len);
		tool_error(tool, "%s: is not %s", path, emrtd_file_name(file));
		return EXIT_MALFORMED;
	}
	return put_file(tool, dump, path, file, bytes, len);
}

/* Evidence is known by its name: its bytes may look like anything. */
static const struct half {
	const char *name;
	size_t min, max;
} halves[] = {
	{ OUTCOME_CHALLENGE_NAME, EMRTD_CHALLENGE_LEN, EMRTD_CHALLENGE_LEN },
	{ OUTCOME_SIGNATURE_NAME, 1, DUMP_SIGNATURE_MAX },
};

static const struct half *
find_half(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name != NULL ? name + 1 : path;
	for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++) {
		if (strcmp(name, halves[i].name) == 0)
			return &halves[i];
	}
	return NULL;
}

static enum exit_code
put_half(const struct tool *tool, struct dump *dump, const char *path,
    const struct half *half, struct emrtd_bytes bytes)
{
	bool is_challenge = half == &halves[0];
	uint8_t *to = is_challenge ? dump->challenge : dump->signature;
	size_t *len = is_challenge ? &dump->challenge_len
				   : &dump->signature_len;

	if (bytes.len < half->min || bytes.len > half->max) {
		tool_error(tool, "%s: %zu bytes are none", path, bytes.len);
		return EXIT_MALFORMED;
	}
	if (*len != 0) {
		tool_error(tool, "%s: there is evidence already", path);
		return EXIT_USAGE;
	}
	memcpy(to, bytes.ptr, bytes.len);
	*len = bytes.len;
	return EXIT_GOOD;
}

/* What emrtd-read --out writes beside the files, out of DG2. */
static bool
is_our_portrait(const char *path)
{
	static const char *const ends[] = { "/portrait.jpg", "/portrait.jp2",
		"/portrait.bin" };
	const char *slash = strrchr(path, '/');

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (slash != NULL && strcmp(slash, ends[i]) == 0)
			return true;
	}
	return false;
}

static bool
looks_like_json(const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	while (i < len && strchr(" \t\r\n", bytes[i]) != NULL)
		i++;
	return i < len && bytes[i] == '{';
}

/*
 * in_folder: a file that is none of ours is passed over, and so is a record;
 * one that was named is an error, or is followed.
 */
static enum exit_code
add_any(const struct tool *tool, const struct tool_common *common,
    struct dump *dump, const char *path, bool in_folder)
{
	const struct half *half = find_half(path);
	enum emrtd_file file;
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum exit_code code = read_it(tool, path, &bytes, &len);

	if (code != EXIT_GOOD)
		return code;
	if (half == NULL && know_file(path, emrtd_bytes(bytes, len), &file))
		return put_file(tool, dump, path, file, bytes, len);
	if (half != NULL) {
		code = put_half(tool, dump, path, half,
		    emrtd_bytes(bytes, len));
	} else if (in_folder) {
		if (!is_our_portrait(path))
			tool_note(tool, common,
			    "%s: no file of a passport, passed over", path);
	} else if (looks_like_json(bytes, len)) {
		code = dump_add_record(tool, dump, path,
		    emrtd_bytes(bytes, len));
	} else {
		tool_error(tool, "%s: no file of a passport", path);
		code = EXIT_MALFORMED;
	}
	wipe_free(bytes, len);
	return code;
}

static enum exit_code
add_entry(const struct tool *tool, const struct tool_common *common,
    struct dump *dump, const char *folder, const char *name)
{
	enum exit_code code = EXIT_GOOD;
	char *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	if (stat(path, &st) != 0) {
		tool_error(tool, "%s: %s", path, strerror(errno));
		code = EXIT_ENVIRONMENT;
	} else if (S_ISREG(st.st_mode)) {
		code = add_any(tool, common, dump, path, true);
	}
	free(path);
	return code;
}

static enum exit_code
add_folder(const struct tool *tool, const struct tool_common *common,
    struct dump *dump, const char *folder)
{
	enum exit_code code = EXIT_GOOD;
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);

	if (n < 0) {
		tool_error(tool, "%s: %s", folder, strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	/* No verdict over some of the files only. */
	if (n > ENTRIES_MAX + 2) { /* . and .. */
		tool_error(tool, "%s: more than %d entries; name the files",
		    folder, ENTRIES_MAX);
		code = EXIT_ENVIRONMENT;
	}
	for (int i = 0; i < n; i++) {
		if (code == EXIT_GOOD)
			code = add_entry(tool, common, dump, folder,
			    entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return code;
}

enum exit_code
dump_add(const struct tool *tool, const struct tool_common *common,
    struct dump *dump, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(tool, common, dump, path);
	return add_any(tool, common, dump, path, false);
}

enum exit_code
dump_check(const struct tool *tool, const char *path, const struct dump *dump)
{
	const char *colon = path != NULL ? ": " : "";

	if (path == NULL)
		path = "";
	if (dump->n_files == 0) {
		tool_error(tool, "%s%sno file of a passport", path, colon);
		return EXIT_MALFORMED;
	}
	if ((dump->challenge_len == 0) != (dump->signature_len == 0)) {
		tool_error(tool, "%s%s%s without %s", path, colon,
		    halves[dump->challenge_len == 0].name,
		    halves[dump->challenge_len != 0].name);
		return EXIT_MALFORMED;
	}
	return EXIT_GOOD;
}

enum exit_code
dump_compare(const struct tool *tool, const struct dump *dump,
    const struct emrtd_result *result)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		struct emrtd_bytes hash = emrtd_result_file_sha256(result,
		    (enum emrtd_file)i);
		char text[2 * EMRTD_FILE_SHA256_LEN + 1] = "";

		if (dump->sha256[i][0] == '\0')
			continue;
		for (size_t k = 0; k < hash.len; k++)
			snprintf(text + 2 * k, 3, "%02x", hash.ptr[k]);
		if (strcmp(text, dump->sha256[i]) == 0)
			continue;
		tool_error(tool,
		    "%s: not the file of that reading: its SHA-256 differs",
		    dump->paths[i]);
		return EXIT_MALFORMED;
	}
	return EXIT_GOOD;
}

void
dump_free(struct dump *dump)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		wipe_free(dump->bytes[i], dump->len[i]);
		free(dump->paths[i]);
	}
	memset(dump, 0, sizeof(*dump));
}
