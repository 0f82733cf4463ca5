/*
 * When the check digits prove a repair.
 *
 * A character that changes by d moves the sum under a digit by its weight
 * times d. The weights are odd and no multiples of five, so a single wrong
 * character never hides, unless its value is the same modulo 10; two hide
 * from one digit one time in ten. A second digit is evidence only if it
 * weighs the characters of the field in another way: weights 7 3 1 that go on
 * from the document number into the date are shifted against those of the
 * date's own digit, but the number itself, first under the composite digit of
 * TD1, TD2 and TD3, has the same weights under both, and whatever hides from
 * one hides from the other. All weights are odd, so modulo 2 the digits say
 * the same anyway; it is modulo 5 that they can differ.
 */
#include "charset.h"
#include "check_digit.h"
#include "repair.h"

#define PRIME 5 /* of N_SUMS, the one in which weights differ */

struct proof {
	const struct zone_text *zone;
	const struct mrz_options *options;
	struct mrz_doc doc;
	struct weights weights;
};

static unsigned
weight(const struct proof *proof, size_t row, size_t at)
{
	return proof->weights.at[row][at] % PRIME;
}

/* A row whose digit was compared with what the weights add up to. */
static bool
is_plain(const struct proof *proof, size_t row)
{
	const struct mrz_check *check = &proof->doc.checks[row];

	if (check->id == MRZ_C_NUMBER &&
	    proof->doc.number_rule != MRZ_NUMBER_SHORT)
		return false; /* either of two sums will do */
	return check->verdict == MRZ_PASSED && mrz_is_digit(check->printed) &&
	       check->printed == check->computed;
}

static bool
is_digit_place(const struct proof *proof, size_t row, size_t at)
{
	return mrz_zone_offset(proof->zone, proof->doc.checks[row].place) == at;
}

/* Whether columns at and other of two rows are independent. */
static bool
differ(const struct proof *proof, size_t a, size_t b, size_t at, size_t other)
{
	return weight(proof, a, at) * weight(proof, b, other) % PRIME !=
	       weight(proof, b, at) * weight(proof, a, other) % PRIME;
}

/* Whether two rows cover the place, and weigh some other character of what
 * they both cover differently. */
static bool
are_independent(const struct proof *proof, size_t a, size_t b, size_t at)
{
	if (weight(proof, a, at) == 0 || weight(proof, b, at) == 0)
		return false;
	for (size_t i = 0; i < proof->zone->len; i++) {
		if (weight(proof, a, i) == 0 || weight(proof, b, i) == 0 ||
		    is_digit_place(proof, a, i) || is_digit_place(proof, b, i))
			continue;
		if (differ(proof, a, b, at, i))
			return true;
	}
	return false;
}

static enum mrz_repair_reason
covered(const struct proof *proof, size_t at)
{
	enum mrz_repair_reason reason = MRZ_REPAIR_R_UNPROTECTED;

	for (size_t a = 0; a < proof->doc.n_checks; a++) {
		if (!is_plain(proof, a) || weight(proof, a, at) == 0)
			continue;
		reason = MRZ_REPAIR_R_ONE_DIGIT;
		for (size_t b = 0; b < a; b++)
			if (is_plain(proof, b) &&
			    are_independent(proof, a, b, at))
				return MRZ_REPAIR_R_NONE;
	}
	return reason;
}

/* Two places: no other pair of values there would satisfy all digits, unless
 * each of two in one date were wrong by five: all weights are odd. */
static bool
are_told_apart(const struct proof *proof, size_t at, size_t other)
{
	for (size_t a = 0; a < proof->doc.n_checks; a++)
		for (size_t b = 0; b < a; b++)
			if (is_plain(proof, a) && is_plain(proof, b) &&
			    differ(proof, a, b, at, other))
				return true;
	return false;
}

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

bool
mrz_is_blind(const struct zone_text *zone, size_t at, char from,
    const struct mrz_options *options)
{
	struct zone_text other = *zone;
	int value = mrz_char_value(zone->at[at]) % N_SUMS;
	struct mrz_doc doc;

	if (mrz_char_value(from) >= 0 && mrz_char_value(from) % N_SUMS == value)
		return true;
	for (const char *c = alphabet; *c != '\0'; c++) {
		if (*c == zone->at[at] || mrz_char_value(*c) % N_SUMS != value)
			continue;
		other.at[at] = *c;
		if (mrz_zone_parse(&other, options, &doc))
			return true;
	}
	return false;
}

/* The same for two places together: a year 00 is digits or fillers, but never
 * one of each. */
static bool
are_blind(const struct zone_text *zone, size_t at, size_t at2,
    const struct mrz_options *options)
{
	int value = mrz_char_value(zone->at[at]) % N_SUMS;
	int value2 = mrz_char_value(zone->at[at2]) % N_SUMS;
	struct zone_text other = *zone;
	struct mrz_doc doc;

	for (const char *c = alphabet; *c != '\0'; c++) {
		if (*c == zone->at[at] || mrz_char_value(*c) % N_SUMS != value)
			continue;
		other.at[at] = *c;
		for (const char *d = alphabet; *d != '\0'; d++) {
			if (*d == zone->at[at2] ||
			    mrz_char_value(*d) % N_SUMS != value2)
				continue;
			other.at[at2] = *d;
			if (mrz_zone_parse(&other, options, &doc))
				return true;
		}
	}
	return false;
}

/* Whether a filler may stand for the digit at that place: the number may be a
 * long one, or the optional data empty. */
static bool
may_be_filler(const struct proof *proof, size_t at)
{
	static const enum mrz_check_id ids[] = { MRZ_C_NUMBER, MRZ_C_OPTIONAL };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct mrz_check *row = mrz_doc_check(&proof->doc,
		    ids[i]);

		if (row != NULL &&
		    mrz_zone_offset(proof->zone, row->place) == at)
			return true;
	}
	return false;
}

static size_t
offset(const struct proof *proof, const struct mrz_change *change)
{
	struct mrz_place place = { change->line, change->column, 1 };

	return mrz_zone_offset(proof->zone, place);
}

enum mrz_repair_reason
mrz_repair_proof(const struct zone_text *zone,
    const struct mrz_candidate *candidate, const struct mrz_options *options)
{
	const struct mrz_change *change = candidate->changes;
	struct proof proof = { .zone = zone, .options = options };

	if (!mrz_zone_parse(zone, options, &proof.doc))
		return MRZ_REPAIR_R_NOTHING_FITS;
	mrz_zone_weights(zone, &proof.doc, options, &proof.weights);
	for (size_t i = 0; i < candidate->n_changes; i++) {
		enum mrz_repair_reason reason = covered(&proof,
		    offset(&proof, &change[i]));

		if (reason != MRZ_REPAIR_R_NONE)
			return reason;
	}
	if (candidate->n_changes == 2 &&
	    !are_told_apart(&proof, offset(&proof, &change[0]),
		offset(&proof, &change[1])))
		return MRZ_REPAIR_R_ONE_DIGIT;
	for (size_t i = 0; i < candidate->n_changes; i++)
		if (may_be_filler(&proof, offset(&proof, &change[i])))
			return MRZ_REPAIR_R_FILLER;
	for (size_t i = 0; i < candidate->n_changes; i++)
		if (mrz_is_blind(zone, offset(&proof, &change[i]),
			change[i].from, options))
			return MRZ_REPAIR_R_BLIND;
	if (candidate->n_changes == 2 &&
	    are_blind(zone, offset(&proof, &change[0]),
		offset(&proof, &change[1]), options))
		return MRZ_REPAIR_R_BLIND;
	for (size_t i = 0; i < candidate->n_changes; i++)
		if (!change[i].wrong_class && !change[i].favoured)
			return MRZ_REPAIR_R_LEGAL_PLACE;
	return MRZ_REPAIR_R_NONE;
}
