/*
 * Repair: what may stand at each place, the search, and what it is worth.
 */
#include "charset.h"
#include "mem.h"
#include "repair_search.h"

/* ---- Alternatives ---------------------------------------------------- */

static void
from_table(struct search *s)
{
	for (size_t at = 0; at < s->zone.len; at++)
		if (s->zone.at[at] != '\n')
			s->alternatives[at].n = (uint8_t)mrz_look_alikes(
			    s->zone.at[at], s->alternatives[at].at);
}

static void
from_weight(struct search *s, const struct mrz_doubt *weight, size_t at)
{
	struct alternatives *out = &s->alternatives[at];

	memset(out, 0, sizeof(*out));
	out->weighted = true;
	for (size_t i = 0; i < weight->n && i < MRZ_MAX_ALTERNATIVES; i++) {
		char c = weight->text[i];
		int16_t cost = weight->cost[i] > 0 ? weight->cost[i] : 0;

		if (c != s->zone.at[at] && mrz_char_value(c) >= 0)
			out->n = (uint8_t)mrz_look_alike_add(out->at, out->n, c,
			    cost);
	}
}

static void
from_weights(struct search *s, const struct mrz_doubt *weights, size_t n)
{
	bool seen[ZONE_CAP] = { false };

	for (size_t i = 0; i < n && i < MRZ_MAX_DOUBTS; i++) {
		struct mrz_place place = { weights[i].line, weights[i].column,
			1 };
		size_t at = mrz_zone_offset(&s->zone, place);

		if (at == NO_PLACE || seen[at])
			continue;
		seen[at] = true;
		from_weight(s, &weights[i], at);
	}
}

/* ---- Telling --------------------------------------------------------- */

static void
apply(const struct search *s, const struct mrz_candidate *candidate,
    struct zone_text *zone)
{
	*zone = s->zone;
	for (size_t i = 0; i < candidate->n_changes; i++) {
		const struct mrz_change *change = &candidate->changes[i];
		struct mrz_place place = { change->line, change->column, 1 };

		zone->at[mrz_zone_offset(zone, place)] = change->to;
	}
}

/* Fields, and whether each character could not stand where it was read, the
 * others repaired. */
static void
describe(const struct search *s, struct mrz_candidate *candidate)
{
	struct mrz_doc doc, probe;
	struct zone_text zone;

	apply(s, candidate, &zone);
	(void)mrz_zone_parse(&zone, s->options, &doc);
	for (size_t i = 0; i < candidate->n_changes; i++) {
		struct mrz_change *change = &candidate->changes[i];
		struct mrz_place place = { change->line, change->column, 1 };
		size_t at = mrz_zone_offset(&zone, place);

		zone.at[at] = change->from;
		(void)mrz_zone_parse(&zone, s->options, &probe);
		change->wrong_class = mrz_wrong_class(&zone, &probe) == at;
		change->field = mrz_zone_field(&doc, place);
		zone.at[at] = change->to;
	}
}

/* ---- The verdict ------------------------------------------------------ */

static void
judge(struct search *s)
{
	struct mrz_repair *out = s->out;
	bool early = mrz_repair_search_ended_early(s);
	struct zone_text zone;

	for (size_t i = 0; i < out->n_candidates; i++)
		describe(s, &out->candidates[i]);
	if (out->n_found > MRZ_MAX_REPAIRS || early) {
		out->verdict = MRZ_REPAIR_TOO_MANY;
		out->reason = early ? MRZ_REPAIR_R_WORK
				    : MRZ_REPAIR_R_AMBIGUOUS;
		return;
	}
	if (out->n_found == 0) {
		out->verdict = MRZ_REPAIR_NONE;
		if (s->base.format == MRZ_UNKNOWN)
			out->reason = MRZ_REPAIR_R_NO_LAYOUT;
		else if (s->wrong.n > MRZ_REPAIR_BOUND)
			out->reason = MRZ_REPAIR_R_BEYOND_BOUND;
		else
			out->reason = MRZ_REPAIR_R_NOTHING_FITS;
		return;
	}
	out->verdict = MRZ_REPAIR_SUGGESTED;
	out->reason = MRZ_REPAIR_R_AMBIGUOUS;
	if (out->n_found > 1)
		return;
	out->reason = MRZ_REPAIR_R_BEYOND_BOUND;
	if (out->candidates[0].n_changes > MRZ_REPAIR_BOUND)
		return;
	apply(s, &out->candidates[0], &zone);
	out->reason = mrz_repair_proof(&zone, &out->candidates[0], s->options);
	if (out->reason == MRZ_REPAIR_R_NONE)
		out->verdict = MRZ_REPAIR_PROVED;
}

enum mrz_error
mrz_repair_sized(const struct mrz_doc *doc, const struct mrz_doubt *weights,
    size_t n, const struct mrz_options *options, struct mrz_repair *out,
    size_t out_size)
{
	struct search s;

	if (out_size < sizeof(*out) ||
	    (options != NULL && options->size < sizeof(*options)))
		return MRZ_E_ARG;
	memset(&s, 0, sizeof(s));
	memset(out, 0, out_size);
	out->size = sizeof(*out);
	s.options = options;
	s.out = out;
	if (!mrz_zone_text(doc, &s.zone)) {
		out->reason = MRZ_REPAIR_R_NO_LAYOUT;
		return MRZ_OK;
	}
	if (mrz_zone_parse(&s.zone, options, &s.base)) {
		out->verdict = MRZ_REPAIR_NOT_NEEDED;
		return MRZ_OK;
	}
	from_table(&s);
	from_weights(&s, weights, n);
	mrz_repair_search(&s);
	judge(&s);
	return MRZ_OK;
}
