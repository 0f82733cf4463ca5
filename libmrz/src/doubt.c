/*
 * Whether a choice among the doubts would make a rejected zone verify. Each
 * field has its own rules; only the composite digit ties them together, and
 * it needs their weighted sums modulo ten alone. So for each field the set of
 * sums that it can contribute is found, and the sets are added up: exact, and
 * without going through the combinations.
 */
#include "charset.h"
#include "check_digit.h"
#include "choices.h"
#include "mem.h"

/* A set of sums modulo ten, a bit each. */
typedef uint16_t sum_set;

/* By: anything but fillers so far; the sum under the field's own digit. Holds
 * the sums that go with it under the composite digit. */
struct sums {
	sum_set at[2][N_SUMS];
};

struct search {
	const struct layout *layout;
	struct choices choices;
	uint8_t weights[MRZ_MAX_LINES][MRZ_MAX_LINE_LEN]; /* composite */
};

static void
find_weights(struct search *s)
{
	size_t n = 0;

	memset(s->weights, 0, sizeof(s->weights));
	for (size_t i = 0; i < MAX_RUNS; i++) {
		struct span span = s->layout->digits[DIGIT_COMPOSITE].runs[i];

		for (size_t j = 0; j < span.length; j++)
			s->weights[span.line][span.column + j] = (uint8_t)
			    mrz_digit_weight(n++);
	}
}

/* Every sum of the set, and by more. */
static sum_set
shift(sum_set set, unsigned by)
{
	unsigned wide = (unsigned)set << by % N_SUMS;

	return (sum_set)((wide | wide >> N_SUMS) & ((1u << N_SUMS) - 1));
}

/* Every sum of one and one of the other. */
static sum_set
both(sum_set a, sum_set b)
{
	sum_set out = 0;

	for (unsigned i = 0; i < N_SUMS; i++)
		if (b >> i & 1)
			out |= shift(a, i);
	return out;
}

static struct span
cell_of(struct span span, size_t i)
{
	span.column = (uint8_t)(span.column + i);
	return span;
}

/* A choice of a cell, as it counts under the composite digit. */
static unsigned
counts(const struct search *s, struct span cell, char c)
{
	return (unsigned)mrz_char_value(c) * s->weights[cell.line][cell.column];
}

/* The sums with one cell more; own is its weight under the field's digit. */
static void
step(const struct search *s, struct sums *sums, struct span at, unsigned own,
    bool may_fill)
{
	const struct cell *cell = mrz_choices_at(&s->choices, at);
	struct sums from = *sums;

	memset(sums, 0, sizeof(*sums));
	for (size_t c = 0; c < cell->n; c++) {
		char text = cell->text[c];
		unsigned value = (unsigned)mrz_char_value(text);

		if (text == FILLER && !may_fill)
			continue;
		for (unsigned i = 0; i < 2 * N_SUMS; i++) {
			unsigned used = i / N_SUMS, sum = i % N_SUMS;
			sum_set set = from.at[used][sum];

			used = used || text != FILLER;
			sum = (sum + value * own) % N_SUMS;
			sums->at[used][sum] |= shift(set, counts(s, at, text));
		}
	}
}

static void
begin(struct sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	sums->at[0][0] = 1;
}

/* The sums with the digit at that place, for texts that it verifies. */
static sum_set
end(const struct search *s, const struct sums *sums, bool used, struct span at)
{
	const struct cell *cell = mrz_choices_at(&s->choices, at);
	sum_set out = 0;

	for (unsigned d = 0; d < N_SUMS; d++) {
		char c = (char)('0' + d);

		if (mrz_cell_cost(cell, c) >= 0)
			out |= shift(sums->at[used][d], counts(s, at, c));
	}
	return out;
}

/* The set, with cells in which anything of the alphabet may stand. */
static sum_set
with_any(const struct search *s, sum_set set, struct span span, size_t from)
{
	for (size_t i = from; i < span.length; i++) {
		struct span at = cell_of(span, i);
		const struct cell *cell = mrz_choices_at(&s->choices, at);
		sum_set next = 0;

		for (size_t c = 0; c < cell->n; c++)
			next |= shift(set, counts(s, at, cell->text[c]));
		set = next;
	}
	return set;
}

/* Numbers that go on in the optional data; see best_keys.c. */
static sum_set
long_number(const struct search *s, const struct sums *nine, bool filler_counts)
{
	struct span span = s->layout->fields[MRZ_F_OPTIONAL_DATA];
	struct span digit = s->layout->digits[DIGIT_NUMBER].at;
	size_t first = NUMBER_LEN + (filler_counts ? 1 : 0);
	struct sums sums = *nine;
	sum_set out = 0;

	if (mrz_cell_cost(mrz_choices_at(&s->choices, digit), FILLER) < 0)
		return 0;
	for (size_t i = 0; i + 1u < span.length; i++) {
		struct span at = cell_of(span, i), next = cell_of(span, i + 1);

		if (i > 0 && mrz_cell_cost(mrz_choices_at(&s->choices, next),
				 FILLER) >= 0)
			out |= with_any(s, end(s, &sums, true, at), span,
			    i + 2);
		step(s, &sums, at, mrz_digit_weight(first + i), false);
	}
	return out;
}

static sum_set
number(const struct search *s)
{
	struct span span = s->layout->fields[MRZ_F_DOCUMENT_NUMBER];
	struct span optional = s->layout->fields[MRZ_F_OPTIONAL_DATA];
	struct sums sums, full;
	sum_set out;

	begin(&sums);
	for (size_t i = 0; i < NUMBER_LEN; i++) {
		full = sums;
		step(s, &sums, cell_of(span, i), mrz_digit_weight(i), true);
	}
	out = end(s, &sums, true, s->layout->digits[DIGIT_NUMBER].at);
	if (!s->layout->long_number)
		return out;
	out = with_any(s, out, optional, 0);
	step(s, &full, cell_of(span, NUMBER_LEN - 1),
	    mrz_digit_weight(NUMBER_LEN - 1), false);
	return out | long_number(s, &full, false) | long_number(s, &full, true);
}

static sum_set
date(const struct search *s, enum mrz_field_id id, enum digit which)
{
	enum mrz_date_kind kind = which == DIGIT_BIRTH ? MRZ_DATE_BIRTH
						       : MRZ_DATE_EXPIRY;
	struct span span = s->layout->fields[id];
	struct span digit = s->layout->digits[which].at;
	struct walk walk = { mrz_choices_at(&s->choices, span), DATE_LEN, { 0 },
		false };
	char text[MAX_WALK];
	sum_set out = 0;
	int32_t cost;

	while (mrz_walk(&walk, text, &cost)) {
		char c = mrz_check_digit(text, DATE_LEN);
		struct mrz_date parsed;
		enum mrz_reason reason;
		unsigned sum;

		if (mrz_cell_cost(mrz_choices_at(&s->choices, digit), c) < 0 ||
		    !mrz_date_parse(text, kind, MRZ_NO_DAY, &parsed, &reason))
			continue;
		sum = counts(s, digit, c);
		for (size_t i = 0; i < DATE_LEN; i++)
			sum += counts(s, cell_of(span, i), text[i]);
		out |= shift(1, sum);
	}
	return out;
}

/* Optional data that no long number can reach into. */
static sum_set
optional(const struct search *s)
{
	struct span span = s->layout->fields[MRZ_F_OPTIONAL_DATA];
	struct span digit = s->layout->digits[DIGIT_OPTIONAL].at;
	const struct cell *cell = mrz_choices_at(&s->choices, digit);
	struct sums sums;
	sum_set out;

	if (digit.length == 0)
		return with_any(s, 1, span, 0);
	begin(&sums);
	for (size_t i = 0; i < span.length; i++)
		step(s, &sums, cell_of(span, i), mrz_digit_weight(i), true);
	out = end(s, &sums, true, digit) | end(s, &sums, false, digit);
	/* Empty optional data may go without a digit (Doc 9303-4). */
	if (mrz_cell_cost(cell, FILLER) >= 0)
		out |= sums.at[false][0];
	return out;
}

/* Letters and fillers, not fillers alone: too long to walk through. */
static bool
name_fits(const struct search *s)
{
	struct span span = s->layout->fields[MRZ_F_SURNAME];
	const struct cell *cell = mrz_choices_at(&s->choices, span);
	bool any_letter = false;

	for (size_t i = 0; i < span.length; i++, cell++) {
		bool legal = mrz_cell_cost(cell, FILLER) >= 0;

		for (size_t c = 0; c < cell->n; c++) {
			bool letter = mrz_is_letter(cell->text[c]);

			legal = legal || letter;
			any_letter = any_letter || letter;
		}
		if (!legal)
			return false;
	}
	return any_letter;
}

/* A field under no digit: whether a choice has its pattern. */
static bool
fits(const struct search *s, enum mrz_field_id id)
{
	struct span span = s->layout->fields[id];
	struct walk walk = { mrz_choices_at(&s->choices, span), span.length,
		{ 0 }, false };
	char text[MAX_WALK];
	size_t offset;
	int32_t cost;

	while (mrz_walk(&walk, text, &cost))
		if (mrz_pattern_check(mrz_field_pattern(id), text, span.length,
			&offset) == MRZ_R_NONE)
			return true;
	return false;
}

static bool
may_verify(const struct search *s)
{
	static const enum mrz_field_id unproven[] = { MRZ_F_DOCUMENT_CODE,
		MRZ_F_ISSUING_STATE, MRZ_F_NATIONALITY, MRZ_F_SEX };
	struct span composite = s->layout->digits[DIGIT_COMPOSITE].at;
	const struct cell *cell = mrz_choices_at(&s->choices, composite);
	sum_set set;

	for (size_t i = 0; i < sizeof(unproven) / sizeof(unproven[0]); i++)
		if (!fits(s, unproven[i]))
			return false;
	if (!name_fits(s))
		return false;
	set = both(number(s), date(s, MRZ_F_DATE_OF_BIRTH, DIGIT_BIRTH));
	set = both(set, date(s, MRZ_F_DATE_OF_EXPIRY, DIGIT_EXPIRY));
	if (!s->layout->long_number)
		set = both(set, optional(s));
	set = with_any(s, set, s->layout->fields[MRZ_F_OPTIONAL_DATA_2], 0);
	if (composite.length == 0)
		return set != 0;
	for (unsigned d = 0; d < N_SUMS; d++)
		if ((set >> d & 1) && mrz_cell_cost(cell, (char)('0' + d)) >= 0)
			return true;
	return false;
}

/* The first doubt in reading order that lies within the lines. */
static struct mrz_place
first_place(const struct mrz_doc *doc, const struct mrz_doubt *doubts, size_t n)
{
	struct mrz_place first = { 0, 0, 0 };

	for (size_t i = 0; i < n; i++) {
		uint32_t line = doubts[i].line, column = doubts[i].column;

		if (line < 1 || line > doc->n_lines || line > MRZ_MAX_LINES ||
		    column < 1 || column > doc->line_len[line - 1] ||
		    (first.line != 0 && line > first.line) ||
		    (line == first.line && column >= first.column))
			continue;
		first = (struct mrz_place){ line, column, 1 };
	}
	return first;
}

static struct mrz_check *
row_of(struct mrz_doc *doc)
{
	for (size_t i = 0; i < doc->n_checks && i < MRZ_MAX_CHECKS; i++)
		if (doc->checks[i].id == MRZ_C_READING)
			return &doc->checks[i];
	if (doc->n_checks >= MRZ_MAX_CHECKS)
		return NULL;
	return &doc->checks[doc->n_checks++];
}

void
mrz_doubt(struct mrz_doc *doc, const struct mrz_doubt *doubts, size_t n)
{
	struct mrz_check *row = row_of(doc);
	struct search search;

	if (n > MRZ_MAX_DOUBTS)
		n = MRZ_MAX_DOUBTS;
	if (row != NULL) {
		memset(row, 0, sizeof(*row));
		row->id = MRZ_C_READING;
		row->verdict = n == 0 ? MRZ_PASSED : MRZ_UNDETERMINED;
		row->reason = n == 0 ? MRZ_R_NONE : MRZ_R_DOUBTFUL;
		row->place = first_place(doc, doubts, n);
	}
	search.layout = mrz_layout_find(doc->format);
	if (n == 0 || search.layout == NULL)
		return;
	if (doc->status != MRZ_REJECTED) {
		doc->status = MRZ_UNCERTAIN;
		return;
	}
	/* Only layouts of Doc 9303 are read off pictures. */
	if (search.layout->head.texts[0] != NULL)
		return;
	mrz_choices(search.layout, doc, doubts, n, &search.choices);
	find_weights(&search);
	if (may_verify(&search))
		doc->status = MRZ_UNCERTAIN;
}
