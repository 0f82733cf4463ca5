#include "fields_json.h"

#include "wipe_alloc.h"

#include <jansson.h>
#include <string.h>

#define SCHEMA "mrz-read/1"

static bool
field_of_key(const char *key, enum mrz_field_id *out)
{
	int i;

	for (i = 0; i < MRZ_N_FIELDS; i++) {
		if (strcmp(mrz_field_name((enum mrz_field_id)i), key) == 0) {
			*out = (enum mrz_field_id)i;
			return true;
		}
	}
	return false;
}

static bool
take_format(const struct tool *tool, const char *path, const json_t *value,
    struct make_fields *out)
{
	const char *name = json_string_value(value);

	out->format = name != NULL ? mrz_format_find(name) : MRZ_UNKNOWN;
	if (out->format != MRZ_UNKNOWN)
		return true;
	tool_error(tool,
	    "%s: format is none of those that 'mrz-make --help' names", path);
	return false;
}

static bool
take_fields(const struct tool *tool, const char *path, const json_t *object,
    bool with_format, struct make_fields *out)
{
	enum mrz_field_id id;
	const char *key, *text;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (with_format && strcmp(key, "format") == 0) {
			if (!take_format(tool, path, value, out))
				return false;
			continue;
		}
		if (!field_of_key(key, &id)) {
			tool_error(tool, "%s: no such field: %s", path, key);
			return false;
		}
		if (json_is_null(value))
			continue; /* the layout does not have it */
		if (json_is_object(value))
			value = json_object_get(value, "text");
		text = json_string_value(value);
		if (text == NULL) {
			tool_error(tool, "%s: %s is not a string", path, key);
			return false;
		}
		make_fields_set(tool, out, id, text);
	}
	return true;
}

static bool
has_text(const json_t *object, const char *key, const char *value)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && strcmp(text, value) == 0;
}

/* The row of an array of objects that has this value under a key, or NULL. */
static const json_t *
row_with(const json_t *rows, const char *key, const char *value)
{
	for (size_t i = 0; i < json_array_size(rows); i++)
		if (has_text(json_array_get(rows, i), key, value))
			return json_array_get(rows, i);
	return NULL;
}

/* What Doc 9303 leaves to the issuer, or issuers do all the same: the lines
 * come out as they were. */
static void
take_habits(const json_t *document, struct make_fields *out)
{
	const json_t *number = row_with(json_object_get(document, "checks"),
	    "id", mrz_check_name(MRZ_C_NUMBER));
	const json_t *optional = row_with(json_object_get(document,
					      "field_verdicts"),
	    "field", mrz_field_name(MRZ_F_OPTIONAL_DATA));

	out->count_filler = has_text(number, "code",
	    mrz_reason_name(MRZ_R_FILLER_COUNTED));
	out->zero_digit = has_text(optional, "text", "") &&
			  has_text(optional, "digit", "0");
}

/* One document of a record. */
static enum exit_code
take_record(const struct tool *tool, const char *path, const json_t *root,
    unsigned pick, struct make_fields *out)
{
	const json_t *documents = json_object_get(root, "documents"), *one;
	const char *schema = json_string_value(json_object_get(root, "schema"));
	size_t n = json_array_size(documents);

	if (schema == NULL || strcmp(schema, SCHEMA) != 0 || n == 0) {
		tool_error(tool, "%s: not a record " SCHEMA " with an MRZ",
		    path);
		return EXIT_MALFORMED;
	}
	if (pick > n || (pick == 0 && n > 1)) {
		tool_error(tool, "%s: choose one of %zu documents with --pick",
		    path, n);
		return EXIT_USAGE;
	}
	one = json_array_get(documents, pick == 0 ? 0 : pick - 1);
	if (!json_is_object(json_object_get(one, "fields"))) {
		tool_error(tool,
		    "%s: the document has no fields: no layout fits its lines",
		    path);
		return EXIT_MALFORMED;
	}
	if (!take_format(tool, path, json_object_get(one, "format"), out) ||
	    !take_fields(tool, path, json_object_get(one, "fields"), false,
		out))
		return EXIT_MALFORMED;
	take_habits(one, out);
	return EXIT_GOOD;
}

enum exit_code
fields_json_read(const struct tool *tool, const char *path, const char *bytes,
    size_t len, unsigned pick, struct make_fields *out)
{
	enum exit_code code = EXIT_MALFORMED;
	json_error_t where;
	json_t *root;

	json_set_alloc_funcs(wipe_alloc, wipe_alloc_free);
	root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &where);
	if (root == NULL) {
		/* Its text quotes the input: somebody's data. */
		tool_error(tool, "%s: not JSON: line %d, column %d", path,
		    where.line, where.column);
		return code;
	}
	if (json_object_get(root, "schema") != NULL)
		code = take_record(tool, path, root, pick, out);
	else if (take_fields(tool, path, root, true, out))
		code = EXIT_GOOD;
	json_decref(root);
	return code;
}
