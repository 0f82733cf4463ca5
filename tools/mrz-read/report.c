#include "report.h"

#include <string.h>

#include "day.h"
#include "sentence.h"
#include "show_repair.h"
#include "term.h"

#define LABEL_WIDTH 18
#define VALUE_WIDTH 30
#define CHECK_WIDTH 30
#define WIDTH       TERM_WIDTH

static const char *const labels[MRZ_N_FIELDS] = {
	[MRZ_F_DOCUMENT_CODE] = "Document code",
	[MRZ_F_ISSUING_STATE] = "Issuing state",
	[MRZ_F_SURNAME] = "Surname",
	[MRZ_F_GIVEN_NAMES] = "Given names",
	[MRZ_F_DOCUMENT_NUMBER] = "Document number",
	[MRZ_F_NATIONALITY] = "Nationality",
	[MRZ_F_DATE_OF_BIRTH] = "Date of birth",
	[MRZ_F_SEX] = "Sex",
	[MRZ_F_DATE_OF_EXPIRY] = "Date of expiry",
	[MRZ_F_OPTIONAL_DATA] = "Optional data",
	[MRZ_F_OPTIONAL_DATA_2] = "Optional data 2",
	[MRZ_F_ADMINISTRATIVE_CODE] = "Issuing office",
	[MRZ_F_VERSION] = "Version of card",
	[MRZ_F_BLANK_NUMBER] = "Number of blank",
	[MRZ_F_LANGUAGE] = "Language",
};

/* What each check is for a person; its id (mrz_check_name) is for programs. */
static const char *const titles[MRZ_N_CHECKS] = {
	[MRZ_C_LAYOUT] = "Layout",
	[MRZ_C_CHARACTERS] = "Characters",
	[MRZ_C_NUMBER] = "Check digit, document number",
	[MRZ_C_BIRTH] = "Check digit, date of birth",
	[MRZ_C_EXPIRY] = "Check digit, date of expiry",
	[MRZ_C_OPTIONAL] = "Check digit, optional data",
	[MRZ_C_COMPOSITE] = "Check digit over everything",
	[MRZ_C_BIRTH_DATE] = "Date of birth",
	[MRZ_C_EXPIRY_DATE] = "Date of expiry",
	[MRZ_C_DOCUMENT_CODE] = "Document code known",
	[MRZ_C_ISSUING_STATE] = "Issuing state known",
	[MRZ_C_NATIONALITY] = "Nationality known",
	[MRZ_C_NAME] = "Form of the name",
	[MRZ_C_NAME_TRUNCATED] = "Name not cut off",
	[MRZ_C_EXPIRED] = "Not expired",
	[MRZ_C_PROOF] = "Proven as a whole",
	[MRZ_C_READING] = "Read without doubt",
	[MRZ_C_REPAIR] = "Verifies without repair",
	[MRZ_C_NAME_MATCH] = "Name as given",
};

/* The order in which a person reads them. */
static const enum mrz_field_id order[] = { MRZ_F_SURNAME, MRZ_F_GIVEN_NAMES,
	MRZ_F_DATE_OF_BIRTH, MRZ_F_SEX, MRZ_F_NATIONALITY, MRZ_F_DOCUMENT_CODE,
	MRZ_F_DOCUMENT_NUMBER, MRZ_F_ISSUING_STATE, MRZ_F_DATE_OF_EXPIRY,
	MRZ_F_OPTIONAL_DATA, MRZ_F_OPTIONAL_DATA_2, MRZ_F_ADMINISTRATIVE_CODE,
	MRZ_F_VERSION, MRZ_F_BLANK_NUMBER, MRZ_F_LANGUAGE };

static const enum term_style status_styles[MRZ_N_STATUSES] = {
	[MRZ_REJECTED] = TERM_BAD,
	[MRZ_UNCERTAIN] = TERM_DOUBT,
	[MRZ_ACCEPTED] = TERM_GOOD,
};

static const struct {
	enum term_style style;
	const char *words;
} verdicts[MRZ_N_VERDICTS] = {
	[MRZ_NOT_RUN] = { TERM_DIM, "not run" },
	[MRZ_PASSED] = { TERM_GOOD, "passed" },
	[MRZ_FAILED] = { TERM_BAD, "failed" },
	[MRZ_NOT_OFFERED] = { TERM_DIM, "not offered" },
	[MRZ_UNDETERMINED] = { TERM_DOUBT, "undetermined" },
};

struct report {
	FILE *out;
	const struct zone *zone;
	const struct mrz_doc *doc;
	bool color;
	bool ids;
};

static void
styled(const struct report *r, enum term_style style, const char *text)
{
	fprintf(r->out, "%s%s%s", term_style(style, r->color), text,
	    term_style(TERM_PLAIN, r->color));
}

/* Carets under what is wrong, and the reason beside them: to their right, or
 * to their left where it fits better, else below. */
static void
put_carets(const struct report *r, const struct mrz_check *check)
{
	char text[SENTENCE_CAP];
	const char *reason = check_sentence(r->doc, check, text);
	size_t before = check->place.column - 1, n = check->place.length;
	size_t len = strlen(reason);
	bool left;

	if (before > MRZ_MAX_LINE_LEN)
		before = MRZ_MAX_LINE_LEN;
	if (n > MRZ_MAX_LINE_LEN + 1 - before)
		n = MRZ_MAX_LINE_LEN + 1 - before;
	left = len + 1 <= before && before > MRZ_MAX_LINE_LEN / 2;
	if (left)
		fprintf(r->out, "  %*s ", (int)before - 1, reason);
	else
		fprintf(r->out, "  %*s", (int)before, "");
	fputs(term_style(TERM_BAD, r->color), r->out);
	for (size_t i = 0; i < n; i++)
		fputc('^', r->out);
	fputs(term_style(TERM_PLAIN, r->color), r->out);
	if (!left) {
		bool below = 2 + before + n + 1 + len > WIDTH;

		fputs(below ? "\n  " : " ", r->out);
		term_wrap(r->out, below ? 2 : 3 + before + n, 2, reason);
	}
	fputc('\n', r->out);
}

/* Findings about the whole document need no caret. */
static bool
wants_caret(const struct mrz_check *check)
{
	return check->verdict == MRZ_FAILED && check->place.line > 0 &&
	       check->reason != MRZ_R_LINE_COUNT &&
	       check->id != MRZ_C_EXPIRED && check->id != MRZ_C_NAME;
}

/* Carets under every doubtful place of a line. */
static void
put_doubt_carets(const struct report *r, unsigned line)
{
	const struct mrz_doubt *doubts = zone_doubts(r->zone);
	size_t n = zone_n_doubts(r->zone), end = 0;
	char carets[MRZ_MAX_LINE_LEN + 1];

	memset(carets, ' ', sizeof(carets));
	for (size_t i = 0; i < n; i++) {
		size_t column = doubts[i].column;

		if (doubts[i].line != line || column < 1 ||
		    column > MRZ_MAX_LINE_LEN)
			continue;
		carets[column - 1] = '^';
		end = column > end ? column : end;
	}
	if (end == 0)
		return;
	carets[end] = '\0';
	fprintf(r->out, "  %s%s doubtful%s\n", term_style(TERM_DOUBT, r->color),
	    carets, term_style(TERM_PLAIN, r->color));
}

/* What else each may be: "Line 2, column 29: B, or 8 or S". */
static void
put_doubts(const struct report *r)
{
	const struct mrz_doubt *doubts = zone_doubts(r->zone);

	for (size_t i = 0; i < zone_n_doubts(r->zone); i++) {
		const struct mrz_doubt *doubt = &doubts[i];

		fprintf(r->out, "  Line %u, column %2u: %c",
		    (unsigned)doubt->line, (unsigned)doubt->column,
		    zone_character(r->zone, doubt));
		for (unsigned j = 0; j < doubt->n && j < MRZ_MAX_ALTERNATIVES;
		     j++)
			fprintf(r->out, "%s%c", j == 0 ? ", or " : " or ",
			    doubt->text[j]);
		fputc('\n', r->out);
	}
	if (zone_n_doubts(r->zone) > 0)
		fputc('\n', r->out);
}

static void
put_lines(const struct report *r)
{
	for (unsigned i = 0; i < r->doc->n_lines; i++) {
		fputs("  ", r->out);
		term_puts(r->out, r->doc->lines[i]);
		if (r->doc->line_len[i] > MRZ_MAX_LINE_LEN)
			fputs(" ...", r->out);
		fputc('\n', r->out);
		put_doubt_carets(r, i + 1);
		for (unsigned j = 0; j < r->doc->n_checks; j++) {
			const struct mrz_check *check = &r->doc->checks[j];

			if (wants_caret(check) && check->place.line == i + 1)
				put_carets(r, check);
		}
	}
	fputc('\n', r->out);
}

static void
date_value(const struct mrz_date *date, const char *text, char *out, size_t cap)
{
	char from[DAY_TEXT_CAP], to[DAY_TEXT_CAP];

	if (!date->valid || date->from == MRZ_NO_DAY)
		snprintf(out, cap, "%s", text);
	else if (date->from == date->to)
		snprintf(out, cap, "%s", day_text(date->from, from));
	else
		snprintf(out, cap, "%s to %s", day_text(date->from, from),
		    day_text(date->to, to));
}

/* A code and what it stands for. */
static void
code_value(const char *code, const char *name, char *out, size_t cap)
{
	snprintf(out, cap, "%s%s%s", code, name[0] != '\0' ? "  " : "", name);
}

static void
country_value(const char *code, char *out, size_t cap)
{
	const struct mrz_country *row = mrz_country_find(code);

	code_value(code, row != NULL ? row->name : "", out, cap);
}

static void
document_code_value(const struct mrz_doc *doc, char *out, size_t cap)
{
	const char *code = doc->fields[MRZ_F_DOCUMENT_CODE].text;
	const struct mrz_document_code *row =
	    mrz_document_code_find(doc->format, code);

	code_value(code, row != NULL ? row->meaning : "", out, cap);
}

/* What stands beside a label. */
static void
field_value(const struct mrz_doc *doc, enum mrz_field_id id, char *out,
    size_t cap)
{
	const char *text = doc->fields[id].text;

	switch (id) {
	case MRZ_F_DATE_OF_BIRTH:
		date_value(&doc->birth, text, out, cap);
		return;
	case MRZ_F_DATE_OF_EXPIRY:
		date_value(&doc->expiry, text, out, cap);
		return;
	case MRZ_F_DOCUMENT_CODE:
		document_code_value(doc, out, cap);
		return;
	case MRZ_F_ISSUING_STATE:
	case MRZ_F_NATIONALITY:
		country_value(text, out, cap);
		return;
	case MRZ_F_SEX:
		snprintf(out, cap, "%s",
		    text[0] != '\0' ? text : "X (not specified)");
		return;
	default:
		snprintf(out, cap, "%s", text[0] != '\0' ? text : "-");
	}
}

static const char *
field_remark(const struct mrz_field *field)
{
	switch (field->verdict) {
	case MRZ_PASSED:
		return "verified";
	case MRZ_FAILED:
		return "WRONG";
	case MRZ_UNDETERMINED:
		return "doubtful";
	default:
		return "no check digit";
	}
}

/* With the remark behind it: in one column, and below a long value. */
static void
put_value(const struct report *r, const char *value, const char *last)
{
	const size_t indent = 2 + LABEL_WIDTH;
	size_t n = term_columns(value);

	fputs(term_style(TERM_BOLD, r->color), r->out);
	term_wrap(r->out, indent, indent, value);
	fputs(term_style(TERM_PLAIN, r->color), r->out);
	if (indent + n + 2 + strlen(last) > WIDTH) {
		fputc('\n', r->out);
		fprintf(r->out, "%*s", (int)indent, "");
		n = 0;
	}
	fprintf(r->out, "%*s  ", (int)(n < VALUE_WIDTH ? VALUE_WIDTH - n : 0),
	    "");
}

static void
put_fields(const struct report *r)
{
	char value[128];

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct mrz_field *field = &r->doc->fields[order[i]];

		if (!field->present)
			continue;
		field_value(r->doc, order[i], value, sizeof(value));
		fprintf(r->out, "  %-*s", LABEL_WIDTH, labels[order[i]]);
		put_value(r, value, field_remark(field));
		styled(r, verdicts[field->verdict].style, field_remark(field));
		fputc('\n', r->out);
	}
	fputc('\n', r->out);
}

/* The words behind a verdict: where, why, and whether it matters. */
static void
remark(const struct report *r, const struct mrz_check *check, char *out,
    size_t cap)
{
	char text[SENTENCE_CAP], where[64] = "";
	const char *reason = check_sentence(r->doc, check, text);
	const char *end = "";

	/* The sentence about a length names the line itself. */
	if (check->place.line > 0 && check->verdict != MRZ_PASSED &&
	    check->reason != MRZ_R_LINE_LENGTH)
		snprintf(where, sizeof(where),
		    "line %u, column %u: ", (unsigned)check->place.line,
		    (unsigned)check->place.column);
	if (mrz_check_is_finding(check->id) && check->verdict == MRZ_FAILED)
		end = " (does not change the status)";
	if (reason[0] == '\0')
		snprintf(out, cap, "%s", end);
	else
		snprintf(out, cap, ": %s%s%s", where, reason, end);
}

static void
put_check(const struct report *r, const struct mrz_check *check)
{
	const char *verdict = verdicts[check->verdict].words;
	char words[SENTENCE_CAP + 128];

	fprintf(r->out, "  %-*s", CHECK_WIDTH, titles[check->id]);
	styled(r, verdicts[check->verdict].style, verdict);
	remark(r, check, words, sizeof(words));
	term_wrap(r->out, 2 + CHECK_WIDTH + strlen(verdict), 2 + CHECK_WIDTH,
	    words);
	fputc('\n', r->out);
	if (r->ids)
		fprintf(r->out, "    %s\n", mrz_check_name(check->id));
}

/* Which picture, and where in it. */
static void
put_picture(const struct report *r)
{
	const struct picture *picture = r->zone->picture;
	const struct mrz_reading *reading = r->zone->reading;
	char turned[40] = "", words[SENTENCE_CAP];

	if (reading == NULL)
		return;
	if (reading->rotation != 0)
		snprintf(turned, sizeof(turned), ", turned by %u degrees",
		    reading->rotation);
	snprintf(words, sizeof(words),
	    "%s of %u x %u pixels; the zone is %d x %d at %d, %d%s",
	    picture->format, (unsigned)picture->width,
	    (unsigned)picture->height, (int)reading->box.width,
	    (int)reading->box.height, (int)reading->box.x, (int)reading->box.y,
	    turned);
	fputs("  ", r->out);
	term_wrap(r->out, 2, 2, words);
	fputs("\n\n", r->out);
}

/* How far a text came of which no layout fits, and what it may be. */
static void
put_stage(const struct report *r)
{
	static const char *const words[MRZ_N_STAGES] = {
		[MRZ_STAGE_NOTHING] = "nothing",
		[MRZ_STAGE_TEXT] = "text, with characters that no MRZ has",
		[MRZ_STAGE_ALPHABET] = "MRZ characters, but no layout fits",
	};
	char layouts[128] = "none";
	size_t len = 0;

	fprintf(r->out, "  %-*s%s\n", LABEL_WIDTH, "Came as far as",
	    words[r->doc->stage]);
	fprintf(r->out, "  %-*s", LABEL_WIDTH, "Possible layouts");
	for (int i = 0; i < MRZ_N_FORMATS && len < sizeof(layouts); i++) {
		if ((r->doc->candidates >> i & 1) == 0)
			continue;
		len += (size_t)snprintf(layouts + len, sizeof(layouts) - len,
		    "%s%s", len > 0 ? ", " : "",
		    mrz_format_name((enum mrz_format)i));
	}
	term_wrap(r->out, 2 + LABEL_WIDTH, 2 + LABEL_WIDTH, layouts);
	fputs("\n\n", r->out);
}

void
report_normalized(FILE *out, const char *source,
    const struct mrz_normalized *normalized)
{
	const struct {
		const char *what;
		uint32_t n;
	} rows[] = {
		{ "other forms of the filler", normalized->fillers },
		{ "blanks inside a line", normalized->blanks },
		{ "wide characters", normalized->wide },
		{ "small letters", normalized->small },
	};

	if (normalized->lines == 0)
		return;
	term_puts(out, source);
	fprintf(out, ": lines that were changed before reading: %u\n",
	    (unsigned)normalized->lines);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].n > 0)
			fprintf(out, "  %s: %u\n", rows[i].what,
			    (unsigned)rows[i].n);
	fputc('\n', out);
}

void
report_zone(FILE *out, const char *source, const struct zone *zone, bool color,
    bool ids)
{
	const struct mrz_doc *doc = zone->doc;
	struct report r = { out, zone, doc, color, ids };

	term_puts(out, source);
	fprintf(out, ": %s, ",
	    doc->format == MRZ_UNKNOWN ? "no MRZ layout fits"
				       : mrz_format_name(doc->format));
	styled(&r, status_styles[doc->status], mrz_status_name(doc->status));
	fputs("\n\n", out);
	put_picture(&r);
	put_lines(&r);
	put_doubts(&r);
	repair_report(out, zone, color, ids);
	if (doc->format != MRZ_UNKNOWN)
		put_fields(&r);
	else
		put_stage(&r);
	for (unsigned i = 0; i < doc->n_checks; i++)
		put_check(&r, &doc->checks[i]);
	fputc('\n', out);
}
