#include "finding.h"

/*
 * Document codes that the standard or common practice gives a meaning. second
 * lists the second characters; "*" is any but V, which parts 5 and 6 reserve.
 * source: Doc 9303-4 4.4, -5 and -6 note k, -7 4.2.2, -8
 */
struct code_row {
	enum mrz_format format;
	char first;
	const char *second;
};

static const struct code_row codes[] = {
	{ MRZ_TD1, 'A', "*" },
	{ MRZ_TD1, 'C', "*" },
	{ MRZ_TD1, 'I', "*" },
	{ MRZ_TD2, 'A', "*" },
	{ MRZ_TD2, 'C', "*" },
	{ MRZ_TD2, 'I', "*" },
	{ MRZ_TD2, 'P', "U" },
	{ MRZ_TD3, 'P', "<PEDORTSLMU" },
	{ MRZ_MRVA, 'V', "*" },
	{ MRZ_MRVB, 'V', "*" },
};

static void
set(struct mrz_doc *doc, enum mrz_check_id id, enum mrz_field_id field,
    enum mrz_verdict verdict, enum mrz_reason reason)
{
	struct mrz_check *check = &doc->checks[id];

	check->verdict = verdict;
	check->reason = reason;
	check->place = doc->fields[field].place;
}

static bool
is_second(const char *list, char c)
{
	if (list[0] == '*')
		return c != 'V';
	for (; *list != '\0'; list++)
		if (*list == c)
			return true;
	return false;
}

static void
document_code(struct mrz_doc *doc)
{
	const char *code = doc->lines[0];

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].format != doc->format || codes[i].first != code[0])
			continue;
		if (!is_second(codes[i].second, code[1]))
			continue;
		set(doc, MRZ_C_DOCUMENT_CODE, MRZ_F_DOCUMENT_CODE, MRZ_PASSED,
		    MRZ_R_NONE);
		return;
	}
	set(doc, MRZ_C_DOCUMENT_CODE, MRZ_F_DOCUMENT_CODE, MRZ_FAILED,
	    MRZ_R_UNKNOWN_CODE);
}

static void
country(struct mrz_doc *doc, enum mrz_check_id id, enum mrz_field_id field)
{
	const struct mrz_country *row = mrz_country_find(
	    doc->fields[field].text);
	enum mrz_reason reason = MRZ_R_NONE;

	if (row == NULL)
		reason = MRZ_R_UNKNOWN_CODE;
	else if (row->kind == MRZ_COUNTRY_NOT_FOR_MRZ)
		reason = MRZ_R_NOT_FOR_MRZ;
	else if (row->kind == MRZ_COUNTRY_PERSON &&
		 field == MRZ_F_ISSUING_STATE)
		reason = MRZ_R_NATIONALITY_ONLY;
	set(doc, id, field, reason == MRZ_R_NONE ? MRZ_PASSED : MRZ_FAILED,
	    reason);
}

static void
name_shape(const struct layout *layout, const struct name *name,
    struct mrz_doc *doc)
{
	struct mrz_place place = mrz_span_place(layout->fields[MRZ_F_SURNAME]);
	enum mrz_reason reason = MRZ_R_NONE;

	if (name->primary.length == 0)
		reason = MRZ_R_NO_SURNAME;
	else if (name->odd_shape)
		reason = MRZ_R_NAME_SHAPE;
	set(doc, MRZ_C_NAME, MRZ_F_SURNAME,
	    reason == MRZ_R_NONE ? MRZ_PASSED : MRZ_FAILED, reason);
	doc->checks[MRZ_C_NAME].place = place;
}

/* A letter in the last place means that the name must count as truncated,
 * also when it only just fits (Doc 9303-5 4.2.3.3 and its like). */
static void
name_end(const struct layout *layout, const struct name *name,
    struct mrz_doc *doc)
{
	struct mrz_place place = mrz_span_place(layout->fields[MRZ_F_SURNAME]);

	set(doc, MRZ_C_NAME_TRUNCATED, MRZ_F_SURNAME,
	    name->fills ? MRZ_UNDETERMINED : MRZ_PASSED,
	    name->fills ? MRZ_R_MAYBE_TRUNCATED : MRZ_R_NONE);
	place.column += place.length - 1;
	place.length = 1;
	doc->checks[MRZ_C_NAME_TRUNCATED].place = place;
}

static void
expired(int32_t today, struct mrz_doc *doc)
{
	enum mrz_verdict verdict = MRZ_PASSED;
	enum mrz_reason reason = MRZ_R_NONE;

	if (!doc->expiry.valid) {
		verdict = MRZ_UNDETERMINED;
		reason = doc->fields[MRZ_F_DATE_OF_EXPIRY].reason;
	} else if (doc->expiry.to == MRZ_NO_DAY) {
		verdict = MRZ_UNDETERMINED;
		reason = MRZ_R_NO_TODAY;
	} else if (doc->expiry.to < today) {
		verdict = MRZ_FAILED;
		reason = MRZ_R_EXPIRED;
	}
	set(doc, MRZ_C_EXPIRED, MRZ_F_DATE_OF_EXPIRY, verdict, reason);
}

/* Whether a check digit vouches for the layout as a whole. Names, codes and
 * sex are outside it everywhere. */
static void
proof(struct mrz_doc *doc)
{
	const struct mrz_check *composite = &doc->checks[MRZ_C_COMPOSITE];
	struct mrz_check *check = &doc->checks[MRZ_C_PROOF];

	check->place = composite->place;
	if (composite->verdict == MRZ_PASSED) {
		check->verdict = MRZ_PASSED;
	} else if (composite->verdict == MRZ_NOT_OFFERED) {
		check->verdict = MRZ_NOT_OFFERED;
		check->reason = MRZ_R_NO_COMPOSITE;
	} else {
		check->verdict = MRZ_UNDETERMINED;
		check->reason = MRZ_R_COMPOSITE;
	}
}

void
mrz_findings(const struct layout *layout, const struct name *name,
    int32_t today, struct mrz_doc *doc)
{
	document_code(doc);
	country(doc, MRZ_C_ISSUING_STATE, MRZ_F_ISSUING_STATE);
	country(doc, MRZ_C_NATIONALITY, MRZ_F_NATIONALITY);
	name_shape(layout, name, doc);
	name_end(layout, name, doc);
	expired(today, doc);
	proof(doc);
}
