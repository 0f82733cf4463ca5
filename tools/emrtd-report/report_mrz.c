/* The printed zone beside that of the chip, letter by letter. */
#include "report_sections.h"

#include "utf8.h"

#include <string.h>

#define COLUMNS 44

/* A line as characters; 0 is where there is none. */
struct cells {
	size_t n;
	uint32_t c[COLUMNS];
};

/* What a record may show although it is redacted: document code and issuing
 * state stand in the first five places of the first line. */
#define PUBLIC_COLUMNS 5

static struct cells
split(struct report_text line)
{
	struct cells cells = { .n = 0 };
	size_t step;

	for (size_t i = 0; i < line.len && cells.n < COLUMNS; i += step) {
		uint32_t c = 0xFFFD;

		step = utf8_next(line.ptr + i, line.len - i, &c);
		step += step == 0;
		cells.c[cells.n++] = c;
	}
	return cells;
}

static const struct report_doubt *
doubt_at(const struct report_optical *o, size_t line, size_t column)
{
	for (size_t i = 0; i < o->n_doubts; i++)
		if (o->doubts[i].line == line && o->doubts[i].column == column)
			return &o->doubts[i];
	return NULL;
}

/* The record may tell a place doubtful in its list of differences alone. */
static bool
is_doubtful(const struct report_optical *o, size_t line, size_t column)
{
	for (size_t i = 0; i < o->n_differences; i++)
		if (o->differences[i].line == line &&
		    o->differences[i].column == column &&
		    o->differences[i].doubtful)
			return true;
	return doubt_at(o, line, column) != NULL;
}

static bool
differs(const struct cells *a, const struct cells *b, size_t i)
{
	return (i < a->n ? a->c[i] : 0) != (i < b->n ? b->c[i] : 0);
}

static void
put_cell(struct report_view *v, uint32_t c, size_t line, size_t i)
{
	bool shown = !v->redact || (line == 1 && i < PUBLIC_COLUMNS);

	if (c == 0)
		html_put(&v->html, "&nbsp;");
	else if (shown)
		html_char(&v->html, c);
	else
		html_put(&v->html, "&bull;");
}

struct row {
	const struct cells *cells, *other; /* other: NULL without one */
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

	html_put(&v->html, "<code>");
	for (size_t i = 0; i < n; i++) {
		uint32_t c = i < row->cells->n ? row->cells->c[i] : 0;
		bool doubt = row->printed && is_doubtful(o, row->line, i + 1);
		bool diff = row->other != NULL &&
			    differs(row->cells, row->other, i);

		if (diff || doubt)
			html_printf(&v->html, "<mark class=\"%s%s\">",
			    diff ? "diff" : "", doubt ? " doubt" : "");
		put_cell(v, c, row->line, i);
		if (diff || doubt)
			html_put(&v->html, "</mark>");
	}
	html_put(&v->html, "</code>\n");
}

static void
put_lines(struct report_view *v, const struct report_lines *lines,
    const struct report_lines *other, bool printed)
{
	html_printf(&v->html, "<h3>%s</h3>\n<div class=\"zone%s\">\n",
	    printed ? "Printed on the page" : "On the chip (DG1)",
	    lines->n > 0 && lines->line[0].len <= 30 ? " td1" : "");
	for (size_t i = 0; i < lines->n; i++) {
		struct cells a = split(lines->line[i]);
		struct cells b = { .n = 0 };

		if (other != NULL && i < other->n)
			b = split(other->line[i]);
		put_line(v, &(struct row){ &a, other != NULL ? &b : NULL, i + 1,
				printed });
	}
	html_put(&v->html, "</div>\n");
}

/* A letter within a sentence. */
static void
put_letter(struct report_view *v, const struct cells *cells, size_t line,
    size_t i)
{
	html_put(&v->html, "<code>");
	if (i < cells->n)
		put_cell(v, cells->c[i], line, i);
	else
		html_put(&v->html, "nothing");
	html_put(&v->html, "</code>");
}

static size_t
list_line(struct report_view *v, size_t line, const struct cells *a,
    const struct cells *b)
{
	size_t n = a->n > b->n ? a->n : b->n, found = 0;

	for (size_t i = 0; i < n; i++) {
		if (!differs(a, b, i))
			continue;
		found++;
		html_printf(&v->html, "<li>Line %zu, letter %zu: printed ",
		    line, i + 1);
		put_letter(v, a, line, i);
		html_put(&v->html, ", on the chip ");
		put_letter(v, b, line, i);
		if (is_doubtful(&v->record->optical, line, i + 1))
			html_put(&v->html,
			    " <span class=\"quiet\">(was hard to read)"
			    "</span>");
		html_put(&v->html, "</li>\n");
	}
	return found;
}

static size_t
list_differences(struct report_view *v)
{
	const struct report_lines *a = &v->record->optical.lines;
	const struct report_lines *b = &v->record->document.lines;
	size_t n = a->n > b->n ? a->n : b->n, found = 0;

	html_put(&v->html, "<ul class=\"differences\">\n");
	for (size_t i = 0; i < n; i++) {
		struct cells x = { .n = 0 }, y = { .n = 0 };

		if (i < a->n)
			x = split(a->line[i]);
		if (i < b->n)
			y = split(b->line[i]);
		found += list_line(v, i + 1, &x, &y);
	}
	if (found == 0)
		html_put(&v->html, "<li>All letters are the same.</li>\n");
	html_put(&v->html, "</ul>\n");
	return found;
}

static void
put_result(struct report_view *v)
{
	static const struct {
		const char *name, *css, *icon, *words;
	} results[] = {
		{ "confirmed_by_chip", "good", "check",
		    "The chip confirms what is printed." },
		{ "differs", "bad", "stop",
		    "The chip stores something else than is printed." },
		{ "not_compared", "none", "minus", "Not compared." },
	};
	const struct report_optical *o = &v->record->optical;

	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++) {
		if (!report_text_is(o->result, results[i].name))
			continue;
		html_printf(&v->html, "<p class=\"tag %s\">", results[i].css);
		report_icon(v, results[i].icon, "");
		html_printf(&v->html, "%s</p>\n", results[i].words);
	}
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
	bool both = printed->n > 0 && chip->n > 0;

	report_section(v, "mrz", "Machine-readable zone");
	put_result(v);
	if (printed->n > 0)
		put_lines(v, printed, both ? chip : NULL, true);
	else
		html_put(&v->html,
		    "<p>No printed zone came with this record: the page of the "
		    "document was not compared with the chip.</p>\n");
	if (chip->n > 0)
		put_lines(v, chip, both ? printed : NULL, false);
	if (both) {
		html_put(&v->html, "<h3>Differences</h3>\n");
		(void)list_differences(v);
	}
	html_put(&v->html, "</section>\n");
}
