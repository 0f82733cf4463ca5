#include "vote.h"

#include <math.h>
#include <string.h>

#include "alphabet.h"
#include "doubts.h"
#include "grey.h"

/* What a place is worth at least: the net is never so sure. */
#define FLOOR 0.0005
/* For a character that was not read, but looks like the one that was. */
#define ALIKE 0.3
/* Cells with ink outside of the layout count against it. */
#define OUTSIDE -2.0
#define NOTHING -3.0

/*
 * What a reading has to give to a character that is to be sure: in a place of
 * digits, where a check digit shows any other digit; in any other place, where
 * either no check digit counts or letters are alike for it; and where the line
 * contradicts. On specimens spoilt in nineteen ways the nets gave up to 0.94 to
 * a wrong letter of a name with the line on their side, never more.
 */
#define CELL_DIGIT   0.75
#define CELL_LETTER  0.97
#define CELL_CERTAIN 0.998
/* For the twin of what was read (O 0, I 1) where the place allows only one. */
#define TWIN 0.98
/* What a filler is worth where a reading left it out of a run of them: enough,
 * if others saw it. */
#define LEFT_OUT     CELL_LETTER
#define ENOUGH_CELLS 3
#define LINE_AGREES  0.4

/* How much a reading weighs: the net of single cells reads better. */
static const double weights[N_READERS] = {
	[READ_GLYPHS] = 1,
	[READ_LINE] = 0.5,
};

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

/*
 * The probability that one reading gives to a character. What it read counts
 * as it is if the place allows it, and for the characters that look like it
 * when the place does not.
 */
static double
support(const struct cell *cell, enum mrz_format format, unsigned line,
    unsigned column, char c)
{
	double p = 0;

	for (unsigned i = 0; i < cell->n; i++) {
		const struct choice *choice = &cell->choices[i];

		if (choice->text == c)
			p += choice->p;
		else if (!mrz_place_allows(format, line, column,
			     choice->text) &&
			 strchr(mrz_look_alikes(choice->text), c) != NULL)
			p += choice->p *
			     (mrz_same_shape(choice->text, c) ? TWIN : ALIKE);
	}
	return p;
}

/* The best that a place of the layout can be worth in one reading. */
static double
worth(const struct cell *cell, enum mrz_format format, unsigned line,
    unsigned column)
{
	double best = 0;

	if (cell->n == 0)
		return NOTHING;
	for (const char *c = alphabet; *c != '\0'; c++) {
		double p;

		if (!mrz_place_allows(format, line, column, *c))
			continue;
		p = support(cell, format, line, column, *c);
		best = p > best ? p : best;
	}
	return log(best > FLOOR ? best : FLOOR);
}

static double
worth_of_line(const struct cells *cells, unsigned line, const struct fit *fit)
{
	unsigned len = mrz_format_line_len(fit->format);
	double sum = 0;

	for (unsigned i = 0; i < cells->n; i++) {
		if (i >= fit->first && i < fit->first + len)
			sum += worth(&cells->at[i], fit->format, line,
			    i - fit->first);
		else if (cells->at[i].n > 0)
			sum += OUTSIDE;
	}
	return sum;
}

struct fit
mrz_vote_fit(const struct ballot *ballot)
{
	struct fit best = { MRZ_UNKNOWN, 0, -HUGE_VAL };

	/* The layouts of Doc 9303: alphabet.c knows no other. */
	for (int format = MRZ_UNKNOWN + 1; format <= MRZ_MRVB; format++) {
		struct fit fit = { (enum mrz_format)format, 0, 0 };
		unsigned len = mrz_format_line_len(fit.format);
		unsigned places = len * ballot->n_lines;

		if (mrz_format_lines(fit.format) != ballot->n_lines)
			continue;
		for (; fit.first + len <= ballot->votes[0][0].n; fit.first++) {
			fit.score = 0;
			for (unsigned r = 0; r < ballot->n_readings; r++)
				for (unsigned i = 0; i < ballot->n_lines; i++)
					fit.score += worth_of_line(
					    &ballot->votes[r][i], i, &fit);
			fit.score /= (double)places * ballot->n_readings;
			if (fit.score > best.score)
				best = fit;
		}
	}
	return best;
}

/* Between two fillers that every reading saw, a filler that one reading left
 * out is a filler. */
static bool
filler_run(const struct cells *cells, unsigned at)
{
	return at > 0 && at + 1 < cells->n && cells->at[at - 1].n > 0 &&
	       cells->at[at + 1].n > 0 &&
	       cells->at[at - 1].choices[0].text == '<' &&
	       cells->at[at + 1].choices[0].text == '<';
}

/* What one reading gives to a character at a place of the layout. */
static double
opinion(const struct ballot *ballot, unsigned r, const struct fit *fit,
    unsigned line, unsigned column, char c)
{
	const struct cells *cells = &ballot->votes[r][line];
	const struct cell *cell = &cells->at[fit->first + column];

	if (cell->n == 0)
		return c == '<' && filler_run(cells, fit->first + column)
			   ? LEFT_OUT
			   : 0;
	return support(cell, fit->format, line, column, c);
}

/*
 * A character is sure when every reading of its cell believes in it, one at
 * least saw it, and the reading of the whole line does not contradict; or when
 * three readings of the cell have next to no doubt, whatever the line was taken
 * for.
 */
static bool
is_sure(const struct ballot *ballot, const struct fit *fit, unsigned line,
    unsigned column, char c)
{
	double enough = mrz_place_is_digit(fit->format, line, column)
			    ? CELL_DIGIT
			    : CELL_LETTER;
	unsigned cells = 0, certain = 0, lines = 0, seen = 0;

	for (unsigned r = 0; r < ballot->n_readings; r++) {
		double p = opinion(ballot, r, fit, line, column, c);

		if (ballot->readers[r] == READ_LINE) {
			lines += p >= LINE_AGREES;
		} else {
			const struct cells *at = &ballot->votes[r][line];

			if (p < enough)
				return false;
			cells++;
			seen += at->at[fit->first + column].n > 0;
			certain += p >= CELL_CERTAIN;
		}
	}
	return seen >= 1 &&
	       (lines >= 1 || (certain == cells && cells >= ENOUGH_CELLS));
}

/* One place: the product of what the readings say, weighted, normalised. */
static void
elect(const struct ballot *ballot, const struct fit *fit, unsigned line,
    unsigned column, struct place_vote *out)
{
	double sum = 0;

	memset(out, 0, sizeof(*out));
	for (const char *c = alphabet; *c != '\0'; c++) {
		double logs = 0, all = 0, p;

		if (!mrz_place_allows(fit->format, line, column, *c))
			continue;
		for (unsigned r = 0; r < ballot->n_readings; r++) {
			double weight = weights[ballot->readers[r]];

			p = opinion(ballot, r, fit, line, column, *c);
			logs += weight * log(p > FLOOR ? p : FLOOR);
			all += weight;
		}
		p = exp(logs / all);
		mrz_place_vote_add(out, *c, p);
		sum += p;
	}
	for (unsigned i = 0; i < out->n; i++)
		out->choices[i].p /= sum;
	out->sure = is_sure(ballot, fit, line, column, out->choices[0].text);
}

void
mrz_vote(const struct ballot *ballot, const struct fit *fit, int32_t today,
    struct mrz_reading *out)
{
	struct zone_vote zone = { .format = fit->format };
	unsigned len = mrz_format_line_len(fit->format);

	for (unsigned i = 0; i < ballot->n_lines; i++)
		for (unsigned k = 0; k < len; k++)
			elect(ballot, fit, i, k, &zone.at[i][k]);
	mrz_doubts_settle(&zone, today, out);
	mrz_ocr_wipe(&zone, sizeof(zone));
}
