/*
 * A zone, and after the first NUL weights, through mrz_repair: candidates are
 * accepted when they are applied, no part of one is, and the document stays.
 */
#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY 20780 /* 2026-11-23 */

/* Line, column, n, four characters, four costs. */
#define WEIGHT_LEN 11

static const struct mrz_options options = { sizeof(options), TODAY };

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static size_t
take_weights(const uint8_t *at, size_t size, struct mrz_doubt *out)
{
	size_t n = 0;

	/* More than are looked at, now and then. */
	while (size >= WEIGHT_LEN && n < MRZ_MAX_DOUBTS + 2) {
		memset(&out[n], 0, sizeof(out[n]));
		out[n].line = at[0];
		out[n].column = at[1];
		out[n].n = at[2];
		memcpy(out[n].text, at + 3, 4);
		for (size_t i = 0; i < 4; i++)
			out[n].cost[i] = (int16_t)((int8_t)at[7 + i] * 16);
		at += WEIGHT_LEN;
		size -= WEIGHT_LEN;
		n++;
	}
	return n;
}

/* The lines of doc with some changes of a candidate, parsed. */
static bool
is_accepted(const struct mrz_doc *doc, const struct mrz_candidate *candidate,
    size_t skip)
{
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
	size_t starts[MRZ_MAX_LINES], len = 0;
	struct mrz_doc out;

	for (size_t i = 0; i < doc->n_lines; i++) {
		starts[i] = len;
		memcpy(text + len, doc->lines[i], doc->line_len[i]);
		len += doc->line_len[i];
		text[len++] = '\n';
	}
	for (size_t i = 0; i < candidate->n_changes; i++) {
		const struct mrz_change *change = &candidate->changes[i];

		require(change->line >= 1 && change->line <= doc->n_lines);
		require(change->column >= 1 &&
			change->column <= doc->line_len[change->line - 1]);
		require(doc->lines[change->line - 1][change->column - 1] ==
			change->from);
		require(change->from != change->to && change->cost >= 0);
		if (i != skip)
			text[starts[change->line - 1] + change->column - 1] =
			    change->to;
	}
	return mrz_parse(text, len, &options, &out) == MRZ_OK &&
	       out.status == MRZ_ACCEPTED;
}

static void
require_candidates(const struct mrz_doc *doc, const struct mrz_repair *repair)
{
	struct mrz_doc fixed;

	for (size_t i = 0; i < repair->n_candidates; i++) {
		const struct mrz_candidate *candidate = &repair->candidates[i];

		require(candidate->n_changes >= 1 &&
			candidate->n_changes <= MRZ_MAX_CHANGES);
		require(is_accepted(doc, candidate, SIZE_MAX));
		if (candidate->n_changes == 2)
			require(!is_accepted(doc, candidate, 0) &&
				!is_accepted(doc, candidate, 1));
		require(mrz_repair_apply(doc, repair, i, &options, &fixed) ==
			MRZ_OK);
		require(fixed.status == MRZ_UNCERTAIN);
	}
}

static void
require_verdict(const struct mrz_doc *doc, const struct mrz_repair *repair)
{
	bool found = repair->n_candidates > 0;

	require(repair->n_candidates <= MRZ_MAX_REPAIRS &&
		repair->n_candidates <= repair->n_found);
	switch (repair->verdict) {
	case MRZ_REPAIR_NOT_NEEDED:
		require(doc->status == MRZ_ACCEPTED && !found);
		break;
	case MRZ_REPAIR_PROVED:
		require(repair->n_found == 1 &&
			repair->reason == MRZ_REPAIR_R_NONE &&
			repair->candidates[0].n_changes <= MRZ_REPAIR_BOUND);
		break;
	case MRZ_REPAIR_SUGGESTED:
		require(found && repair->reason != MRZ_REPAIR_R_NONE);
		break;
	case MRZ_REPAIR_TOO_MANY:
		require(repair->n_found > MRZ_MAX_REPAIRS ||
			repair->reason == MRZ_REPAIR_R_WORK);
		break;
	default:
		require(!found && doc->status != MRZ_ACCEPTED);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
	size_t len = nul != NULL ? (size_t)(nul - data) : size;
	struct mrz_doubt weights[MRZ_MAX_DOUBTS + 2];
	size_t n = nul != NULL ? take_weights(nul + 1, size - len - 1, weights)
			       : 0;
	static struct mrz_repair repair;
	struct mrz_doc doc, marked;
	enum mrz_error error = mrz_parse((const char *)data, len, &options,
	    &doc);

	marked = doc;
	require(mrz_repair(&doc, weights, n, &options, &repair) == MRZ_OK);
	require(memcmp(&doc, &marked, sizeof(doc)) == 0);
	require_verdict(&doc, &repair);
	require_candidates(&doc, &repair);
	mrz_repair_mark(&marked, &repair);
	require(memcmp(marked.lines, doc.lines, sizeof(doc.lines)) == 0);
	require(marked.status ==
		(repair.n_candidates > 0 ? MRZ_UNCERTAIN : doc.status));
	require(mrz_doc_check(&marked, MRZ_C_REPAIR) != NULL);
	if (error == MRZ_OK)
		require(mrz_blind_spots(&doc, NULL, 0) <= 1000);
	return 0;
}
