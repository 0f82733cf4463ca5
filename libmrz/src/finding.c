/* What does not decide whether a zone is accepted. */
#include "finding.h"

static void
set(struct mrz_doc *doc, enum mrz_check_id id, enum mrz_field_id field,
    enum mrz_verdict verdict, enum mrz_reason reason)
{
	struct mrz_check *check = &doc->checks[id];

	check->verdict = verdict;
	check->reason = reason;
	check->place = doc->fields[field].place;
}

/* A check about a field that the layout does not have. */
static bool
is_missing(struct mrz_doc *doc, enum mrz_check_id id, enum mrz_field_id field)
{
	if (doc->fields[field].present)
		return false;
	set(doc, id, field, MRZ_NOT_OFFERED, MRZ_R_NO_SUCH_FIELD);
	return true;
}

/* Passports whose second letter is none of the standard's expire before that
 * year (Doc 9303-4 4.4). */
#define OLD_CODES_END_YEAR 2038

/* A code that the standard knew once: told when it is no longer printed, and
 * wrong when the document outlives all that have it. */
static enum mrz_reason
old_code(const struct mrz_document_code *row, int32_t today,
    const struct mrz_doc *doc)
{
	int32_t year;

	if (doc->expiry.valid && doc->expiry.year >= OLD_CODES_END_YEAR)
		return MRZ_R_CODE_TOO_OLD;
	if (mrz_day_to_civil(today, &year, NULL, NULL) && year < row->until)
		return MRZ_R_NONE;
	return MRZ_R_CODE_OLD;
}

static void
document_code(int32_t today, struct mrz_doc *doc)
{
	const char *code = doc->fields[MRZ_F_DOCUMENT_CODE].text;
	const struct mrz_document_code *row =
	    mrz_document_code_find(doc->format, code);
	enum mrz_reason reason = MRZ_R_NONE;
	bool good;

	if (row == NULL)
		reason = mrz_document_code_find(MRZ_UNKNOWN, code) != NULL
			     ? MRZ_R_CODE_NOT_HERE
			     : MRZ_R_UNKNOWN_CODE;
	else if (row->rule == MRZ_CODE_FORBIDDEN)
		reason = MRZ_R_CODE_FORBIDDEN;
	else if (row->rule == MRZ_CODE_OLD)
		reason = old_code(row, today, doc);
	good = reason == MRZ_R_NONE || reason == MRZ_R_CODE_OLD;
	set(doc, MRZ_C_DOCUMENT_CODE, MRZ_F_DOCUMENT_CODE,
	    good ? MRZ_PASSED : MRZ_FAILED, reason);
}

static enum mrz_reason
code_of_country(const struct mrz_country *row, enum mrz_field_id field)
{
	if (row == NULL)
		return MRZ_R_UNKNOWN_CODE;
	switch (row->kind) {
	case MRZ_COUNTRY_NOT_FOR_MRZ:
	case MRZ_COUNTRY_UNOFFICIAL:
		return MRZ_R_NOT_FOR_MRZ;
	case MRZ_COUNTRY_LIST_SIGNER:
		return MRZ_R_LIST_SIGNER;
	case MRZ_COUNTRY_PERSON:
		return field == MRZ_F_ISSUING_STATE ? MRZ_R_NATIONALITY_ONLY
						    : MRZ_R_NONE;
	case MRZ_COUNTRY_DEPRECATED:
	case MRZ_COUNTRY_FORMER:
		return MRZ_R_FORMER_CODE;
	default:
		return MRZ_R_NONE;
	}
}

static bool
is_un_code(const char *code, char last)
{
	return code[0] == 'U' && code[1] == 'N' && code[2] == last;
}

/* UNO and UNA, not UNK: that one speaks of residents of Kosovo. */
static bool
is_united_nations(const char *code)
{
	return is_un_code(code, 'O') || is_un_code(code, 'A');
}

/*
 * Officials of the United Nations have their code in place of a nationality,
 * in the documents that the United Nations issue (Doc 9303-4 note f, -5 and -6
 * note h). A visa for one of them is issued by a state (-7 note h). They issue
 * documents to residents of Kosovo, too (-3 5 C).
 */
static bool
fits_issuer(const struct mrz_doc *doc)
{
	const char *nationality = doc->fields[MRZ_F_NATIONALITY].text;
	bool issuer = is_united_nations(doc->fields[MRZ_F_ISSUING_STATE].text);
	bool holder = is_united_nations(nationality);
	bool visa = doc->format == MRZ_MRVA || doc->format == MRZ_MRVB;
	bool resident = issuer && is_un_code(nationality, 'K');

	return issuer == holder || visa || resident;
}

/*
 * Documents for one kind of person, against nationalities that speak of
 * another (Doc 9303-4 note o). That a state is named says nothing: refugees
 * may keep their nationality, and before 2026 the letters meant other things.
 */
static bool
fits_kind(const struct mrz_doc *doc)
{
	const struct mrz_document_code *row = mrz_document_code_find(
	    doc->format, doc->fields[MRZ_F_DOCUMENT_CODE].text);
	const char *code = doc->fields[MRZ_F_NATIONALITY].text;

	/* XXA stateless, XXB and XXC refugees, XXX unspecified */
	if (row == NULL || code[0] != 'X' || code[1] != 'X')
		return true;
	switch (row->kind) {
	case MRZ_KIND_STATELESS:
		return code[2] == 'A' || code[2] == 'X';
	case MRZ_KIND_REFUGEE:
		return code[2] != 'A';
	case MRZ_KIND_DIPLOMATIC:
	case MRZ_KIND_SERVICE:
	case MRZ_KIND_MILITARY:
		return false;
	default:
		return true;
	}
}

static void
country(struct mrz_doc *doc, enum mrz_check_id id, enum mrz_field_id field)
{
	const struct mrz_country *row = mrz_country_find(
	    doc->fields[field].text);
	enum mrz_reason reason = code_of_country(row, field);
	enum mrz_verdict verdict = MRZ_FAILED;

	if (is_missing(doc, id, field))
		return;
	if (reason == MRZ_R_NONE || reason == MRZ_R_FORMER_CODE)
		verdict = MRZ_PASSED;
	if (field == MRZ_F_NATIONALITY && reason == MRZ_R_NONE) {
		if (!fits_issuer(doc)) {
			reason = MRZ_R_UN_NATIONALITY;
			verdict = MRZ_FAILED;
		} else if (!fits_kind(doc)) {
			reason = MRZ_R_KIND_OF_PERSON;
			verdict = MRZ_UNDETERMINED;
		}
	}
	set(doc, id, field, verdict, reason);
}

static void
name_shape(const struct layout *layout, const struct name *name,
    struct mrz_doc *doc)
{
	struct mrz_place place = mrz_span_place(layout->fields[MRZ_F_SURNAME]);
	enum mrz_reason reason = MRZ_R_NONE;

	if (is_missing(doc, MRZ_C_NAME, MRZ_F_SURNAME))
		return;

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
	enum mrz_field_id id = name->given_fills && !name->fills
				   ? MRZ_F_GIVEN_NAMES
				   : MRZ_F_SURNAME;
	struct mrz_place place = mrz_span_place(layout->fields[id]);
	bool fills = name->fills || name->given_fills;

	if (is_missing(doc, MRZ_C_NAME_TRUNCATED, MRZ_F_SURNAME))
		return;
	set(doc, MRZ_C_NAME_TRUNCATED, id,
	    fills ? MRZ_UNDETERMINED : MRZ_PASSED,
	    fills ? MRZ_R_MAYBE_TRUNCATED : MRZ_R_NONE);
	place.column += place.length - 1;
	place.length = 1;
	doc->checks[MRZ_C_NAME_TRUNCATED].place = place;
}

static void
expired(int32_t today, struct mrz_doc *doc)
{
	enum mrz_verdict verdict = MRZ_PASSED;
	enum mrz_reason reason = MRZ_R_NONE;

	if (is_missing(doc, MRZ_C_EXPIRED, MRZ_F_DATE_OF_EXPIRY))
		return;
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
proof(const struct layout *layout, struct mrz_doc *doc)
{
	const struct mrz_check *composite = &doc->checks[MRZ_C_COMPOSITE];
	struct mrz_check *check = &doc->checks[MRZ_C_PROOF];

	check->place = composite->place;
	if (composite->verdict == MRZ_PASSED) {
		check->verdict = MRZ_PASSED;
	} else if (composite->verdict == MRZ_NOT_OFFERED) {
		check->verdict = MRZ_NOT_OFFERED;
		check->reason = layout->digits[DIGIT_NUMBER].at.length > 0
				    ? MRZ_R_NO_COMPOSITE
				    : MRZ_R_NO_DIGITS;
	} else {
		check->verdict = MRZ_UNDETERMINED;
		check->reason = MRZ_R_COMPOSITE;
	}
}

void
mrz_findings(const struct layout *layout, const struct name *name,
    int32_t today, struct mrz_doc *doc)
{
	if (layout->head.texts[0] != NULL) /* it is in the head */
		set(doc, MRZ_C_DOCUMENT_CODE, MRZ_F_DOCUMENT_CODE, MRZ_PASSED,
		    MRZ_R_NONE);
	else
		document_code(today, doc);
	country(doc, MRZ_C_ISSUING_STATE, MRZ_F_ISSUING_STATE);
	country(doc, MRZ_C_NATIONALITY, MRZ_F_NATIONALITY);
	name_shape(layout, name, doc);
	name_end(layout, name, doc);
	expired(today, doc);
	proof(layout, doc);
}
