/* Where the document is not as the standards want it, and what that means. */
#include "report_sections.h"

static void
put_about(struct report_view *v)
{
	bool strict = report_text_is(v->record->policy, "strict");

	html_printf(&v->html,
	    "<p class=\"about\">The policy of this check is ");
	html_isolated(&v->html, v->record->policy, HTML_SHORT);
	html_printf(&v->html,
	    ". %s A deviation alone says nothing of a forgery: states issue "
	    "such documents.</p>\n",
	    strict ? "A document with a deviation that is marked as failed "
		     "does not pass."
		   : "Deviations are told, and change no verdict.");
}

static void
put_tests(struct report_view *v, const struct report_finding *f)
{
	const char *before = " &middot; TR-03105-5.1 ";

	for (size_t i = 0; i < f->n_tests; i++) {
		html_put(&v->html, before);
		html_isolated(&v->html, f->tests[i], HTML_SHORT);
		before = ", ";
	}
}

static void
put_finding(struct report_view *v, const struct report_finding *f)
{
	html_printf(&v->html, "<li class=\"check\"><p class=\"tag %s\">",
	    f->fails ? "bad" : "none");
	report_icon(v, f->fails ? "stop" : "minus", "");
	html_printf(&v->html,
	    "%s</p><div>\n<p class=\"quiet reference\"><code>",
	    f->fails ? "Failed" : "Told");
	html_text(&v->html, f->id, HTML_SHORT);
	html_put(&v->html, "</code> &middot; ");
	html_isolated(&v->html, f->clause, HTML_SHORT);
	put_tests(v, f);
	html_put(&v->html, "</p>\n<p>");
	html_isolated(&v->html, f->text, HTML_LONG);
	html_put(&v->html, "</p>\n");
	if (f->detail.len > 0) {
		html_put(&v->html, "<p class=\"reason\">");
		/* It may quote a date, a name, a number. */
		if (v->redact)
			report_redacted(v);
		else
			html_isolated(&v->html, f->detail, HTML_LONG);
		html_put(&v->html, "</p>\n");
	}
	html_put(&v->html, "</div></li>\n");
}

void
report_deviations(struct report_view *v)
{
	const struct report_record *r = v->record;

	if (r->n_findings == 0)
		return;
	report_section(v, "deviations", "Deviations from the standards");
	put_about(v);
	html_put(&v->html, "<ul class=\"checks\">\n");
	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].fails)
			put_finding(v, &r->findings[i]);
	for (size_t i = 0; i < r->n_findings; i++)
		if (!r->findings[i].fails)
			put_finding(v, &r->findings[i]);
	html_put(&v->html, "</ul>\n</section>\n");
}
