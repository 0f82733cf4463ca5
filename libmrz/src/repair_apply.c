/*
 * What a repair does to a document, and where no check digit would notice a
 * misread character.
 */
#include "charset.h"
#include "check_digit.h"
#include "mem.h"
#include "repair.h"

/* The row of mrz.repair, a new one if need be. */
static struct mrz_check *
row_of(struct mrz_doc *doc)
{
	struct mrz_check *row = NULL;

	for (size_t i = 0; i < doc->n_checks && i < MRZ_MAX_CHECKS; i++)
		if (doc->checks[i].id == MRZ_C_REPAIR)
			row = &doc->checks[i];
	if (row == NULL && doc->n_checks < MRZ_MAX_CHECKS)
		row = &doc->checks[doc->n_checks++];
	if (row != NULL) {
		memset(row, 0, sizeof(*row));
		row->id = MRZ_C_REPAIR;
	}
	return row;
}

static void
mark(struct mrz_doc *doc, enum mrz_verdict verdict, enum mrz_reason reason,
    const struct mrz_candidate *first)
{
	struct mrz_check *row = row_of(doc);

	if (row == NULL)
		return;
	row->verdict = verdict;
	row->reason = reason;
	if (first == NULL || first->n_changes == 0)
		return;
	row->place.line = first->changes[0].line;
	row->place.column = first->changes[0].column;
	row->place.length = 1;
}

void
mrz_repair_mark(struct mrz_doc *doc, const struct mrz_repair *repair)
{
	const struct mrz_candidate *first = repair->n_candidates > 0
						? &repair->candidates[0]
						: NULL;

	switch (repair->verdict) {
	case MRZ_REPAIR_NOT_NEEDED:
		mark(doc, MRZ_PASSED, MRZ_R_NONE, NULL);
		break;
	case MRZ_REPAIR_PROVED:
	case MRZ_REPAIR_SUGGESTED:
	case MRZ_REPAIR_TOO_MANY:
		if (first != NULL) {
			mark(doc, MRZ_UNDETERMINED, MRZ_R_REPAIRABLE, first);
			doc->status = MRZ_UNCERTAIN;
			break;
		}
		/* The search did not come to its end. */
		mark(doc, MRZ_UNDETERMINED, MRZ_R_NO_REPAIR, NULL);
		break;
	default:
		mark(doc, MRZ_FAILED, MRZ_R_NO_REPAIR, NULL);
		break;
	}
}

/* False when a change is not of this zone. */
static bool
change(struct zone_text *zone, const struct mrz_change *change)
{
	struct mrz_place place = { change->line, change->column, 1 };
	size_t at = mrz_zone_offset(zone, place);

	if (at == NO_PLACE || zone->at[at] != change->from ||
	    mrz_char_value(change->to) < 0)
		return false;
	zone->at[at] = change->to;
	return true;
}

enum mrz_error
mrz_repair_apply_sized(const struct mrz_doc *doc,
    const struct mrz_repair *repair, size_t i,
    const struct mrz_options *options, struct mrz_doc *out, size_t out_size)
{
	const struct mrz_candidate *candidate = &repair->candidates[i];
	struct zone_text zone;
	enum mrz_error error;

	if (i >= repair->n_candidates || i >= MRZ_MAX_REPAIRS ||
	    !mrz_zone_text(doc, &zone))
		return MRZ_E_ARG;
	for (size_t j = 0; j < candidate->n_changes; j++)
		if (j == MRZ_MAX_CHANGES ||
		    !change(&zone, &candidate->changes[j]))
			return MRZ_E_ARG;
	error = mrz_parse_sized(zone.at, zone.len, options, out, out_size);
	if (error != MRZ_OK)
		return error;
	mark(out, MRZ_UNDETERMINED, MRZ_R_REPAIRED, candidate);
	if (out->status == MRZ_ACCEPTED)
		out->status = MRZ_UNCERTAIN;
	return MRZ_OK;
}

/* ---- Blind spots ----------------------------------------------------- */

static bool
is_covered(const struct weights *weights, size_t at)
{
	for (size_t i = 0; i < MRZ_MAX_CHECKS; i++)
		if (weights->at[i][at] != 0)
			return true;
	return false;
}

/* Whether two parses say the same about everything that proves something. */
static bool
say_the_same(const struct mrz_doc *a, const struct mrz_doc *b)
{
	if (!mrz_same_shape(a, b))
		return false;
	for (size_t i = 0; i < a->n_checks; i++)
		if (!mrz_check_is_finding(a->checks[i].id) &&
		    a->checks[i].verdict != b->checks[i].verdict)
			return false;
	return true;
}

size_t
mrz_blind_spots(const struct mrz_doc *doc, struct mrz_change *out, size_t cap)
{
	struct look_alike like[MAX_LOOK_ALIKES];
	struct zone_text zone;
	struct weights weights;
	struct mrz_doc base, probe;
	size_t n = 0;

	if (!mrz_zone_text(doc, &zone))
		return 0;
	(void)mrz_zone_parse(&zone, NULL, &base);
	mrz_zone_weights(&zone, &base, NULL, &weights);
	for (size_t at = 0; at < zone.len; at++) {
		char from = zone.at[at];
		int value = mrz_char_value(from);
		size_t n_like = is_covered(&weights, at) && value >= 0
				    ? mrz_look_alikes(from, like)
				    : 0;

		for (size_t i = 0; i < n_like; i++) {
			struct mrz_place place = mrz_zone_place(&zone, at);

			if (mrz_char_value(like[i].c) % N_SUMS !=
			    value % N_SUMS)
				continue;
			zone.at[at] = like[i].c;
			(void)mrz_zone_parse(&zone, NULL, &probe);
			zone.at[at] = from;
			if (!say_the_same(&base, &probe))
				continue;
			if (n < cap)
				out[n] = (struct mrz_change){
					.line = (uint8_t)place.line,
					.column = (uint8_t)place.column,
					.from = from,
					.to = like[i].c,
					.cost = like[i].cost,
					.field = mrz_zone_field(&base, place),
				};
			n++;
		}
	}
	return n;
}
