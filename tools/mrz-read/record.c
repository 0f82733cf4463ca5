#include "record.h"

#include "sentence.h"

#include <emrtd/result.h>

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
	emrtd_json_string(json, "status", mrz_status_name(doc->status));
	emrtd_json_mrz(json, doc);
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
