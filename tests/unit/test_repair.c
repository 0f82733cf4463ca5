/*
 * Repairs: what is found against trying everything, what is proved against
 * the table of docs/REPAIR.md, and what hostile callers can do.
 */
#include "charset.h"
#include "mrz_cases.h"
#include "mrz_random.h"
#include "repair.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UPPER "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
#define LOWER "L898902C36UTO7408122F1204159ZE184226B<<<<<10"

static const struct mrz_options today = { sizeof(today), MRZ_TEST_TODAY };

/* The library's parses, counted; the tests call the real one. */
static unsigned n_parses;

enum mrz_error __real_mrz_parse_sized(const char *text, size_t len,
    const struct mrz_options *options, struct mrz_doc *out, size_t out_size);
enum mrz_error __wrap_mrz_parse_sized(const char *text, size_t len,
    const struct mrz_options *options, struct mrz_doc *out, size_t out_size);

enum mrz_error
__wrap_mrz_parse_sized(const char *text, size_t len,
    const struct mrz_options *options, struct mrz_doc *out, size_t out_size)
{
	n_parses++;
	return __real_mrz_parse_sized(text, len, options, out, out_size);
}

static void
parse_any(const char *text, struct mrz_doc *out)
{
	(void)!mrz_parse(text, strlen(text), &today, out);
}

static struct mrz_repair repair;

static void
search(const char *text, const struct mrz_doubt *weights, size_t n,
    struct mrz_doc *doc)
{
	parse_any(text, doc);
	memset(&repair, 0x5a, sizeof(repair));
	assert_int_equal(mrz_repair(doc, weights, n, &today, &repair), MRZ_OK);
	assert_int_equal(repair.size, sizeof(repair));
}

/* What holds of every result. */
static void
require_sound(const struct mrz_doc *doc)
{
	struct mrz_doc fixed, again;
	char text[ZONE_CAP];
	size_t len = 0;

	assert_true(repair.n_candidates <= MRZ_MAX_REPAIRS);
	assert_true(repair.n_candidates <= repair.n_found);
	if (repair.verdict == MRZ_REPAIR_PROVED) {
		assert_int_equal(repair.n_candidates, 1);
		assert_int_equal(repair.reason, MRZ_REPAIR_R_NONE);
		assert_true(repair.candidates[0].n_changes <= MRZ_REPAIR_BOUND);
	}
	for (size_t i = 0; i < repair.n_candidates; i++) {
		const struct mrz_candidate *candidate = &repair.candidates[i];
		int32_t cost = 0;

		assert_true(candidate->n_changes > 0);
		for (size_t j = 0; j < candidate->n_changes; j++)
			cost += candidate->changes[j].cost;
		assert_int_equal(cost, candidate->cost);
		if (i > 0)
			assert_true(repair.candidates[i - 1].cost <= cost);
		assert_int_equal(mrz_repair_apply(doc, &repair, i, &today,
				     &fixed),
		    MRZ_OK);
		assert_int_equal(fixed.status, MRZ_UNCERTAIN);
		len = 0;
		for (size_t j = 0; j < fixed.n_lines; j++)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s%s", j > 0 ? "\n" : "", fixed.lines[j]);
		assert_int_equal(mrz_parse(text, len, &today, &again), MRZ_OK);
		assert_int_equal(again.status, MRZ_ACCEPTED);
	}
}

static const char *
first_changes(char *out, size_t cap)
{
	const struct mrz_candidate *first = &repair.candidates[0];
	size_t len = 0;

	if (repair.n_candidates == 0)
		return "-";
	for (size_t i = 0; i < first->n_changes; i++)
		len += (size_t)snprintf(out + len, cap - len, "%s%u:%u,%c>%c",
		    i > 0 ? "," : "", first->changes[i].line,
		    first->changes[i].column, first->changes[i].from,
		    first->changes[i].to);
	return out;
}

/* Lines parted by '|' in a vector file. */
static const char *
lines_of(const char *word, char out[MRZ_TEXT_CAP])
{
	assert_true(strlen(word) < MRZ_TEXT_CAP);
	strcpy(out, word);
	for (char *c = out; *c != '\0'; c++)
		if (*c == '|')
			*c = '\n';
	return out;
}

static void
vectors_are_judged(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_repair.txt");
	bool verdicts[MRZ_N_REPAIR_VERDICTS] = { false };
	bool reasons[MRZ_N_REPAIR_REASONS] = { false };
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		char text[MRZ_TEXT_CAP], changes[24 * 12], reason[64];
		struct mrz_doc doc;

		assert_int_equal(v.n_words, 5);
		search(lines_of(v.words[4], text), NULL, 0, &doc);
		require_sound(&doc);
		snprintf(reason, sizeof(reason), "MRZ_REPAIR_R_%s", v.words[1]);
		if (strcmp(mrz_repair_verdict_name(repair.verdict),
			v.words[0]) != 0 ||
		    strcmp(mrz_repair_reason_name(repair.reason), reason) !=
			0 ||
		    repair.n_found != strtoul(v.words[2], NULL, 10) ||
		    strcmp(first_changes(changes, sizeof(changes)),
			v.words[3]) != 0)
			fail_msg("line %u: %s %s %u %s", v.line,
			    mrz_repair_verdict_name(repair.verdict),
			    mrz_repair_reason_name(repair.reason),
			    repair.n_found, changes);
		verdicts[repair.verdict] = true;
		reasons[repair.reason] = true;
	}
	vectors_close(vectors);
	for (size_t i = 0; i < MRZ_N_REPAIR_VERDICTS; i++)
		assert_true(verdicts[i] || i == MRZ_REPAIR_NOT_NEEDED);
	/* Work runs out under hostile weights only. */
	for (size_t i = 0; i < MRZ_N_REPAIR_REASONS; i++)
		assert_true(reasons[i] || i == MRZ_REPAIR_R_WORK);
}

/* ---- Against trying everything ---------------------------------------- */

static bool
is_alone(const struct zone_text *zone, size_t at, char c)
{
	struct zone_text other = *zone;
	struct mrz_doc doc;

	other.at[at] = c;
	return mrz_zone_parse(&other, &today, &doc);
}

static bool
is_listed(const struct zone_text *zone, size_t at, char c, size_t at2, char c2)
{
	for (size_t i = 0; i < repair.n_candidates; i++) {
		const struct mrz_candidate *candidate = &repair.candidates[i];
		size_t hits = 0;

		if (candidate->n_changes != (at2 == NO_PLACE ? 1 : 2))
			continue;
		for (size_t j = 0; j < candidate->n_changes; j++) {
			const struct mrz_change *change =
			    &candidate->changes[j];
			struct mrz_place place = { change->line, change->column,
				1 };
			size_t where = mrz_zone_offset(zone, place);

			hits += (where == at && change->to == c) ||
				(where == at2 && change->to == c2);
		}
		if (hits == candidate->n_changes)
			return true;
	}
	return false;
}

/* Every pair after one change; how many of them are accepted and minimal. */
static size_t
count_seconds(const struct zone_text *zone, size_t at, char c)
{
	struct zone_text other = *zone;
	size_t n = 0;

	other.at[at] = c;
	for (size_t i = at + 1; i < zone->len; i++) {
		struct look_alike like[MAX_LOOK_ALIKES];
		size_t n_like = mrz_look_alikes(zone->at[i], like);

		for (size_t j = 0; j < n_like; j++) {
			struct mrz_doc doc;

			other.at[i] = like[j].c;
			if (!mrz_zone_parse(&other, &today, &doc) ||
			    is_alone(zone, i, like[j].c))
				continue;
			n++;
			if (repair.n_found <= MRZ_MAX_REPAIRS)
				assert_true(
				    is_listed(zone, at, c, i, like[j].c));
		}
		other.at[i] = zone->at[i];
	}
	return n;
}

static size_t
count_all(const struct zone_text *zone)
{
	size_t n = 0;

	for (size_t at = 0; at < zone->len; at++) {
		struct look_alike like[MAX_LOOK_ALIKES];
		size_t n_like = mrz_look_alikes(zone->at[at], like);

		if (zone->at[at] == '\n')
			continue;
		for (size_t i = 0; i < n_like; i++) {
			if (!is_alone(zone, at, like[i].c)) {
				n += count_seconds(zone, at, like[i].c);
				continue;
			}
			n++;
			if (repair.n_found <= MRZ_MAX_REPAIRS)
				assert_true(is_listed(zone, at, like[i].c,
				    NO_PLACE, 0));
		}
	}
	return n;
}

static void
misread(struct mrz_random *random, unsigned n, char *text)
{
	for (unsigned i = 0; i < n;) {
		size_t at = mrz_random_below(random, (uint32_t)strlen(text));
		struct look_alike like[MAX_LOOK_ALIKES];
		size_t n_like = mrz_look_alikes(text[at], like);

		if (n_like == 0 || text[at] == '\n')
			continue;
		text[at] = like[mrz_random_below(random, (uint32_t)n_like)].c;
		i++;
	}
}

/* One and two misread characters, in two documents of each format each. */
static void
everything_is_found(void **state)
{
	struct mrz_random random = { 4711 };
	unsigned n_searched = 0;

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		enum mrz_format format = (enum mrz_format)(1 + i % 5);
		char text[MRZ_RANDOM_TEXT_CAP];
		struct mrz_random_doc made;
		struct zone_text zone;
		struct mrz_doc doc;

		mrz_random_zone(format, i, &made, text);
		misread(&random, 1 + i / 10, text);
		search(text, NULL, 0, &doc);
		require_sound(&doc);
		/* More than two of the wrong class are not searched. */
		if (repair.verdict == MRZ_REPAIR_NOT_NEEDED ||
		    repair.reason == MRZ_REPAIR_R_BEYOND_BOUND)
			continue;
		assert_true(mrz_zone_text(&doc, &zone));
		n_searched++;
		if (count_all(&zone) != repair.n_found)
			fail_msg("seed %u: %u found\n%s", i, repair.n_found,
			    text);
	}
	assert_true(n_searched > 10);
}

/* The digit of a long number moves when its last filler is misread: the
 * second change is then one of another shape. */
static void
long_numbers_are_searched(void **state)
{
	static const char *const texts[] = {
		"I<UTOD23145890<73E9KE1<<<<<<<<\n"
		"34O7127M9507122UTO<<<<<<<<<<<3\n"
		"STEVENSON<<PETER<JOHN<<<<<<<<<",
		"I<UTOD23145B90<73E9KE1<<<<<<<<\n"
		"3407127M9507122UTO<<<<<<<<<<<3\n"
		"STEVENSON<<PETER<JOHN<<<<<<<<<",
		"I<UTOD23145890<73<9<E1<<<<<<<<\n"
		"3407127M9507122UTO<<<<<<<<<<<5\n"
		"STEVENSON<<PETER<JOHN<<<<<<<<<",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct zone_text zone;
		struct mrz_doc doc;

		search(texts[i], NULL, 0, &doc);
		require_sound(&doc);
		assert_true(repair.n_found > 0);
		assert_true(mrz_zone_text(&doc, &zone));
		assert_int_equal(count_all(&zone), repair.n_found);
	}
}

/* By its weights the digit of a short number was a filler, so that the number
 * is a long one, and the second change is in its rest. */
static void
short_numbers_may_be_long(void **state)
{
	static const struct mrz_doubt weight = { 1, 15, 1, "<", { 10 } };
	struct zone_text zone;
	struct mrz_doc doc;

	(void)state;
	search("I<UTOD23145890878E9<E1<<<<<<<<\n"
	       "3407127M9507122UTO<<<<<<<<<<<3\n"
	       "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    &weight, 1, &doc);
	require_sound(&doc);
	assert_true(mrz_zone_text(&doc, &zone));
	assert_true(is_listed(&zone, 14, '<', 16, '3'));
}

/* ---- What can be proved ------------------------------------------------ */

struct proof_row {
	const char *text;
	unsigned line, birth, expiry; /* columns, from 1 */
};

static const struct proof_row proof_rows[] = {
	{ UPPER LOWER, 2, 14, 22 },
	{ "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
	  "D231458907UTO7408122F1204159<<<<<<<6",
	    2, 14, 22 },
	{ "I<UTOD231458907<<<<<<<<<<<<<<<\n"
	  "7408122F1204159UTO<<<<<<<<<<<6\n"
	  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	    2, 1, 9 },
	{ "I<UTOD23145890<7349<<<<<<<<<<<\n"
	  "3407127M9507122UTO<<<<<<<<<<<2\n"
	  "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    2, 1, 9 },
	{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	  "L8988901C4XXX4009078F9612109ZE184226B<<<<<<<",
	    0, 0, 0 },
	{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
	  "L8988901C4XXX4009078F9612109<<<<<<<<",
	    0, 0, 0 },
};

#define N_PROOFS (sizeof(proof_rows) / sizeof(proof_rows[0]))

/* Place in a date or its digit (6), and which date; -1 elsewhere. */
static int
in_date(const struct proof_row *row, struct mrz_place place, int *which)
{
	for (int i = 0; i < 2; i++) {
		unsigned from = i == 0 ? row->birth : row->expiry;

		if (row->line != place.line || place.column < from ||
		    place.column > from + 6)
			continue;
		*which = i;
		return (int)(place.column - from);
	}
	return -1;
}

/* A change of a place to what stands there, from something of the wrong class
 * and another value. */
static void
put_change(const struct zone_text *zone, size_t at,
    struct mrz_candidate *candidate)
{
	struct mrz_place place = mrz_zone_place(zone, at);
	int value = mrz_char_value(zone->at[at]);

	candidate->changes[candidate->n_changes++] = (struct mrz_change){
		.line = (uint8_t)place.line,
		.column = (uint8_t)place.column,
		.from = value % 10 == 1 ? 'E' : 'B',
		.to = zone->at[at],
		.wrong_class = true,
	};
}

/* Under no digit: names, codes, sex and, in visas, optional data. */
static bool
is_unprotected(const struct mrz_doc *doc, struct mrz_place place)
{
	switch (mrz_zone_field(doc, place)) {
	case MRZ_F_DOCUMENT_CODE:
	case MRZ_F_ISSUING_STATE:
	case MRZ_F_NATIONALITY:
	case MRZ_F_SEX:
	case MRZ_F_SURNAME:
	case MRZ_F_GIVEN_NAMES:
		return true;
	case MRZ_F_OPTIONAL_DATA:
		return doc->format == MRZ_MRVA || doc->format == MRZ_MRVB;
	case MRZ_NO_FIELD: /* between names */
		return place.line == (doc->format == MRZ_TD1 ? 3 : 1);
	default:
		return false;
	}
}

static enum mrz_repair_reason
wanted(const struct proof_row *row, const struct mrz_doc *doc,
    struct mrz_place place)
{
	static const enum mrz_check_id digits[] = { MRZ_C_NUMBER,
		MRZ_C_OPTIONAL };
	int which;

	if (is_unprotected(doc, place))
		return MRZ_REPAIR_R_UNPROTECTED;
	if (in_date(row, place, &which) >= 0)
		return MRZ_REPAIR_R_NONE;
	for (size_t i = 0; i < 2 && row->line > 0; i++) {
		struct mrz_place digit = mrz_doc_check(doc, digits[i])->place;

		if (digit.line == place.line && digit.column == place.column)
			return MRZ_REPAIR_R_FILLER;
	}
	return MRZ_REPAIR_R_ONE_DIGIT;
}

static void
single_places_are_proved(void **state)
{
	unsigned n_proved = 0;

	(void)state;
	for (size_t i = 0; i < N_PROOFS; i++) {
		const struct proof_row *row = &proof_rows[i];
		struct zone_text zone;
		struct mrz_doc doc;

		parse_any(row->text, &doc);
		assert_int_equal(doc.status, MRZ_ACCEPTED);
		assert_true(mrz_zone_text(&doc, &zone));
		for (size_t at = 0; at < zone.len; at++) {
			struct mrz_place place = mrz_zone_place(&zone, at);
			struct mrz_candidate candidate = { 0 };
			enum mrz_repair_reason reason;
			int which;

			if (zone.at[at] == '\n')
				continue;
			put_change(&zone, at, &candidate);
			reason = mrz_repair_proof(&zone, &candidate, &today);
			/* A long number: its digits are those of no rule. */
			if (doc.number_rule == MRZ_NUMBER_SHORT)
				assert_int_equal(reason,
				    wanted(row, &doc, place));
			assert_int_equal(reason == MRZ_REPAIR_R_NONE,
			    in_date(row, place, &which) >= 0);
			n_proved += reason == MRZ_REPAIR_R_NONE;
			candidate.changes[0].wrong_class = false;
			if (reason == MRZ_REPAIR_R_NONE)
				reason = MRZ_REPAIR_R_LEGAL_PLACE;
			assert_int_equal(mrz_repair_proof(&zone, &candidate,
					     &today),
			    reason);
		}
	}
	assert_int_equal(n_proved, 4 * 14);
}

static void
values_are_told_apart_or_not(void **state)
{
	struct zone_text zone;
	struct mrz_doc doc;

	(void)state;
	parse_any(UPPER LOWER, &doc);
	assert_true(mrz_zone_text(&doc, &zone));
	for (size_t at = 45; at < zone.len; at++) {
		struct mrz_place place = mrz_zone_place(&zone, at);
		int which, value = mrz_char_value(zone.at[at]) % 10;
		bool legal = in_date(&proof_rows[0], place, &which) >= 0 ||
			     place.column == 10 || place.column >= 43 ||
			     place.column == 21;

		/* Only digits, and one sex, may stand at a legal place. */
		assert_int_equal(mrz_is_blind(&zone, at, value == 1 ? 'E' : 'B',
				     &today),
		    !legal);
		assert_int_equal(mrz_is_blind(&zone, at, value == 1 ? 'B' : 'E',
				     &today),
		    !legal || value == 1 || value == 4);
		assert_int_equal(mrz_is_blind(&zone, at, 'o', &today), !legal);
		/* A filler counts as much as a zero. */
		assert_int_equal(mrz_is_blind(&zone, at, '<', &today),
		    !legal || value == 0);
		assert_int_equal(mrz_is_blind(&zone, at, '0', &today),
		    !legal || value == 0);
	}
}

/* Weights modulo 5 of own digit and composite, as docs/REPAIR.md has it:
 * another derivation than the library's, which asks the parser. */
static bool
are_independent(int which, int i, int j, unsigned before)
{
	static const int weights[] = { 7, 3, 1 };
	int own_i = i == 6 ? -1 : weights[i % 3];
	int own_j = j == 6 ? -1 : weights[j % 3];
	int both_i = weights[((int)before + 7 * which + i) % 3];
	int both_j = weights[((int)before + 7 * which + j) % 3];

	return (own_i * both_j - own_j * both_i) % 5 != 0;
}

static void
pairs_are_proved(void **state)
{
	/* What the composite counts before the date of birth. */
	static const unsigned before[] = { 10, 10, 25, 25 };

	(void)state;
	for (size_t r = 0; r < 4; r++) {
		const struct proof_row *row = &proof_rows[r];
		unsigned n_proved = 0;
		struct zone_text zone;
		struct mrz_doc doc;

		parse_any(row->text, &doc);
		assert_true(mrz_zone_text(&doc, &zone));
		for (size_t at = 0; at < zone.len; at++)
			for (size_t at2 = at + 1; at2 < zone.len; at2++) {
				struct mrz_candidate candidate = { 0 };
				int a = 0, b = 0, i, j;
				bool want;

				i = in_date(row, mrz_zone_place(&zone, at), &a);
				j = in_date(row, mrz_zone_place(&zone, at2),
				    &b);
				if (i < 0 || j < 0)
					continue;
				want = a != b ||
				       are_independent(a, i, j, before[r]);
				if (i < 6 && j < 6 && a == b)
					assert_int_equal(want,
					    (i % 3 == a) != (j % 3 == a));
				put_change(&zone, at, &candidate);
				put_change(&zone, at2, &candidate);
				assert_int_equal(mrz_repair_proof(&zone,
						     &candidate, &today) ==
						     MRZ_REPAIR_R_NONE,
				    want);
				n_proved += want;
			}
		assert_true(n_proved >= 49 && n_proved < 91);
	}
}

/* A parser was seen to call C01XO0O6H valid, where C01X0006H was printed:
 * every mixture of O and 0 that does not verify. */
static void
numbers_are_never_proved(void **state)
{
	static const char upper[] =
	    "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<";
	static const size_t zeros[] = { 1, 4, 5, 6 };
	unsigned n_wrong = 0;

	(void)state;
	for (unsigned set = 1; set < 16; set++) {
		char text[] = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\n"
			      "C01X0006H1D<<6408125F1710319<<<<<<<<<<<<<<<0";
		struct mrz_doc doc;

		for (size_t i = 0; i < 4; i++)
			if (set >> i & 1)
				text[sizeof(upper) + zeros[i]] = 'O';
		search(text, NULL, 0, &doc);
		require_sound(&doc);
		assert_int_not_equal(repair.verdict, MRZ_REPAIR_PROVED);
		n_wrong += repair.verdict == MRZ_REPAIR_SUGGESTED;
	}
	assert_true(n_wrong > 8);
}

/* ---- Weights ----------------------------------------------------------- */

/* A legal place: 3 read for 8 in the day of birth. */
#define MISREAD UPPER "L898902C36UTO7403122F1204159ZE184226B<<<<<10"

static void
weights_favour(void **state)
{
	struct mrz_doubt weight = { 2, 17, 1, "8", { MRZ_REPAIR_FAVOUR } };
	struct mrz_doc doc;

	(void)state;
	search(MISREAD, NULL, 0, &doc);
	assert_int_equal(repair.verdict, MRZ_REPAIR_SUGGESTED);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_LEGAL_PLACE);
	search(MISREAD, &weight, 1, &doc);
	assert_int_equal(repair.verdict, MRZ_REPAIR_PROVED);
	assert_int_equal(repair.candidates[0].cost, MRZ_REPAIR_FAVOUR);
	assert_true(repair.candidates[0].changes[0].favoured);
	assert_false(repair.candidates[0].changes[0].wrong_class);
	weight.cost[0]++;
	search(MISREAD, &weight, 1, &doc);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_LEGAL_PLACE);
	/* Not the first choice of its place, or no choice at all. */
	weight = (struct mrz_doubt){ 2, 17, 2, "98", { 10, 10 } };
	search(MISREAD, &weight, 1, &doc);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_LEGAL_PLACE);
	weight = (struct mrz_doubt){ 2, 17, 1, "9", { 10 } };
	search(MISREAD, &weight, 1, &doc);
	assert_int_equal(repair.verdict, MRZ_REPAIR_NONE);
	/* They are for every place, the first one too. */
	weight = (struct mrz_doubt){ 1, 1, 1, "P", { 10 } };
	search("1<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" LOWER, &weight,
	    1, &doc);
	assert_int_equal(repair.n_found, 1);
	assert_int_equal(repair.candidates[0].changes[0].to, 'P');
}

static void
hostile_weights(void **state)
{
	static const struct mrz_doubt odd[] = {
		{ 0, 0, 4, "0123", { 1, 1, 1, 1 } },
		{ 255, 255, 255, "0123", { 1, 1, 1, 1 } },
		{ 2, 45, 1, "0", { 1 } }, { 3, 1, 1, "0", { 1 } },
		{ 2, 17, 255, "\0\n88", { 5, 5, INT16_MIN, 300 } },
		{ 2, 17, 1, "9", { 0 } }, /* told already */
	};
	struct mrz_doubt many[MRZ_MAX_DOUBTS + 10];
	struct mrz_doc doc;

	(void)state;
	search(MISREAD, odd, sizeof(odd) / sizeof(odd[0]), &doc);
	require_sound(&doc);
	assert_int_equal(repair.verdict, MRZ_REPAIR_PROVED);
	assert_int_equal(repair.candidates[0].cost, 0);
	/* What goes past the limit is not looked at. */
	for (size_t i = 0; i < MRZ_MAX_DOUBTS + 10; i++)
		many[i] = (struct mrz_doubt){ 1, 1, 1, "P", { 1 } };
	many[MRZ_MAX_DOUBTS] = (struct mrz_doubt){ 2, 17, 1, "8", { 0 } };
	search(MISREAD, many, MRZ_MAX_DOUBTS + 10, &doc);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_LEGAL_PLACE);
}

/* The work has a bound whatever the input. */
static void
work_is_bounded(void **state)
{
	static const char likes[] = "0O1I2Z5S6G8B<KCEDQULA47TMNPF3HRVY";
	struct mrz_random random = { 99 };
	unsigned most = 0, n_too_much = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		struct mrz_doubt weights[MRZ_MAX_DOUBTS];
		char text[MRZ_RANDOM_TEXT_CAP];
		struct mrz_random_doc made;
		struct mrz_doc doc;

		mrz_random_zone((enum mrz_format)(1 + i % 5), i, &made, text);
		misread(&random, 1 + i % 3, text);
		for (size_t j = 0; j < MRZ_MAX_DOUBTS; j++) {
			weights[j].line = (uint8_t)(1 + i % 3 % 2);
			weights[j].column = (uint8_t)(1 + j);
			weights[j].n = 4;
			for (size_t k = 0; k < 4; k++) {
				weights[j].text[k] = likes[mrz_random_below(
				    &random, sizeof(likes) - 1)];
				weights[j].cost[k] = (int16_t)k;
			}
		}
		/* All places of one kind, now and then, in each format. */
		if (i % 4 == 0)
			for (char *c = text; *c != '\0'; c++)
				if (*c != '\n')
					*c = likes[i / 4];
		parse_any(text, &doc);
		n_parses = 0;
		assert_int_equal(mrz_repair(&doc, weights, MRZ_MAX_DOUBTS,
				     &today, &repair),
		    MRZ_OK);
		assert_true(n_parses <= MRZ_REPAIR_WORK);
		most = n_parses > most ? n_parses : most;
		n_too_much += repair.reason == MRZ_REPAIR_R_WORK;
		require_sound(&doc);
	}
	print_message("at most %u parses, %u times the bound\n", most,
	    n_too_much);
	assert_true(most > 1000);
}

/* What the search leaves out: pairs whose sums come out wrong, places that are
 * not wrong where one is, what cannot stand in its place. Without that it
 * finds the same, after more parses than these. */
static void
what_cannot_verify_is_not_tried(void **state)
{
	static const struct {
		const char *text;
		unsigned n_parses;
	} rows[] = {
		{ MISREAD, 339 },
		{ UPPER "L898902C36UTO74OB122F1204159ZE184226B<<<<<10", 363 },
		{ UPPER "L898902C36UTO7408122F1204159ZE184226B<<<<<20", 247 },
		{ "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
		  "L898902C36UTO74OB122F12O4159ZE184226B<<<<<10",
		    335 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_doc doc;

		parse_any(rows[i].text, &doc);
		n_parses = 0;
		assert_int_equal(mrz_repair(&doc, NULL, 0, &today, &repair),
		    MRZ_OK);
		if (n_parses > rows[i].n_parses)
			fail_msg("row %zu: %u parses", i, n_parses);
	}
}

/* ---- What becomes of the document -------------------------------------- */

static void
documents_are_marked(void **state)
{
	const struct mrz_check *row;
	struct mrz_doc doc, before;

	(void)state;
	search(MISREAD, NULL, 0, &doc);
	before = doc;
	assert_int_equal(doc.status, MRZ_REJECTED);
	mrz_repair_mark(&doc, &repair);
	mrz_repair_mark(&doc, &repair); /* one row all the same */
	assert_int_equal(doc.status, MRZ_UNCERTAIN);
	assert_int_equal(doc.n_checks, before.n_checks + 1);
	assert_memory_equal(doc.lines, before.lines, sizeof(doc.lines));
	assert_memory_equal(doc.fields, before.fields, sizeof(doc.fields));
	row = mrz_doc_check(&doc, MRZ_C_REPAIR);
	assert_non_null(row);
	assert_int_equal(row->verdict, MRZ_UNDETERMINED);
	assert_int_equal(row->reason, MRZ_R_REPAIRABLE);
	assert_int_equal(row->place.line, 2);
	assert_int_equal(row->place.column, 17);

	search(UPPER LOWER, NULL, 0, &doc);
	assert_int_equal(repair.verdict, MRZ_REPAIR_NOT_NEEDED);
	mrz_repair_mark(&doc, &repair);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_REPAIR)->verdict,
	    MRZ_PASSED);

	search("HELLO", NULL, 0, &doc);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_NO_LAYOUT);
	mrz_repair_mark(&doc, &repair);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_REPAIR)->verdict,
	    MRZ_FAILED);
	/* A search that ended early and found nothing says nothing. */
	repair.verdict = MRZ_REPAIR_TOO_MANY;
	mrz_repair_mark(&doc, &repair);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_REPAIR)->verdict,
	    MRZ_UNDETERMINED);
}

static void
repairs_are_applied(void **state)
{
	struct mrz_doc doc, out;

	(void)state;
	search(MISREAD, NULL, 0, &doc);
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &out),
	    MRZ_OK);
	assert_string_equal(out.fields[MRZ_F_DATE_OF_BIRTH].text, "740812");
	assert_int_equal(out.status, MRZ_UNCERTAIN);
	assert_int_equal(mrz_doc_check(&out, MRZ_C_REPAIR)->reason,
	    MRZ_R_REPAIRED);
	assert_int_equal(mrz_repair_apply(&doc, &repair, 1, &today, &out),
	    MRZ_E_ARG);
	assert_int_equal(mrz_repair_apply(&doc, &repair, SIZE_MAX, &today,
			     &out),
	    MRZ_E_ARG);
	/* Into itself; then it is not of these lines any more. */
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &doc),
	    MRZ_OK);
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &doc),
	    MRZ_E_ARG);
	/* Changes that no search makes. */
	parse_any(MISREAD, &doc);
	repair.candidates[0].changes[0].to = '\n';
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &out),
	    MRZ_E_ARG);
	repair.candidates[0].changes[0].line = 200;
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &out),
	    MRZ_E_ARG);
	repair.candidates[0].n_changes = UINT32_MAX;
	assert_int_equal(mrz_repair_apply(&doc, &repair, 0, &today, &out),
	    MRZ_E_ARG);
	repair.n_candidates = UINT32_MAX;
	assert_int_equal(mrz_repair_apply(&doc, &repair, MRZ_MAX_REPAIRS,
			     &today, &out),
	    MRZ_E_ARG);
}

static void
sizes_are_minded(void **state)
{
	struct mrz_options wrong = { 0, MRZ_TEST_TODAY };
	struct mrz_doc doc;

	(void)state;
	parse_any(MISREAD, &doc);
	assert_int_equal(mrz_repair(&doc, NULL, 0, &wrong, &repair), MRZ_E_ARG);
	assert_int_equal(mrz_repair_sized(&doc, NULL, 0, NULL, &repair,
			     sizeof(repair) - 1),
	    MRZ_E_ARG);
	assert_int_equal(mrz_repair(&doc, NULL, 0, NULL, &repair), MRZ_OK);
	assert_int_equal(mrz_repair_apply_sized(&doc, &repair, 0, NULL, &doc,
			     sizeof(doc) - 1),
	    MRZ_E_ARG);
	/* Lines that no parse makes. */
	doc.line_len[1] = 45;
	assert_int_equal(mrz_repair(&doc, NULL, 0, NULL, &repair), MRZ_OK);
	assert_int_equal(repair.reason, MRZ_REPAIR_R_NO_LAYOUT);
	doc.line_len[1] = UINT32_MAX;
	assert_int_equal(mrz_repair(&doc, NULL, 0, NULL, &repair), MRZ_OK);
	doc.n_lines = UINT32_MAX;
	assert_int_equal(mrz_repair(&doc, NULL, 0, NULL, &repair), MRZ_OK);
	assert_int_equal(mrz_blind_spots(&doc, NULL, 0), 0);
}

/* Three good lines and one more are no zone that needs no repair. */
static void
a_line_too_many_is_not_good(void **state)
{
	/* Whether the three are good, or would be after a repair. */
	static const char *const texts[] = {
		"I<UTOD231458907<<<<<<<<<<<<<<<\n"
		"7408122F1204159UTO<<<<<<<<<<<6\n"
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
		"I<UTOD231458907<<<<<<<<<<<<<<<\n"
		"74O8122F1204159UTO<<<<<<<<<<<6\n"
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mrz_doc doc;

		search(texts[i], NULL, 0, &doc);
		assert_int_equal(doc.n_text_lines, 4);
		assert_int_equal(doc.status, MRZ_REJECTED);
		assert_int_equal(repair.verdict, MRZ_REPAIR_NONE);
		assert_int_equal(repair.reason, MRZ_REPAIR_R_NO_LAYOUT);
		mrz_repair_mark(&doc, &repair);
		assert_int_equal(doc.status, MRZ_REJECTED);
	}
}

static void
places_are_found(void **state)
{
	static const struct mrz_place none[] = { { 0, 1, 1 }, { 1, 0, 1 },
		{ 0, 0, 1 }, { 1, 45, 1 }, { 2, 45, 1 }, { 3, 1, 1 },
		{ UINT32_MAX, UINT32_MAX, 1 } };
	struct zone_text zone;
	struct mrz_doc doc;

	(void)state;
	parse_any(UPPER LOWER, &doc);
	assert_true(mrz_zone_text(&doc, &zone));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_true(mrz_zone_offset(&zone, none[i]) == NO_PLACE);
	for (size_t at = 0; at < zone.len; at++)
		if (zone.at[at] != '\n')
			assert_int_equal(mrz_zone_offset(&zone,
					     mrz_zone_place(&zone, at)),
			    at);
}

/* Each spot of a zone, exchanged, is accepted; and these are all. */
static void
blind_spots_are_blind(void **state)
{
	struct mrz_change spots[MRZ_MAX_LINES * MRZ_MAX_LINE_LEN];
	struct mrz_doc doc;
	size_t n;

	(void)state;
	parse_any(UPPER LOWER, &doc);
	n = mrz_blind_spots(&doc, spots, sizeof(spots) / sizeof(spots[0]));
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		char text[] = UPPER LOWER;
		char *at = text + (spots[i].line - 1) * 45 + spots[i].column -
			   1;
		struct mrz_doc other;

		assert_int_equal(*at, spots[i].from);
		assert_int_equal(mrz_char_value(spots[i].from) % 10,
		    mrz_char_value(spots[i].to) % 10);
		*at = spots[i].to;
		parse_any(text, &other);
		assert_int_equal(other.status, MRZ_ACCEPTED);
	}
	assert_int_equal(mrz_blind_spots(&doc, spots, 1), n);
	assert_int_equal(mrz_blind_spots(&doc, NULL, 0), n);
	/* The number begins L8989: 1 may stand for the L, S for an 8. */
	assert_int_equal(spots[0].line, 2);
	assert_int_equal(spots[0].column, 1);
	assert_int_equal(spots[0].to, '1');
	assert_int_equal(spots[1].column, 2);
	assert_int_equal(spots[1].to, 'S');
	assert_int_equal(spots[0].field, MRZ_F_DOCUMENT_NUMBER);
}

static void
words_are_there(void **state)
{
	(void)state;
	for (int i = -1; i <= MRZ_N_REPAIR_REASONS; i++) {
		enum mrz_repair_reason reason = (enum mrz_repair_reason)i;

		assert_non_null(mrz_repair_reason_text(reason));
		assert_true(strlen(mrz_repair_reason_name(reason)) > 0);
	}
	assert_string_equal(mrz_repair_reason_name(MRZ_REPAIR_R_BLIND),
	    "MRZ_REPAIR_R_BLIND");
	assert_string_equal(mrz_repair_verdict_name(MRZ_REPAIR_TOO_MANY),
	    "too_many");
	assert_string_equal(mrz_repair_verdict_name(MRZ_N_REPAIR_VERDICTS),
	    "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_judged),
		cmocka_unit_test(everything_is_found),
		cmocka_unit_test(long_numbers_are_searched),
		cmocka_unit_test(short_numbers_may_be_long),
		cmocka_unit_test(single_places_are_proved),
		cmocka_unit_test(values_are_told_apart_or_not),
		cmocka_unit_test(pairs_are_proved),
		cmocka_unit_test(numbers_are_never_proved),
		cmocka_unit_test(weights_favour),
		cmocka_unit_test(hostile_weights),
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(what_cannot_verify_is_not_tried),
		cmocka_unit_test(documents_are_marked),
		cmocka_unit_test(repairs_are_applied),
		cmocka_unit_test(sizes_are_minded),
		cmocka_unit_test(a_line_too_many_is_not_good),
		cmocka_unit_test(places_are_found),
		cmocka_unit_test(blind_spots_are_blind),
		cmocka_unit_test(words_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
