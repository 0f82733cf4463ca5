/* Certificates, files, times, and what a technician asks for. */
#include "report_sections.h"

#include <string.h>

static void
put_certificate(struct report_view *v, const char *title, const char *about,
    const struct report_certificate *c)
{
	html_printf(&v->html, "<li><h3>%s</h3><p class=\"about\">%s</p>\n",
	    title, about);
	if (!c->present) {
		html_put(&v->html, "<p>Not known.</p></li>\n");
		return;
	}
	html_put(&v->html, "<dl>\n");
	report_row(v, "Subject", c->subject);
	report_row(v, "Issuer", c->issuer);
	report_row(v, "Serial number", c->serial);
	report_row(v, "Valid from", c->not_before);
	report_row(v, "Valid until", c->not_after);
	report_row(v, "SHA-256", c->sha256);
	html_put(&v->html, "</dl></li>\n");
}

/* In plain words; a status that is none of ours is told as it stands. */
static const char *
revocation_words(struct report_text status)
{
	static const struct {
		const char *status, *words;
	} rows[] = {
		{ "good", "On no list of revoked certificates." },
		{ "revoked", "Revoked: the state takes its word back." },
		{ "stale", "The list of revoked certificates is too old." },
		{ "unverified",
		    "The list of revoked certificates cannot be relied on." },
		{ "no_crl", "No list of revoked certificates is here." },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (report_text_is(status, rows[i].status))
			return rows[i].words;
	}
	return NULL;
}

static void
put_revocation(struct report_view *v, const struct report_revocation *r)
{
	const char *words = revocation_words(r->status);

	if (r->status.ptr == NULL)
		return;
	html_put(&v->html, "<h3>Revocation</h3>\n<dl>\n");
	report_row(v, "Status", words != NULL ? report_text(words) : r->status);
	if (r->revoked_at.ptr != NULL) {
		report_row(v, "Certificate", r->subject);
		report_row(v, "Serial number", r->serial);
		report_row(v, "Revoked on", r->revoked_at);
		report_row(v, "Not to be relied on since", r->invalid_since);
		report_row(v, "Reason", r->reason);
		report_row(v, "Document signed before or after",
		    r->document_signed);
	}
	report_row(v, "List of", r->issuer);
	report_row(v, "List made on", r->this_update);
	report_row(v, "Next list due on", r->next_update);
	html_put(&v->html, "</dl>\n");
}

void
report_certificates(struct report_view *v)
{
	const struct report_record *r = v->record;

	report_section(v, "certificates", "Who vouches for the data");
	if (!r->signer.present && !r->csca.present) {
		html_put(&v->html,
		    "<p>No certificate was read from the chip.</p>\n"
		    "</section>\n");
		return;
	}
	html_put(&v->html, "<ol class=\"chain\">\n");
	put_certificate(v, "Country authority (CSCA)",
	    r->n_path > 0
		? "Trusted on this workstation; signed the one below."
		: "Trusted on this workstation; vouches for the signer.",
	    &r->csca);
	for (size_t i = r->n_path; i > 0; i--)
		put_certificate(v, "Link certificate",
		    "Signed by the one above; vouches for the one below.",
		    &r->path[i - 1]);
	put_certificate(v, "Document signer",
	    "Comes with the chip; signed the data.", &r->signer);
	html_put(&v->html, "</ol>\n");
	put_revocation(v, &r->revocation);
	html_put(&v->html, "</section>\n");
}

static void
put_cell(struct report_view *v, const char *css, struct report_text text)
{
	html_printf(&v->html, "<td class=\"%s\">", css);
	html_isolated(&v->html, text, HTML_SHORT);
	html_put(&v->html, "</td>");
}

static void
put_file(struct report_view *v, const struct report_file *f)
{
	const char *words = report_file_words(f->name);
	const char *status = report_status_words(f->status);

	html_put(&v->html, "<tr><th scope=\"row\">");
	html_isolated(&v->html, f->name, HTML_SHORT);
	html_printf(&v->html, "</th><td>%s</td>", words != NULL ? words : "");
	put_cell(v, "", status != NULL ? report_text(status) : f->status);
	html_printf(&v->html, "<td class=\"number\">%lld</td>",
	    (long long)f->size);
	html_put(&v->html, "<td class=\"hash\"><code>");
	if (v->redact && f->sha256.ptr != NULL)
		report_redacted(v);
	else if (f->sha256.ptr != NULL)
		html_text(&v->html, f->sha256, HTML_SHORT);
	else
		html_put(&v->html, "&mdash;");
	html_put(&v->html, "</code>");
	if (f->path.ptr != NULL && !v->redact) {
		html_put(&v->html, "<br>");
		html_isolated(&v->html, f->path, HTML_SHORT);
	}
	html_put(&v->html, "</td></tr>\n");
}

void
report_files(struct report_view *v)
{
	report_section(v, "files", "Files of the chip");
	html_put(&v->html,
	    "<div class=\"table\" role=\"region\" aria-label=\"Files\" "
	    "tabindex=\"0\">\n<table class=\"wide\">\n<thead><tr>"
	    "<th scope=\"col\">File</th><th scope=\"col\">What it holds</th>"
	    "<th scope=\"col\">Status</th>"
	    "<th scope=\"col\" class=\"number\">Bytes</th>"
	    "<th scope=\"col\">SHA-256, path</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < v->record->n_files; i++)
		put_file(v, &v->record->files[i]);
	html_put(&v->html, "</tbody></table></div>\n</section>\n");
}

/* Of a whole, in tenths of a percent: 0 to 1000. */
static unsigned
share(int64_t part, int64_t whole)
{
	if (whole <= 0)
		return 0;
	if (part >= whole)
		return 1000;
	/* Not part * 1000, which may be too large. */
	return (unsigned)((double)part / (double)whole * 1000.0);
}

static void
put_milliseconds(struct report_view *v, int64_t us)
{
	html_printf(&v->html, "%lld.%02d", (long long)(us / 1000),
	    (int)(us % 1000 / 10));
}

static void
put_phase(struct report_view *v, const struct report_phase *p, int64_t longest)
{
	const char *words = report_phase_words(p->name);
	unsigned part = share(p->us, longest);

	html_put(&v->html, "<tr><th scope=\"row\">");
	if (words != NULL)
		html_put(&v->html, words);
	else
		html_isolated(&v->html, p->name, HTML_SHORT);
	html_printf(&v->html,
	    "</th><td class=\"bar\"><svg aria-hidden=\"true\" width=\"100%%\" "
	    "height=\"12\"><rect width=\"%u.%u%%\" height=\"12\"/></svg></td>"
	    "<td class=\"number\">",
	    part / 10, part % 10);
	put_milliseconds(v, p->us);
	html_printf(&v->html,
	    "</td><td class=\"number\">%lld</td>"
	    "<td class=\"number\">%lld</td></tr>\n",
	    (long long)p->apdus, (long long)p->bytes);
}

void
report_timing(struct report_view *v)
{
	const struct report_record *r = v->record;
	int64_t longest = 0;

	if (r->n_phases == 0)
		return;
	for (size_t i = 0; i < r->n_phases; i++)
		if (r->phases[i].us > longest)
			longest = r->phases[i].us;
	report_section(v, "timing", "How long it took");
	html_put(&v->html,
	    "<div class=\"table\" role=\"region\" aria-label=\"Times\" "
	    "tabindex=\"0\">\n<table>\n<thead><tr>"
	    "<th scope=\"col\">Phase</th>"
	    "<th scope=\"col\" class=\"bar\"><span class=\"unseen\">Share"
	    "</span></th>"
	    "<th scope=\"col\" class=\"number\">ms</th>"
	    "<th scope=\"col\" class=\"number\">Commands</th>"
	    "<th scope=\"col\" class=\"number\">Bytes received</th>"
	    "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < r->n_phases; i++)
		put_phase(v, &r->phases[i], longest);
	html_put(&v->html,
	    "</tbody>\n<tfoot><tr><th scope=\"row\">All in all</th><td></td>"
	    "<td class=\"number\">");
	put_milliseconds(v, r->total_us);
	html_put(&v->html,
	    "</td><td></td><td></td></tr></tfoot></table></div>\n"
	    "</section>\n");
}

static void
put_access(struct report_view *v)
{
	const struct report_record *r = v->record;
	const struct report_text parts[] = { r->protocol, r->mapping,
		r->parameter, r->cipher };
	const char *before = "";

	html_put(&v->html, "<div><dt>Access</dt><dd>");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].len == 0)
			continue;
		html_put(&v->html, before);
		html_isolated(&v->html, parts[i], HTML_SHORT);
		before = ", ";
	}
	if (r->password.len > 0) {
		html_put(&v->html, ", opened with ");
		html_isolated(&v->html, r->password, HTML_SHORT);
	}
	if (r->by_reader)
		html_put(&v->html,
		    ", by the reader itself (the way to it was in plain)");
	if (r->tries_left >= 0)
		html_printf(&v->html, ", tries left: %lld",
		    (long long)r->tries_left);
	if (r->workaround.len > 0) {
		html_put(&v->html, "; ");
		html_isolated(&v->html, r->workaround, HTML_SHORT);
	}
	html_put(&v->html, "</dd></div>\n");
}

/* "sim:" of a URI, and a reader's name without what stands in brackets, which
 * is often the serial number of the device. */
static struct report_text
until(struct report_text text, const char *ends, bool with_end)
{
	size_t i = 0;

	while (i < text.len && strchr(ends, text.ptr[i]) == NULL)
		i++;
	if (i < text.len && with_end)
		i++;
	text.len = i;
	return text;
}

static void
put_reader(struct report_view *v)
{
	const struct report_record *r = v->record;

	if (r->reader_uri.ptr == NULL)
		return;
	if (v->redact) {
		report_row(v, "Reader", until(r->reader_uri, ":", true));
		report_row(v, "Reader name",
		    until(r->reader_name, "([0123456789", false));
		return;
	}
	report_row(v, "Reader", r->reader_uri);
	report_row(v, "Reader name", r->reader_name);
}

static void
put_sources(struct report_view *v)
{
	const struct report_record *r = v->record;

	for (size_t i = 0; i < r->n_sources && !v->redact; i++)
		report_row(v, "Source", r->sources[i]);
}

static void
put_error(struct report_view *v)
{
	const struct report_record *r = v->record;

	if (!r->ended_early)
		return;
	report_row(v, "Error", r->error_code);
	report_row(v, "Error, in words", r->error_text);
	if (r->error_where.len > 0)
		report_row(v, "While", r->error_where);
	if (r->error_sw.len > 0)
		report_row(v, "Status word", r->error_sw);
}

void
report_technical(struct report_view *v)
{
	const struct report_record *r = v->record;

	report_section(v, "technical", "Technical details");
	html_put(&v->html, "<dl>\n");
	report_row(v, "Tool", r->tool);
	report_row(v, "Version", r->version);
	if (v->redact) {
		report_row(v, "Decided as of", until(r->at, "T", false));
	} else {
		report_row(v, "Session", r->session);
		report_row(v, "Decided as of", r->at);
	}
	report_row(v, "Policy", r->policy);
	if (r->on_chip) {
		put_reader(v);
		put_access(v);
	} else {
		put_sources(v);
	}
	put_error(v);
	html_put(&v->html,
	    "</dl>\n<p class=\"about\">This page shows what the record says; "
	    "whoever can write the record can write the page.</p>\n"
	    "</section>\n");
}
