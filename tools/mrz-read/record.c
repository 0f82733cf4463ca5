#include "record.h"

#include "sentence.h"

#include <emrtd/result.h>

#include <string.h>

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

void
record_zone(struct emrtd_json *json, const struct zone *zone)
{
	const struct mrz_doc *doc = zone->doc;

	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "status", mrz_status_name(doc->status));
	emrtd_json_mrz(json, doc);
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
	emrtd_json_end_object(json);
}

void
record_end(struct emrtd_json *json)
{
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}
