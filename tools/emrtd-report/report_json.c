#include "report_json.h"

#include "day.h"
#include "wipe_alloc.h"

#include <mrz/mrz.h>

#include <string.h>

/* Depth and values of a text, without the memory that a tree would take. */
struct shape {
	size_t depth, deepest, values;
};

static struct shape
measure(struct emrtd_bytes text)
{
	struct shape s = { 0, 0, 1 };
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (in_string) {
			i += c == '\\';
			in_string = c != '"';
			continue;
		}
		in_string = c == '"';
		if (c == '[' || c == '{')
			s.depth++;
		if ((c == ']' || c == '}') && s.depth > 0)
			s.depth--;
		if (s.depth > s.deepest)
			s.deepest = s.depth;
		s.values += c == '[' || c == '{' || c == ',';
	}
	return s;
}

enum report_error
report_json_load(struct emrtd_bytes text, json_t **out,
    char why[REPORT_WHY_CAP])
{
	struct shape shape = measure(text);
	json_error_t where;

	*out = NULL;
	if (text.len > REPORT_RECORD_CAP || shape.deepest > REPORT_DEPTH_MAX ||
	    shape.values > REPORT_VALUES_MAX) {
		snprintf(why, REPORT_WHY_CAP,
		    "too large for a record: %zu bytes, %zu values, %zu deep",
		    text.len, shape.values, shape.deepest);
		return REPORT_MALFORMED;
	}
	if (text.len == 0) {
		snprintf(why, REPORT_WHY_CAP, "no record came in");
		return REPORT_MALFORMED;
	}
	json_set_alloc_funcs(wipe_alloc, wipe_alloc_free);
	*out = json_loadb((const char *)text.ptr, text.len,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
	if (*out == NULL && json_error_code(&where) == json_error_out_of_memory)
		return REPORT_MEMORY;
	/* The error's text quotes the input: somebody's data. */
	if (*out == NULL)
		snprintf(why, REPORT_WHY_CAP,
		    "not one record in JSON: line %d, column %d", where.line,
		    where.column);
	return *out == NULL ? REPORT_MALFORMED : REPORT_OK;
}

void
report_defect(struct report_reader *r, const char *what)
{
	if (r->n_defects++ == 0)
		r->first_defect = what;
}

/* NULL for what is not there or null, which is a defect if it is needed. */
static const json_t *
get(struct report_reader *r, const json_t *object, const char *key,
    enum report_need need)
{
	const json_t *value = json_object_get(object, key);

	if ((value == NULL && need != OPTIONAL) ||
	    (json_is_null(value) && need == WANTED))
		report_defect(r, key);
	return json_is_null(value) ? NULL : value;
}

const json_t *
report_json_object(struct report_reader *r, const json_t *object,
    const char *key, enum report_need need)
{
	const json_t *value = get(r, object, key, need);

	if (value == NULL || json_is_object(value))
		return value;
	report_defect(r, key);
	return NULL;
}

static const json_t *
array_of(struct report_reader *r, const json_t *object, const char *key,
    enum report_need need, size_t max)
{
	const json_t *value = get(r, object, key, need);

	if (value == NULL)
		return NULL;
	if (!json_is_array(value) || json_array_size(value) > max)
		report_defect(r, key);
	return json_is_array(value) ? value : NULL;
}

const json_t *
report_json_array(struct report_reader *r, const json_t *object,
    const char *key, size_t max)
{
	return array_of(r, object, key, WANTED, max);
}

const json_t *
report_json_maybe_array(struct report_reader *r, const json_t *object,
    const char *key, size_t max)
{
	return array_of(r, object, key, OPTIONAL, max);
}

size_t
report_json_size(const json_t *array, size_t max)
{
	size_t n = json_array_size(array);

	return n < max ? n : max;
}

static struct report_text
text_of(struct report_reader *r, const json_t *value, const char *what)
{
	const json_t *hex = json_object_get(value, "hex");
	struct report_text text = { .hex = hex != NULL };

	if (hex != NULL)
		value = hex;
	if (!json_is_string(value)) {
		report_defect(r, what);
		return (struct report_text){ .ptr = NULL };
	}
	text.ptr = json_string_value(value);
	text.len = json_string_length(value);
	return text;
}

struct report_text
report_json_text(struct report_reader *r, const json_t *object, const char *key,
    enum report_need need)
{
	const json_t *value = get(r, object, key, need);

	if (value == NULL)
		return (struct report_text){ .ptr = NULL };
	return text_of(r, value, key);
}

struct report_text
report_json_item(struct report_reader *r, const json_t *array, size_t i,
    const char *what)
{
	return text_of(r, json_array_get(array, i), what);
}

int64_t
report_json_maybe_int(struct report_reader *r, const json_t *object,
    const char *key, int64_t max)
{
	const json_t *value = get(r, object, key, OPTIONAL);

	if (value == NULL)
		return -1;
	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    json_integer_value(value) <= max)
		return json_integer_value(value);
	report_defect(r, key);
	return -1;
}

int64_t
report_json_int(struct report_reader *r, const json_t *object, const char *key,
    int64_t max)
{
	int64_t v = report_json_maybe_int(r, object, key, max);

	if (v < 0)
		report_defect(r, key);
	return v < 0 ? 0 : v;
}

/* Day of "1974-08-12" or of an instant that begins so. */
static bool
day_of(struct report_text text, int32_t *out)
{
	char copy[32];

	if (text.ptr == NULL || text.hex || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return strlen(copy) == text.len && day_parse(copy, out);
}

int32_t
report_json_day(struct report_reader *r, const json_t *object, const char *key)
{
	struct report_text text = report_json_text(r, object, key, NULLABLE);
	int32_t day = MRZ_NO_DAY;

	if (text.ptr != NULL && !day_of(text, &day))
		report_defect(r, key);
	return day;
}

int32_t
report_json_instant_day(struct report_reader *r, struct report_text text)
{
	int32_t day = MRZ_NO_DAY;

	if (!day_of(text, &day))
		report_defect(r, "at");
	return day;
}

/* The number of a word in a table; 0, which is good for nothing, and a defect
 * when it is not there. */
static int
word(struct report_reader *r, const json_t *object, const char *key,
    const char *(*name_of)(int), int n)
{
	struct report_text text = report_json_text(r, object, key, WANTED);

	for (int i = 0; i < n; i++)
		if (report_text_is(text, name_of(i)))
			return i;
	report_defect(r, key);
	return 0;
}

static const char *
verdict_name(int i)
{
	return emrtd_verdict_name((enum emrtd_verdict)i);
}

static const char *
data_name(int i)
{
	return emrtd_data_verdict_name((enum emrtd_data_verdict)i);
}

static const char *
chip_name(int i)
{
	return emrtd_chip_verdict_name((enum emrtd_chip_verdict)i);
}

static const char *
overall_name(int i)
{
	return emrtd_overall_verdict_name((enum emrtd_overall_verdict)i);
}

enum emrtd_verdict
report_json_verdict(struct report_reader *r, const json_t *check)
{
	return (enum emrtd_verdict)word(r, check, "verdict", verdict_name,
	    EMRTD_ABORTED + 1);
}

enum emrtd_data_verdict
report_json_data(struct report_reader *r, const json_t *root)
{
	return (enum emrtd_data_verdict)word(r, root, "data", data_name,
	    EMRTD_DATA_FAILED + 1);
}

enum emrtd_chip_verdict
report_json_chip(struct report_reader *r, const json_t *root)
{
	return (enum emrtd_chip_verdict)word(r, root, "chip", chip_name,
	    EMRTD_CHIP_NOT_OFFERED + 1);
}

enum emrtd_overall_verdict
report_json_overall(struct report_reader *r, const json_t *root)
{
	return (enum emrtd_overall_verdict)word(r, root, "verdict",
	    overall_name, EMRTD_OVERALL_FAILED + 1);
}
