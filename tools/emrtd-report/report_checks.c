/* Every row of the record: what was asked, the answer, what it means. */
#include "report_sections.h"

#include <string.h>

/* Worst first. Rows of the second kind are folded away. */
static const enum emrtd_verdict shown[] = { EMRTD_FAILED, EMRTD_ABORTED,
	EMRTD_UNDETERMINED, EMRTD_PASSED };
static const enum emrtd_verdict folded[] = { EMRTD_NOT_RUN, EMRTD_NOT_OFFERED };

/* Reasons of the document's own rows quote its dates and letters, and so may
 * deviations; those of a row without words may quote anything. */
static bool
reason_is_private(struct report_text id)
{
	return report_group_of(id) == GROUP_DOCUMENT ||
	       report_text_is(id, "pa.conformance") ||
	       report_check_words(id) == NULL;
}

static const char *
meaning(const struct report_check_words *words, enum emrtd_verdict verdict)
{
	if (words == NULL)
		return NULL;
	switch (verdict) {
	case EMRTD_PASSED:
		return words->passed;
	case EMRTD_FAILED:
		return words->failed;
	case EMRTD_UNDETERMINED:
		return words->undetermined;
	case EMRTD_ABORTED:
		return "The reading ended before this was known.";
	case EMRTD_NOT_RUN:
	case EMRTD_NOT_OFFERED:
		break;
	}
	return NULL;
}

static void
put_reason(struct report_view *v, const struct report_check *c)
{
	if (c->reason.len == 0)
		return;
	html_put(&v->html, "<p class=\"reason\">");
	if (v->redact && reason_is_private(c->id))
		report_redacted(v);
	else
		html_isolated(&v->html, c->reason, HTML_LONG);
	html_put(&v->html, "</p>\n");
}

/* For whoever looks it up. */
static void
put_references(struct report_view *v, const struct report_check *c)
{
	html_put(&v->html, "<p class=\"quiet reference\"><code>");
	html_text(&v->html, c->id, HTML_SHORT);
	html_put(&v->html, "</code>");
	if (c->clause.len > 0) {
		html_put(&v->html, " &middot; ");
		html_isolated(&v->html, c->clause, HTML_SHORT);
	}
	if (c->code.len > 0) {
		html_put(&v->html, " &middot; ");
		html_isolated(&v->html, c->code, HTML_SHORT);
	}
	if (c->sw.len > 0) {
		html_put(&v->html, " &middot; status word ");
		html_isolated(&v->html, c->sw, HTML_SHORT);
	}
	html_put(&v->html, "</p>\n");
}

/* Of rows with the same id only the first can be pointed at. */
static bool
is_first(const struct report_record *r, const struct report_check *c)
{
	for (const struct report_check *i = r->checks; i < c; i++)
		if (i->known == c->known)
			return false;
	return true;
}

static void
put_check(struct report_view *v, const struct report_check *c)
{
	const struct report_check_words *words = report_check_words(c->id);
	const struct report_verdict_words *how = report_verdict_words(
	    c->verdict);
	const char *means = meaning(words, c->verdict);

	html_put(&v->html, "<li");
	if (words != NULL && is_first(v->record, c))
		html_printf(&v->html, " id=\"%s\"", words->id);
	html_printf(&v->html, " class=\"check\"><p class=\"tag %s\">",
	    how->css);
	report_icon(v, how->icon, "");
	html_printf(&v->html, "%s</p><div>\n", how->word);
	put_references(v, c);
	html_put(&v->html, "<p class=\"title\">");
	if (words != NULL)
		html_put(&v->html, words->title);
	else
		html_isolated(&v->html, c->id, HTML_SHORT);
	html_put(&v->html, "</p>\n");
	if (means != NULL)
		html_printf(&v->html, "<p>%s</p>\n", means);
	put_reason(v, c);
	html_put(&v->html, "</div></li>\n");
}

/* Rows of one group with one verdict. */
static size_t
put_rows(struct report_view *v, enum report_group group,
    enum emrtd_verdict verdict)
{
	const struct report_record *r = v->record;
	size_t n = 0;

	for (size_t i = 0; i < r->n_checks; i++) {
		if (report_group_of(r->checks[i].id) != group ||
		    r->checks[i].verdict != verdict)
			continue;
		put_check(v, &r->checks[i]);
		n++;
	}
	return n;
}

static size_t
count(const struct report_record *r, enum report_group group,
    const enum emrtd_verdict *verdicts, size_t n_verdicts)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_checks; i++)
		for (size_t k = 0; k < n_verdicts; k++)
			n += (group == REPORT_N_GROUPS ||
				 report_group_of(r->checks[i].id) == group) &&
			     r->checks[i].verdict == verdicts[k];
	return n;
}

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

static void
put_group(struct report_view *v, enum report_group group)
{
	if (count(v->record, group, shown, LENGTH(shown)) == 0)
		return;
	html_printf(&v->html,
	    "<h3>%s</h3>\n<p class=\"about\">%s</p>\n<ul class=\"checks\">\n",
	    report_group_title(group), report_group_about(group));
	for (size_t i = 0; i < LENGTH(shown); i++)
		(void)put_rows(v, group, shown[i]);
	html_put(&v->html, "</ul>\n");
}

static void
put_folded(struct report_view *v)
{
	size_t not_run = count(v->record, REPORT_N_GROUPS, folded, 1);
	size_t not_offered = count(v->record, REPORT_N_GROUPS, folded + 1, 1);

	if (not_run + not_offered == 0)
		return;
	html_printf(&v->html,
	    "<details><summary>Not run: %zu. Not offered by the document: "
	    "%zu.</summary>\n<ul class=\"checks brief\">\n",
	    not_run, not_offered);
	for (size_t k = 0; k < LENGTH(folded); k++)
		for (int i = 0; i < REPORT_N_GROUPS; i++)
			(void)put_rows(v, (enum report_group)i, folded[k]);
	html_put(&v->html, "</ul>\n</details>\n");
}

void
report_checks(struct report_view *v)
{
	report_section(v, "checks", "Checks");
	if (v->record->n_checks == 0)
		html_put(&v->html, "<p>The record has no checks.</p>\n");
	for (int i = 0; i < REPORT_N_GROUPS; i++)
		put_group(v, (enum report_group)i);
	put_folded(v);
	html_put(&v->html, "</section>\n");
}
