#include "show_repair.h"

#include "term.h"

#include <emrtd/result.h>

#include <string.h>

/* Candidates that a person is shown without -v. */
#define FEW 3

struct fixed_lines {
	char at[MRZ_MAX_LINES][MRZ_LINE_CAP];
};

static const char *
why(const struct mrz_repair *repair)
{
	if (repair->reason != MRZ_REPAIR_R_NONE)
		return mrz_repair_reason_text(repair->reason);
	if (repair->verdict == MRZ_REPAIR_PROVED)
		return "two independent check digits agree, and no other "
		       "change of one or two look-alikes verifies; names and "
		       "codes, which no digit covers, are as read";
	return "it verifies as read";
}

/* The lines as a candidate has them. */
static void
fix_lines(const struct mrz_doc *doc, const struct mrz_candidate *candidate,
    struct fixed_lines *out)
{
	memcpy(out->at, doc->lines, sizeof(out->at));
	for (size_t i = 0; i < candidate->n_changes; i++) {
		const struct mrz_change *change = &candidate->changes[i];

		out->at[change->line - 1][change->column - 1] = change->to;
	}
}

static const char *
field_name(const struct mrz_change *change)
{
	return change->field != MRZ_NO_FIELD
		   ? mrz_field_name((enum mrz_field_id)change->field)
		   : NULL;
}

static void
record_change(struct emrtd_json *json, const struct mrz_change *change)
{
	char from[2] = { change->from, '\0' }, to[2] = { change->to, '\0' };

	emrtd_json_object(json, NULL);
	emrtd_json_int(json, "line", change->line);
	emrtd_json_int(json, "column", change->column);
	emrtd_json_string(json, "from", from);
	emrtd_json_string(json, "to", to);
	if (field_name(change) != NULL)
		emrtd_json_string(json, "field", field_name(change));
	else
		emrtd_json_null(json, "field");
	emrtd_json_int(json, "cost", change->cost);
	emrtd_json_end_object(json);
}

static void
record_candidate(struct emrtd_json *json, const struct mrz_doc *doc,
    const struct mrz_candidate *candidate)
{
	struct fixed_lines lines;

	fix_lines(doc, candidate, &lines);
	emrtd_json_object(json, NULL);
	emrtd_json_array(json, "lines");
	for (size_t i = 0; i < doc->n_lines; i++)
		emrtd_json_string(json, NULL, lines.at[i]);
	emrtd_json_end_array(json);
	emrtd_json_int(json, "cost", candidate->cost);
	emrtd_json_array(json, "changes");
	for (size_t i = 0; i < candidate->n_changes; i++)
		record_change(json, &candidate->changes[i]);
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
	explicit_bzero(&lines, sizeof(lines));
}

void
repair_record(struct emrtd_json *json, const struct zone *zone)
{
	const struct mrz_repair *repair = zone->repair;

	if (repair == NULL) {
		emrtd_json_null(json, "repair");
		return;
	}
	emrtd_json_object(json, "repair");
	emrtd_json_string(json, "verdict",
	    mrz_repair_verdict_name(repair->verdict));
	emrtd_json_string(json, "reason", why(repair));
	emrtd_json_array(json, "candidates");
	for (size_t i = 0; i < repair->n_candidates; i++)
		record_candidate(json, zone->doc, &repair->candidates[i]);
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}

/* "date of birth", "check digit" */
static void
put_field(FILE *out, const struct mrz_change *change)
{
	const char *name = field_name(change);

	if (name == NULL) {
		fputs("check digit", out);
		return;
	}
	for (; *name != '\0'; name++)
		fputc(*name == '_' ? ' ' : *name, out);
}

/* The lines that change, carets under what does. */
static void
report_lines(FILE *out, const struct mrz_doc *doc,
    const struct mrz_candidate *candidate, bool color)
{
	struct fixed_lines lines;
	char carets[MRZ_LINE_CAP];

	fix_lines(doc, candidate, &lines);
	for (unsigned line = 1; line <= doc->n_lines; line++) {
		size_t end = 0;

		memset(carets, ' ', sizeof(carets));
		for (size_t i = 0; i < candidate->n_changes; i++) {
			if (candidate->changes[i].line != line)
				continue;
			end = candidate->changes[i].column;
			carets[end - 1] = '^';
		}
		if (end == 0)
			continue;
		carets[end] = '\0';
		fprintf(out, "    %s\n    %s%s%s\n", lines.at[line - 1],
		    term_style(TERM_DOUBT, color), carets,
		    term_style(TERM_PLAIN, color));
	}
	explicit_bzero(&lines, sizeof(lines));
}

static void
report_candidate(FILE *out, const struct mrz_doc *doc,
    const struct mrz_candidate *candidate, bool color)
{
	report_lines(out, doc, candidate, color);
	for (size_t i = 0; i < candidate->n_changes; i++) {
		const struct mrz_change *change = &candidate->changes[i];

		fprintf(out, "    Line %u, column %2u: %c for %c (",
		    (unsigned)change->line, (unsigned)change->column,
		    change->to, change->from);
		put_field(out, change);
		if (change->wrong_class)
			fprintf(out, "; no %c may stand there", change->from);
		fputs(")\n", out);
	}
}

void
repair_report(FILE *out, const struct zone *zone, bool color, bool all)
{
	const struct mrz_repair *repair = zone->repair;
	size_t n, rest;

	if (repair == NULL || repair->verdict == MRZ_REPAIR_NOT_NEEDED)
		return;
	n = repair->n_candidates;
	if (!all && n > FEW)
		n = FEW;
	rest = repair->n_found - n;
	fputs("  Repair            ", out);
	fprintf(out, "%s%s%s: ",
	    term_style(repair->verdict == MRZ_REPAIR_PROVED ? TERM_GOOD
							    : TERM_DOUBT,
		color),
	    repair->verdict == MRZ_REPAIR_PROVED      ? "proved"
	    : repair->verdict == MRZ_REPAIR_SUGGESTED ? "suggested"
	    : repair->verdict == MRZ_REPAIR_TOO_MANY  ? "too many"
						      : "none",
	    term_style(TERM_PLAIN, color));
	term_wrap(out, 35, 20, why(repair));
	fputc('\n', out);
	for (size_t i = 0; i < n; i++)
		report_candidate(out, zone->doc, &repair->candidates[i], color);
	if (rest > 0)
		fprintf(out, "    and %zu more%s\n", rest,
		    all ? "" : "; -v shows them, up to 64");
	fputc('\n', out);
}
