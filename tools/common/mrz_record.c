#include "mrz_record.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The lines as one text. */
static bool
join_lines(const json_t *lines, char text[MRZ_RECORD_TEXT_CAP])
{
	const json_t *line;
	size_t i, used = 0;

	if (json_array_size(lines) == 0)
		return false;
	json_array_foreach(lines, i, line)
	{
		const char *s = json_string_value(line);

		if (s == NULL || strlen(s) + 2 > MRZ_RECORD_TEXT_CAP - used)
			return false;
		used += (size_t)snprintf(text + used,
		    MRZ_RECORD_TEXT_CAP - used, "%s\n", s);
	}
	return true;
}

static bool
read_status(const json_t *status, enum mrz_status *out)
{
	const char *word = json_string_value(status);

	*out = MRZ_ACCEPTED;
	if (status == NULL)
		return true;
	for (int i = 0; word != NULL && i < MRZ_N_STATUSES; i++) {
		*out = (enum mrz_status)i;
		if (strcmp(word, mrz_status_name(*out)) == 0)
			return true;
	}
	return false;
}

static bool
read_number(const json_t *number, int min, int max, int *out)
{
	json_int_t v = json_integer_value(number);

	if (!json_is_integer(number) || v < min || v > max)
		return false;
	*out = (int)v;
	return true;
}

static bool
read_alternative(const json_t *alternative, char *text, int16_t *cost)
{
	const char *s = json_string_value(json_object_get(alternative, "text"));
	int number;

	if (s == NULL || strlen(s) != 1 || mrz_check_digit(s, 1) == '\0' ||
	    !read_number(json_object_get(alternative, "cost"), 0, INT16_MAX,
		&number))
		return false;
	*text = *s;
	*cost = (int16_t)number;
	return true;
}

static bool
read_doubt(const json_t *doubt, struct mrz_doubt *out)
{
	const json_t *alternatives = json_object_get(doubt, "alternatives");
	size_t n = json_array_size(alternatives);
	int line, column;

	if (!read_number(json_object_get(doubt, "line"), 1, MRZ_MAX_LINES,
		&line) ||
	    !read_number(json_object_get(doubt, "column"), 1, MRZ_MAX_LINE_LEN,
		&column) ||
	    n < 1 || n > MRZ_MAX_ALTERNATIVES)
		return false;
	out->line = (uint8_t)line;
	out->column = (uint8_t)column;
	out->n = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		if (!read_alternative(json_array_get(alternatives, i),
			&out->text[i], &out->cost[i]))
			return false;
	return true;
}

/* A list may be left out; else it is an array of at most max. */
static bool
is_list(const json_t *list, size_t max)
{
	return list == NULL ||
	       (json_is_array(list) && json_array_size(list) <= max);
}

static bool
copy_string(const json_t *from, char *to, size_t cap)
{
	const char *s = json_string_value(from);

	if (s == NULL || strlen(s) >= cap)
		return false;
	memcpy(to, s, strlen(s) + 1);
	return true;
}

static bool
read_key(const json_t *key, struct mrz_key *out)
{
	char info[MRZ_KEY_INFO_CAP];
	size_t len;
	bool ok;

	ok = copy_string(json_object_get(key, "document_number"), out->number,
		 sizeof(out->number)) &&
	     copy_string(json_object_get(key, "date_of_birth"), out->birth,
		 sizeof(out->birth)) &&
	     copy_string(json_object_get(key, "date_of_expiry"), out->expiry,
		 sizeof(out->expiry)) &&
	     read_number(json_object_get(key, "cost"), 0, INT32_MAX,
		 &out->cost) &&
	     mrz_key_info_from_key(out, info, sizeof(info), &len) == MRZ_OK;
	explicit_bzero(info, sizeof(info));
	return ok;
}

static const char *
read_all(const json_t *document, struct mrz_record *out)
{
	const json_t *doubts = json_object_get(document, "doubts");
	const json_t *keys = json_object_get(document, "keys"), *row;
	const json_t *picture = json_object_get(document, "picture");
	size_t i;

	if (!join_lines(json_object_get(document, "lines"), out->text))
		return "lines";
	if (!read_status(json_object_get(document, "status"), &out->status))
		return "status";
	if (!is_list(doubts, MRZ_MAX_DOUBTS))
		return "doubts";
	json_array_foreach(doubts, i, row)
	{
		if (!read_doubt(row, &out->doubts[out->n_doubts++]))
			return "doubts";
	}
	if (!is_list(keys, MRZ_MAX_KEYS))
		return "keys";
	json_array_foreach(keys, i, row)
	{
		if (!read_key(row, &out->keys[out->n_keys++]))
			return "keys";
	}
	out->is_picture = out->n_doubts > 0 || json_is_object(picture);
	return NULL;
}

const char *
mrz_record_read(const json_t *document, struct mrz_record *out)
{
	const char *wrong;

	memset(out, 0, sizeof(*out));
	wrong = read_all(document, out);
	if (wrong != NULL)
		explicit_bzero(out, sizeof(*out));
	return wrong;
}
