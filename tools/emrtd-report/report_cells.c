#include "report_cells.h"

#include "utf8.h"

struct report_cells
report_split(struct report_text line)
{
	struct report_cells cells = { .n = 0 };
	size_t step;

	for (size_t i = 0; i < line.len && cells.n < REPORT_COLUMNS;
	     i += step) {
		uint32_t c = 0xFFFD;

		step = utf8_next(line.ptr + i, line.len - i, &c);
		step += step == 0;
		cells.c[cells.n++] = c;
	}
	return cells;
}

struct report_cells
report_split_line(const struct report_lines *lines, size_t i)
{
	struct report_cells none = { .n = 0 };

	return i < lines->n ? report_split(lines->line[i]) : none;
}

bool
report_differs(const struct report_cells *a, const struct report_cells *b,
    size_t i)
{
	return (i < a->n ? a->c[i] : 0) != (i < b->n ? b->c[i] : 0);
}

const struct report_doubt *
report_doubt_at(const struct report_optical *o, size_t line, size_t column)
{
	for (size_t i = 0; i < o->n_doubts; i++)
		if (o->doubts[i].line == line && o->doubts[i].column == column)
			return &o->doubts[i];
	return NULL;
}

bool
report_is_settled(const struct report_optical *o, size_t line, size_t column)
{
	for (size_t i = 0; i < o->n_differences; i++)
		if (o->differences[i].line == line &&
		    o->differences[i].column == column &&
		    o->differences[i].doubtful)
			return true;
	return false;
}

bool
report_is_doubtful(const struct report_optical *o, size_t line, size_t column)
{
	return report_is_settled(o, line, column) ||
	       report_doubt_at(o, line, column) != NULL;
}

bool
report_letters_differ(const struct report_record *r)
{
	const struct report_lines *page = &r->optical.lines;
	const struct report_lines *chip = &r->document.lines;

	if (page->n == 0 || chip->n == 0)
		return false;
	for (size_t line = 0; line < REPORT_LINES_MAX; line++) {
		struct report_cells a = report_split_line(page, line);
		struct report_cells b = report_split_line(chip, line);

		for (size_t i = 0; i < REPORT_COLUMNS; i++)
			if (report_differs(&a, &b, i) &&
			    !report_is_settled(&r->optical, line + 1, i + 1))
				return true;
	}
	return false;
}
