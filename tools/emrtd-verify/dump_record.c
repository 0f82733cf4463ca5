/* A record of emrtd-read: the files that it names, and its evidence. */
#include "dump.h"
#include "report_record.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at == NULL ? -1 : (int)(at - digits);
}

/* Bytes of hexadecimal text; 0 when it is none, empty or too long. */
static size_t
hex(struct report_text text, uint8_t *out, size_t cap)
{
	if (text.len % 2 != 0 || text.len / 2 > cap)
		return 0;
	for (size_t i = 0; i < text.len / 2; i++) {
		int high = nibble(text.ptr[2 * i]);
		int low = nibble(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return text.len / 2;
}

/*
 * Where the file lies: as the record says, below the folder of the record, and
 * else beside the record under its own name.
 */
static char *
locate(const char *record, struct report_text text)
{
	const char *slash = strrchr(record, '/'), *name;
	int folder_len = slash != NULL ? (int)(slash - record + 1) : 0;
	char *path = NULL;
	int n;

	if (text.len > INT16_MAX || memchr(text.ptr, 0, text.len) != NULL)
		return NULL;
	if (text.ptr[0] == '/')
		folder_len = 0;
	n = asprintf(&path, "%.*s%.*s", folder_len, record, (int)text.len,
	    text.ptr);
	if (n < 0 || access(path, F_OK) == 0)
		return n < 0 ? NULL : path;
	name = memrchr(text.ptr, '/', text.len);
	if (name == NULL)
		return path;
	free(path);
	name++;
	folder_len = slash != NULL ? (int)(slash - record + 1) : 0;
	n = asprintf(&path, "%.*s%.*s", folder_len, record,
	    (int)(text.len - (size_t)(name - text.ptr)), name);
	return n < 0 ? NULL : path;
}

static enum exit_code
add_file(const struct tool *tool, struct dump *dump, const char *record,
    const struct report_file *f)
{
	uint8_t hash[EMRTD_FILE_SHA256_LEN];
	char name[32] = "";
	enum emrtd_file file;
	enum exit_code code;
	char *path;

	if (f->path.len == 0)
		return EXIT_GOOD;
	if (f->name.len < sizeof(name))
		memcpy(name, f->name.ptr, f->name.len);
	if (!emrtd_file_by_name(name, &file) ||
	    hex(f->sha256, hash, sizeof(hash)) != sizeof(hash)) {
		tool_error(tool, "%s: a file without its name or hash", record);
		return EXIT_MALFORMED;
	}
	path = locate(record, f->path);
	if (path == NULL) {
		tool_error(tool, "%s: the path of %s is none", record, name);
		return EXIT_MALFORMED;
	}
	code = dump_add_file(tool, dump, path, file);
	free(path);
	if (code == EXIT_GOOD)
		memcpy(dump->sha256[file], f->sha256.ptr, f->sha256.len);
	return code;
}

static enum exit_code
add_evidence(const struct tool *tool, struct dump *dump, const char *record,
    const struct report_evidence *e)
{
	if (!report_text_is(e->strength, "signature"))
		return EXIT_GOOD;
	if (dump->challenge_len != 0 || dump->signature_len != 0) {
		tool_error(tool, "%s: there is evidence already", record);
		return EXIT_USAGE;
	}
	dump->challenge_len = hex(e->challenge, dump->challenge,
	    sizeof(dump->challenge));
	dump->signature_len = hex(e->signature, dump->signature,
	    sizeof(dump->signature));
	if (dump->challenge_len == sizeof(dump->challenge) &&
	    dump->signature_len > 0)
		return EXIT_GOOD;
	tool_error(tool, "%s: challenge or signature is none", record);
	return EXIT_MALFORMED;
}

static enum exit_code
add_all(const struct tool *tool, struct dump *dump, const char *path,
    const struct report_record *record)
{
	enum exit_code code = EXIT_GOOD;
	size_t before = dump->n_files;

	if (record->n_defects > 0) {
		tool_error(tool, "%s: not a sound record: %s", path,
		    record->first_defect);
		return EXIT_MALFORMED;
	}
	for (size_t i = 0; i < record->n_files && code == EXIT_GOOD; i++)
		code = add_file(tool, dump, path, &record->files[i]);
	for (size_t i = 0; i < record->n_evidence && code == EXIT_GOOD; i++)
		code = add_evidence(tool, dump, path, &record->evidence[i]);
	if (code == EXIT_GOOD && dump->n_files == before) {
		tool_error(tool,
		    "%s: the record names no files: emrtd-read writes them "
		    "with --out",
		    path);
		return EXIT_MALFORMED;
	}
	return code;
}

enum exit_code
dump_add_record(const struct tool *tool, struct dump *dump, const char *path,
    struct emrtd_bytes text)
{
	struct report_record *record = calloc(1, sizeof(*record));
	char why[REPORT_WHY_CAP] = "";
	enum report_error e;
	enum exit_code code;

	if (record == NULL) {
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	e = report_record_parse(text, record, why);
	if (e == REPORT_OK) {
		code = add_all(tool, dump, path, record);
		report_record_free(record);
	} else {
		tool_error(tool, "%s: %s", path,
		    e == REPORT_MEMORY ? "out of memory" : why);
		code = e == REPORT_MEMORY ? EXIT_INTERNAL : EXIT_MALFORMED;
	}
	free(record);
	return code;
}
