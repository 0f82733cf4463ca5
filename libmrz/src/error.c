/* Names and texts: every table here is expanded from a list in mrz.h. */
#include <mrz/mrz.h>

struct error_row {
	const char *name;
	const char *text;
	enum mrz_error_class class;
};

struct reason_row {
	const char *name;
	const char *text;
};

enum check_kind {
	PROOF,
	FINDING
};

struct check_row {
	const char *id;
	enum check_kind kind;
};

#define ERROR_ROW(name, class, text) { #name, text, MRZ_CLASS_##class },
#define REASON_ROW(name, text)       { #name, text },
#define CHECK_ROW(name, id, kind)    { id, kind },

static const struct error_row errors[] = { MRZ_ERRORS(ERROR_ROW) };
static const struct reason_row reasons[] = { MRZ_REASONS(REASON_ROW) };
static const struct reason_row repair_reasons[] = { MRZ_REPAIR_REASONS(
    REASON_ROW) };
static const struct check_row checks[] = { MRZ_CHECKS(CHECK_ROW) };

static const char *const verdicts[MRZ_N_VERDICTS] = {
	[MRZ_NOT_RUN] = "not_run",
	[MRZ_PASSED] = "passed",
	[MRZ_FAILED] = "failed",
	[MRZ_NOT_OFFERED] = "not_offered",
	[MRZ_UNDETERMINED] = "undetermined",
};

static const char *const repair_verdicts[MRZ_N_REPAIR_VERDICTS] = {
	[MRZ_REPAIR_NONE] = "none",
	[MRZ_REPAIR_NOT_NEEDED] = "not_needed",
	[MRZ_REPAIR_PROVED] = "proved",
	[MRZ_REPAIR_SUGGESTED] = "suggested",
	[MRZ_REPAIR_TOO_MANY] = "too_many",
};

static const char *const statuses[MRZ_N_STATUSES] = {
	[MRZ_REJECTED] = "rejected",
	[MRZ_UNCERTAIN] = "uncertain",
	[MRZ_ACCEPTED] = "accepted",
};

static const char *const stages[MRZ_N_STAGES] = {
	[MRZ_STAGE_NOTHING] = "nothing",
	[MRZ_STAGE_TEXT] = "text",
	[MRZ_STAGE_ALPHABET] = "alphabet",
	[MRZ_STAGE_LAYOUT] = "layout",
	[MRZ_STAGE_CHARACTERS] = "characters",
	[MRZ_STAGE_DIGITS] = "digits",
	[MRZ_STAGE_DATES] = "dates",
};

static const struct {
	enum mrz_protection bit;
	const char *name;
} protections[] = {
	{ MRZ_BY_DIGIT, "digit" },
	{ MRZ_BY_COMPOSITE, "composite" },
	{ MRZ_BY_ALPHABET, "alphabet" },
	{ MRZ_BY_CODE_LIST, "code_list" },
	{ MRZ_BY_CALENDAR, "calendar" },
};

static const char *const fields[MRZ_N_FIELDS] = {
	[MRZ_F_DOCUMENT_CODE] = "document_code",
	[MRZ_F_ISSUING_STATE] = "issuing_state",
	[MRZ_F_SURNAME] = "surname",
	[MRZ_F_GIVEN_NAMES] = "given_names",
	[MRZ_F_DOCUMENT_NUMBER] = "document_number",
	[MRZ_F_NATIONALITY] = "nationality",
	[MRZ_F_DATE_OF_BIRTH] = "date_of_birth",
	[MRZ_F_SEX] = "sex",
	[MRZ_F_DATE_OF_EXPIRY] = "date_of_expiry",
	[MRZ_F_OPTIONAL_DATA] = "optional_data",
	[MRZ_F_OPTIONAL_DATA_2] = "optional_data_2",
	[MRZ_F_ADMINISTRATIVE_CODE] = "administrative_code",
	[MRZ_F_VERSION] = "version",
	[MRZ_F_BLANK_NUMBER] = "blank_number",
	[MRZ_F_LANGUAGE] = "language",
};

const char *
mrz_error_name(enum mrz_error error)
{
	return (unsigned)error < MRZ_N_ERRORS ? errors[error].name
					      : "MRZ_E_UNKNOWN";
}

const char *
mrz_error_text(enum mrz_error error)
{
	return (unsigned)error < MRZ_N_ERRORS ? errors[error].text
					      : "an unknown error";
}

enum mrz_error_class
mrz_error_class(enum mrz_error error)
{
	return (unsigned)error < MRZ_N_ERRORS ? errors[error].class
					      : MRZ_CLASS_USAGE;
}

const char *
mrz_verdict_name(enum mrz_verdict verdict)
{
	return (unsigned)verdict < MRZ_N_VERDICTS ? verdicts[verdict]
						  : "not_run";
}

const char *
mrz_status_name(enum mrz_status status)
{
	return (unsigned)status < MRZ_N_STATUSES ? statuses[status]
						 : "rejected";
}

const char *
mrz_reason_name(enum mrz_reason reason)
{
	return (unsigned)reason < MRZ_N_REASONS ? reasons[reason].name
						: "unknown";
}

const char *
mrz_reason_text(enum mrz_reason reason)
{
	return (unsigned)reason < MRZ_N_REASONS ? reasons[reason].text
						: "an unknown reason";
}

const char *
mrz_repair_verdict_name(enum mrz_repair_verdict verdict)
{
	return (unsigned)verdict < MRZ_N_REPAIR_VERDICTS
		   ? repair_verdicts[verdict]
		   : "none";
}

const char *
mrz_repair_reason_name(enum mrz_repair_reason reason)
{
	return (unsigned)reason < MRZ_N_REPAIR_REASONS
		   ? repair_reasons[reason].name
		   : "unknown";
}

const char *
mrz_repair_reason_text(enum mrz_repair_reason reason)
{
	return (unsigned)reason < MRZ_N_REPAIR_REASONS
		   ? repair_reasons[reason].text
		   : "an unknown reason";
}

const char *
mrz_field_name(enum mrz_field_id id)
{
	return (unsigned)id < MRZ_N_FIELDS ? fields[id] : "unknown";
}

const char *
mrz_stage_name(enum mrz_stage stage)
{
	return (unsigned)stage < MRZ_N_STAGES ? stages[stage] : "nothing";
}

const char *
mrz_protection_name(enum mrz_protection bit)
{
	for (size_t i = 0; i < sizeof(protections) / sizeof(protections[0]);
	     i++)
		if (protections[i].bit == bit)
			return protections[i].name;
	return "";
}

const char *
mrz_check_name(enum mrz_check_id id)
{
	return (unsigned)id < MRZ_N_CHECKS ? checks[id].id : "unknown";
}

bool
mrz_check_is_finding(enum mrz_check_id id)
{
	return (unsigned)id < MRZ_N_CHECKS && checks[id].kind == FINDING;
}
