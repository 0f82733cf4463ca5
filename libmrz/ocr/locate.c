#include "locate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ink.h"
#include "print_line.h"

/* From line to line, in pitches: 2.5 as the standard has it (TD1 2.36). */
#define MIN_SPACING 1.3
#define MAX_SPACING 4.2

/* Does b follow a as the next line of a zone? */
static bool
follows(const struct print_line *a, const struct print_line *b)
{
	double middle = mrz_line_x(a, a->n_cells / 2.0);
	double k = mrz_line_cell(b, middle);
	double gap = mrz_line_y(b, k) - mrz_line_y(a, a->n_cells / 2.0);
	double pitch = a->dx + a->bend * a->n_cells;
	double other = b->dx + b->bend * b->n_cells;

	if (fabs(pitch - other) > 0.07 * pitch)
		return false;
	if (gap < MIN_SPACING * pitch || gap > MAX_SPACING * pitch)
		return false;
	return k > 1 && k < b->n_cells - 1 &&
	       fabs(mrz_line_x(a, 0) - mrz_line_x(b, 0)) < 14 * pitch;
}

/* What speaks for a zone: long, regular, as many cells in each line. */
static double
judge(const struct print_zone *zone)
{
	double score = 0, low = HUGE_VAL, high = -HUGE_VAL, width;

	for (unsigned i = 0; i < zone->n_lines; i++) {
		const struct print_line *line = &zone->lines[i];
		double end = mrz_line_x(line, line->n_cells - 1);

		score += line->n_seen * line->regular;
		low = line->x0 < low ? line->x0 : low;
		high = end > high ? end : high;
	}
	width = (high - low) / zone->lines[0].dx + 1;
	if (width > 46 || width < 27)
		score *= 0.5;
	return score;
}

static void
insert(struct print_zone zones[MAX_ZONES], size_t *n,
    const struct print_zone *zone)
{
	size_t at = *n;

	while (at > 0 && zones[at - 1].score < zone->score)
		at--;
	if (at == MAX_ZONES)
		return;
	if (*n < MAX_ZONES)
		(*n)++;
	memmove(&zones[at + 1], &zones[at], (*n - at - 1) * sizeof(zones[0]));
	zones[at] = *zone;
}

static void
pair_lines(const struct print_lines *lines, unsigned rotation,
    struct print_zone zones[MAX_ZONES], size_t *n)
{
	for (size_t i = 0; i < lines->n; i++) {
		for (size_t j = 0; j < lines->n; j++) {
			struct print_zone zone = { .rotation = rotation,
				.n_lines = 2 };

			if (!follows(&lines->at[i], &lines->at[j]))
				continue;
			zone.lines[0] = lines->at[i];
			zone.lines[1] = lines->at[j];
			zone.score = judge(&zone);
			insert(zones, n, &zone);
			for (size_t k = 0; k < lines->n; k++) {
				if (!follows(&lines->at[j], &lines->at[k]))
					continue;
				zone.n_lines = 3;
				zone.lines[2] = lines->at[k];
				zone.score = judge(&zone);
				insert(zones, n, &zone);
				zone.n_lines = 2;
			}
		}
	}
}

/* The marks of the picture turned by 90 degrees clockwise. */
static void
turn(struct marks *marks, double height)
{
	for (size_t i = 0; i < marks->n; i++) {
		struct mark *m = &marks->at[i];
		struct mark old = *m;

		m->x = height - old.y;
		m->y = old.x;
		m->width = old.height;
		m->height = old.width;
	}
}

bool
mrz_locate(const struct pyramid *pyramid, unsigned side, uint64_t end_ms,
    struct print_zone zones[MAX_ZONES], size_t *n_out)
{
	struct print_lines lines;
	struct marks marks;
	bool done;

	*n_out = 0;
	if (!mrz_marks_find(pyramid, side, &marks)) {
		mrz_marks_free(&marks);
		return false;
	}
	done = mrz_print_lines_find(&marks, end_ms, &lines);
	if (done) {
		pair_lines(&lines, 0, zones, n_out);
		turn(&marks, pyramid->level[0].height);
		done = mrz_print_lines_find(&marks, end_ms, &lines);
	}
	if (done)
		pair_lines(&lines, 90, zones, n_out);
	mrz_marks_free(&marks);
	mrz_ocr_wipe(&lines, sizeof(lines));
	return done;
}
