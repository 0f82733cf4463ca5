#include "lds/dg1_profile.h"

/* A check of libmrz that fails. */
static const struct check_rule {
	enum mrz_check_id check;
	enum emrtd_finding_id finding;
} check_rules[] = {
	{ MRZ_C_NUMBER, EMRTD_FINDING_FILE_DG1_CHECK_DIGIT },
	{ MRZ_C_BIRTH, EMRTD_FINDING_FILE_DG1_CHECK_DIGIT },
	{ MRZ_C_EXPIRY, EMRTD_FINDING_FILE_DG1_CHECK_DIGIT },
	{ MRZ_C_OPTIONAL, EMRTD_FINDING_FILE_DG1_CHECK_DIGIT },
	{ MRZ_C_COMPOSITE, EMRTD_FINDING_FILE_DG1_CHECK_DIGIT },
	{ MRZ_C_BIRTH_DATE, EMRTD_FINDING_FILE_DG1_DATE_OF_BIRTH },
	{ MRZ_C_EXPIRY_DATE, EMRTD_FINDING_FILE_DG1_DATE_OF_EXPIRY },
	{ MRZ_C_DOCUMENT_CODE, EMRTD_FINDING_FILE_DG1_DOCUMENT_CODE },
	{ MRZ_C_NAME, EMRTD_FINDING_FILE_DG1_NAME },
};

/* A field with a character that may not stand there, or with nothing. */
static const struct field_rule {
	enum mrz_field_id field;
	enum emrtd_finding_id finding;
} field_rules[] = {
	{ MRZ_F_DOCUMENT_CODE, EMRTD_FINDING_FILE_DG1_DOCUMENT_CODE },
	{ MRZ_F_SURNAME, EMRTD_FINDING_FILE_DG1_NAME },
	{ MRZ_F_GIVEN_NAMES, EMRTD_FINDING_FILE_DG1_NAME },
	{ MRZ_F_DOCUMENT_NUMBER, EMRTD_FINDING_FILE_DG1_DOCUMENT_NUMBER },
	{ MRZ_F_SEX, EMRTD_FINDING_FILE_DG1_SEX },
};

static const struct state_rule {
	enum mrz_field_id field;
	enum mrz_check_id check;
	enum emrtd_finding_id malformed;
} state_rules[] = {
	{ MRZ_F_ISSUING_STATE, MRZ_C_ISSUING_STATE,
	    EMRTD_FINDING_FILE_DG1_ISSUING_STATE },
	{ MRZ_F_NATIONALITY, MRZ_C_NATIONALITY,
	    EMRTD_FINDING_FILE_DG1_NATIONALITY },
};

/* Why a field fails that is wrong in itself, not by a check digit. */
static bool
is_malformed(const struct mrz_field *field)
{
	return field->verdict == MRZ_FAILED &&
	       field->reason != MRZ_R_CHECK_DIGIT &&
	       field->reason != MRZ_R_NO_CHECK_DIGIT;
}

/* Three letters, or Germany's D: Doc 9303-3 5. */
static bool
is_state_code(const char *text)
{
	size_t n = 0;

	for (; text[n] != '\0'; n++) {
		if (text[n] < 'A' || text[n] > 'Z')
			return false;
	}
	return n == 3 || (n == 1 && text[0] == 'D');
}

static void
look_at_state(const struct mrz_doc *doc, const struct state_rule *rule,
    struct emrtd_findings *out)
{
	const char *code = doc->fields[rule->field].text;
	const struct mrz_check *check = mrz_doc_check(doc, rule->check);

	if (!is_state_code(code))
		emrtd_finding_add(out, rule->malformed, code);
	else if (check != NULL && check->verdict == MRZ_FAILED &&
		 check->reason == MRZ_R_UNKNOWN_CODE)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_DG1_UNKNOWN_STATE,
		    code);
}

void
emrtd_dg1_profile(const struct mrz_doc *doc, struct emrtd_findings *out)
{
	for (size_t i = 0; i < sizeof(check_rules) / sizeof(*check_rules);
	     i++) {
		enum mrz_check_id id = check_rules[i].check;
		const struct mrz_check *check = mrz_doc_check(doc, id);

		if (check != NULL && check->verdict == MRZ_FAILED)
			emrtd_finding_add(out, check_rules[i].finding,
			    mrz_check_name(id));
	}
	for (size_t i = 0; i < sizeof(field_rules) / sizeof(*field_rules);
	     i++) {
		enum mrz_field_id id = field_rules[i].field;

		if (is_malformed(&doc->fields[id]))
			emrtd_finding_add(out, field_rules[i].finding,
			    mrz_field_name(id));
	}
	for (size_t i = 0; i < sizeof(state_rules) / sizeof(*state_rules); i++)
		look_at_state(doc, &state_rules[i], out);
}
