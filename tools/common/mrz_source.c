#include "mrz_source.h"

#include "io.h"
#include "mrz_record.h"
#include "picture.h"
#include "wipe_alloc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_CAP (4u << 20)
#define SCHEMA     "mrz-read/1"

/* The MRZ is a key: it does not stay in freed memory. */
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
static enum exit_code
keep(const struct tool *tool, const char *path, const json_t *root,
    size_t index, struct mrz_record *record, struct mrz_source *out)
{
	const json_t *documents = json_object_get(root, "documents");
	const char *wrong = mrz_record_read(json_array_get(documents, index),
	    record);

	if (wrong != NULL) {
		tool_error(tool, "%s: the document has no %s as in " SCHEMA,
		    path, wrong);
		return EXIT_MALFORMED;
	}
	wipe_alloc_free(out->record);
	out->document = (unsigned)index + 1;
	out->record = json_dumps(root, JSON_COMPACT);
	out->record_len = out->record == NULL ? 0 : strlen(out->record);
	if (out->record != NULL)
		return EXIT_GOOD;
	tool_error(tool, "out of memory");
	return EXIT_INTERNAL;
}

/* One document out of all records of the file, one after the other. */
static enum exit_code
from_records(const struct tool *tool, const char *path, const char *bytes,
    size_t len, unsigned pick, struct mrz_record *record,
    struct mrz_source *out)
{
	size_t want = pick == 0 ? 1 : pick, n = 0, at = 0;
	enum exit_code code = EXIT_GOOD;

	json_set_alloc_funcs(wipe_alloc, wipe_alloc_free);
	while (at < len) {
		json_error_t where;
		json_t *root = json_loadb(bytes + at, len - at,
		    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &where);
		size_t more;

		if (root == NULL) {
			/* Its text quotes the input: somebody's data. */
			tool_error(tool, "%s: not JSON: line %d, column %d",
			    path, where.line, where.column);
			return EXIT_MALFORMED;
		}
		more = count_documents(tool, path, root);
		if (want > n && want <= n + more)
			code = keep(tool, path, root, want - n - 1, record,
			    out);
		json_decref(root);
		if (more == 0)
			return EXIT_MALFORMED;
		if (code != EXIT_GOOD)
			return code;
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

/* Random bytes look like very many zones. */
static enum exit_code
refuse_picture(const struct tool *tool, const char *path)
{
	tool_error(tool, "%s: a picture; give what 'mrz-read --json' writes",
	    path);
	return EXIT_MALFORMED;
}

/* The digit as printed, where an issuer counts a filler: the record has none,
 * the lines have. */
static void
complete_keys(struct mrz_source *source)
{
	struct mrz_key own[MRZ_MAX_KEYS];
	size_t n = mrz_keys(&source->doc, source->doubts, source->n_doubts,
	    own);

	if (source->n_keys == 0) {
		memcpy(source->keys, own, n * sizeof(*own));
		source->n_keys = n;
	}
	for (size_t i = 0; i < source->n_keys; i++) {
		struct mrz_key *key = &source->keys[i];

		for (size_t k = 0; k < n && key->number_digit == '\0'; k++)
			if (strcmp(own[k].number, key->number) == 0)
				key->number_digit = own[k].number_digit;
	}
	explicit_bzero(own, sizeof(own));
}

/* What the record says is never made better, only worse. */
static enum exit_code
parse(const struct tool *tool, const char *path,
    const struct mrz_record *record, int32_t today, struct mrz_source *out)
{
	struct mrz_options options = { sizeof(options), today };
	enum mrz_error e = mrz_parse(record->text, strlen(record->text),
	    &options, &out->doc);

	if (e != MRZ_OK && record->n_keys == 0) {
		tool_error(tool, "%s: %s; 'mrz-read %s' says where", path,
		    mrz_error_text(e), path);
		return EXIT_MALFORMED;
	}
	out->n_doubts = record->n_doubts;
	memcpy(out->doubts, record->doubts, sizeof(out->doubts));
	out->n_keys = record->n_keys;
	memcpy(out->keys, record->keys, sizeof(out->keys));
	if (record->is_picture)
		mrz_doubt(&out->doc, out->doubts, out->n_doubts);
	if (record->status < out->doc.status)
		out->doc.status = record->status;
	complete_keys(out);
	return EXIT_GOOD;
}

enum exit_code
mrz_source_parse(const struct tool *tool, const char *name, const void *text,
    size_t len, unsigned pick, int32_t today, struct mrz_source *out)
{
	struct mrz_record record = { .status = MRZ_ACCEPTED };
	const char *bytes = text;
	size_t first = 0;
	enum exit_code code;

	memset(out, 0, sizeof(*out));
	while (first < len && strchr(" \t\r\n", bytes[first]) != NULL)
		first++;
	if (picture_is_one(text, len))
		code = refuse_picture(tool, name);
	else if (first < len && bytes[first] == '{')
		code = from_records(tool, name, bytes, len, pick, &record, out);
	else
		code = from_lines(tool, name, bytes, len, pick, record.text,
		    sizeof(record.text));
	if (code == EXIT_GOOD)
		code = parse(tool, name, &record, today, out);
	explicit_bzero(&record, sizeof(record));
	if (code != EXIT_GOOD)
		mrz_source_free(out);
	return code;
}

enum exit_code
mrz_source_read(const struct tool *tool, const char *path, unsigned pick,
    int32_t today, struct mrz_source *out)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum exit_code code;
	enum io_result io = io_read(path, SOURCE_CAP, &bytes, &len);

	memset(out, 0, sizeof(*out));
	if (io != IO_OK) {
		tool_error(tool, "%s: %s", path, io_text(io));
		return EXIT_ENVIRONMENT;
	}
	code = mrz_source_parse(tool, path, bytes, len, pick, today, out);
	wipe_free(bytes, len);
	return code;
}

static bool
is_among(const struct emrtd_password *passwords, size_t n,
    const struct emrtd_password *password)
{
	for (size_t i = 0; i < n; i++)
		if (passwords[i].len == password->len &&
		    memcmp(passwords[i].text, password->text, password->len) ==
			0)
			return true;
	return false;
}

size_t
mrz_source_passwords(const struct mrz_source *source,
    struct emrtd_password out[MRZ_MAX_KEYS])
{
	char info[MRZ_KEY_INFO_CAP];
	size_t n = 0, len = 0;

	for (size_t i = 0; i < source->n_keys; i++) {
		if (mrz_key_info_from_key(&source->keys[i], info, sizeof(info),
			&len) != MRZ_OK ||
		    emrtd_password_mrz(info, len, &out[n]) != EMRTD_OK)
			continue;
		/* Two tries with one key would be one wasted. */
		if (!is_among(out, n, &out[n]))
			n++;
	}
	explicit_bzero(info, sizeof(info));
	return n;
}
