/* The members of an MRZ in a JSON record, docs/JSON.md. */
#include "result/result.h"

#include "core/civil.h"

#include <string.h>

static void
write_day(struct emrtd_json *json, const char *key, int32_t day)
{
	char text[EMRTD_RFC3339_CAP];

	if (day == MRZ_NO_DAY) {
		emrtd_json_null(json, key);
		return;
	}
	emrtd_instant_text((int64_t)day * 86400, text);
	text[strlen("YYYY-MM-DD")] = '\0';
	emrtd_json_string(json, key, text);
}

static void
write_date(struct emrtd_json *json, const struct mrz_doc *doc,
    enum mrz_field_id id, const struct mrz_date *date)
{
	const struct mrz_place *place = &doc->fields[id].place;
	const char *line;

	if (!doc->fields[id].present) {
		emrtd_json_null(json, mrz_field_name(id));
		return;
	}
	line = doc->lines[place->line - 1];
	emrtd_json_object(json, mrz_field_name(id));
	emrtd_json_text(json, "text",
	    emrtd_bytes((const uint8_t *)line + place->column - 1,
		place->length));
	write_day(json, "from", date->valid ? date->from : MRZ_NO_DAY);
	write_day(json, "to", date->valid ? date->to : MRZ_NO_DAY);
	emrtd_json_end_object(json);
}

static void
write_field(struct emrtd_json *json, const struct mrz_doc *doc,
    enum mrz_field_id id)
{
	const char *text = doc->fields[id].text;

	/* The older keys are always there, later ones where they mean
	 * something. */
	if (!doc->fields[id].present) {
		if (id < MRZ_F_OPTIONAL_DATA_2)
			emrtd_json_null(json, mrz_field_name(id));
		return;
	}
	/* The filler says 'not specified', which the visual zone prints X. */
	if (id == MRZ_F_SEX && text[0] == '\0')
		text = "X";
	emrtd_json_string(json, mrz_field_name(id), text);
}

void
emrtd_json_mrz(struct emrtd_json *json, const struct mrz_doc *doc)
{
	bool known = doc->format != MRZ_UNKNOWN;

	emrtd_json_string(json, "format",
	    known ? mrz_format_name(doc->format) : NULL);
	emrtd_json_array(json, "lines");
	for (uint32_t i = 0; i < doc->n_lines && i < MRZ_MAX_LINES; i++)
		emrtd_json_string(json, NULL, doc->lines[i]);
	emrtd_json_end_array(json);
	if (!known) {
		emrtd_json_null(json, "fields");
		return;
	}
	emrtd_json_object(json, "fields");
	for (int i = 0; i < MRZ_N_FIELDS; i++) {
		enum mrz_field_id id = (enum mrz_field_id)i;

		if (id == MRZ_F_DATE_OF_BIRTH)
			write_date(json, doc, id, &doc->birth);
		else if (id == MRZ_F_DATE_OF_EXPIRY)
			write_date(json, doc, id, &doc->expiry);
		else
			write_field(json, doc, id);
	}
	emrtd_json_end_object(json);
}
