#include "record.h"

#include "day.h"
#include "sentence.h"

static void
put_day(struct emrtd_json *json, const char *key, int32_t day)
{
	char text[DAY_TEXT_CAP];

	if (day == MRZ_NO_DAY)
		emrtd_json_null(json, key);
	else
		emrtd_json_string(json, key, day_text(day, text));
}

static void
put_date(struct emrtd_json *json, const char *key, const char *text,
    const struct mrz_date *date)
{
	emrtd_json_object(json, key);
	emrtd_json_string(json, "text", text);
	put_day(json, "from", date->from);
	put_day(json, "to", date->to);
	emrtd_json_end_object(json);
}

/* The six characters as printed: the text of a field has lost the fillers at
 * its end. */
static const char *
printed(const struct mrz_doc *doc, enum mrz_field_id id,
    char text[MRZ_LINE_CAP])
{
	struct mrz_place place = doc->fields[id].place;
	size_t n = 0;

	while (n < place.length && place.column - 1 + n < MRZ_MAX_LINE_LEN) {
		text[n] = doc->lines[place.line - 1][place.column - 1 + n];
		n++;
	}
	text[n] = '\0';
	return text;
}

static void
put_fields(struct emrtd_json *json, const struct mrz_doc *doc)
{
	char text[MRZ_LINE_CAP];

	emrtd_json_object(json, "fields");
	for (int i = 0; i < MRZ_N_FIELDS; i++) {
		enum mrz_field_id id = (enum mrz_field_id)i;
		const struct mrz_field *field = &doc->fields[i];
		const char *key = mrz_field_name(id);

		if (!field->present)
			continue;
		if (id == MRZ_F_DATE_OF_BIRTH)
			put_date(json, key, printed(doc, id, text),
			    &doc->birth);
		else if (id == MRZ_F_DATE_OF_EXPIRY)
			put_date(json, key, printed(doc, id, text),
			    &doc->expiry);
		else if (id == MRZ_F_SEX && field->text[0] == '\0')
			emrtd_json_string(json, key, "X");
		else
			emrtd_json_string(json, key, field->text);
	}
	emrtd_json_end_object(json);
}

static void
put_check(struct emrtd_json *json, const struct mrz_doc *doc,
    const struct mrz_check *check)
{
	char text[SENTENCE_CAP];

	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "id", mrz_check_name(check->id));
	emrtd_json_string(json, "verdict", mrz_verdict_name(check->verdict));
	emrtd_json_string(json, "reason", check_sentence(doc, check, text));
	if (check->reason != MRZ_R_NONE)
		emrtd_json_string(json, "code", mrz_reason_name(check->reason));
	if (check->place.line > 0) {
		emrtd_json_int(json, "line", check->place.line);
		emrtd_json_int(json, "column", check->place.column);
		emrtd_json_int(json, "length", check->place.length);
	}
	emrtd_json_end_object(json);
}

void
record_begin(struct emrtd_json *json, const char *source)
{
	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "schema", "mrz-read/1");
	emrtd_json_string(json, "source", source);
	emrtd_json_array(json, "documents");
}

void
record_document(struct emrtd_json *json, const struct mrz_doc *doc)
{
	emrtd_json_object(json, NULL);
	if (doc->format == MRZ_UNKNOWN)
		emrtd_json_null(json, "format");
	else
		emrtd_json_string(json, "format", mrz_format_name(doc->format));
	emrtd_json_string(json, "status", mrz_status_name(doc->status));
	emrtd_json_array(json, "lines");
	for (size_t i = 0; i < doc->n_lines; i++)
		emrtd_json_string(json, NULL, doc->lines[i]);
	emrtd_json_end_array(json);
	if (doc->format == MRZ_UNKNOWN)
		emrtd_json_null(json, "fields");
	else
		put_fields(json, doc);
	emrtd_json_array(json, "checks");
	for (size_t i = 0; i < doc->n_checks; i++)
		put_check(json, doc, &doc->checks[i]);
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}

void
record_end(struct emrtd_json *json)
{
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}
