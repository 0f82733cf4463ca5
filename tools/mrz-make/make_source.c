#include "make_source.h"

#include "fields_json.h"
#include "io.h"
#include "make_names.h"
#include "picture.h"

#include <stdlib.h>
#include <string.h>

#define SOURCE_CAP (4u << 20)
#define ZONE_CAP   (MRZ_MAX_LINES * MRZ_LINE_CAP + 1)

static bool
is_date(enum mrz_field_id id)
{
	return id == MRZ_F_DATE_OF_BIRTH || id == MRZ_F_DATE_OF_EXPIRY;
}

static bool
is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* 1974-08-12 */
static bool
is_full_date(const char *value)
{
	static const char shape[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == 'd' ? value[i] < '0' || value[i] > '9'
				    : value[i] != shape[i])
			return false;
	}
	return value[i] == '\0';
}

void
make_fields_set(const struct tool *tool, struct make_fields *fields,
    enum mrz_field_id id, const char *value)
{
	char *to = fields->text[id];

	if (strlen(value) >= MAKE_VALUE_CAP) {
		tool_error(tool, "%s, byte %d: %s", mrz_field_name(id),
		    MAKE_VALUE_CAP, mrz_reason_text(MRZ_R_TOO_LONG));
		fields->refused = true;
		return;
	}
	fields->given[id] = true;
	memcpy(to, value, strlen(value) + 1);
	fields->year[id] = 0;
	if (is_date(id) && is_full_date(value)) {
		for (size_t i = 0; i < 4; i++)
			fields->year[id] = fields->year[id] * 10 +
					   (value[i] - '0');
		memcpy(to, value + 2, 2);
		memcpy(to + 2, value + 5, 2);
		memcpy(to + 4, value + 8, 3);
	}
}

/* The code that most documents of a format have. */
static const char *
usual_code(enum mrz_format format)
{
	switch (format) {
	case MRZ_TD3:
		return "P";
	case MRZ_MRVA:
	case MRZ_MRVB:
		return "V";
	case MRZ_CHN_EEP:
		return "CS";
	case MRZ_FRA_ID:
	case MRZ_FRA_DL:
	case MRZ_NLD_DL:
	case MRZ_CHE_DL:
		return ""; /* the layout has one way to begin */
	default:
		return "I";
	}
}

static bool
is_name(enum mrz_field_id id)
{
	return id == MRZ_F_SURNAME || id == MRZ_F_GIVEN_NAMES;
}

/* What may stand there, where the reason does not say it. */
static const char *
expected(enum mrz_format format, const struct mrz_problem *problem)
{
	switch (problem->reason) {
	case MRZ_R_NOT_MRZ_CHARACTER:
	case MRZ_R_LOWER_CASE:
	case MRZ_R_EMPTY_FIELD:
	case MRZ_R_CALENDAR:
	case MRZ_R_DATE_PART:
	case MRZ_R_TOO_LONG:
	case MRZ_R_FORM:
		return mrz_field_expected(format, problem->field);
	default:
		return "";
	}
}

/* The value itself is somebody's data, and is not quoted. In a name that was
 * transliterated, the place is not one that the user knows. */
static void
say_problem(const struct tool *tool, enum mrz_format format,
    const struct mrz_problem *problem, bool transliterated)
{
	const char *name = mrz_field_name(problem->field);
	bool is_short = problem->reason == MRZ_R_EMPTY_FIELD &&
			problem->offset > 0;
	const char *why = is_short ? "the value is too short"
				   : mrz_reason_text(problem->reason);
	const char *wanted = expected(format, problem);
	const char *before = wanted[0] != '\0' ? "; wanted: " : "";
	const char * or = wanted[0] != '\0' && is_date(problem->field)
			      ? ", or a day as 1974-08-12"
			      : "";

	if (problem->reason == MRZ_R_EMPTY_FIELD ||
	    problem->reason == MRZ_R_CALENDAR ||
	    (transliterated && is_name(problem->field)))
		tool_error(tool, "%s: %s%s%s%s", name, why, before, wanted, or);
	else
		tool_error(tool, "%s, byte %zu: %s%s%s%s", name,
		    problem->offset + 1, why, before, wanted, or);
}

/* Zone text to a document; complete also when it is wrong. */
static enum mrz_error
parse(const char *text, size_t len, const struct make_options *options,
    struct mrz_doc *out)
{
	const struct mrz_options how = { sizeof(how), options->today };

	return mrz_parse(text, len, &how, out);
}

struct written_names {
	char surname[MRZ_MAX_NAME];
	char given[MRZ_MAX_NAME];
	bool changed;
};

/* The values of fields, names in MRZ letters. */
static bool
take_values(const struct tool *tool, const struct make_fields *fields,
    const struct make_options *options, struct written_names *names,
    struct mrz_fields *out)
{
	const struct mrz_transliterate_options *how = &options->translit;
	bool surname = false, given = false;

	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		out->text[i] = fields->text[i];
	if (!fields->given[MRZ_F_DOCUMENT_CODE])
		out->text[MRZ_F_DOCUMENT_CODE] = usual_code(fields->format);
	if (how->size == 0)
		how = NULL;
	out->text[MRZ_F_SURNAME] = make_names_write(tool, MRZ_F_SURNAME,
	    fields->text[MRZ_F_SURNAME], how, options->choices.quiet,
	    names->surname, &surname);
	out->text[MRZ_F_GIVEN_NAMES] = make_names_write(tool, MRZ_F_GIVEN_NAMES,
	    fields->text[MRZ_F_GIVEN_NAMES], how, options->choices.quiet,
	    names->given, &given);
	names->changed = surname || given;
	return out->text[MRZ_F_SURNAME] != NULL &&
	       out->text[MRZ_F_GIVEN_NAMES] != NULL;
}

/* A zone has no centuries: say where that makes it another year. */
static void
say_century(const struct tool *tool, const struct make_fields *fields,
    const struct make_options *options, const struct mrz_doc *doc)
{
	const struct tool_common common = { .quiet = options->choices.quiet };
	const struct {
		enum mrz_field_id id;
		int32_t read;
	} dates[] = {
		{ MRZ_F_DATE_OF_BIRTH, doc->birth.year },
		{ MRZ_F_DATE_OF_EXPIRY, doc->expiry.year },
	};

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (fields->year[dates[i].id] != 0 && dates[i].read > 0 &&
		    fields->year[dates[i].id] != dates[i].read)
			tool_note(tool, &common,
			    "%s: the zone has no century, and its year is read "
			    "as %d (--at)",
			    mrz_field_name(dates[i].id), (int)dates[i].read);
}

enum exit_code
make_from_fields(const struct tool *tool, const struct make_fields *fields,
    const struct make_options *options, struct mrz_doc *out)
{
	struct mrz_fields values = { .size = sizeof(values) };
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], text[ZONE_CAP];
	struct mrz_problem problem = { 0 };
	struct written_names names = { .changed = false };
	enum exit_code code = EXIT_MALFORMED;
	size_t i, len = 0, n;

	if (fields->refused ||
	    !take_values(tool, fields, options, &names, &values))
		return code;
	make_choices_apply(&options->choices, &values);
	values.count_filler = values.count_filler || fields->count_filler;
	values.zero_digit = values.zero_digit || fields->zero_digit;
	if (mrz_build(fields->format, &values, lines, &problem) != MRZ_OK) {
		say_problem(tool, fields->format, &problem, names.changed);
		explicit_bzero(&names, sizeof(names));
		return code;
	}
	make_choices_say_loss(tool, &options->choices, fields->format, &values);
	for (i = 0; i < mrz_format_lines(fields->format); i++) {
		n = strlen(lines[i]);
		memcpy(text + len, lines[i], n);
		text[len + n] = '\n';
		len += n + 1;
	}
	if (parse(text, len, options, out) == MRZ_OK &&
	    out->status == MRZ_ACCEPTED && out->format == fields->format) {
		say_century(tool, fields, options, out);
		code = EXIT_GOOD;
	} else {
		tool_error(tool, "what was made does not read back");
		code = EXIT_INTERNAL;
	}
	explicit_bzero(&names, sizeof(names));
	explicit_bzero(lines, sizeof(lines));
	explicit_bzero(text, sizeof(text));
	return code;
}

/* The first proof that lines do not stand. */
static void
say_rejected(const struct tool *tool, const char *path,
    const struct mrz_doc *doc)
{
	const struct mrz_check *check;
	size_t i;

	for (i = 0; i < doc->n_checks; i++) {
		check = &doc->checks[i];
		if (check->verdict == MRZ_PASSED ||
		    check->verdict == MRZ_NOT_OFFERED ||
		    mrz_check_is_finding(check->id))
			continue;
		tool_error(tool,
		    "%s: line %u, column %u: %s (--as-is takes lines that are "
		    "wrong)",
		    path, (unsigned)check->place.line,
		    (unsigned)check->place.column,
		    mrz_reason_text(check->reason));
		return;
	}
	tool_error(tool, "%s: the lines are rejected", path);
}

static enum exit_code
take_zone(const struct tool *tool, const char *path, const char *text,
    size_t len, const struct make_options *options, struct mrz_doc *out)
{
	enum mrz_error error = parse(text, len, options, out);

	if (error != MRZ_OK) {
		tool_error(tool, "%s: %s; 'mrz-read %s' says where", path,
		    mrz_error_text(error), path);
		return EXIT_MALFORMED;
	}
	if (out->status != MRZ_ACCEPTED && !options->as_is) {
		say_rejected(tool, path, out);
		return EXIT_MALFORMED;
	}
	return EXIT_GOOD;
}

static enum exit_code
from_lines(const struct tool *tool, const char *path, const char *bytes,
    size_t len, const struct make_options *options, struct mrz_doc *out)
{
	size_t pos = 0, start, part, n = 0, found = 0, found_len = 0;

	if (options->choices.given || options->translit.size > 0) {
		tool_error(tool,
		    "%s: lines stay as they are: --truncate, --translit, "
		    "--count-filler and --zero-digit are for fields",
		    path);
		return EXIT_USAGE;
	}
	while (mrz_next(bytes, len, &pos, &start, &part)) {
		n++;
		if (n == (options->pick == 0 ? 1 : options->pick)) {
			found = start;
			found_len = part;
		}
	}
	if (n == 0) {
		tool_error(tool, "%s: no MRZ in it", path);
		return EXIT_MALFORMED;
	}
	if (options->pick > n || (options->pick == 0 && n > 1)) {
		tool_error(tool, "%s: choose one of %zu zones with --pick",
		    path, n);
		return EXIT_USAGE;
	}
	return take_zone(tool, path, bytes + found, found_len, options, out);
}

enum exit_code
make_from_file(const struct tool *tool, const char *path,
    const struct make_options *options, struct mrz_doc *out)
{
	struct make_fields fields = { .format = MRZ_TD3 };
	uint8_t *bytes = NULL;
	size_t len = 0, first = 0;
	enum io_result io = io_read(path, SOURCE_CAP, &bytes, &len);
	enum exit_code code;

	if (io != IO_OK) {
		tool_error(tool, "%s: %s", path, io_text(io));
		return EXIT_ENVIRONMENT;
	}
	while (first < len && is_blank(bytes[first]))
		first++;
	if (picture_is_one(bytes, len)) {
		tool_error(tool,
		    "%s: a picture; give what 'mrz-read --json' writes", path);
		code = EXIT_MALFORMED;
	} else if (first < len && bytes[first] == '{') {
		code = fields_json_read(tool, path, (char *)bytes, len,
		    options->pick, &fields);
		if (code == EXIT_GOOD)
			code = make_from_fields(tool, &fields, options, out);
	} else {
		code = from_lines(tool, path, (char *)bytes, len, options, out);
	}
	explicit_bzero(&fields, sizeof(fields));
	explicit_bzero(bytes, len);
	free(bytes);
	return code;
}
