#include "record.h"

#include "sentence.h"
#include "show_repair.h"

#include <emrtd/result.h>

#include <string.h>

static void
put_place(struct emrtd_json *json, const struct mrz_place *place)
{
	emrtd_json_int(json, "line", place->line);
	emrtd_json_int(json, "column", place->column);
	emrtd_json_int(json, "length", place->length);
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
	if (check->place.line > 0)
		put_place(json, &check->place);
	emrtd_json_end_object(json);
}

static void
put_digit(struct emrtd_json *json, const char *key, char digit)
{
	char text[2] = { digit, '\0' };

	if (digit == '\0')
		emrtd_json_null(json, key);
	else
		emrtd_json_string(json, key, text);
}

static void
put_field_verdict(struct emrtd_json *json, const struct mrz_doc *doc,
    enum mrz_field_id id)
{
	const struct mrz_field *field = &doc->fields[id];

	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "field", mrz_field_name(id));
	emrtd_json_string(json, "text", field->text);
	put_place(json, &field->place);
	emrtd_json_string(json, "verdict", mrz_verdict_name(field->verdict));
	emrtd_json_string(json, "reason", mrz_reason_text(field->reason));
	if (field->reason != MRZ_R_NONE)
		emrtd_json_string(json, "code", mrz_reason_name(field->reason));
	emrtd_json_string(json, "expected",
	    mrz_field_expected(doc->format, id));
	put_digit(json, "digit", field->digit_printed);
	put_digit(json, "digit_expected", field->digit_expected);
	emrtd_json_array(json, "protected_by");
	for (unsigned bit = 1; bit != 0; bit <<= 1)
		if (field->protection & bit)
			emrtd_json_string(json, NULL,
			    mrz_protection_name((enum mrz_protection)bit));
	emrtd_json_end_array(json);
	if (field->wrong.line > 0) {
		emrtd_json_object(json, "wrong");
		put_place(json, &field->wrong);
		emrtd_json_end_object(json);
	} else {
		emrtd_json_null(json, "wrong");
	}
	emrtd_json_end_object(json);
}

/* Where each field stands, what is wrong with it, and what vouches for it. */
static void
put_field_verdicts(struct emrtd_json *json, const struct mrz_doc *doc)
{
	emrtd_json_array(json, "field_verdicts");
	for (int i = 0; i < MRZ_N_FIELDS; i++)
		if (doc->fields[i].present)
			put_field_verdict(json, doc, (enum mrz_field_id)i);
	emrtd_json_end_array(json);
}

/* The layouts that were probably meant, when none fits. */
static void
put_possible(struct emrtd_json *json, const struct mrz_doc *doc)
{
	emrtd_json_array(json, "possible_formats");
	for (int i = 0; i < MRZ_N_FORMATS; i++)
		if (doc->candidates >> i & 1)
			emrtd_json_string(json, NULL,
			    mrz_format_name((enum mrz_format)i));
	emrtd_json_end_array(json);
}

static void
put_normalized(struct emrtd_json *json, const struct mrz_normalized *normalized)
{
	if (normalized == NULL) {
		emrtd_json_null(json, "normalized");
		return;
	}
	emrtd_json_object(json, "normalized");
	emrtd_json_int(json, "lines", normalized->lines);
	emrtd_json_int(json, "fillers", normalized->fillers);
	emrtd_json_int(json, "blanks", normalized->blanks);
	emrtd_json_int(json, "wide", normalized->wide);
	emrtd_json_int(json, "small", normalized->small);
	emrtd_json_end_object(json);
}

void
record_begin(struct emrtd_json *json, const char *source,
    const struct mrz_normalized *normalized)
{
	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "schema", "mrz-read/1");
	emrtd_json_string(json, "source", source);
	put_normalized(json, normalized);
	emrtd_json_array(json, "documents");
}

/* Where in which picture; null for a text. */
static void
put_picture(struct emrtd_json *json, const struct zone *zone)
{
	const struct mrz_reading *reading = zone->reading;

	if (reading == NULL) {
		emrtd_json_null(json, "picture");
		return;
	}
	emrtd_json_object(json, "picture");
	emrtd_json_string(json, "format", zone->picture->format);
	emrtd_json_int(json, "width", zone->picture->width);
	emrtd_json_int(json, "height", zone->picture->height);
	emrtd_json_int(json, "orientation", zone->picture->orientation);
	emrtd_json_int(json, "rotation", reading->rotation);
	emrtd_json_int(json, "skew_mdeg", reading->skew_mdeg);
	emrtd_json_object(json, "box");
	emrtd_json_int(json, "x", reading->box.x);
	emrtd_json_int(json, "y", reading->box.y);
	emrtd_json_int(json, "width", reading->box.width);
	emrtd_json_int(json, "height", reading->box.height);
	emrtd_json_end_object(json);
	emrtd_json_end_object(json);
}

static void
put_doubt(struct emrtd_json *json, const struct zone *zone,
    const struct mrz_doubt *doubt)
{
	char text[2] = { zone_character(zone, doubt), '\0' };

	emrtd_json_object(json, NULL);
	emrtd_json_int(json, "line", doubt->line);
	emrtd_json_int(json, "column", doubt->column);
	emrtd_json_string(json, "text", text);
	emrtd_json_array(json, "alternatives");
	for (unsigned i = 0; i < doubt->n && i < MRZ_MAX_ALTERNATIVES; i++) {
		text[0] = doubt->text[i];
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "text", text);
		emrtd_json_int(json, "cost", doubt->cost[i]);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}

static void
put_keys(struct emrtd_json *json, const struct zone *zone)
{
	struct mrz_key keys[MRZ_MAX_KEYS];
	size_t n = mrz_keys(zone->doc, zone_doubts(zone), zone_n_doubts(zone),
	    keys);

	emrtd_json_array(json, "keys");
	for (size_t i = 0; i < n; i++) {
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "document_number", keys[i].number);
		emrtd_json_string(json, "date_of_birth", keys[i].birth);
		emrtd_json_string(json, "date_of_expiry", keys[i].expiry);
		emrtd_json_int(json, "cost", keys[i].cost);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
	explicit_bzero(keys, sizeof(keys));
}

static void
put_name(struct emrtd_json *json, const char *key, const char *name)
{
	if (name != NULL && name[0] != '\0')
		emrtd_json_string(json, key, name);
	else
		emrtd_json_null(json, key);
}

/* What codes stand for. */
static void
put_names(struct emrtd_json *json, const struct mrz_doc *doc)
{
	static const enum mrz_field_id states[] = { MRZ_F_ISSUING_STATE,
		MRZ_F_NATIONALITY };
	const struct mrz_document_code *code = mrz_document_code_find(
	    doc->format, doc->fields[MRZ_F_DOCUMENT_CODE].text);

	if (doc->format == MRZ_UNKNOWN) {
		emrtd_json_null(json, "names");
		return;
	}
	emrtd_json_object(json, "names");
	put_name(json, mrz_field_name(MRZ_F_DOCUMENT_CODE),
	    code != NULL ? code->meaning : NULL);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		const struct mrz_country *row = mrz_country_find(
		    doc->fields[states[i]].text);

		put_name(json, mrz_field_name(states[i]),
		    row != NULL ? row->name : NULL);
	}
	emrtd_json_end_object(json);
}

void
record_zone(struct emrtd_json *json, const struct zone *zone)
{
	const struct mrz_doc *doc = zone->doc;

	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "status", mrz_status_name(doc->status));
	emrtd_json_mrz(json, doc);
	put_names(json, doc);
	emrtd_json_string(json, "reached", mrz_stage_name(doc->stage));
	put_possible(json, doc);
	put_field_verdicts(json, doc);
	emrtd_json_array(json, "checks");
	for (size_t i = 0; i < doc->n_checks; i++)
		put_check(json, doc, &doc->checks[i]);
	emrtd_json_end_array(json);
	put_picture(json, zone);
	emrtd_json_array(json, "doubts");
	for (size_t i = 0; i < zone_n_doubts(zone); i++)
		put_doubt(json, zone, &zone_doubts(zone)[i]);
	emrtd_json_end_array(json);
	put_keys(json, zone);
	repair_record(json, zone);
	emrtd_json_end_object(json);
}

void
record_end(struct emrtd_json *json)
{
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}
