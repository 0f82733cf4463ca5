#include "mrz_source.h"

#include "io.h"
#include "prompt.h"
#include "wipe_alloc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOURCE_CAP (4u << 20)
#define SCHEMA     "mrz-read/1"

/* MRZ and CAN are keys: they do not stay in freed memory. */
static void
wipe_free(void *ptr, size_t len)
{
	if (ptr != NULL)
		explicit_bzero(ptr, len);
	free(ptr);
}

void
mrz_source_free(struct mrz_source *source)
{
	wipe_alloc_free(source->record); /* by json_dumps */
	explicit_bzero(source, sizeof(*source));
}

/* The lines of one document of the record, as one text. */
static bool
join_lines(const json_t *document, char *text, size_t cap)
{
	const json_t *lines = json_object_get(document, "lines"), *line;
	size_t i, used = 0;

	text[0] = '\0';
	if (json_array_size(lines) == 0)
		return false;
	json_array_foreach(lines, i, line)
	{
		const char *s = json_string_value(line);

		if (s == NULL || strlen(s) + 2 > cap - used)
			return false;
		used += (size_t)snprintf(text + used, cap - used, "%s\n", s);
	}
	return true;
}

static enum exit_code
several(const struct tool *tool, const char *path, size_t n, unsigned pick)
{
	if (pick == 0)
		tool_error(tool,
		    "%s: %zu documents in it; choose one with --pick 1 to %zu",
		    path, n, n);
	else
		tool_error(tool, "%s: --pick %u, but %zu documents in it", path,
		    pick, n);
	return EXIT_USAGE;
}

/* Documents of a record; 0, having said why, when it is none. */
static size_t
count_documents(const struct tool *tool, const char *path, const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	size_t n = json_array_size(json_object_get(root, "documents"));

	if (schema == NULL || strcmp(schema, SCHEMA) != 0) {
		tool_error(tool, "%s: not a record " SCHEMA, path);
		return 0;
	}
	if (n == 0)
		tool_error(tool, "%s: no MRZ in the record", path);
	return n;
}

/* The record itself is kept as it is, for the next in the pipe. */
static bool
keep(const json_t *root, size_t index, char *text, size_t cap,
    struct mrz_source *out)
{
	const json_t *documents = json_object_get(root, "documents");

	if (!join_lines(json_array_get(documents, index), text, cap))
		return false;
	wipe_alloc_free(out->record);
	out->record = json_dumps(root, JSON_COMPACT);
	out->record_len = out->record == NULL ? 0 : strlen(out->record);
	return out->record != NULL;
}

/* One document out of all records of the file, one after the other. */
static enum exit_code
from_records(const struct tool *tool, const char *path, const char *bytes,
    size_t len, unsigned pick, char *text, size_t cap, struct mrz_source *out)
{
	size_t want = pick == 0 ? 1 : pick, n = 0, at = 0;

	json_set_alloc_funcs(wipe_alloc, wipe_alloc_free);
	while (at < len) {
		json_error_t where;
		json_t *root = json_loadb(bytes + at, len - at,
		    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &where);
		size_t more;
		bool ok = true;

		if (root == NULL) {
			/* Its text quotes the input: somebody's data. */
			tool_error(tool, "%s: not JSON: line %d, column %d",
			    path, where.line, where.column);
			return EXIT_MALFORMED;
		}
		more = count_documents(tool, path, root);
		if (want > n && want <= n + more)
			ok = keep(root, want - n - 1, text, cap, out);
		json_decref(root);
		if (more == 0)
			return EXIT_MALFORMED;
		if (!ok) {
			tool_error(tool, "%s: the document has no lines", path);
			return EXIT_MALFORMED;
		}
		n += more;
		at += (size_t)where.position;
		at += strspn(bytes + at, " \t\r\n");
	}
	if (pick > n || (pick == 0 && n > 1))
		return several(tool, path, n, pick);
	return EXIT_GOOD;
}

static enum exit_code
from_lines(const struct tool *tool, const char *path, const char *bytes,
    size_t len, unsigned pick, char *text, size_t cap)
{
	size_t pos = 0, start, n_bytes, n = 0;
	size_t found_start = 0, found_len = 0;

	while (mrz_next(bytes, len, &pos, &start, &n_bytes)) {
		n++;
		if (n == (pick == 0 ? 1 : pick)) {
			found_start = start;
			found_len = n_bytes;
		}
	}
	if (n == 0) {
		tool_error(tool, "%s: no MRZ in it", path);
		return EXIT_MALFORMED;
	}
	if (pick > n || (pick == 0 && n > 1))
		return several(tool, path, n, pick);
	if (found_len >= cap) {
		tool_error(tool, "%s: too long for an MRZ", path);
		return EXIT_MALFORMED;
	}
	memcpy(text, bytes + found_start, found_len);
	text[found_len] = '\0';
	return EXIT_GOOD;
}

static enum exit_code
parse(const struct tool *tool, const char *path, const char *text,
    int32_t today, struct mrz_doc *doc)
{
	struct mrz_options options = { sizeof(options), today };
	enum mrz_error e = mrz_parse(text, strlen(text), &options, doc);

	if (e == MRZ_OK)
		return EXIT_GOOD;
	tool_error(tool, "%s: %s; 'mrz-read %s' says where", path,
	    mrz_error_text(e), path);
	return EXIT_MALFORMED;
}

enum exit_code
mrz_source_read(const struct tool *tool, const char *path, unsigned pick,
    int32_t today, struct mrz_source *out)
{
	char text[MRZ_MAX_LINES * (MRZ_LINE_CAP + 1) + 64];
	uint8_t *bytes = NULL;
	size_t len = 0, first = 0;
	enum exit_code code;
	enum io_result io = io_read(path, SOURCE_CAP, &bytes, &len);

	memset(out, 0, sizeof(*out));
	if (io != IO_OK) {
		tool_error(tool, "%s: %s", path, io_text(io));
		return EXIT_ENVIRONMENT;
	}
	while (first < len && strchr(" \t\r\n", bytes[first]) != NULL)
		first++;
	if (first < len && bytes[first] == '{')
		code = from_records(tool, path, (char *)bytes, len, pick, text,
		    sizeof(text), out);
	else
		code = from_lines(tool, path, (char *)bytes, len, pick, text,
		    sizeof(text));
	if (code == EXIT_GOOD)
		code = parse(tool, path, text, today, &out->doc);
	explicit_bzero(text, sizeof(text));
	wipe_free(bytes, len);
	if (code != EXIT_GOOD)
		mrz_source_free(out);
	return code;
}

enum exit_code
mrz_source_password(const struct tool *tool, const struct mrz_source *source,
    struct emrtd_password *out)
{
	char info[MRZ_KEY_INFO_CAP];
	size_t len = 0;
	enum exit_code code = EXIT_GOOD;

	if (mrz_key_info(&source->doc, info, sizeof(info), &len) != MRZ_OK ||
	    emrtd_password_mrz(info, len, out) != EMRTD_OK) {
		tool_error(tool,
		    "the MRZ cannot open a chip: document number, date of "
		    "birth or date of expiry does not verify (see mrz-read)");
		code = EXIT_MALFORMED;
	}
	explicit_bzero(info, sizeof(info));
	return code;
}

/* Digits in place of a file are a secret that everybody can see: not said. */
static void
say_can_error(const struct tool *tool, const char *path, enum io_result io)
{
	if (path[0] != '\0' && path[strspn(path, "0123456789")] == '\0')
		tool_error(tool,
		    "--can wants a file with the digits in it, or '-': on the "
		    "command line everybody can read them");
	else
		tool_error(tool, "%s: %s", path, io_text(io));
}

/* The whole file, or what a person types. */
static enum exit_code
read_can(const struct tool *tool, const char *path, char *line, size_t cap)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum io_result io;

	if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
		if (prompt_secret("CAN (six digits, not shown): ", line, cap))
			return EXIT_GOOD;
		tool_error(tool, "no CAN could be asked for on this terminal");
		return EXIT_USAGE;
	}
	io = io_read(path, cap - 1, &bytes, &len);
	if (io != IO_OK) {
		say_can_error(tool, path, io);
		return EXIT_ENVIRONMENT;
	}
	memcpy(line, bytes, len);
	wipe_free(bytes, len);
	return EXIT_GOOD;
}

enum exit_code
can_source_read(const struct tool *tool, const char *path,
    struct emrtd_password *out)
{
	char line[64] = "";
	enum exit_code code = read_can(tool, path, line, sizeof(line));

	if (code == EXIT_GOOD &&
	    emrtd_password_can(line, strcspn(line, " \t\r\n"), out) !=
		EMRTD_OK) {
		tool_error(tool, "%s: a CAN has six digits", path);
		code = EXIT_USAGE;
	}
	explicit_bzero(line, sizeof(line));
	return code;
}
