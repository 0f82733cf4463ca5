#include "print_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "deadline.h"

/* Fewest characters of a line, and fewest cells from the first to the last. */
#define MIN_SEEN  10
#define MIN_CELLS 14
/* Most marks that one line is fitted to, and most cells that it may have. */
#define MAX_RUN  160
#define MAX_SPAN 60

/* A line that was found is looked for again beyond its ends, until it stops
 * growing. */
#define MAX_ROUNDS 6

/* Pitch over height of capitals: 1.06 as the standard has it, for type that
 * was stretched, and for ink that ran, more or less. */
#define MAX_PITCH 1.75
/* Down to 0.75, in steps that a line of 44 characters does not miss. */
#define PITCH_RATIO 0.996
#define PITCH_STEPS 212

/* How well the marks have to keep the pitch (1: exactly; print of varying
 * width reaches 0.3, seldom 0.5). */
#define MIN_REGULAR 0.55

#define PI 3.14159265358979323846

/* Marks of one line, ordered by x. */
struct run {
	size_t n;
	const struct mark *at[MAX_RUN];
};

double
mrz_line_x(const struct print_line *line, double cell)
{
	return line->x0 + line->dx * cell + line->bend * cell * cell;
}

double
mrz_line_y(const struct print_line *line, double cell)
{
	return line->y0 + line->dy * cell;
}

double
mrz_line_cell(const struct print_line *line, double x)
{
	double cell = (x - line->x0) / line->dx;

	/* The bend is small: two steps are exact to a hundredth. */
	for (int i = 0; i < 2; i++)
		cell = (x - line->x0 - line->bend * cell * cell) / line->dx;
	return cell;
}

static double
nearest(double value)
{
	return floor(value + 0.5);
}

static int
by_x(const void *a, const void *b)
{
	const struct mark *m = a, *n = b;

	return m->x < n->x ? -1 : m->x > n->x;
}

static int
by_value(const void *a, const void *b)
{
	const double *m = a, *n = b;

	return *m < *n ? -1 : *m > *n;
}

/* The mark that follows a mark on its line, or n when there is none. */
static size_t
follower(const struct marks *marks, size_t i)
{
	const struct mark *from = &marks->at[i];
	size_t best = marks->n;
	double least = HUGE_VAL;

	for (size_t j = i + 1; j < marks->n; j++) {
		const struct mark *to = &marks->at[j];
		double dx = to->x - from->x, dy = fabs(to->y - from->y);
		double tall = from->height > to->height ? from->height
							: to->height;
		double low = from->height < to->height ? from->height
						       : to->height;

		if (dx > 3 * from->height)
			break;
		if (dx < 0.35 * tall || dy > 0.3 * tall || low < 0.45 * tall ||
		    dx > 2.6 * tall)
			continue;
		if (dx + 2 * dy < least) {
			least = dx + 2 * dy;
			best = j;
		}
	}
	return best;
}

/* Drops what lies farther from y = a + b x than most; gives a and b. */
static void
straighten(struct run *run, double *a, double *b)
{
	for (int round = 0; round < 4; round++) {
		double sx = 0, sy = 0, sxx = 0, sxy = 0, tall = 0, d;
		double n = (double)run->n;
		size_t kept = 0;

		for (size_t i = 0; i < run->n; i++) {
			const struct mark *m = run->at[i];

			sx += m->x;
			sy += m->y;
			sxx += m->x * m->x;
			sxy += m->x * m->y;
			tall += m->height;
		}
		d = n * sxx - sx * sx;
		*b = d > 0 ? (n * sxy - sx * sy) / d : 0;
		*a = (sy - *b * sx) / n;
		tall /= n;
		for (size_t i = 0; i < run->n; i++) {
			const struct mark *m = run->at[i];

			if (fabs(m->y - *a - *b * m->x) <
			    (0.5 - 0.08 * round) * tall)
				run->at[kept++] = m;
		}
		if (kept == run->n || kept < MIN_SEEN)
			return;
		run->n = kept;
	}
}

/* Four in five marks are lower: fillers are lower than letters and digits,
 * what ran together with other print is higher. */
static double
cap_height(const struct run *run)
{
	double heights[MAX_RUN];

	for (size_t i = 0; i < run->n; i++)
		heights[i] = run->at[i]->height;
	qsort(heights, run->n, sizeof(heights[0]), by_value);
	return heights[run->n * 4 / 5];
}

static double
regularity(const struct run *run, double pitch, double *phase)
{
	double re = 0, im = 0;

	for (size_t i = 0; i < run->n; i++) {
		double angle = 2 * PI * (run->at[i]->x - run->at[0]->x) / pitch;

		re += cos(angle);
		im += sin(angle);
	}
	*phase = atan2(im, re) / (2 * PI) * pitch;
	return sqrt(re * re + im * im) / (double)run->n;
}

/* The widest pitch that the marks keep about as well as the best one: half a
 * pitch is kept as well, for nothing. */
static double
find_pitch(const struct run *run, double cap, double *phase, double *regular)
{
	double best = 0, pitch = MAX_PITCH * cap, at, found = 0;

	for (int step = 0; step < PITCH_STEPS; step++) {
		double r = regularity(run, pitch, &at);

		if (r > best * 1.08 ||
		    (r > best && found > 0 && pitch > found * 0.95)) {
			best = r;
			found = pitch;
			*phase = at;
		}
		pitch *= PITCH_RATIO;
	}
	*regular = best;
	return found;
}

/* x = p[0] + p[1] k + p[2] k^2 by least squares; p[2] only for long runs. */
static void
fit_cells(const struct run *run, const double *cells, double p[3])
{
	double s[5] = { 0 }, t[3] = { 0 }, d;

	for (size_t i = 0; i < run->n; i++) {
		double k = cells[i], power = 1;

		for (int j = 0; j < 5; j++, power *= k) {
			s[j] += power;
			if (j < 3)
				t[j] += power * run->at[i]->x;
		}
	}
	d = s[0] * (s[2] * s[4] - s[3] * s[3]) -
	    s[1] * (s[1] * s[4] - s[3] * s[2]) +
	    s[2] * (s[1] * s[3] - s[2] * s[2]);
	if (run->n >= 2 * MIN_SEEN && fabs(d) > 1) {
		p[0] = (t[0] * (s[2] * s[4] - s[3] * s[3]) -
			   s[1] * (t[1] * s[4] - t[2] * s[3]) +
			   s[2] * (t[1] * s[3] - t[2] * s[2])) /
		       d;
		p[1] = (s[0] * (t[1] * s[4] - t[2] * s[3]) -
			   t[0] * (s[1] * s[4] - s[3] * s[2]) +
			   s[2] * (s[1] * t[2] - s[2] * t[1])) /
		       d;
		p[2] = (s[0] * (s[2] * t[2] - s[3] * t[1]) -
			   s[1] * (s[1] * t[2] - s[2] * t[1]) +
			   t[0] * (s[1] * s[3] - s[2] * s[2])) /
		       d;
		return;
	}
	d = s[0] * s[2] - s[1] * s[1];
	if (d > 0) {
		p[1] = (s[0] * t[1] - s[1] * t[0]) / d;
		p[0] = (t[0] - p[1] * s[1]) / s[0];
	}
	p[2] = 0;
}

/* The line through a run, its cells counted from the first mark. */
static bool
fit_line(struct run *run, struct print_line *out)
{
	double a, b, pitch, phase = 0, p[3], cells[MAX_RUN];
	int last = 0;

	if (run->n < MIN_SEEN)
		return false;
	straighten(run, &a, &b);
	out->cap = cap_height(run);
	pitch = find_pitch(run, out->cap, &phase, &out->regular);
	if (pitch <= 0 || run->n < MIN_SEEN || out->regular < MIN_REGULAR)
		return false;
	p[0] = run->at[0]->x + phase;
	p[1] = pitch;
	p[2] = 0;
	for (int round = 0; round < 3; round++) {
		size_t kept = 0;
		struct print_line line = { .x0 = p[0],
			.dx = p[1],
			.bend = p[2] };

		for (size_t i = 0; i < run->n; i++) {
			double k = mrz_line_cell(&line, run->at[i]->x);

			if (!(fabs(k - nearest(k)) <= 0.33))
				continue;
			cells[kept] = nearest(k);
			run->at[kept++] = run->at[i];
		}
		run->n = kept;
		if (kept < MIN_SEEN)
			return false;
		fit_cells(run, cells, p);
		if (!(p[1] > 0.5 * pitch && p[1] < 2 * pitch))
			return false;
	}
	last = (int)cells[run->n - 1];
	if (last - (int)cells[0] + 1 < MIN_CELLS || last > MAX_SPAN)
		return false;
	p[0] += p[1] * cells[0] + p[2] * cells[0] * cells[0];
	out->x0 = p[0];
	out->dx = p[1] + 2 * p[2] * cells[0];
	out->bend = p[2];
	out->y0 = a + b * p[0];
	out->dy = b * out->dx;
	out->n_cells = last - (int)cells[0] + 1;
	out->n_seen = (unsigned)run->n;
	return out->dx > 0 && fabs(out->bend) * out->n_cells < 0.1 * out->dx;
}

/* Every mark that lies on a line, also beyond its ends: a run again. */
static void
gather(const struct marks *marks, const struct print_line *line,
    struct run *out)
{
	out->n = 0;
	for (size_t i = 0; i < marks->n && out->n < MAX_RUN; i++) {
		const struct mark *m = &marks->at[i];
		double k = mrz_line_cell(line, m->x);

		if (m->height > 1.4 * line->cap || m->height < 0.4 * line->cap)
			continue;
		if (k < -8 || k > line->n_cells + 8 ||
		    fabs(k - nearest(k)) > 0.3)
			continue;
		if (fabs(m->y - mrz_line_y(line, k)) < 0.3 * line->cap)
			out->at[out->n++] = m;
	}
}

static bool
known(const struct print_lines *lines, const struct print_line *line)
{
	double middle = line->n_cells / 2.0;
	double x = mrz_line_x(line, middle), y = mrz_line_y(line, middle);

	for (size_t i = 0; i < lines->n; i++) {
		const struct print_line *other = &lines->at[i];
		double k = mrz_line_cell(other, x);

		if (k > -1 && k < other->n_cells + 1 &&
		    fabs(mrz_line_y(other, k) - y) < 0.6 * line->cap)
			return true;
	}
	return false;
}

static void
add_run(const struct marks *marks, struct run *run, struct print_lines *out)
{
	struct print_line line;

	if (!fit_line(run, &line) || known(out, &line))
		return;
	for (int round = 0, cells; round < MAX_ROUNDS; round++) {
		cells = line.n_cells;
		gather(marks, &line, run);
		if (!fit_line(run, &line))
			return;
		if (line.n_cells <= cells)
			break;
	}
	if (!known(out, &line))
		out->at[out->n++] = line;
}

bool
mrz_print_lines_find(struct marks *marks, uint64_t end_ms,
    struct print_lines *out)
{
	bool *used;

	out->n = 0;
	if (marks->n == 0)
		return true;
	used = calloc(marks->n, sizeof(*used));
	if (used == NULL)
		return false;
	qsort(marks->at, marks->n, sizeof(marks->at[0]), by_x);
	for (size_t i = 0; i < marks->n && out->n < MAX_PRINT_LINES; i++) {
		struct run run = { 0 };

		if (used[i])
			continue;
		for (size_t j = i; j < marks->n && !used[j] && run.n < MAX_RUN;
		     j = follower(marks, j)) {
			used[j] = true;
			run.at[run.n++] = &marks->at[j];
		}
		if (run.n < MIN_SEEN)
			continue;
		if (mrz_ocr_left(end_ms) == 0)
			break;
		add_run(marks, &run, out);
	}
	free(used);
	return true;
}
