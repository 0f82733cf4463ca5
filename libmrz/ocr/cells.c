#include "cells.h"

#include <string.h>

/* A symbol this near to the edge of its cell may belong to the next one. */
#define EDGE 0.3

struct place {
	int cell;
	double part; /* where in the cell its middle is, 0..1 */
};

static struct place
place_of(const struct symbol *symbol, double pitch)
{
	double at = (symbol->left + symbol->right) / 2 / pitch;
	struct place place;

	place.cell = at < 0 ? 0 : (int)at;
	place.part = at - place.cell;
	return place;
}

/*
 * Two symbols in a cell of which one lies near the edge of a cell that nobody
 * claims: that one moves there. What the net read twice stays together.
 */
static void
spread(struct place *places, unsigned n)
{
	for (unsigned i = 0; i + 1 < n; i++) {
		if (places[i].cell != places[i + 1].cell)
			continue;
		if (places[i].part < EDGE && places[i].cell > 0 &&
		    (i == 0 || places[i - 1].cell < places[i].cell - 1))
			places[i].cell--;
		else if (places[i + 1].part > 1 - EDGE &&
			 (i + 2 == n ||
			     places[i + 2].cell > places[i + 1].cell + 1))
			places[i + 1].cell++;
	}
}

static void
merge(struct cell *cell, const struct symbol *symbol)
{
	for (unsigned i = 0; i < symbol->n; i++) {
		const struct choice *choice = &symbol->choices[i];
		unsigned at = 0;

		while (at < cell->n && cell->choices[at].text != choice->text)
			at++;
		if (at == cell->n) {
			if (at == MAX_CHOICES)
				continue;
			cell->n++;
			cell->choices[at] = *choice;
		} else if (cell->choices[at].p < choice->p) {
			cell->choices[at].p = choice->p;
		}
	}
}

static void
order(struct cell *cell)
{
	double sum = 0;

	for (unsigned i = 0; i < cell->n; i++) {
		struct choice choice = cell->choices[i];
		unsigned at = i;

		sum += choice.p;
		for (; at > 0 && cell->choices[at - 1].p < choice.p; at--)
			cell->choices[at] = cell->choices[at - 1];
		cell->choices[at] = choice;
	}
	for (unsigned i = 0; i < cell->n && sum > 0; i++)
		cell->choices[i].p /= sum;
}

void
mrz_cells_sort(const struct recognised *symbols, double pitch, unsigned n,
    struct cells *out)
{
	struct place places[MAX_SYMBOLS];

	memset(out, 0, sizeof(*out));
	out->n = n < MAX_CELLS ? n : MAX_CELLS;
	for (unsigned i = 0; i < symbols->n; i++)
		places[i] = place_of(&symbols->symbols[i], pitch);
	spread(places, symbols->n);
	for (unsigned i = 0; i < symbols->n; i++)
		if (places[i].cell >= 0 && (unsigned)places[i].cell < out->n)
			merge(&out->at[places[i].cell], &symbols->symbols[i]);
	for (unsigned i = 0; i < out->n; i++)
		order(&out->at[i]);
}
