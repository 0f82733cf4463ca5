#include "choices.h"

#include "charset.h"
#include "mem.h"

static void
add(struct cell *cell, char c, int16_t cost)
{
	if (mrz_char_value(c) < 0 || cell->n == MAX_CHOICES ||
	    mrz_cell_cost(cell, c) >= 0)
		return;
	cell->text[cell->n] = c;
	cell->cost[cell->n] = cost > 0 ? cost : 0;
	cell->n++;
}

/* A choice stays if some head of the layout has it at its place. */
static void
keep_head(const struct layout *layout, struct choices *choices)
{
	const struct head *head = &layout->head;

	for (size_t at = 0; at < mrz_text_len(head->texts[0]); at++) {
		struct cell *cell = &choices->at[head->line][at];
		uint8_t kept = 0;

		for (uint8_t i = 0; i < cell->n; i++) {
			bool any = false;

			for (size_t k = 0;
			     k < MAX_HEADS && head->texts[k] != NULL; k++)
				any |= head->texts[k][at] == cell->text[i];
			if (!any)
				continue;
			cell->text[kept] = cell->text[i];
			cell->cost[kept++] = cell->cost[i];
		}
		cell->n = kept;
	}
}

/* Visas share the size of the two-line layouts; the V is what tells them. */
static void
keep_visa(const struct layout *layout, struct cell *first)
{
	uint8_t kept = 0;

	if (layout->n_lines != 2)
		return;
	for (uint8_t i = 0; i < first->n; i++) {
		if ((first->text[i] == 'V') != layout->visa)
			continue;
		first->text[kept] = first->text[i];
		first->cost[kept] = first->cost[i];
		kept++;
	}
	first->n = kept;
}

static void
add_doubt(const struct layout *layout, const struct mrz_doubt *doubt,
    bool seen[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN], struct choices *out)
{
	size_t line = doubt->line, column = doubt->column;

	if (line < 1 || line > layout->n_lines || column < 1 ||
	    column > layout->line_len[line - 1] || seen[line - 1][column - 1])
		return;
	seen[line - 1][column - 1] = true;
	for (size_t i = 0; i < doubt->n && i < MRZ_MAX_ALTERNATIVES; i++)
		add(&out->at[line - 1][column - 1], doubt->text[i],
		    doubt->cost[i]);
}

void
mrz_choices(const struct layout *layout, const struct mrz_doc *doc,
    const struct mrz_doubt *doubts, size_t n, struct choices *out)
{
	bool seen[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN];

	memset(seen, 0, sizeof(seen));
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < layout->n_lines; i++)
		for (size_t j = 0; j < layout->line_len[i]; j++)
			add(&out->at[i][j], doc->lines[i][j], 0);
	for (size_t i = 0; i < n && i < MRZ_MAX_DOUBTS; i++)
		add_doubt(layout, &doubts[i], seen, out);
	keep_visa(layout, &out->at[0][0]);
	keep_head(layout, out);
}

const struct cell *
mrz_choices_at(const struct choices *choices, struct span span)
{
	return &choices->at[span.line][span.column];
}

int32_t
mrz_cell_cost(const struct cell *cell, char c)
{
	for (size_t i = 0; i < cell->n; i++)
		if (cell->text[i] == c)
			return cell->cost[i];
	return -1;
}

/* To the next text, the last cell turning fastest. */
static bool
advance(struct walk *walk)
{
	for (size_t i = walk->n; i-- > 0;) {
		if (++walk->at[i] < walk->cells[i].n)
			return true;
		walk->at[i] = 0;
	}
	return false;
}

bool
mrz_walk(struct walk *walk, char text[MAX_WALK], int32_t *cost)
{
	if (walk->started) {
		if (!advance(walk))
			return false;
	} else {
		walk->started = true;
		for (size_t i = 0; i < walk->n; i++)
			if (walk->cells[i].n == 0)
				return false;
	}
	*cost = 0;
	for (size_t i = 0; i < walk->n; i++) {
		text[i] = walk->cells[i].text[walk->at[i]];
		*cost += walk->cells[i].cost[walk->at[i]];
	}
	return true;
}
