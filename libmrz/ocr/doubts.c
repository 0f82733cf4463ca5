#include "doubts.h"

#include <math.h>
#include <string.h>

#include "alphabet.h"
#include "grey.h"

/* Alternatives that are less probable than this are none. */
#define UNLIKELY 0.002
/* A character that no reading gave but that looks like the one read: where
 * the readings were unsure, and where they were not. */
#define LOOKS_LIKE 0.02
#define UNTHOUGHT  0.0001
/* What the characters may cost that are put in place for the check digits'
 * sake: less probable ones are only named as alternatives. */
#define MAX_REPAIR 700
/* With more than these many doubts that a check digit refutes, several errors
 * may have cancelled out: a digit is one of ten. */
#define MAX_REFUTED 3
/* Places in doubt that are tried for the check digits' sake. */
#define MAX_TRIED 32

/* The text of a zone as it is put together, and its open places. */
struct draft {
	const struct zone_vote *zone;
	int32_t today;
	unsigned n_lines, len;
	char text[MRZ_MAX_LINES * (MRZ_MAX_LINE_LEN + 1)];
	size_t n;
	struct mrz_doubt at[MRZ_MAX_DOUBTS];
	bool fixed[MRZ_MAX_DOUBTS]; /* no check digit takes it away */
	struct mrz_doc doc;         /* of a text that is tried; wiped with it */
};

void
mrz_place_vote_add(struct place_vote *vote, char c, double p)
{
	unsigned at = vote->n;

	while (at > 0 && vote->choices[at - 1].p < p)
		at--;
	if (at == MAX_CHOICES)
		return;
	if (vote->n < MAX_CHOICES)
		vote->n++;
	memmove(&vote->choices[at + 1], &vote->choices[at],
	    (vote->n - at - 1) * sizeof(vote->choices[0]));
	vote->choices[at].text = c;
	vote->choices[at].p = p;
}

static char *
char_at(struct draft *draft, const struct mrz_doubt *doubt)
{
	return &draft->text[(doubt->line - 1u) * (draft->len + 1) +
			    doubt->column - 1u];
}

static enum mrz_status
status_of(const struct draft *draft, struct mrz_doc *doc)
{
	struct mrz_options options = { sizeof(options), draft->today };
	size_t len = draft->n_lines * (draft->len + 1);

	if (mrz_parse(draft->text, len, &options, doc) != MRZ_OK ||
	    doc->format != draft->zone->format)
		return MRZ_REJECTED;
	return doc->status;
}

static int16_t
cost_of(double p, double of)
{
	double cost = p > 0 && of > 0 ? -100 * log(p / of) : 0;

	return (int16_t)(cost < 0 ? 0 : cost > 3000 ? 3000 : cost);
}

static void
add_alternative(struct mrz_doubt *doubt, char c, int16_t cost)
{
	if (doubt->n == MRZ_MAX_ALTERNATIVES ||
	    memchr(doubt->text, c, doubt->n) != NULL)
		return;
	doubt->text[doubt->n] = c;
	doubt->cost[doubt->n] = cost;
	doubt->n++;
}

/* What else may stand at a place: what the readings thought of; when that is
 * nothing, or was wrong, also what looks like the character. */
static void
add_doubt(struct draft *draft, unsigned line, unsigned column, char read,
    bool look_alikes)
{
	const struct place_vote *vote = &draft->zone->at[line][column];
	struct mrz_doubt *doubt = &draft->at[draft->n];
	double of = vote->choices[0].p;
	int16_t unseen = cost_of(vote->sure ? UNTHOUGHT : LOOKS_LIKE, 1);

	if (draft->n == MRZ_MAX_DOUBTS)
		return;
	memset(doubt, 0, sizeof(*doubt));
	doubt->line = (uint8_t)(line + 1);
	doubt->column = (uint8_t)(column + 1);
	for (unsigned i = 0; i < vote->n; i++)
		if (vote->choices[i].text != read &&
		    vote->choices[i].p > UNLIKELY * of)
			add_alternative(doubt, vote->choices[i].text,
			    cost_of(vote->choices[i].p, of));
	if (doubt->n == 0)
		look_alikes = true;
	for (const char *c = mrz_look_alikes(read); look_alikes && *c != '\0';
	     c++)
		if (mrz_place_allows(draft->zone->format, line, column, *c))
			add_alternative(doubt, *c, unseen);
	if (doubt->n == 0)
		add_alternative(doubt, read == '<' ? 'K' : '<', unseen);
	draft->fixed[draft->n] = false;
	draft->n++;
}

static void
write_text(struct draft *draft)
{
	char *to = draft->text;

	for (unsigned i = 0; i < draft->n_lines; i++) {
		for (unsigned k = 0; k < draft->len; k++) {
			const struct place_vote *vote = &draft->zone->at[i][k];
			char c = vote->n > 0 ? vote->choices[0].text : '<';

			*to++ = c;
			if (!vote->sure)
				add_doubt(draft, i, k, c, false);
		}
		*to++ = '\n';
	}
}

/* Puts alternative j in place of what stands at doubt i, which becomes an
 * alternative as probable as it is; again: undoes it. */
static void
swap(struct draft *draft, size_t i, unsigned j)
{
	struct mrz_doubt *doubt = &draft->at[i];
	char *at = char_at(draft, doubt);
	char c = *at;

	*at = doubt->text[j];
	doubt->text[j] = c;
}

static void
settle(struct draft *draft, size_t i, unsigned j)
{
	swap(draft, i, j);
	draft->at[i].cost[j] = 0;
	draft->fixed[i] = true;
}

/* One or two characters exchanged: alternative i of doubt a, j of b. */
struct change {
	size_t a, b;
	unsigned i, j;
	int32_t cost;
};

/* The cheapest character that makes all check digits right by itself. */
static bool
repair_one(struct draft *draft, size_t n)
{
	struct change best = { .cost = MAX_REPAIR };

	for (size_t a = 0; a < n; a++) {
		for (unsigned i = 0; i < draft->at[a].n; i++) {
			if (draft->at[a].cost[i] >= best.cost)
				continue;
			swap(draft, a, i);
			if (status_of(draft, &draft->doc) == MRZ_ACCEPTED)
				best = (struct change){ .a = a,
					.i = i,
					.cost = draft->at[a].cost[i] };
			swap(draft, a, i);
		}
	}
	if (best.cost == MAX_REPAIR)
		return false;
	settle(draft, best.a, best.i);
	return true;
}

/* Tries alternative i of doubt a, which stands there, with every alternative
 * of doubt b. */
static void
try_pair(struct draft *draft, struct change change, struct change *best)
{
	const struct mrz_doubt *b = &draft->at[change.b];
	int32_t cost = change.cost;

	for (change.j = 0; change.j < b->n; change.j++) {
		change.cost = cost + b->cost[change.j];
		if (change.cost >= best->cost)
			continue;
		swap(draft, change.b, change.j);
		if (status_of(draft, &draft->doc) == MRZ_ACCEPTED)
			*best = change;
		swap(draft, change.b, change.j);
	}
}

static bool
repair_two(struct draft *draft, size_t n)
{
	struct change best = { .cost = MAX_REPAIR }, change = { 0 };

	for (change.a = 0; change.a < n; change.a++) {
		for (change.i = 0; change.i < draft->at[change.a].n;
		     change.i++) {
			change.cost = draft->at[change.a].cost[change.i];
			swap(draft, change.a, change.i);
			for (change.b = change.a + 1; change.b < n; change.b++)
				try_pair(draft, change, &best);
			swap(draft, change.a, change.i);
		}
	}
	if (best.cost == MAX_REPAIR)
		return false;
	settle(draft, best.a, best.i);
	settle(draft, best.b, best.j);
	return true;
}

/* The alternative of a doubt that is c; n of the doubt when none is. */
static unsigned
alternative(const struct mrz_doubt *doubt, char c)
{
	unsigned j = 0;

	while (j < doubt->n && doubt->text[j] != c)
		j++;
	return j;
}

/* Puts 'to' at every doubt where 'from' stands, and says how many there were;
 * the same with both exchanged undoes it, as only the places in chosen are
 * touched then. */
static size_t
exchange(struct draft *draft, char from, char to, bool *chosen, bool choose)
{
	size_t n = 0;

	for (size_t i = 0; i < draft->n; i++) {
		unsigned j = alternative(&draft->at[i], to);

		if (choose)
			chosen[i] = *char_at(draft, &draft->at[i]) == from &&
				    j < draft->at[i].n;
		if (chosen[i])
			swap(draft, i, j);
		n += chosen[i];
	}
	return n;
}

/*
 * A capture that shows one 0 like an O shows all of them so: one character is
 * exchanged for another at every doubt. With so many places it comes before
 * the exchange of one or two, of which some fit by chance.
 */
#define MANY_ALIKE 3

static bool
repair_alike(struct draft *draft)
{
	bool chosen[MRZ_MAX_DOUBTS];

	for (size_t i = 0; i < draft->n; i++) {
		for (unsigned j = 0; j < draft->at[i].n; j++) {
			char from = *char_at(draft, &draft->at[i]);
			char to = draft->at[i].text[j];

			size_t n = exchange(draft, from, to, chosen, true);

			if (n < MANY_ALIKE ||
			    status_of(draft, &draft->doc) != MRZ_ACCEPTED) {
				(void)exchange(draft, to, from, chosen, false);
				continue;
			}
			for (size_t k = 0; k < draft->n; k++)
				draft->fixed[k] |= chosen[k];
			return true;
		}
	}
	return false;
}

/*
 * Check digits fail: the simplest change that makes all of them right, if
 * there is one. What was changed stays a doubt, so that it is not accepted.
 */
static void
repair(struct draft *draft)
{
	size_t n = draft->n < MAX_TRIED ? draft->n : MAX_TRIED;

	if (!repair_alike(draft) && !repair_one(draft, n))
		(void)repair_two(draft, n);
}

/* Would every other character at this place fail a check digit? */
static bool
refuted(struct draft *draft, size_t i, struct mrz_doc *doc)
{
	for (unsigned j = 0; j < draft->at[i].n; j++) {
		enum mrz_status status;

		swap(draft, i, j);
		status = status_of(draft, doc);
		swap(draft, i, j);
		if (status == MRZ_ACCEPTED)
			return false;
	}
	return true;
}

/* Alternatives pick[k] - 1 in place of doubts at[k], 0: as read; again: undoes
 * it. */
static void
swap_all(struct draft *draft, const size_t at[MAX_REFUTED],
    const unsigned pick[MAX_REFUTED], size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (pick[k] > 0)
			swap(draft, at[k], pick[k] - 1);
}

/* Would any others at several of these places fail a check digit, too? Two
 * letters alike that are exchanged at two places can leave all sums as they
 * are. */
static bool
refuted_together(struct draft *draft, const size_t at[MAX_REFUTED], size_t n,
    struct mrz_doc *doc)
{
	unsigned pick[MAX_REFUTED] = { 0 };

	for (;;) {
		enum mrz_status status;
		size_t k = 0;

		while (k < n && ++pick[k] > draft->at[at[k]].n)
			pick[k++] = 0;
		if (k == n)
			return true;
		swap_all(draft, at, pick, n);
		status = status_of(draft, doc);
		swap_all(draft, at, pick, n);
		if (status == MRZ_ACCEPTED)
			return false;
	}
}

/* Takes away the doubts that check digits answer, if they are few. */
static void
drop_refuted(struct draft *draft, struct mrz_doc *doc)
{
	size_t gone[MAX_REFUTED], n_gone = 0, kept = 0, next = 0;

	for (size_t i = 0; i < draft->n; i++) {
		if (draft->fixed[i] || !refuted(draft, i, doc))
			continue;
		if (n_gone == MAX_REFUTED)
			return;
		gone[n_gone++] = i;
	}
	if (!refuted_together(draft, gone, n_gone, doc))
		return;
	for (size_t i = 0; i < draft->n; i++) {
		if (next < n_gone && gone[next] == i)
			next++;
		else
			draft->at[kept++] = draft->at[i];
	}
	draft->n = kept;
}

static bool
has_doubt(const struct draft *draft, const struct mrz_place *place)
{
	for (size_t i = 0; i < draft->n; i++)
		if (draft->at[i].line == place->line &&
		    draft->at[i].column >= place->column &&
		    draft->at[i].column < place->column + place->length)
			return true;
	return false;
}

static void
doubt_place(struct draft *draft, const struct mrz_place *place)
{
	for (unsigned k = 0; k < place->length; k++) {
		unsigned line = place->line - 1, column = place->column - 1 + k;
		struct mrz_place one = { place->line, place->column + k, 1 };

		if (!has_doubt(draft, &one))
			add_doubt(draft, line, column,
			    draft->text[line * (draft->len + 1) + column],
			    true);
	}
}

/* A code of a state that no list has, or one that has been withdrawn, was
 * probably misread: a picture proves less than a list. */
static bool
is_odd_code(const struct mrz_check *check)
{
	return check->verdict == MRZ_FAILED ||
	       check->verdict == MRZ_UNDETERMINED ||
	       (check->verdict == MRZ_PASSED && check->reason != MRZ_R_NONE);
}

static void
doubt_codes(struct draft *draft, const struct mrz_doc *doc)
{
	static const enum mrz_check_id codes[] = { MRZ_C_ISSUING_STATE,
		MRZ_C_NATIONALITY };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct mrz_check *check = mrz_doc_check(doc, codes[i]);

		if (check == NULL || !is_odd_code(check) ||
		    check->place.length == 0 || has_doubt(draft, &check->place))
			continue;
		doubt_place(draft, &check->place);
	}
}

/* The field under a check digit. */
static const struct {
	enum mrz_check_id check;
	enum mrz_field_id field;
} digits[] = {
	{ MRZ_C_NUMBER, MRZ_F_DOCUMENT_NUMBER },
	{ MRZ_C_BIRTH, MRZ_F_DATE_OF_BIRTH },
	{ MRZ_C_EXPIRY, MRZ_F_DATE_OF_EXPIRY },
	{ MRZ_C_OPTIONAL, MRZ_F_OPTIONAL_DATA },
	{ MRZ_C_BIRTH_DATE, MRZ_F_DATE_OF_BIRTH },
	{ MRZ_C_EXPIRY_DATE, MRZ_F_DATE_OF_EXPIRY },
};

/* A check digit that fails says that one of its characters was misread,
 * however sure the readings were. */
static void
doubt_failed(struct draft *draft, const struct mrz_doc *doc)
{
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		const struct mrz_check *check = mrz_doc_check(doc,
		    digits[i].check);

		if (check == NULL || check->verdict != MRZ_FAILED)
			continue;
		doubt_place(draft, &doc->fields[digits[i].field].place);
		doubt_place(draft, &check->place);
	}
}

void
mrz_doubts_settle(const struct zone_vote *zone, int32_t today,
    struct mrz_reading *out)
{
	struct draft draft = { .zone = zone, .today = today };

	draft.n_lines = mrz_format_lines(zone->format);
	draft.len = mrz_format_line_len(zone->format);
	write_text(&draft);
	if (status_of(&draft, &draft.doc) != MRZ_ACCEPTED) {
		doubt_failed(&draft, &draft.doc);
		repair(&draft);
	}
	if (status_of(&draft, &out->doc) == MRZ_ACCEPTED)
		drop_refuted(&draft, &draft.doc);
	doubt_codes(&draft, &out->doc);
	out->n_doubts = draft.n;
	memset(out->doubts, 0, sizeof(out->doubts));
	memcpy(out->doubts, draft.at, draft.n * sizeof(draft.at[0]));
	mrz_doubt(&out->doc, out->doubts, out->n_doubts);
	mrz_ocr_wipe(&draft, sizeof(draft));
}
