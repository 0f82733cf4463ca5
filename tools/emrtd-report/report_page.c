#include "report_page.h"

#include "day.h"
#include "report_sections.h"
#include "report_style.h"

#include <stdlib.h>
#include <string.h>

/* One stroke or shape each, 24 by 24; they differ in outline, not in colour
 * alone. */
static const char symbols[] =
    "<svg class=\"symbols\" aria-hidden=\"true\">"
    "<symbol id=\"i-check\" viewBox=\"0 0 24 24\">"
    "<circle cx=\"12\" cy=\"12\" r=\"10\"/>"
    "<path d=\"M7 12.5l3.5 3.5L17 9\"/></symbol>"
    "<symbol id=\"i-stop\" viewBox=\"0 0 24 24\">"
    "<path d=\"M8 2h8l6 6v8l-6 6H8l-6-6V8z\"/>"
    "<path d=\"M8.5 8.5l7 7M15.5 8.5l-7 7\"/></symbol>"
    "<symbol id=\"i-warn\" viewBox=\"0 0 24 24\">"
    "<path d=\"M12 2.5L22.5 21h-21z\"/>"
    "<path d=\"M12 9v5.5M12 17.5v.6\"/></symbol>"
    "<symbol id=\"i-question\" viewBox=\"0 0 24 24\">"
    "<path d=\"M12 1.5L22.5 12 12 22.5 1.5 12z\"/>"
    "<path d=\"M9.5 9.7a2.6 2.6 0 1 1 3.6 2.5c-.8.4-1.1.9-1.1 1.8M12 "
    "16.6v.5\"/></symbol>"
    "<symbol id=\"i-minus\" viewBox=\"0 0 24 24\">"
    "<circle cx=\"12\" cy=\"12\" r=\"10\"/>"
    "<path d=\"M7.5 12h9\"/></symbol>"
    "</svg>\n";

void
report_icon(struct report_view *v, const char *name, const char *css)
{
	html_printf(&v->html,
	    "<svg class=\"icon %s\" aria-hidden=\"true\">"
	    "<use href=\"#i-%s\"/></svg>",
	    css, name);
}

void
report_section(struct report_view *v, const char *id, const char *title)
{
	html_printf(&v->html,
	    "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
	    "<h2 id=\"%s-title\">%s</h2>\n",
	    id, id, id, title);
}

void
report_day(struct report_view *v, int32_t day)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	unsigned month, day_of_month;
	int32_t year;

	if (day == MRZ_NO_DAY ||
	    !mrz_day_to_civil(day, &year, &month, &day_of_month)) {
		html_put(&v->html, "&mdash;");
		return;
	}
	html_printf(&v->html, "%u&nbsp;%s&nbsp;%d", day_of_month,
	    months[(month - 1) % 12], (int)year);
}

void
report_row(struct report_view *v, const char *label, struct report_text text)
{
	html_printf(&v->html, "<div><dt>%s</dt><dd>", label);
	if (text.len == 0)
		html_put(&v->html, "&mdash;");
	else
		html_isolated(&v->html, text, HTML_LONG);
	html_put(&v->html, "</dd></div>\n");
}

void
report_redacted(struct report_view *v)
{
	html_put(&v->html, "<span class=\"redacted\">[redacted]</span>");
}

/* No request, no script, no style but ours: whatever a string brings along. */
static void
put_head(struct report_view *v)
{
	html_put(&v->html,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src "
	    "'none'; img-src data:; style-src 'sha256-" REPORT_STYLE_HASH "'; "
	    "base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"robots\" content=\"noindex, noarchive\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n");
	html_printf(&v->html, "<title>%s%s: document check</title>\n<style>",
	    v->record->test_trust ? "TEST, " : "", v->headline->word);
	fwrite(report_style, 1, sizeof(report_style), v->html.file);
	html_put(&v->html, "</style>\n</head>\n<body>\n");
}

static void
put_header(struct report_view *v)
{
	html_put(&v->html,
	    "<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n"
	    "<header>\n<p class=\"what\">Document check</p>\n"
	    "<p class=\"when\">Decided as of ");
	report_day(v, v->record->at_day);
	html_put(&v->html, "</p>\n<nav aria-label=\"Parts of this page\"><ul>"
			   "<li><a href=\"#holder\">Holder</a></li>"
			   "<li><a href=\"#mrz\">Zone</a></li>"
			   "<li><a href=\"#checks\">Checks</a></li>");
	if (v->record->n_findings > 0)
		html_put(&v->html,
		    "<li><a href=\"#deviations\">Deviations</a></li>");
	html_put(&v->html, "<li><a href=\"#certificates\">Certificates</a></li>"
			   "<li><a href=\"#files\">Files</a></li>");
	if (v->record->n_phases > 0)
		html_put(&v->html, "<li><a href=\"#timing\">Times</a></li>");
	html_put(&v->html,
	    "<li><a href=\"#technical\">Details</a></li></ul></nav>\n"
	    "</header>\n");
}

static void
put_notes(struct report_view *v)
{
	if (v->record->test_trust) {
		html_put(&v->html, "<p class=\"test\"><strong>TEST.</strong> "
				   "Test certificates are trusted: this says "
				   "nothing about a real document.</p>\n");
		html_put(&v->html,
		    "<div class=\"watermark\" aria-hidden=\"true\"></div>\n");
	}
	if (v->redact)
		html_put(&v->html,
		    "<p class=\"note\"><strong>Redacted.</strong> Face, name, "
		    "numbers, dates, hashes and paths were left out.</p>\n");
}

/* A name is a secret as a whole, and so is each word of it. */
static void
add_words(struct html *h, struct report_text name)
{
	for (size_t i = 0; i < name.len; i++) {
		struct report_text word = { .ptr = name.ptr + i };

		while (i < name.len && name.ptr[i] != ' ') {
			word.len++;
			i++;
		}
		if (word.len < name.len)
			html_add_secret(h, word);
	}
}

static void
add_day(struct report_view *v, size_t i, int32_t day)
{
	if (day != MRZ_NO_DAY)
		html_add_secret(&v->html,
		    report_text(day_text(day, v->days[i])));
}

/* What must not show through a sentence, an error or a certificate. */
static void
collect_secrets(struct report_view *v)
{
	const struct report_record *r = v->record;
	struct html *h = &v->html;

	for (size_t i = 0; i < REPORT_LINES_MAX; i++) {
		html_add_secret(h, r->document.lines.line[i]);
		html_add_secret(h, r->optical.lines.line[i]);
	}
	for (int i = 0; i < MRZ_N_FIELDS; i++)
		html_add_secret(h, r->document.fields[i]);
	add_day(v, 0, r->document.birth_from);
	add_day(v, 1, r->document.birth_to);
	add_day(v, 2, r->document.expiry_from);
	add_day(v, 3, r->document.expiry_to);
	html_add_secret(h, r->session);
	html_add_secret(h, r->portrait.sha256);
	for (size_t i = 0; i < r->n_evidence; i++) {
		html_add_secret(h, r->evidence[i].challenge);
		html_add_secret(h, r->evidence[i].signature);
	}
	for (size_t i = 0; i < r->n_files; i++) {
		html_add_secret(h, r->files[i].sha256);
		html_add_secret(h, r->files[i].path);
	}
	for (int i = 0; i < MRZ_N_FIELDS; i++)
		add_words(h, r->document.fields[i]);
}

static void
put_page(struct report_view *v)
{
	put_head(v);
	html_put(&v->html, symbols);
	put_header(v);
	html_put(&v->html, "<main id=\"main\">\n");
	put_notes(v);
	report_banner(v);
	report_holder(v);
	report_mrz(v);
	report_checks(v);
	report_deviations(v);
	report_certificates(v);
	report_evidence(v);
	report_files(v);
	report_timing(v);
	report_technical(v);
	html_put(&v->html, "</main>\n</body>\n</html>\n");
}

static enum report_error
make(const struct report_input *input, const struct report_record *record,
    FILE *out)
{
	struct report_face face;
	struct report_view *v = calloc(1, sizeof(*v));
	bool ok = report_face_make(record, input, &face) && v != NULL;

	if (ok) {
		v->html.file = out;
		v->record = record;
		v->headline = report_judge(record);
		v->face = &face;
		v->data = report_data(record);
		v->redact = input->redact;
		if (v->redact)
			collect_secrets(v);
		put_page(v);
	}
	report_face_free(&face);
	if (v != NULL)
		explicit_bzero(v, sizeof(*v));
	free(v);
	return ok && ferror(out) == 0 ? REPORT_OK : REPORT_MEMORY;
}

enum report_error
report_page(const struct report_input *input, FILE *out,
    char why[REPORT_WHY_CAP])
{
	struct report_record *record = calloc(1, sizeof(*record));
	enum report_error e;

	if (record == NULL)
		return REPORT_MEMORY;
	e = report_record_parse(input->record, record, why);
	if (e == REPORT_OK) {
		e = make(input, record, out);
		report_record_free(record);
	}
	free(record);
	return e;
}

char *
report_dg2_path(struct emrtd_bytes text)
{
	struct report_record *record = calloc(1, sizeof(*record));
	const struct report_file *file;
	char why[REPORT_WHY_CAP], *path = NULL;

	if (record == NULL)
		return NULL;
	if (report_record_parse(text, record, why) == REPORT_OK) {
		file = report_file_named(record, "EF.DG2");
		if (file != NULL && file->path.ptr != NULL && !file->path.hex)
			path = strndup(file->path.ptr, file->path.len);
		report_record_free(record);
	}
	free(record);
	return path;
}
