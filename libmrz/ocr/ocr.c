#include <mrz/ocr.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "glyph.h"
#include "locate.h"
#include "model.h"
#include "print_line.h"
#include "recognise.h"
#include "rectify.h"
#include "vote.h"

/* The longer side of the picture as it is searched: first a size at which a
 * zone as wide as the picture shows its characters best, then larger, for
 * zones that are a small part of it, or smaller for the rest. */
static const unsigned search_sides[] = { 1600, 2600, 1000 };

/*
 * The readings of a zone: by which recogniser, from which grey, how cut. The
 * first four are always made, the last while they leave doubt.
 */
static const struct {
	enum reader reader;
	unsigned net; /* of the nets for cells */
	enum grey_kind grey;
	struct style style;
} plan[] = {
	{ READ_GLYPHS, 0, GREY_BRIGHTEST, { LINE_PITCH, LINE_CAP, 0, 0, 1 } },
	{ READ_LINE, 0, GREY_BRIGHTEST, { LINE_PITCH, LINE_CAP, 0, 0, 1 } },
	{ READ_GLYPHS, 1, GREY_LUMA, { 24, 23, 0.5, 0.1, 0.9 } },
	{ READ_GLYPHS, 1, GREY_BRIGHTEST, { 26, 22.5, -0.5, 0, 0.9 } },
	{ READ_GLYPHS, 0, GREY_LUMA, { 24, 25, 0, 0.05, 1 } },
};
#define N_READINGS (sizeof(plan) / sizeof(plan[0]))
#define FIRST_VOTE 4
_Static_assert(N_READINGS <= MAX_READINGS, "no room for all readings");

/* Readings that fit no better than this are not of an MRZ: poor captures of
 * zones reach -0.3, other print stays below -2. */
#define WORST_FIT -1.0
/* This good, and it needs no look at the zone upside down. */
#define GOOD_FIT -0.35

struct mrz_ocr {
	struct recogniser *recogniser;
	struct glyph_net nets[GLYPH_NETS];
	struct line_image image;
	struct recognised symbols;
};

/* One call of mrz_ocr_read. */
struct job {
	struct mrz_ocr *ocr;
	const struct mrz_picture *picture;
	int32_t today;
	uint64_t end_ms;           /* 0: no deadline */
	struct pyramid pyramid[2]; /* by enum grey_kind; made when needed */
	struct print_zone zone;
	struct ballot ballot;
	struct mrz_reading *out;
	size_t cap, n;
};

/* How far along the print a line begins: the lines of a zone that lies askew
 * begin one below the other across the print, not down the picture. */
static double
line_start(const struct print_zone *zone, unsigned i)
{
	double slope = zone->lines[0].dy / zone->lines[0].dx;

	return zone->lines[i].x0 + slope * zone->lines[i].y0;
}

/* The cell of a line that stands over the first cell of the ballot: BESIDE
 * cells before the leftmost one that any line shows. */
static int
first_cell(const struct print_zone *zone, unsigned i)
{
	double slope = zone->lines[0].dy / zone->lines[0].dx;
	double own = line_start(zone, i), least = own;

	for (unsigned k = 0; k < zone->n_lines; k++)
		if (line_start(zone, k) < least)
			least = line_start(zone, k);
	return (int)floor(
		   (least - own) / (zone->lines[i].dx * (1 + slope * slope)) +
		   0.5) -
	       BESIDE;
}

static const struct pyramid *
pyramid_of(struct job *job, enum grey_kind kind)
{
	struct pyramid *pyramid = &job->pyramid[kind];

	if (pyramid->n == 0 &&
	    !mrz_pyramid_build(job->picture, kind, pyramid)) {
		mrz_pyramid_free(pyramid);
		return NULL;
	}
	return pyramid;
}

static void
read_line(struct job *job, unsigned r, uint32_t left, struct cells *out)
{
	struct mrz_ocr *ocr = job->ocr;

	if (plan[r].reader == READ_GLYPHS) {
		mrz_glyph_read(&ocr->nets[plan[r].net], &ocr->image,
		    &plan[r].style, MAX_CELLS, out);
		return;
	}
	mrz_recognise(ocr->recogniser, &ocr->image, job->end_ms == 0 ? 0 : left,
	    &ocr->symbols);
	mrz_cells_sort(&ocr->symbols, plan[r].style.pitch, MAX_CELLS, out);
}

/* One more reading of the zone. */
static bool
read_zone(struct job *job)
{
	struct ballot *ballot = &job->ballot;
	unsigned r = ballot->n_readings;
	bool colours = job->picture->channels == 3;
	const struct pyramid *pyramid = pyramid_of(job,
	    colours ? plan[r].grey : GREY_LUMA);

	if (pyramid == NULL)
		return false;
	for (unsigned i = 0; i < job->zone.n_lines; i++) {
		const struct print_line *line = &job->zone.lines[i];
		uint32_t left = mrz_ocr_left(job->end_ms);

		if (left == 0)
			return false;
		mrz_rectify(pyramid, job->zone.rotation, line,
		    first_cell(&job->zone, i), MAX_CELLS, &plan[r].style,
		    &job->ocr->image);
		read_line(job, r, left, &ballot->votes[r][i]);
	}
	ballot->readers[r] = plan[r].reader;
	ballot->n_readings++;
	return true;
}

static struct fit
first_reading(struct job *job)
{
	struct fit none = { MRZ_UNKNOWN, 0, -HUGE_VAL };

	memset(&job->ballot, 0, sizeof(job->ballot));
	job->ballot.n_lines = job->zone.n_lines;
	if (!read_zone(job))
		return none;
	return mrz_vote_fit(&job->ballot);
}

/* The box around the cells of the layout, in the picture as given. */
static void
write_place(const struct job *job, const struct fit *fit,
    struct mrz_reading *out)
{
	const struct print_zone *zone = &job->zone;
	double low[2] = { HUGE_VAL, HUGE_VAL }, high[2] = { 0, 0 };
	double size[2] = { job->picture->width, job->picture->height };
	int len = (int)mrz_format_line_len(fit->format);

	for (unsigned i = 0; i < 4 * zone->n_lines; i++) {
		const struct print_line *line = &zone->lines[i / 4];
		int from = first_cell(zone, i / 4) + (int)fit->first;
		double cell = i % 2 ? from + len - 0.5 : from - 0.5;
		double at[2] = { mrz_line_x(line, cell),
			mrz_line_y(line, cell) +
			    line->cap * (i % 4 < 2 ? -0.6 : 0.6) };

		mrz_frame_to_picture(zone->rotation, size[0], size[1], &at[0],
		    &at[1]);
		for (unsigned j = 0; j < 2; j++) {
			at[j] = at[j] < 0         ? 0
				: at[j] > size[j] ? size[j]
						  : at[j];
			low[j] = at[j] < low[j] ? at[j] : low[j];
			high[j] = at[j] > high[j] ? at[j] : high[j];
		}
	}
	out->box.x = (int32_t)low[0];
	out->box.y = (int32_t)low[1];
	out->box.width = (int32_t)ceil(high[0]) - out->box.x;
	out->box.height = (int32_t)ceil(high[1]) - out->box.y;
	out->rotation = zone->rotation;
	out->skew_mdeg = (int32_t)lround(
	    atan2(zone->lines[0].dy, zone->lines[0].dx) * 180000 / 3.14159265);
}

/* The zone is turned as it reads better, and read again until no doubt is
 * left or every style has been tried. */
static bool
vote_on_zone(struct job *job, struct mrz_reading *out)
{
	struct print_zone upright = job->zone;
	bool turned = job->zone.rotation % 180 != 0;
	double width = turned ? job->picture->height : job->picture->width;
	double height = turned ? job->picture->width : job->picture->height;
	struct fit fit = first_reading(job);

	if (fit.score < GOOD_FIT) {
		struct ballot first = job->ballot;
		struct fit other;

		mrz_zone_flip(&job->zone, width, height);
		other = first_reading(job);
		if (other.score > fit.score) {
			fit = other;
		} else {
			job->zone = upright;
			job->ballot = first;
		}
		mrz_ocr_wipe(&first, sizeof(first));
	}
	if (fit.format == MRZ_UNKNOWN || fit.score < WORST_FIT)
		return false;
	while (job->ballot.n_readings < N_READINGS) {
		if (!read_zone(job))
			break;
		if (job->ballot.n_readings < FIRST_VOTE)
			continue;
		fit = mrz_vote_fit(&job->ballot);
		mrz_vote(&job->ballot, &fit, job->today, out);
		if (out->doc.status == MRZ_ACCEPTED)
			break;
	}
	fit = mrz_vote_fit(&job->ballot);
	mrz_vote(&job->ballot, &fit, job->today, out);
	write_place(job, &fit, out);
	return true;
}

/* Lines that a reading already has are not read again as another zone. */
static bool
overlaps(const struct job *job, const struct print_zone *zone)
{
	double width = job->picture->width, height = job->picture->height;

	for (unsigned i = 0; i < zone->n_lines; i++) {
		const struct print_line *line = &zone->lines[i];
		double x = mrz_line_x(line, line->n_cells / 2.0);
		double y = mrz_line_y(line, line->n_cells / 2.0);

		mrz_frame_to_picture(zone->rotation, width, height, &x, &y);
		for (size_t k = 0; k < job->n; k++) {
			const struct mrz_box *box = &job->out[k].box;

			if (x >= box->x && x <= box->x + box->width &&
			    y >= box->y && y <= box->y + box->height)
				return true;
		}
	}
	return false;
}

static bool
read_picture(struct job *job)
{
	const struct pyramid *pyramid = pyramid_of(job, GREY_LUMA);

	if (pyramid == NULL)
		return false;
	for (size_t i = 0; i < sizeof(search_sides) / sizeof(search_sides[0]);
	     i++) {
		struct print_zone zones[MAX_ZONES];
		size_t n;

		if (job->n > 0 || mrz_ocr_left(job->end_ms) == 0)
			break;
		if (!mrz_locate(pyramid, search_sides[i], job->end_ms, zones,
			&n))
			return false;
		for (size_t k = 0; k < n && job->n < job->cap; k++) {
			struct mrz_reading *out = &job->out[job->n];

			if (overlaps(job, &zones[k]))
				continue;
			memset(out, 0, sizeof(*out));
			out->size = sizeof(*out);
			job->zone = zones[k];
			job->n += vote_on_zone(job, out);
		}
	}
	return true;
}

static enum mrz_error
check_arguments(const struct mrz_picture *picture,
    const struct mrz_ocr_options *options, size_t cap)
{
	if (picture->size != sizeof(*picture) || picture->pixels == NULL ||
	    (picture->channels != 1 && picture->channels != 3) || cap == 0 ||
	    (options != NULL && options->size != sizeof(*options)))
		return MRZ_E_ARG;
	if (picture->stride / picture->channels < picture->width)
		return MRZ_E_ARG;
	if ((uint64_t)picture->width * picture->height > MRZ_OCR_MAX_PIXELS)
		return MRZ_E_TOO_LARGE;
	if (picture->width < MRZ_OCR_MIN_SIDE ||
	    picture->height < MRZ_OCR_MIN_SIDE ||
	    (picture->width < MRZ_OCR_MIN_WIDTH &&
		picture->height < MRZ_OCR_MIN_WIDTH))
		return MRZ_E_EMPTY;
	return MRZ_OK;
}

static enum mrz_error
load_models(struct mrz_ocr *ocr)
{
	size_t len = (size_t)(mrz_ocr_glyphs_end - mrz_ocr_glyphs);

	if (!mrz_glyph_load(mrz_ocr_glyphs, len, ocr->nets))
		return MRZ_E_INTERNAL;
	return mrz_recogniser_new(&ocr->recogniser);
}

enum mrz_error
mrz_ocr_new(struct mrz_ocr **out)
{
	struct mrz_ocr *new = calloc(1, sizeof(*new));
	enum mrz_error error = MRZ_E_NO_MEMORY;

	*out = NULL;
	if (new != NULL)
		error = load_models(new);
	if (error != MRZ_OK) {
		free(new);
		return error;
	}
	*out = new;
	return MRZ_OK;
}

void
mrz_ocr_free(struct mrz_ocr **ocr)
{
	if (ocr == NULL || *ocr == NULL)
		return;
	mrz_recogniser_free(&(*ocr)->recogniser);
	mrz_ocr_wipe(*ocr, sizeof(**ocr));
	free(*ocr);
	*ocr = NULL;
}

enum mrz_error
mrz_ocr_read(struct mrz_ocr *ocr, const struct mrz_picture *picture,
    const struct mrz_ocr_options *options, struct mrz_reading *out, size_t cap,
    size_t *n_out)
{
	enum mrz_error error = check_arguments(picture, options, cap);
	struct job job = { .ocr = ocr, .picture = picture, .out = out };
	bool done;

	*n_out = 0;
	if (error != MRZ_OK)
		return error;
	job.cap = cap < MRZ_OCR_MAX_ZONES ? cap : MRZ_OCR_MAX_ZONES;
	job.today = options != NULL ? options->today : MRZ_NO_DAY;
	if (options != NULL && options->deadline_ms > 0)
		job.end_ms = mrz_ocr_now() + options->deadline_ms;
	done = read_picture(&job);
	for (size_t i = 0; i < 2; i++)
		mrz_pyramid_free(&job.pyramid[i]);
	mrz_ocr_wipe(&ocr->image, sizeof(ocr->image));
	mrz_ocr_wipe(&ocr->symbols, sizeof(ocr->symbols));
	*n_out = job.n;
	mrz_ocr_wipe(&job, sizeof(job));
	if (!done && *n_out == 0)
		return MRZ_E_NO_MEMORY;
	return *n_out > 0 ? MRZ_OK : MRZ_E_EMPTY;
}
