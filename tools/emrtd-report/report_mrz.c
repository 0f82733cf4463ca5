/* The printed zone beside that of the chip, letter by letter. */
#include "report_cells.h"
#include "report_sections.h"

/* Letters that are listed: with more, nobody reads the list. */
#define LISTED_MAX 12

/* What a page may show although it is redacted: document code and issuing
 * state stand in the first five places of the chip's first line. A printed
 * letter shows there only when it is the same: lines that were misread may have
 * the number in that place. */
#define PUBLIC_COLUMNS 5

static bool
is_public(const struct report_view *v, uint32_t c, size_t line, size_t i)
{
	const struct report_document *d = &v->record->document;
	struct report_cells chip = report_split_line(&d->lines, 0);

	return line == 1 && i < PUBLIC_COLUMNS && d->format.ptr != NULL &&
	       i < chip.n && chip.c[i] == c;
}

static void
put_cell(struct report_view *v, uint32_t c, size_t line, size_t i)
{
	if (c == 0)
		html_put(&v->html, "&nbsp;");
	else if (!v->redact || is_public(v, c, line, i))
		html_char(&v->html, c);
	else
		html_put(&v->html, "&bull;");
}

struct row {
	const struct report_cells *cells, *other; /* other: NULL without one */
	size_t line;
	bool printed;
};

static void
put_line(struct report_view *v, const struct row *row)
{
	const struct report_optical *o = &v->record->optical;
	size_t n = row->other != NULL && row->other->n > row->cells->n
		       ? row->other->n
		       : row->cells->n;

	html_printf(&v->html, "<p><span class=\"who\">%s</span><code>",
	    row->printed ? "Page" : "Chip");
	for (size_t i = 0; i < n; i++) {
		uint32_t c = i < row->cells->n ? row->cells->c[i] : 0;
		bool doubt = row->printed &&
			     report_is_doubtful(o, row->line, i + 1);
		bool diff = row->other != NULL &&
			    report_differs(row->cells, row->other, i);

		if (diff || doubt)
			html_printf(&v->html, "<mark class=\"%s%s%s\">",
			    !diff                                    ? ""
			    : report_is_settled(o, row->line, i + 1) ? "settled"
								     : "diff",
			    diff && doubt ? " " : "", doubt ? "doubt" : "");
		put_cell(v, c, row->line, i);
		if (diff || doubt)
			html_put(&v->html, "</mark>");
	}
	html_put(&v->html, "</code></p>\n");
}

/* Line by line, what is printed right above what the chip stores. */
static void
put_lines(struct report_view *v, const struct report_lines *printed,
    const struct report_lines *chip)
{
	bool both = printed->n > 0 && chip->n > 0;
	size_t n = printed->n > chip->n ? printed->n : chip->n;
	size_t width = chip->n > 0 ? chip->line[0].len : printed->line[0].len;

	html_printf(&v->html, "<div class=\"zone%s\">\n",
	    width <= 30 ? " td1" : "");
	for (size_t i = 0; i < n; i++) {
		struct report_cells page = report_split_line(printed, i);
		struct report_cells dg1 = report_split_line(chip, i);
		const struct row rows[] = {
			{ &page, both ? &dg1 : NULL, i + 1, true },
			{ &dg1, both ? &page : NULL, i + 1, false },
		};

		html_put(&v->html, "<div class=\"pair\">\n");
		if (printed->n > 0)
			put_line(v, &rows[0]);
		if (chip->n > 0)
			put_line(v, &rows[1]);
		html_put(&v->html, "</div>\n");
	}
	html_put(&v->html, "</div>\n");
}

/* Many a font has one shape for 0 and O. */
static const char *
kind_of(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return "digit ";
	return c >= 'A' && c <= 'Z' ? "letter " : "";
}

/* A character within a sentence. */
static void
put_letter(struct report_view *v, const struct report_cells *cells, size_t line,
    size_t i)
{
	if (i < cells->n && !v->redact)
		html_put(&v->html, kind_of(cells->c[i]));
	html_put(&v->html, "<code>");
	if (i < cells->n)
		put_cell(v, cells->c[i], line, i);
	else
		html_put(&v->html, "nothing");
	html_put(&v->html, "</code>");
}

/* What the reading of the page thought possible at a place. */
static void
put_alternatives(struct report_view *v, size_t line, size_t column)
{
	const struct report_doubt *d = report_doubt_at(&v->record->optical,
	    line, column);

	html_put(&v->html, " <span class=\"quiet\">(hard to read");
	for (size_t i = 0; d != NULL && i < d->n; i++) {
		struct report_cells c = report_split(d->alternatives[i]);

		html_put(&v->html, i == 0 ? "; may also be " : " or ");
		html_put(&v->html, "<code>");
		put_cell(v, c.n > 0 ? c.c[0] : 0, line, column - 1);
		html_put(&v->html, "</code>");
	}
	html_put(&v->html, ")</span>");
}

static void
list_letter(struct report_view *v, const struct row *page,
    const struct report_cells *chip, size_t i)
{
	bool both = v->record->document.lines.n > 0;

	html_printf(&v->html, "<li>Line %zu, place %zu: ", page->line, i + 1);
	put_letter(v, page->cells, page->line, i);
	html_put(&v->html, " on the page");
	if (both) {
		html_put(&v->html, ", ");
		put_letter(v, chip, page->line, i);
		html_printf(&v->html, " on the chip%s",
		    report_differs(page->cells, chip, i) ? "" : ": the same");
	}
	if (report_is_doubtful(&v->record->optical, page->line, i + 1))
		put_alternatives(v, page->line, i + 1);
	html_put(&v->html, "</li>\n");
}

/* Letters that differ, or that were hard to read. */
static void
list_line(struct report_view *v, size_t line, const struct report_cells *page,
    const struct report_cells *chip, size_t *found)
{
	const struct row row = { page, chip, line, true };
	size_t n = page->n > chip->n ? page->n : chip->n;
	bool both = v->record->document.lines.n > 0;

	for (size_t i = 0; i < n; i++) {
		if (!(both && report_differs(page, chip, i)) &&
		    !report_is_doubtful(&v->record->optical, line, i + 1))
			continue;
		if (++*found <= LISTED_MAX)
			list_letter(v, &row, chip, i);
	}
}

static void
list_letters(struct report_view *v)
{
	const struct report_lines *page = &v->record->optical.lines;
	const struct report_lines *chip = &v->record->document.lines;
	size_t n = page->n > chip->n ? page->n : chip->n, found = 0;

	html_put(&v->html, "<ul class=\"differences\">\n");
	for (size_t i = 0; i < n; i++) {
		struct report_cells a = report_split_line(page, i),
				    b = report_split_line(chip, i);

		list_line(v, i + 1, &a, &b, &found);
	}
	if (found > LISTED_MAX)
		html_printf(&v->html, "<li>And %zu more.</li>\n",
		    found - LISTED_MAX);
	if (chip->n > 0 && found == 0)
		html_put(&v->html,
		    "<li>Every letter is the same on page and chip.</li>\n");
	html_put(&v->html, "</ul>\n");
}

static void
put_tag(struct report_view *v, const char *css, const char *icon,
    const char *words)
{
	html_printf(&v->html, "<p class=\"tag %s\">", css);
	report_icon(v, icon, "");
	html_printf(&v->html, "%s</p>\n", words);
}

static void
put_comparison(struct report_view *v)
{
	const struct report_text result = v->record->optical.result;
	enum emrtd_verdict verdict = report_verdict_of(v->record,
	    EMRTD_CHECK_DOC_MRZ_MATCH);

	if (report_text_is(result, "not_compared"))
		put_tag(v, "none", "minus", "Not compared.");
	else if (report_text_is(result, "differs") && verdict == EMRTD_FAILED)
		put_tag(v, "bad", "stop",
		    "The chip stores something else than is printed.");
	/* What was misread is not what is printed. */
	else if (report_text_is(result, "differs"))
		put_tag(v, "doubt", "question",
		    "The chip stores something else than was read off the "
		    "page.");
	/* That a forged chip fits its page is no good news. */
	else if (report_text_is(result, "confirmed_by_chip"))
		put_tag(v, v->data == EMRTD_DATA_AUTHENTIC ? "good" : "none",
		    v->data == EMRTD_DATA_AUTHENTIC ? "check" : "minus",
		    "Page and chip agree.");
}

static void
put_result(struct report_view *v)
{
	const struct report_optical *o = &v->record->optical;

	put_comparison(v);
	if (report_text_is(o->status, "uncertain"))
		html_put(&v->html,
		    "<p>The page was hard to read: doubtful letters are "
		    "underlined with dots.</p>\n");
	if (o->opened_by > 1 || (o->tried > 1 && o->opened_by < 1))
		html_printf(&v->html,
		    "<p>Of %lld readings of number and dates that were "
		    "probable, %lld were tried; %s</p>\n",
		    (long long)o->keys, (long long)o->tried,
		    o->opened_by > 0 ? "the last of them opened the chip."
				     : "none opened the chip.");
}

void
report_mrz(struct report_view *v)
{
	const struct report_lines *printed = &v->record->optical.lines;
	const struct report_lines *chip = &v->record->document.lines;

	report_section(v, "mrz", "Machine-readable zone");
	put_result(v);
	if (printed->n == 0)
		html_put(&v->html,
		    "<p>No printed zone came with this record: the page of the "
		    "document was not compared with the chip.</p>\n");
	if (printed->n > 0 || chip->n > 0)
		put_lines(v, printed, chip);
	if (printed->n > 0)
		list_letters(v);
	html_put(&v->html, "</section>\n");
}
