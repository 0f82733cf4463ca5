/*
 * The most probable keys of a chip, exactly. Nine and more doubtful
 * characters of a number could make millions of texts; but whether a text
 * verifies depends on its weighted sum modulo ten alone. So the cells are
 * gone through from left to right, and for each sum (and whether anything but
 * fillers stood there yet) only the cheapest texts are kept: no text that is
 * dropped could end up before those that are kept.
 */
#include "charset.h"
#include "check_digit.h"
#include "choices.h"
#include "mem.h"

struct value {
	int32_t cost;
	uint8_t len;
	char text[MRZ_NUMBER_CAP]; /* len of them */
	char digit;
};

/* The cheapest first. */
struct best {
	size_t n;
	struct value at[MRZ_MAX_KEYS];
};

/* By: anything but fillers so far; sum modulo ten. */
struct front {
	struct best at[2][N_SUMS];
};

static void
keep(struct best *best, const struct value *value)
{
	size_t i;

	if (best->n == MRZ_MAX_KEYS &&
	    best->at[MRZ_MAX_KEYS - 1].cost <= value->cost)
		return;
	if (best->n < MRZ_MAX_KEYS)
		best->n++;
	for (i = best->n - 1; i > 0 && best->at[i - 1].cost > value->cost; i--)
		best->at[i] = best->at[i - 1];
	best->at[i] = *value;
}

/* One text with one digit can verify by both rules for long numbers. */
static void
keep_number(struct best *best, const struct value *value)
{
	for (size_t i = 0; i < best->n; i++)
		if (best->at[i].digit == value->digit &&
		    best->at[i].len == value->len &&
		    memcmp(best->at[i].text, value->text, value->len) == 0)
			return;
	keep(best, value);
}

static void
begin(struct front *front)
{
	memset(front, 0, sizeof(*front));
	front->at[0][0].n = 1;
}

/* The texts of *front, each followed by each choice of the cell. */
static void
step(struct front *front, const struct cell *cell, unsigned w, bool may_fill)
{
	struct front from = *front;

	memset(front, 0, sizeof(*front));
	for (size_t c = 0; c < cell->n; c++) {
		bool fills = cell->text[c] == FILLER;
		unsigned value = (unsigned)mrz_char_value(cell->text[c]);

		if (fills && !may_fill)
			continue;
		for (unsigned i = 0; i < 2 * N_SUMS; i++) {
			unsigned used = i / N_SUMS, sum = i % N_SUMS;
			const struct best *best = &from.at[used][sum];

			sum = (sum + value * w) % N_SUMS;
			for (size_t k = 0; k < best->n; k++) {
				struct value next = best->at[k];

				next.text[next.len++] = cell->text[c];
				next.cost += cell->cost[c];
				keep(&front->at[used || !fills][sum], &next);
			}
		}
	}
}

/* The texts whose digit the cell can be; cost is what else was chosen. */
static void
end(const struct front *front, const struct cell *digit, int32_t cost,
    struct best *out)
{
	for (unsigned sum = 0; sum < N_SUMS; sum++) {
		const struct best *best = &front->at[1][sum];
		char c = (char)('0' + sum);
		int32_t digit_cost = mrz_cell_cost(digit, c);

		if (digit_cost < 0)
			continue;
		for (size_t k = 0; k < best->n; k++) {
			struct value value = best->at[k];

			value.digit = c;
			value.cost += digit_cost + cost;
			keep_number(out, &value);
		}
	}
}

/*
 * A filler in the place of the digit, and in the optional data the rest, its
 * digit, a filler (parts 5 and 6, note j). Some issuers count the first of
 * these fillers, which moves the weights by one.
 */
static void
long_numbers(const struct layout *layout, const struct choices *choices,
    const struct front *nine, bool filler_counts, struct best *out)
{
	struct span span = layout->fields[MRZ_F_OPTIONAL_DATA];
	const struct cell *rest = mrz_choices_at(choices, span);
	int32_t cost = mrz_cell_cost(mrz_choices_at(choices,
					 layout->digits[DIGIT_NUMBER].at),
	    FILLER);
	size_t shift = NUMBER_LEN + (filler_counts ? 1 : 0);
	struct front front = *nine;

	for (size_t i = 0; cost >= 0 && i + 1u < span.length; i++) {
		int32_t filler = mrz_cell_cost(&rest[i + 1], FILLER);

		if (i > 0 && filler >= 0)
			end(&front, &rest[i], cost + filler, out);
		step(&front, &rest[i], mrz_digit_weight(shift + i), false);
	}
}

/* Whether a number of this layout may have fillers. */
static bool
may_fill(const struct layout *layout)
{
	static const char number[] = "12345678<";
	size_t offset;

	return mrz_layout_check(layout, MRZ_F_DOCUMENT_NUMBER, number,
		   &offset) == MRZ_R_NONE;
}

static void
numbers(const struct layout *layout, const struct choices *choices,
    struct best *out)
{
	const struct cell *cells = mrz_choices_at(choices,
	    layout->fields[MRZ_F_DOCUMENT_NUMBER]);
	bool fill = may_fill(layout);
	struct front front, full;

	out->n = 0;
	begin(&front);
	for (size_t i = 0; i < NUMBER_LEN; i++) {
		full = front;
		step(&front, &cells[i], mrz_digit_weight(i), fill);
	}
	end(&front, mrz_choices_at(choices, layout->digits[DIGIT_NUMBER].at), 0,
	    out);
	if (layout->long_number) {
		/* Such a number fills its field to the last place. */
		step(&full, &cells[NUMBER_LEN - 1],
		    mrz_digit_weight(NUMBER_LEN - 1), false);
		long_numbers(layout, choices, &full, false, out);
		long_numbers(layout, choices, &full, true, out);
	}
	for (size_t i = 0; i < out->n; i++) {
		struct value *value = &out->at[i];

		while (value->text[value->len - 1] == FILLER)
			value->len--;
	}
}

static void
dates(const struct layout *layout, const struct choices *choices,
    enum mrz_field_id id, enum digit which, struct best *out)
{
	enum mrz_date_kind kind = which == DIGIT_BIRTH ? MRZ_DATE_BIRTH
						       : MRZ_DATE_EXPIRY;
	const struct cell *digit = mrz_choices_at(choices,
	    layout->digits[which].at);
	struct walk walk = { mrz_choices_at(choices, layout->fields[id]),
		DATE_LEN, { 0 }, false };
	struct value value = { 0 };

	out->n = 0;
	while (mrz_walk(&walk, value.text, &value.cost)) {
		struct mrz_date date;
		enum mrz_reason reason;
		int32_t cost;

		value.digit = mrz_check_digit(value.text, DATE_LEN);
		cost = mrz_cell_cost(digit, value.digit);
		if (cost < 0 || !mrz_date_parse(value.text, kind, MRZ_NO_DAY,
				    &date, &reason))
			continue;
		value.cost += cost;
		keep(out, &value);
	}
}

/* Texts of length len and their NULs. */
static void
put_key(const struct value *number, const struct value *birth,
    const struct value *expiry, struct mrz_key *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->number, number->text, number->len);
	memcpy(out->birth, birth->text, DATE_LEN);
	memcpy(out->expiry, expiry->text, DATE_LEN);
	out->number_digit = number->digit;
	out->cost = number->cost + birth->cost + expiry->cost;
}

static void
keep_key(struct mrz_key out[MRZ_MAX_KEYS], size_t *n, const struct mrz_key *key)
{
	size_t i;

	if (*n == MRZ_MAX_KEYS && out[MRZ_MAX_KEYS - 1].cost <= key->cost)
		return;
	if (*n < MRZ_MAX_KEYS)
		++*n;
	for (i = *n - 1; i > 0 && out[i - 1].cost > key->cost; i--)
		out[i] = out[i - 1];
	out[i] = *key;
}

/* A chip's key needs three fields, and a digit that proves each. */
static bool
has_keys(const struct layout *layout)
{
	return layout->digits[DIGIT_NUMBER].at.length > 0 &&
	       layout->digits[DIGIT_BIRTH].at.length > 0 &&
	       layout->digits[DIGIT_EXPIRY].at.length > 0;
}

size_t
mrz_keys(const struct mrz_doc *doc, const struct mrz_doubt *doubts, size_t n,
    struct mrz_key out[MRZ_MAX_KEYS])
{
	const struct layout *layout = mrz_layout_find(doc->format);
	struct best number, birth, expiry;
	struct choices choices;
	struct mrz_key key;
	size_t n_keys = 0;

	if (layout == NULL || !has_keys(layout))
		return 0;
	mrz_choices(layout, doc, doubts, n, &choices);
	numbers(layout, &choices, &number);
	dates(layout, &choices, MRZ_F_DATE_OF_BIRTH, DIGIT_BIRTH, &birth);
	dates(layout, &choices, MRZ_F_DATE_OF_EXPIRY, DIGIT_EXPIRY, &expiry);
	for (size_t i = 0; i < number.n; i++)
		for (size_t j = 0; j < birth.n; j++)
			for (size_t k = 0; k < expiry.n; k++) {
				put_key(&number.at[i], &birth.at[j],
				    &expiry.at[k], &key);
				keep_key(out, &n_keys, &key);
			}
	return n_keys;
}
