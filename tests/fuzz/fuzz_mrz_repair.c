/*
 * Any text, with weights behind it, through mrz_repair: candidates change
 * what they say and nothing else, verify, and are never more than suggested
 * where a proof is impossible.
 */
#include "doubts_of_input.h"
#include "flat_zone.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY    20780 /* 2026-11-23 */
#define N_DAMAGE 3
#define DAMAGE   2 /* bytes of one */

static const struct mrz_options options = { sizeof(options), TODAY };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Right digits, then a little wrong: what chance alone hardly finds. */
static void
damage(struct mrz_doc *doc, const uint8_t *how)
{
	static const char alphabet[] = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct flat_zone zone;

	require(flat_zone_correct_digits(doc, &options));
	flat_zone_of(doc, &zone);
	for (size_t i = 0; i < N_DAMAGE; i++, how += DAMAGE) {
		size_t at = how[0] % zone.len;

		if (how[1] != 0)
			zone.text[at] =
			    alphabet[how[1] % (sizeof(alphabet) - 1)];
	}
	enum mrz_error error = mrz_parse(zone.text, zone.len, &options, doc);

	/* Not if it was a layout that is known by how it begins. */
	require(error == MRZ_OK || error == MRZ_E_LAYOUT);
}

static bool
is_in_name(const struct mrz_change *change)
{
	return change->field == MRZ_F_SURNAME ||
	       change->field == MRZ_F_GIVEN_NAMES;
}

/* Of two changes neither is enough alone. */
static void
require_minimal(const struct mrz_doc *doc,
    const struct mrz_candidate *candidate)
{
	struct flat_zone zone;
	struct mrz_doc parsed;

	flat_zone_of(doc, &zone);
	for (size_t k = 0; candidate->n_changes == 2 && k < 2; k++) {
		const struct mrz_change *change = &candidate->changes[k];
		size_t at = flat_zone_offset(doc, change->line, change->column);

		zone.text[at] = change->to;
		require(mrz_parse(zone.text, zone.len, &options, &parsed) !=
			    MRZ_OK ||
			parsed.status != MRZ_ACCEPTED);
		zone.text[at] = change->from;
	}
}

/* The lines differ where the candidate says, and are accepted. */
static void
require_candidate(const struct mrz_doc *doc, const struct mrz_repair *repair,
    size_t i)
{
	const struct mrz_candidate *candidate = &repair->candidates[i];
	struct mrz_doc repaired, parsed;
	struct flat_zone zone;
	int32_t cost = 0;

	flat_zone_of(doc, &zone);
	require(candidate->n_changes >= 1 &&
		candidate->n_changes <= MRZ_MAX_CHANGES);
	for (size_t k = 0; k < candidate->n_changes; k++) {
		const struct mrz_change *change = &candidate->changes[k];

		require(change->line >= 1 && change->line <= doc->n_lines);
		require(change->column >= 1 &&
			change->column <= doc->line_len[change->line - 1]);
		size_t at = flat_zone_offset(doc, change->line, change->column);

		require(zone.text[at] == change->from);
		require(change->to != change->from);
		require(change->field == MRZ_NO_FIELD ||
			change->field < MRZ_N_FIELDS);
		require(repair->verdict != MRZ_REPAIR_PROVED ||
			!is_in_name(change));
		zone.text[at] = change->to;
		cost += change->cost;
	}
	require(candidate->cost == cost);
	require(i == 0 || repair->candidates[i - 1].cost <= candidate->cost);
	require(mrz_parse(zone.text, zone.len, &options, &parsed) == MRZ_OK);
	require(parsed.status == MRZ_ACCEPTED);
	require_minimal(doc, candidate);
	require(
	    mrz_repair_apply(doc, repair, i, &options, &repaired) == MRZ_OK);
	require(repaired.status == MRZ_UNCERTAIN);
	require(
	    memcmp(repaired.lines, parsed.lines, sizeof(parsed.lines)) == 0);
}

static void
require_sound(const struct mrz_doc *doc, const struct mrz_repair *repair)
{
	bool found = repair->n_candidates > 0;
	struct mrz_doc marked = *doc;

	require((unsigned)repair->verdict < MRZ_N_REPAIR_VERDICTS);
	require((unsigned)repair->reason < MRZ_N_REPAIR_REASONS);
	require(mrz_repair_verdict_name(repair->verdict)[0] != '\0');
	require(mrz_repair_reason_name(repair->reason)[0] != '\0');
	require((mrz_repair_reason_text(repair->reason)[0] == '\0') ==
		(repair->reason == MRZ_REPAIR_R_NONE));
	require(repair->n_candidates <= MRZ_MAX_REPAIRS);
	require(repair->n_candidates <= repair->n_found);
	require((repair->verdict == MRZ_REPAIR_NOT_NEEDED) ==
		(doc->status == MRZ_ACCEPTED));
	if (repair->verdict == MRZ_REPAIR_PROVED) {
		require(repair->n_found == 1 && repair->n_candidates == 1);
		require(repair->candidates[0].n_changes <= MRZ_REPAIR_BOUND);
		require(doc->format != MRZ_MRVA && doc->format != MRZ_MRVB);
	}
	for (size_t i = 0; i < repair->n_candidates; i++)
		require_candidate(doc, repair, i);
	mrz_repair_mark(&marked, repair);
	require(marked.n_checks == doc->n_checks + 1);
	require(marked.status == (found ? MRZ_UNCERTAIN : doc->status));
	require((repair->verdict == MRZ_REPAIR_SUGGESTED) ==
		(found && repair->reason != MRZ_REPAIR_R_NONE &&
		    repair->verdict != MRZ_REPAIR_TOO_MANY));
	require(memcmp(marked.lines, doc->lines, sizeof(doc->lines)) == 0);
}

/* Up to a NUL the text; then the damage, then the weights. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mrz_repair repair;
	const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
	size_t len = end != NULL ? (size_t)(end - data) : size;
	size_t rest = size - len;
	struct mrz_doubt weights[MRZ_MAX_DOUBTS];
	struct mrz_change spots[4];
	size_t n_weights = 0;
	struct mrz_doc doc;
	enum mrz_error error = mrz_parse((const char *)data, len, &options,
	    &doc);

	if (rest >= 1 + N_DAMAGE * DAMAGE) {
		if (error == MRZ_OK)
			damage(&doc, end + 1);
		rest -= 1 + N_DAMAGE * DAMAGE;
		n_weights = doubts_of_input(data + size - rest, rest, weights);
	}
	require(mrz_repair(&doc, n_weights > 0 ? weights : NULL, n_weights,
		    &options, &repair) == MRZ_OK);
	require_sound(&doc, &repair);
	size_t n = mrz_blind_spots(&doc, spots, 4);

	require(n <= MRZ_MAX_LINES * MRZ_MAX_LINE_LEN * 4);
	for (size_t i = 0; i < n && i < 4; i++)
		require(spots[i].from != spots[i].to);
	return 0;
}
