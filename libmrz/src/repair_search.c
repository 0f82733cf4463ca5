/*
 * The search for repairs: every change of one place and of two to a look-alike
 * character, with the parser as the judge.
 *
 * One change is tried by parsing. Two would be some hundred thousand parses,
 * so what cannot verify is left out first:
 *   - a character of the wrong class must change, so with more than two of
 *     them there is no search, and with one or two they are among the changes;
 *   - else two changes add up: each moves the sums under the check digits by
 *     what it moved them alone, and only pairs whose sums come out right are
 *     parsed;
 *   - a change that gives the zone another layout or moves a check digit (long
 *     document numbers), or that lets another illegal character be seen (the
 *     parser names the first alone), is put in place first, and the second one
 *     is tried on top of it.
 */
#include "repair_search.h"

#include "charset.h"
#include "check_digit.h"
#include "mem.h"

/* ---- Parsing --------------------------------------------------------- */

static bool
try_zone(struct search *s, const struct zone_text *zone)
{
	if (s->work >= SEARCH_WORK)
		return false;
	s->work++;
	return mrz_zone_parse(zone, s->options, &s->probe);
}

/* Whether a place of the wrong class may hold c: it is then not named any
 * more, and the layout is the same. */
static bool
may_hold(struct search *s, struct zone_text *zone, size_t at, char c,
    enum mrz_format format)
{
	char was = zone->at[at];

	zone->at[at] = c;
	(void)try_zone(s, zone);
	if (s->probe.format == format && mrz_wrong_class(zone, &s->probe) != at)
		return true;
	zone->at[at] = was;
	return false;
}

static bool
fill_place(struct search *s, struct zone_text *zone, size_t at,
    enum mrz_format format)
{
	static const char usual[] = "A0<M";
	const struct alternatives *other = &s->alternatives[at];

	for (size_t i = 0; i + 1 < sizeof(usual); i++)
		if (may_hold(s, zone, at, usual[i], format))
			return true;
	for (size_t i = 0; i < other->n; i++)
		if (may_hold(s, zone, at, other->at[i].c, format))
			return true;
	return false;
}

/* Every place of the wrong class, up to max of them; max + 1 if there are
 * more, or one that nothing fits. */
static void
find_wrong(struct search *s, const struct zone_text *zone, size_t max,
    struct wrong *out)
{
	enum mrz_format format;
	size_t at;

	memset(out, 0, sizeof(*out));
	out->filled = *zone;
	(void)try_zone(s, zone);
	format = s->probe.format;
	for (;;) {
		(void)try_zone(s, &out->filled);
		at = mrz_wrong_class(&out->filled, &s->probe);
		if (at == NO_PLACE)
			return;
		if (out->n == max || !fill_place(s, &out->filled, at, format)) {
			out->n = max + 1;
			return;
		}
		out->at[out->n++] = (uint8_t)at;
	}
}

/* ---- Candidates ------------------------------------------------------ */

static bool
is_same(const struct mrz_candidate *a, const struct mrz_candidate *b)
{
	if (a->n_changes != b->n_changes)
		return false;
	for (size_t i = 0; i < a->n_changes; i++)
		if (a->changes[i].line != b->changes[i].line ||
		    a->changes[i].column != b->changes[i].column ||
		    a->changes[i].to != b->changes[i].to)
			return false;
	return true;
}

/* The cheapest first, of equal ones the first; the dearest falls off. */
static void
list(struct mrz_repair *out, const struct mrz_candidate *candidate)
{
	size_t at = out->n_candidates;

	for (size_t i = 0; i < out->n_candidates; i++)
		if (is_same(&out->candidates[i], candidate))
			return;
	out->n_found++;
	while (at > 0 && out->candidates[at - 1].cost > candidate->cost)
		at--;
	if (at == MRZ_MAX_REPAIRS)
		return;
	if (out->n_candidates < MRZ_MAX_REPAIRS)
		out->n_candidates++;
	memmove(&out->candidates[at + 1], &out->candidates[at],
	    (out->n_candidates - 1 - at) * sizeof(out->candidates[0]));
	out->candidates[at] = *candidate;
}

/* The first choice of its place, and not much less probable than what was
 * read. */
static bool
is_favoured(const struct alternatives *alternatives, struct look_alike to)
{
	if (!alternatives->weighted || to.cost > MRZ_REPAIR_FAVOUR)
		return false;
	for (size_t i = 0; i < alternatives->n; i++)
		if (alternatives->at[i].c != to.c &&
		    alternatives->at[i].cost <= to.cost)
			return false;
	return true;
}

/* Places in reading order. */
static void
add_change(const struct search *s, struct mrz_candidate *candidate, size_t at,
    struct look_alike to)
{
	struct mrz_place place = mrz_zone_place(&s->zone, at);
	struct mrz_change change = {
		.line = (uint8_t)place.line,
		.column = (uint8_t)place.column,
		.from = s->zone.at[at],
		.to = to.c,
		.cost = to.cost,
		.field = MRZ_NO_FIELD,
		.favoured = is_favoured(&s->alternatives[at], to),
	};
	size_t i = candidate->n_changes++;

	while (i > 0 &&
	       (candidate->changes[i - 1].line > change.line ||
		   (candidate->changes[i - 1].line == change.line &&
		       candidate->changes[i - 1].column > change.column))) {
		candidate->changes[i] = candidate->changes[i - 1];
		i--;
	}
	candidate->changes[i] = change;
	candidate->cost += to.cost;
}

static void
found_one(struct search *s, size_t at, size_t alternative)
{
	struct mrz_candidate candidate = { 0 };

	add_change(s, &candidate, at, s->alternatives[at].at[alternative]);
	list(s->out, &candidate);
}

static void
found_two(struct search *s, size_t at, size_t alternative, size_t at2,
    size_t alternative2)
{
	struct mrz_candidate candidate = { 0 };

	add_change(s, &candidate, at, s->alternatives[at].at[alternative]);
	add_change(s, &candidate, at2, s->alternatives[at2].at[alternative2]);
	list(s->out, &candidate);
}

/* ---- One change ------------------------------------------------------ */

/* Whether a change did anything to what proves something. */
static bool
has_effect(const struct mrz_doc *a, const struct mrz_doc *b)
{
	for (size_t i = 0; i < a->n_checks; i++) {
		const struct mrz_check *x = &a->checks[i], *y = &b->checks[i];

		if (mrz_check_is_finding(x->id))
			continue;
		if (x->verdict != y->verdict || x->reason != y->reason ||
		    x->printed != y->printed || x->computed != y->computed ||
		    x->place.line != y->place.line ||
		    x->place.column != y->place.column)
			return true;
	}
	return false;
}

/* Whether a character is illegal of which a did not say so: behind the first
 * one that was, or because of the change (a name may become empty). */
static bool
unveils(const struct mrz_doc *a, const struct mrz_doc *b)
{
	const struct mrz_check *x = mrz_doc_check(a, MRZ_C_CHARACTERS);
	const struct mrz_check *y = mrz_doc_check(b, MRZ_C_CHARACTERS);

	if (x == NULL || y == NULL || y->verdict != MRZ_FAILED)
		return false;
	return x->verdict != MRZ_FAILED || x->place.line < y->place.line ||
	       (x->place.line == y->place.line &&
		   x->place.column < y->place.column);
}

static void
add_effect(struct search *s, size_t at, size_t alternative, bool goes_first)
{
	struct effect *effect = &s->effects[s->n_effects++];

	effect->at = (uint8_t)at;
	effect->alternative = (uint8_t)alternative;
	effect->unveils = !goes_first && unveils(&s->base, &s->probe);
	effect->goes_first = goes_first || effect->unveils;
	for (size_t i = 0; i < s->n_rows; i++) {
		effect->printed[i] = s->probe.checks[s->rows[i]].printed;
		effect->computed[i] = s->probe.checks[s->rows[i]].computed;
	}
}

/* After the parse of a change that is not enough alone. */
static void
judge_single(struct search *s, const struct zone_text *zone, size_t at,
    size_t alternative)
{
	bool moves = !mrz_same_shape(&s->base, &s->probe);

	if (moves && s->probe.format != s->base.format) {
		if (s->probe.format != MRZ_UNKNOWN)
			add_effect(s, at, alternative, true);
		return;
	}
	if (mrz_wrong_class(zone, &s->probe) == at)
		return;
	/* Where something must change, only that is worth going on from. */
	if (s->wrong.n > 0) {
		if (s->wrong.n <= MRZ_REPAIR_BOUND && at == s->wrong.at[0])
			add_effect(s, at, alternative, true);
		return;
	}
	if (moves || has_effect(&s->base, &s->probe))
		add_effect(s, at, alternative, moves);
}

static void
try_singles(struct search *s)
{
	struct zone_text zone = s->zone;

	for (size_t at = 0; at < zone.len; at++) {
		for (size_t i = 0; i < s->alternatives[at].n; i++) {
			zone.at[at] = s->alternatives[at].at[i].c;
			if (try_zone(s, &zone)) {
				s->alone[at][i] = true;
				found_one(s, at, i);
			} else {
				judge_single(s, &zone, at, i);
			}
		}
		zone.at[at] = s->zone.at[at];
	}
}

/* ---- Two changes ----------------------------------------------------- */

/* A second change at one place, after a first one that is in zone. */
static void
try_second(struct search *s, const struct effect *first, struct zone_text *zone,
    size_t at)
{
	if (at == first->at)
		return;
	for (size_t i = 0; i < s->alternatives[at].n; i++) {
		if (s->alone[at][i])
			continue;
		zone->at[at] = s->alternatives[at].at[i].c;
		if (try_zone(s, zone))
			found_two(s, first->at, first->alternative, at, i);
	}
	zone->at[at] = s->zone.at[at];
}

/* Where the last parse found an illegal character: it, or the one before it,
 * if fillers alone may follow that. */
static void
try_at_characters(struct search *s, const struct effect *first,
    struct zone_text *zone)
{
	struct mrz_place place =
	    mrz_doc_check(&s->probe, MRZ_C_CHARACTERS)->place;
	uint32_t end = place.column + place.length;

	if (place.column > 1)
		place.column--;
	for (; place.column < end; place.column++)
		try_second(s, first, zone, mrz_zone_offset(zone, place));
}

/* Every second change after one that moves things, or that had to be. */
static void
try_on_top(struct search *s, const struct effect *first)
{
	struct zone_text zone = s->zone;
	bool other_layout;
	struct wrong wrong;

	zone.at[first->at] =
	    s->alternatives[first->at].at[first->alternative].c;
	(void)try_zone(s, &zone);
	other_layout = s->probe.format != s->base.format;
	find_wrong(s, &zone, 1, &wrong);
	if (wrong.n > 1)
		return;
	if (wrong.n == 1) {
		try_second(s, first, &zone, wrong.at[0]);
		return;
	}
	if (other_layout || s->wrong.n > 0) {
		for (size_t at = 0; at < zone.len; at++)
			try_second(s, first, &zone, at);
		return;
	}
	if (first->unveils)
		try_at_characters(s, first, &zone);
	for (size_t i = 0; i < s->n_effects; i++)
		if (i == 0 || s->effects[i].at != s->effects[i - 1].at)
			try_second(s, first, &zone, s->effects[i].at);
}

/* Whether two changes together can give each digit the sum that it needs. A
 * filler in its place and the two rules for long numbers are left to the
 * parser. */
static bool
may_verify(const struct search *s, const struct effect *a,
    const struct effect *b)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct mrz_check *row = &s->base.checks[s->rows[i]];
		char printed = a->printed[i] != row->printed ? a->printed[i]
							     : b->printed[i];
		int sum = a->computed[i] + b->computed[i] - row->computed -
			  '0' + N_SUMS;

		if (mrz_is_digit(printed) && sum % N_SUMS != printed - '0')
			return false;
	}
	return true;
}

static void
try_pairs(struct search *s)
{
	struct zone_text zone = s->zone;

	for (size_t i = 0; i < s->n_effects; i++) {
		const struct effect *a = &s->effects[i];

		if (a->goes_first)
			continue;
		zone.at[a->at] = s->alternatives[a->at].at[a->alternative].c;
		for (size_t j = i + 1; j < s->n_effects; j++) {
			const struct effect *b = &s->effects[j];

			if (b->goes_first || b->at == a->at ||
			    !may_verify(s, a, b))
				continue;
			zone.at[b->at] =
			    s->alternatives[b->at].at[b->alternative].c;
			if (try_zone(s, &zone))
				found_two(s, a->at, a->alternative, b->at,
				    b->alternative);
			zone.at[b->at] = s->zone.at[b->at];
		}
		zone.at[a->at] = s->zone.at[a->at];
	}
}

/* ---- Beyond the bound ------------------------------------------------ */

/* The closest look-alike that may stand there, while legal characters stand
 * at the other places. False when there is none, or two are as close. */
static bool
closest(struct search *s, const struct wrong *wrong, size_t at,
    struct look_alike *out)
{
	struct zone_text zone = wrong->filled;
	size_t n = 0;

	for (size_t i = 0; i < s->alternatives[at].n; i++) {
		struct look_alike like = s->alternatives[at].at[i];

		zone.at[at] = like.c;
		(void)try_zone(s, &zone);
		if (mrz_wrong_class(&zone, &s->probe) != NO_PLACE)
			continue;
		if (n > 0 && like.cost > out->cost)
			break;
		if (n == 0)
			*out = like;
		n++;
	}
	return n == 1;
}

/* Exchange whatever may not stand where it stands; first is a change that
 * makes it another layout, or NULL. */
static void
try_all_wrong(struct search *s, const struct effect *first)
{
	struct mrz_candidate candidate = { 0 };
	struct zone_text zone = s->zone;
	struct wrong wrong;

	if (first != NULL) {
		struct look_alike like =
		    s->alternatives[first->at].at[first->alternative];

		zone.at[first->at] = like.c;
		add_change(s, &candidate, first->at, like);
	}
	find_wrong(s, &zone, MRZ_MAX_CHANGES - 1, &wrong);
	if (wrong.n > MRZ_MAX_CHANGES - 1)
		return;
	for (size_t i = 0; i < wrong.n; i++) {
		struct look_alike like;

		if (!closest(s, &wrong, wrong.at[i], &like))
			return;
		zone.at[wrong.at[i]] = like.c;
		add_change(s, &candidate, wrong.at[i], like);
	}
	if (try_zone(s, &zone))
		list(s->out, &candidate);
}

/* ---- The search ------------------------------------------------------ */

static bool
is_beside_number(const struct mrz_doc *doc, const struct mrz_check *row)
{
	struct mrz_place number = doc->fields[MRZ_F_DOCUMENT_NUMBER].place;

	return row->place.line == number.line &&
	       row->place.column == number.column + number.length;
}

static void
find_rows(struct search *s)
{
	for (size_t i = 0; i < s->base.n_checks && i < MRZ_MAX_CHECKS; i++) {
		const struct mrz_check *row = &s->base.checks[i];

		if (!mrz_is_digit_row(row) || s->n_rows == MAX_ROWS)
			continue;
		/* Two rules hold for the digit of a long number. */
		if (row->id == MRZ_C_NUMBER && !is_beside_number(&s->base, row))
			continue;
		s->rows[s->n_rows++] = (uint8_t)i;
	}
}

void
mrz_repair_search(struct search *s)
{
	find_wrong(s, &s->zone, MRZ_MAX_CHANGES, &s->wrong);
	find_rows(s);
	try_singles(s);
	for (size_t i = 0; i < s->n_effects; i++)
		if (s->effects[i].goes_first)
			try_on_top(s, &s->effects[i]);
	if (s->wrong.n == 0)
		try_pairs(s);
	if (s->out->n_found > 0)
		return;
	if (s->wrong.n > MRZ_REPAIR_BOUND)
		try_all_wrong(s, NULL);
	for (size_t i = 0; i < s->n_effects; i++)
		if (s->effects[i].goes_first && !s->effects[i].unveils)
			try_all_wrong(s, &s->effects[i]);
}

bool
mrz_repair_search_ended_early(const struct search *s)
{
	return s->work >= SEARCH_WORK;
}
