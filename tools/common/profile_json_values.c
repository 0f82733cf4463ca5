#include "profile_json_inner.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "day.h"
#include "io.h"

#define DAY_SECONDS 86400

/* ---- Errors ------------------------------------------------------------ */

bool
profile_fail(struct loader *l, enum emrtd_error error, unsigned line,
    const char *key, const char *what)
{
	l->error = error;
	if (l->diag == NULL)
		return false;
	emrtd_diag_init(l->diag);
	l->diag->error = error;
	l->diag->what = "reading a profile";
	/* A long path is cut, as it must be. */
	if (line > 0)
		(void)snprintf(l->diag->detail, sizeof(l->diag->detail),
		    "%s:%u: %s%s%s", l->path, line, key,
		    *key != '\0' ? ": " : "", what);
	else
		(void)snprintf(l->diag->detail, sizeof(l->diag->detail),
		    "%s: %s%s%s", l->path, key, *key != '\0' ? ": " : "", what);
	return false;
}

/*
 * The line of the key that is being read. The parser keeps no places, so this
 * is the first line on which the key stands.
 */
unsigned
profile_line(const struct loader *l, const char *key)
{
	size_t n = strlen(key);
	unsigned line = 1;

	for (const char *p = l->text; *p != '\0'; p++) {
		if (*p == '\n')
			line++;
		if (*p == '"' && strncmp(p + 1, key, n) == 0 && p[1 + n] == '"')
			return line;
	}
	return 0;
}

bool
profile_wrong(struct loader *l, const char *what)
{
	return profile_fail(l, EMRTD_E_ARG, profile_line(l, l->key), l->key,
	    what);
}

enum emrtd_error
profile_io_error(enum io_result result)
{
	if (result == IO_MEMORY)
		return EMRTD_E_NO_MEMORY;
	return result == IO_ERRNO && errno == ENOENT ? EMRTD_E_NOT_FOUND
						     : EMRTD_E_IO;
}

/* ---- Values ------------------------------------------------------------ */

void *
profile_field(struct loader *l, const struct key_row *row)
{
	return (unsigned char *)l->base + row->offset;
}

bool
profile_text(struct loader *l, json_t *value, const char **out)
{
	*out = json_string_value(value);
	return *out != NULL ? true : profile_wrong(l, "must be a string");
}

bool
take_bool(struct loader *l, const struct key_row *row, json_t *value)
{
	if (!json_is_boolean(value))
		return profile_wrong(l, "must be true or false");
	*(bool *)profile_field(l, row) = json_is_true(value);
	return true;
}

bool
take_not(struct loader *l, const struct key_row *row, json_t *value)
{
	if (!take_bool(l, row, value))
		return false;
	*(bool *)profile_field(l, row) = !json_is_true(value);
	return true;
}

bool
take_short(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (strlen(text) != row->limit)
		return profile_wrong(l, "has a wrong length");
	memcpy(profile_field(l, row), text, strlen(text) + 1);
	return true;
}

/* One to three capitals, as in the MRZ: D, UTO. */
bool
take_state(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (*text == '\0' || strlen(text) > row->limit)
		return profile_wrong(l, "has a wrong length");
	memcpy(profile_field(l, row), text, strlen(text) + 1);
	return true;
}

bool
take_u32(struct loader *l, const struct key_row *row, json_t *value)
{
	json_int_t v = json_integer_value(value);

	if (!json_is_integer(value) || v < 0 || v > (json_int_t)row->limit)
		return profile_wrong(l, "must be a whole number in range");
	*(uint32_t *)profile_field(l, row) = (uint32_t)v;
	return true;
}

bool
take_u8(struct loader *l, const struct key_row *row, json_t *value)
{
	json_int_t v = json_integer_value(value);

	if (!json_is_integer(value) || v < 0 || v > (json_int_t)row->limit)
		return profile_wrong(l, "must be a whole number in range");
	*(uint8_t *)profile_field(l, row) = (uint8_t)v;
	return true;
}

bool
take_digits(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (*text == '\0' || strlen(text) > row->limit ||
	    strspn(text, "0123456789") != strlen(text))
		return profile_wrong(l, "must be digits, and not too many");
	memcpy(profile_field(l, row), text, strlen(text) + 1);
	return true;
}

bool
take_word_hex(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (strlen(text) != 4 || strspn(text, "0123456789ABCDEF") != 4)
		return profile_wrong(l, "must be a status word, like 6A82");
	*(uint16_t *)profile_field(l, row) = (uint16_t)strtoul(text, NULL, 16);
	return true;
}

bool
take_day(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;
	int32_t day;

	if (!profile_text(l, value, &text))
		return false;
	if (!day_parse(text, &day))
		return profile_wrong(l, "must be a day, like 2022-04-16");
	*(int64_t *)profile_field(l, row) = (int64_t)day * DAY_SECONDS +
					    (int64_t)row->limit;
	return true;
}

bool
take_kind(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (!emrtd_card_key_by_name(text, profile_field(l, row)))
		return profile_wrong(l, "is no kind of signature key");
	return true;
}

/* The path of a file beside the profile, or an absolute one. */
static bool
beside(struct loader *l, const char *name, char path[PATH_MAX])
{
	const char *slash = strrchr(l->path, '/');
	int folder = slash == NULL || name[0] == '/'
			 ? 0
			 : (int)(slash - l->path + 1);
	int n = snprintf(path, PATH_MAX, "%.*s%s", folder, l->path, name);

	if (n < 0 || n >= PATH_MAX)
		return profile_wrong(l, "the path is too long");
	return true;
}

bool
take_file(struct loader *l, const struct key_row *row, json_t *value)
{
	struct blob *blob = &l->profile->blobs[l->profile->n_blobs];
	char path[PATH_MAX];
	enum io_result result;
	const char *name;

	if (!profile_text(l, value, &name) || !beside(l, name, path))
		return false;
	result = io_read(path, row->limit, &blob->ptr, &blob->len);
	if (result != IO_OK)
		return profile_fail(l, profile_io_error(result),
		    profile_line(l, l->key), name, io_text(result));
	l->profile->n_blobs++;
	*(struct emrtd_bytes *)profile_field(l, row) = emrtd_bytes(blob->ptr,
	    blob->len);
	return true;
}

bool
take_comment(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	(void)row;
	return profile_text(l, value, &text);
}

/* For others who read the profile. */
bool
take_ignored(struct loader *l, const struct key_row *row, json_t *value)
{
	(void)row;
	return json_is_object(value) ? true
				     : profile_wrong(l, "must be an object");
}

/* Every key of an object, each by its row. */
bool
profile_object(struct loader *l, json_t *object, const struct key_row *rows,
    size_t n)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return profile_wrong(l, "must be an object");
	json_object_foreach(object, key, value)
	{
		size_t i = 0;

		while (i < n && strcmp(rows[i].name, key) != 0)
			i++;
		l->key = key;
		if (i == n)
			return profile_wrong(l, "unknown key");
		if (!rows[i].take(l, &rows[i], value))
			return false;
	}
	return true;
}

bool
take_inner(struct loader *l, const struct key_row *row, json_t *value)
{
	return profile_object(l, value, row->rows, row->n_rows);
}
