/* The verdict: understood across a room, and what to do next. */
#include "report_sections.h"

/* Rows that are named; below them stand all. */
#define POINTS_MAX 5

static const char *const tones[] = {
	[TONE_NONE] = "none",
	[TONE_GOOD] = "good",
	[TONE_DOUBT] = "doubt",
	[TONE_BAD] = "bad",
};

static void
put_sentence(struct report_view *v)
{
	const struct report_record *r = v->record;

	html_put(&v->html, "<p>");
	if (v->headline->sentence != NULL)
		html_put(&v->html, v->headline->sentence);
	else
		html_isolated(&v->html, r->verdict_reason, HTML_LONG);
	html_put(&v->html, "</p>\n");
	if (!r->ended_early)
		return;
	html_put(&v->html, "<p>The reading ended early: ");
	html_isolated(&v->html, r->error_text, HTML_SHORT);
	html_put(&v->html, ".</p>\n");
}

static void
put_two_verdicts(struct report_view *v)
{
	static const char *const data[] = {
		[EMRTD_DATA_UNDETERMINED] = "undetermined",
		[EMRTD_DATA_AUTHENTIC] = "authentic",
		[EMRTD_DATA_FAILED] = "failed",
	};
	static const char *const chip[] = {
		[EMRTD_CHIP_UNDETERMINED] = "undetermined",
		[EMRTD_CHIP_GENUINE] = "genuine",
		[EMRTD_CHIP_FAILED] = "failed",
		[EMRTD_CHIP_NOT_OFFERED] = "offers no proof",
	};
	const char *contradiction = report_contradiction(v->record);

	if (contradiction != NULL) {
		html_put(&v->html,
		    "<p class=\"verdicts\">The record is not sound: ");
		html_text(&v->html, report_text(contradiction), HTML_SHORT);
		html_put(&v->html, ".</p>\n");
		return;
	}
	html_printf(&v->html,
	    "<p class=\"verdicts\">Data: <strong>%s</strong>. Chip: "
	    "<strong>%s</strong>.</p>\n",
	    data[v->data], chip[v->record->chip]);
}

static void
put_point(struct report_view *v, const struct report_check *c)
{
	const struct report_check_words *words = report_check_words(c->id);
	const struct report_verdict_words *how = report_verdict_words(
	    c->verdict);

	html_put(&v->html, "<li>");
	report_icon(v, how->icon, "");
	html_printf(&v->html, "<span>%s: ", how->word);
	if (words != NULL)
		html_printf(&v->html, "<a href=\"#%s\">%s</a>", words->id,
		    words->title);
	else
		html_isolated(&v->html, c->id, HTML_SHORT);
	html_put(&v->html, "</span></li>\n");
}

/* Links to the rows that were not good, the worst first. */
static void
put_list(struct report_view *v)
{
	static const enum emrtd_verdict order[] = { EMRTD_FAILED, EMRTD_ABORTED,
		EMRTD_UNDETERMINED };
	const struct report_record *r = v->record;
	size_t n = 0;

	html_put(&v->html, "<ul class=\"points\">\n");
	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < r->n_checks; i++)
			if (r->checks[i].verdict == order[k] &&
			    ++n <= POINTS_MAX)
				put_point(v, &r->checks[i]);
	if (n > POINTS_MAX)
		html_printf(&v->html,
		    "<li><a href=\"#checks\">And %zu more</a></li>\n",
		    n - POINTS_MAX);
	html_put(&v->html, "</ul>\n");
}

static bool
has_points(const struct report_record *r)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (report_is_bad(r->checks[i].verdict) ||
		    r->checks[i].verdict == EMRTD_UNDETERMINED)
			return true;
	return false;
}

void
report_banner(struct report_view *v)
{
	const struct report_headline *h = v->headline;
	const char *advice = report_error_advice(v->record->error_code);

	html_printf(&v->html,
	    "<section id=\"verdict\" class=\"banner %s\" "
	    "aria-labelledby=\"verdict-word\">\n",
	    tones[h->tone]);
	report_icon(v, h->icon, "large");
	html_printf(&v->html,
	    "<div>\n<h1 id=\"verdict-word\">%s <span>%s</span></h1>\n", h->word,
	    h->under);
	put_sentence(v);
	html_printf(&v->html,
	    "<p class=\"next\"><strong>What to do:</strong> ");
	if (advice != NULL)
		html_printf(&v->html, "%s ", advice);
	html_printf(&v->html, "%s</p>\n", h->next);
	if (has_points(v->record))
		put_list(v);
	put_two_verdicts(v);
	html_put(&v->html, "</div>\n</section>\n");
}
